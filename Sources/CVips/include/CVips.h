// libvips for Swift: the functions we use under names of our own, each with one fixed argument list, since libvips passes options
// through C varargs, which Swift cannot call.
//
// On Linux the library is opened at the first call of `cvips_start`: it brings a hundred others with it, which take longer to load
// than a search by words takes altogether. No other function may be called before that one has succeeded.
#pragma once
#include <vips/vips.h>

/// Opens libvips and starts it; any number of threads may call.
///
/// - Returns: NULL, or why it cannot be used.
const char *cvips_start(void);

// Settings of the process.

/// Lets no loader read that libvips does not vouch for, but those that are allowed afterwards.
void cvips_block_untrusted(void);
void cvips_allow(const char *operation);
/// One thread a picture, and no memory of earlier operations.
void cvips_keep_nothing(void);
/// Leaves warnings of a log domain of GLib's unsaid.
void cvips_silence(const char *domain);
/// Forgets the text of the last errors, which all threads share.
void cvips_error_clear(void);
/// Whether this libvips has an operation, by its nickname.
int cvips_has_operation(const char *nickname);

// Sources of encoded bytes.

VipsSource *cvips_source_from_descriptor(int descriptor);
VipsSource *cvips_source_from_memory(const void *data, size_t length);

/// Opens the first page of `source`, reading its header; pixels come later, top to bottom.
/// `loader` is an operation's nickname such as "pngload_source".
int cvips_load(const char *loader, VipsSource *source, VipsImage **out);
/// Opens a JPEG at 1/shrink of its size, shrink 1, 2, 4 or 8.
int cvips_jpegload_shrunk(VipsSource *source, VipsImage **out, int shrink);

// What an image says of itself.

int cvips_width(VipsImage *image);
int cvips_height(VipsImage *image);
int cvips_bands(VipsImage *image);
VipsBandFormat cvips_format(VipsImage *image);
size_t cvips_byte_count(VipsBandFormat format);
VipsInterpretation cvips_interpretation(VipsImage *image);
int cvips_has_alpha(VipsImage *image);
int cvips_orientation(VipsImage *image);
/// The bytes of a metadata field; NULL when there is none of this name that is a blob.
const void *cvips_blob(VipsImage *image, const char *name, size_t *length);
/// The text of a metadata field; NULL when there is none of this name that is a text. It lives as long as the image.
const char *cvips_string(VipsImage *image, const char *name);
void cvips_set_blob(VipsImage *image, const char *name, const void *data, size_t length);

// Images from memory: 8-bit samples, interleaved. The first borrows the bytes, the second copies them.

VipsImage *cvips_image_borrowing(const void *data, size_t size, int width, int height, int bands);
VipsImage *cvips_image_copying(const void *data, size_t size, int width, int height, int bands);

// Operations.

/// Converts by the profile that `in` carries to 8-bit sRGB, perceptual intent. Black point compensation is part of that intent
/// in littlecms, but some releases of libvips treat a perceptual transform without it as a colorimetric one.
int cvips_icc_transform_embedded(VipsImage *in, VipsImage **out);
int cvips_colourspace_srgb(VipsImage *in, VipsImage **out);
int cvips_msb(VipsImage *in, VipsImage **out);
int cvips_cast_float(VipsImage *in, VipsImage **out);
int cvips_copy_interpreted(VipsImage *in, VipsImage **out, VipsInterpretation interpretation);

/// Encoded pictures are released with `cvips_free`.
int cvips_pngsave(VipsImage *in, void **data, size_t *size);
int cvips_jpegsave(VipsImage *in, void **data, size_t *size, int quality);
void cvips_free(void *data);

// Pixels.

VipsRegion *cvips_region_new(VipsImage *image);
int cvips_region_prepare(VipsRegion *region, const VipsRect *area);
/// The first byte of a prepared region and the bytes from one row to the next.
const void *cvips_region_address(VipsRegion *region, int left, int top);
size_t cvips_region_stride(VipsRegion *region);

/// Gives a reference back: to an image, a source or a region.
void cvips_unref(void *object);
