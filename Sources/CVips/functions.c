#include "CVips.h"
#include "library.h"

void cvips_block_untrusted(void) { cvips.vips_block_untrusted_set(TRUE); }
void cvips_allow(const char *operation) { cvips.vips_operation_block_set(operation, FALSE); }

void cvips_keep_nothing(void) {
    cvips.vips_concurrency_set(1);
    cvips.vips_cache_set_max(0);
    cvips.vips_cache_set_max_mem(0);
    cvips.vips_cache_set_max_files(0);
}

static void say_nothing(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {}
void cvips_silence(const char *domain) {
    cvips.g_log_set_handler(domain, G_LOG_LEVEL_WARNING, say_nothing, NULL);
}

void cvips_error_clear(void) { cvips.vips_error_clear(); }
int cvips_has_operation(const char *nickname) { return cvips.vips_type_find("VipsOperation", nickname) != 0; }

VipsSource *cvips_source_from_descriptor(int descriptor) { return cvips.vips_source_new_from_descriptor(descriptor); }
VipsSource *cvips_source_from_memory(const void *data, size_t length) {
    return cvips.vips_source_new_from_memory(data, length);
}

int cvips_load(const char *loader, VipsSource *source, VipsImage **out) {
    return cvips.vips_call(loader, source, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED,
                           NULL);
}

int cvips_jpegload_shrunk(VipsSource *source, VipsImage **out, int shrink) {
    return cvips.vips_jpegload_source(source, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED,
                                      "shrink", shrink, NULL);
}

int cvips_width(VipsImage *image) { return cvips.vips_image_get_width(image); }
int cvips_height(VipsImage *image) { return cvips.vips_image_get_height(image); }
int cvips_bands(VipsImage *image) { return cvips.vips_image_get_bands(image); }
VipsBandFormat cvips_format(VipsImage *image) { return cvips.vips_image_get_format(image); }
size_t cvips_byte_count(VipsBandFormat format) { return cvips.vips_format_sizeof(format); }
VipsInterpretation cvips_interpretation(VipsImage *image) { return cvips.vips_image_get_interpretation(image); }
int cvips_has_alpha(VipsImage *image) { return cvips.vips_image_hasalpha(image); }
int cvips_orientation(VipsImage *image) { return cvips.vips_image_get_orientation(image); }

const void *cvips_blob(VipsImage *image, const char *name, size_t *length) {
    const void *data = NULL;
    if (!cvips.vips_image_get_typeof(image, name)) return NULL;
    if (cvips.vips_image_get_blob(image, name, &data, length)) {
        cvips.vips_error_clear();
        return NULL;
    }
    return data;
}

const char *cvips_string(VipsImage *image, const char *name) {
    const char *text = NULL;
    if (!cvips.vips_image_get_typeof(image, name)) return NULL;
    if (cvips.vips_image_get_string(image, name, &text)) {
        cvips.vips_error_clear();
        return NULL;
    }
    return text;
}

void cvips_set_blob(VipsImage *image, const char *name, const void *data, size_t length) {
    cvips.vips_image_set_blob_copy(image, name, data, length);
}

VipsImage *cvips_image_borrowing(const void *data, size_t size, int width, int height, int bands) {
    return cvips.vips_image_new_from_memory(data, size, width, height, bands, VIPS_FORMAT_UCHAR);
}

VipsImage *cvips_image_copying(const void *data, size_t size, int width, int height, int bands) {
    return cvips.vips_image_new_from_memory_copy(data, size, width, height, bands, VIPS_FORMAT_UCHAR);
}

int cvips_icc_transform_embedded(VipsImage *in, VipsImage **out) {
    return cvips.vips_icc_transform(in, out, "srgb", "embedded", TRUE, "intent", VIPS_INTENT_PERCEPTUAL,
                                    "black_point_compensation", TRUE, "depth", 8, NULL);
}

int cvips_colourspace_srgb(VipsImage *in, VipsImage **out) {
    return cvips.vips_colourspace(in, out, VIPS_INTERPRETATION_sRGB, NULL);
}

int cvips_msb(VipsImage *in, VipsImage **out) { return cvips.vips_msb(in, out, NULL); }
int cvips_cast_float(VipsImage *in, VipsImage **out) { return cvips.vips_cast_float(in, out, NULL); }

int cvips_copy_interpreted(VipsImage *in, VipsImage **out, VipsInterpretation interpretation) {
    return cvips.vips_copy(in, out, "interpretation", interpretation, NULL);
}

int cvips_pngsave(VipsImage *in, void **data, size_t *size) { return cvips.vips_pngsave_buffer(in, data, size, NULL); }
int cvips_jpegsave(VipsImage *in, void **data, size_t *size, int quality) {
    return cvips.vips_jpegsave_buffer(in, data, size, "Q", quality, NULL);
}
void cvips_free(void *data) { cvips.g_free(data); }

VipsRegion *cvips_region_new(VipsImage *image) { return cvips.vips_region_new(image); }
int cvips_region_prepare(VipsRegion *region, const VipsRect *area) { return cvips.vips_region_prepare(region, area); }
// Both are macros that read the region's fields; the checking form of the first would call the library.
const void *cvips_region_address(VipsRegion *region, int left, int top) {
    return region->data + (size_t)(top - region->valid.top) * region->bpl +
           (size_t)(left - region->valid.left) * cvips.vips_format_sizeof(region->im->BandFmt) * region->im->Bands;
}
size_t cvips_region_stride(VipsRegion *region) { return region->bpl; }

void cvips_unref(void *object) { cvips.g_object_unref(object); }
