// What cores reach at best: multiply-adds of floats from registers, and reading from memory. Threads work at the same
// time, each on its own; the rate is that of all together, at its best over a while.
#pragma once
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/// The multiply-adds of a run and the bytes it reads, some less than ROOF_BYTES, more than a cache holds. They are in large pages,
/// as weights are.
enum { ROOF_STEPS = 1000000, ROOF_BYTES = 96 << 20, ROOF_THREADS = 64, ROOF_LARGE_PAGE = 2 << 20 };

/// Memory is read in several places at once: on many processors two or more streams come faster than one, and faster still where every
/// line is asked for a page before it is read. They are not a whole number of pages apart, so that their lines do not fall into the same
/// set of a cache.
enum { ROOF_STREAMS = 8, ROOF_LINE = 64, ROOF_STREAM_BYTES = ROOF_BYTES / ROOF_STREAMS - 5 * ROOF_LINE, ROOF_AHEAD_BYTES = 4096 };

#if defined(__x86_64__)
#define ROOF_HIDE(x) __asm__ volatile("" : "+v"(x))
#else
#define ROOF_HIDE(x) __asm__ volatile("" : "+w"(x))
#endif

/// What a compiler makes of vectors of `bytes` for a target: ROOF_STEPS times as many multiply-adds as there are `chains`, which do not
/// wait for each other; and sums of all that is in a memory.
#define ROOF_WORK(name, bytes, chains, target)                                            \
    typedef float name##_vec __attribute__((vector_size(bytes)));                         \
    target static void *name##_multiply(void *unused) {                                   \
        _Pragma("clang fp contract(fast)") name##_vec sums[chains] = {0}, x = {0};        \
        x += 1e-9f;                                                                       \
        for (int i = 0; i < ROOF_STEPS; i++) {                                            \
            _Pragma("clang loop unroll(full)") for (int j = 0; j < (chains); j++) {       \
                sums[j] += x * x;                                                         \
            }                                                                             \
            ROOF_HIDE(x);                                                                 \
        }                                                                                 \
        volatile float keep = 0;                                                          \
        for (int j = 0; j < (chains); j++) {                                              \
            keep += sums[j][0];                                                           \
        }                                                                                 \
        return unused;                                                                    \
    }                                                                                     \
    target static void *name##_read(void *memory) {                                       \
        name##_vec sums[ROOF_STREAMS] = {0};                                              \
        for (size_t i = 0; i < ROOF_STREAM_BYTES; i += sizeof(name##_vec)) {              \
            const char *from = (const char *)memory + i;                                  \
            _Pragma("clang loop unroll(full)") for (int j = 0; j < ROOF_STREAMS; j++) {   \
                const char *place = from + (size_t)j * ROOF_STREAM_BYTES;                 \
                if (i % ROOF_LINE == 0) {                                                 \
                    __builtin_prefetch(place + ROOF_AHEAD_BYTES, 0, 3);                   \
                }                                                                         \
                sums[j] += *(const name##_vec *)place;                                    \
            }                                                                             \
        }                                                                                 \
        volatile float keep = 0;                                                          \
        for (int j = 0; j < ROOF_STREAMS; j++) {                                          \
            keep += sums[j][0];                                                           \
        }                                                                                 \
        return memory;                                                                    \
    }

typedef struct roof_work {
    void *(*multiply)(void *);
    void *(*read)(void *);
    double operations;  // of `multiply`, a multiply-add being two
} roof_work;

#if defined(__x86_64__)
ROOF_WORK(roof_avx2, 32, 12, __attribute__((target("avx2,fma"))))
ROOF_WORK(roof_avx512, 64, 24, __attribute__((target("avx512f"))))
#else
ROOF_WORK(roof_neon, 16, 24, )
#endif

/// With the widest vectors this processor has.
static roof_work roof_widest(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) {
        return (roof_work){roof_avx512_multiply, roof_avx512_read, 2.0 * 16 * 24 * ROOF_STEPS};
    }
    return (roof_work){roof_avx2_multiply, roof_avx2_read, 2.0 * 8 * 12 * ROOF_STEPS};
#else
    return (roof_work){roof_neon_multiply, roof_neon_read, 2.0 * 4 * 24 * ROOF_STEPS};
#endif
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

/// Floating-point operations a second.
static inline double roof_flops(size_t threads, double budget) {
    void *contexts[ROOF_THREADS] = {0};
    roof_work work = roof_widest();
    return work.operations * (double)threads / roof_time(work.multiply, contexts, threads, budget);
}

/// Bytes read a second.
static inline double roof_bytes(size_t threads, double budget) {
    void *contexts[ROOF_THREADS];
    for (size_t i = 0; i < threads; i++) {
        contexts[i] = aligned_alloc(ROOF_LARGE_PAGE, ROOF_BYTES);
        if (!contexts[i]) {
            abort();
        }
#ifdef MADV_HUGEPAGE
        madvise(contexts[i], ROOF_BYTES, MADV_HUGEPAGE);
#endif
        memset(contexts[i], 0, ROOF_BYTES);
    }
    double bytes = (double)ROOF_STREAM_BYTES * ROOF_STREAMS * (double)threads;
    double rate = bytes / roof_time(roof_widest().read, contexts, threads, budget);
    for (size_t i = 0; i < threads; i++) {
        free(contexts[i]);
    }
    return rate;
}
