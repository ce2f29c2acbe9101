#!/usr/bin/env bash
# Gather every text that a person reads for translators in build/autosky.pot, bring the languages in
# resources/languages up to date with it, and make the catalogues of them that the programs read.
set -euo pipefail
cd "$(dirname "$0")/.."

babel=${1:-.venv/bin/pybabel}
template=build/autosky.pot
mkdir -p build
"$babel" --quiet extract --keyword NP_:1c,2 --project "Autosky Desktop" --no-wrap \
    --output-file "$template" autosky_desktop
shopt -s nullglob
for translated in resources/languages/*.po; do
    language=$(basename "$translated" .po)
    "$babel" --quiet update --no-wrap --input-file "$template" --output-file "$translated" \
        --locale "$language"
    "$babel" --quiet compile --input-file "$translated" --output-file "${translated%.po}.mo"
done
