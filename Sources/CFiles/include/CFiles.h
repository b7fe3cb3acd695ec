// What Swift cannot import of the system's functions for files: those that C hides behind macros or variable arguments.
#pragma once

/// Renames a file within a disk, and fails with EEXIST where there is something at `target` already.
///
/// - Returns: 0, or -1 and errno; EINVAL, ENOSYS or ENOTSUP where the system or the file system cannot.
int cfiles_rename_exclusively(const char *source, const char *target);
