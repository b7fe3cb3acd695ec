// How a product of rows and packed weights goes through its panels, and what it fetches meanwhile: of floats, halves and integers.
// Included by each instruction set's file after simd_tile.h.

/// How many rows of `a` go through all panels before the next rows do: at most this much of `a` stays in the second
/// level of cache meanwhile, but never fewer rows than make the reading of a panel worth while.
enum { BLOCK_BYTES = 192 * 1024, BLOCK_LEAST_ROWS = 96 };

/// So few rows are done with the weights sooner than memory brings the next ones, so they fetch these in streams. A cache line of
/// halves or integers is more multiplications than one of floats, so memory keeps up sooner. These numbers and the next are measured
/// (docs/BENCHMARKS.md).
enum { STREAMING_FLOAT_ROWS = 12, STREAMING_NARROW_ROWS = VEC / 2 };

/// Where a tile may have several panels, the few rows are multiplied with two: most instructions of a tile of one panel load an
/// input, which two share. Then memory is what is waited for with more rows too, unless panels are deep. Three are no better, and
/// integers, four or two of which one instruction multiplies, do not gain.
enum {
    STREAMING_PANELS = TILE_PANELS > 1 ? CK_FEW_ROWS_PANELS : 1,
    PAIRED_FLOAT_ROWS = STREAMING_PANELS > 1 ? CK_FEW_ROWS : 0,
    PAIRED_HALF_ROWS = STREAMING_PANELS > 1 ? 16 : 0,
    DEEP_PANEL_BYTES = 64 * 1024,
    PAIRED_DEEP_ROWS = 16,
};

/// At most so many steps of k are multiplied with all rows of a block before the next steps are: the three panels of AVX-512 and as
/// many that are fetched find room in the second level of cache then, beside the rows. The sums so far wait in c meanwhile.
enum { SLICE_STEPS = 1024 };

/// At least so much of a panel is multiplied with a few rows before the rest is: a page for each stream of floats, two for those of
/// halves; streams that share a page are slower. Less is fetched so early, then, that it leaves the first level of cache before it is
/// needed.
enum { PAGE_BYTES = 4096, STREAMING_SLICE_BYTES = STREAM_STEPS * PAGE_BYTES };

/// The panels of a product that a tile multiplies at once.
typedef struct tile_panels {
    const void *weights;
    size_t apart;  // of the vectors of a step, in weights
    bool widened;  // whether these are floats that were made of halves
    size_t vectors;
    size_t k0, k1;
    destination to;
    bool resumes;  // whether the sums of the steps before k0 are in c
    fetching fetches;
} tile_panels;

/// Computes rows [row, row + rows) of these panels for the job that `context` is, fetching from `ahead` on. What changes from
/// tile to tile comes in registers: where k is small, a tile is a few hundred cycles.
typedef void (*tile_body)(const void *context, const tile_panels *at, size_t row, size_t rows, const char *ahead);

/// A product whose tiles are to be computed: panels [panel0, panel1) and rows [row0, row1).
typedef struct product {
    size_t panel0, panel1, row0, row1;
    size_t n;
    size_t k;            // of floats and halves
    bool sliced;         // whether c may hold sums that are not complete; never of integers
    size_t row_bytes;    // of `a`
    const char *packed;  // the weights as they are read ahead
    size_t panel_bytes;  // of these
    size_t step_bytes;   // of a panel of these in one step of k
    const char *next;    // what is multiplied after this product, or NULL
    size_t streaming_rows;  // the most that fetch in streams, multiplying one panel
    size_t paired_rows;     // the same with two, unless they are deep
    float *wide;         // memory for the panels of a tile as floats, where the weights are halves and there is some
    destination whole;
    destination partial;  // of sums that are not complete
} product;

/// From so many tiles on, halves that all of them read are made floats once, which costs a reading and a writing more.
enum { WIDENING_TILES = 6 };
_Static_assert((int)TILE_PANELS <= (int)CK_TILE_PANELS, "there is memory for the panels of a tile");
_Static_assert((int)STREAMING_NARROW_ROWS < (int)WIDENING_TILES * TILE_ROWS, "what fetches in streams is not widened");
_Static_assert((int)PAIRED_HALF_ROWS < (int)WIDENING_TILES * TILE_ROWS, "what fetches in streams is not widened");

/// Makes the weights of these panels floats, one panel's steps after the other's.
INLINE void widen(const product *p, tile_panels *at) {
    size_t count = (at->k1 - at->k0) * CK_PANEL, panels = part_count(at->to.columns, CK_PANEL);
    for (size_t panel = 0; panel < panels; panel++) {
        const uint16_t *halves = (const uint16_t *)((const char *)at->weights + panel * p->panel_bytes);
        for (size_t i = 0; i < count; i += VEC) {
            vec_store(p->wide + panel * count + i, vec_load_half(halves + i));
        }
    }
    at->weights = p->wide;
    at->apart = vectors_apart(count);
    at->widened = true;
}

/// How many blocks `rows` of `row_bytes` go in.
INLINE size_t block_count(size_t rows, size_t row_bytes) {
    size_t most = row_bytes > 0 ? BLOCK_BYTES / row_bytes : rows;
    return part_count(rows, most > BLOCK_LEAST_ROWS ? most : BLOCK_LEAST_ROWS);
}

/// How many panels so many rows multiply at once while they fetch in streams; 0 where they do not.
INLINE size_t streaming_panels(const product *p, size_t rows) {
    bool is_deep = p->panel_bytes > DEEP_PANEL_BYTES;
    if (rows <= p->paired_rows && (!is_deep || (p->sliced && rows <= PAIRED_DEEP_ROWS))) {
        return STREAMING_PANELS;
    }
    return rows <= p->streaming_rows ? 1 : 0;
}

/// The weights that are multiplied next: `bytes` of each of a few panels, which begin `apart` bytes from each other.
typedef struct upcoming {
    const char *start;
    size_t panels, bytes, apart;
} upcoming;

/// What one panel or two from panel0 on fetch in streams in a slice: their next slice, or the first one of panels so far ahead that
/// every panel has its turn.
INLINE upcoming upcoming_in_streams(
    const product *p, size_t panel0, size_t streaming, size_t slices, size_t slice) {
    bool is_last = slice + 1 == slices;
    size_t next_slice = is_last ? 0 : slice + 1, ahead = panel0 + (is_last ? streaming : 0);
    size_t k0 = part_start(p->k, slices, next_slice), k1 = part_start(p->k, slices, next_slice + 1);
    upcoming next = {
        .panels = 1,  // all tiles of rows share both
        .apart = p->panel_bytes, .bytes = slices > 1 ? (k1 - k0) * p->step_bytes : p->panel_bytes,
        .start = p->packed + (ahead * CK_PANEL < p->n ? ahead : panel0) * p->panel_bytes + k0 * p->step_bytes,
    };
    if (p->next && ahead >= p->panel1) {
        // Whose panels may be of another size.
        next.apart = next.bytes;
        next.start = p->next + (ahead - p->panel1) * next.apart;
    }
    return next;
}

/// What a group of panels fetches in a slice of the last block of rows or another: the next group, or the first one in another slice
/// or block. In the end what the job says, or where it does not, another piece's, which this thread mostly has next; behind the last
/// panels of all is nothing, so they fetch themselves.
INLINE upcoming upcoming_groups(
    const product *p, size_t groups, size_t group, size_t slices, size_t slice, bool is_last_block) {
    size_t panels = p->panel1 - p->panel0, k0 = part_start(p->k, slices, slice), k1 = part_start(p->k, slices, slice + 1);
    size_t panel0 = p->panel0 + part_start(panels, groups, group);
    size_t panel1 = p->panel0 + part_start(panels, groups, group + 1);
    bool is_last_slice = slice + 1 == slices, is_last_group = group + 1 == groups;
    upcoming next = {
        .panels = panel1 - panel0, .apart = p->panel_bytes,
        .bytes = slices > 1 ? (k1 - k0) * p->step_bytes : p->panel_bytes,
    };
    size_t next0 = panel1 * CK_PANEL < p->n ? panel1 : panel0, next_k = next0 == panel0 ? k0 : 0;
    if (!is_last_group) {
        next.panels = part_start(panels, groups, group + 2) - part_start(panels, groups, group + 1);
        next_k = k0;
    } else if (!is_last_slice || !is_last_block) {
        next.panels = part_start(panels, groups, 1);
        next0 = p->panel0;
        next_k = is_last_slice ? 0 : k1;
    } else if (p->next) {
        next.apart = next.bytes;
        next.start = p->next;
        return next;
    }
    next.start = p->packed + next0 * p->panel_bytes + next_k * p->step_bytes;
    return next;
}

/// Computes `count` rows from `row` on. Each tile fetches a share of what is upcoming.
INLINE void multiply_panels(
    const product *p, tile_panels *at, size_t row, size_t count, bool streams, upcoming next, tile_body body,
    tile_body streams_body, const void *context) {
    size_t tiles = part_count(count, (size_t)TILE_ROW_LIMIT(at->vectors)), tile = 0, first = 0;
    if (p->wide && tiles >= WIDENING_TILES) {
        widen(p, at);
    }
    if (streams) {
        at->fetches.next_stream = next.bytes / stream_count(p->step_bytes);
        at->fetches.next_panel = next.apart;
    }
    for (size_t fetched = 0; fetched < next.panels; fetched++, next.start += next.apart) {
        size_t last = part_start(tiles, next.panels, fetched + 1), sharing = last - tile;
        if (sharing == 0) {
            continue;  // there are fewer tiles than panels: the processor finds the first of these by itself, or not
        }
        size_t share = (streams ? at->fetches.next_stream : next.bytes) / sharing;
        at->fetches.next_step = part_count(streams ? CACHE_LINE : p->step_bytes, sharing);
        for (const char *ahead = next.start; tile < last; tile++, ahead += share) {
            size_t end = part_start(count, tiles, tile + 1);
            if (streams) {
                streams_body(context, at, row + first, end - first, ahead);
            } else {
                body(context, at, row + first, end - first, ahead);
            }
            first = end;
        }
    }
}

/// Panels [panel0, panel1) in a slice.
INLINE tile_panels panels_at(const product *p, size_t panel0, size_t panel1, size_t slices, size_t slice) {
    size_t k0 = part_start(p->k, slices, slice), k1 = part_start(p->k, slices, slice + 1);
    tile_panels at = {
        .weights = p->packed + panel0 * p->panel_bytes + k0 * p->step_bytes, .apart = vectors_apart(p->k * CK_PANEL),
        .k0 = k0, .k1 = k1, .resumes = slice > 0,
        .to = destination_at(slice + 1 == slices ? &p->whole : &p->partial, panel0, panel1, p->n),
    };
    at.vectors = vector_count(&at.to);
    return at;
}

/// How many slices panels go in: with a few rows, each tile of which fetches a part of each stream, or with many.
INLINE size_t slice_count(const product *p, size_t rows, size_t streaming) {
    if (!p->sliced) {
        return 1;
    }
    if (streaming == 0) {
        return p->k > SLICE_STEPS ? part_count(p->k, SLICE_STEPS) : 1;
    }
    size_t least_bytes = part_count(rows, (size_t)TILE_ROW_LIMIT(streaming * PANEL_VECTORS)) * STREAMING_SLICE_BYTES;
    return p->panel_bytes > least_bytes ? p->panel_bytes / least_bytes : 1;
}

/// Blocks of rows go through all panels, so that the rows stay in the second level of cache and short panels in the first; deep ones
/// go through slice by slice. A few rows go through all slices of one panel or two before they do through the next.
INLINE void for_each_tile(const product *p, tile_body body, tile_body streams_body, const void *context) {
    size_t rows = p->row1 > p->row0 ? p->row1 - p->row0 : 0, panels = p->panel1 > p->panel0 ? p->panel1 - p->panel0 : 0;
    if (rows == 0) {
        return;
    }
    size_t streaming = streaming_panels(p, rows), slices = slice_count(p, rows, streaming);
    size_t blocks = block_count(rows, p->row_bytes), groups = part_count(panels, streaming > 0 ? streaming : TILE_PANELS);
    for (size_t block = 0; block < blocks; block++) {
        size_t row = p->row0 + part_start(rows, blocks, block);
        size_t count = p->row0 + part_start(rows, blocks, block + 1) - row;
        for (size_t turn = 0; turn < groups * slices; turn++) {
            size_t group = streaming > 0 ? turn / slices : turn % groups, slice = streaming > 0 ? turn % slices : turn / groups;
            size_t panel0 = p->panel0 + part_start(panels, groups, group);
            size_t panel1 = p->panel0 + part_start(panels, groups, group + 1);
            tile_panels at = panels_at(p, panel0, panel1, slices, slice);
            bool streams = streaming > 0 && at.vectors % PANEL_VECTORS == 0;
            upcoming next = streams ? upcoming_in_streams(p, panel0, streaming, slices, slice)
                                    : upcoming_groups(p, groups, group, slices, slice, block + 1 == blocks);
            multiply_panels(p, &at, row, count, streams, next, body, streams_body, context);
        }
    }
}
