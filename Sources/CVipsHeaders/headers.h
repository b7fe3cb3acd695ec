// What libvips declares. On Linux nothing links against the library: CVips opens it when it is needed.
#pragma once
#include <vips/vips.h>
