// What every instruction set agrees on in integer products: the ranges, and the layout of panels and rows that
// include/integer_matmul.h describes.
//
// Activations of CK_INT8 are stored with a zero point, q + 64 in 1 … 127. Such a byte reads the same signed or
// unsigned, so one representation suits instructions that multiply unsigned by signed bytes (x86) and those that
// multiply signed by signed ones (Arm); and in seven bits a pair of products, at most 2 · 127 · 127, fits the 16 bits
// that vpmaddubsw saturates to. The price is one offset for each column, 64 · Σₖ w, taken from the sum at the end.
//
// With CK_INT16 the range of the activations is traded against that of the weights: Σ |q| · range fits 32 bits. Of the
// powers of two, 4095 loses least over depths of 384 to 4096 with and without outliers in the activations (a cosine of
// 1 − 3e-6 at worst): half as much costs rows with outliers, twice as much the weights of deep products.
#pragma once
#include "integer_matmul.h"
#include "layout.h"
#include <math.h>
#include <string.h>

enum {
    CK_INT8_ACTIVATION = 63,
    CK_INT8_ZERO = 64,
    CK_INT8_WEIGHT = 127,
    CK_INT16_ACTIVATION = 4095,
    CK_INT16_WEIGHT = 32767,
    /// A quantised row is its scale, a float, and from this byte on its values. A cache line of its own keeps the
    /// values aligned, and keeps rows of 1024, 2048, … values from being a page apart, where their addresses collide.
    CK_INTEGER_ROW_HEAD = 64,
    /// A panel is 16 scales and 16 offsets, and from this byte on its weights.
    CK_INTEGER_PANEL_HEAD = CK_PANEL * (sizeof(float) + sizeof(int32_t)),
    /// The bytes of a panel, and of a row, that one step of a product takes: four or two neighbours of k.
    CK_INTEGER_PANEL_STEP = CK_PANEL * 4,
    CK_INTEGER_ROW_STEP = 4,
};

/// How many steps of a product k takes.
static inline size_t ck_integer_steps(ck_integer kind, size_t k) {
    size_t step = kind == CK_INT8 ? 4 : 2;
    return (k + step - 1) / step;
}

static inline size_t ck_integer_panel_bytes(ck_integer kind, size_t k) {
    return CK_INTEGER_PANEL_HEAD + ck_integer_steps(kind, k) * CK_INTEGER_PANEL_STEP;
}

/// How a row of floats becomes integers: q = x · factor to the nearest, ties to even, and x ≈ q · scale.
typedef struct ck_quantization {
    float factor, scale;
} ck_quantization;

/// `highest` is the largest magnitude of a row as the bits of a float, which order like integers: an infinity comes
/// after every number, and not-a-number after it. A row that holds either has no factor and a scale of not-a-number. A
/// row of less than 2⁻¹⁰⁰ counts as zeros, for its factor could be infinite.
static inline ck_quantization ck_quantization_make(ck_integer kind, int32_t highest) {
    float magnitude;
    memcpy(&magnitude, &highest, sizeof magnitude);
    if (!(magnitude < INFINITY)) {
        return (ck_quantization){0, NAN};
    }
    if (magnitude < 0x1p-100f) {
        return (ck_quantization){0, 0};
    }
    float range = kind == CK_INT8 ? CK_INT8_ACTIVATION : CK_INT16_ACTIVATION;
    return (ck_quantization){range / magnitude, magnitude / range};
}

/// The bits of |x|.
static inline int32_t ck_magnitude_bits(float x) {
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits & 0x7fffffff;
}
