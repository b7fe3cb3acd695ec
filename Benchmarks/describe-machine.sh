#!/usr/bin/env bash
# Prints the machine and the versions that numbers were measured with.
set -euo pipefail

python=${1:?usage: describe-machine.sh PYTHON}
uname -srm
swift --version 2>&1 | head -1
"$python" -m pip list --disable-pip-version-check --format freeze
if command -v lscpu >/dev/null; then
    lscpu
else
    sysctl -n machdep.cpu.brand_string
fi
