#include "support.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

uint32_t random_bits(void) {
    static uint32_t state = 20240229;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

float random_float(void) {
    return (float)random_bits() / 2147483648.0f - 1;
}

void *allocate(size_t bytes) {
    // Rounding the size up for the sake of alignment would hide a step past the end.
    void *memory = malloc(bytes > 0 ? bytes : 1);
    if (!memory) {
        fprintf(stderr, "out of memory\n");
        exit(2);
    }
    return memory;
}

matrix matrix_make(size_t rows, size_t columns, size_t ld) {
    size_t size = rows > 0 ? (rows - 1) * ld + columns : 0;
    return (matrix){allocate(size * sizeof(float)), rows, columns, ld, size};
}

matrix matrix_random(size_t rows, size_t columns, size_t ld) {
    matrix m = matrix_make(rows, columns, ld);
    for (size_t i = 0; i < m.size; i++) {
        m.values[i] = i % ld < columns || ld < columns ? random_float() : NAN;
    }
    return m;
}

matrix matrix_untouched(size_t rows, size_t columns, size_t ld) {
    matrix m = matrix_make(rows, columns, ld);
    for (size_t i = 0; i < m.size; i++) {
        m.values[i] = untouched;
    }
    return m;
}

matrix matrix_copy(matrix m) {
    matrix copy = matrix_make(m.rows, m.columns, m.ld);
    memcpy(copy.values, m.values, m.size * sizeof(float));
    return copy;
}

void judge(verdict *v, matrix actual, matrix expected) {
    double scale = v->least, difference = 0;
    for (size_t i = 0; i < expected.size; i++) {
        if (i % expected.ld >= expected.columns) {
            v->strayed |= memcmp(&actual.values[i], &expected.values[i], sizeof(float)) != 0;
            continue;
        }
        double magnitude = fabs(expected.values[i]), gap = fabs((double)actual.values[i] - expected.values[i]);
        scale = magnitude > scale ? magnitude : scale;
        difference = gap > difference || isnan(gap) ? gap : difference;
    }
    v->cases++;
    v->worst = difference / scale > v->worst || isnan(difference) ? difference / scale : v->worst;
    free(actual.values);
    free(expected.values);
}

void judge_bytes(verdict *v, void *actual, void *expected, size_t size) {
    v->cases++;
    v->worst = memcmp(actual, expected, size) != 0 ? INFINITY : v->worst;
    free(actual);
    free(expected);
}

bool report(const verdict *v) {
    bool passed = v->cases > 0 && v->worst <= v->tolerance && !v->strayed;
    printf(
        "%-12s %-16s %5zu cases, worst difference %.1e of %.0e allowed%s: %s\n", v->isa, v->kernel, v->cases, v->worst,
        v->tolerance, v->strayed ? ", wrote between rows" : "", passed ? "ok" : "FAILED");
    return passed;
}
