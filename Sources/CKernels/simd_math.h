// Exponential and activations, a vector at a time. Included by each instruction set's file after their vector header.
#include "matmul.h"
#include <math.h>

/// eˣ with a relative error below 2e-7; 0 below −87.7, e^88.3 above 88.3.
///
/// x = n·ln 2 + r with whole n and |r| ≤ ln 2 / 2; eʳ by the polynomial of Cephes' expf (S. L. Moshier); ln 2 in two
/// parts so that n·ln 2 is exact.
INLINE vec vec_exp(vec x) {
    x = vec_min(vec_splat(88.3f), vec_max(vec_splat(-88.0f), x));
    vec n = vec_round(vec_mul(x, vec_splat(1.44269504f)));
    vec r = vec_fma(n, vec_splat(-0.693359375f), x);
    r = vec_fma(n, vec_splat(2.12194440e-4f), r);
    vec p = vec_splat(1.9875691500e-4f);
    p = vec_fma(p, r, vec_splat(1.3981999507e-3f));
    p = vec_fma(p, r, vec_splat(8.3334519073e-3f));
    p = vec_fma(p, r, vec_splat(4.1665795894e-2f));
    p = vec_fma(p, r, vec_splat(1.6666665459e-1f));
    p = vec_fma(p, r, vec_splat(5.0000001201e-1f));
    p = vec_fma(p, vec_mul(r, r), vec_add(r, vec_splat(1)));
    return vec_mul(p, vec_power_of_two(n));
}

/// x / (1 + e^−t)
INLINE vec times_sigmoid(vec x, vec t) {
    return vec_div(x, vec_add(vec_splat(1), vec_exp(vec_sub(vec_zero(), t))));
}

/// The error function: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26; absolute error ≤ 1.5e-7.
INLINE vec vec_erf(vec x) {
    vec a = vec_abs(x);
    vec t = vec_div(vec_splat(1), vec_fma(a, vec_splat(0.3275911f), vec_splat(1)));
    vec p = vec_splat(1.061405429f);
    p = vec_fma(p, t, vec_splat(-1.453152027f));
    p = vec_fma(p, t, vec_splat(1.421413741f));
    p = vec_fma(p, t, vec_splat(-0.284496736f));
    p = vec_fma(p, t, vec_splat(0.254829592f));
    vec tail = vec_mul(vec_mul(p, t), vec_exp(vec_mul(a, vec_sub(vec_zero(), a))));
    return vec_with_sign(vec_max(vec_zero(), vec_sub(vec_splat(1), tail)), x);
}

/// activation(x). Not inlined: the callers reach it from registers that hold many sums, once a kind, and the price of
/// the call is small against an exponential.
static __attribute__((noinline)) void activate(vec *x, size_t count, ck_activation activation) {
    switch (activation) {
    case CK_ACTIVATION_NONE:
        return;
    case CK_ACTIVATION_RELU:
        for (size_t i = 0; i < count; i++) {
            x[i] = vec_max(vec_zero(), x[i]);
        }
        return;
    case CK_ACTIVATION_RELU6:
        for (size_t i = 0; i < count; i++) {
            x[i] = vec_min(vec_splat(6), vec_max(vec_zero(), x[i]));
        }
        return;
    case CK_ACTIVATION_GELU:
        for (size_t i = 0; i < count; i++) {
            vec half = vec_mul(vec_splat(0.5f), x[i]);
            x[i] = vec_fma(half, vec_erf(vec_mul(x[i], vec_splat(0.70710678f))), half);
        }
        return;
    case CK_ACTIVATION_QUICK_GELU:
        for (size_t i = 0; i < count; i++) {
            x[i] = times_sigmoid(x[i], vec_mul(x[i], vec_splat(1.702f)));
        }
        return;
    case CK_ACTIVATION_GELU_TANH:
        // ½(1 + tanh u) = sigmoid(2u), u = √(2/π)·(x + 0.044715·x³)
        for (size_t i = 0; i < count; i++) {
            vec square = vec_mul(x[i], x[i]);
            vec factor = vec_fma(square, vec_splat(1.59576912f * 0.044715f), vec_splat(1.59576912f));
            x[i] = times_sigmoid(x[i], vec_mul(x[i], factor));
        }
        return;
    case CK_ACTIVATION_SILU:
        for (size_t i = 0; i < count; i++) {
            x[i] = times_sigmoid(x[i], x[i]);
        }
        return;
    }
}

/// Activations that clamp stay in registers: every one of them is min(high, max(low, x)).
typedef struct clamp {
    float low, high;
} clamp;

/// True, and the bounds, when `activation` is a clamp.
INLINE int is_clamp(ck_activation activation, clamp *bounds) {
    bounds->low = activation == CK_ACTIVATION_NONE ? -INFINITY : 0;
    bounds->high = activation == CK_ACTIVATION_RELU6 ? 6 : INFINITY;
    return activation <= CK_ACTIVATION_RELU6;
}
