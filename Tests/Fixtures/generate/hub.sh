#!/bin/sh
# Writes the certificates of the test server that speaks TLS: an authority that nobody trusts by itself, and a certificate
# of it for the loopback address. The key guards nothing: it is published here.
#
#   Tests/Fixtures/generate/hub.sh        needs openssl 3
set -eu
cd "$(dirname "$0")/../hub"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj "/CN=Glimpse tests" \
    -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign" \
    -keyout "$work/authority.key" -out authority.pem 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=loopback" \
    -keyout server-key.pem -out "$work/server.csr" 2>/dev/null
printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >"$work/extensions"
openssl x509 -req -in "$work/server.csr" -CA authority.pem -CAkey "$work/authority.key" -days 36500 \
    -extfile "$work/extensions" -out server.pem 2>/dev/null
