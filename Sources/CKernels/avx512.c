// The kernels for x86 processors with AVX-512, in two tables: integer products are faster where the processor has
// VNNI as well. A test build emulates the intrinsics (CK_SIMDE) and needs no target.
#include "kernels.h"
#include "tables.h"

#if defined(__x86_64__)
#ifdef CK_SIMDE
#include "simde_avx512.h"
#else
#include <immintrin.h>
#endif
#include <math.h>
#include <stdbool.h>
#include <string.h>

#ifndef CK_SIMDE
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma,f16c"))), apply_to = function)
#endif

#include "avx512_vector.h"
#include "avx512_integer.h"
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

#ifndef CK_SIMDE
#pragma clang attribute pop
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma,f16c,avx512vnni"))), apply_to = function)
#endif

INLINE ivec dot_int8_vnni(ivec sum, weights_int8 w, row_step x) { return _mm512_dpbusd_epi32(sum, x, w); }
INLINE ivec dot_int16_vnni(ivec sum, weights_int16 w, row_step x) {
#ifdef CK_SIMDE
    return _mm512_dpwssd_epi32(sum, x, w);
#else
    // Of the intrinsic clang makes a multiplication and an addition, to shorten chains that are not what a tile waits for.
    __asm__("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(w), "v"(x));
    return sum;
#endif
}
INLINE ivec scan_int8_vnni(ivec sum, const int8_t *x, query_step q) {
    return dot_int8_vnni(sum, give_signs(q, load_int8(x)), q.magnitudes);
}

#define DOT(name) name##_vnni
#include "simd_integer_matmul.h"
#include "simd_scan.h"
#undef DOT

#ifndef CK_SIMDE
#pragma clang attribute pop
#endif

// What the two tables have in common.
#define COMMON                      \
    .pack = pack,                   \
    .matmul = matmul,               \
    .pack_half = pack_half,         \
    .quantize_rows = quantize_rows, \
    .convolution = convolution,     \
    .depthwise = depthwise,         \
    .attention = attention,         \
    .layer_norm = layer_norm,       \
    .softmax = softmax,             \
    .mean_rows = mean_rows,         \
    .add = add,                     \
    .normalize_rgb = normalize_rgb, \
    .dot_rows = dot_rows

const ck_kernels ck_avx512_kernels = {
    .isa = CK_ISA_AVX512, .name = "avx512", .integer_matmul = integer_matmul_plain,
    .dot_rows_int8 = dot_rows_int8_plain, COMMON,
};

const ck_kernels ck_avx512_vnni_kernels = {
    .isa = CK_ISA_AVX512_VNNI, .name = "avx512-vnni", .integer_matmul = integer_matmul_vnni,
    .dot_rows_int8 = dot_rows_int8_vnni, COMMON,
};

#endif
