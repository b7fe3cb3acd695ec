#include "layout.h"
#include "portable.h"

void ck_portable_attention(const ck_attention *job, float *scratch) {
    for (size_t i = 0; i < job->queries; i++) {
        size_t visible = ck_attention_visible(job, i);
        for (size_t j = 0; j < visible; j++) {
            scratch[j] = 0;
            for (size_t c = 0; c < job->d; c++) {
                scratch[j] += job->q[i * job->ldq + c] * job->k[j * job->ldk + c];
            }
        }
        if (visible > 0) {
            ck_portable_softmax(scratch, visible, scratch, visible, visible, job->scale, 0, 1);
        }
        for (size_t c = 0; c < job->d; c++) {
            float sum = 0;
            for (size_t j = 0; j < visible; j++) {
                sum += scratch[j] * job->v[j * job->ldv + c];
            }
            job->output[i * job->ldo + c] = sum;
        }
    }
}
