// The products: packing and matrix multiply, of floats and of half-precision weights.
#include "support.h"
#include <math.h>
#include <stdlib.h>

void compare_pack(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(widths); i++) {
        for (size_t j = 0; j < COUNT(depths); j++) {
            size_t n = widths[i], k = depths[j], panels = (n + CK_PANEL - 1) / CK_PANEL, size = ck_packed_size(n, k);
            matrix w = matrix_random(n, k, k + i % 3);
            matrix actual = matrix_untouched(1, size, size), expected = matrix_untouched(1, size, size);
            kernels->pack(w.values, w.ld, n, k, actual.values, 0, panels / 2);
            kernels->pack(w.values, w.ld, n, k, actual.values, panels / 2, panels);
            portable->pack(w.values, w.ld, n, k, expected.values, 0, panels);
            judge(v, actual, expected);
            free(w.values);
        }
    }
}

void compare_pack_half(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    // Besides ordinary numbers: those that round to subnormal halves, to zero, to infinity, and ties.
    static const float special[] = {
        0, -0.0f, 65504, 65519.99f, 65520, -1e30f, 0x1p-14f, 0x1.ffcp-15f, 0x1p-24f, 0x1p-25f, 0x1.8p-24f,
        -0x1.002p-20f, 1 + 0x1p-11f, 1 + 0x1.8p-10f, INFINITY, -INFINITY, 0x1p-130f,
    };
    for (size_t i = 0; i < COUNT(widths) * COUNT(depths); i++) {
        size_t n = widths[i % COUNT(widths)], k = depths[i / COUNT(widths)];
        size_t panels = (n + CK_PANEL - 1) / CK_PANEL, bytes = ck_packed_size(n, k) * sizeof(uint16_t);
        matrix w = matrix_random(n, k, k + i % 3);
        for (size_t j = 0; j < w.size; j += 1 + random_bits() % 7) {
            w.values[j] = i % 2 && j % w.ld < k ? special[random_bits() % COUNT(special)] : w.values[j];
        }
        if (i % 5 == 0) {
            w.values[0] = NAN;
        }
        uint16_t *actual = allocate(bytes), *expected = allocate(bytes);
        kernels->pack_half(w.values, w.ld, n, k, actual, 0, panels / 2);
        kernels->pack_half(w.values, w.ld, n, k, actual, panels / 2, panels);
        portable->pack_half(w.values, w.ld, n, k, expected, 0, panels);
        judge_bytes(v, actual, expected, bytes);
        free(w.values);
    }
}

/// The product of one table, in two ranges of panels and two of rows, or all at once.
static void multiply(const ck_kernels *kernels, const ck_matmul *job, bool whole) {
    size_t panels = (job->n + CK_PANEL - 1) / CK_PANEL, middle = whole ? panels : panels / 2, m = job->m;
    size_t ranges[3][4] = {{0, middle, 0, m}, {middle, panels, 0, m / 3}, {middle, panels, m / 3, m}};
    for (size_t i = 0; i < COUNT(ranges); i++) {
        kernels->matmul(job, ranges[i][0], ranges[i][1], ranges[i][2], ranges[i][3]);
    }
}

/// A product; `i` chooses distances of rows, bias, activation and whether there is memory for wide weights. In place, it is added to
/// what c holds already.
static void compare_case(
    const ck_kernels *kernels, const ck_kernels *portable, ck_weights weights, size_t m, size_t n, size_t k, size_t i,
    bool in_place, verdict *v) {
    size_t lda[] = {k, k + 5, (k + 1) / 2};
    size_t panels = (n + CK_PANEL - 1) / CK_PANEL, size = ck_packed_size(n, k);
    matrix a = matrix_random(m, k, lda[i % COUNT(lda)]), w = matrix_random(n, k, k);
    matrix packed = matrix_make(1, size, size), bias = matrix_random(1, n, n);
    matrix actual = in_place ? matrix_random(m, n, n + i % 4) : matrix_untouched(m, n, n + i % 4);
    matrix expected = matrix_copy(actual), residual = matrix_random(m, n, n + 3);
    if (weights == CK_WEIGHTS_HALF) {
        portable->pack_half(w.values, w.ld, n, k, (uint16_t *)packed.values, 0, panels);
    } else {
        portable->pack(w.values, w.ld, n, k, packed.values, 0, panels);
    }
    matrix wide = matrix_make(1, CK_TILE_PANELS * CK_PANEL * k, CK_TILE_PANELS * CK_PANEL * k);
    ck_matmul job = {
        .a = a.values, .lda = a.ld, .packed = packed.values, .weights = weights, .bias = i % 3 ? bias.values : NULL,
        .m = m, .n = n, .k = k, .activation = (ck_activation)(i % 7), .wide = i % 4 < 2 ? wide.values : NULL,
        .next = i % 3 ? NOWHERE : NULL,
    };
    for (int turn = 0; turn < 2; turn++) {
        job.c = turn ? expected.values : actual.values;
        job.ldc = actual.ld;
        job.residual = in_place ? job.c : (i % 4 ? residual.values : NULL);
        job.ldr = in_place ? actual.ld : residual.ld;
        multiply(turn ? portable : kernels, &job, turn);
    }
    judge(v, actual, expected);
    float *used[] = {a.values, w.values, packed.values, bias.values, residual.values, wide.values};
    for (size_t j = 0; j < COUNT(used); j++) {
        free(used[j]);
    }
}

static void compare_multiply(const ck_kernels *kernels, const ck_kernels *portable, ck_weights weights, verdict *v) {
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(widths) * COUNT(depths); i++) {
        size_t m = row_counts[i % COUNT(row_counts)];
        size_t n = widths[i / COUNT(row_counts) % COUNT(widths)];
        size_t k = depths[i / COUNT(row_counts) / COUNT(widths)];
        if (k > 1000 && n != 40) {
            continue;
        }
        compare_case(kernels, portable, weights, m, n, k, i, i % 2, v);
    }
    // Numbers of rows next to those where the way of multiplying changes, and panels that go through in slices, a few rows and
    // many, one block of rows and more, neighbouring groups of panels of different size.
    static const size_t edges[] = {4, 5, 8, 9, 12, 13, 16, 17, 24, 25}, edge_depths[] = {5, 27, 100};
    for (size_t i = 0; i < COUNT(edges) * COUNT(edge_depths) * 2; i++) {
        size_t m = edges[i / 2 % COUNT(edges)], k = edge_depths[i / 2 / COUNT(edges)];
        compare_case(kernels, portable, weights, m, 77, k, i / 2, i % 2, v);
    }
    static const size_t deep_rows[] = {1, 7, 11, 16, 17, 197}, deep_widths[] = {40, 77}, deep_depths[] = {1025, 1200, 2177, 4200};
    for (size_t i = 0; i < COUNT(deep_rows) * COUNT(deep_widths) * COUNT(deep_depths); i++) {
        size_t m = deep_rows[i % COUNT(deep_rows)], n = deep_widths[i / COUNT(deep_rows) % COUNT(deep_widths)];
        size_t k = deep_depths[i / COUNT(deep_rows) / COUNT(deep_widths)];
        if (k > 4000 && (n > 40 || m > 17)) {
            continue;  // takes long, and what is different there are halves of few rows in slices
        }
        compare_case(kernels, portable, weights, m, n, k, i / 2, i % 5 == 0, v);
    }
}

void compare_matmul(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    compare_multiply(kernels, portable, CK_WEIGHTS_FLOAT, v);
}

void compare_matmul_half(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    compare_multiply(kernels, portable, CK_WEIGHTS_HALF, v);
}
