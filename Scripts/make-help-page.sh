#!/usr/bin/env bash
# Prints docs/HELP.md: the help of every command, as the program itself gives it.
set -euo pipefail

glimpse=${1:?usage: make-help-page.sh GLIMPSE}
export COLUMNS=80
echo '# The commands'
echo
echo 'Made by `make help-page` from the program itself; `make lint` checks that it is fresh.'
for command in "" index search similar classify embed serve duplicates "duplicates find" "duplicates undo" library "library info" \
    "library check" "library prune" "library forget" "library export" "library import" models "models list" "models info" "models pull" "models verify"; do
    printf '\n## glimpse %s\n\n```\n' "$command" | sed 's/glimpse $/glimpse/'
    # shellcheck disable=SC2086
    "$glimpse" $command --help
    echo '```'
done
