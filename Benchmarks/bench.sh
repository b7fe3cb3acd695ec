#!/usr/bin/env bash
# Compares the speed of Glimpse with that of its peers, in turns on a machine that should be doing nothing else, and keeps
# the numbers under Benchmarks/runs/. The lite model is installed before.
#
# usage: bench.sh GLIMPSE [full]
#
# full adds PyTorch with open_clip. ONLY=lite measures the workloads whose names have "lite" in them, and the run is not
# kept. INDEX_OPTIONS="--decode fast" adds a row of `glimpse index` with these options.
set -euo pipefail

usage="usage: bench.sh GLIMPSE [full]"
glimpse=$(realpath "${1:?$usage}")
scope=${2:-usual}
cd "$(dirname "$0")/.."
peers=.build/peers
python=$peers/bin/python
program=.build/benchmarks/release/CompareWithPeers

case $scope in
usual) requirements=requirements.txt runtimes=onnxruntime,openvino ;;
full) requirements=requirements-full.txt runtimes=onnxruntime,openvino,open_clip ;;
*)
    echo "$usage" >&2
    exit 1
    ;;
esac
Benchmarks/install-python-packages.sh "Benchmarks/peers/$requirements" "$peers"
Benchmarks/make-networks.sh "$peers"
echo "==> building the comparison (release)"
# Without a younger manifest SwiftPM does not see files that the package around this one has got since the last time.
touch Benchmarks/Package.swift
swift build -c release --package-path Benchmarks --scratch-path .build/benchmarks --product CompareWithPeers
Benchmarks/make-inputs.sh "$peers" "$program"

if [ -n "${ONLY:-}" ]; then
    run=$peers/run
else
    run=Benchmarks/runs/$(date +%Y-%m-%d)-$("$python" Benchmarks/measure/machine.py)
fi
mkdir -p "$run"
Benchmarks/describe-machine.sh "$python" >"$run/machine.txt"
results=$run/results.jsonl
: >"$results"
clang -O2 Benchmarks/Kernels/roof.c -lpthread -o "$peers/roof"
# Before and after: what a guest gets of a shared machine comes and goes.
measure_roof() { "$peers/roof" "$("$python" -c 'import os; print(os.cpu_count())')" >>"$results"; }

echo "==> measuring, for about half an hour: load average $(uptime | sed 's/.*averages\{0,1\}: //')"
measure_roof
"$program" compare --python "$python" --peers Benchmarks/peers --networks "$peers/models" --clip "$peers/clip-vit-b-32" \
    --clip-of-halves "$peers/clip-vit-b-32-halves" --runtimes "$runtimes" ${ONLY:+--only "$ONLY"} >>"$results"
"$python" Benchmarks/measure/compare_commands.py --glimpse "$glimpse" --peers "$peers" --results "$results" \
    --only "${ONLY:-}" --options "${INDEX_OPTIONS:-}"
measure_roof
if [ "$(uname)" = Linux ] && [ -z "${ONLY:-}" ]; then
    "$python" Benchmarks/measure/share_a_core.py --program "$program" --model "$peers/clip-vit-b-32" --results "$results"
fi
if command -v valgrind >/dev/null && command -v strip >/dev/null && [ -z "${ONLY:-}" ]; then
    "$python" Benchmarks/measure/count_instructions.py --program "$program" --model "$peers/clip-vit-b-32" \
        --results "$results"
fi
"$python" Benchmarks/measure/make_table.py "$results" | tee "$run/table.md"
"$python" Benchmarks/measure/make_roofline.py "$results" "$peers/clip-vit-b-32/config.json" | tee "$run/roofline.md"
[ -n "${ONLY:-}" ] || "$python" Benchmarks/measure/make_comparison.py Benchmarks/runs >Benchmarks/runs/README.md
echo "==> kept in $run"
