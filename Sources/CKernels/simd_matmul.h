// Packing and matrix multiply. Included by each instruction set's file.

/// How many rows of `a` go through all panels before the next rows do: at most this much of `a` stays in the second
/// level of cache meanwhile, but never fewer rows than make the reading of a panel worth while.
enum { BLOCK_BYTES = 192 * 1024, BLOCK_LEAST_ROWS = 96 };

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

/// A tile of a product, and what is read ahead while it is computed.
typedef struct tile {
    size_t panel0, panel1;  // of the weights
    size_t row0, rows;
    bool first;             // whether no other tile of these panels has been computed since the last panels
    destination to;
    const char *ahead;
    size_t stride;
} tile;

/// Computes one tile of the job that `context` is.
typedef void (*tile_body)(const void *context, const tile *at);

/// A product whose tiles are to be computed: panels [panel0, panel1) and rows [row0, row1).
typedef struct product {
    size_t panel0, panel1, row0, row1;
    size_t n;
    size_t row_bytes;    // of `a`
    const char *packed;
    size_t panel_bytes;  // of the packed weights
    size_t step_bytes;   // of a panel that the tile reads in one step
    destination whole;
} product;

/// Blocks of rows go through all panels, so that the rows stay in the second level of cache and a panel in the first.
INLINE void for_each_tile(const product *p, tile_body body, const void *context) {
    size_t rows = p->row1 > p->row0 ? p->row1 - p->row0 : 0, panels = p->panel1 > p->panel0 ? p->panel1 - p->panel0 : 0;
    size_t block_rows = p->row_bytes > 0 ? BLOCK_BYTES / p->row_bytes : rows;
    size_t blocks = part_count(rows, block_rows > BLOCK_LEAST_ROWS ? block_rows : BLOCK_LEAST_ROWS);
    size_t groups = part_count(panels, TILE_PANELS);
    for (size_t block = 0; block < blocks; block++) {
        size_t start = p->row0 + part_start(rows, blocks, block);
        size_t block_size = p->row0 + part_start(rows, blocks, block + 1) - start;
        for (size_t group = 0; group < groups; group++) {
            tile at = {
                .panel0 = p->panel0 + part_start(panels, groups, group),
                .panel1 = p->panel0 + part_start(panels, groups, group + 1),
            };
            at.to = destination_at(&p->whole, at.panel0, at.panel1, p->n);
            size_t tiles = part_count(block_size, (size_t)TILE_ROW_LIMIT(vector_count(&at.to)));
            // The tiles of these panels fetch the next ones together; the last panels of all fetch themselves.
            const char *ahead = p->packed + (group + 1 < groups ? at.panel1 : at.panel0) * p->panel_bytes;
            at.stride = part_count(p->step_bytes, tiles);
            for (size_t i = 0; i < tiles; i++) {
                size_t first = part_start(block_size, tiles, i);
                at.row0 = start + first;
                at.rows = part_start(block_size, tiles, i + 1) - first;
                at.first = i == 0;
                at.ahead = ahead + part_start(TILE_PANELS * p->panel_bytes, tiles, i);
                body(context, &at);
            }
        }
    }
}

INLINE void matmul_rows(int rows, int vectors, const ck_matmul *job, const float *weights, const tile *at) {
    vec sums[NARROW_TILE_ROWS][TILE_VECTORS];
    const float *a[NARROW_TILE_ROWS];
    UNROLL for (int r = 0; r < rows; r++) { a[r] = job->a + (at->row0 + (size_t)r) * job->lda; }
    clear(rows, vectors, sums);
    size_t apart = vectors_apart(job->k * CK_PANEL);
    accumulate(rows, vectors, sums, a, weights, apart, job->k, at->ahead, at->stride);
    store(rows, vectors, sums, &at->to, at->row0);
}

/// Computes a tile from weights that begin at the tile's first panel.
static void matmul_tile(const ck_matmul *job, const float *weights, const tile *at) {
#define BODY(rows, vectors) matmul_rows(rows, vectors, job, weights, at)
    WITH_CONSTANT_TILE(at->rows, vector_count(&at->to), BODY)
#undef BODY
}

static product product_make(const ck_matmul *job, size_t panel0, size_t panel1, size_t row0, size_t row1) {
    return (product){
        .panel0 = panel0, .panel1 = panel1, .row0 = row0, .row1 = row1, .n = job->n,
        .row_bytes = job->k * sizeof(float), .packed = (const char *)job->packed,
        .panel_bytes = job->k * CK_PANEL * sizeof(float), .step_bytes = CK_PANEL * sizeof(float),
        .whole = destination_make(job->bias, job->residual, job->ldr, job->c, job->ldc, job->activation),
    };
}

static void matmul_tile_of_floats(const void *context, const tile *at) {
    const ck_matmul *job = context;
    matmul_tile(job, job->packed + at->panel0 * job->k * CK_PANEL, at);
}

static void matmul(const ck_matmul *job, size_t panel0, size_t panel1, size_t row0, size_t row1) {
    product whole = product_make(job, panel0, panel1, row0, row1);
    for_each_tile(&whole, matmul_tile_of_floats, job);
}
