#pragma once
#include <stddef.h>

/// What happens to a sum before it is stored.
typedef enum ck_activation {
    CK_ACTIVATION_NONE = 0,
    CK_ACTIVATION_RELU = 1,
    CK_ACTIVATION_RELU6 = 2,
    /// x · Φ(x), by the error function (absolute error of erf ≤ 1.5e-7).
    CK_ACTIVATION_GELU = 3,
    /// x · sigmoid(1.702 x), as OpenAI's CLIP.
    CK_ACTIVATION_QUICK_GELU = 4,
    /// The tanh approximation of GELU.
    CK_ACTIVATION_GELU_TANH = 5,
    /// x · sigmoid(x).
    CK_ACTIVATION_SILU = 6,
} ck_activation;

/// The width of a panel of packed weights, in output columns.
enum { CK_PANEL = 16 };

/// The most panels that a kernel multiplies at once, and those where there are only a few rows.
enum { CK_TILE_PANELS = 3, CK_FEW_ROWS = 24, CK_FEW_ROWS_PANELS = 2 };

/// How packed weights are stored.
typedef enum ck_weights {
    CK_WEIGHTS_FLOAT = 0,
    /// IEEE halves, each of which becomes a float before it is multiplied: the product is that of these floats.
    CK_WEIGHTS_HALF = 1,
} ck_weights;

/// c[m, n] = activation(Σₖ a[m, k] · w[n, k] + bias[n]) + residual[m, n]
///
/// Weights are packed in panels of 16 output columns, [⌈n/16⌉][k][16]; the last panel is filled with zeros.
/// `a` may have overlapping rows (lda < k). `c` may be `residual` itself and overlaps nothing else; it may hold incomplete sums
/// until the call returns.
typedef struct ck_matmul {
    const float *a;
    size_t lda;
    const void *packed;  // 64-byte aligned floats or halves
    ck_weights weights;
    const float *bias;      // [n] or NULL
    const float *residual;  // [m, n] or NULL
    size_t ldr;
    float *c;
    size_t ldc;
    size_t m, n, k;
    ck_activation activation;
    /// Where halves that many rows read are made floats once: CK_TILE_PANELS panels of floats, 64-byte aligned, that no
    /// other call writes at the same time. NULL: each tile of rows makes its own.
    float *wide;
    /// What is multiplied after this call, or NULL where that is not known. A hint: about as much of it as the last panels of this
    /// call take, or their first slice, is fetched into the caches; it is not read, and may be less.
    const void *next;
} ck_matmul;
