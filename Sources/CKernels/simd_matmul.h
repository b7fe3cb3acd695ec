// Packing and matrix multiply. Included by each instruction set's file after simd_product.h.

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
            size_t columns = first >= n ? 0 : n - first < VEC ? n - first : VEC;
            for (; i < k; i++) {
                vec_store(to + i * CK_PANEL, vec_zero());
                for (size_t j = 0; j < columns; j++) {
                    to[i * CK_PANEL + j] = w[(first + j) * ldw + i];
                }
            }
        }
    }
}

INLINE void matmul_rows(
    int rows, int vectors, const ck_matmul *job, packed_weights weights, const tile_panels *at, size_t row, bool streams,
    const char *ahead) {
    vec sums[NARROW_TILE_ROWS][TILE_VECTORS];
    const float *a[NARROW_TILE_ROWS];
    UNROLL for (int r = 0; r < rows; r++) { a[r] = job->a + (row + (size_t)r) * job->lda + at->k0; }
    if (at->resumes) {
        resume(rows, vectors, sums, &at->to, row);
    } else {
        clear(rows, vectors, sums);
    }
    accumulate(rows, vectors, sums, a, weights, at->apart, at->k1 - at->k0, streams, &at->fetches, ahead);
    store(rows, vectors, sums, &at->to, row);
}

#define BODY(rows, vectors) matmul_rows(rows, vectors, job, weights, at, row, streams, ahead)
TILE_FUNCTION void float_tile(const void *context, const tile_panels *at, size_t row, size_t rows, const char *ahead) {
    const ck_matmul *job = context;
    const bool streams = false;
    packed_weights weights = floats(at->weights);
    WITH_CONSTANT_TILE(rows, at->vectors, BODY)
}

TILE_FUNCTION void half_tile(const void *context, const tile_panels *at, size_t row, size_t rows, const char *ahead) {
    if (at->widened) {
        float_tile(context, at, row, rows, ahead);
        return;
    }
    const ck_matmul *job = context;
    const bool streams = false;
    packed_weights weights = halves(at->weights);
    WITH_CONSTANT_TILE(rows, at->vectors, BODY)
}

/// A panel, or two where there are such tiles.
#define WITH_STREAMING_TILE(rows, vectors, body)                                          \
    if (STREAMING_PANELS > 1 && (vectors) > PANEL_VECTORS) {                              \
        WITH_CONSTANT_ROWS(rows, STREAMING_PANELS * PANEL_VECTORS, body)                  \
    } else {                                                                              \
        WITH_CONSTANT_ROWS(rows, PANEL_VECTORS, body)                                     \
    }
STREAMS_FUNCTION void float_streams(
    const void *context, const tile_panels *at, size_t row, size_t rows, const char *ahead) {
    const ck_matmul *job = context;
    const bool streams = true;
    packed_weights weights = floats(at->weights);
    WITH_STREAMING_TILE(rows, at->vectors, BODY)
}

STREAMS_FUNCTION void half_streams(
    const void *context, const tile_panels *at, size_t row, size_t rows, const char *ahead) {
    const ck_matmul *job = context;
    const bool streams = true;
    packed_weights weights = halves(at->weights);
    WITH_STREAMING_TILE(rows, at->vectors, BODY)
}
#undef WITH_STREAMING_TILE
#undef BODY

/// A function each, with its tiles inside where they are to be.
static void multiply_floats(const product *whole, const ck_matmul *job) {
    for_each_tile(whole, float_tile, float_streams, job);
}
static void multiply_halves(const product *whole, const ck_matmul *job) {
    for_each_tile(whole, half_tile, half_streams, job);
}

static void matmul(const ck_matmul *job, size_t panel0, size_t panel1, size_t row0, size_t row1) {
    bool halves = job->weights == CK_WEIGHTS_HALF;
    size_t step = CK_PANEL * (halves ? sizeof(uint16_t) : sizeof(float));
    product whole = {
        .panel0 = panel0, .panel1 = panel1, .row0 = row0, .row1 = row1, .n = job->n, .k = job->k,
        .sliced = job->c != job->residual, .row_bytes = job->k * sizeof(float), .packed = job->packed,
        .panel_bytes = job->k * step, .step_bytes = step, .next = job->next,
        .streaming_rows = halves ? STREAMING_NARROW_ROWS : STREAMING_FLOAT_ROWS,
        .paired_rows = halves ? PAIRED_HALF_ROWS : PAIRED_FLOAT_ROWS, .wide = halves ? job->wide : NULL,
        .whole = destination_make(job->bias, job->residual, job->ldr, job->c, job->ldc, job->activation),
        .partial = destination_make(NULL, NULL, 0, job->c, job->ldc, CK_ACTIVATION_NONE),
    };
    if (halves) {
        multiply_halves(&whole, job);
    } else {
        multiply_floats(&whole, job);
    }
}
