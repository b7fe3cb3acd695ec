// libvips passes options through C varargs, which Swift cannot call. Each function here fixes one argument list we use.
#pragma once
#include <vips/vips.h>

/// Starts libvips and checks that the header's and the library's structures agree (VIPS_INIT is a macro).
static inline int cvips_init(const char *name) { return VIPS_INIT(name); }

/// Opens the first page of `source`, reading its header; pixels come later, top to bottom.
/// `loader` is an operation's nickname such as "pngload_source".
static inline int cvips_load(const char *loader, VipsSource *source, VipsImage **out) {
    return vips_call(loader, source, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
}

/// Opens a JPEG at 1/shrink of its size, shrink 1, 2, 4 or 8.
static inline int cvips_jpegload_shrunk(VipsSource *source, VipsImage **out, int shrink) {
    return vips_jpegload_source(source, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED,
                                "shrink", shrink, NULL);
}

/// Converts by the profile that `in` carries to 8-bit sRGB, perceptual intent. Black point compensation is part of that intent
/// in littlecms, but some releases of libvips treat a perceptual transform without it as a colorimetric one.
static inline int cvips_icc_transform_embedded(VipsImage *in, VipsImage **out) {
    return vips_icc_transform(in, out, "srgb", "embedded", TRUE, "intent", VIPS_INTENT_PERCEPTUAL,
                              "black_point_compensation", TRUE, "depth", 8, NULL);
}

static inline int cvips_colourspace_srgb(VipsImage *in, VipsImage **out) {
    return vips_colourspace(in, out, VIPS_INTERPRETATION_sRGB, NULL);
}

static inline int cvips_msb(VipsImage *in, VipsImage **out) { return vips_msb(in, out, NULL); }

static inline int cvips_cast_float(VipsImage *in, VipsImage **out) { return vips_cast_float(in, out, NULL); }

static inline int cvips_copy_interpreted(VipsImage *in, VipsImage **out, VipsInterpretation interpretation) {
    return vips_copy(in, out, "interpretation", interpretation, NULL);
}

static inline int cvips_pngsave(VipsImage *in, void **data, size_t *size) {
    return vips_pngsave_buffer(in, data, size, NULL);
}

static inline int cvips_jpegsave(VipsImage *in, void **data, size_t *size, int quality) {
    return vips_jpegsave_buffer(in, data, size, "Q", quality, NULL);
}

/// The first byte of a prepared region (VIPS_REGION_ADDR is a macro) and the bytes from one row to the next.
static inline const void *cvips_region_address(VipsRegion *region, int left, int top) {
    return VIPS_REGION_ADDR(region, left, top);
}
static inline size_t cvips_region_stride(VipsRegion *region) { return VIPS_REGION_LSKIP(region); }
