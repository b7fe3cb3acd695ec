#!/bin/sh
# Runs compare.c under the address and undefined-behaviour sanitizers, its thread team under the thread sanitizer, and
# all of it for 64-bit Arm under qemu.
#
#   Tests/Kernels/sanitize.sh            all of them; Arm is skipped with a note where its tools are not installed
#   Tests/Kernels/sanitize.sh native     sanitizers only
#   Tests/Kernels/sanitize.sh arm        Arm only
#
# Arm needs (Debian) gcc-aarch64-linux-gnu and qemu-user.
set -eu

cd "$(dirname "$0")/../.."
mode=${1:-all}
swift=$(command -v swift || true)
clang=${CLANG:-$(dirname "$(readlink -f "${swift:-/usr/bin/swift}")")/clang}
[ -x "$clang" ] || clang=clang
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Debian's gold warns about every symbol of the sanitizers.
linker=
[ "$(uname)" = Linux ] && [ -x "$(dirname "$clang")/ld.lld" ] && linker=-fuse-ld=lld

compile() {
    output=$1
    shift
    "$clang" -g -Wall -Wextra -Werror $linker -ISources/CKernels/include "$@" Sources/CKernels/*.c \
        Tests/Kernels/compare.c -o "$work/$output" -lm -lpthread
}

if [ "$mode" != arm ]; then
    echo "address and undefined-behaviour sanitizers"
    compile address -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
    "$work/address"
    echo "thread sanitizer"
    # The thread sanitizer of Swift's clang knows libdispatch, and asks for it on Linux.
    libraries=$(swift -print-target-info 2>/dev/null | sed -n 's/.*"\(\/[^"]*lib\/swift\/linux\)".*/\1/p' | head -1)
    if [ -e "$libraries/libdispatch.so" ]; then
        compile thread -O1 -fsanitize=thread "-L$libraries" "-Wl,-rpath,$libraries" -ldispatch -lBlocksRuntime
    else
        compile thread -O1 -fsanitize=thread
    fi
    TSAN_OPTIONS=halt_on_error=1 "$work/thread" team
fi

if [ "$mode" != native ]; then
    sysroot=/usr/aarch64-linux-gnu
    if command -v aarch64-linux-gnu-gcc >/dev/null && command -v qemu-aarch64 >/dev/null; then
        echo "64-bit Arm under qemu"
        compile arm -O2 --target=aarch64-linux-gnu -isystem $sysroot/include -static
        qemu-aarch64 "$work/arm"
    else
        echo "64-bit Arm: skipped, aarch64-linux-gnu-gcc or qemu-aarch64 is not installed"
    fi
fi
