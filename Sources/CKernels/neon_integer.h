// Eight 32-bit integers in two registers, by NEON: the names of avx2_integer.h. Included after neon_vector.h.
#pragma once

typedef struct ivec {
    int32x4_t low, high;
} ivec;

INLINE ivec ivec_splat(int32_t x) { return (ivec){vdupq_n_s32(x), vdupq_n_s32(x)}; }
INLINE ivec ivec_zero(void) { return ivec_splat(0); }
INLINE ivec ivec_load(const int32_t *p) { return (ivec){vld1q_s32(p), vld1q_s32(p + 4)}; }
INLINE void ivec_store(int32_t *p, ivec v) {
    vst1q_s32(p, v.low);
    vst1q_s32(p + 4, v.high);
}
INLINE ivec ivec_add(ivec a, ivec b) { return (ivec){vaddq_s32(a.low, b.low), vaddq_s32(a.high, b.high)}; }
INLINE ivec ivec_sub(ivec a, ivec b) { return (ivec){vsubq_s32(a.low, b.low), vsubq_s32(a.high, b.high)}; }
INLINE ivec ivec_max(ivec a, ivec b) { return (ivec){vmaxq_s32(a.low, b.low), vmaxq_s32(a.high, b.high)}; }
/// The bits of |x|.
INLINE ivec ivec_magnitude_bits(vec x) {
    return (ivec){vreinterpretq_s32_f32(vabsq_f32(x.low)), vreinterpretq_s32_f32(vabsq_f32(x.high))};
}
/// The nearest integers, ties to even.
INLINE ivec ivec_nearest(vec x) { return (ivec){vcvtnq_s32_f32(x.low), vcvtnq_s32_f32(x.high)}; }
INLINE vec ivec_floats(ivec v) { return (vec){vcvtq_f32_s32(v.low), vcvtq_f32_s32(v.high)}; }

/// Stores the lanes, which must fit, as int16.
INLINE void ivec_store_int16(void *p, ivec v) {
    vst1q_s16(p, vcombine_s16(vmovn_s32(v.low), vmovn_s32(v.high)));
}
/// Stores the lanes, which must fit, as bytes without a sign.
INLINE void ivec_store_bytes(void *p, ivec v) {
    vst1_s8(p, vmovn_s16(vcombine_s16(vmovn_s32(v.low), vmovn_s32(v.high))));
}
/// Stores the sum of the lanes of each of four.
INLINE void ivec_store_sums(int32_t *p, const ivec v[4]) {
    int32x4_t first = vpaddq_s32(vaddq_s32(v[0].low, v[0].high), vaddq_s32(v[1].low, v[1].high));
    int32x4_t second = vpaddq_s32(vaddq_s32(v[2].low, v[2].high), vaddq_s32(v[3].low, v[3].high));
    vst1q_s32(p, vpaddq_s32(first, second));
}

/// One step of weights for each of eight columns: four neighbours of k, as they are stored.
typedef struct weights_int8 {
    int8x16_t low, high;
} weights_int8;
INLINE weights_int8 load_int8(const void *p) {
    const int8_t *bytes = p;
    return (weights_int8){vld1q_s8(bytes), vld1q_s8(bytes + 16)};
}
/// Two neighbours of k, each by itself, so that a product widens and adds in one instruction. A tile shares the price
/// of taking them apart.
typedef struct weights_int16 {
    int16x8_t even, odd;
} weights_int16;
INLINE weights_int16 load_int16(const void *p) {
    int16x8x2_t both = vld2q_s16(p);
    return (weights_int16){both.val[0], both.val[1]};
}
/// One step of a row, four bytes, in every lane.
typedef int32x4_t row_step;
INLINE row_step splat_step(const void *p) { return vld1q_dup_s32(p); }

/// Four columns' sums of four products. A pair of products fits 16 bits: see integer_layout.h.
INLINE int32x4_t dot_four_int8(int32x4_t sum, int8x16_t w, int8x16_t x) {
    int16x8_t first = vmull_s8(vget_low_s8(w), vget_low_s8(x)), second = vmull_high_s8(w, x);
    return vpadalq_s16(sum, vpaddq_s16(first, second));
}
INLINE ivec dot_int8_plain(ivec sum, weights_int8 w, row_step x) {
    int8x16_t bytes = vreinterpretq_s8_s32(x);
    return (ivec){dot_four_int8(sum.low, w.low, bytes), dot_four_int8(sum.high, w.high, bytes)};
}
INLINE ivec dot_int16_plain(ivec sum, weights_int16 w, row_step x) {
    int16x4_t pair = vget_low_s16(vreinterpretq_s16_s32(x));
    sum.low = vmlal_lane_s16(sum.low, vget_low_s16(w.even), pair, 0);
    sum.high = vmlal_high_lane_s16(sum.high, w.even, pair, 0);
    sum.low = vmlal_lane_s16(sum.low, vget_low_s16(w.odd), pair, 1);
    sum.high = vmlal_high_lane_s16(sum.high, w.odd, pair, 1);
    return sum;
}

/// 32 neighbours of the query of a scan.
typedef weights_int8 query_step;
INLINE query_step load_query(const int8_t *p) { return load_int8(p); }

/// Sums of sixteen products, four in each lane. A pair of products, at most 2 · 127 · 127, fits 16 bits.
INLINE int32x4_t scan_sixteen_int8(int32x4_t sum, int8x16_t x, int8x16_t q) {
    return vpadalq_s16(sum, vmlal_high_s8(vmull_s8(vget_low_s8(x), vget_low_s8(q)), x, q));
}
INLINE ivec scan_int8_plain(ivec sum, const int8_t *x, query_step q) {
    weights_int8 row = load_int8(x);
    return (ivec){scan_sixteen_int8(sum.low, row.low, q.low), scan_sixteen_int8(sum.high, row.high, q.high)};
}
