// The matrix multiply of integers. Included by each instruction set's file after simd_integer.h, once for each way of
// multiplying: DOT(name) is a name of that way.

/// sums[r][v] += step k of a[r] · the step of the weights at `b`; the kind and the shape are constants.
INLINE void DOT(integer_step)(
    ck_integer kind, int rows, int vectors, ivec sums[][TILE_VECTORS], const char *const row[], const char *b,
    size_t apart, size_t k) {
    weights_int8 bytes[TILE_VECTORS];
    weights_int16 words[TILE_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) {
        if (kind == CK_INT8) {
            bytes[v] = load_int8(b + (size_t)v * apart);
        } else {
            words[v] = load_int16(b + (size_t)v * apart);
        }
    }
    UNROLL for (int r = 0; r < rows; r++) {
        row_step x = splat_step(row[r] + k * CK_INTEGER_ROW_STEP);
        UNROLL for (int v = 0; v < vectors; v++) {
            sums[r][v] = kind == CK_INT8 ? DOT(dot_int8)(sums[r][v], bytes[v], x)
                                         : DOT(dot_int16)(sums[r][v], words[v], x);
        }
    }
}

/// sums[r][v] += a[r] · the weights, while what will be multiplied next comes into the caches.
INLINE void DOT(integer_accumulate)(
    ck_integer kind, int rows, int vectors, ivec sums[][TILE_VECTORS], const char *const a[], const char *b,
    size_t apart, size_t length, bool streams, const fetching *fetches, const char *ahead) {
    const char *row[NARROW_TILE_ROWS];
    UNROLL for (int r = 0; r < rows; r++) { row[r] = unrelated(a[r]); }
    size_t k = 0, next_step = fetches->next_step, next_stream = fetches->next_stream;
    if (streams) {
        for (; k + STREAM_STEPS <= length; k += STREAM_STEPS, ahead += next_step) {
            const char *line = ahead;
            UNROLL for (int i = 0; i < STREAM_STEPS; i++, b += CK_INTEGER_PANEL_STEP) {
                line = fetch_stream(line, next_stream);
                DOT(integer_step)(kind, rows, vectors, sums, row, b, apart, k + (size_t)i);
            }
        }
    }
    for (; k < length; k++, b += CK_INTEGER_PANEL_STEP, ahead += next_step) {
        if (!streams) { fetch(ahead); }
        DOT(integer_step)(kind, rows, vectors, sums, row, b, apart, k);
    }
}

INLINE void DOT(integer_rows)(
    ck_integer kind, int rows, int vectors, const ck_integer_matmul *job, const tile_panels *at, size_t row, bool streams,
    const char *ahead) {
    ivec sums[NARROW_TILE_ROWS][TILE_VECTORS];
    vec scaled[NARROW_TILE_ROWS][TILE_VECTORS];
    const char *a[NARROW_TILE_ROWS], *values[NARROW_TILE_ROWS];
    size_t row_bytes = ck_integer_row_bytes(kind, job->k), panel_bytes = ck_integer_panel_bytes(kind, job->k);
    const char *panel = at->weights;
    UNROLL for (int r = 0; r < rows; r++) {
        a[r] = (const char *)job->rows + (row + (size_t)r) * row_bytes;
        values[r] = a[r] + CK_INTEGER_ROW_HEAD;
        UNROLL for (int v = 0; v < vectors; v++) { sums[r][v] = ivec_zero(); }
    }
    DOT(integer_accumulate)(
        kind, rows, vectors, sums, values, panel + CK_INTEGER_PANEL_HEAD,
        VEC < CK_PANEL ? CK_INTEGER_PANEL_STEP / 2 : panel_bytes, ck_integer_steps(kind, job->k), streams,
        &at->fetches, ahead);
    scale_sums(rows, vectors, sums, a, panel, VEC < CK_PANEL ? VEC * sizeof(float) : panel_bytes, scaled);
    store(rows, vectors, scaled, &at->to, row);
}

#define BODY_INT8(rows, vectors) DOT(integer_rows)(CK_INT8, rows, vectors, job, at, row, streams, ahead)
#define BODY_INT16(rows, vectors) DOT(integer_rows)(CK_INT16, rows, vectors, job, at, row, streams, ahead)
static void DOT(integer_tile)(
    const void *context, const tile_panels *at, size_t row, size_t rows, const char *ahead) {
    const ck_integer_matmul *job = context;
    const bool streams = false;
    if (job->kind == CK_INT8) {
        WITH_CONSTANT_TILE(rows, at->vectors, BODY_INT8)
    } else {
        WITH_CONSTANT_TILE(rows, at->vectors, BODY_INT16)
    }
}

STREAMS_FUNCTION void DOT(integer_streams)(
    const void *context, const tile_panels *at, size_t row, size_t rows, const char *ahead) {
    const ck_integer_matmul *job = context;
    const bool streams = true;
    if (job->kind == CK_INT8) {
        WITH_CONSTANT_ROWS(rows, PANEL_VECTORS, BODY_INT8)
    } else {
        WITH_CONSTANT_ROWS(rows, PANEL_VECTORS, BODY_INT16)
    }
}
#undef BODY_INT16
#undef BODY_INT8

static void DOT(integer_matmul)(
    const ck_integer_matmul *job, size_t panel0, size_t panel1, size_t row0, size_t row1) {
    product whole = {
        .panel0 = panel0, .panel1 = panel1, .row0 = row0, .row1 = row1, .n = job->n,
        .row_bytes = ck_integer_row_bytes(job->kind, job->k), .packed = job->packed,
        .panel_bytes = ck_integer_panel_bytes(job->kind, job->k), .step_bytes = CK_INTEGER_PANEL_STEP,
        .next = job->next, .streaming_rows = STREAMING_NARROW_ROWS,
        .whole = destination_make(job->bias, job->residual, job->ldr, job->c, job->ldc, job->activation),
    };
    for_each_tile(&whole, DOT(integer_tile), DOT(integer_streams), job);
}
