// What every comparison uses: random inputs, matrices allocated to the float, verdicts.
//
// Inputs are allocated to the float, and the gaps between their rows are not-a-number, so a kernel that reads past a
// row either trips the address sanitizer or spoils its result. Outputs start from one value, and what lies between
// their rows must keep it.
#pragma once
#include "CKernels.h"
#include <stdbool.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const float untouched = -12345;

uint32_t random_bits(void);
/// Uniform in [−1, 1).
float random_float(void);
void *allocate(size_t bytes);

/// Rows of `columns` numbers, `ld` apart (also ld < columns: rows that overlap).
typedef struct matrix {
    float *values;
    size_t rows, columns, ld, size;
} matrix;

matrix matrix_make(size_t rows, size_t columns, size_t ld);
matrix matrix_random(size_t rows, size_t columns, size_t ld);
matrix matrix_untouched(size_t rows, size_t columns, size_t ld);
matrix matrix_copy(matrix m);

/// What the comparisons of one kernel came to.
typedef struct verdict {
    const char *isa, *kernel;
    double tolerance, worst;
    double least;  // differences are relative to a number at least so large
    size_t cases;
    bool strayed;
} verdict;

/// Takes the difference of two results into the verdict, relative to the largest number of the expected one, and frees
/// both.
void judge(verdict *v, matrix actual, matrix expected);
/// Takes a difference of bytes into the verdict, and frees both.
void judge_bytes(verdict *v, void *actual, void *expected, size_t size);
bool report(const verdict *v);

/// Where no memory is: what a product is told comes next is fetched, not read.
#define NOWHERE ((const void *)64)

static const size_t row_counts[] = {1, 7, 50, 77, 197};
static const size_t widths[] = {1, 5, 8, 15, 16, 17, 24, 40, 100, 384};
static const size_t depths[] = {1, 3, 17, 27, 384, 1100};

/// A comparison of one kernel with its portable twin.
typedef void comparison(const ck_kernels *kernels, const ck_kernels *portable, verdict *v);

comparison compare_pack, compare_matmul, compare_pack_half, compare_matmul_half;
comparison compare_quantize_rows, compare_int8, compare_int16, compare_integer_activations, compare_integer_limits;
comparison compare_convolution, compare_depthwise, compare_normalize_rgb;
comparison compare_attention, compare_layer_norm, compare_softmax, compare_mean_rows, compare_add;
comparison compare_dot_rows, compare_dot_rows_int8;

bool check_integers(void);
bool compare_resampling(void);
bool stress_team(void);
