#include "kernels.h"
#include "layout.h"
#include "tables.h"

const ck_kernels *ck_kernels_for(ck_isa isa) {
    switch (isa) {
    case CK_ISA_PORTABLE:
        return &ck_portable_kernels;
    case CK_ISA_AVX2:
#if defined(__x86_64__)
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c")) {
            return &ck_avx2_kernels;
        }
#endif
        return NULL;
    case CK_ISA_NEON:
#if defined(__aarch64__)
        return &ck_neon_kernels;
#else
        return NULL;
#endif
    }
    return NULL;
}

const ck_kernels *ck_kernels_best(void) {
    static const ck_isa fastest_first[] = {CK_ISA_AVX2, CK_ISA_NEON};
    for (size_t i = 0; i < sizeof fastest_first / sizeof fastest_first[0]; i++) {
        const ck_kernels *kernels = ck_kernels_for(fastest_first[i]);
        if (kernels) {
            return kernels;
        }
    }
    return &ck_portable_kernels;
}

size_t ck_packed_size(size_t n, size_t k) {
    return ck_round_up(n, CK_PANEL) * k;
}

size_t ck_attention_scratch(size_t queries, size_t keys, size_t d) {
    size_t block = queries < CK_QUERY_BLOCK ? queries : CK_QUERY_BLOCK;
    return ck_packed_size(keys, d) + ck_packed_size(d, keys) + block * ck_round_up(keys, CK_PANEL);
}
