// The scan of vectors of bytes. Included by each instruction set's file after simd_integer.h, once for each way of
// multiplying: DOT(name) is a name of that way.
//
// It is to run at the speed of memory, and memory is fastest when it is read in order: four rows abreast, which would
// share the loads of the query, took longer than one after the other (a mapped file, AMD Zen 4). Such
// reading the processor's own prefetcher follows; asking ahead gained nothing.

/// x · query over `length` bytes, in lanes that are yet to be summed.
INLINE ivec DOT(scan_row)(const int8_t *x, const int8_t *query, size_t length) {
    ivec sum = ivec_zero();
    for (size_t i = 0; i < length; i += 4 * VEC) {
        sum = DOT(scan_int8)(sum, x + i, load_query(query + i));
    }
    return sum;
}

static void DOT(dot_rows_int8)(
    const int8_t *matrix, size_t ld, size_t n, const int8_t *query, int32_t *out, size_t row0, size_t row1) {
    size_t length = ck_round_up(n, 4 * VEC), row = row0;
    for (; row + 4 <= row1; row += 4) {
        ivec sums[4];
        UNROLL for (size_t r = 0; r < 4; r++) { sums[r] = DOT(scan_row)(matrix + (row + r) * ld, query, length); }
        ivec_store_sums(out + row, sums);
    }
    for (; row < row1; row++) {
        ivec sums[4] = {DOT(scan_row)(matrix + row * ld, query, length), ivec_zero(), ivec_zero(), ivec_zero()};
        int32_t products[4];
        ivec_store_sums(products, sums);
        out[row] = products[0];
    }
}
