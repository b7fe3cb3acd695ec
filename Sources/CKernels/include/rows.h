#pragma once
#include <stddef.h>
#include <stdint.h>

/// y[r, i] = (x[r, i] − mean_r) / √(variance_r + epsilon) · gain[i] + shift[i]; y may be x.
typedef struct ck_layer_norm {
    const float *x;
    size_t ldx;
    float *y;
    size_t ldy;
    const float *gain, *shift;  // [n]
    size_t n;
    float epsilon;
} ck_layer_norm;
