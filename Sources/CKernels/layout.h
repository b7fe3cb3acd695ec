// What every instruction set agrees on: the layout of scratch memory and the shape of a causal mask.
#pragma once
#include "attention.h"

/// How many queries the attention kernels score at once: enough rows to use a panel of keys well, few enough that their
/// scores stay in the second level of cache.
enum { CK_QUERY_BLOCK = 48 };

/// The number of keys, counted from the first, that query `i` sees.
static inline size_t ck_attention_visible(const ck_attention *job, size_t i) {
    if (!job->causal) {
        return job->keys;
    }
    size_t hidden = job->queries - 1 - i;
    return hidden < job->keys ? job->keys - hidden : 0;
}

/// `count` rounded up to whole panels.
static inline size_t ck_round_up(size_t count, size_t unit) {
    return (count + unit - 1) / unit * unit;
}
