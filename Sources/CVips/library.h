// libvips' functions, found once.
#pragma once
#include <vips/vips.h>

// GLib defines these as macros too; here the functions are meant.
#undef g_free
#undef g_object_unref

#define CVIPS_FUNCTIONS(EACH)                                                                                          \
    EACH(g_free)                                                                                                       \
    EACH(g_log_set_handler)                                                                                            \
    EACH(g_object_unref)                                                                                               \
    EACH(vips_block_untrusted_set)                                                                                     \
    EACH(vips_cache_set_max)                                                                                           \
    EACH(vips_cache_set_max_files)                                                                                     \
    EACH(vips_cache_set_max_mem)                                                                                       \
    EACH(vips_call)                                                                                                    \
    EACH(vips_cast_float)                                                                                              \
    EACH(vips_colourspace)                                                                                             \
    EACH(vips_concurrency_set)                                                                                         \
    EACH(vips_copy)                                                                                                    \
    EACH(vips_error_clear)                                                                                             \
    EACH(vips_format_sizeof)                                                                                           \
    EACH(vips_icc_transform)                                                                                           \
    EACH(vips_image_get_bands)                                                                                         \
    EACH(vips_image_get_blob)                                                                                          \
    EACH(vips_image_get_format)                                                                                        \
    EACH(vips_image_get_height)                                                                                        \
    EACH(vips_image_get_interpretation)                                                                                \
    EACH(vips_image_get_orientation)                                                                                   \
    EACH(vips_image_get_string)                                                                                        \
    EACH(vips_image_get_typeof)                                                                                        \
    EACH(vips_image_get_width)                                                                                         \
    EACH(vips_image_hasalpha)                                                                                          \
    EACH(vips_image_new_from_memory)                                                                                   \
    EACH(vips_image_new_from_memory_copy)                                                                              \
    EACH(vips_image_set_blob_copy)                                                                                     \
    EACH(vips_init)                                                                                                    \
    EACH(vips_jpegload_source)                                                                                         \
    EACH(vips_jpegsave_buffer)                                                                                         \
    EACH(vips_msb)                                                                                                     \
    EACH(vips_operation_block_set)                                                                                     \
    EACH(vips_pngsave_buffer)                                                                                          \
    EACH(vips_region_new)                                                                                              \
    EACH(vips_region_prepare)                                                                                          \
    EACH(vips_source_new_from_descriptor)                                                                              \
    EACH(vips_source_new_from_memory)                                                                                  \
    EACH(vips_type_find)                                                                                               \
    EACH(vips_version)

#define CVIPS_MEMBER(name) __typeof__(&name) name;
struct cvips_library {
    CVIPS_FUNCTIONS(CVIPS_MEMBER)
};
#undef CVIPS_MEMBER

/// Filled by `cvips_start`.
extern struct cvips_library cvips;
