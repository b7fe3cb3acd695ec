// The 8×8 transpose that packing is made of, for every x86 instruction set from AVX on. Included by their vector
// headers after INLINE and UNROLL.
#pragma once

/// to[j · to_ld + i] = from[i · from_ld + j] for i, j < 8.
INLINE void transpose_eight(const float *from, size_t from_ld, float *to, size_t to_ld) {
    __m256 row[8], pair[8], quad[8];
    UNROLL for (int i = 0; i < 8; i++) { row[i] = _mm256_loadu_ps(from + (size_t)i * from_ld); }
    UNROLL for (int i = 0; i < 8; i += 2) {
        pair[i] = _mm256_unpacklo_ps(row[i], row[i + 1]);
        pair[i + 1] = _mm256_unpackhi_ps(row[i], row[i + 1]);
    }
    UNROLL for (int i = 0; i < 8; i += 4) {
        quad[i] = _mm256_shuffle_ps(pair[i], pair[i + 2], _MM_SHUFFLE(1, 0, 1, 0));
        quad[i + 1] = _mm256_shuffle_ps(pair[i], pair[i + 2], _MM_SHUFFLE(3, 2, 3, 2));
        quad[i + 2] = _mm256_shuffle_ps(pair[i + 1], pair[i + 3], _MM_SHUFFLE(1, 0, 1, 0));
        quad[i + 3] = _mm256_shuffle_ps(pair[i + 1], pair[i + 3], _MM_SHUFFLE(3, 2, 3, 2));
    }
    UNROLL for (int i = 0; i < 4; i++) {
        _mm256_storeu_ps(to + (size_t)i * to_ld, _mm256_permute2f128_ps(quad[i], quad[i + 4], 0x20));
        _mm256_storeu_ps(to + (size_t)(i + 4) * to_ld, _mm256_permute2f128_ps(quad[i], quad[i + 4], 0x31));
    }
}
