#include "portable.h"
#include <math.h>

float ck_portable_activate(float x, ck_activation activation) {
    switch (activation) {
    case CK_ACTIVATION_NONE:
        return x;
    case CK_ACTIVATION_RELU:
        return x < 0 ? 0 : x;
    case CK_ACTIVATION_RELU6:
        return x < 0 ? 0 : (x > 6 ? 6 : x);
    case CK_ACTIVATION_GELU:
        return 0.5f * x * (1 + erff(x * 0.70710678f));
    case CK_ACTIVATION_QUICK_GELU:
        return x / (1 + expf(-1.702f * x));
    case CK_ACTIVATION_GELU_TANH:
        return 0.5f * x * (1 + tanhf(0.79788456f * (x + 0.044715f * x * x * x)));
    case CK_ACTIVATION_SILU:
        return x / (1 + expf(-x));
    }
    return x;
}

void ck_portable_pack(const float *w, size_t ldw, size_t n, size_t k, float *packed, size_t panel0, size_t panel1) {
    for (size_t panel = panel0; panel < panel1; panel++) {
        for (size_t i = 0; i < k; i++) {
            for (size_t j = 0; j < CK_PANEL; j++) {
                size_t column = panel * CK_PANEL + j;
                packed[(panel * k + i) * CK_PANEL + j] = column < n ? w[column * ldw + i] : 0;
            }
        }
    }
}

static float weight(const ck_matmul *job, size_t index) {
    return job->weights == CK_WEIGHTS_HALF ? ck_portable_float(((const uint16_t *)job->packed)[index])
                                           : ((const float *)job->packed)[index];
}

void ck_portable_matmul(const ck_matmul *job, size_t panel0, size_t panel1, size_t row0, size_t row1) {
    size_t column1 = panel1 * CK_PANEL < job->n ? panel1 * CK_PANEL : job->n;
    for (size_t row = row0; row < row1; row++) {
        const float *a = job->a + row * job->lda;
        for (size_t column = panel0 * CK_PANEL; column < column1; column++) {
            size_t first = column / CK_PANEL * job->k * CK_PANEL + column % CK_PANEL;
            float sum = 0;
            for (size_t i = 0; i < job->k; i++) {
                sum += a[i] * weight(job, first + i * CK_PANEL);
            }
            if (job->bias) {
                sum += job->bias[column];
            }
            sum = ck_portable_activate(sum, job->activation);
            if (job->residual) {
                sum += job->residual[row * job->ldr + column];
            }
            job->c[row * job->ldc + column] = sum;
        }
    }
}
