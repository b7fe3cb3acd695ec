#pragma once
#include "matmul.h"
#include <stdint.h>

/// The most panels that matmul_half expands at once.
enum { CK_HALF_PANELS = 3 };

/// How many floats of scratch (64-byte aligned) a product of depth k with half-precision weights needs.
static inline size_t ck_half_scratch(size_t k) { return CK_HALF_PANELS * CK_PANEL * k; }
