#include "portable.h"
#include <string.h>

static float from_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/// x as an IEEE half, to the nearest, ties to even.
static uint16_t half_of(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint32_t sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
        // A quiet not-a-number with what fits of its payload.
        return (uint16_t)(sign | 0x7e00 | (magnitude >> 13 & 0x3ff));
    }
    if (magnitude >= 0x477ff000) {
        return (uint16_t)(sign | 0x7c00);  // half the last place above 65504, and more
    }
    if (magnitude < 0x38800000) {
        // Below the normal halves: the sum with 0.5 has the bits of a half at its end, rounded by the addition.
        float sum = from_bits(magnitude) + 0.5f;
        memcpy(&bits, &sum, sizeof bits);
        return (uint16_t)(sign | (bits - 0x3f000000));
    }
    uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
    return (uint16_t)(sign | (rounded - 0x38000000) >> 13);
}

float ck_portable_float(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, magnitude = half & 0x7fff;
    if (magnitude < 0x400) {
        float x = (float)magnitude * 0x1p-24f;
        return sign ? -x : x;
    }
    if (magnitude >= 0x7c00) {
        // Reading a not-a-number makes it quiet.
        return from_bits(sign | 0x7f800000 | (magnitude & 0x3ff ? 0x400000 : 0) | (magnitude & 0x3ff) << 13);
    }
    return from_bits(sign | (magnitude + 0x1c000) << 13);
}

bool ck_are_halves(const float *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        // An infinity less itself is not a number, and that is not 0.
        if (x[i] - ck_portable_float(half_of(x[i])) != 0) {
            return false;
        }
    }
    return true;
}

void ck_portable_pack_half(
    const float *w, size_t ldw, size_t n, size_t k, uint16_t *packed, size_t panel0, size_t panel1) {
    for (size_t panel = panel0; panel < panel1; panel++) {
        for (size_t i = 0; i < k; i++) {
            for (size_t j = 0; j < CK_PANEL; j++) {
                size_t column = panel * CK_PANEL + j;
                packed[(panel * k + i) * CK_PANEL + j] = half_of(column < n ? w[column * ldw + i] : 0);
            }
        }
    }
}
