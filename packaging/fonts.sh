#!/usr/bin/env bash
# Cut Inter down to what the window writes: Latin languages, punctuation, arrows and check marks.
#
# usage: packaging/fonts.sh FOLDER     where Inter-Regular.otf, -Medium and -SemiBold lie
#                                      (Debian's fonts-inter: /usr/share/fonts/opentype/inter)
#
# Small files, because loading them stands between the click and the first paint. The result is
# committed in resources/fonts/; pyftsubset comes with fontTools (pip install fonttools).
set -euo pipefail
cd "$(dirname "$0")/.."

# Basic Latin, Latin-1, Latin Extended-A, the commas and carons of Romanian and others,
# combining marks, punctuation, currency, letterlike, arrows, mathematics, shapes, check marks.
characters=U+0020-007E,U+00A0-017F,U+0192,U+0218-021B,U+02C6-02DD,U+0300-0304,U+0306-030C
characters+=,U+0326-0328,U+1E9E,U+2002-200B,U+2010-2015,U+2018-2026,U+2030,U+2032-2033
characters+=,U+2039-203A,U+2044,U+20AC,U+2116,U+2122,U+2190-2199,U+21BB,U+2212,U+2215,U+221E
characters+=,U+2248,U+2260,U+2264-2265,U+25A0,U+25B2-25B3,U+25B6,U+25BC,U+25C6-25C7,U+25CB
characters+=,U+25CF,U+2713-2717

for weight in Regular Medium SemiBold; do
    pyftsubset "$1/Inter-$weight.otf" --output-file="resources/fonts/Inter-$weight.otf" \
        --unicodes="$characters" --layout-features=tnum,kern,calt,case,zero,ss03,ccmp,locl,mark \
        --name-IDs=0,1,2,3,4,5,6,13,14,16,17 --notdef-outline
    echo "resources/fonts/Inter-$weight.otf: $(stat --format=%s "resources/fonts/Inter-$weight.otf") bytes"
done

# It is the boldest there is. Marked as bold, it is what <b> shows as it is; else Qt thickens it.
python3 - resources/fonts/Inter-SemiBold.otf <<'END'
import sys

from fontTools.ttLib import TTFont

font = TTFont(sys.argv[1])
font["head"].macStyle |= 1
font["OS/2"].fsSelection = font["OS/2"].fsSelection & ~(1 << 6) | 1 << 5
font.save(sys.argv[1])
END
