// The matrix multiply by weights of half precision. Included by each instruction set's file after simd_matmul.h.
//
// The weights of a tile are expanded to floats once for all rows of a block; the multiply is that of floats, and so is
// its result to the last bit. What is saved is memory, and the reading of it.

static void pack_half(
    const float *w, size_t ldw, size_t n, size_t k, uint16_t *packed, size_t panel0, size_t panel1) {
    // A few steps of k at a time, through the packing of floats.
    enum { STEPS = 64 };
    float floats[STEPS * CK_PANEL];
    for (size_t panel = panel0; panel < panel1; panel++) {
        size_t column = panel * CK_PANEL, columns = n - column < CK_PANEL ? n - column : CK_PANEL;
        for (size_t i = 0; i < k; i += STEPS) {
            size_t steps = k - i < STEPS ? k - i : STEPS;
            pack(w + column * ldw + i, ldw, columns, steps, floats, 0, 1);
            for (size_t j = 0; j < steps * CK_PANEL; j += VEC) {
                vec_store_half(packed + (panel * k + i) * CK_PANEL + j, vec_load(floats + j));
            }
        }
    }
}

typedef struct half_product {
    const ck_matmul *job;
    const uint16_t *packed;
    float *scratch;
} half_product;

static void matmul_tile_of_halves(const void *context, const tile *at) {
    const half_product *half = context;
    size_t panel = half->job->k * CK_PANEL;
    if (at->first) {
        const uint16_t *from = half->packed + at->panel0 * panel;
        for (size_t i = 0; i < (at->panel1 - at->panel0) * panel; i += VEC) {
            vec_store(half->scratch + i, vec_load_half(from + i));
        }
    }
    matmul_tile(half->job, half->scratch, at);
}

static void matmul_half(
    const ck_matmul *job, const uint16_t *packed, float *scratch, size_t panel0, size_t panel1, size_t row0,
    size_t row1) {
    half_product half = {job, packed, scratch};
    product whole = product_make(job, panel0, panel1, row0, row1);
    whole.packed = (const char *)packed;
    whole.panel_bytes /= 2;
    whole.step_bytes /= 2;
    for_each_tile(&whole, matmul_tile_of_halves, &half);
}
