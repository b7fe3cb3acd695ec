// Kernels over rows: normalisation, softmax, means, sums, the vector scan. Included by each instruction set's file.

/// The sum of (x[i] − centre)^power for power 1 or 2, i < n.
INLINE float moment(const float *x, size_t n, float centre, int power) {
    vec middle = vec_splat(centre), even = vec_zero(), odd = vec_zero();
    size_t i = 0;
    for (; i + 2 * VEC <= n; i += 2 * VEC) {
        vec a = vec_sub(vec_load(x + i), middle), b = vec_sub(vec_load(x + i + VEC), middle);
        even = power == 2 ? vec_fma(a, a, even) : vec_add(even, a);
        odd = power == 2 ? vec_fma(b, b, odd) : vec_add(odd, b);
    }
    for (; i < n; i += VEC) {
        size_t width = n - i < VEC ? n - i : VEC;
        vec a = vec_keep_first(vec_sub(vec_load_first(x + i, width), middle), width, vec_zero());
        even = power == 2 ? vec_fma(a, a, even) : vec_add(even, a);
    }
    return vec_sum(vec_add(even, odd));
}

/// Asks for n floats at once: what another core wrote, or nobody has used for long, takes its time to come.
INLINE void fetch_row(const float *x, size_t n) {
    for (size_t i = 0; i < n; i += CACHE_LINE / sizeof(float)) {
        fetch((const char *)(x + i));
    }
}

static void layer_norm(const ck_layer_norm *job, size_t row0, size_t row1) {
    if (row0 < row1) {
        fetch_row(job->x + row0 * job->ldx, job->n);
    }
    fetch_row(job->gain, job->n);
    fetch_row(job->shift, job->n);
    for (size_t row = row0; row < row1; row++) {
        const float *x = job->x + row * job->ldx;
        if (row + 1 < row1) {
            fetch_row(x + job->ldx, job->n);
        }
        float *y = job->y + row * job->ldy;
        float mean = moment(x, job->n, 0, 1) / (float)job->n;
        float variance = moment(x, job->n, mean, 2) / (float)job->n;
        vec middle = vec_splat(mean), inverse = vec_splat(1 / sqrtf(variance + job->epsilon));
        size_t i = 0;
        for (; i + VEC <= job->n; i += VEC) {
            vec normal = vec_mul(vec_sub(vec_load(x + i), middle), inverse);
            vec_store(y + i, vec_fma(normal, vec_load(job->gain + i), vec_load(job->shift + i)));
        }
        if (i < job->n) {
            size_t width = job->n - i;
            vec normal = vec_mul(vec_sub(vec_load_first(x + i, width), middle), inverse);
            vec gain = vec_load_first(job->gain + i, width), shift = vec_load_first(job->shift + i, width);
            vec_store_first(y + i, vec_fma(normal, gain, shift), width);
        }
    }
}

/// y = softmax(x · scale) of one row; y may be x.
static void softmax_row(const float *x, float *y, size_t n, float scale) {
    vec factor = vec_splat(scale), lowest = vec_splat(-INFINITY), highest = lowest, sum = vec_zero();
    size_t whole = n - n % VEC, width = n % VEC;
    for (size_t i = 0; i < whole; i += VEC) {
        highest = vec_max(highest, vec_mul(vec_load(x + i), factor));
    }
    if (width > 0) {
        vec last = vec_keep_first(vec_mul(vec_load_first(x + whole, width), factor), width, lowest);
        highest = vec_max(highest, last);
    }
    vec top = vec_splat(vec_highest(highest));
    for (size_t i = 0; i < whole; i += VEC) {
        vec e = vec_exp(vec_sub(vec_mul(vec_load(x + i), factor), top));
        sum = vec_add(sum, e);
        vec_store(y + i, e);
    }
    if (width > 0) {
        vec e = vec_exp(vec_sub(vec_mul(vec_load_first(x + whole, width), factor), top));
        e = vec_keep_first(e, width, vec_zero());
        sum = vec_add(sum, e);
        vec_store_first(y + whole, e, width);
    }
    vec inverse = vec_splat(1 / vec_sum(sum));
    for (size_t i = 0; i < whole; i += VEC) {
        vec_store(y + i, vec_mul(vec_load(y + i), inverse));
    }
    if (width > 0) {
        vec_store_first(y + whole, vec_mul(vec_load_first(y + whole, width), inverse), width);
    }
}

static void softmax(
    const float *x, size_t ldx, float *y, size_t ldy, size_t n, float scale, size_t row0, size_t row1) {
    for (size_t row = row0; row < row1; row++) {
        softmax_row(x + row * ldx, y + row * ldy, n, scale);
    }
}

static void mean_rows(const float *x, size_t ldx, size_t rows, size_t n, float *y) {
    vec factor = vec_splat(1 / (float)rows);
    size_t i = 0;
    for (; i + 4 * VEC <= n; i += 4 * VEC) {
        vec sums[4] = {vec_zero(), vec_zero(), vec_zero(), vec_zero()};
        for (size_t row = 0; row < rows; row++) {
            UNROLL for (int v = 0; v < 4; v++) { sums[v] = vec_add(sums[v], vec_load(x + row * ldx + i + v * VEC)); }
        }
        UNROLL for (int v = 0; v < 4; v++) { vec_store(y + i + v * VEC, vec_mul(sums[v], factor)); }
    }
    for (; i < n; i += VEC) {
        size_t width = n - i < VEC ? n - i : VEC;
        vec sum = vec_zero();
        for (size_t row = 0; row < rows; row++) {
            sum = vec_add(sum, vec_load_first(x + row * ldx + i, width));
        }
        vec_store_first(y + i, vec_mul(sum, factor), width);
    }
}

static void add(const float *a, const float *b, float *y, size_t n) {
    size_t i = 0;
    for (; i + VEC <= n; i += VEC) {
        vec_store(y + i, vec_add(vec_load(a + i), vec_load(b + i)));
    }
    for (; i < n; i++) {
        y[i] = a[i] + b[i];
    }
}

static void normalize_rgb(
    const uint8_t *rgb, size_t pixels, const float scale[3], const float offset[3], float *out) {
    // VEC pixels are three vectors, each of which meets the channels in an order of its own.
    float scales[3 * VEC], offsets[3 * VEC];
    for (size_t i = 0; i < 3 * VEC; i++) {
        scales[i] = scale[i % 3];
        offsets[i] = offset[i % 3];
    }
    size_t values = pixels * 3, i = 0;
    for (; i + 3 * VEC <= values; i += 3 * VEC) {
        UNROLL for (int v = 0; v < 3; v++) {
            vec value = vec_load_bytes(rgb + i + v * VEC);
            vec_store(out + i + v * VEC, vec_fma(value, vec_load(scales + v * VEC), vec_load(offsets + v * VEC)));
        }
    }
    for (; i < values; i++) {
        out[i] = (float)rgb[i] * scale[i % 3] + offset[i % 3];
    }
}

/// The scan reads the matrix once, at the speed of memory; the processor's own prefetcher follows it.
static void dot_rows(
    const float *matrix, size_t ld, size_t n, const float *query, float *out, size_t row0, size_t row1) {
    size_t whole = n - n % (2 * VEC);
    for (size_t row = row0; row < row1; row++) {
        const float *x = matrix + row * ld;
        vec even = vec_zero(), odd = vec_zero();
        size_t i = 0;
        for (; i < whole; i += 2 * VEC) {
            even = vec_fma(vec_load(x + i), vec_load(query + i), even);
            odd = vec_fma(vec_load(x + i + VEC), vec_load(query + i + VEC), odd);
        }
        for (; i < n; i += VEC) {
            size_t width = n - i < VEC ? n - i : VEC;
            even = vec_fma(vec_load_first(x + i, width), vec_load_first(query + i, width), even);
        }
        out[row] = vec_sum(vec_add(even, odd));
    }
}
