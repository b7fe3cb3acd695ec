// Rounding of activations to integers, and what the integer products of an instruction set share. Included by each
// instruction set's file after simd_matmul.h and its integer header.
#include "integer_layout.h"

_Static_assert((int)CK_INTEGER_PANEL_STEP == (int)CACHE_LINE, "a step of a panel is a line of a stream");

static void quantize_rows(
    ck_integer kind, const float *x, size_t ldx, size_t k, void *rows, size_t row0, size_t row1) {
    size_t bytes = ck_integer_row_bytes(kind, k), size = kind == CK_INT8 ? 1 : 2;
    size_t whole = k - k % VEC, width = k % VEC, room = bytes - CK_INTEGER_ROW_HEAD;
    for (size_t row = row0; row < row1; row++) {
        const float *from = x + row * ldx;
        char *to = (char *)rows + row * bytes, *values = to + CK_INTEGER_ROW_HEAD;
        ivec even = ivec_zero(), odd = ivec_zero();
        size_t i = 0;
        for (; i + 2 * VEC <= k; i += 2 * VEC) {
            even = ivec_max(even, ivec_magnitude_bits(vec_load(from + i)));
            odd = ivec_max(odd, ivec_magnitude_bits(vec_load(from + i + VEC)));
        }
        for (; i < k; i += VEC) {
            even = ivec_max(even, ivec_magnitude_bits(vec_load_first(from + i, k - i < VEC ? k - i : VEC)));
        }
        int32_t lanes[VEC], highest = 0;
        ivec_store(lanes, ivec_max(even, odd));
        for (size_t lane = 0; lane < VEC; lane++) {
            highest = lanes[lane] > highest ? lanes[lane] : highest;
        }
        ck_quantization q = ck_quantization_make(kind, highest);
        *(float *)to = q.scale;
        size_t filled = q.factor == 0 ? 0 : k;
        memset(values + filled * size, kind == CK_INT8 ? CK_INT8_ZERO : 0, room - filled * size);
        if (filled == 0) {
            continue;
        }
        // The last vector may hold a part of a row; what its other lanes write is the zeros that stand there already.
        vec factor = vec_splat(q.factor);
        ivec zero = ivec_splat(kind == CK_INT8 ? CK_INT8_ZERO : 0);
        for (i = 0; i < k; i += VEC) {
            vec v = i < whole ? vec_load(from + i) : vec_load_first(from + i, width);
            ivec integers = ivec_add(ivec_nearest(vec_mul(v, factor)), zero);
            if (kind == CK_INT8) {
                ivec_store_bytes(values + i, integers);
            } else {
                ivec_store_int16(values + i * size, integers);
            }
        }
    }
}

/// sums · row_scale[r] · column_scale[v], as floats. `panel` is the head of the tile's first panel.
INLINE void scale_sums(
    int rows, int vectors, ivec sums[][TILE_VECTORS], const char *const a[], const char *panel, size_t apart,
    vec scaled[][TILE_VECTORS]) {
    UNROLL for (int v = 0; v < vectors; v++) {
        const float *scales = (const float *)(panel + (size_t)v * apart);
        vec scale = vec_load(scales);
        ivec offset = ivec_load((const int32_t *)(scales + CK_PANEL));
        UNROLL for (int r = 0; r < rows; r++) {
            vec both = vec_mul(vec_splat(*(const float *)a[r]), scale);
            scaled[r][v] = vec_mul(ivec_floats(ivec_sub(sums[r][v], offset)), both);
        }
    }
}
