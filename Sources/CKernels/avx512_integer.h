// Sixteen 32-bit integers in a register, by AVX-512: the names of avx2_integer.h. Included after avx512_vector.h.
#pragma once
#include "avx_sums.h"

typedef __m512i ivec;

INLINE ivec ivec_zero(void) { return _mm512_setzero_si512(); }
INLINE ivec ivec_splat(int32_t x) { return _mm512_set1_epi32(x); }
INLINE ivec ivec_load(const int32_t *p) { return _mm512_loadu_si512(p); }
INLINE void ivec_store(int32_t *p, ivec v) { _mm512_storeu_si512(p, v); }
INLINE ivec ivec_add(ivec a, ivec b) { return _mm512_add_epi32(a, b); }
INLINE ivec ivec_sub(ivec a, ivec b) { return _mm512_sub_epi32(a, b); }
INLINE ivec ivec_max(ivec a, ivec b) { return _mm512_max_epi32(a, b); }
/// The bits of |x|.
INLINE ivec ivec_magnitude_bits(vec x) {
    return _mm512_and_si512(_mm512_castps_si512(x), _mm512_set1_epi32(0x7fffffff));
}
/// The nearest integers, ties to even.
INLINE ivec ivec_nearest(vec x) { return _mm512_cvtps_epi32(x); }
INLINE vec ivec_floats(ivec v) { return _mm512_cvtepi32_ps(v); }

/// Stores the lanes, which must fit, as int16.
INLINE void ivec_store_int16(void *p, ivec v) { _mm256_storeu_si256((__m256i *)p, _mm512_cvtepi32_epi16(v)); }
/// Stores the lanes, which must fit, as bytes without a sign.
INLINE void ivec_store_bytes(void *p, ivec v) { _mm_storeu_si128((__m128i *)p, _mm512_cvtepi32_epi8(v)); }
/// The sums of a lane of either half.
INLINE __m256i ivec_fold(ivec v) {
    return _mm256_add_epi32(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
}
/// Stores the sum of the lanes of each of four.
INLINE void ivec_store_sums(int32_t *p, const ivec v[4]) {
    store_four_sums(p, ivec_fold(v[0]), ivec_fold(v[1]), ivec_fold(v[2]), ivec_fold(v[3]));
}

/// One step of weights: four or two neighbours of k for each of sixteen columns.
typedef __m512i weights_int8, weights_int16;
INLINE weights_int8 load_int8(const void *p) { return _mm512_loadu_si512(p); }
INLINE weights_int16 load_int16(const void *p) { return _mm512_loadu_si512(p); }
/// One step of a row, four bytes, in every lane.
typedef __m512i row_step;
INLINE row_step splat_step(const void *p) { return _mm512_set1_epi32(*(const int32_t *)p); }

INLINE ivec dot_int8_plain(ivec sum, weights_int8 w, row_step x) {
    return _mm512_add_epi32(sum, _mm512_madd_epi16(_mm512_maddubs_epi16(x, w), _mm512_set1_epi16(1)));
}
INLINE ivec dot_int16_plain(ivec sum, weights_int16 w, row_step x) {
    return _mm512_add_epi32(sum, _mm512_madd_epi16(x, w));
}

/// 64 neighbours of the query of a scan: see avx2_integer.h.
typedef struct query_step {
    __m512i magnitudes;
    __mmask64 negative;
} query_step;
INLINE query_step load_query(const int8_t *p) {
    __m512i q = load_int8(p);
    return (query_step){_mm512_abs_epi8(q), _mm512_movepi8_mask(q)};
}
INLINE __m512i give_signs(query_step q, __m512i x) {
    return _mm512_mask_sub_epi8(x, q.negative, _mm512_setzero_si512(), x);
}
INLINE ivec scan_int8_plain(ivec sum, const int8_t *x, query_step q) {
    return dot_int8_plain(sum, give_signs(q, load_int8(x)), q.magnitudes);
}
