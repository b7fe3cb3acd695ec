// Eight floats in two registers, by NEON. The same names in avx2_vector.h let the simd_*.h kernels be written once; the
// 6×16 tile of the matrix multiply takes 24 sums, 4 weights and 1 to 2 inputs of the 32 registers there are.
#pragma once
#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct vec {
    float32x4_t low, high;
} vec;
enum { VEC = 8, TILE_ROWS = 6, TILE_VECTORS = 2 };

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
/// Tiles are a part of the loops around them: a small one takes not much longer than a call.
#define TILE_FUNCTION INLINE

INLINE vec vec_splat(float x) { return (vec){vdupq_n_f32(x), vdupq_n_f32(x)}; }
INLINE vec vec_zero(void) { return vec_splat(0); }
INLINE vec vec_load(const float *p) { return (vec){vld1q_f32(p), vld1q_f32(p + 4)}; }
INLINE void vec_store(float *p, vec v) {
    vst1q_f32(p, v.low);
    vst1q_f32(p + 4, v.high);
}
/// The first `count` ≤ 8 floats at p, then zeros; nothing past them is read.
INLINE vec vec_load_first(const float *p, size_t count) {
    float lanes[VEC] = {0};
    memcpy(lanes, p, count * sizeof(float));
    return vec_load(lanes);
}
/// Stores the first `count` ≤ 8 lanes and touches nothing past them.
INLINE void vec_store_first(float *p, vec v, size_t count) {
    float lanes[VEC];
    vec_store(lanes, v);
    memcpy(p, lanes, count * sizeof(float));
}
/// The first `count` lanes of v, and `other` in those that follow.
INLINE vec vec_keep_first(vec v, size_t count, vec other) {
    float lanes[VEC], others[VEC];
    vec_store(lanes, v);
    vec_store(others, other);
    memcpy(others, lanes, count * sizeof(float));
    return vec_load(others);
}
/// Eight bytes as floats.
INLINE vec vec_load_bytes(const uint8_t *p) {
    uint16x8_t wide = vmovl_u8(vld1_u8(p));
    return (vec){
        vcvtq_f32_u32(vmovl_u16(vget_low_u16(wide))),
        vcvtq_f32_u32(vmovl_u16(vget_high_u16(wide))),
    };
}
/// Eight IEEE halves as floats, and back: to the nearest, ties to even.
INLINE vec vec_load_half(const uint16_t *p) {
    float16x8_t halves = vreinterpretq_f16_u16(vld1q_u16(p));
    return (vec){vcvt_f32_f16(vget_low_f16(halves)), vcvt_high_f32_f16(halves)};
}
INLINE void vec_store_half(uint16_t *p, vec v) {
    vst1q_u16(p, vreinterpretq_u16_f16(vcvt_high_f16_f32(vcvt_f16_f32(v.low), v.high)));
}

INLINE vec vec_add(vec a, vec b) { return (vec){vaddq_f32(a.low, b.low), vaddq_f32(a.high, b.high)}; }
INLINE vec vec_sub(vec a, vec b) { return (vec){vsubq_f32(a.low, b.low), vsubq_f32(a.high, b.high)}; }
INLINE vec vec_mul(vec a, vec b) { return (vec){vmulq_f32(a.low, b.low), vmulq_f32(a.high, b.high)}; }
INLINE vec vec_div(vec a, vec b) { return (vec){vdivq_f32(a.low, b.low), vdivq_f32(a.high, b.high)}; }
/// a · b + c
INLINE vec vec_fma(vec a, vec b, vec c) {
    return (vec){vfmaq_f32(c.low, a.low, b.low), vfmaq_f32(c.high, a.high, b.high)};
}
/// The larger of each lane; where x is not a number, x.
INLINE vec vec_max(vec bound, vec x) { return (vec){vmaxq_f32(bound.low, x.low), vmaxq_f32(bound.high, x.high)}; }
/// The smaller of each lane; where x is not a number, x.
INLINE vec vec_min(vec bound, vec x) { return (vec){vminq_f32(bound.low, x.low), vminq_f32(bound.high, x.high)}; }
INLINE vec vec_abs(vec x) { return (vec){vabsq_f32(x.low), vabsq_f32(x.high)}; }
/// |magnitude| ≥ 0 with the sign of `sign`.
INLINE vec vec_with_sign(vec magnitude, vec sign) {
    uint32x4_t bit = vdupq_n_u32(0x80000000);
    return (vec){vbslq_f32(bit, sign.low, magnitude.low), vbslq_f32(bit, sign.high, magnitude.high)};
}
INLINE vec vec_round(vec x) { return (vec){vrndnq_f32(x.low), vrndnq_f32(x.high)}; }
/// 2ⁿ for whole n from −127 (which gives 0) to 127.
INLINE vec vec_power_of_two(vec n) {
    int32x4_t bias = vdupq_n_s32(127);
    return (vec){
        vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vcvtq_s32_f32(n.low), bias), 23)),
        vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vcvtq_s32_f32(n.high), bias), 23)),
    };
}

/// The sum of the lanes.
INLINE float vec_sum(vec v) { return vaddvq_f32(vaddq_f32(v.low, v.high)); }
/// The largest lane.
INLINE float vec_highest(vec v) { return vmaxvq_f32(vmaxq_f32(v.low, v.high)); }

/// to[j · to_ld + i] = from[i · from_ld + j] for i, j < 8.
INLINE void vec_transpose(const float *from, size_t from_ld, float *to, size_t to_ld) {
    UNROLL for (size_t i = 0; i < 8; i += 4) {
        UNROLL for (size_t j = 0; j < 8; j += 4) {
            const float *p = from + i * from_ld + j;
            float32x4x2_t a = vtrnq_f32(vld1q_f32(p), vld1q_f32(p + from_ld));
            float32x4x2_t b = vtrnq_f32(vld1q_f32(p + 2 * from_ld), vld1q_f32(p + 3 * from_ld));
            float *q = to + j * to_ld + i;
            vst1q_f32(q, vcombine_f32(vget_low_f32(a.val[0]), vget_low_f32(b.val[0])));
            vst1q_f32(q + to_ld, vcombine_f32(vget_low_f32(a.val[1]), vget_low_f32(b.val[1])));
            vst1q_f32(q + 2 * to_ld, vcombine_f32(vget_high_f32(a.val[0]), vget_high_f32(b.val[0])));
            vst1q_f32(q + 3 * to_ld, vcombine_f32(vget_high_f32(a.val[1]), vget_high_f32(b.val[1])));
        }
    }
}
