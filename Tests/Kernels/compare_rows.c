// The kernels on rows: attention, normalisation, softmax, means, sums, the scan of vectors.
#include "support.h"
#include <math.h>
#include <stdlib.h>

void compare_attention(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    static const size_t dimensions[] = {8, 20, 32, 64, 80};
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(dimensions) * 2; i++) {
        size_t keys = row_counts[i / 2 % COUNT(row_counts)], d = dimensions[i / 2 / COUNT(row_counts)];
        size_t queries = i % 4 == 0 ? (keys + 2) / 3 : keys + i % 3;
        matrix q = matrix_random(queries, d, 3 * d), k = matrix_random(keys, d, 3 * d + 1);
        matrix values = matrix_random(keys, d, d + 2), actual = matrix_untouched(queries, d, d + 5);
        matrix expected = matrix_copy(actual);
        size_t bytes = (ck_attention_scratch(queries, keys, d) * sizeof(float) + 63) / 64 * 64;
        float *scratch = aligned_alloc(64, bytes);
        memset(scratch, 0xff, bytes);  // not-a-number
        ck_attention job = {
            .q = q.values, .ldq = q.ld, .k = k.values, .ldk = k.ld, .v = values.values, .ldv = values.ld,
            .output = actual.values, .ldo = actual.ld, .queries = queries, .keys = keys, .d = d,
            .scale = 1 / sqrtf((float)d), .causal = i % 2,
        };
        kernels->attention(&job, scratch);
        job.output = expected.values;
        portable->attention(&job, scratch);
        judge(v, actual, expected);
        free(q.values);
        free(k.values);
        free(values.values);
        free(scratch);
    }
}

void compare_layer_norm(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(widths); i++) {
        size_t rows = row_counts[i % COUNT(row_counts)], n = widths[i / COUNT(row_counts)];
        matrix x = matrix_random(rows, n, n + i % 3), gain = matrix_random(1, n, n), shift = matrix_random(1, n, n);
        for (size_t j = 0; j < x.size; j++) {
            x.values[j] = x.values[j] * 3 + 10;
        }
        matrix actual = matrix_untouched(rows, n, n + 2), expected = matrix_copy(actual);
        ck_layer_norm job = {
            .x = x.values, .ldx = x.ld, .y = actual.values, .ldy = actual.ld, .gain = gain.values,
            .shift = shift.values, .n = n, .epsilon = 1e-5f,
        };
        kernels->layer_norm(&job, 0, rows / 2);
        kernels->layer_norm(&job, rows / 2, rows);
        job.y = expected.values;
        portable->layer_norm(&job, 0, rows);
        judge(v, actual, expected);
        free(x.values);
        free(gain.values);
        free(shift.values);
    }
}

void compare_softmax(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    static const float scales[] = {1, 0.125f, 100};
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(widths); i++) {
        size_t rows = row_counts[i % COUNT(row_counts)], n = widths[i / COUNT(row_counts)];
        float scale = scales[i % COUNT(scales)];
        matrix x = matrix_random(rows, n, n + i % 3), expected = matrix_untouched(rows, n, n + i % 3);
        matrix actual = i % 2 ? matrix_copy(x) : matrix_copy(expected);
        kernels->softmax(i % 2 ? actual.values : x.values, x.ld, actual.values, actual.ld, n, scale, 0, rows / 2);
        kernels->softmax(i % 2 ? actual.values : x.values, x.ld, actual.values, actual.ld, n, scale, rows / 2, rows);
        portable->softmax(x.values, x.ld, expected.values, expected.ld, n, scale, 0, rows);
        for (size_t j = 0; j < x.size; j++) {
            // In place, the gaps are those of x.
            expected.values[j] = i % 2 && j % x.ld >= n ? x.values[j] : expected.values[j];
        }
        judge(v, actual, expected);
        free(x.values);
    }
}

void compare_mean_rows(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(widths); i++) {
        size_t rows = row_counts[i % COUNT(row_counts)], n = widths[i / COUNT(row_counts)];
        matrix x = matrix_random(rows, n, n + i % 3);
        matrix actual = matrix_untouched(1, n, n), expected = matrix_copy(actual);
        kernels->mean_rows(x.values, x.ld, rows, n, actual.values);
        portable->mean_rows(x.values, x.ld, rows, n, expected.values);
        judge(v, actual, expected);
        free(x.values);
    }
}

void compare_add(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(widths); i++) {
        size_t n = widths[i];
        matrix a = matrix_random(1, n, n), b = matrix_random(1, n, n), expected = matrix_untouched(1, n, n);
        portable->add(a.values, b.values, expected.values, n);
        kernels->add(a.values, b.values, i % 2 ? a.values : b.values, n);
        judge(v, i % 2 ? a : b, expected);
        free(i % 2 ? b.values : a.values);
    }
}

void compare_dot_rows(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(widths); i++) {
        size_t rows = row_counts[i % COUNT(row_counts)], n = widths[i / COUNT(row_counts)];
        matrix m = matrix_random(rows, n, n + i % 3), query = matrix_random(1, n, n);
        matrix actual = matrix_untouched(1, rows, rows), expected = matrix_copy(actual);
        kernels->dot_rows(m.values, m.ld, n, query.values, actual.values, 0, rows / 2);
        kernels->dot_rows(m.values, m.ld, n, query.values, actual.values, rows / 2, rows);
        portable->dot_rows(m.values, m.ld, n, query.values, expected.values, 0, rows);
        judge(v, actual, expected);
        free(m.values);
        free(query.values);
    }
}

enum fill { RANDOM, LARGEST, SMALLEST, ALTERNATING, FILLS };

/// Rows of n bytes as the scan takes them, aligned and `ld` apart, with zeros between them.
static int8_t *make_bytes(enum fill fill, size_t rows, size_t n, size_t ld) {
    int8_t *bytes = aligned_alloc(64, rows * ld);
    for (size_t i = 0; i < rows * ld; i++) {
        int values[FILLS] = {(int)(random_bits() % 255) - 127, 127, -127, i % 2 ? 127 : -127};
        bytes[i] = i % ld < n ? (int8_t)values[fill] : 0;
    }
    return bytes;
}

void compare_dot_rows_int8(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    static const size_t lengths[] = {1, 31, 32, 63, 64, 65, 128, 500, 512, 1 << 16};
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(lengths) * FILLS * FILLS; i++) {
        size_t rows = row_counts[i % COUNT(row_counts)], n = lengths[i / COUNT(row_counts) % COUNT(lengths)];
        size_t fills = i / COUNT(row_counts) / COUNT(lengths), ld = (n + 63) / 64 * 64 + fills % 3 * 64;
        if (n > 1000 && rows != 7) {
            continue;
        }
        int8_t *m = make_bytes((enum fill)(fills % FILLS), rows, n, ld);
        int8_t *query = make_bytes((enum fill)(fills / FILLS), 1, n, ld);
        int32_t *actual = allocate(rows * sizeof *actual), *expected = allocate(rows * sizeof *expected);
        memset(actual, 99, rows * sizeof *actual);
        memset(expected, 99, rows * sizeof *expected);
        // Some rows at either end are left out.
        size_t first = rows / 5, last = rows - rows / 7;
        kernels->dot_rows_int8(m, ld, n, query, actual, first, rows / 2);
        kernels->dot_rows_int8(m, ld, n, query, actual, rows / 2, last);
        portable->dot_rows_int8(m, ld, n, query, expected, first, last);
        judge_bytes(v, actual, expected, rows * sizeof *actual);
        free(m);
        free(query);
    }
}
