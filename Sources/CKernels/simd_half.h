// The packing of weights of half precision. Included by each instruction set's file after simd_matmul.h.

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
