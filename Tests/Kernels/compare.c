// Compares every kernel of every instruction set this processor has with its portable twin, over odd shapes, and works
// the thread team hard. A program of its own rather than a test target so that it runs under the sanitizers and,
// cross-compiled, under qemu: see sanitize.sh. Prints a line a kernel; the exit status is 1 when one differs beyond its
// tolerance.
#include "support.h"
#include <stdio.h>

// Sums are taken in another order: a few units in the last place of the largest partial sum, which is of size `least`
// or more even where the sum itself cancels; more of them in products of up to 2,049 steps, whose errors grow with the root of
// their number. Copies and integers are exact; a fused multiply-add rounds once where the portable twin rounds twice, which softmax
// multiplies by exponents of up to 100.
static const struct {
    const char *kernel;
    double tolerance, least;
    comparison *run;
} comparisons[] = {
    {"pack", 0, 1, compare_pack},
    {"matmul", 4e-6, 2, compare_matmul},
    {"pack_half", 0, 1, compare_pack_half},
    {"matmul_half", 4e-6, 2, compare_matmul_half},
    {"quantize_rows", 0, 1, compare_quantize_rows},
    {"int8", 0, 1, compare_int8},
    {"int16", 0, 1, compare_int16},
    {"int activations", 2e-6, 1, compare_integer_activations},
    {"int limits", 0, 1, compare_integer_limits},
    {"convolution", 2e-6, 2, compare_convolution},
    {"depthwise", 2e-6, 1, compare_depthwise},
    {"attention", 2e-6, 0.1, compare_attention},
    {"layer_norm", 5e-6, 1, compare_layer_norm},
    {"softmax", 4e-6, 1e-3, compare_softmax},
    {"mean_rows", 2e-6, 0.1, compare_mean_rows},
    {"add", 0, 1, compare_add},
    {"normalize_rgb", 2e-7, 1, compare_normalize_rgb},
    {"dot_rows", 2e-6, 2, compare_dot_rows},
    {"dot_rows_int8", 0, 1, compare_dot_rows_int8},
};

/// Compares the tables whose name begins with `prefix`.
static bool compare_kernels(const char *prefix) {
    static const ck_isa fast[] = {
        CK_ISA_AVX2, CK_ISA_AVX512, CK_ISA_AVX512_VNNI, CK_ISA_NEON, CK_ISA_NEON_DOTPROD,
    };
    bool passed = true;
    size_t compared = 0;
    for (size_t i = 0; i < COUNT(fast); i++) {
        const ck_kernels *kernels = ck_kernels_for(fast[i]);
        if (!kernels || strncmp(kernels->name, prefix, strlen(prefix)) != 0) {
            continue;
        }
        for (size_t j = 0; j < COUNT(comparisons); j++, compared++) {
            verdict v = {
                .isa = kernels->name, .kernel = comparisons[j].kernel, .tolerance = comparisons[j].tolerance,
                .least = comparisons[j].least,
            };
            comparisons[j].run(kernels, ck_kernels_for(CK_ISA_PORTABLE), &v);
            passed &= report(&v);
        }
    }
    if (compared == 0) {
        printf("this processor has no such kernels but the portable ones: nothing to compare\n");
    }
    return passed;
}

/// Without an argument everything; "team" for the thread team, or the beginning of the name of some kernels for those.
int main(int argc, char **argv) {
    const char *only = argc > 1 ? argv[1] : "";
    if (strcmp(only, "team") == 0) {
        return stress_team() ? 0 : 1;
    }
    bool passed = compare_kernels(only);
    if (argc == 1) {
        passed &= check_integers();
        passed &= compare_resampling();
        passed &= stress_team();
    }
    return passed ? 0 : 1;
}
