#!/usr/bin/env bash
# Fuzzes each parser for a while, with the address sanitizer on, starting from the fixtures. Inputs that crash are left in
# .build/fuzz/TARGET.
#
#     Tests/Fuzz/fuzz.sh [SECONDS] [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-600}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(safetensors checkpoint shards numpy tokenizer sentencepiece transformers openclip bitmap raw exif)

echo "==> building with the fuzzer"
# Without a younger manifest SwiftPM does not see files that the package around this one has got since the last time.
touch Tests/Fuzz/Package.swift
swift build --package-path Tests/Fuzz --scratch-path .build/fuzz-build -c release --product FuzzParsers \
    -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=fuzzer-no-link,address -Xswiftc -use-ld=lld
program=.build/fuzz-build/release/FuzzParsers

fixtures=Tests/Fixtures
seeds() {
    case $1 in
        safetensors) ls $fixtures/formats/*.safetensors $fixtures/families/openclip-clipa/*.safetensors ;;
        checkpoint) ls $fixtures/formats/*.pth $fixtures/formats/*.pt ;;
        shards) ls $fixtures/families/*/*.index.json ;;
        numpy) ls $fixtures/formats/*.npy ;;
        tokenizer) ls $fixtures/families/*/tokenizer.json $fixtures/tokenizers/*.json | grep -v lines.json ;;
        sentencepiece) ls $fixtures/families/*/spiece.model $fixtures/families/*/sentencepiece.bpe.model \
            $fixtures/tokenizers/*.model ;;
        transformers) ls $fixtures/families/hf-clip*/config.json $fixtures/families/hf-siglip*/config.json ;;
        openclip) ls $fixtures/families/*/open_clip_config.json ;;
        bitmap) ls $fixtures/media/*.bmp ;;
        raw) ls $fixtures/media/raw.* | grep -v rgb.png ;;
        exif) ls $fixtures/media/exif.* $fixtures/media/raw.* | grep -v rgb.png ;;
        *) echo "unknown target $1" >&2; return 1 ;;
    esac
}

failed=0
for target in "${targets[@]}"; do
    folder=.build/fuzz/$target
    mkdir -p "$folder/corpus"
    number=0
    for seed in $(seeds "$target"); do
        number=$((number + 1))
        cp -L "$seed" "$folder/corpus/seed-$number"
    done
    echo "==> $target, $seconds s from $number seeds"
    # Foundation leaks a block for every empty file it reads, which is no concern of ours.
    if ! ASAN_OPTIONS=detect_leaks=0 GLIMPSE_FUZZ=$target "$program" -max_total_time="$seconds" -timeout=30 -rss_limit_mb=3000 -max_len=300000 \
        -artifact_prefix="$folder/" -print_final_stats=1 "$folder/corpus" >"$folder/log" 2>&1; then
        echo "    FAILED, see $folder/log"
        failed=1
    fi
    grep -E "stat::number_of_executed_units|stat::peak_rss_mb" "$folder/log" | sed 's/^stat::/    /' || true
    rm -rf /dev/shm/glimpse-fuzz-*
done
exit $failed
