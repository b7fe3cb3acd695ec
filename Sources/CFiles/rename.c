#if defined(__linux__)
#define _GNU_SOURCE  // for syscall
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
#else
#include <stdio.h>
#endif

#include "CFiles.h"

int cfiles_rename_exclusively(const char *source, const char *target) {
#if defined(__linux__) && defined(SYS_renameat2)
    // The system call itself: not every C library has a function for it. 1 is RENAME_NOREPLACE.
    return (int)syscall(SYS_renameat2, AT_FDCWD, source, AT_FDCWD, target, 1ul);
#elif defined(__linux__)
    (void)source;
    (void)target;
    errno = ENOSYS;
    return -1;
#else
    return renamex_np(source, target, RENAME_EXCL);
#endif
}
