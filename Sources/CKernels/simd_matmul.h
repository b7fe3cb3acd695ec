// Packing and matrix multiply. Included by each instruction set's file.

/// How many rows of `a` go through all panels before the next rows do: at most this much of `a` stays in the second
/// level of cache meanwhile, but never fewer rows than make the reading of a panel worth while.
enum { BLOCK_BYTES = 192 * 1024, BLOCK_LEAST_ROWS = 96 };

/// So few rows are done with the weights sooner than memory brings the next ones. They go through one panel after the other, which
/// is a place less to read from.
enum { FEW_ROWS = 2 * NARROW_TILE_ROWS };

/// With so few rows it is worth while to fetch in streams. A cache line of halves or integers is more multiplications than one of
/// floats, so memory keeps up with more rows than these.
enum { STREAMING_FLOAT_ROWS = 12, STREAMING_ROWS = NARROW_TILE_ROWS / PANEL_VECTORS };

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

/// The panels of a product that a tile multiplies at once.
typedef struct tile_panels {
    const void *weights;
    bool widened;  // whether these are floats that were made of halves
    size_t vectors;
    destination to;
    fetching fetches;
} tile_panels;

/// Computes rows [row, row + rows) of these panels for the job that `context` is, fetching from `ahead` on. What changes from
/// tile to tile comes in registers: where k is small, a tile is a few hundred cycles.
typedef void (*tile_body)(const void *context, const tile_panels *at, size_t row, size_t rows, const char *ahead);

/// A product whose tiles are to be computed: panels [panel0, panel1) and rows [row0, row1).
typedef struct product {
    size_t panel0, panel1, row0, row1;
    size_t n;
    size_t row_bytes;    // of `a`
    const char *packed;  // the weights as they are read ahead
    size_t panel_bytes;  // of these
    size_t step_bytes;   // of a panel of these in one step of k
    size_t streaming_rows;  // the most that fetch in streams
    float *wide;         // memory for the panels of a tile as floats, where the weights are halves and there is some
    destination whole;
} product;

/// From so many tiles on, halves that all of them read are made floats once, which costs a reading and a writing more.
enum { WIDENING_TILES = 6 };
_Static_assert((int)TILE_PANELS <= (int)CK_TILE_PANELS, "there is memory for the panels of a tile");

/// Makes halves floats, whole panels of them.
static const float *widen(const uint16_t *halves, size_t count, float *floats) {
    for (size_t i = 0; i < count; i += VEC) {
        vec_store(floats + i, vec_load_half(halves + i));
    }
    return floats;
}

/// How many blocks `rows` of `row_bytes` go in.
INLINE size_t block_count(size_t rows, size_t row_bytes) {
    size_t most = row_bytes > 0 ? BLOCK_BYTES / row_bytes : rows;
    return part_count(rows, most > BLOCK_LEAST_ROWS ? most : BLOCK_LEAST_ROWS);
}

/// Blocks of rows go through all panels, so that the rows stay in the second level of cache and a panel in the first.
INLINE void for_each_tile(const product *p, tile_body body, tile_body streams_body, const void *context) {
    size_t rows = p->row1 > p->row0 ? p->row1 - p->row0 : 0, panels = p->panel1 > p->panel0 ? p->panel1 - p->panel0 : 0;
    size_t together = rows <= FEW_ROWS ? 1 : TILE_PANELS;
    size_t blocks = block_count(rows, p->row_bytes), groups = part_count(panels, together);
    for (size_t block = 0; block < blocks; block++) {
        size_t start = p->row0 + part_start(rows, blocks, block);
        size_t block_size = p->row0 + part_start(rows, blocks, block + 1) - start;
        for (size_t group = 0; group < groups; group++) {
            size_t panel0 = p->panel0 + part_start(panels, groups, group);
            size_t panel1 = p->panel0 + part_start(panels, groups, group + 1);
            tile_panels at = {
                .weights = p->packed + panel0 * p->panel_bytes, .to = destination_at(&p->whole, panel0, panel1, p->n),
            };
            at.vectors = vector_count(&at.to);
            size_t tiles = part_count(block_size, (size_t)TILE_ROW_LIMIT(at.vectors));
            if (p->wide && tiles >= WIDENING_TILES) {
                at.weights = widen(at.weights, (panel1 - panel0) * p->panel_bytes / sizeof(uint16_t), p->wide);
                at.widened = true;
            }
            // The tiles of these panels fetch the next ones together, also where those are another piece's, which this
            // thread mostly has next; the last panels of all fetch themselves.
            const char *ahead = p->packed + (panel1 * CK_PANEL < p->n ? panel1 : panel0) * p->panel_bytes;
            bool streams = rows <= p->streaming_rows && at.vectors == PANEL_VECTORS;
            at.fetches.further = part_count(streams ? CACHE_LINE : together * p->step_bytes, tiles);
            at.fetches.apart = p->panel_bytes / stream_count(p->step_bytes);
            size_t fetched = (streams ? at.fetches.apart : together * p->panel_bytes) / tiles, first = 0;
            for (size_t i = 0; i < tiles; i++, ahead += fetched) {
                size_t end = part_start(block_size, tiles, i + 1);
                if (streams) {
                    streams_body(context, &at, start + first, end - first, ahead);
                } else {
                    body(context, &at, start + first, end - first, ahead);
                }
                first = end;
            }
        }
    }
}

INLINE void matmul_rows(
    int rows, int vectors, const ck_matmul *job, packed_weights weights, const tile_panels *at, size_t row, bool streams,
    const char *ahead) {
    vec sums[NARROW_TILE_ROWS][TILE_VECTORS];
    const float *a[NARROW_TILE_ROWS];
    UNROLL for (int r = 0; r < rows; r++) { a[r] = job->a + (row + (size_t)r) * job->lda; }
    clear(rows, vectors, sums);
    accumulate(rows, vectors, sums, a, weights, vectors_apart(job->k * CK_PANEL), job->k, streams, &at->fetches,
        ahead);
    store(rows, vectors, sums, &at->to, row);
}

#define BODY(rows, vectors) matmul_rows(rows, vectors, job, weights, at, row, false, ahead)
TILE_FUNCTION void float_tile(const void *context, const tile_panels *at, size_t row, size_t rows, const char *ahead) {
    const ck_matmul *job = context;
    packed_weights weights = floats(at->weights);
    WITH_CONSTANT_TILE(rows, at->vectors, BODY)
}

TILE_FUNCTION void half_tile(const void *context, const tile_panels *at, size_t row, size_t rows, const char *ahead) {
    if (at->widened) {
        float_tile(context, at, row, rows, ahead);
        return;
    }
    const ck_matmul *job = context;
    packed_weights weights = halves(at->weights);
    WITH_CONSTANT_TILE(rows, at->vectors, BODY)
}
#undef BODY

/// The same for one panel, fetching in streams.
#define BODY(rows, vectors) matmul_rows(rows, vectors, job, weights, at, row, true, ahead)
STREAMS_FUNCTION void float_streams(
    const void *context, const tile_panels *at, size_t row, size_t rows, const char *ahead) {
    const ck_matmul *job = context;
    packed_weights weights = floats(at->weights);
    WITH_CONSTANT_ROWS(rows, PANEL_VECTORS, BODY)
}

STREAMS_FUNCTION void half_streams(
    const void *context, const tile_panels *at, size_t row, size_t rows, const char *ahead) {
    const ck_matmul *job = context;
    packed_weights weights = halves(at->weights);
    WITH_CONSTANT_ROWS(rows, PANEL_VECTORS, BODY)
}
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
        .panel0 = panel0, .panel1 = panel1, .row0 = row0, .row1 = row1, .n = job->n,
        .row_bytes = job->k * sizeof(float), .packed = job->packed, .panel_bytes = job->k * step, .step_bytes = step,
        .streaming_rows = halves ? STREAMING_ROWS : STREAMING_FLOAT_ROWS, .wide = halves ? job->wide : NULL,
        .whole = destination_make(job->bias, job->residual, job->ldr, job->c, job->ldc, job->activation),
    };
    if (halves) {
        multiply_halves(&whole, job);
    } else {
        multiply_floats(&whole, job);
    }
}
