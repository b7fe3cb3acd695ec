// Eight 32-bit integers in a register, by AVX2, and the multiply-adds of integer products. The same names in
// avx512_integer.h and neon_integer.h let simd_integer.h be written once. Included after avx2_vector.h.
#pragma once
#include "avx_sums.h"

typedef __m256i ivec;

INLINE ivec ivec_zero(void) { return _mm256_setzero_si256(); }
INLINE ivec ivec_splat(int32_t x) { return _mm256_set1_epi32(x); }
INLINE ivec ivec_load(const int32_t *p) { return _mm256_loadu_si256((const __m256i *)p); }
INLINE void ivec_store(int32_t *p, ivec v) { _mm256_storeu_si256((__m256i *)p, v); }
INLINE ivec ivec_add(ivec a, ivec b) { return _mm256_add_epi32(a, b); }
INLINE ivec ivec_sub(ivec a, ivec b) { return _mm256_sub_epi32(a, b); }
INLINE ivec ivec_max(ivec a, ivec b) { return _mm256_max_epi32(a, b); }
/// The bits of |x|.
INLINE ivec ivec_magnitude_bits(vec x) { return _mm256_castps_si256(vec_abs(x)); }
/// The nearest integers, ties to even.
INLINE ivec ivec_nearest(vec x) { return _mm256_cvtps_epi32(x); }
INLINE vec ivec_floats(ivec v) { return _mm256_cvtepi32_ps(v); }

/// Stores the lanes, which must fit, as int16.
INLINE void ivec_store_int16(void *p, ivec v) {
    _mm_storeu_si128((__m128i *)p, _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)));
}
/// Stores the lanes, which must fit, as bytes without a sign.
INLINE void ivec_store_bytes(void *p, ivec v) {
    __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    _mm_storel_epi64((__m128i *)p, _mm_packus_epi16(words, words));
}
/// Stores the sum of the lanes of each of four.
INLINE void ivec_store_sums(int32_t *p, const ivec v[4]) { store_four_sums(p, v[0], v[1], v[2], v[3]); }

/// One step of weights: four or two neighbours of k for each of eight columns.
typedef __m256i weights_int8, weights_int16;
INLINE weights_int8 load_int8(const void *p) { return _mm256_loadu_si256((const __m256i *)p); }
INLINE weights_int16 load_int16(const void *p) { return _mm256_loadu_si256((const __m256i *)p); }
/// One step of a row, four bytes, in every lane.
typedef __m256i row_step;
INLINE row_step splat_step(const void *p) { return _mm256_set1_epi32(*(const int32_t *)p); }

INLINE ivec dot_int8_plain(ivec sum, weights_int8 w, row_step x) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(x, w), _mm256_set1_epi16(1)));
}
INLINE ivec dot_int16_plain(ivec sum, weights_int16 w, row_step x) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(x, w));
}

/// 32 neighbours of the query of a scan. Bytes are multiplied without a sign by such with one, so the query's signs go
/// to the other side; a pair of products, at most 2 · 127 · 127, then fits the 16 bits that vpmaddubsw saturates to.
typedef struct query_step {
    __m256i magnitudes, signs;
} query_step;
INLINE query_step load_query(const int8_t *p) {
    __m256i q = load_int8(p);
    return (query_step){_mm256_abs_epi8(q), q};
}
INLINE ivec scan_int8_plain(ivec sum, const int8_t *x, query_step q) {
    return dot_int8_plain(sum, _mm256_sign_epi8(load_int8(x), q.signs), q.magnitudes);
}
