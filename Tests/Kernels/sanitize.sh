#!/bin/sh
# Runs compare.c under the address and undefined-behaviour sanitizers, its thread team under the thread sanitizer, the
# AVX-512 kernels through SIMDe's emulation of their intrinsics, and all of it for 64-bit Arm under qemu, with and
# without the dot-product instructions.
#
#   Tests/Kernels/sanitize.sh            all of them; what needs tools that are not installed is skipped with a note
#   Tests/Kernels/sanitize.sh native     sanitizers only
#   Tests/Kernels/sanitize.sh avx512     AVX-512 only
#   Tests/Kernels/sanitize.sh arm        Arm only
#
# AVX-512 needs (Debian) libsimde-dev and a processor with AVX2; Arm needs gcc-aarch64-linux-gnu and qemu-user.
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

root=$PWD
jobs=$(getconf _NPROCESSORS_ONLN)

# objects FOLDER SOURCES [FLAG...]: compiles the sources, several at once, to objects of these names.
objects() {
    folder=$work/$1
    sources=$2
    shift 2
    mkdir -p "$folder"
    [ -n "$sources" ] || return 0
    (cd "$folder" && printf '%s\n' $sources |
        xargs -P "$jobs" -I SOURCE "$clang" -g -Wall -Wextra -Werror "-I$root/Sources/CKernels/include" "$@" -c "$root/SOURCE")
}

# program NAME [FLAG...]: links the objects in folder NAME.
program() {
    name=$1
    shift
    "$clang" $linker "$@" "$work/$name"/*.o -o "$work/$name/program" -lm -lpthread
}

all="$(echo Sources/CKernels/*.c Tests/Kernels/*.c)"
threads="Sources/CKernels/team.c Tests/Kernels/stress_team.c"
# The address sanitizer sees bad pointers, too; checks of each address before it is used double the time to compile. Its own are calls.
undefined="-fsanitize=address,undefined -fno-sanitize=null,object-size -fno-sanitize-recover=all
    -fsanitize-address-outline-instrumentation"
# The files of x86 vectors take a third of the time to compile without checks of every sum of pointers and every alignment; the plain
# kernels, which go the same ways through memory, have both.
vectors="Sources/CKernels/avx2.c Sources/CKernels/avx512.c"
plain=$(printf '%s\n' $all | grep -vxF "$(printf '%s\n' $vectors)")

if [ "$mode" = all ] || [ "$mode" = native ]; then
    echo "address and undefined-behaviour sanitizers"
    objects address "$vectors" -O1 $undefined -fno-sanitize=pointer-overflow,alignment
    objects address "$plain" -O1 $undefined
    program address $undefined
    "$work/address/program"
    echo "thread sanitizer"
    # The thread sanitizer of Swift's clang knows libdispatch, and asks for it on Linux.
    libraries=$(swift -print-target-info 2>/dev/null | sed -n 's/.*"\(\/[^"]*lib\/swift\/linux\)".*/\1/p' | head -1)
    dispatch=
    [ -e "$libraries/libdispatch.so" ] && dispatch="-L$libraries -Wl,-rpath,$libraries -ldispatch -lBlocksRuntime"
    objects thread "$all" -O1
    objects thread "$threads" -O1 -fsanitize=thread
    program thread -fsanitize=thread $dispatch
    TSAN_OPTIONS=halt_on_error=1 "$work/thread/program" team
fi

if [ "$mode" = all ] || [ "$mode" = avx512 ]; then
    if [ "$(uname -m)" = x86_64 ] && [ -e /usr/include/simde/x86/avx512.h ]; then
        # In functions that are not compiled for AVX-512, clang warns of the calling convention of its vectors.
        echo "AVX-512 through SIMDe"
        objects simde "$all" -O1 -mavx2 -mfma -mf16c -DCK_SIMDE "-I$root/Tests/Kernels" -Wno-psabi $undefined
        program simde $undefined
        "$work/simde/program" avx512
    else
        echo "AVX-512 through SIMDe: skipped, libsimde-dev is not installed or this is no x86-64"
    fi
fi

if [ "$mode" = all ] || [ "$mode" = arm ]; then
    sysroot=/usr/aarch64-linux-gnu
    if command -v aarch64-linux-gnu-gcc >/dev/null && command -v qemu-aarch64 >/dev/null; then
        objects arm "$all" -O2 --target=aarch64-linux-gnu -isystem $sysroot/include
        program arm --target=aarch64-linux-gnu -static
        echo "64-bit Arm under qemu"
        qemu-aarch64 -cpu max "$work/arm/program"
        echo "64-bit Arm without the dot-product instructions under qemu"
        qemu-aarch64 -cpu cortex-a53 "$work/arm/program" neon
    else
        echo "64-bit Arm: skipped, aarch64-linux-gnu-gcc or qemu-aarch64 is not installed"
    fi
fi
