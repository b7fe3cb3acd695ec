#include "library.h"
#include "CVips.h"
#include <pthread.h>
#include <stdio.h>

struct cvips_library cvips;

/// Why libvips cannot be used; empty when it can.
static char failure[512];

/// The number in the library's file name, which changes when structures do.
enum { ABI_VERSION = VIPS_LIBRARY_CURRENT - VIPS_LIBRARY_AGE };

#ifdef __linux__
#include <dlfcn.h>

static int find_functions(void) {
    char name[32];
    snprintf(name, sizeof name, "libvips.so.%d", ABI_VERSION);
    void *library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    if (!library) {
        snprintf(failure, sizeof failure, "%s", dlerror());
        return -1;
    }
    // GLib's functions are found through libvips, which needs GLib.
#define FIND(function)                                                                                                 \
    cvips.function = (__typeof__(cvips.function))dlsym(library, #function);                                            \
    if (!cvips.function) {                                                                                             \
        snprintf(failure, sizeof failure, "%s has no function %s", name, #function);                                   \
        return -1;                                                                                                     \
    }
    CVIPS_FUNCTIONS(FIND)
#undef FIND
    return 0;
}
#else
static int find_functions(void) {
#define FIND(function) cvips.function = &function;
    CVIPS_FUNCTIONS(FIND)
#undef FIND
    return 0;
}
#endif

static void start(void) {
    if (find_functions()) return;
    int found = cvips.vips_version(3) - cvips.vips_version(5);
    if (found != ABI_VERSION) {
        snprintf(failure, sizeof failure, "its structures are of version %d, those expected of %d", found, ABI_VERSION);
    } else if (cvips.vips_init("glimpse")) {
        snprintf(failure, sizeof failure, "vips_init failed");
    }
}

const char *cvips_start(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start);
    return failure[0] ? failure : NULL;
}
