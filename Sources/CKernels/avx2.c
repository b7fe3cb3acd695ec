// The kernels for x86 processors with AVX2 and FMA. The package is compiled for any x86-64, so these functions, and no
// others, are compiled for the instructions they need; dispatch.c hands them out where the processor has them.
#include "kernels.h"
#include "tables.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#include "avx2_vector.h"
#include "avx2_integer.h"
#include "simd_math.h"
#include "simd_tile.h"
#include "simd_product.h"
#include "simd_matmul.h"
#include "simd_half.h"
#include "simd_integer.h"
#include "simd_convolution.h"
#include "simd_depthwise.h"
#include "simd_rows.h"
#include "simd_attention.h"

#define DOT(name) name##_plain
#include "simd_integer_matmul.h"
#include "simd_scan.h"
#undef DOT

#pragma clang attribute pop

const ck_kernels ck_avx2_kernels = {
    .isa = CK_ISA_AVX2,
    .name = "avx2",
    .pack = pack,
    .matmul = matmul,
    .pack_half = pack_half,
    .quantize_rows = quantize_rows,
    .integer_matmul = integer_matmul_plain,
    .convolution = convolution,
    .depthwise = depthwise,
    .attention = attention,
    .layer_norm = layer_norm,
    .softmax = softmax,
    .mean_rows = mean_rows,
    .add = add,
    .normalize_rgb = normalize_rgb,
    .dot_rows = dot_rows,
    .dot_rows_int8 = dot_rows_int8_plain,
};

#endif
