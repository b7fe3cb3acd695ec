// Pillow-exact resampling of RGB bytes. The loops are written once, on vectors of eight 32-bit sums, and compiled for AVX2
// on x86 and for NEON, which every arm64 has, there; the plain loops in portable_resample.c are what they are held
// against. Integer sums are the same in any order, and 22 fraction bits leave room for
// 255 times a kernel with negative lobes.
#include "resample.h"
#include <string.h>

#define ALWAYS_INLINE static inline __attribute__((always_inline))

typedef uint8_t u8x8 __attribute__((vector_size(8)));
typedef int32_t i32x8 __attribute__((vector_size(32)));

enum { LANES = 8, ROUNDING = 1 << (CK_RESAMPLE_BITS - 1) };

/// How many rows share one reading of the weights, which for large pictures do not stay in the first-level cache.
enum { ROWS = 4 };

#define LOAD_BYTES(p) ({ u8x8 bytes_; memcpy(&bytes_, (p), sizeof bytes_); __builtin_convertvector(bytes_, i32x8); })
#define LOAD_WEIGHTS(p) ({ i32x8 weights_; memcpy(&weights_, (p), sizeof weights_); weights_; })

ALWAYS_INLINE uint8_t clip(int32_t sum) {
    int32_t value = sum >> CK_RESAMPLE_BITS;
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/// One output column of `rows` rows. Lane i of the three vectors belongs to channel i mod 3 of 24 bytes, eight pixels.
ALWAYS_INLINE void horizontal_column(const ck_resample *pass, size_t row, size_t rows, size_t column) {
    const int32_t *weights = pass->weights + column * pass->taps * 3;
    const uint8_t *window = pass->input + row * pass->input_stride + (size_t)pass->starts[column] * 3;
    size_t whole = pass->taps / LANES * LANES;
    i32x8 sums[ROWS][3] = {0};
    for (size_t tap = 0; tap < whole; tap += LANES) {
        i32x8 w0 = LOAD_WEIGHTS(weights + tap * 3);
        i32x8 w1 = LOAD_WEIGHTS(weights + tap * 3 + LANES);
        i32x8 w2 = LOAD_WEIGHTS(weights + tap * 3 + 2 * LANES);
        for (size_t r = 0; r < rows; r++) {
            const uint8_t *pixels = window + r * pass->input_stride + tap * 3;
            sums[r][0] += LOAD_BYTES(pixels) * w0;
            sums[r][1] += LOAD_BYTES(pixels + LANES) * w1;
            sums[r][2] += LOAD_BYTES(pixels + 2 * LANES) * w2;
        }
    }
    for (size_t r = 0; r < rows; r++) {
        i32x8 a = sums[r][0], b = sums[r][1], c = sums[r][2];
        int32_t red = ROUNDING + a[0] + a[3] + a[6] + b[1] + b[4] + b[7] + c[2] + c[5];
        int32_t green = ROUNDING + a[1] + a[4] + a[7] + b[2] + b[5] + c[0] + c[3] + c[6];
        int32_t blue = ROUNDING + a[2] + a[5] + b[0] + b[3] + b[6] + c[1] + c[4] + c[7];
        const uint8_t *pixels = window + r * pass->input_stride;
        for (size_t tap = whole; tap < pass->taps; tap++) {
            red += pixels[tap * 3] * weights[tap * 3];
            green += pixels[tap * 3 + 1] * weights[tap * 3];
            blue += pixels[tap * 3 + 2] * weights[tap * 3];
        }
        uint8_t *output = pass->output + (row + r) * pass->output_stride + column * 3;
        output[0] = clip(red);
        output[1] = clip(green);
        output[2] = clip(blue);
    }
}

ALWAYS_INLINE void horizontal(const ck_resample *pass) {
    size_t row = 0;
    for (; row + ROWS <= pass->lines; row += ROWS)
        for (size_t column = 0; column < pass->outputs; column++) horizontal_column(pass, row, ROWS, column);
    for (; row < pass->lines; row++)
        for (size_t column = 0; column < pass->outputs; column++) horizontal_column(pass, row, 1, column);
}

/// One output row: a weighted sum of `taps` input rows, 32 bytes at a time so that the sums stay in registers.
ALWAYS_INLINE void vertical_row(const ck_resample *pass, size_t output_row) {
    const int32_t *weights = pass->weights + output_row * pass->taps;
    const uint8_t *window = pass->input + (size_t)pass->starts[output_row] * pass->input_stride;
    uint8_t *output = pass->output + output_row * pass->output_stride;
    size_t x = 0;
    for (; x + 4 * LANES <= pass->lines; x += 4 * LANES) {
        i32x8 sums[4];
        for (size_t i = 0; i < 4; i++) sums[i] = (i32x8){0} + ROUNDING;
        for (size_t tap = 0; tap < pass->taps; tap++) {
            const uint8_t *bytes = window + tap * pass->input_stride + x;
            for (size_t i = 0; i < 4; i++) sums[i] += LOAD_BYTES(bytes + i * LANES) * weights[tap];
        }
        for (size_t i = 0; i < 4; i++)
            for (size_t lane = 0; lane < LANES; lane++) output[x + i * LANES + lane] = clip(sums[i][lane]);
    }
    for (; x < pass->lines; x++) {
        int32_t sum = ROUNDING;
        for (size_t tap = 0; tap < pass->taps; tap++) sum += window[tap * pass->input_stride + x] * weights[tap];
        output[x] = clip(sum);
    }
}

ALWAYS_INLINE void vertical(const ck_resample *pass) {
    for (size_t row = 0; row < pass->outputs; row++) vertical_row(pass, row);
}

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
static void horizontal_avx2(const ck_resample *pass) { horizontal(pass); }
static void vertical_avx2(const ck_resample *pass) { vertical(pass); }
#pragma clang attribute pop

const ck_resample_kernels *ck_resample_best(void) {
    static const ck_resample_kernels kernels = {"avx2", horizontal_avx2, vertical_avx2};
    return __builtin_cpu_supports("avx2") ? &kernels : ck_resample_portable();
}

#elif defined(__aarch64__)

static void horizontal_neon(const ck_resample *pass) { horizontal(pass); }
static void vertical_neon(const ck_resample *pass) { vertical(pass); }

const ck_resample_kernels *ck_resample_best(void) {
    static const ck_resample_kernels kernels = {"neon", horizontal_neon, vertical_neon};
    return &kernels;
}

#else

const ck_resample_kernels *ck_resample_best(void) { return ck_resample_portable(); }

#endif
