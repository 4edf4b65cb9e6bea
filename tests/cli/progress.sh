#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What is said while many pages are cleaned: a bar on a terminal, nothing else where there is none.
source "$(dirname "$0")/common.bash"
mkdir saved
for i in {1..30}; do page "word$i" >"saved/$i.html"; done
head -c 3000 "$DEHUSK" >saved/broken.html

# On a terminal (script makes one); -e hands the exit code on.
on_terminal() { script -qec "$*" /dev/null </dev/null >"$out" 2>&1; }
if ! on_terminal true; then
    echo "no pseudo-terminal is to be had here: the bar is not tried" >&2
else
    code=0
    on_terminal "'$DEHUSK' clean saved -o one" || code=$?
    [[ $code -eq 1 ]] || fail "exit code $code"
    grep -qE $'\r\x1b\\[K\\[[#.]{20}\\] +[0-9]+ % [0-9]+ pages, [0-9]+/s, [0-9]+ % of text kept' "$out" ||
        fail 'no bar'
    # The bar is wiped before a line is written, and at the end.
    grep -qF $'\x1b[Kdehusk: saved/broken.html: ' "$out" || grep -qE '^dehusk: saved/broken' "$out" ||
        fail 'the error stands in the bar'
    tr '\r' '\n' <"$out" >parts
    [[ $(grep -c 'pages cleaned, 1 failed' parts) -eq 1 ]] || fail 'summary'
    on_terminal "'$DEHUSK' clean saved --quiet -o two" || true
    lacks "$out" '% of text'
    lacks "$out" 'cleaned'
    has "$out" 'broken.html'
    # Text on the same terminal and a bar would mix.
    on_terminal "'$DEHUSK' clean saved" || true
    lacks "$out" '[#'
    lacks "$out" '[..'
    has "$out" "$last"
    on_terminal "'$DEHUSK' clean saved/1.html -o three"
    lacks "$out" 'pages'
fi

# Elsewhere: the errors and one line at the end.
run 1 clean saved -o four
lines "$err" 2
lacks "$err" $'\x1b'
[[ $(sed -n 2p "$err") =~ ^dehusk:\ 30\ pages\ cleaned,\ 1\ failed,\ [0-9]+\ %\ of\ the\ text\ kept ]] ||
    fail 'summary'
run 1 clean saved -o five -v
lines "$err" 32
has "$err" 'saved/7.html: '

# A file system that takes no more: told, given up, nothing half written, and the next run does the rest.
mkdir full
code=0
(ulimit -f 1; exec "$DEHUSK" clean saved --json --blocks -o full) >"$out" 2>"$err" || code=$?
[[ $code -eq 1 ]] || fail "full: $code"
has "$err" 'File too large'
has "$err" 'nothing can be written: stopped'
files_are full
run 1 clean saved --json --blocks -o full
[[ $(find full -type f | wc -l) -eq 30 ]] || fail 'not all done'
