#pragma once
#include <stddef.h>
#include <stdint.h>

/// The fraction bits of a resampling weight.
enum { CK_RESAMPLE_BITS = 22 };

/// One pass of a separable resize of interleaved RGB bytes, in the fixed point of Pillow's ImagingResample:
/// output[o] = clip((2²¹ + Σₜ weights[o, t] · input[starts[o] + t]) >> 22), t < taps.
///
/// Every output has the same number of taps; a shorter window is filled up with zero weights inside the picture.
/// Distances between rows are in bytes. Nothing outside the windows is read.
typedef struct ck_resample {
    const uint8_t *input;  // [rows, X, 3] for the horizontal pass, [Y, columns, 3] for the vertical one
    size_t input_stride;
    uint8_t *output;  // [rows, outputs, 3], or [outputs, columns, 3]
    size_t output_stride;
    size_t lines;  // rows of the horizontal pass; bytes in a row (3 · columns) of the vertical pass
    size_t outputs;
    size_t taps;
    const int32_t *starts;   // [outputs]
    const int32_t *weights;  // horizontal: [outputs, taps, 3], each weight three times; vertical: [outputs, taps]
} ck_resample;

/// The two passes for one instruction set. Every table computes the same bytes.
typedef struct ck_resample_kernels {
    const char *name;
    void (*horizontal)(const ck_resample *pass);
    void (*vertical)(const ck_resample *pass);
} ck_resample_kernels;

/// Plain loops for every processor: what the others are held against.
const ck_resample_kernels *ck_resample_portable(void);

/// The fastest table this processor runs.
const ck_resample_kernels *ck_resample_best(void);
