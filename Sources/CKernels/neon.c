// The kernels for 64-bit Arm, every one of which has NEON, in two tables: products of bytes are faster where the
// processor has the dot-product instructions as well.
#include "kernels.h"
#include "tables.h"

#if defined(__aarch64__)
#include "neon_vector.h"
#include "neon_integer.h"

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

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

INLINE ivec dot_int8_dotprod(ivec sum, weights_int8 w, row_step x) {
    int8x16_t bytes = vreinterpretq_s8_s32(x);
    return (ivec){vdotq_s32(sum.low, w.low, bytes), vdotq_s32(sum.high, w.high, bytes)};
}
INLINE ivec dot_int16_dotprod(ivec sum, weights_int16 w, row_step x) { return dot_int16_plain(sum, w, x); }
INLINE ivec scan_int8_dotprod(ivec sum, const int8_t *x, query_step q) {
    weights_int8 row = load_int8(x);
    return (ivec){vdotq_s32(sum.low, row.low, q.low), vdotq_s32(sum.high, row.high, q.high)};
}

#define DOT(name) name##_dotprod
#include "simd_integer_matmul.h"
#include "simd_scan.h"
#undef DOT

#pragma clang attribute pop

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

const ck_kernels ck_neon_kernels = {
    .isa = CK_ISA_NEON, .name = "neon", .integer_matmul = integer_matmul_plain,
    .dot_rows_int8 = dot_rows_int8_plain, COMMON,
};

const ck_kernels ck_neon_dotprod_kernels = {
    .isa = CK_ISA_NEON_DOTPROD, .name = "neon-dotprod", .integer_matmul = integer_matmul_dotprod,
    .dot_rows_int8 = dot_rows_int8_dotprod, COMMON,
};

#endif
