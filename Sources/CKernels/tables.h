// The tables that the files of this target hand to dispatch.c. A table that this build does not contain is not
// declared.
#pragma once
#include "kernels.h"

extern const ck_kernels ck_portable_kernels;
#if defined(__x86_64__)
extern const ck_kernels ck_avx2_kernels;
extern const ck_kernels ck_avx512_kernels;
extern const ck_kernels ck_avx512_vnni_kernels;
#endif
#if defined(__aarch64__)
extern const ck_kernels ck_neon_kernels;
extern const ck_kernels ck_neon_dotprod_kernels;
#endif
