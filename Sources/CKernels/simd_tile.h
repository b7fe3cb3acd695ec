// The tile that matrix multiply, convolution and attention share: up to six rows of `a` times a panel of packed weights
// (six rows × two vectors = twelve sums in registers, two multiply-adds in flight a cycle), or up to eight rows times
// the first half of a panel.
#include <stdbool.h>

enum { TILE_ROWS = 6, HALF_TILE_ROWS = 8 };

/// Where sums go and what happens to them on the way; the fields move with the panel.
typedef struct destination {
    const float *bias;      // at the panel's first column, or NULL
    const float *residual;  // at the panel's first column of row 0, or NULL
    size_t ldr;
    float *c;               // at the panel's first column of row 0
    size_t ldc;
    size_t columns;         // of this panel, ≤ 16
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

/// The destination of panel `panel` of n columns.
INLINE destination destination_at(const destination *whole, size_t panel, size_t n) {
    size_t column = panel * CK_PANEL;
    destination to = *whole;
    to.bias = to.bias ? to.bias + column : NULL;
    to.residual = to.residual ? to.residual + column : NULL;
    to.c += column;
    to.columns = n - column < CK_PANEL ? n - column : CK_PANEL;
    return to;
}

/// Whether the first vector of the panel holds all its columns.
INLINE bool is_half(const destination *to) {
    return to->columns <= VEC;
}

/// sums[r] += Σₖ a[r][k] · b[k] for k < length, b a panel of 16 columns. Meanwhile the bytes from `ahead` on, `stride`
/// a step, are fetched into the second level of cache.
INLINE void accumulate(
    int rows, int halves, vec sums[][2], const float *const a[], const float *b, size_t length, const char *ahead,
    size_t stride) {
    for (size_t k = 0; k < length; k++) {
        vec b0 = vec_load(b);
        vec b1 = halves == 2 ? vec_load(b + VEC) : vec_zero();
        __builtin_prefetch(ahead, 0, 2);
        ahead += stride;
        b += CK_PANEL;
        UNROLL for (int r = 0; r < rows; r++) {
            vec x = vec_splat(a[r][k]);
            sums[r][0] = vec_fma(x, b0, sums[r][0]);
            if (halves == 2) {
                sums[r][1] = vec_fma(x, b1, sums[r][1]);
            }
        }
    }
}

/// Stores rows of any width with any activation; `sums` has the first vectors of all rows, then the second ones.
static __attribute__((noinline)) void store_any(const destination *to, vec *sums, size_t rows, size_t row) {
    for (size_t column = 0; column < to->columns; column += VEC, sums += rows) {
        size_t width = to->columns - column < VEC ? to->columns - column : VEC;
        vec bias = to->bias ? vec_load_first(to->bias + column, width) : vec_zero();
        for (size_t r = 0; r < rows; r++) {
            sums[r] = vec_add(sums[r], bias);
        }
        activate(sums, rows, to->activation);
        for (size_t r = 0; r < rows; r++) {
            vec v = sums[r];
            if (to->residual) {
                v = vec_add(v, vec_load_first(to->residual + (row + r) * to->ldr + column, width));
            }
            vec_store_first(to->c + (row + r) * to->ldc + column, v, width);
        }
    }
}

/// Stores sums as rows row, row + 1, … of the destination.
INLINE void store(int rows, int halves, vec sums[][2], const destination *to, size_t row) {
    if (!to->clamps || to->columns != (size_t)halves * VEC) {
        vec copy[HALF_TILE_ROWS * 2];
        UNROLL for (int r = 0; r < rows; r++) {
            copy[r] = sums[r][0];
            copy[rows + r] = sums[r][1];
        }
        store_any(to, copy, (size_t)rows, row);
        return;
    }
    vec low = vec_splat(to->bounds.low), high = vec_splat(to->bounds.high);
    UNROLL for (int h = 0; h < halves; h++) {
        vec bias = to->bias ? vec_load(to->bias + h * VEC) : vec_zero();
        UNROLL for (int r = 0; r < rows; r++) {
            sums[r][h] = vec_min(high, vec_max(low, vec_add(sums[r][h], bias)));
        }
        if (to->residual) {
            UNROLL for (int r = 0; r < rows; r++) {
                sums[r][h] = vec_add(sums[r][h], vec_load(to->residual + (row + (size_t)r) * to->ldr + h * VEC));
            }
        }
        UNROLL for (int r = 0; r < rows; r++) { vec_store(to->c + (row + (size_t)r) * to->ldc + h * VEC, sums[r][h]); }
    }
}

INLINE void clear(int rows, vec sums[][2]) {
    UNROLL for (int r = 0; r < rows; r++) {
        sums[r][0] = vec_zero();
        sums[r][1] = vec_zero();
    }
}

/// `rows` split into the fewest even parts of at most `limit`.
INLINE size_t part_count(size_t rows, size_t limit) {
    return (rows + limit - 1) / limit;
}
INLINE size_t part_start(size_t rows, size_t parts, size_t part) {
    return rows * part / parts;
}

/// Calls body with `rows` as a constant, so that its sums become registers.
#define WITH_CONSTANT_ROWS(rows, body)     \
    switch (rows) {                        \
    case 1: body(1); break;                \
    case 2: body(2); break;                \
    case 3: body(3); break;                \
    case 4: body(4); break;                \
    case 5: body(5); break;                \
    case 6: body(6); break;                \
    }
#define WITH_CONSTANT_HALF_ROWS(rows, body) \
    switch (rows) {                         \
    case 7: body(7); break;                 \
    case 8: body(8); break;                 \
    default: WITH_CONSTANT_ROWS(rows, body) \
    }
