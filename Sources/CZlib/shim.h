// zlib's initialisers are macros, which Swift cannot import; this is the one we use, as a function.
#pragma once
#include <zlib.h>

/// Starts inflating a raw deflate stream (no zlib or gzip header), as zip entries are stored.
static inline int czlib_inflate_init_raw(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }
