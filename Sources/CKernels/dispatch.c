#include "kernels.h"
#include "layout.h"
#include "tables.h"
#include <stdbool.h>

#if defined(__x86_64__)
static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
}

#ifdef CK_SIMDE
// A test build, whose intrinsics are emulated.
static bool has_avx512(void) { return true; }
static bool has_vnni(void) { return true; }
#else
/// True only where the operating system keeps the wide registers as well; the same holds for has_avx2.
static bool has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") && has_avx2();
}
static bool has_vnni(void) { return has_avx512() && __builtin_cpu_supports("avx512vnni"); }
#endif
#endif

#if defined(__aarch64__)
#if defined(__ARM_FEATURE_DOTPROD)
static bool has_dotprod(void) { return true; }
#elif defined(__linux__)
#include <sys/auxv.h>
/// HWCAP_ASIMDDP of the kernel's asm/hwcap.h.
static bool has_dotprod(void) { return getauxval(AT_HWCAP) & 1 << 20; }
#elif defined(__APPLE__)
#include <sys/sysctl.h>
static bool has_dotprod(void) {
    int value = 0;
    size_t size = sizeof value;
    return sysctlbyname("hw.optional.arm.FEAT_DotProd", &value, &size, NULL, 0) == 0 && value == 1;
}
#else
static bool has_dotprod(void) { return false; }
#endif
#endif

const ck_kernels *ck_kernels_for(ck_isa isa) {
    switch (isa) {
    case CK_ISA_PORTABLE:
        return &ck_portable_kernels;
#if defined(__x86_64__)
    case CK_ISA_AVX2:
        return has_avx2() ? &ck_avx2_kernels : NULL;
    case CK_ISA_AVX512:
        return has_avx512() ? &ck_avx512_kernels : NULL;
    case CK_ISA_AVX512_VNNI:
        return has_vnni() ? &ck_avx512_vnni_kernels : NULL;
#endif
#if defined(__aarch64__)
    case CK_ISA_NEON:
        return &ck_neon_kernels;
    case CK_ISA_NEON_DOTPROD:
        return has_dotprod() ? &ck_neon_dotprod_kernels : NULL;
#endif
    default:
        return NULL;
    }
}

const ck_kernels *ck_kernels_best(void) {
    static const ck_isa fastest_first[] = {
        CK_ISA_AVX512_VNNI, CK_ISA_AVX512, CK_ISA_AVX2, CK_ISA_NEON_DOTPROD, CK_ISA_NEON,
    };
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
