// What cores reach at best: multiply-adds of floats from registers, and reading from memory. Threads work at the same
// time, each on its own; the rate is that of all together, at its best over a while.
#pragma once
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#if defined(__x86_64__)
// The instructions of a core with AVX2, as a compiler makes them of vectors this wide.
#define ROOF_TARGET __attribute__((target("avx2,fma")))
typedef float roof_vec __attribute__((vector_size(32)));
enum { ROOF_CHAINS = 12 };
#else
#define ROOF_TARGET
typedef float roof_vec __attribute__((vector_size(16)));
enum { ROOF_CHAINS = 24 };
#endif
enum { ROOF_LANES = sizeof(roof_vec) / sizeof(float), ROOF_STEPS = 1000000, ROOF_BYTES = 96 << 20, ROOF_THREADS = 64 };

/// ROOF_STEPS times as many multiply-adds as there are chains, which do not wait for each other.
ROOF_TARGET static void *roof_multiply(void *unused) {
#pragma clang fp contract(fast)
    roof_vec sums[ROOF_CHAINS] = {0}, x = {0};
    x += 1e-9f;
    for (int i = 0; i < ROOF_STEPS; i++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < ROOF_CHAINS; j++) {
            sums[j] += x * x;
        }
#if defined(__x86_64__)
        __asm__ volatile("" : "+x"(x));
#else
        __asm__ volatile("" : "+w"(x));
#endif
    }
    volatile float keep = 0;
    for (int j = 0; j < ROOF_CHAINS; j++) {
        keep += sums[j][0];
    }
    return unused;
}

/// Reads ROOF_BYTES, more than a cache holds.
ROOF_TARGET static void *roof_read(void *memory) {
    const roof_vec *from = memory;
    roof_vec sums[8] = {0};
    for (size_t i = 0; i < ROOF_BYTES / sizeof(roof_vec); i += 8) {
#pragma clang loop unroll(full)
        for (size_t j = 0; j < 8; j++) {
            sums[j] += from[i + j];
        }
    }
    volatile float keep = 0;
    for (int j = 0; j < 8; j++) {
        keep += sums[j][0];
    }
    return memory;
}

/// The shortest time of all threads together over `budget` seconds.
static double roof_time(void *(*work)(void *), void *const contexts[], size_t threads, double budget) {
    double best = 1e9, end = now() + budget;
    while (now() < end) {
        pthread_t ids[ROOF_THREADS];
        double start = now();
        for (size_t i = 1; i < threads; i++) {
            if (pthread_create(&ids[i], NULL, work, contexts[i]) != 0) {
                abort();
            }
        }
        work(contexts[0]);
        for (size_t i = 1; i < threads; i++) {
            pthread_join(ids[i], NULL);
        }
        double taken = now() - start;
        best = taken < best ? taken : best;
    }
    return best;
}

/// Floating-point operations a second, a multiply-add being two.
static inline double roof_flops(size_t threads, double budget) {
    void *contexts[ROOF_THREADS] = {0};
    double operations = 2.0 * ROOF_LANES * ROOF_CHAINS * ROOF_STEPS * (double)threads;
    return operations / roof_time(roof_multiply, contexts, threads, budget);
}

/// Bytes read a second.
static inline double roof_bytes(size_t threads, double budget) {
    void *contexts[ROOF_THREADS];
    for (size_t i = 0; i < threads; i++) {
        contexts[i] = aligned_alloc(4096, ROOF_BYTES);
        if (!contexts[i]) {
            abort();
        }
        memset(contexts[i], 0, ROOF_BYTES);
    }
    double rate = (double)ROOF_BYTES * (double)threads / roof_time(roof_read, contexts, threads, budget);
    for (size_t i = 0; i < threads; i++) {
        free(contexts[i]);
    }
    return rate;
}
