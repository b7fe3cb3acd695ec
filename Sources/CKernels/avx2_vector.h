// Eight floats in a register, by AVX2 and FMA. The same names in neon_vector.h let the simd_*.h kernels be written
// once.
#pragma once
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

typedef __m256 vec;
enum { VEC = 8, TILE_ROWS = 6, TILE_VECTORS = 2 };

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
/// Tiles are a part of the loops around them: a small one takes not much longer than a call.
#define TILE_FUNCTION INLINE
#include "avx_transpose.h"

INLINE vec vec_zero(void) { return _mm256_setzero_ps(); }
INLINE vec vec_splat(float x) { return _mm256_set1_ps(x); }
INLINE vec vec_load(const float *p) { return _mm256_loadu_ps(p); }
INLINE void vec_store(float *p, vec v) { _mm256_storeu_ps(p, v); }

/// All bits set in the first `count` lanes.
INLINE __m256i first_lanes(size_t count) {
    static const int32_t lanes[2 * VEC] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return _mm256_loadu_si256((const __m256i *)(lanes + VEC - count));
}
/// The first `count` ≤ 8 floats at p, then zeros; nothing past them is read.
INLINE vec vec_load_first(const float *p, size_t count) { return _mm256_maskload_ps(p, first_lanes(count)); }
/// Stores the first `count` ≤ 8 lanes and touches nothing past them.
INLINE void vec_store_first(float *p, vec v, size_t count) { _mm256_maskstore_ps(p, first_lanes(count), v); }
/// The first `count` lanes of v, and `other` in those that follow.
INLINE vec vec_keep_first(vec v, size_t count, vec other) {
    return _mm256_blendv_ps(other, v, _mm256_castsi256_ps(first_lanes(count)));
}
/// Eight bytes as floats.
INLINE vec vec_load_bytes(const uint8_t *p) {
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p)));
}
/// Eight IEEE halves as floats, and back: to the nearest, ties to even.
INLINE vec vec_load_half(const uint16_t *p) { return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p)); }
INLINE void vec_store_half(uint16_t *p, vec v) {
    _mm_storeu_si128((__m128i *)p, _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
}

INLINE vec vec_add(vec a, vec b) { return _mm256_add_ps(a, b); }
INLINE vec vec_sub(vec a, vec b) { return _mm256_sub_ps(a, b); }
INLINE vec vec_mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
INLINE vec vec_div(vec a, vec b) { return _mm256_div_ps(a, b); }
/// a · b + c
INLINE vec vec_fma(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
/// The larger of each lane; where x is not a number, x.
INLINE vec vec_max(vec bound, vec x) { return _mm256_max_ps(bound, x); }
/// The smaller of each lane; where x is not a number, x.
INLINE vec vec_min(vec bound, vec x) { return _mm256_min_ps(bound, x); }
INLINE vec vec_abs(vec x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }
/// |magnitude| ≥ 0 with the sign of `sign`.
INLINE vec vec_with_sign(vec magnitude, vec sign) {
    return _mm256_or_ps(magnitude, _mm256_and_ps(sign, _mm256_set1_ps(-0.0f)));
}
INLINE vec vec_round(vec x) { return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
/// 2ⁿ for whole n from −127 (which gives 0) to 127.
INLINE vec vec_power_of_two(vec n) {
    __m256i biased = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    return _mm256_castsi256_ps(_mm256_slli_epi32(biased, 23));
}

/// The sum of the lanes.
INLINE float vec_sum(vec v) {
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
/// The largest lane.
INLINE float vec_highest(vec v) {
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}

/// to[j · to_ld + i] = from[i · from_ld + j] for i, j < 8.
INLINE void vec_transpose(const float *from, size_t from_ld, float *to, size_t to_ld) {
    transpose_eight(from, from_ld, to, to_ld);
}
