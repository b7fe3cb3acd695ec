// Times the kernels on one core, on the shapes of EfficientNet-Lite0 at 224 pixels, of a six-layer MiniLM and of
// ViT-B/32, beside the multiply-add rate of floats that this core reaches at best.
//
//   clang -O2 -ISources/CKernels/include Sources/CKernels/*.c Benchmarks/Kernels/bench.c -lm -lpthread -o bench
//   ./bench             everything
//   ./bench products    the matrix multiplies of ViT-B/32 only, in floats, halves and integers
#include "CKernels.h"
#include "buffer.h"
#include "roof.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef BUDGET
#define BUDGET 0.1  // seconds a line
#endif

/// The shortest of many runs, in seconds.
#define BEST(seconds, ...)                                      \
    do {                                                        \
        double end_ = now() + BUDGET;                           \
        seconds = 1e9;                                          \
        for (int run_ = 0; run_ < 5 || now() < end_; run_++) {  \
            double start_ = now();                              \
            __VA_ARGS__;                                        \
            double taken_ = now() - start_;                     \
            seconds = taken_ < seconds ? taken_ : seconds;      \
        }                                                       \
    } while (0)

static double peak;  // flops a second
static double total = 0;

static void line(const char *what, double flops, double seconds, int times) {
    printf("%-44s %8.3f ms ×%-2d %7.1f GFLOP/s", what, seconds * 1e3, times, flops / seconds * 1e-9);
    printf("  %3.0f %%\n", 100 * flops / seconds / peak);
    total += seconds * times;
}

static const ck_kernels *kernels;

/// One product of floats.
static void matmul(size_t m, size_t k, size_t n, ck_activation activation, int residual, int times) {
    float *a = buffer(m * k), *packed = buffer(ck_packed_size(n, k)), *c = buffer(m * n), *bias = buffer(n);
    ck_matmul job = {
        .a = a, .lda = k, .packed = packed, .bias = bias, .residual = residual ? c : NULL, .ldr = n, .c = c,
        .ldc = n, .m = m, .n = n, .k = k, .activation = activation,
    };
    double seconds;
    BEST(seconds, kernels->matmul(&job, 0, (n + 15) / 16, 0, m));
    char what[80];
    snprintf(what, sizeof what, "matmul %zu × %zu → %zu, activation %d", m, k, n, activation);
    line(what, 2.0 * (double)(m * n * k), seconds, times);
    free(a), free(packed), free(c), free(bias);
}

/// The same product with weights of each kind. The times of integers include the rounding of the activations.
static void products(size_t m, size_t k, size_t n, ck_activation activation, int residual) {
    size_t panels = (n + CK_PANEL - 1) / CK_PANEL;
    float *a = buffer(m * k), *w = buffer(n * k), *c = buffer(m * n), *bias = buffer(n);
    float *packed = buffer(ck_packed_size(n, k));
    uint16_t *half = (uint16_t *)buffer(ck_packed_size(n, k) / 2);
    float *wide = buffer(ck_packed_size(CK_TILE_PANELS * CK_PANEL, k));
    ck_matmul job = {
        .a = a, .lda = k, .packed = packed, .bias = bias, .residual = residual ? c : NULL, .ldr = n, .c = c,
        .ldc = n, .m = m, .n = n, .k = k, .activation = activation,
    };
    kernels->pack(w, k, n, k, packed, 0, panels);
    kernels->pack_half(w, k, n, k, half, 0, panels);
    char what[80];
    double seconds, operations = 2.0 * (double)(m * n * k);
    BEST(seconds, kernels->matmul(&job, 0, panels, 0, m));
    snprintf(what, sizeof what, "%zu × %zu → %zu, floats", m, k, n);
    line(what, operations, seconds, 1);
    ck_matmul halves = job;
    halves.packed = half;
    halves.weights = CK_WEIGHTS_HALF;
    halves.wide = wide;
    BEST(seconds, kernels->matmul(&halves, 0, panels, 0, m));
    snprintf(what, sizeof what, "%zu × %zu → %zu, halves", m, k, n);
    line(what, operations, seconds, 1);
    for (int i = 0; i < 2; i++) {
        ck_integer kind = i ? CK_INT8 : CK_INT16;
        float *integers = buffer(ck_integer_packed_bytes(kind, n, k) / 4);
        float *rows = buffer(m * ck_integer_row_bytes(kind, k) / 4);
        ck_pack_integer(kind, w, k, n, k, integers, 0, panels);
        ck_integer_matmul product = {
            .kind = kind, .rows = rows, .packed = integers, .bias = bias, .residual = job.residual, .ldr = n, .c = c,
            .ldc = n, .m = m, .n = n, .k = k, .activation = activation,
        };
        BEST(seconds, {
            kernels->quantize_rows(kind, a, k, k, rows, 0, m);
            kernels->integer_matmul(&product, 0, panels, 0, m);
        });
        snprintf(what, sizeof what, "%zu × %zu → %zu, %s", m, k, n, i ? "int8" : "int16");
        line(what, operations, seconds, 1);
        free(integers), free(rows);
    }
    free(a), free(w), free(c), free(bias), free(packed), free(half), free(wide);
}

/// A layer of ViT-B/32, for one picture and for eight.
static void vision_transformer(void) {
    for (size_t rows = 50; rows <= 400; rows += 350) {
        products(rows, 768, 2304, CK_ACTIVATION_NONE, 0);
        products(rows, 768, 768, CK_ACTIVATION_NONE, 1);
        products(rows, 768, 3072, CK_ACTIVATION_QUICK_GELU, 0);
        products(rows, 3072, 768, CK_ACTIVATION_NONE, 1);
    }
}

static void depthwise(size_t size, size_t channels, size_t kernel, size_t stride, int times) {
    size_t out = (size + stride - 1) / stride, padding = ((out - 1) * stride + kernel - size) / 2;
    float *in = buffer(size * size * channels), *w = buffer(kernel * kernel * channels), *b = buffer(channels);
    float *o = buffer(out * out * channels);
    ck_depthwise job = {
        .input = in, .ldi = channels, .weights = w, .ldw = channels, .bias = b, .output = o, .ldo = channels,
        .in_y = size, .in_x = size, .channels = channels, .out_y = out, .out_x = out, .kernel_y = kernel,
        .kernel_x = kernel, .stride = stride, .top = padding, .left = padding, .activation = CK_ACTIVATION_RELU6,
    };
    double seconds;
    BEST(seconds, kernels->depthwise(&job, 0, out));
    char what[80];
    snprintf(what, sizeof what, "depthwise %zu×%zu/%zu, %zu² of %zu", kernel, kernel, stride, size, channels);
    line(what, 2.0 * (double)(out * out * channels * kernel * kernel), seconds, times);
    free(in), free(w), free(b), free(o);
}

static void convolution(
    size_t size, size_t channels, size_t outputs, size_t kernel, size_t stride, size_t padding, int times) {
    size_t out = (size + stride - 1) / stride;
    float *in = buffer(size * size * channels), *w = buffer(ck_packed_size(outputs, kernel * kernel * channels));
    float *b = buffer(outputs), *o = buffer(out * out * outputs);
    ck_convolution job = {
        .input = in, .packed = w, .bias = b, .output = o, .in_y = size, .in_x = size, .channels = channels,
        .out_y = out, .out_x = out, .outputs = outputs, .kernel_y = kernel, .kernel_x = kernel, .stride = stride,
        .top = padding, .left = padding, .activation = CK_ACTIVATION_RELU6,
    };
    double seconds;
    BEST(seconds, kernels->convolution(&job, 0, out));
    char what[80];
    snprintf(
        what, sizeof what, "convolution %zu×%zu/%zu, %zu² of %zu → %zu", kernel, kernel, stride, size, channels,
        outputs);
    line(what, 2.0 * (double)(out * out * channels * outputs * kernel * kernel), seconds, times);
    free(in), free(w), free(b), free(o);
}

static void attention(size_t sequence, size_t d, size_t heads, int times) {
    float *qkv = buffer(sequence * 3 * d * heads), *o = buffer(sequence * d * heads);
    float *scratch = buffer(ck_attention_scratch(sequence, sequence, d));
    double seconds;
    BEST(seconds, for (size_t h = 0; h < heads; h++) {
        ck_attention job = {
            .q = qkv + h * d, .ldq = 3 * d * heads, .k = qkv + (heads + h) * d, .ldk = 3 * d * heads,
            .v = qkv + (2 * heads + h) * d, .ldv = 3 * d * heads, .output = o + h * d, .ldo = d * heads,
            .queries = sequence, .keys = sequence, .d = d, .scale = 0.1f,
        };
        kernels->attention(&job, scratch);
    });
    char what[80];
    snprintf(what, sizeof what, "attention %zu × %zu, %zu heads", sequence, d, heads);
    line(what, 4.0 * (double)(sequence * sequence * d * heads), seconds, times);
    free(qkv), free(o), free(scratch);
}

static void efficientnet(void) {
    // in, out, expansion, kernel, stride, repeats, size of the input
    static const size_t stages[7][7] = {
        {32, 16, 1, 3, 1, 1, 112}, {16, 24, 6, 3, 2, 2, 112}, {24, 40, 6, 5, 2, 2, 56}, {40, 80, 6, 3, 2, 3, 28},
        {80, 112, 6, 5, 1, 3, 14}, {112, 192, 6, 5, 2, 4, 14}, {192, 320, 6, 3, 1, 1, 7},
    };
    total = 0;
    convolution(224, 3, 32, 3, 2, 0, 1);
    for (int s = 0; s < 7; s++) {
        const size_t *stage = stages[s];
        size_t out = stage[6] / stage[4], m = out * out, wide = stage[0] * stage[2];
        if (stage[2] > 1) {
            matmul(stage[6] * stage[6], stage[0], wide, CK_ACTIVATION_RELU6, 0, 1);
        }
        depthwise(stage[6], wide, stage[3], stage[4], 1);
        matmul(m, wide, stage[1], CK_ACTIVATION_NONE, 0, 1);
        if (stage[5] > 1) {
            int repeats = (int)stage[5] - 1;
            matmul(m, stage[1], stage[1] * 6, CK_ACTIVATION_RELU6, 0, repeats);
            depthwise(out, stage[1] * 6, stage[3], 1, repeats);
            matmul(m, stage[1] * 6, stage[1], CK_ACTIVATION_NONE, 1, repeats);
        }
    }
    matmul(49, 320, 1280, CK_ACTIVATION_RELU6, 0, 1);
    matmul(1, 1280, 1000, CK_ACTIVATION_NONE, 0, 1);
    printf("EfficientNet-Lite0, one picture, one core: %.2f ms\n", total * 1e3);
}

static void minilm(size_t rows) {
    total = 0;
    matmul(rows, 384, 1152, CK_ACTIVATION_NONE, 0, 6);
    attention(rows, 32, 12, 6);
    matmul(rows, 384, 384, CK_ACTIVATION_NONE, 1, 6);
    matmul(rows, 384, 1536, CK_ACTIVATION_GELU, 0, 6);
    matmul(rows, 1536, 384, CK_ACTIVATION_NONE, 1, 6);
    printf("MiniLM, %zu tokens, one core: %.2f ms\n", rows, total * 1e3);
}

int main(int argc, char **argv) {
    kernels = ck_kernels_best();
    printf("%s\n", kernels->name);
    peak = roof_flops(1, BUDGET);
    printf("peak of one core: %.1f GFLOP/s\n", peak * 1e-9);
    vision_transformer();
    if (argc > 1 && strcmp(argv[1], "products") == 0) {
        return 0;
    }
    efficientnet();
    minilm(9);
    minilm(128);
    // A layer of ViT-L/14; 3×3 convolutions of a ResNet.
    matmul(257, 4096, 1024, CK_ACTIVATION_NONE, 1, 1);
    attention(50, 64, 12, 1);
    attention(257, 64, 16, 1);
    convolution(56, 64, 64, 3, 1, 1, 1);
    convolution(14, 256, 256, 3, 1, 1, 1);
    convolution(7, 512, 512, 3, 1, 1, 1);

    size_t n = 512, rows = 200000;
    float *matrix = buffer(n * rows), *out = buffer(rows);
    double seconds;
    BEST(seconds, kernels->dot_rows(matrix, n, n, matrix, out, 0, rows));
    printf("dot_rows %zu × %zu: %.1f ms, %.1f GB/s\n", rows, n, seconds * 1e3, (double)(rows * n) * 4e-9 / seconds);
    BEST(seconds, kernels->softmax(matrix, 1000, matrix, 1000, 1000, 1, 0, 100));
    printf("softmax: %.2f ns a value\n", seconds * 1e9 / 1e5);
    ck_layer_norm norm = {
        .x = matrix, .ldx = 384, .y = out, .ldy = 384, .gain = matrix, .shift = matrix, .n = 384, .epsilon = 1e-5f,
    };
    BEST(seconds, kernels->layer_norm(&norm, 0, 128));
    printf("layer_norm: %.2f ns a value\n", seconds * 1e9 / (128 * 384));
    free(matrix), free(out);
    return 0;
}
