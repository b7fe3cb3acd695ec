#pragma once
#include "matmul.h"
#include <stdint.h>

/// The integers that both sides of a product are rounded to.
typedef enum ck_integer {
    /// Weights of ±127 with a scale for each output column, activations of ±63 with a scale for each row.
    CK_INT8 = 0,
    /// Weights of up to ±32767 with a scale for each output column, activations of ±4095 with a scale for each row.
    CK_INT16 = 1,
} ck_integer;

/// The largest depth k of an integer product: no sum can leave 32 bits up to here.
enum { CK_INTEGER_DEEPEST = 1 << 17 };

/// c[m, n] = activation(Σₖ q[m, k] · w[n, k] · row_scale[m] · column_scale[n] + bias[n]) + residual[m, n]
///
/// The sum is exact in 32-bit integers, so every instruction set computes the same one, and so are the steps up to the
/// bias; k ≤ CK_INTEGER_DEEPEST. Rows come from the table's `quantize_rows`, weights from ck_pack_integer. `c` may be
/// `residual` itself.
typedef struct ck_integer_matmul {
    ck_integer kind;
    const void *rows;    // [m], each of ck_integer_row_bytes, aligned to 4 bytes
    const void *packed;  // ck_integer_packed_bytes, aligned to 4 bytes
    const float *bias;      // [n] or NULL
    const float *residual;  // [m, n] or NULL
    size_t ldr;
    float *c;
    size_t ldc;
    size_t m, n, k;
    ck_activation activation;
    const void *next;  // as in ck_matmul
} ck_integer_matmul;

/// The bytes that packed weights [n, k] take.
size_t ck_integer_packed_bytes(ck_integer kind, size_t n, size_t k);

/// The bytes that one row of k quantised activations takes, a multiple of 64.
size_t ck_integer_row_bytes(ck_integer kind, size_t k);

/// Rounds rows of w [n, k] to integers and packs them into panels [panel0, panel1) of `packed`, the same bytes on every
/// processor (little-endian, as all of them are), so they may be kept in a file.
///
/// A panel has 16 output columns: float scale[16], int32 offset[16] (64 · the sum of a column's weights for
/// CK_INT8, else zero), then the weights, int8 [⌈k/4⌉][16][4] or int16 [⌈k/2⌉][16][2]; what is past n or k is zero.
/// The scale of CK_INT16 is the finest at which neither a weight leaves 16 bits nor a sum 32.
/// A column that holds an infinity or not-a-number has a scale that is not-a-number, and with it all its results.
void ck_pack_integer(
    ck_integer kind, const float *w, size_t ldw, size_t n, size_t k, void *packed, size_t panel0, size_t panel1);
