#pragma once
#include "matmul.h"

/// A dense convolution over pictures, channels last:
///
/// output[b, y, x, o] = activation(sum + bias[o]) + residual[b, y, x, o],
/// sum = Σ input[b, y·stride + i − top, x·stride + j − left, c] · w[o, i, j, c] over i, j, c
///
/// Weights are packed as for ck_matmul with k = kernel_y · kernel_x · channels in the order (i, j, c). Outside the
/// picture is zero. 1×1 convolutions of stride 1 are ck_matmul over Y·X rows and need no kernel of their own.
typedef struct ck_convolution {
    const float *input;  // [B, in_y, in_x, channels]
    const float *packed;
    const float *bias;      // [outputs] or NULL
    const float *residual;  // [B, out_y, out_x, outputs] or NULL
    float *output;          // [B, out_y, out_x, outputs]
    size_t in_y, in_x, channels;
    size_t out_y, out_x, outputs;
    size_t kernel_y, kernel_x, stride;
    size_t top, left;  // padding; what lies below and right follows from the sizes
    ck_activation activation;
} ck_convolution;

/// A convolution of each channel by itself, channels last; weights [kernel_y][kernel_x][channels].
///
/// The channels may be some of a wider picture's: `ldi`, `ldw` and `ldo` are how many floats apart a pixel of the input, a
/// place of the kernel and a pixel of the output are from the next.
typedef struct ck_depthwise {
    const float *input;    // [B, in_y, in_x, channels]
    size_t ldi;
    const float *weights;  // [kernel_y, kernel_x, channels]
    size_t ldw;
    const float *bias;     // [channels] or NULL
    float *output;         // [B, out_y, out_x, channels]
    size_t ldo;
    size_t in_y, in_x, channels;
    size_t out_y, out_x;
    size_t kernel_y, kernel_x, stride;
    size_t top, left;
    ck_activation activation;
} ck_depthwise;
