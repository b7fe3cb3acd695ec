// The tile that matrix multiply, convolution and attention share: up to TILE_ROWS rows of `a` times TILE_VECTORS
// vectors of packed weights, whose sums all stay in registers, or up to NARROW_TILE_ROWS rows times fewer vectors. A
// vector is half a panel where it has eight lanes (a tile is a panel then), and a whole one where it has sixteen (a
// tile is then up to three neighbouring panels). The vector header says which shape suits its registers.
#include <stdbool.h>

enum {
    NARROW_TILE_ROWS = 8,
    TILE_COLUMNS = TILE_VECTORS * VEC,
    TILE_PANELS = TILE_COLUMNS / CK_PANEL,
    PANEL_VECTORS = CK_PANEL / VEC,
};

/// How far apart the vectors of a tile's weights are, in weights; `panel` is the size of a panel.
INLINE size_t vectors_apart(size_t panel) {
    return VEC < CK_PANEL ? VEC : panel;
}

/// Where sums go and what happens to them on the way; the fields move with the tile.
typedef struct destination {
    const float *bias;      // at the tile's first column, or NULL
    const float *residual;  // at the tile's first column of row 0, or NULL
    size_t ldr;
    float *c;               // at the tile's first column of row 0
    size_t ldc;
    size_t columns;         // of this tile, ≤ TILE_COLUMNS
    ck_activation activation;
    bool clamps;
    clamp bounds;
} destination;

INLINE destination destination_make(
    const float *bias, const float *residual, size_t ldr, float *c, size_t ldc, ck_activation activation) {
    destination to = {.bias = bias, .residual = residual, .ldr = ldr, .c = c, .ldc = ldc, .activation = activation};
    to.clamps = is_clamp(activation, &to.bounds);
    return to;
}

/// The destination of panels [panel0, panel1) of n columns.
INLINE destination destination_at(const destination *whole, size_t panel0, size_t panel1, size_t n) {
    size_t column0 = panel0 * CK_PANEL, column1 = panel1 * CK_PANEL < n ? panel1 * CK_PANEL : n;
    destination to = *whole;
    to.bias = to.bias ? to.bias + column0 : NULL;
    to.residual = to.residual ? to.residual + column0 : NULL;
    to.c += column0;
    to.columns = column1 - column0;
    return to;
}

/// `count` split into the fewest even parts of at most `limit`.
INLINE size_t part_count(size_t count, size_t limit) {
    return (count + limit - 1) / limit;
}
INLINE size_t part_start(size_t count, size_t parts, size_t part) {
    return count * part / parts;
}

/// The vectors that hold the columns of a destination.
INLINE size_t vector_count(const destination *to) {
    return part_count(to->columns, VEC);
}

/// The most rows of a tile of `vectors`.
#define TILE_ROW_LIMIT(vectors) ((vectors) == TILE_VECTORS ? (int)TILE_ROWS : (int)NARROW_TILE_ROWS)

/// Packed weights: floats, or halves that become floats when they are loaded.
typedef struct packed_weights {
    const void *start;
    bool halves;
} packed_weights;

INLINE packed_weights floats(const float *start) {
    return (packed_weights){.start = start};
}
INLINE packed_weights halves(const uint16_t *start) {
    return (packed_weights){.start = start, .halves = true};
}

INLINE vec load_weights(packed_weights weights, size_t index) {
    return weights.halves ? vec_load_half((const uint16_t *)weights.start + index)
                          : vec_load((const float *)weights.start + index);
}

/// A few steps of k are one turn of the loop.
#define UNROLL_STEPS _Pragma("clang loop unroll_count(4)")

/// Keeps the compiler from loading what a later step of such a turn needs, for which there is no register.
#define END_STEP __asm__("" : : : "memory")

/// In so many steps each stream gets a line.
enum { STREAM_STEPS = 8, CACHE_LINE = 64 };

/// How a tile fetches what will be multiplied next: a place in every step, from one to the next `next_step` bytes. Or in streams,
/// `next_stream` bytes from each other: of each a place in STREAM_STEPS steps, and `next_step` bytes on in the next as many; as much
/// of each panel, `next_panel` bytes from the one before. What is left of k then fetches nothing.
///
/// The loads and prefetches of a core have few requests to memory under way, far fewer than memory could answer. The hardware that
/// fetches by itself has more, but follows each page of 4 KB alone: so several pages side by side come faster than one after the other.
typedef struct fetching {
    size_t next_step;
    size_t next_stream;
    size_t next_panel;
} fetching;

/// How many streams of a panel: so many as there are lines in STREAM_STEPS of its steps.
INLINE size_t stream_count(size_t step_bytes) {
    return STREAM_STEPS * step_bytes / CACHE_LINE;
}

/// What fetches in streams is a function of its own, so that the other tiles are not short of registers for its sake.
#define STREAMS_FUNCTION static __attribute__((noinline))

INLINE void fetch(const char *address) {
    __builtin_prefetch(address, 0, 3);
}

/// The same address, of which the compiler does not know that it is a neighbour's plus a distance. It would keep the distance
/// and work out each row's address anew in every step, a third of all instructions, and where a core is shared with another
/// thread, instructions are what it is short of.
INLINE const void *unrelated(const void *address) {
    __asm__("" : "+r"(address));
    return address;
}

/// Fetches a line of a stream and returns where that of the next is, without a register for each.
INLINE const char *fetch_stream(const char *line, size_t next_stream) {
    fetch(line);
    return unrelated(line + next_stream);
}

/// weights[v] = b[v · apart + 16 k].
INLINE void load_step(int vectors, packed_weights b, size_t apart, size_t k, vec weights[]) {
    UNROLL for (int v = 0; v < vectors; v++) { weights[v] = load_weights(b, k * CK_PANEL + (size_t)v * apart); }
}

/// sums[r][v] += a[r][k] · weights[v].
INLINE void multiply_step(
    int rows, int vectors, vec sums[][TILE_VECTORS], const float *const a[], size_t k, const vec weights[]) {
    UNROLL for (int r = 0; r < rows; r++) {
        vec x = vec_splat(a[r][k]);
        UNROLL for (int v = 0; v < vectors; v++) { sums[r][v] = vec_fma(x, weights[v], sums[r][v]); }
    }
    END_STEP;
}

/// sums[r][v] += Σₖ a[r][k] · b[v · apart + 16 k] for k < length, while what will be multiplied next comes into the caches.
INLINE void accumulate(
    int rows, int vectors, vec sums[][TILE_VECTORS], const float *const a[], packed_weights b, size_t apart,
    size_t length, bool streams, const fetching *fetches, const char *ahead) {
    const float *row[NARROW_TILE_ROWS];
    UNROLL for (int r = 0; r < rows; r++) { row[r] = unrelated(a[r]); }
    vec weights[TILE_VECTORS];
    size_t k = 0, next_step = fetches->next_step, next_stream = fetches->next_stream;
    if (streams) {
        int of_a_panel = (int)stream_count(CK_PANEL * (b.halves ? sizeof(uint16_t) : sizeof(float)));
        int lines = of_a_panel * vectors / PANEL_VECTORS;
        for (; k + STREAM_STEPS <= length; k += STREAM_STEPS, ahead += next_step) {
            const char *line = ahead;
            UNROLL for (int i = 0; i < STREAM_STEPS; i++) {
                load_step(vectors, b, apart, k + (size_t)i, weights);
                UNROLL for (int j = lines * i / STREAM_STEPS; j < lines * (i + 1) / STREAM_STEPS; j++) {
                    // The distance is loaded each time: there is no register left for it.
                    if (j > 0 && j % of_a_panel == 0) { line = unrelated(ahead + (size_t)(j / of_a_panel) * fetches->next_panel); }
                    line = fetch_stream(line, next_stream);
                }
                multiply_step(rows, vectors, sums, row, k + (size_t)i, weights);
            }
        }
    }
    UNROLL_STEPS for (; k < length; k++, ahead += next_step) {
        load_step(vectors, b, apart, k, weights);
        if (!streams) { fetch(ahead); }
        multiply_step(rows, vectors, sums, row, k, weights);
    }
}

/// Stores one vector of columns from `column` on, of which `width` are the destination's.
INLINE void store_vector(
    const destination *to, vec *sums, size_t rows, size_t row, size_t column, size_t width) {
    // Masked loads and stores cost many times what whole ones do, so `width` is a constant where it can be.
    bool whole = width == VEC;
    vec bias = vec_zero();
    if (to->bias) {
        bias = whole ? vec_load(to->bias + column) : vec_load_first(to->bias + column, width);
    }
    for (size_t r = 0; r < rows; r++) {
        sums[r] = vec_add(sums[r], bias);
    }
    activate(sums, rows, to->activation);
    for (size_t r = 0; r < rows; r++) {
        vec v = sums[r];
        if (to->residual) {
            const float *residual = to->residual + (row + r) * to->ldr + column;
            v = vec_add(v, whole ? vec_load(residual) : vec_load_first(residual, width));
        }
        float *c = to->c + (row + r) * to->ldc + column;
        if (whole) {
            vec_store(c, v);
        } else {
            vec_store_first(c, v, width);
        }
    }
}

/// Stores rows of any width with any activation; `sums` has the first vectors of all rows, then the second ones.
static __attribute__((noinline)) void store_any(const destination *to, vec *sums, size_t rows, size_t row) {
    size_t column = 0;
    for (; column + VEC <= to->columns; column += VEC, sums += rows) {
        store_vector(to, sums, rows, row, column, VEC);
    }
    if (column < to->columns) {
        store_vector(to, sums, rows, row, column, to->columns - column);
    }
}

/// Stores sums as rows row, row + 1, … of the destination.
INLINE void store(int rows, int vectors, vec sums[][TILE_VECTORS], const destination *to, size_t row) {
    if (!to->clamps || to->columns != (size_t)vectors * VEC) {
        vec copy[NARROW_TILE_ROWS * TILE_VECTORS];
        UNROLL for (int v = 0; v < vectors; v++) {
            UNROLL for (int r = 0; r < rows; r++) { copy[v * rows + r] = sums[r][v]; }
        }
        store_any(to, copy, (size_t)rows, row);
        return;
    }
    vec low = vec_splat(to->bounds.low), high = vec_splat(to->bounds.high);
    UNROLL for (int v = 0; v < vectors; v++) {
        vec bias = to->bias ? vec_load(to->bias + v * VEC) : vec_zero();
        UNROLL for (int r = 0; r < rows; r++) {
            sums[r][v] = vec_min(high, vec_max(low, vec_add(sums[r][v], bias)));
        }
        if (to->residual) {
            UNROLL for (int r = 0; r < rows; r++) {
                sums[r][v] = vec_add(sums[r][v], vec_load(to->residual + (row + (size_t)r) * to->ldr + v * VEC));
            }
        }
        UNROLL for (int r = 0; r < rows; r++) { vec_store(to->c + (row + (size_t)r) * to->ldc + v * VEC, sums[r][v]); }
    }
}

INLINE void clear(int rows, int vectors, vec sums[][TILE_VECTORS]) {
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < vectors; v++) { sums[r][v] = vec_zero(); }
    }
}

/// Loads rows of any width; `sums` gets the first vectors of all rows, then the second ones.
static __attribute__((noinline)) void load_any(const destination *to, vec *sums, size_t rows, size_t row) {
    for (size_t column = 0; column < to->columns; column += VEC, sums += rows) {
        size_t left = to->columns - column;
        for (size_t r = 0; r < rows; r++) {
            sums[r] = vec_load_first(to->c + (row + r) * to->ldc + column, left < VEC ? left : VEC);
        }
    }
}

/// Takes up sums where they were stored.
INLINE void resume(int rows, int vectors, vec sums[][TILE_VECTORS], const destination *to, size_t row) {
    if (to->columns == (size_t)vectors * VEC) {
        UNROLL for (int r = 0; r < rows; r++) {
            const float *c = to->c + (row + (size_t)r) * to->ldc;
            UNROLL for (int v = 0; v < vectors; v++) { sums[r][v] = vec_load(c + v * VEC); }
        }
        return;
    }
    vec copy[NARROW_TILE_ROWS * TILE_VECTORS];
    load_any(to, copy, (size_t)rows, row);
    UNROLL for (int v = 0; v < vectors; v++) {
        UNROLL for (int r = 0; r < rows; r++) { sums[r][v] = copy[v * rows + r]; }
    }
}

/// Calls body with the shape of a tile as constants, so that its sums become registers. Shapes that this instruction
/// set does not use are not compiled.
#define WITH_CONSTANT_ROWS(rows, vectors, body)                            \
    switch (rows) {                                                        \
    case 1: body(1, vectors); break;                                       \
    case 2: body(2, vectors); break;                                       \
    case 3: body(3, vectors); break;                                       \
    case 4: body(4, vectors); break;                                       \
    case 5: body(5, vectors); break;                                       \
    case 6: body(6, vectors); break;                                       \
    case 7: if (TILE_ROW_LIMIT(vectors) >= 7) { body(7, vectors); } break; \
    case 8: if (TILE_ROW_LIMIT(vectors) >= 8) { body(8, vectors); } break; \
    }
#define WITH_CONSTANT_TILE(rows, vectors, body)                                   \
    switch (vectors) {                                                            \
    case 1: WITH_CONSTANT_ROWS(rows, 1, body) break;                              \
    case 2: WITH_CONSTANT_ROWS(rows, 2, body) break;                              \
    case 3: if (TILE_VECTORS == 3) { WITH_CONSTANT_ROWS(rows, 3, body) } break;   \
    }
