// Packing and matrix multiply. Included by avx2.c and neon.c.

/// How many rows of `a` go through all panels before the next rows do: at most this many floats of `a` stay in the
/// second level of cache meanwhile, but never fewer rows than make the reading of a panel worth while.
enum { BLOCK_FLOATS = 48 * 1024, BLOCK_LEAST_ROWS = 96 };

static void pack(const float *w, size_t ldw, size_t n, size_t k, float *packed, size_t panel0, size_t panel1) {
    for (size_t panel = panel0; panel < panel1; panel++) {
        float *to = packed + panel * k * CK_PANEL;
        for (size_t first = panel * CK_PANEL; first < (panel + 1) * CK_PANEL; first += VEC, to += VEC) {
            size_t i = 0;
            if (first + VEC <= n) {
                for (; i + VEC <= k; i += VEC) {
                    vec_transpose(w + first * ldw + i, ldw, to + i * CK_PANEL, CK_PANEL);
                }
            }
            for (; i < k; i++) {
                for (size_t j = 0; j < VEC; j++) {
                    to[i * CK_PANEL + j] = first + j < n ? w[(first + j) * ldw + i] : 0;
                }
            }
        }
    }
}

INLINE void matmul_rows(
    int rows, int halves, const ck_matmul *job, const float *panel, size_t row, const destination *to,
    const char *ahead, size_t stride) {
    vec sums[HALF_TILE_ROWS][2];
    const float *a[HALF_TILE_ROWS];
    UNROLL for (int r = 0; r < rows; r++) { a[r] = job->a + (row + (size_t)r) * job->lda; }
    clear(rows, sums);
    accumulate(rows, halves, sums, a, panel, job->k, ahead, stride);
    store(rows, halves, sums, to, row);
}

static void matmul_tile(
    const ck_matmul *job, const float *panel, size_t row, size_t rows, const destination *to, const char *ahead,
    size_t stride) {
    if (is_half(to)) {
#define BODY(count) matmul_rows(count, 1, job, panel, row, to, ahead, stride)
        WITH_CONSTANT_HALF_ROWS(rows, BODY)
#undef BODY
    } else {
#define BODY(count) matmul_rows(count, 2, job, panel, row, to, ahead, stride)
        WITH_CONSTANT_ROWS(rows, BODY)
#undef BODY
    }
}

static void matmul(const ck_matmul *job, size_t panel0, size_t panel1, size_t row0, size_t row1) {
    if (row0 >= row1) {
        return;
    }
    destination whole = destination_make(job->bias, job->residual, job->ldr, job->c, job->ldc, job->activation);
    size_t rows = row1 - row0;
    size_t block_rows = job->k > 0 ? BLOCK_FLOATS / job->k : rows;
    size_t blocks = part_count(rows, block_rows > BLOCK_LEAST_ROWS ? block_rows : BLOCK_LEAST_ROWS);
    size_t panel_bytes = job->k * CK_PANEL * sizeof(float);
    for (size_t block = 0; block < blocks; block++) {
        size_t start = row0 + part_start(rows, blocks, block);
        size_t block_size = row0 + part_start(rows, blocks, block + 1) - start;
        for (size_t panel = panel0; panel < panel1; panel++) {
            const float *weights = job->packed + panel * job->k * CK_PANEL;
            destination to = destination_at(&whole, panel, job->n);
            size_t tiles = part_count(block_size, is_half(&to) ? HALF_TILE_ROWS : TILE_ROWS);
            // The tiles of this panel fetch the next panel together; the last panel of all fetches itself.
            const char *ahead = (const char *)weights + (panel + 1 < panel1 ? panel_bytes : 0);
            size_t stride = part_count(CK_PANEL * sizeof(float), tiles);
            for (size_t tile = 0; tile < tiles; tile++) {
                size_t first = part_start(block_size, tiles, tile);
                size_t count = part_start(block_size, tiles, tile + 1) - first;
                matmul_tile(job, weights, start + first, count, &to, ahead + tile * stride * job->k, stride);
            }
        }
    }
}
