#include "portable.h"
#include <math.h>

void ck_portable_layer_norm(const ck_layer_norm *job, size_t row0, size_t row1) {
    for (size_t row = row0; row < row1; row++) {
        const float *x = job->x + row * job->ldx;
        float *y = job->y + row * job->ldy;
        double sum = 0, squares = 0;
        for (size_t i = 0; i < job->n; i++) {
            sum += x[i];
        }
        double mean = sum / (double)job->n;
        for (size_t i = 0; i < job->n; i++) {
            squares += (x[i] - mean) * (x[i] - mean);
        }
        double inverse = 1 / sqrt(squares / (double)job->n + job->epsilon);
        for (size_t i = 0; i < job->n; i++) {
            y[i] = (float)((x[i] - mean) * inverse) * job->gain[i] + job->shift[i];
        }
    }
}

void ck_portable_softmax(
    const float *x, size_t ldx, float *y, size_t ldy, size_t n, float scale, size_t row0, size_t row1) {
    for (size_t row = row0; row < row1; row++) {
        const float *from = x + row * ldx;
        float *to = y + row * ldy;
        float highest = -INFINITY;
        for (size_t i = 0; i < n; i++) {
            highest = fmaxf(highest, from[i] * scale);
        }
        float sum = 0;
        for (size_t i = 0; i < n; i++) {
            to[i] = expf(from[i] * scale - highest);
            sum += to[i];
        }
        for (size_t i = 0; i < n; i++) {
            to[i] /= sum;
        }
    }
}

void ck_portable_mean_rows(const float *x, size_t ldx, size_t rows, size_t n, float *y) {
    for (size_t i = 0; i < n; i++) {
        float sum = 0;
        for (size_t row = 0; row < rows; row++) {
            sum += x[row * ldx + i];
        }
        y[i] = sum / (float)rows;
    }
}

void ck_portable_add(const float *a, const float *b, float *y, size_t n) {
    for (size_t i = 0; i < n; i++) {
        y[i] = a[i] + b[i];
    }
}

void ck_portable_normalize_rgb(
    const uint8_t *rgb, size_t pixels, const float scale[3], const float offset[3], float *out) {
    for (size_t i = 0; i < pixels * 3; i++) {
        out[i] = (float)rgb[i] * scale[i % 3] + offset[i % 3];
    }
}

void ck_portable_dot_rows(
    const float *matrix, size_t ld, size_t n, const float *query, float *out, size_t row0, size_t row1) {
    for (size_t row = row0; row < row1; row++) {
        float sum = 0;
        for (size_t i = 0; i < n; i++) {
            sum += matrix[row * ld + i] * query[i];
        }
        out[row] = sum;
    }
}

void ck_portable_dot_rows_int8(
    const int8_t *matrix, size_t ld, size_t n, const int8_t *query, int32_t *out, size_t row0, size_t row1) {
    for (size_t row = row0; row < row1; row++) {
        int32_t sum = 0;
        for (size_t i = 0; i < n; i++) {
            sum += matrix[row * ld + i] * query[i];
        }
        out[row] = sum;
    }
}
