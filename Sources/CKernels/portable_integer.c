#include "integer_layout.h"
#include "portable.h"
#include <math.h>
#include <string.h>

size_t ck_integer_packed_bytes(ck_integer kind, size_t n, size_t k) {
    return ck_round_up(n, CK_PANEL) / CK_PANEL * ck_integer_panel_bytes(kind, k);
}

size_t ck_integer_row_bytes(ck_integer kind, size_t k) {
    return CK_INTEGER_ROW_HEAD + ck_round_up(ck_integer_steps(kind, k) * CK_INTEGER_ROW_STEP, 64);
}

/// x to the nearest integer, ties to even, for |x| < 2²²: a number of 1.5 · 2²³ and more has no bits for a fraction. A
/// compiler makes vectors of this, and a call into the C library of lrintf.
static int32_t nearest(float x) {
    return (int32_t)(x + 0x1.8p23f - 0x1.8p23f);
}

/// The factor that takes the weights of a column to integers, and its inverse.
///
/// With CK_INT16 it has two bounds, 16 bits for a weight and 32 bits for a sum. Rounding adds at most a half to each
/// weight, so Σ |q| ≤ factor · Σ |w| + k / 2, and no sum of activations times q passes the product of Σ |q| with the
/// largest activation. One is kept back for the rounding of the factor.
static ck_quantization column_quantization(ck_integer kind, const float *w, size_t k) {
    float highest = 0;
    double sum = 0;
    for (size_t i = 0; i < k; i++) {
        float magnitude = fabsf(w[i]);
        if (!(magnitude < INFINITY)) {
            return (ck_quantization){0, NAN};
        }
        highest = magnitude > highest ? magnitude : highest;
        sum += magnitude;
    }
    if (highest < 0x1p-100f) {
        return (ck_quantization){0, 0};
    }
    if (kind == CK_INT8) {
        return (ck_quantization){CK_INT8_WEIGHT / highest, highest / CK_INT8_WEIGHT};
    }
    double most = INT32_MAX / CK_INT16_ACTIVATION - (double)k / 2 - 1;
    double factor = fmin((double)CK_INT16_WEIGHT / highest, most / sum);
    return (ck_quantization){(float)factor, (float)(1 / factor)};
}

void ck_pack_integer(
    ck_integer kind, const float *w, size_t ldw, size_t n, size_t k, void *packed, size_t panel0, size_t panel1) {
    size_t bytes = ck_integer_panel_bytes(kind, k), step = kind == CK_INT8 ? 4 : 2;
    for (size_t panel = panel0; panel < panel1; panel++) {
        char *to = (char *)packed + panel * bytes;
        memset(to, 0, bytes);
        float *scales = (float *)to;
        int32_t *offsets = (int32_t *)(scales + CK_PANEL);
        for (size_t j = 0; j < CK_PANEL && panel * CK_PANEL + j < n; j++) {
            const float *from = w + (panel * CK_PANEL + j) * ldw;
            ck_quantization q = column_quantization(kind, from, k);
            scales[j] = q.scale;
            if (q.factor == 0) {
                continue;
            }
            char *column = to + CK_INTEGER_PANEL_HEAD + j * CK_INTEGER_ROW_STEP;
            int32_t sum = 0;
            for (size_t i = 0; i < k; i++) {
                int32_t value = nearest(from[i] * q.factor);
                char *place = column + i / step * CK_INTEGER_PANEL_STEP;
                if (kind == CK_INT8) {
                    ((int8_t *)place)[i % 4] = (int8_t)value;
                    sum += value;
                } else {
                    ((int16_t *)place)[i % 2] = (int16_t)value;
                }
            }
            offsets[j] = sum * CK_INT8_ZERO;
        }
    }
}

void ck_portable_quantize_rows(
    ck_integer kind, const float *x, size_t ldx, size_t k, void *rows, size_t row0, size_t row1) {
    size_t bytes = ck_integer_row_bytes(kind, k);
    for (size_t row = row0; row < row1; row++) {
        const float *from = x + row * ldx;
        char *to = (char *)rows + row * bytes;
        int32_t highest = 0;
        for (size_t i = 0; i < k; i++) {
            int32_t bits = ck_magnitude_bits(from[i]);
            highest = bits > highest ? bits : highest;
        }
        ck_quantization q = ck_quantization_make(kind, highest);
        *(float *)to = q.scale;
        char *values = to + CK_INTEGER_ROW_HEAD;
        memset(values, kind == CK_INT8 ? CK_INT8_ZERO : 0, bytes - CK_INTEGER_ROW_HEAD);
        if (q.factor == 0) {
            continue;
        }
        for (size_t i = 0; i < k; i++) {
            int32_t value = nearest(from[i] * q.factor);
            if (kind == CK_INT8) {
                ((uint8_t *)values)[i] = (uint8_t)(value + CK_INT8_ZERO);
            } else {
                ((int16_t *)values)[i] = (int16_t)value;
            }
        }
    }
}

/// Σₖ of one row and one column, before the offset.
static int32_t sum_of(ck_integer kind, const char *row, const char *column, size_t k) {
    int32_t sum = 0;
    for (size_t i = 0; i < k; i++) {
        if (kind == CK_INT8) {
            int32_t w = ((const int8_t *)(column + i / 4 * CK_INTEGER_PANEL_STEP))[i % 4];
            sum += ((const uint8_t *)row)[i] * w;
        } else {
            int32_t w = ((const int16_t *)(column + i / 2 * CK_INTEGER_PANEL_STEP))[i % 2];
            sum += ((const int16_t *)row)[i] * w;
        }
    }
    return sum;
}

void ck_portable_integer_matmul(
    const ck_integer_matmul *job, size_t panel0, size_t panel1, size_t row0, size_t row1) {
    size_t panel_bytes = ck_integer_panel_bytes(job->kind, job->k);
    size_t row_bytes = ck_integer_row_bytes(job->kind, job->k);
    size_t column1 = panel1 * CK_PANEL < job->n ? panel1 * CK_PANEL : job->n;
    for (size_t row = row0; row < row1; row++) {
        const char *from = (const char *)job->rows + row * row_bytes;
        for (size_t column = panel0 * CK_PANEL; column < column1; column++) {
            size_t place = column % CK_PANEL;
            const char *panel = (const char *)job->packed + column / CK_PANEL * panel_bytes;
            const float *scales = (const float *)panel;
            const int32_t *offsets = (const int32_t *)(scales + CK_PANEL);
            const char *weights = panel + CK_INTEGER_PANEL_HEAD + place * CK_INTEGER_ROW_STEP;
            int32_t sum = sum_of(job->kind, from + CK_INTEGER_ROW_HEAD, weights, job->k) - offsets[place];
            float value = (float)sum * (*(const float *)from * scales[place]);
            if (job->bias) {
                value += job->bias[column];
            }
            value = ck_portable_activate(value, job->activation);
            if (job->residual) {
                value += job->residual[row * job->ldr + column];
            }
            job->c[row * job->ldc + column] = value;
        }
    }
}
