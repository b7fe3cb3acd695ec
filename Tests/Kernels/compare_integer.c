// The integer products. Their sums are exact, and the steps after them the same everywhere, so results are held equal
// to the last bit where no activation but a clamp follows.
#include "support.h"
#include <math.h>
#include <stdlib.h>

static const ck_integer kinds[] = {CK_INT8, CK_INT16};

/// Rows of every kind that quantising tells apart: ordinary, zeros, tiny, huge, with an infinity or a not-a-number.
static void make_special(matrix x, size_t row) {
    static const float factors[] = {1, 0, 0x1p-120f, 1e38f, 1e-20f};
    float *values = x.values + row * x.ld;
    for (size_t i = 0; i < x.columns; i++) {
        values[i] *= factors[row % COUNT(factors)];
    }
    if (row % 6 == 5) {
        values[random_bits() % x.columns] = row % 4 == 1 ? INFINITY : NAN;
    }
}

void compare_quantize_rows(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(depths) * COUNT(kinds); i++) {
        size_t m = row_counts[i % COUNT(row_counts)], k = depths[i / COUNT(row_counts) % COUNT(depths)];
        ck_integer kind = kinds[i / COUNT(row_counts) / COUNT(depths)];
        size_t bytes = ck_integer_row_bytes(kind, k) * m;
        matrix x = matrix_random(m, k, k + i % 4);
        for (size_t row = 0; row < m; row++) {
            make_special(x, row);
        }
        void *actual = allocate(bytes), *expected = allocate(bytes);
        memset(actual, 99, bytes);
        memset(expected, 99, bytes);
        kernels->quantize_rows(kind, x.values, x.ld, k, actual, 0, m / 2);
        kernels->quantize_rows(kind, x.values, x.ld, k, actual, m / 2, m);
        portable->quantize_rows(kind, x.values, x.ld, k, expected, 0, m);
        judge_bytes(v, actual, expected, bytes);
        free(x.values);
    }
}

/// A product of random numbers: the quantised rows and weights, and what is done with the sums.
typedef struct problem {
    ck_integer_matmul job;
    void *rows, *packed;
    matrix bias, residual;
} problem;

static problem problem_make(ck_integer kind, matrix x, matrix w, const ck_kernels *portable) {
    size_t m = x.rows, n = w.rows, k = x.columns;
    problem p = {
        .rows = allocate(ck_integer_row_bytes(kind, k) * m), .packed = allocate(ck_integer_packed_bytes(kind, n, k)),
        .bias = matrix_random(1, n, n), .residual = matrix_random(m, n, n + 3),
    };
    portable->quantize_rows(kind, x.values, x.ld, k, p.rows, 0, m);
    ck_pack_integer(kind, w.values, w.ld, n, k, p.packed, 0, (n + CK_PANEL - 1) / CK_PANEL);
    p.job = (ck_integer_matmul){.kind = kind, .rows = p.rows, .packed = p.packed, .m = m, .n = n, .k = k};
    return p;
}

static void problem_free(problem p) {
    free(p.rows), free(p.packed), free(p.bias.values), free(p.residual.values);
}

/// A product with activation i; odd ones are added to what c holds already.
static void compare_shape(
    const ck_kernels *kernels, const ck_kernels *portable, ck_integer kind, size_t m, size_t n, size_t k, size_t i,
    size_t activations, verdict *v) {
    size_t panels = (n + CK_PANEL - 1) / CK_PANEL;
    matrix x = matrix_random(m, k, k), w = matrix_random(n, k, k + i % 2);
    problem p = problem_make(kind, x, w, portable);
    matrix actual = i % 2 ? matrix_random(m, n, n + i % 4) : matrix_untouched(m, n, n + i % 4);
    matrix expected = matrix_copy(actual);
    p.job.bias = i % 3 ? p.bias.values : NULL;
    p.job.next = i % 5 ? NOWHERE : NULL;
    p.job.activation = (ck_activation)(i % activations);
    p.job.ldc = actual.ld;
    for (int turn = 0; turn < 2; turn++) {
        p.job.c = turn ? expected.values : actual.values;
        p.job.residual = i % 2 ? p.job.c : (i % 4 ? p.residual.values : NULL);
        p.job.ldr = i % 2 ? actual.ld : p.residual.ld;
        if (turn) {
            portable->integer_matmul(&p.job, 0, panels, 0, m);
        } else {
            kernels->integer_matmul(&p.job, 0, panels / 2, 0, m);
            kernels->integer_matmul(&p.job, panels / 2, panels, 0, m / 3);
            kernels->integer_matmul(&p.job, panels / 2, panels, m / 3, m);
        }
    }
    judge(v, actual, expected);
    problem_free(p);
    free(x.values), free(w.values);
}

/// Every shape with activations [0, activations).
static void compare_shapes(
    const ck_kernels *kernels, const ck_kernels *portable, ck_integer kind, size_t activations, verdict *v) {
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(widths) * COUNT(depths); i++) {
        size_t m = row_counts[i % COUNT(row_counts)];
        size_t n = widths[i / COUNT(row_counts) % COUNT(widths)];
        size_t k = depths[i / COUNT(row_counts) / COUNT(widths)];
        if (k <= 1000 || n == 40) {
            compare_shape(kernels, portable, kind, m, n, k, i, activations, v);
        }
    }
    // Numbers of rows next to those where the way of multiplying changes, in the first call and, of two thirds of the rows, in the
    // last, whose three panels have two tiles of rows then.
    static const size_t edges[] = {4, 5, 8, 9, 11, 13, 14, 16}, edge_depths[] = {5, 100};
    for (size_t i = 0; i < COUNT(edges) * COUNT(edge_depths); i++) {
        size_t m = edges[i / 2], k = edge_depths[i % 2];
        compare_shape(kernels, portable, kind, m, 77, k, i, activations, v);
        compare_shape(kernels, portable, kind, 3 * m / 2, 77, k, i + 1, activations, v);
    }
}

// The first three activations are clamps.
void compare_int8(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    compare_shapes(kernels, portable, CK_INT8, 3, v);
}
void compare_int16(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    compare_shapes(kernels, portable, CK_INT16, 3, v);
}
void compare_integer_activations(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    compare_shapes(kernels, portable, CK_INT8, 7, v);
    compare_shapes(kernels, portable, CK_INT16, 7, v);
}

/// Sums as large as they can be. In the portable twin one that leaves 32 bits stops the sanitizer; in the others it
/// would saturate or wrap around.
static void compare_largest(
    const ck_kernels *kernels, const ck_kernels *portable, ck_integer kind, size_t k, verdict *v) {
    matrix x = matrix_untouched(2, k, k), w = matrix_untouched(17, k, k);
    matrix actual = matrix_untouched(2, 17, 17), expected = matrix_copy(actual);
    for (size_t i = 0; i < x.size; i++) {
        x.values[i] = i < k ? 3 : -3;
    }
    for (size_t i = 0; i < w.size; i++) {
        // One column of one sign, the next of the other, the third of alternating ones, against a row of one sign.
        size_t column = i / k;
        w.values[i] = column % 3 == 2 ? (i % 2 ? 0.25f : -0.25f) : (column % 3 ? 0.25f : -0.25f);
    }
    problem p = problem_make(kind, x, w, portable);
    p.job.ldc = 17;
    p.job.c = actual.values;
    kernels->integer_matmul(&p.job, 0, 2, 0, 2);
    p.job.c = expected.values;
    portable->integer_matmul(&p.job, 0, 2, 0, 2);
    for (size_t i = 0; i < expected.size; i++) {
        bool positive = (i % 17 % 3 == 1) == (i < 17);
        v->worst = i % 17 % 3 != 2 && (expected.values[i] > 0) != positive ? INFINITY : v->worst;
    }
    judge(v, actual, expected);
    problem_free(p);
    free(x.values), free(w.values);
}

/// A row of activations, or a column of weights, that holds no number gives results that are none, and no other does.
static void compare_not_a_number(
    const ck_kernels *kernels, const ck_kernels *portable, ck_integer kind, float value, verdict *v) {
    matrix x = matrix_random(8, 40, 41), w = matrix_random(20, 40, 40), c = matrix_untouched(8, 20, 20);
    x.values[3 * 41 + 39] = value;
    w.values[17 * 40 + 2] = value;
    problem p = problem_make(kind, x, w, portable);
    p.job.c = c.values;
    p.job.ldc = 20;
    kernels->integer_matmul(&p.job, 0, 2, 0, 8);
    for (size_t i = 0; i < c.size; i++) {
        bool spoiled = i / 20 == 3 || i % 20 == 17;
        v->worst = isnan(c.values[i]) != spoiled ? INFINITY : v->worst;
    }
    v->cases++;
    problem_free(p);
    free(x.values), free(w.values), free(c.values);
}

void compare_integer_limits(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    static const size_t large[] = {1, 1000, 5003, CK_INTEGER_DEEPEST};
    static const float none[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        for (size_t j = 0; j < COUNT(large); j++) {
            compare_largest(kernels, portable, kinds[i], large[j], v);
        }
        for (size_t j = 0; j < COUNT(none); j++) {
            compare_not_a_number(kernels, portable, kinds[i], none[j], v);
        }
    }
}
