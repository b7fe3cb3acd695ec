// The reference kernels, one function an entry of ck_kernels: plain loops whose only virtue is to be plainly right.
#pragma once
#include "kernels.h"

void ck_portable_pack(const float *w, size_t ldw, size_t n, size_t k, float *packed, size_t panel0, size_t panel1);
void ck_portable_matmul(const ck_matmul *job, size_t panel0, size_t panel1, size_t row0, size_t row1);
void ck_portable_pack_half(
    const float *w, size_t ldw, size_t n, size_t k, uint16_t *packed, size_t panel0, size_t panel1);
void ck_portable_quantize_rows(
    ck_integer kind, const float *x, size_t ldx, size_t k, void *rows, size_t row0, size_t row1);
void ck_portable_integer_matmul(
    const ck_integer_matmul *job, size_t panel0, size_t panel1, size_t row0, size_t row1);
void ck_portable_convolution(const ck_convolution *job, size_t row0, size_t row1);
void ck_portable_depthwise(const ck_depthwise *job, size_t row0, size_t row1);
void ck_portable_attention(const ck_attention *job, float *scratch);
void ck_portable_layer_norm(const ck_layer_norm *job, size_t row0, size_t row1);
void ck_portable_softmax(
    const float *x, size_t ldx, float *y, size_t ldy, size_t n, float scale, size_t row0, size_t row1);
void ck_portable_mean_rows(const float *x, size_t ldx, size_t rows, size_t n, float *y);
void ck_portable_add(const float *a, const float *b, float *y, size_t n);
void ck_portable_normalize_rgb(
    const uint8_t *rgb, size_t pixels, const float scale[3], const float offset[3], float *out);
void ck_portable_dot_rows(
    const float *matrix, size_t ld, size_t n, const float *query, float *out, size_t row0, size_t row1);
void ck_portable_dot_rows_int8(
    const int8_t *matrix, size_t ld, size_t n, const int8_t *query, int32_t *out, size_t row0, size_t row1);

/// The number that an IEEE half stands for.
float ck_portable_float(uint16_t half);

/// activation(x), by the functions of the C library.
float ck_portable_activate(float x, ck_activation activation);
