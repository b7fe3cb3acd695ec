// Depthwise convolution, vectorised over channels. Included by each instruction set's file after simd_convolution.h.
//
// Kernels of 3 and 5 with strides 1 and 2 compute seven neighbouring outputs at once (pictures of 224 pixels have rows
// of 112, 56, 28, 14 and 7), so that each input is loaded once for all the outputs it meets and each weight once for
// seven. A strip seven outputs wide and a few channels deep goes down all rows before the next strip: the input rows
// that two outputs share are then still in the first level of cache.

enum {
    STRIP_OUTPUTS = 7,
    STRIP_CHANNELS = 128,
    /// The general kernel computes this many channels of one output at once.
    GENERAL_VECTORS = 4,
};

/// The rows of the picture that one row of outputs sees.
typedef struct depthwise_row {
    const ck_depthwise *job;
    const float *input;       // of kernel row kernel0, at the picture's left edge
    const float *weights;     // of kernel row kernel0
    size_t kernel_rows;       // that meet the picture
    float *output;            // at the row's first output
    clamp bounds;
    bool clamps;
} depthwise_row;

static depthwise_row depthwise_row_make(const ck_depthwise *job, size_t index) {
    ptrdiff_t in_row = (ptrdiff_t)(index % job->out_y * job->stride) - (ptrdiff_t)job->top;
    size_t kernel0, kernel1;
    clip_kernel(in_row, job->kernel_y, job->in_y, &kernel0, &kernel1);
    depthwise_row row = {
        .job = job,
        .weights = job->weights + kernel0 * job->kernel_x * job->ldw,
        .output = job->output + index * job->out_x * job->ldo,
    };
    row.kernel_rows = kernel1 > kernel0 ? kernel1 - kernel0 : 0;
    size_t first_row = row.kernel_rows > 0 ? (size_t)(in_row + (ptrdiff_t)kernel0) : 0;
    row.input = job->input + (index / job->out_y * job->in_y + first_row) * job->in_x * job->ldi;
    row.clamps = is_clamp(job->activation, &row.bounds);
    return row;
}

/// Stores one output at `channel`; `width` < VEC for the last channels of a picture.
INLINE void depthwise_store(const depthwise_row *row, vec sum, size_t x, size_t channel, size_t width) {
    const ck_depthwise *job = row->job;
    if (row->clamps) {
        sum = vec_min(vec_splat(row->bounds.high), vec_max(vec_splat(row->bounds.low), sum));
    } else {
        vec copy = sum;
        activate(&copy, 1, job->activation);
        sum = copy;
    }
    float *to = row->output + x * job->ldo + channel;
    if (width == VEC) {
        vec_store(to, sum);
    } else {
        vec_store_first(to, sum, width);
    }
}

/// Outputs x … x + 6 of a vector of channels. `kernel` and `stride` are constants; when `edge`, outputs past `outputs`
/// and inputs outside the picture are left out, and `width` may be below VEC.
INLINE void depthwise_strip(
    int kernel, int stride, bool edge, const depthwise_row *row, size_t x, size_t outputs, size_t channel,
    size_t width) {
    const ck_depthwise *job = row->job;
    const size_t ldi = job->ldi;
    bool full = !edge || width == VEC;
    vec start = vec_zero();
    if (job->bias) {
        start = full ? vec_load(job->bias + channel) : vec_load_first(job->bias + channel, width);
    }
    vec sums[STRIP_OUTPUTS];
    UNROLL for (int o = 0; o < STRIP_OUTPUTS; o++) { sums[o] = start; }

    // Left of the picture, a column and its place wrap around to huge numbers, and back again on its first pixel.
    const size_t in_column = x * (size_t)stride - job->left, start_place = in_column * ldi + channel;
    const float *weights = row->weights + channel, *input = row->input;
    for (size_t i = 0; i < row->kernel_rows; i++) {
        vec weight[5];
        UNROLL for (int j = 0; j < kernel; j++) {
            weight[j] = full ? vec_load(weights) : vec_load_first(weights, width);
            weights += job->ldw;
        }
        size_t place = start_place;
        UNROLL for (int column = 0; column < (STRIP_OUTPUTS - 1) * stride + kernel; column++, place += ldi) {
            if (edge && in_column + (size_t)column >= job->in_x) {
                continue;
            }
            vec value = full ? vec_load(input + place) : vec_load_first(input + place, width);
            UNROLL for (int j = 0; j < kernel; j++) {
                int reached = column - j;
                if (reached >= 0 && reached % stride == 0 && reached / stride < STRIP_OUTPUTS) {
                    sums[reached / stride] = vec_fma(value, weight[j], sums[reached / stride]);
                }
            }
        }
        input += job->in_x * ldi;
    }
    UNROLL for (int o = 0; o < STRIP_OUTPUTS; o++) {
        if (!edge || (size_t)o < outputs) {
            depthwise_store(row, sums[o], x + (size_t)o, channel, edge ? width : VEC);
        }
    }
}

/// Rows [row0, row1) in strips.
INLINE void depthwise_strips(int kernel, int stride, const ck_depthwise *job, size_t row0, size_t row1) {
    size_t inner0, inner1;
    inner_outputs(job->in_x, job->out_x, job->kernel_x, job->stride, job->left, &inner0, &inner1);
    for (size_t channel0 = 0; channel0 < job->channels; channel0 += STRIP_CHANNELS) {
        size_t channel1 = channel0 + STRIP_CHANNELS < job->channels ? channel0 + STRIP_CHANNELS : job->channels;
        size_t whole1 = channel1 - channel1 % VEC;
        for (size_t x = 0; x < job->out_x; x += STRIP_OUTPUTS) {
            bool edge = x < inner0 || x + STRIP_OUTPUTS > inner1;
            size_t outputs = job->out_x - x;
            for (size_t index = row0; index < row1; index++) {
                depthwise_row row = depthwise_row_make(job, index);
                size_t channel = channel0;
                if (edge) {
                    for (; channel < whole1; channel += VEC) {
                        depthwise_strip(kernel, stride, true, &row, x, outputs, channel, VEC);
                    }
                } else {
                    for (; channel < whole1; channel += VEC) {
                        depthwise_strip(kernel, stride, false, &row, x, STRIP_OUTPUTS, channel, VEC);
                    }
                }
                if (channel < channel1) {
                    depthwise_strip(kernel, stride, true, &row, x, outputs, channel, channel1 - channel);
                }
            }
        }
    }
}

/// Output x of any kernel and stride.
static void depthwise_output(const depthwise_row *row, size_t x) {
    const ck_depthwise *job = row->job;
    const size_t channels = job->channels;
    ptrdiff_t in_column = (ptrdiff_t)(x * job->stride) - (ptrdiff_t)job->left;
    size_t kernel0, kernel1;
    clip_kernel(in_column, job->kernel_x, job->in_x, &kernel0, &kernel1);
    for (size_t channel = 0; channel < channels; channel += GENERAL_VECTORS * VEC) {
        vec sums[GENERAL_VECTORS];
        size_t widths[GENERAL_VECTORS];
        UNROLL for (size_t v = 0; v < GENERAL_VECTORS; v++) {
            size_t first = channel + v * VEC;
            widths[v] = first >= channels ? 0 : (channels - first < VEC ? channels - first : VEC);
            sums[v] = job->bias ? vec_load_first(job->bias + channel + v * VEC, widths[v]) : vec_zero();
        }
        bool full = widths[GENERAL_VECTORS - 1] == VEC;
        for (size_t i = 0; i < row->kernel_rows; i++) {
            for (size_t j = kernel0; j < kernel1; j++) {
                size_t column = (size_t)(in_column + (ptrdiff_t)j);
                const float *input = row->input + (i * job->in_x + column) * job->ldi + channel;
                const float *weights = row->weights + (i * job->kernel_x + j) * job->ldw + channel;
                if (full) {
                    UNROLL for (int v = 0; v < GENERAL_VECTORS; v++) {
                        sums[v] = vec_fma(vec_load(input + v * VEC), vec_load(weights + v * VEC), sums[v]);
                    }
                } else {
                    UNROLL for (int v = 0; v < GENERAL_VECTORS; v++) {
                        vec value = vec_load_first(input + v * VEC, widths[v]);
                        sums[v] = vec_fma(value, vec_load_first(weights + v * VEC, widths[v]), sums[v]);
                    }
                }
            }
        }
        UNROLL for (size_t v = 0; v < GENERAL_VECTORS; v++) {
            if (widths[v] > 0) {
                depthwise_store(row, sums[v], x, channel + v * VEC, widths[v]);
            }
        }
    }
}

static void depthwise(const ck_depthwise *job, size_t row0, size_t row1) {
    bool square = job->kernel_y == job->kernel_x;
    if (square && job->kernel_x == 3 && job->stride == 1) {
        depthwise_strips(3, 1, job, row0, row1);
    } else if (square && job->kernel_x == 3 && job->stride == 2) {
        depthwise_strips(3, 2, job, row0, row1);
    } else if (square && job->kernel_x == 5 && job->stride == 1) {
        depthwise_strips(5, 1, job, row0, row1);
    } else if (square && job->kernel_x == 5 && job->stride == 2) {
        depthwise_strips(5, 2, job, row0, row1);
    } else {
        for (size_t index = row0; index < row1; index++) {
            depthwise_row row = depthwise_row_make(job, index);
            for (size_t x = 0; x < job->out_x; x++) {
                depthwise_output(&row, x);
            }
        }
    }
}
