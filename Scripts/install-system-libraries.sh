#!/usr/bin/env bash
# Installs the system libraries Glimpse is built with, those that are missing.
set -euo pipefail

if ! command -v swift >/dev/null; then
    echo "Swift 6.2 or newer is needed: https://www.swift.org/install" >&2
    exit 1
fi

[ "${SKIP_SYSTEM_LIBRARIES:-0}" = 1 ] && exit 0

if [ "$(uname -s)" = Darwin ]; then
    command -v brew >/dev/null || { echo "Homebrew is needed: https://brew.sh" >&2; exit 1; }
    for formula in vips pkgconf; do
        brew list --formula "$formula" >/dev/null 2>&1 || { echo "==> installing $formula"; brew install "$formula"; }
    done
    exit 0
fi

command -v apt-get >/dev/null || {
    echo "This set-up knows apt and Homebrew. Install the development files of libvips, OpenSSL, SQLite and zlib, pkg-config, and" >&2
    echo "python3 with pip, then run it again with SKIP_SYSTEM_LIBRARIES=1." >&2
    exit 1
}

missing=()
for package in libvips-dev libsqlite3-dev libssl-dev zlib1g-dev pkg-config python3 python3-pip; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
# A pip that works is enough, wherever it comes from.
if python3 -m pip --version >/dev/null 2>&1; then
    kept=()
    for package in "${missing[@]}"; do
        case $package in python3 | python3-pip) ;; *) kept+=("$package") ;; esac
    done
    missing=("${kept[@]}")
fi
[ ${#missing[@]} -eq 0 ] && exit 0

echo "==> installing ${missing[*]} (some minutes on a new machine)"
privileged=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "Ask an administrator to run: apt-get install ${missing[*]}" >&2; exit 1; }
    privileged=(sudo)
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Of what apt says, the user sees how many packages are done.
progress='/ newly installed/ { total = $3 } /^Get:/ && ++got % 25 == 0 { print "    " got " downloaded" }
    /^Setting up/ && ++done % 25 == 0 { print "    " done " of " total " set up" } { fflush() }'
install() {
    "${privileged[@]}" apt-get update || return
    # Newer releases ship the decoder of iPhone photographs as a plugin of its own.
    if [[ " ${missing[*]} " == *" libvips-dev "* ]] && apt-cache show libheif-plugin-libde265 >/dev/null 2>&1; then
        missing+=(libheif-plugin-libde265)
    fi
    "${privileged[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes "${missing[@]}"
}
if ! install 2>&1 | tee "$log" | awk "$progress"; then
    tail -20 "$log" >&2
    exit 1
fi
