#!/usr/bin/env bash
# Gather every text that a person reads for translators in build/autosky.pot, bring the languages in
# resources/languages up to date with it, and make the catalogues of them that the programs read.
#
# Neither lines of the source nor the time of gathering are kept: a language changes with its texts
# alone. A text that is new, or worded otherwise, stands there empty; nothing is guessed.
set -euo pipefail
cd "$(dirname "$0")/.."

babel=${1:-.venv/bin/pybabel}
template=build/autosky.pot
mkdir -p build
"$babel" --quiet extract --keyword NP_:1c,2 --project "Autosky Desktop" --no-wrap --no-location \
    --output-file "$template" autosky_desktop
shopt -s nullglob
for translated in resources/languages/*.po; do
    language=$(basename "$translated" .po)
    "$babel" --quiet update --no-wrap --no-fuzzy-matching --ignore-obsolete \
        --ignore-pot-creation-date --input-file "$template" --output-file "$translated" \
        --locale "$language"
done
"$(dirname "$babel")/python" packaging/catalogues.py
