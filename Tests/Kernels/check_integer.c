// The packing of integers held against the definition of its layout, and the accuracy of integer products against
// products of floats.
#include "support.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/// A panel as include/integer_matmul.h describes it.
static bool panel_is_right(ck_integer kind, matrix w, size_t panel, const char *bytes) {
    const float *scales = (const float *)bytes;
    const int32_t *offsets = (const int32_t *)(scales + CK_PANEL);
    const char *weights = (const char *)(offsets + CK_PANEL);
    size_t step = kind == CK_INT8 ? 4 : 2, k = (w.columns + step - 1) / step * step;
    bool right = true;
    for (size_t j = 0; j < CK_PANEL; j++) {
        size_t column = panel * CK_PANEL + j;
        int64_t sum = 0, magnitudes = 0, highest = 0;
        for (size_t i = 0; i < k; i++) {
            size_t place = (i / step * CK_PANEL + j) * step + i % step;
            int64_t q = kind == CK_INT8 ? ((const int8_t *)weights)[place] : ((const int16_t *)weights)[place];
            double value = column < w.rows && i < w.columns ? w.values[column * w.ld + i] : 0;
            right &= fabs((double)q * scales[j] - value) <= 0.51 * scales[j];
            sum += q;
            magnitudes += llabs(q);
            highest = llabs(q) > highest ? llabs(q) : highest;
        }
        right &= offsets[j] == (kind == CK_INT8 ? 64 * sum : 0);
        right &= highest <= (kind == CK_INT8 ? 127 : 32767) && magnitudes * (kind == CK_INT8 ? 127 : 4095) <= INT32_MAX;
        // No coarser than it has to be.
        right &= column >= w.rows || highest == (kind == CK_INT8 ? 127 : 32767)
            || (double)magnitudes * 4095 > 0.95 * INT32_MAX - 4095.0 * (double)k;
    }
    return right;
}

static bool check_packing(void) {
    bool right = true;
    size_t cases = 0;
    for (size_t i = 0; i < COUNT(widths) * COUNT(depths) * 2; i++, cases++) {
        ck_integer kind = i % 2 ? CK_INT8 : CK_INT16;
        size_t n = widths[i / 2 % COUNT(widths)], k = depths[i / 2 / COUNT(widths)];
        size_t panels = (n + CK_PANEL - 1) / CK_PANEL, bytes = ck_integer_packed_bytes(kind, n, k);
        matrix w = matrix_random(n, k, k + i % 3);
        char *packed = allocate(bytes);
        ck_pack_integer(kind, w.values, w.ld, n, k, packed, 0, panels / 2);
        ck_pack_integer(kind, w.values, w.ld, n, k, packed, panels / 2, panels);
        for (size_t panel = 0; panel < panels; panel++) {
            right &= panel_is_right(kind, w, panel, packed + panel * (bytes / panels));
        }
        free(w.values), free(packed);
    }
    printf("packing of integers: %zu cases: %s\n", cases, right ? "ok" : "FAILED");
    return right;
}

/// A sample of the normal distribution: Box and Muller, 1958.
static float random_normal(void) {
    double u = (random_bits() + 1.0) / 4294967297.0, angle = random_bits() / 4294967296.0 * 6.283185307179586;
    return (float)(sqrt(-2 * log(u)) * cos(angle));
}

/// The cosine between an integer product and the exact one, of normal weights and activations, with `outliers` channels
/// of activations twenty times as large as the others, as transformers have them.
static double cosine(ck_integer kind, size_t k, size_t outliers) {
    enum { M = 16, N = 64 };
    const ck_kernels *kernels = ck_kernels_best();
    matrix x = matrix_random(M, k, k), w = matrix_random(N, k, k);
    for (size_t i = 0; i < x.size; i++) {
        x.values[i] = random_normal() * (i % k % 97 == 5 && i % k / 97 < outliers ? 20 : 1);
    }
    for (size_t i = 0; i < w.size; i++) {
        w.values[i] = random_normal() * 0.02f;
    }
    void *rows = allocate(M * ck_integer_row_bytes(kind, k)), *packed = allocate(ck_integer_packed_bytes(kind, N, k));
    float *c = allocate(M * N * sizeof(float));
    kernels->quantize_rows(kind, x.values, k, k, rows, 0, M);
    ck_pack_integer(kind, w.values, k, N, k, packed, 0, N / CK_PANEL);
    ck_integer_matmul job = {.kind = kind, .rows = rows, .packed = packed, .c = c, .ldc = N, .m = M, .n = N, .k = k};
    kernels->integer_matmul(&job, 0, N / CK_PANEL, 0, M);
    double both = 0, ours = 0, exact = 0;
    for (size_t i = 0; i < M * N; i++) {
        double sum = 0;
        for (size_t j = 0; j < k; j++) {
            sum += (double)x.values[i / N * k + j] * w.values[i % N * k + j];
        }
        both += sum * c[i];
        ours += (double)c[i] * c[i];
        exact += sum * sum;
    }
    free(x.values), free(w.values), free(rows), free(packed), free(c);
    return both / sqrt(ours * exact);
}

static bool check_accuracy(void) {
    // With outliers, the largest activation of a row is some fifty times the usual one, and a range of ±63 has no more
    // than a few steps left for the others.
    static const struct expectation {
        const char *name;
        ck_integer kind;
        size_t outliers;
        double least;
    } expectations[] = {
        {"int16, normal", CK_INT16, 0, 0.99999},
        {"int16, outliers", CK_INT16, 4, 0.99999},
        {"int8, normal", CK_INT8, 0, 0.9995},
        {"int8, outliers", CK_INT8, 4, 0.98},
    };
    bool passed = true;
    for (size_t i = 0; i < COUNT(expectations); i++) {
        const struct expectation *e = &expectations[i];
        double narrow = cosine(e->kind, 768, e->outliers), deep = cosine(e->kind, 3072, e->outliers);
        bool good = narrow >= e->least && deep >= e->least;
        printf("%s: cosine %.7f at k = 768, %.7f at 3072: %s\n", e->name, narrow, deep, good ? "ok" : "FAILED");
        passed &= good;
    }
    return passed;
}

bool check_integers(void) {
    bool packing = check_packing(), accuracy = check_accuracy();
    return packing && accuracy;
}
