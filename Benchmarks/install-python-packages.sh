#!/usr/bin/env bash
# Installs the packages of REQUIREMENTS for the measurements, in a Python environment of their own.
set -euo pipefail

requirements=${1:?usage: install-python-packages.sh REQUIREMENTS ENVIRONMENT}
environment=${2:?usage: install-python-packages.sh REQUIREMENTS ENVIRONMENT}
if [ ! -x "$environment/bin/python" ]; then
    if ! python3 -c 'import ensurepip' 2>/dev/null; then
        echo "python3 makes no environments here: install its module venv (on Debian: apt-get install python3-venv)." >&2
        exit 1
    fi
    python3 -m venv "$environment"
fi
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
