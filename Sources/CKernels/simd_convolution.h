// Dense convolution without a copy of the picture. Included by each instruction set's file.
//
// In a channels-last picture the pixels (j, c) that one kernel row meets are one run of kernel_x · channels floats, so
// a kernel row is a matrix multiply whose rows overlap: neighbouring outputs read runs `stride · channels` floats
// apart. A tile that meets the left or right edge reads pixel by pixel, zeros in place of what lies outside.

/// Stands for pixels outside the picture, a piece of the channels at a time.
enum { OUTSIDE_CHANNELS = 256 };
static const float outside[OUTSIDE_CHANNELS];

/// Its weights stay in the caches: nothing has to be fetched, and the place that is fetched stays the same.
static const fetching nothing;

/// The part of the picture that the outputs of one row see.
typedef struct convolution_row {
    const ck_convolution *job;
    const float *picture;  // [in_y, in_x, channels]
    size_t place;          // of the row's first output among all B · out_y · out_x
    ptrdiff_t in_row;      // that kernel row 0 meets; may be negative
    size_t kernel0, kernel1;  // the kernel rows that meet the picture
} convolution_row;

/// The kernel offsets [*first, *last) that meet 0 ≤ start + offset < size.
INLINE void clip_kernel(ptrdiff_t start, size_t kernel, size_t size, size_t *first, size_t *last) {
    ptrdiff_t left = (ptrdiff_t)size - start;
    *first = start < 0 ? (size_t)-start : 0;
    *last = left < 0 ? 0 : ((size_t)left < kernel ? (size_t)left : kernel);
}

INLINE void convolution_inner(
    int rows, int vectors, const convolution_row *row, size_t x, const float *panel, const destination *to) {
    const ck_convolution *job = row->job;
    size_t run = job->kernel_x * job->channels, apart = vectors_apart(job->kernel_y * run * CK_PANEL);
    vec sums[NARROW_TILE_ROWS][TILE_VECTORS];
    clear(rows, vectors, sums);
    for (size_t i = row->kernel0; i < row->kernel1; i++) {
        size_t in_row = (size_t)(row->in_row + (ptrdiff_t)i);
        const float *first = row->picture + (in_row * job->in_x + x * job->stride - job->left) * job->channels;
        const float *a[NARROW_TILE_ROWS];
        UNROLL for (int r = 0; r < rows; r++) { a[r] = first + (size_t)r * job->stride * job->channels; }
        const float *weights = panel + i * run * CK_PANEL;
        accumulate(rows, vectors, sums, a, floats(weights), apart, run, false, &nothing, (const char *)weights);
    }
    store(rows, vectors, sums, to, row->place + x);
}

INLINE void convolution_edge(
    int rows, int vectors, const convolution_row *row, size_t x, const float *panel, const destination *to) {
    const ck_convolution *job = row->job;
    size_t apart = vectors_apart(job->kernel_y * job->kernel_x * job->channels * CK_PANEL);
    vec sums[NARROW_TILE_ROWS][TILE_VECTORS];
    clear(rows, vectors, sums);
    for (size_t i = row->kernel0; i < row->kernel1; i++) {
        const float *in_row = row->picture + (size_t)(row->in_row + (ptrdiff_t)i) * job->in_x * job->channels;
        for (size_t j = 0; j < job->kernel_x; j++) {
            const float *weights = panel + (i * job->kernel_x + j) * job->channels * CK_PANEL;
            for (size_t c = 0; c < job->channels; c += OUTSIDE_CHANNELS) {
                size_t count = job->channels - c < OUTSIDE_CHANNELS ? job->channels - c : OUTSIDE_CHANNELS;
                const float *a[NARROW_TILE_ROWS];
                UNROLL for (int r = 0; r < rows; r++) {
                    // A column left of the picture wraps around to a huge number.
                    size_t column = (x + (size_t)r) * job->stride + j - job->left;
                    a[r] = column < job->in_x ? in_row + column * job->channels + c : outside;
                }
                accumulate(
                    rows, vectors, sums, a, floats(weights + c * CK_PANEL), apart, count, false, &nothing,
                    (const char *)weights);
            }
        }
    }
    store(rows, vectors, sums, to, row->place + x);
}

static void convolution_tile(
    const convolution_row *row, size_t x, size_t count, bool inner, const float *panel, const destination *to) {
    if (inner) {
#define INNER(rows, vectors) convolution_inner(rows, vectors, row, x, panel, to)
        WITH_CONSTANT_TILE(count, vector_count(to), INNER)
#undef INNER
    } else {
#define EDGE(rows, vectors) convolution_edge(rows, vectors, row, x, panel, to)
        WITH_CONSTANT_TILE(count, vector_count(to), EDGE)
#undef EDGE
    }
}

/// The outputs [*x0, *x1) whose kernel lies between the left and the right edge.
INLINE void inner_outputs(
    size_t in_x, size_t out_x, size_t kernel_x, size_t stride, size_t left, size_t *x0, size_t *x1) {
    size_t first = part_count(left, stride);
    size_t last = in_x + left >= kernel_x ? (in_x + left - kernel_x) / stride + 1 : 0;
    *x1 = last < out_x ? last : out_x;
    *x0 = first < *x1 ? first : *x1;
}

static void convolution(const ck_convolution *job, size_t row0, size_t row1) {
    size_t k = job->kernel_y * job->kernel_x * job->channels;
    size_t panels = part_count(job->outputs, CK_PANEL), groups = part_count(panels, TILE_PANELS);
    destination whole = destination_make(
        job->bias, job->residual, job->outputs, job->output, job->outputs, job->activation);
    size_t inner0, inner1;
    inner_outputs(job->in_x, job->out_x, job->kernel_x, job->stride, job->left, &inner0, &inner1);

    // A few rows go through all panels before the next rows do: so many that their inputs stay in the second level of
    // cache, while a tile's weights stay in the first.
    size_t step = BLOCK_BYTES / sizeof(float) / (job->in_x * job->channels * job->stride + 1) + 1;
    for (size_t start = row0; start < row1; start += step) {
        size_t end = start + step < row1 ? start + step : row1;
        for (size_t group = 0; group < groups; group++) {
            size_t panel0 = part_start(panels, groups, group), panel1 = part_start(panels, groups, group + 1);
            const float *weights = job->packed + panel0 * k * CK_PANEL;
            destination to = destination_at(&whole, panel0, panel1, job->outputs);
            size_t tiles = part_count(job->out_x, (size_t)TILE_ROW_LIMIT(vector_count(&to)));
            for (size_t index = start; index < end; index++) {
                convolution_row row = {.job = job, .place = index * job->out_x};
                row.picture = job->input + index / job->out_y * job->in_y * job->in_x * job->channels;
                row.in_row = (ptrdiff_t)(index % job->out_y * job->stride) - (ptrdiff_t)job->top;
                clip_kernel(row.in_row, job->kernel_y, job->in_y, &row.kernel0, &row.kernel1);
                for (size_t tile = 0; tile < tiles; tile++) {
                    size_t x0 = part_start(job->out_x, tiles, tile), x1 = part_start(job->out_x, tiles, tile + 1);
                    convolution_tile(&row, x0, x1 - x0, inner0 <= x0 && x1 <= inner1, weights, &to);
                }
            }
        }
    }
}
