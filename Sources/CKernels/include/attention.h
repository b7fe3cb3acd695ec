#pragma once
#include <stdbool.h>
#include <stddef.h>

/// One head of attention: output[i] = Σⱼ softmaxⱼ(scale · q[i]·k[j]) v[j], for i < queries, j < keys.
///
/// q [queries, d], k and v [keys, d], output [queries, d], each with a row distance of its own. When `causal`, the last
/// query sees every key and each query before it one fewer; a query that sees no key gets zeros.
typedef struct ck_attention {
    const float *q;
    size_t ldq;
    const float *k;
    size_t ldk;
    const float *v;
    size_t ldv;
    float *output;
    size_t ldo;
    size_t queries, keys, d;
    float scale;
    bool causal;
} ck_attention;

/// How many floats of scratch (64-byte aligned) a head needs: packed keys and values, and the scores of a block of
/// queries.
size_t ck_attention_scratch(size_t queries, size_t keys, size_t d);
