// The AVX-512 intrinsics that the kernels use, on processors without AVX-512: SIMDe's emulation under the names of the
// real ones, and those that SIMDe 0.7 lacks, made of two halves. sanitize.sh puts this in the place of <immintrin.h>.
#pragma once
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <immintrin.h>
#include <simde/x86/avx512.h>
#include <string.h>

// SIMDe 0.7 gives this name four parameters, as that of the masked one has.
#undef _mm512_madd_epi16
#define _mm512_madd_epi16 simde_mm512_madd_epi16

#define EMULATED static inline __attribute__((unused))

typedef union emulated_halves {
    simde__m512 floats;
    simde__m512i integers;
    __m256 float_half[2];
    __m256i integer_half[2];
    float lanes[16];
} emulated_halves;

#define _mm512_cvtepi32_ps emulated_cvtepi32_ps
EMULATED simde__m512 emulated_cvtepi32_ps(simde__m512i v) {
    emulated_halves to, from = {.integers = v};
    for (int i = 0; i < 2; i++) { to.float_half[i] = _mm256_cvtepi32_ps(from.integer_half[i]); }
    return to.floats;
}
#define _mm512_cvtps_epi32 emulated_cvtps_epi32
EMULATED simde__m512i emulated_cvtps_epi32(simde__m512 v) {
    emulated_halves to, from = {.floats = v};
    for (int i = 0; i < 2; i++) { to.integer_half[i] = _mm256_cvtps_epi32(from.float_half[i]); }
    return to.integers;
}
#define _mm512_cvtepu8_epi32 emulated_cvtepu8_epi32
EMULATED simde__m512i emulated_cvtepu8_epi32(__m128i bytes) {
    emulated_halves to;
    to.integer_half[0] = _mm256_cvtepu8_epi32(bytes);
    to.integer_half[1] = _mm256_cvtepu8_epi32(_mm_srli_si128(bytes, 8));
    return to.integers;
}
#define _mm512_cvtph_ps emulated_cvtph_ps
EMULATED simde__m512 emulated_cvtph_ps(__m256i halves) {
    emulated_halves to;
    to.float_half[0] = _mm256_cvtph_ps(_mm256_castsi256_si128(halves));
    to.float_half[1] = _mm256_cvtph_ps(_mm256_extracti128_si256(halves, 1));
    return to.floats;
}
#undef _mm512_cvtps_ph
#define _mm512_cvtps_ph(v, rounding) emulated_cvtps_ph(v)
EMULATED __m256i emulated_cvtps_ph(simde__m512 v) {
    emulated_halves from = {.floats = v};
    return _mm256_set_m128i(
        _mm256_cvtps_ph(from.float_half[1], _MM_FROUND_TO_NEAREST_INT),
        _mm256_cvtps_ph(from.float_half[0], _MM_FROUND_TO_NEAREST_INT));
}
/// Truncates, as the instruction does.
#define _mm512_cvtepi32_epi16 emulated_cvtepi32_epi16
EMULATED __m256i emulated_cvtepi32_epi16(simde__m512i v) {
    int32_t lanes[16];
    int16_t words[16];
    memcpy(lanes, &v, sizeof lanes);
    for (int i = 0; i < 16; i++) { words[i] = (int16_t)lanes[i]; }
    return _mm256_loadu_si256((const __m256i *)words);
}
#define _mm512_cvtepi32_epi8 emulated_cvtepi32_epi8
EMULATED __m128i emulated_cvtepi32_epi8(simde__m512i v) {
    int32_t lanes[16];
    int8_t bytes[16];
    memcpy(lanes, &v, sizeof lanes);
    for (int i = 0; i < 16; i++) { bytes[i] = (int8_t)lanes[i]; }
    return _mm_loadu_si128((const __m128i *)bytes);
}
/// Reads and writes no lane outside the mask, as the instructions do, so that the address sanitizer sees the rest.
#define _mm512_maskz_loadu_ps emulated_maskz_loadu_ps
EMULATED simde__m512 emulated_maskz_loadu_ps(__mmask16 mask, const float *p) {
    emulated_halves to;
    for (int i = 0; i < 16; i++) { to.lanes[i] = mask >> i & 1 ? p[i] : 0; }
    return to.floats;
}
#define _mm512_mask_storeu_ps emulated_mask_storeu_ps
EMULATED void emulated_mask_storeu_ps(float *p, __mmask16 mask, simde__m512 v) {
    emulated_halves from = {.floats = v};
    for (int i = 0; i < 16; i++) {
        if (mask >> i & 1) {
            p[i] = from.lanes[i];
        }
    }
}
#define _mm512_reduce_add_ps emulated_reduce_add_ps
EMULATED float emulated_reduce_add_ps(simde__m512 v) {
    emulated_halves from = {.floats = v};
    for (int width = 8; width > 0; width /= 2) {
        for (int i = 0; i < width; i++) { from.lanes[i] += from.lanes[i + width]; }
    }
    return from.lanes[0];
}
#define _mm512_reduce_max_ps emulated_reduce_max_ps
EMULATED float emulated_reduce_max_ps(simde__m512 v) {
    emulated_halves from = {.floats = v};
    for (int i = 1; i < 16; i++) { from.lanes[0] = from.lanes[i] > from.lanes[0] ? from.lanes[i] : from.lanes[0]; }
    return from.lanes[0];
}
