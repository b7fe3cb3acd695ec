// Attention of one head on the tile of the matrix multiply. Included by each instruction set's file after
// simd_matmul.h and simd_rows.h.
#include "layout.h"

/// Packs v [keys, d] as the weights of scores · v: w[c, j] = v[j, c].
static void pack_values(const ck_attention *job, float *packed) {
    for (size_t panel = 0; panel * CK_PANEL < job->d; panel++) {
        for (size_t j = 0; j < job->keys; j++) {
            float *to = packed + (panel * job->keys + j) * CK_PANEL;
            for (size_t half = 0; half < CK_PANEL; half += VEC) {
                size_t column = panel * CK_PANEL + half;
                size_t width = column >= job->d ? 0 : (job->d - column < VEC ? job->d - column : VEC);
                const float *from = job->v + j * job->ldv + (width > 0 ? column : 0);
                vec_store(to + half, width == VEC ? vec_load(from) : vec_load_first(from, width));
            }
        }
    }
}

static void attention(const ck_attention *job, float *scratch) {
    size_t key_panels = part_count(job->keys, CK_PANEL), value_panels = part_count(job->d, CK_PANEL);
    size_t ld = key_panels * CK_PANEL;
    float *keys = scratch;
    float *values = keys + ld * job->d;
    float *scores = values + value_panels * CK_PANEL * job->keys;
    pack(job->k, job->ldk, job->keys, job->d, keys, 0, key_panels);
    pack_values(job, values);
    for (size_t start = 0; start < job->queries; start += CK_QUERY_BLOCK) {
        size_t count = job->queries - start < CK_QUERY_BLOCK ? job->queries - start : CK_QUERY_BLOCK;
        // No query of this block sees a key past those that its last query sees.
        size_t seen = ck_attention_visible(job, start + count - 1);
        ck_matmul score = {
            .a = job->q + start * job->ldq, .lda = job->ldq, .packed = keys, .c = scores, .ldc = ld,
            .m = count, .n = job->keys, .k = job->d,
        };
        matmul(&score, 0, part_count(seen, CK_PANEL), 0, count);
        for (size_t i = 0; i < count; i++) {
            size_t visible = ck_attention_visible(job, start + i);
            if (visible > 0) {
                softmax_row(scores + i * ld, scores + i * ld, visible, job->scale);
            }
            for (size_t j = visible; j < job->keys; j++) {
                scores[i * ld + j] = 0;
            }
        }
        ck_matmul sum = {
            .a = scores, .lda = ld, .packed = values, .c = job->output + start * job->ldo, .ldc = job->ldo,
            .m = count, .n = job->d, .k = job->keys,
        };
        matmul(&sum, 0, value_panels, 0, count);
    }
}
