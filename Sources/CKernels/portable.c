#include "portable.h"
#include "tables.h"

const ck_kernels ck_portable_kernels = {
    .isa = CK_ISA_PORTABLE,
    .name = "portable",
    .pack = ck_portable_pack,
    .matmul = ck_portable_matmul,
    .pack_half = ck_portable_pack_half,
    .quantize_rows = ck_portable_quantize_rows,
    .integer_matmul = ck_portable_integer_matmul,
    .convolution = ck_portable_convolution,
    .depthwise = ck_portable_depthwise,
    .attention = ck_portable_attention,
    .layer_norm = ck_portable_layer_norm,
    .softmax = ck_portable_softmax,
    .mean_rows = ck_portable_mean_rows,
    .add = ck_portable_add,
    .normalize_rgb = ck_portable_normalize_rgb,
    .dot_rows = ck_portable_dot_rows,
    .dot_rows_int8 = ck_portable_dot_rows_int8,
};
