#!/usr/bin/env bash
# Makes what the whole programs are given: pictures of 12 megapixels, and libraries of 10,000 vectors.
set -euo pipefail

cd "$(dirname "$0")/.."
peers=${1:?usage: make-inputs.sh ENVIRONMENT PROGRAM}
program=${2:?usage: make-inputs.sh ENVIRONMENT PROGRAM}
python=$peers/bin/python

if [ ! -f "$peers/pictures/.complete" ]; then
    echo "==> making pictures of 12 megapixels"
    "$python" Benchmarks/peers/make_pictures.py --samples .build/samples --output "$peers/pictures"
    touch "$peers/pictures/.complete"
fi
if [ ! "$peers/vectors/.complete" -nt Benchmarks/peers/make_vectors.py ]; then
    "$python" Benchmarks/peers/make_vectors.py --output "$peers/vectors"
    touch "$peers/vectors/.complete"
fi
# The model's fingerprint is part of a library: a new model needs a new one.
for kind in "" -halves; do
    library=$peers/library$kind model=$peers/clip-vit-b-32$kind
    [ "$library/.complete" -nt "$model/.complete" ] && continue
    echo "==> making a library of 10,000 vectors for ${model##*/}"
    rm -rf "$library"
    "$program" make-library --vectors "$peers/vectors" --model "$model" --library "$library"
    touch "$library/.complete"
done
