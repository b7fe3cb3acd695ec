#include "portable.h"

/// The element that kernel offset `i` meets at output position `position`; at or past `size` when it lies outside
/// (a position before the picture wraps around to a huge number).
static size_t input_position(size_t position, size_t stride, size_t i, size_t padding) {
    return position * stride + i - padding;
}

void ck_portable_convolution(const ck_convolution *job, size_t row0, size_t row1) {
    size_t k = job->kernel_y * job->kernel_x * job->channels;
    for (size_t row = row0; row < row1; row++) {
        const float *picture = job->input + row / job->out_y * job->in_y * job->in_x * job->channels;
        for (size_t x = 0; x < job->out_x; x++) {
            for (size_t o = 0; o < job->outputs; o++) {
                const float *w = job->packed + o / CK_PANEL * k * CK_PANEL + o % CK_PANEL;
                float sum = 0;
                for (size_t i = 0; i < job->kernel_y; i++) {
                    size_t in_row = input_position(row % job->out_y, job->stride, i, job->top);
                    for (size_t j = 0; j < job->kernel_x; j++) {
                        size_t in_column = input_position(x, job->stride, j, job->left);
                        if (in_row >= job->in_y || in_column >= job->in_x) {
                            continue;
                        }
                        const float *pixel = picture + (in_row * job->in_x + in_column) * job->channels;
                        for (size_t c = 0; c < job->channels; c++) {
                            sum += pixel[c] * w[((i * job->kernel_x + j) * job->channels + c) * CK_PANEL];
                        }
                    }
                }
                size_t place = (row * job->out_x + x) * job->outputs + o;
                if (job->bias) {
                    sum += job->bias[o];
                }
                sum = ck_portable_activate(sum, job->activation);
                if (job->residual) {
                    sum += job->residual[place];
                }
                job->output[place] = sum;
            }
        }
    }
}

void ck_portable_depthwise(const ck_depthwise *job, size_t row0, size_t row1) {
    for (size_t row = row0; row < row1; row++) {
        const float *picture = job->input + row / job->out_y * job->in_y * job->in_x * job->ldi;
        for (size_t x = 0; x < job->out_x; x++) {
            for (size_t c = 0; c < job->channels; c++) {
                float sum = 0;
                for (size_t i = 0; i < job->kernel_y; i++) {
                    size_t in_row = input_position(row % job->out_y, job->stride, i, job->top);
                    for (size_t j = 0; j < job->kernel_x; j++) {
                        size_t in_column = input_position(x, job->stride, j, job->left);
                        if (in_row >= job->in_y || in_column >= job->in_x) {
                            continue;
                        }
                        sum += picture[(in_row * job->in_x + in_column) * job->ldi + c]
                            * job->weights[(i * job->kernel_x + j) * job->ldw + c];
                    }
                }
                if (job->bias) {
                    sum += job->bias[c];
                }
                job->output[(row * job->out_x + x) * job->ldo + c] = ck_portable_activate(sum, job->activation);
            }
        }
    }
}
