// Resampling as its formula is written, one byte of the output at a time.
#include "resample.h"

static uint8_t clip(int64_t sum) {
    int64_t value = sum >> CK_RESAMPLE_BITS;
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static void horizontal(const ck_resample *pass) {
    for (size_t row = 0; row < pass->lines; row++)
        for (size_t column = 0; column < pass->outputs; column++)
            for (size_t channel = 0; channel < 3; channel++) {
                int64_t sum = 1 << (CK_RESAMPLE_BITS - 1);
                for (size_t tap = 0; tap < pass->taps; tap++) {
                    size_t pixel = (size_t)pass->starts[column] + tap;
                    int32_t weight = pass->weights[(column * pass->taps + tap) * 3 + channel];
                    sum += (int64_t)pass->input[row * pass->input_stride + pixel * 3 + channel] * weight;
                }
                pass->output[row * pass->output_stride + column * 3 + channel] = clip(sum);
            }
}

static void vertical(const ck_resample *pass) {
    for (size_t row = 0; row < pass->outputs; row++)
        for (size_t x = 0; x < pass->lines; x++) {
            int64_t sum = 1 << (CK_RESAMPLE_BITS - 1);
            for (size_t tap = 0; tap < pass->taps; tap++) {
                size_t line = (size_t)pass->starts[row] + tap;
                sum += (int64_t)pass->input[line * pass->input_stride + x] * pass->weights[row * pass->taps + tap];
            }
            pass->output[row * pass->output_stride + x] = clip(sum);
        }
}

const ck_resample_kernels *ck_resample_portable(void) {
    static const ck_resample_kernels kernels = {"portable", horizontal, vertical};
    return &kernels;
}
