// The kernels for 64-bit Arm, every one of which has NEON.
#include "kernels.h"
#include "tables.h"

#if defined(__aarch64__)
#include "neon_vector.h"

#include "simd_math.h"
#include "simd_tile.h"
#include "simd_matmul.h"
#include "simd_convolution.h"
#include "simd_depthwise.h"
#include "simd_rows.h"
#include "simd_attention.h"

const ck_kernels ck_neon_kernels = {
    .isa = CK_ISA_NEON,
    .name = "neon",
    .pack = pack,
    .matmul = matmul,
    .convolution = convolution,
    .depthwise = depthwise,
    .attention = attention,
    .layer_norm = layer_norm,
    .softmax = softmax,
    .mean_rows = mean_rows,
    .add = add,
    .normalize_rgb = normalize_rgb,
    .dot_rows = dot_rows,
};

#endif
