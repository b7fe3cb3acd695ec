#!/usr/bin/env bash
# Measures what the lite model is worth on photographs with descriptions: the stamps of the drawing program Tux Paint.
# They are installed as a package, not committed: their texts are under the GPL.
set -euo pipefail

cd "$(dirname "$0")/.."
glimpse=${1:?usage: quality.sh GLIMPSE}
stamps=/usr/share/tuxpaint/stamps
classes=Sources/GlimpseModels/Resources/imagenet1k.tsv
python=.build/peers/bin/python

if [ ! -d "$stamps" ]; then
    if ! command -v apt-get >/dev/null; then
        echo "The stamps are the Debian package tuxpaint-stamps-default; there is no apt-get here." >&2
        exit 1
    fi
    echo "==> installing tuxpaint-stamps-default"
    privileged=()
    [ "$(id -u)" -eq 0 ] || privileged=(sudo)
    "${privileged[@]}" apt-get update -qq
    "${privileged[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends tuxpaint-stamps-default
fi
Benchmarks/install-python-packages.sh Benchmarks/quality/requirements.txt .build/peers
mkdir -p .build/quality
"$python" Benchmarks/quality/select_stamps.py --stamps "$stamps" --classes "$classes" --output .build/quality/stamps.tsv
"$python" Benchmarks/quality/measure.py --glimpse "$glimpse" --stamps "$stamps" --classes "$classes" \
    --list .build/quality/stamps.tsv
"$python" Benchmarks/quality/measure_presence.py --glimpse "$glimpse" --samples .build/samples --stamps "$stamps" \
    --list .build/quality/stamps.tsv --sizes
