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

static void matmul_half(
    const ck_matmul *job, const uint16_t *packed, float *scratch, size_t panel0, size_t panel1, size_t row0,
    size_t row1) {
    size_t rows = row1 > row0 ? row1 - row0 : 0, panels = panel1 > panel0 ? panel1 - panel0 : 0;
    size_t blocks = block_count(rows, job->k * sizeof(float)), groups = part_count(panels, TILE_PANELS);
    size_t panel = job->k * CK_PANEL;
    for (size_t i = 0; i < blocks * groups; i++) {
        size_t block = i / groups, group = i % groups;
        size_t first = panel0 + part_start(panels, groups, group);
        size_t count = panel0 + part_start(panels, groups, group + 1) - first;
        const uint16_t *from = packed + first * panel;
        for (size_t j = 0; j < count * panel; j += VEC) {
            vec_store(scratch + j, vec_load_half(from + j));
        }
        // The product of these panels, as if their columns were all there are. It reads ahead the halves that follow.
        size_t column = first * CK_PANEL;
        ck_matmul part = *job;
        part.packed = scratch;
        part.n = job->n - column < count * CK_PANEL ? job->n - column : count * CK_PANEL;
        part.bias = job->bias ? job->bias + column : NULL;
        part.residual = job->residual ? job->residual + column : NULL;
        part.c = job->c + column;
        product whole = {
            .panel1 = count, .n = part.n, .row0 = row0 + part_start(rows, blocks, block),
            .row1 = row0 + part_start(rows, blocks, block + 1), .row_bytes = job->k * sizeof(float),
            .packed = (const char *)(group + 1 < groups ? from + count * panel : from),
            .panel_bytes = panel * sizeof(uint16_t), .step_bytes = CK_PANEL * sizeof(uint16_t),
            .whole = destination_make(part.bias, part.residual, part.ldr, part.c, part.ldc, part.activation),
        };
        multiply(&whole, &part);
    }
}
