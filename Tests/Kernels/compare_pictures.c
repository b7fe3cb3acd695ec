// The kernels on pictures: convolution, normalisation, resampling.
#include "support.h"
#include <math.h>
#include <stdlib.h>

/// The shape of a convolution: inputs, kernel, stride, padding above, left, below and right, channels, outputs.
typedef struct window {
    size_t in_y, in_x, kernel_y, kernel_x, stride, top, left, bottom, right, channels, outputs;
} window;

static const window windows[] = {
    {224, 64, 3, 3, 2, 0, 0, 1, 1, 3, 32},  // the first layer of EfficientNet
    {9, 13, 3, 3, 1, 1, 1, 1, 1, 5, 17},
    {7, 7, 3, 3, 1, 1, 1, 1, 1, 300, 16},
    {8, 20, 5, 5, 2, 2, 2, 2, 2, 8, 24},
    {14, 14, 5, 5, 1, 2, 2, 2, 2, 24, 8},
    {7, 7, 5, 5, 1, 2, 2, 2, 2, 40, 40},
    {28, 28, 3, 3, 2, 0, 0, 1, 1, 144, 20},
    {15, 29, 3, 3, 2, 1, 1, 1, 1, 9, 3},
    {16, 16, 4, 4, 4, 0, 0, 0, 0, 3, 33},  // patches
    {21, 18, 7, 7, 2, 3, 3, 3, 3, 3, 64},
    {12, 11, 7, 7, 1, 3, 3, 3, 3, 35, 10},
    {6, 9, 1, 5, 1, 0, 2, 0, 2, 12, 48},
    {2, 2, 5, 5, 1, 2, 2, 2, 2, 7, 7},
    {1, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1},
    {5, 3, 5, 5, 2, 4, 4, 4, 4, 13, 19},
};

void compare_convolution(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(windows) * 2; i++) {
        window s = windows[i / 2];
        size_t pictures = 1 + i % 2, k = s.kernel_y * s.kernel_x * s.channels, size = ck_packed_size(s.outputs, k);
        size_t out_y = (s.in_y + s.top + s.bottom - s.kernel_y) / s.stride + 1;
        size_t out_x = (s.in_x + s.left + s.right - s.kernel_x) / s.stride + 1;
        size_t rows = pictures * out_y, places = rows * out_x;
        matrix input = matrix_random(pictures * s.in_y * s.in_x, s.channels, s.channels);
        matrix w = matrix_random(s.outputs, k, k), packed = matrix_make(1, size, size);
        matrix bias = matrix_random(1, s.outputs, s.outputs), residual = matrix_random(places, s.outputs, s.outputs);
        matrix actual = matrix_untouched(places, s.outputs, s.outputs), expected = matrix_copy(actual);
        portable->pack(w.values, k, s.outputs, k, packed.values, 0, (s.outputs + CK_PANEL - 1) / CK_PANEL);
        ck_convolution job = {
            .input = input.values, .packed = packed.values, .bias = i % 3 ? bias.values : NULL,
            .residual = i % 4 == 1 ? residual.values : NULL, .output = actual.values, .in_y = s.in_y, .in_x = s.in_x,
            .channels = s.channels, .out_y = out_y, .out_x = out_x, .outputs = s.outputs, .kernel_y = s.kernel_y,
            .kernel_x = s.kernel_x, .stride = s.stride, .top = s.top, .left = s.left,
            .activation = (ck_activation)(i % 7),
        };
        kernels->convolution(&job, 0, rows / 3);
        kernels->convolution(&job, rows / 3, rows);
        job.output = expected.values;
        portable->convolution(&job, 0, rows);
        judge(v, actual, expected);
        float *used[] = {input.values, w.values, packed.values, bias.values, residual.values};
        for (size_t j = 0; j < COUNT(used); j++) {
            free(used[j]);
        }
    }
}

void compare_depthwise(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(windows) * 2; i++) {
        window s = windows[i / 2];
        size_t pictures = 1 + i % 2;
        size_t out_y = (s.in_y + s.top + s.bottom - s.kernel_y) / s.stride + 1;
        size_t out_x = (s.in_x + s.left + s.right - s.kernel_x) / s.stride + 1;
        size_t rows = pictures * out_y;
        // Every second time the channels are some of wider pictures'.
        size_t ldi = s.channels + i % 2 * 5, ldw = s.channels + i % 2 * 48, ldo = s.channels + i % 2 * 16;
        matrix input = matrix_random(pictures * s.in_y * s.in_x, s.channels, ldi);
        matrix w = matrix_random(s.kernel_y * s.kernel_x, s.channels, ldw);
        matrix bias = matrix_random(1, s.channels, s.channels);
        matrix actual = matrix_untouched(rows * out_x, s.channels, ldo), expected = matrix_copy(actual);
        ck_depthwise job = {
            .input = input.values, .ldi = ldi, .weights = w.values, .ldw = ldw, .bias = i % 3 ? bias.values : NULL,
            .output = actual.values, .ldo = ldo, .in_y = s.in_y, .in_x = s.in_x, .channels = s.channels, .out_y = out_y, .out_x = out_x,
            .kernel_y = s.kernel_y, .kernel_x = s.kernel_x, .stride = s.stride, .top = s.top, .left = s.left,
            .activation = (ck_activation)(i % 7),
        };
        kernels->depthwise(&job, 0, rows / 3);
        kernels->depthwise(&job, rows / 3, rows);
        job.output = expected.values;
        portable->depthwise(&job, 0, rows);
        judge(v, actual, expected);
        free(input.values);
        free(w.values);
        free(bias.values);
    }
}

void compare_normalize_rgb(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    static const float scale[3] = {0.01f, 0.02f, 0.03f}, offset[3] = {-1, -2, -3};
    for (size_t pixels = 0; pixels < 40; pixels++) {
        uint8_t *rgb = allocate(pixels * 3);
        for (size_t i = 0; i < pixels * 3; i++) {
            rgb[i] = (uint8_t)random_bits();
        }
        matrix actual = matrix_untouched(pixels, 3, 3), expected = matrix_copy(actual);
        kernels->normalize_rgb(rgb, pixels, scale, offset, actual.values);
        portable->normalize_rgb(rgb, pixels, scale, offset, expected.values);
        judge(v, actual, expected);
        free(rgb);
    }
}

/// Weights of a window, whose magnitudes sum to at most 1.2 in fixed point as those of a kernel with negative lobes do.
static int32_t random_weight(size_t taps) {
    return (int32_t)(random_float() * 1.2f * (float)(1 << CK_RESAMPLE_BITS) / (float)taps);
}

/// One pass of both tables over random bytes; the bytes have to be the same, and no others may be touched.
static void compare_pass(
    const ck_resample_kernels *best, const ck_resample_kernels *portable, bool horizontal, size_t lines, size_t outputs,
    size_t taps, size_t size, verdict *v) {
    // `lines` are rows of the horizontal pass, which makes `outputs` pixels of `size`; columns of the vertical one, which
    // makes `outputs` rows of `size`.
    size_t input_stride = 3 * (horizontal ? size : lines) + 2, output_stride = 3 * (horizontal ? outputs : lines) + 5;
    size_t input_rows = horizontal ? lines : size, output_rows = horizontal ? lines : outputs;
    size_t input_size = input_rows * input_stride - 2, output_size = output_rows * output_stride - 5;
    uint8_t *input = allocate(input_size), *actual = allocate(output_size), *expected = allocate(output_size);
    size_t repeat = horizontal ? 3 : 1;
    int32_t *starts = allocate(outputs * sizeof(int32_t));
    int32_t *weights = allocate(outputs * taps * repeat * sizeof(int32_t));
    for (size_t i = 0; i < input_size; i++) input[i] = (uint8_t)random_bits();
    for (size_t o = 0; o < outputs; o++) starts[o] = (int32_t)(random_bits() % (size - taps + 1));
    for (size_t i = 0; i < outputs * taps; i++) {
        int32_t weight = random_weight(taps);
        for (size_t r = 0; r < repeat; r++) weights[i * repeat + r] = weight;
    }
    memset(actual, 99, output_size);
    memset(expected, 99, output_size);
    ck_resample pass = {
        .input = input, .input_stride = input_stride, .output = actual, .output_stride = output_stride,
        .lines = horizontal ? lines : 3 * lines, .outputs = outputs, .taps = taps, .starts = starts, .weights = weights,
    };
    (horizontal ? best->horizontal : best->vertical)(&pass);
    pass.output = expected;
    (horizontal ? portable->horizontal : portable->vertical)(&pass);
    for (size_t i = 0; i < output_size; i++) {
        bool between = i % output_stride >= output_stride - 5;
        v->strayed |= between && actual[i] != 99;
        double difference = between ? 0 : fabs((double)actual[i] - expected[i]);
        v->worst = difference > v->worst ? difference : v->worst;
    }
    v->cases++;
    free(input), free(actual), free(expected), free(starts), free(weights);
}

bool compare_resampling(void) {
    const ck_resample_kernels *best = ck_resample_best(), *portable = ck_resample_portable();
    static const size_t line_counts[] = {1, 3, 4, 5, 11, 33}, output_counts[] = {1, 2, 7, 16};
    static const size_t tap_counts[] = {1, 3, 7, 8, 9, 16, 23}, excesses[] = {0, 1, 12};
    verdict verdicts[] = {
        {.isa = best->name, .kernel = "resample rows"}, {.isa = best->name, .kernel = "resample columns"}};
    for (size_t i = 0; i < COUNT(line_counts) * COUNT(output_counts) * COUNT(tap_counts) * COUNT(excesses); i++) {
        size_t lines = line_counts[i % COUNT(line_counts)];
        size_t outputs = output_counts[i / COUNT(line_counts) % COUNT(output_counts)];
        size_t taps = tap_counts[i / COUNT(line_counts) / COUNT(output_counts) % COUNT(tap_counts)];
        size_t excess = excesses[i / COUNT(line_counts) / COUNT(output_counts) / COUNT(tap_counts)];
        compare_pass(best, portable, true, lines, outputs, taps, taps + excess, &verdicts[0]);
        compare_pass(best, portable, false, lines, outputs, taps, taps + excess, &verdicts[1]);
    }
    bool rows = report(&verdicts[0]), columns = report(&verdicts[1]);
    return rows && columns;
}
