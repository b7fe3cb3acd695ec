// The memory that kernels are timed on.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/// Numbers between -0.5 and 0.5, 64-byte aligned, with room for what is read past the last.
static float *buffer(size_t count) {
    float *p = aligned_alloc(64, (count * sizeof(float) + 127) / 64 * 64);
    for (size_t i = 0; i < count; i++) {
        p[i] = (float)(i * 2654435761u % 1024) / 1024 - 0.5f;
    }
    return p;
}
