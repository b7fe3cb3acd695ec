#pragma once
#include "attention.h"
#include "convolution.h"
#include "integer_matmul.h"
#include "matmul.h"
#include "rows.h"
#include <stdbool.h>
#include <stdint.h>

typedef enum ck_isa {
    CK_ISA_PORTABLE = 0,
    /// x86 with AVX2, FMA and F16C.
    CK_ISA_AVX2 = 1,
    /// 64-bit Arm.
    CK_ISA_NEON = 2,
    /// x86 with AVX-512 F, BW, VL and DQ.
    CK_ISA_AVX512 = 3,
    /// The same with the integer multiply-adds of VNNI.
    CK_ISA_AVX512_VNNI = 4,
    /// 64-bit Arm with the dot-product instructions.
    CK_ISA_NEON_DOTPROD = 5,
} ck_isa;

/// The kernels for one instruction set. Every table computes the same functions; the portable one is the reference.
/// Ranges are half open; calls on disjoint ranges may run at the same time.
typedef struct ck_kernels {
    ck_isa isa;
    const char *name;
    /// Packs rows of w [n, k] into panels [panel0, panel1) of `packed` (see ck_matmul).
    void (*pack)(const float *w, size_t ldw, size_t n, size_t k, float *packed, size_t panel0, size_t panel1);
    /// Packs rows of w [n, k] as `pack` does, rounded to IEEE halves (to the nearest, ties to even).
    void (*pack_half)(const float *w, size_t ldw, size_t n, size_t k, uint16_t *packed, size_t panel0, size_t panel1);
    /// Computes c for panels [panel0, panel1) and rows [row0, row1).
    void (*matmul)(const ck_matmul *job, size_t panel0, size_t panel1, size_t row0, size_t row1);
    /// Rounds rows [row0, row1) of x [m, k] to integers, a scale for each row: `rows` as ck_integer_matmul takes them,
    /// the same bytes by every table. A row that holds an infinity or not-a-number has a scale that is not-a-number,
    /// and so are all its results; a row whose numbers are all below 2⁻¹⁰⁰ counts as zeros.
    void (*quantize_rows)(
        ck_integer kind, const float *x, size_t ldx, size_t k, void *rows, size_t row0, size_t row1);
    /// Computes c for panels [panel0, panel1) and rows [row0, row1).
    void (*integer_matmul)(
        const ck_integer_matmul *job, size_t panel0, size_t panel1, size_t row0, size_t row1);
    /// Computes output rows [row0, row1) of the B · out_y there are.
    void (*convolution)(const ck_convolution *job, size_t row0, size_t row1);
    void (*depthwise)(const ck_depthwise *job, size_t row0, size_t row1);
    /// `scratch`: ck_attention_scratch floats, 64-byte aligned.
    void (*attention)(const ck_attention *job, float *scratch);
    void (*layer_norm)(const ck_layer_norm *job, size_t row0, size_t row1);
    /// y[r] = softmax(x[r] · scale) for rows [row0, row1); y may be x.
    void (*softmax)(const float *x, size_t ldx, float *y, size_t ldy, size_t n, float scale, size_t row0, size_t row1);
    /// y[i] = mean over r < rows of x[r, i], for i < n.
    void (*mean_rows)(const float *x, size_t ldx, size_t rows, size_t n, float *y);
    /// y[i] = a[i] + b[i]; y may be either.
    void (*add)(const float *a, const float *b, float *y, size_t n);
    /// out[p, c] = rgb[p, c] · scale[c] + offset[c], for p < pixels, c < 3: bytes to a normalised picture.
    void (*normalize_rgb)(const uint8_t *rgb, size_t pixels, const float scale[3], const float offset[3], float *out);
    /// out[r] = Σᵢ matrix[r, i] · query[i] for rows [row0, row1).
    void (*dot_rows)(
        const float *matrix, size_t ld, size_t n, const float *query, float *out, size_t row0, size_t row1);
    /// out[r] = Σᵢ matrix[r, i] · query[i] for rows [row0, row1), exact in 32-bit integers.
    ///
    /// Values are −127 … 127 (never −128, whose magnitude a signed byte cannot hold) and n ≤ 2¹⁶. A row may be read to
    /// the next multiple of 64 after n: `matrix` is 64-byte aligned, ld ≥ n is a multiple of 64, `query` has ld values
    /// too, and what lies past n is zero in both.
    void (*dot_rows_int8)(
        const int8_t *matrix, size_t ld, size_t n, const int8_t *query, int32_t *out, size_t row0, size_t row1);
} ck_kernels;

/// The table for `isa`, or NULL where this processor or build cannot run it.
const ck_kernels *ck_kernels_for(ck_isa isa);

/// The fastest table this processor runs.
const ck_kernels *ck_kernels_best(void);

/// Whether each of n numbers is an IEEE half: finite, and the same after rounding to one.
bool ck_are_halves(const float *x, size_t n);

/// The floats that packed weights [n, k] take.
size_t ck_packed_size(size_t n, size_t k);
