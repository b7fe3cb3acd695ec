// Sums of the lanes of four registers at once, for every x86 instruction set from AVX2 on. Included by their integer
// headers.
#pragma once

/// Stores the sum of the lanes of each of four.
INLINE void store_four_sums(int32_t *p, __m256i a, __m256i b, __m256i c, __m256i d) {
    __m256i halves = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
    _mm_storeu_si128(
        (__m128i *)p, _mm_add_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1)));
}
