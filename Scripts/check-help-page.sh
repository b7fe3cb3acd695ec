#!/usr/bin/env bash
# Fails when docs/HELP.md is not what the program prints.
set -euo pipefail

glimpse=${1:?usage: check-help-page.sh GLIMPSE}
cd "$(dirname "$0")/.."
if ! diff -u docs/HELP.md <(Scripts/make-help-page.sh "$glimpse"); then
    echo "docs/HELP.md is stale: run make help-page and commit it." >&2
    exit 1
fi
