#!/usr/bin/env bash
# Makes what the whole programs are given: pictures of 12 megapixels, and a library of 10,000 vectors.
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
# The model's fingerprint is part of a library: a new model needs a new one.
if [ ! "$peers/library/.complete" -nt "$peers/clip-vit-b-32/.complete" ]; then
    echo "==> making a library of 10,000 vectors"
    rm -rf "$peers/library"
    "$python" Benchmarks/peers/make_vectors.py --output "$peers/vectors"
    "$program" make-library --vectors "$peers/vectors" --model "$peers/clip-vit-b-32" --library "$peers/library"
    touch "$peers/library/.complete"
fi
