// Sixteen floats in a register, by AVX-512: the names of avx2_vector.h. A vector is a panel. The tile is seven rows
// times three panels: 21 sums, 3 weights and 7 inputs are 31 of the 32 registers there are, so nothing is spilled even
// when the compiler loads the inputs of a step all at once, as clang does. Seven row pointers fit the general
// registers; those of twelve rows, times two panels for as many sums, would not.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef __m512 vec;
enum { VEC = 16, TILE_ROWS = 7, TILE_VECTORS = 3 };

#ifdef CK_SIMDE
// A tile of emulated instructions, inlined as a whole, takes minutes to compile.
#define INLINE static inline
#else
#define INLINE static inline __attribute__((always_inline))
#endif
#define UNROLL _Pragma("clang loop unroll(full)")
/// Tiles are functions of their own: inside the loops around them, their pointers would not all have a register.
#define TILE_FUNCTION static __attribute__((noinline))
#include "avx_transpose.h"

INLINE vec vec_zero(void) { return _mm512_setzero_ps(); }
INLINE vec vec_splat(float x) { return _mm512_set1_ps(x); }
INLINE vec vec_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE void vec_store(float *p, vec v) { _mm512_storeu_ps(p, v); }

/// The first `count` lanes.
INLINE __mmask16 first_lanes(size_t count) { return (__mmask16)((1u << count) - 1); }
/// The first `count` ≤ 16 floats at p, then zeros; nothing past them is read.
INLINE vec vec_load_first(const float *p, size_t count) { return _mm512_maskz_loadu_ps(first_lanes(count), p); }
/// Stores the first `count` ≤ 16 lanes and touches nothing past them.
INLINE void vec_store_first(float *p, vec v, size_t count) { _mm512_mask_storeu_ps(p, first_lanes(count), v); }
/// The first `count` lanes of v, and `other` in those that follow.
INLINE vec vec_keep_first(vec v, size_t count, vec other) {
    return _mm512_mask_blend_ps(first_lanes(count), other, v);
}
/// Sixteen bytes as floats.
INLINE vec vec_load_bytes(const uint8_t *p) {
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)p)));
}
/// Sixteen IEEE halves as floats, and back: to the nearest, ties to even.
INLINE vec vec_load_half(const uint16_t *p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p)); }
INLINE void vec_store_half(uint16_t *p, vec v) {
    _mm256_storeu_si256((__m256i *)p, _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
}

INLINE vec vec_add(vec a, vec b) { return _mm512_add_ps(a, b); }
INLINE vec vec_sub(vec a, vec b) { return _mm512_sub_ps(a, b); }
INLINE vec vec_mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
INLINE vec vec_div(vec a, vec b) { return _mm512_div_ps(a, b); }
/// a · b + c
INLINE vec vec_fma(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
/// The larger of each lane; where x is not a number, x.
INLINE vec vec_max(vec bound, vec x) { return _mm512_max_ps(bound, x); }
/// The smaller of each lane; where x is not a number, x.
INLINE vec vec_min(vec bound, vec x) { return _mm512_min_ps(bound, x); }
INLINE vec vec_abs(vec x) { return _mm512_andnot_ps(_mm512_set1_ps(-0.0f), x); }
/// |magnitude| ≥ 0 with the sign of `sign`.
INLINE vec vec_with_sign(vec magnitude, vec sign) {
    return _mm512_or_ps(magnitude, _mm512_and_ps(sign, _mm512_set1_ps(-0.0f)));
}
INLINE vec vec_round(vec x) { return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
/// 2ⁿ for whole n from −127 (which gives 0) to 127.
INLINE vec vec_power_of_two(vec n) {
    __m512i biased = _mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127));
    return _mm512_castsi512_ps(_mm512_slli_epi32(biased, 23));
}

/// The sum of the lanes.
INLINE float vec_sum(vec v) { return _mm512_reduce_add_ps(v); }
/// The largest lane.
INLINE float vec_highest(vec v) { return _mm512_reduce_max_ps(v); }

/// to[j · to_ld + i] = from[i · from_ld + j] for i, j < 16.
INLINE void vec_transpose(const float *from, size_t from_ld, float *to, size_t to_ld) {
    for (size_t i = 0; i < VEC; i += 8) {
        for (size_t j = 0; j < VEC; j += 8) {
            transpose_eight(from + i * from_ld + j, from_ld, to + j * to_ld + i, to_ld);
        }
    }
}
