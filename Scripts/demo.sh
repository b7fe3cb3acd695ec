#!/usr/bin/env bash
# Shows what Glimpse does, on eleven photographs.
set -euo pipefail

glimpse=${1:?usage: demo.sh GLIMPSE SAMPLES LIBRARY}
samples=$2
library=$3

show() {
    local word
    printf '\n$ glimpse'
    for word in "$@"; do
        case $word in *[\ ,]*) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    printf '\n'
    "$glimpse" "$@"
}

show index "$samples" --library "$library"
show search "a cat" --library "$library" --top 3
show search "something to drink" --library "$library" --top 3
show search "$samples/flower.jpg" + "a cup" --library "$library" --top 3
show search "a violin" --library "$library" || echo "(exit status $?)"
show duplicates --library "$library"
show classify "$samples/chelsea.png" "$samples/motorcycle_left.png" --labels "cat,dog,motorcycle,rocket" --top 2
