// Compares every kernel of every instruction set this processor has with its portable twin, over odd shapes, and works
// the thread team hard. A program of its own rather than a test target so that it runs under the sanitizers and,
// cross-compiled, under qemu: see sanitize.sh. Prints a line a kernel; the exit status is 1 when one differs beyond its
// tolerance.
//
// Inputs are allocated to the float, and the gaps between their rows are not-a-number, so a kernel that reads past a
// row either trips the address sanitizer or spoils its result. Outputs start from one value, and what lies between
// their rows must keep it.
#include "CKernels.h"
#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const float untouched = -12345;

static uint32_t random_bits(void) {
    static uint32_t state = 20240229;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/// Uniform in [−1, 1).
static float random_float(void) {
    return (float)random_bits() / 2147483648.0f - 1;
}

static void *allocate(size_t bytes) {
    // Rounding the size up for the sake of alignment would hide a step past the end.
    void *memory = malloc(bytes > 0 ? bytes : 1);
    if (!memory) {
        fprintf(stderr, "out of memory\n");
        exit(2);
    }
    return memory;
}

/// Rows of `columns` numbers, `ld` apart (also ld < columns: rows that overlap).
typedef struct matrix {
    float *values;
    size_t rows, columns, ld, size;
} matrix;

static matrix matrix_make(size_t rows, size_t columns, size_t ld) {
    size_t size = rows > 0 ? (rows - 1) * ld + columns : 0;
    return (matrix){allocate(size * sizeof(float)), rows, columns, ld, size};
}

static matrix matrix_random(size_t rows, size_t columns, size_t ld) {
    matrix m = matrix_make(rows, columns, ld);
    for (size_t i = 0; i < m.size; i++) {
        m.values[i] = i % ld < columns || ld < columns ? random_float() : NAN;
    }
    return m;
}

static matrix matrix_untouched(size_t rows, size_t columns, size_t ld) {
    matrix m = matrix_make(rows, columns, ld);
    for (size_t i = 0; i < m.size; i++) {
        m.values[i] = untouched;
    }
    return m;
}

static matrix matrix_copy(matrix m) {
    matrix copy = matrix_make(m.rows, m.columns, m.ld);
    memcpy(copy.values, m.values, m.size * sizeof(float));
    return copy;
}

/// What the comparisons of one kernel came to.
typedef struct verdict {
    const char *isa, *kernel;
    double tolerance, worst;
    size_t cases;
    bool strayed;
} verdict;

/// Takes the difference of two results into the verdict, relative to the largest number of the expected one, and frees
/// both.
static void judge(verdict *v, matrix actual, matrix expected) {
    double scale = 1e-3, difference = 0;
    for (size_t i = 0; i < expected.size; i++) {
        if (i % expected.ld >= expected.columns) {
            v->strayed |= memcmp(&actual.values[i], &expected.values[i], sizeof(float)) != 0;
            continue;
        }
        double magnitude = fabs(expected.values[i]), gap = fabs((double)actual.values[i] - expected.values[i]);
        scale = magnitude > scale ? magnitude : scale;
        difference = gap > difference || isnan(gap) ? gap : difference;
    }
    v->cases++;
    v->worst = difference / scale > v->worst || isnan(difference) ? difference / scale : v->worst;
    free(actual.values);
    free(expected.values);
}

static bool report(const verdict *v) {
    bool passed = v->cases > 0 && v->worst <= v->tolerance && !v->strayed;
    printf(
        "%-5s %-14s %5zu cases, worst difference %.1e of %.0e allowed%s: %s\n", v->isa, v->kernel, v->cases, v->worst,
        v->tolerance, v->strayed ? ", wrote between rows" : "", passed ? "ok" : "FAILED");
    return passed;
}

static const size_t row_counts[] = {1, 7, 50, 77, 197};
static const size_t widths[] = {1, 5, 8, 15, 16, 17, 24, 40, 100, 384};
static const size_t depths[] = {1, 3, 17, 27, 384, 1100};

static void compare_pack(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(widths); i++) {
        for (size_t j = 0; j < COUNT(depths); j++) {
            size_t n = widths[i], k = depths[j], panels = (n + CK_PANEL - 1) / CK_PANEL, size = ck_packed_size(n, k);
            matrix w = matrix_random(n, k, k + i % 3);
            matrix actual = matrix_untouched(1, size, size), expected = matrix_untouched(1, size, size);
            kernels->pack(w.values, w.ld, n, k, actual.values, 0, panels / 2);
            kernels->pack(w.values, w.ld, n, k, actual.values, panels / 2, panels);
            portable->pack(w.values, w.ld, n, k, expected.values, 0, panels);
            judge(v, actual, expected);
            free(w.values);
        }
    }
}

static void compare_matmul(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(widths) * COUNT(depths); i++) {
        size_t m = row_counts[i % COUNT(row_counts)];
        size_t n = widths[i / COUNT(row_counts) % COUNT(widths)];
        size_t k = depths[i / COUNT(row_counts) / COUNT(widths)];
        if (k > 1000 && n != 40) {
            continue;
        }
        size_t lda[] = {k, k + 5, (k + 1) / 2};
        size_t panels = (n + CK_PANEL - 1) / CK_PANEL, size = ck_packed_size(n, k);
        matrix a = matrix_random(m, k, lda[i % COUNT(lda)]), w = matrix_random(n, k, k);
        matrix packed = matrix_make(1, size, size), bias = matrix_random(1, n, n);
        matrix actual = i % 2 ? matrix_random(m, n, n + i % 4) : matrix_untouched(m, n, n + i % 4);
        matrix expected = matrix_copy(actual), residual = matrix_random(m, n, n + 3);
        portable->pack(w.values, w.ld, n, k, packed.values, 0, panels);
        // Odd cases add to what c holds already.
        ck_matmul job = {
            .a = a.values, .lda = a.ld, .packed = packed.values, .bias = i % 3 ? bias.values : NULL, .m = m, .n = n,
            .k = k, .activation = (ck_activation)(i % 7),
        };
        for (int turn = 0; turn < 2; turn++) {
            job.c = turn ? expected.values : actual.values;
            job.ldc = actual.ld;
            job.residual = i % 2 ? job.c : (i % 4 ? residual.values : NULL);
            job.ldr = i % 2 ? actual.ld : residual.ld;
            if (turn) {
                portable->matmul(&job, 0, panels, 0, m);
            } else {
                kernels->matmul(&job, 0, panels / 2, 0, m);
                kernels->matmul(&job, panels / 2, panels, 0, m / 3);
                kernels->matmul(&job, panels / 2, panels, m / 3, m);
            }
        }
        judge(v, actual, expected);
        float *used[] = {a.values, w.values, packed.values, bias.values, residual.values};
        for (size_t j = 0; j < COUNT(used); j++) {
            free(used[j]);
        }
    }
}

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

static void compare_convolution(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
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

static void compare_depthwise(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(windows) * 2; i++) {
        window s = windows[i / 2];
        size_t pictures = 1 + i % 2;
        size_t out_y = (s.in_y + s.top + s.bottom - s.kernel_y) / s.stride + 1;
        size_t out_x = (s.in_x + s.left + s.right - s.kernel_x) / s.stride + 1;
        size_t rows = pictures * out_y;
        matrix input = matrix_random(pictures * s.in_y * s.in_x, s.channels, s.channels);
        matrix w = matrix_random(s.kernel_y * s.kernel_x, s.channels, s.channels);
        matrix bias = matrix_random(1, s.channels, s.channels);
        matrix actual = matrix_untouched(rows * out_x, s.channels, s.channels), expected = matrix_copy(actual);
        ck_depthwise job = {
            .input = input.values, .weights = w.values, .bias = i % 3 ? bias.values : NULL, .output = actual.values,
            .in_y = s.in_y, .in_x = s.in_x, .channels = s.channels, .out_y = out_y, .out_x = out_x,
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

static void compare_attention(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    static const size_t dimensions[] = {8, 20, 32, 64, 80};
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(dimensions) * 2; i++) {
        size_t keys = row_counts[i / 2 % COUNT(row_counts)], d = dimensions[i / 2 / COUNT(row_counts)];
        size_t queries = i % 4 == 0 ? (keys + 2) / 3 : keys + i % 3;
        matrix q = matrix_random(queries, d, 3 * d), k = matrix_random(keys, d, 3 * d + 1);
        matrix values = matrix_random(keys, d, d + 2), actual = matrix_untouched(queries, d, d + 5);
        matrix expected = matrix_copy(actual);
        size_t bytes = (ck_attention_scratch(queries, keys, d) * sizeof(float) + 63) / 64 * 64;
        float *scratch = aligned_alloc(64, bytes);
        memset(scratch, 0xff, bytes);  // not-a-number
        ck_attention job = {
            .q = q.values, .ldq = q.ld, .k = k.values, .ldk = k.ld, .v = values.values, .ldv = values.ld,
            .output = actual.values, .ldo = actual.ld, .queries = queries, .keys = keys, .d = d,
            .scale = 1 / sqrtf((float)d), .causal = i % 2,
        };
        kernels->attention(&job, scratch);
        job.output = expected.values;
        portable->attention(&job, scratch);
        judge(v, actual, expected);
        free(q.values);
        free(k.values);
        free(values.values);
        free(scratch);
    }
}

static void compare_layer_norm(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(widths); i++) {
        size_t rows = row_counts[i % COUNT(row_counts)], n = widths[i / COUNT(row_counts)];
        matrix x = matrix_random(rows, n, n + i % 3), gain = matrix_random(1, n, n), shift = matrix_random(1, n, n);
        for (size_t j = 0; j < x.size; j++) {
            x.values[j] = x.values[j] * 3 + 10;
        }
        matrix actual = matrix_untouched(rows, n, n + 2), expected = matrix_copy(actual);
        ck_layer_norm job = {
            .x = x.values, .ldx = x.ld, .y = actual.values, .ldy = actual.ld, .gain = gain.values,
            .shift = shift.values, .n = n, .epsilon = 1e-5f,
        };
        kernels->layer_norm(&job, 0, rows / 2);
        kernels->layer_norm(&job, rows / 2, rows);
        job.y = expected.values;
        portable->layer_norm(&job, 0, rows);
        judge(v, actual, expected);
        free(x.values);
        free(gain.values);
        free(shift.values);
    }
}

static void compare_softmax(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    static const float scales[] = {1, 0.125f, 100};
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(widths); i++) {
        size_t rows = row_counts[i % COUNT(row_counts)], n = widths[i / COUNT(row_counts)];
        float scale = scales[i % COUNT(scales)];
        matrix x = matrix_random(rows, n, n + i % 3), expected = matrix_untouched(rows, n, n + i % 3);
        matrix actual = i % 2 ? matrix_copy(x) : matrix_copy(expected);
        kernels->softmax(i % 2 ? actual.values : x.values, x.ld, actual.values, actual.ld, n, scale, 0, rows / 2);
        kernels->softmax(i % 2 ? actual.values : x.values, x.ld, actual.values, actual.ld, n, scale, rows / 2, rows);
        portable->softmax(x.values, x.ld, expected.values, expected.ld, n, scale, 0, rows);
        for (size_t j = 0; j < x.size; j++) {
            // In place, the gaps are those of x.
            expected.values[j] = i % 2 && j % x.ld >= n ? x.values[j] : expected.values[j];
        }
        judge(v, actual, expected);
        free(x.values);
    }
}

static void compare_mean_rows(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(widths); i++) {
        size_t rows = row_counts[i % COUNT(row_counts)], n = widths[i / COUNT(row_counts)];
        matrix x = matrix_random(rows, n, n + i % 3);
        matrix actual = matrix_untouched(1, n, n), expected = matrix_copy(actual);
        kernels->mean_rows(x.values, x.ld, rows, n, actual.values);
        portable->mean_rows(x.values, x.ld, rows, n, expected.values);
        judge(v, actual, expected);
        free(x.values);
    }
}

static void compare_add(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(widths); i++) {
        size_t n = widths[i];
        matrix a = matrix_random(1, n, n), b = matrix_random(1, n, n), expected = matrix_untouched(1, n, n);
        portable->add(a.values, b.values, expected.values, n);
        kernels->add(a.values, b.values, i % 2 ? a.values : b.values, n);
        judge(v, i % 2 ? a : b, expected);
        free(i % 2 ? b.values : a.values);
    }
}

static void compare_normalize_rgb(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
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

static void compare_dot_rows(const ck_kernels *kernels, const ck_kernels *portable, verdict *v) {
    for (size_t i = 0; i < COUNT(row_counts) * COUNT(widths); i++) {
        size_t rows = row_counts[i % COUNT(row_counts)], n = widths[i / COUNT(row_counts)];
        matrix m = matrix_random(rows, n, n + i % 3), query = matrix_random(1, n, n);
        matrix actual = matrix_untouched(1, rows, rows), expected = matrix_copy(actual);
        kernels->dot_rows(m.values, m.ld, n, query.values, actual.values, 0, rows / 2);
        kernels->dot_rows(m.values, m.ld, n, query.values, actual.values, rows / 2, rows);
        portable->dot_rows(m.values, m.ld, n, query.values, expected.values, 0, rows);
        judge(v, actual, expected);
        free(m.values);
        free(query.values);
    }
}

// Sums are taken in another order: a few units in the last place of the largest partial sum. Copies are exact; a fused
// multiply-add rounds once where the portable twin rounds twice, which softmax multiplies by exponents of up to 100.
static const struct comparison {
    const char *kernel;
    double tolerance;
    void (*run)(const ck_kernels *kernels, const ck_kernels *portable, verdict *v);
} comparisons[] = {
    {"pack", 0, compare_pack},
    {"matmul", 2e-6, compare_matmul},
    {"convolution", 2e-6, compare_convolution},
    {"depthwise", 2e-6, compare_depthwise},
    {"attention", 2e-6, compare_attention},
    {"layer_norm", 5e-6, compare_layer_norm},
    {"softmax", 4e-6, compare_softmax},
    {"mean_rows", 2e-6, compare_mean_rows},
    {"add", 0, compare_add},
    {"normalize_rgb", 2e-7, compare_normalize_rgb},
    {"dot_rows", 2e-6, compare_dot_rows},
};

static bool compare_kernels(void) {
    static const ck_isa fast[] = {CK_ISA_AVX2, CK_ISA_NEON};
    bool passed = true;
    size_t compared = 0;
    for (size_t i = 0; i < COUNT(fast); i++) {
        const ck_kernels *kernels = ck_kernels_for(fast[i]);
        for (size_t j = 0; kernels && j < COUNT(comparisons); j++, compared++) {
            verdict v = {.isa = kernels->name, .kernel = comparisons[j].kernel, .tolerance = comparisons[j].tolerance};
            comparisons[j].run(kernels, ck_kernels_for(CK_ISA_PORTABLE), &v);
            passed &= report(&v);
        }
    }
    if (compared == 0) {
        printf("this processor runs the portable kernels only: nothing to compare\n");
    }
    return passed;
}

/// Plain memory that only the right hand-out of indices and workers keeps free of races.
typedef struct work {
    size_t *visits;
    size_t *by_worker;
    size_t size;
    atomic_bool strayed;
} work;

static void visit(void *context, size_t index, size_t worker) {
    work *w = context;
    if (worker >= w->size) {
        atomic_store(&w->strayed, true);
        return;
    }
    w->visits[index]++;
    w->by_worker[worker]++;
}

static bool stress_team(void) {
    static const size_t sizes[] = {1, 2, 5}, counts[] = {0, 1, 2, 7, 1000};
    enum { RUNS = 400, MOST = 1000 };
    bool passed = true;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        ck_team *team = ck_team_create(sizes[i]);
        work w = {calloc(MOST, sizeof(size_t)), calloc(sizes[i], sizeof(size_t)), sizes[i], false};
        size_t expected = 0, counted = 0, wrong = 0;
        for (size_t run = 0; run < RUNS; run++) {
            size_t count = counts[run % COUNT(counts)];
            memset(w.visits, 0, MOST * sizeof(size_t));
            ck_team_run(team, count, visit, &w);
            for (size_t j = 0; j < MOST; j++) {
                wrong += w.visits[j] != (j < count);
            }
            expected += count;
            if (run % 40 == 0) {
                nanosleep(&(struct timespec){.tv_nsec = 300000}, NULL);  // long enough for the workers to fall asleep
            }
        }
        ck_team_destroy(team);
        for (size_t j = 0; j < sizes[i]; j++) {
            counted += w.by_worker[j];
        }
        bool good = wrong == 0 && counted == expected && !atomic_load(&w.strayed);
        printf("team of %zu: %d runs, %zu pieces: %s\n", sizes[i], RUNS, counted, good ? "ok" : "FAILED");
        passed &= good;
        free(w.visits);
        free(w.by_worker);
    }
    return passed;
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

static bool compare_resampling(void) {
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

int main(int argc, char **argv) {
    bool team_only = argc > 1 && strcmp(argv[1], "team") == 0;
    bool passed = true;
    if (!team_only) {
        passed &= compare_kernels();
        passed &= compare_resampling();
    }
    passed &= stress_team();
    return passed ? 0 : 1;
}
