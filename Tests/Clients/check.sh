#!/usr/bin/env bash
# Starts a server over the sample pictures and holds it against the clients people have, its own description, and a browser. Without Chromium
# (Debian: chromium, chromium-driver) the browser is left out.
#
# usage: check.sh GLIMPSE SAMPLES
set -euo pipefail

usage="usage: check.sh GLIMPSE SAMPLES"
glimpse=$(realpath "${1:?$usage}")
samples=$(realpath "${2:?$usage}")
cd "$(dirname "$0")/../.."
environment=.build/clients
place=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$place"
}
trap finish EXIT

Benchmarks/install-python-packages.sh Tests/Clients/requirements.txt "$environment"
python=$environment/bin/python

mkdir -p "$place/pictures/copies"
cp "$samples"/* "$place/pictures/"
cp "$samples/chelsea.png" "$samples/rocket.jpg" "$place/pictures/copies/"
"$glimpse" index --quiet --library "$place/library" "$place/pictures"

# serve OPTION…: starts a server on a free port and sets url.
serve() {
    [ -z "$server" ] || { kill "$server"; wait "$server" || true; }
    local port
    port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    url=http://127.0.0.1:$port
    XDG_DATA_HOME=$place/data "$glimpse" serve --quiet --port "$port" --library "$place/library" --model "$model" \
        --alias ViT-B-32__openai="$model" "$@" &
    server=$!
    for _ in $(seq 100); do
        if curl --silent --fail --output /dev/null "$url/api/v1/health"; then return; fi
        sleep 0.1
    done
    echo "the server does not answer" >&2
    exit 1
}

# The trash of the test is not the user's, but the model is.
model=${XDG_DATA_HOME:-$HOME/.local/share}/glimpse/models/lite
check_clients() {
    "$python" Tests/Clients/check_clients.py --url "$url" --picture "$samples/chelsea.png" --other "$samples/rocket.jpg" \
        --library-has-pictures "$@"
}
echo "==> clients"
serve
check_clients
echo "==> clients, with a token"
serve --token a-token-for-checks
check_clients --token a-token-for-checks
echo "==> the description of the API"
serve
"$python" Tests/Clients/check_openapi.py --url "$url"
if command -v chromium >/dev/null; then
    echo "==> the page"
    "$python" Tests/Page/check_page.py --url "$url" --screenshots .build/page --picture "$samples/coffee.png" --query "a cat" \
        --absent-query "a violin" --labels cat,rocket,coffee
    echo "screenshots are in .build/page"
fi
