// Times the matrix multiplies of two builds of the kernels in turns, in one process, so that whatever else the machine does
// meets both: of a change one sees a few hundredths, where two runs of bench.c differ by a third on a shared machine.
//
//   clang -O2 -fPIC -shared -Wl,-Bsymbolic -ISources/CKernels/include Sources/CKernels/*.c -lm -lpthread -o after.so
//   (the same in a checkout of what was before)
//   clang -O2 -ISources/CKernels/include Sources/CKernels/*.c Benchmarks/Kernels/pairs.c -lm -lpthread -ldl -o pairs
//   ./pairs ./before.so ./after.so [rounds]
//
// The last lines have weights that no cache holds, as the layers of a network find them. Of each product: the median of the
// rounds' ratios, above 1 where the second is faster, and the GFLOP/s of both in their best round, the median one and the one
// that nine of ten are faster than.
#include "CKernels.h"
#include "buffer.h"
#include "roof.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIDES = 2, SHORTEST_TURN = 100000000 };  // multiply-adds, some milliseconds
/// So many bytes of weights are more than caches hold.
enum { UNCACHED = 100000000 };

/// One product with weights of one kind.
typedef struct workload {
    size_t m, k, n;
    ck_activation activation;
} workload;

typedef enum kind { FLOATS, HALVES, INT16, INT8 } kind;
static const char *const kind_names[] = {"floats", "halves", "int16", "int8"};

/// What a product needs, whose weights are packed for all kinds.
typedef struct memory {
    float *a, *w, *c, *bias, *packed, *wide, *integers, *rows;
    uint16_t *halves;
} memory;

static const ck_kernels *sides[SIDES];

static ck_integer integer_kind(kind kind) {
    return kind == INT8 ? CK_INT8 : CK_INT16;
}

static memory prepare(const workload *w, kind kind) {
    memory m = {
        .a = buffer(w->m * w->k), .w = buffer(w->n * w->k), .c = buffer(w->m * w->n), .bias = buffer(w->n),
        .packed = buffer(ck_packed_size(w->n, w->k)), .wide = buffer(ck_packed_size(CK_TILE_PANELS * CK_PANEL, w->k)),
        .halves = (uint16_t *)buffer(ck_packed_size(w->n, w->k) / 2),
        .integers = buffer(ck_integer_packed_bytes(integer_kind(kind), w->n, w->k) / sizeof(float)),
        .rows = buffer(w->m * ck_integer_row_bytes(integer_kind(kind), w->k) / sizeof(float)),
    };
    size_t panels = (w->n + CK_PANEL - 1) / CK_PANEL;
    sides[0]->pack(m.w, w->k, w->n, w->k, m.packed, 0, panels);
    sides[0]->pack_half(m.w, w->k, w->n, w->k, m.halves, 0, panels);
    ck_pack_integer(integer_kind(kind), m.w, w->k, w->n, w->k, m.integers, 0, panels);
    return m;
}

static size_t weight_bytes(const workload *w, kind kind) {
    switch (kind) {
    case FLOATS: return ck_packed_size(w->n, w->k) * sizeof(float);
    case HALVES: return ck_packed_size(w->n, w->k) * sizeof(uint16_t);
    default: return ck_integer_packed_bytes(integer_kind(kind), w->n, w->k);
    }
}

static void release(memory *m) {
    free(m->a), free(m->w), free(m->c), free(m->bias), free(m->packed), free(m->wide), free(m->halves);
    free(m->integers), free(m->rows);
}

static void multiply(const ck_kernels *kernels, const workload *w, kind kind, const memory *m) {
    size_t panels = (w->n + CK_PANEL - 1) / CK_PANEL;
    if (kind == INT16 || kind == INT8) {
        ck_integer_matmul job = {
            .kind = integer_kind(kind), .rows = m->rows, .packed = m->integers, .bias = m->bias, .c = m->c, .ldc = w->n,
            .m = w->m, .n = w->n, .k = w->k, .activation = w->activation,
        };
        kernels->quantize_rows(integer_kind(kind), m->a, w->k, w->k, m->rows, 0, w->m);
        kernels->integer_matmul(&job, 0, panels, 0, w->m);
    } else {
        ck_matmul job = {
            .a = m->a, .lda = w->k, .packed = kind == HALVES ? (const void *)m->halves : m->packed,
            .weights = kind == HALVES ? CK_WEIGHTS_HALF : CK_WEIGHTS_FLOAT, .bias = m->bias, .c = m->c, .ldc = w->n,
            .m = w->m, .n = w->n, .k = w->k, .activation = w->activation, .wide = m->wide,
        };
        kernels->matmul(&job, 0, panels, 0, w->m);
    }
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/// Times products whose weights are in turn those of a few copies.
static void compare(const workload *w, kind kind, size_t copies, size_t rounds) {
    memory *m = calloc(copies, sizeof *m);
    for (size_t i = 0; i < copies; i++) {
        m[i] = prepare(w, kind);
    }
    double *seconds[SIDES] = {calloc(rounds, sizeof(double)), calloc(rounds, sizeof(double))};
    double *ratios = calloc(rounds, sizeof(double));
    size_t times = SHORTEST_TURN / (w->m * w->k * w->n) + copies;
    for (size_t round = 0; round < rounds; round++) {
        for (size_t turn = 0; turn < SIDES; turn++) {
            size_t side = (turn + round) % SIDES;
            double start = now();
            for (size_t i = 0; i < times; i++) {
                multiply(sides[side], w, kind, &m[i % copies]);
            }
            seconds[side][round] = (now() - start) / (double)times;
        }
        ratios[round] = seconds[0][round] / seconds[1][round];
    }
    qsort(ratios, rounds, sizeof *ratios, ascending);
    printf("%5zu × %4zu → %4zu, %-6s  %5.2f ×", w->m, w->k, w->n, kind_names[kind], ratios[rounds / 2]);
    for (size_t side = 0; side < SIDES; side++) {
        double rate = 2e-9 * (double)(w->m * w->k * w->n), *sorted = seconds[side];
        qsort(sorted, rounds, sizeof *sorted, ascending);
        printf(
            "   %4.0f %4.0f %4.0f", rate / sorted[0], rate / sorted[rounds / 2], rate / sorted[rounds * 9 / 10]);
    }
    printf("\n");
    fflush(stdout);
    free(seconds[0]), free(seconds[1]), free(ratios);
    for (size_t i = 0; i < copies; i++) {
        release(&m[i]);
    }
    free(m);
}

/// The fastest kernels of a build.
static const ck_kernels *load(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const ck_kernels *(*best)(void) = NULL;
    if (library) {
        *(void **)&best = dlsym(library, "ck_kernels_best");
    }
    if (!best) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    return best();
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: pairs BEFORE.so AFTER.so [rounds]\n");
        return 1;
    }
    long rounds = argc > 3 ? strtol(argv[3], NULL, 10) : 40;
    if (rounds < 1) {
        fprintf(stderr, "pairs: %s rounds; at least one is needed\n", argv[3]);
        return 1;
    }
    for (size_t side = 0; side < SIDES; side++) {
        sides[side] = load(argv[side + 1]);
    }
    // ViT-B/32 with one picture and eight, a text of CLIP, and blocks of EfficientNet-Lite0 from first to last.
    static const workload wide[] = {
        {50, 768, 2304, CK_ACTIVATION_NONE}, {50, 768, 3072, CK_ACTIVATION_QUICK_GELU}, {50, 3072, 768, CK_ACTIVATION_NONE},
        {400, 768, 2304, CK_ACTIVATION_NONE}, {400, 3072, 768, CK_ACTIVATION_NONE}, {7, 512, 1536, CK_ACTIVATION_NONE},
    };
    static const workload narrow[] = {
        {12544, 32, 16, CK_ACTIVATION_NONE}, {12544, 16, 96, CK_ACTIVATION_RELU6}, {3136, 96, 24, CK_ACTIVATION_NONE},
        {3136, 24, 144, CK_ACTIVATION_RELU6}, {784, 144, 40, CK_ACTIVATION_NONE}, {196, 80, 480, CK_ACTIVATION_RELU6},
        {49, 1152, 192, CK_ACTIVATION_NONE},
    };
    for (kind kind = FLOATS; kind <= INT8; kind++) {
        for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
            compare(&wide[i], kind, 1, (size_t)rounds);
        }
    }
    for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++) {
        compare(&narrow[i], FLOATS, 1, (size_t)rounds);
    }
    // One text of CLIP and a few, and one picture.
    static const workload uncached[] = {
        {1, 512, 1536, CK_ACTIVATION_NONE}, {7, 512, 1536, CK_ACTIVATION_NONE}, {16, 512, 1536, CK_ACTIVATION_NONE},
        {7, 2048, 512, CK_ACTIVATION_NONE}, {12, 2048, 512, CK_ACTIVATION_NONE}, {7, 3072, 768, CK_ACTIVATION_NONE},
        {50, 768, 2304, CK_ACTIVATION_NONE}, {50, 3072, 768, CK_ACTIVATION_NONE},
    };
    printf("weights from memory:\n");
    for (kind kind = FLOATS; kind <= INT8; kind++) {
        for (size_t i = 0; i < sizeof uncached / sizeof *uncached; i++) {
            compare(&uncached[i], kind, UNCACHED / weight_bytes(&uncached[i], kind), (size_t)rounds);
        }
    }
    return 0;
}
