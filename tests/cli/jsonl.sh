#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# JSON lines: an object in, an object out, in order.
source "$(dirname "$0")/common.bash"

# line ID WORD: an object with a page.
line() {
    printf '{"id": %s, "url": "https://example.org/%s", "html": "%s"}\n' "$1" "$2" \
        "$(page "$2" | tr '\n' ' ' | sed 's/"/\\"/g')"
}
for i in {1..60}; do line "$i" "word$i"; done >pages.jsonl

run 0 clean pages.jsonl -j 4
lines "$out" 60
grep -o '"id": [0-9]*' "$out" | cut -d' ' -f2 >order
seq 60 >want
same order want
[[ $(sed -n 7p "$out") == *'that the word7 will be moved'* ]] || fail 'line 7'
[[ $(sed -n 7p "$out") == *'"source": "https://example.org/word7"'* ]] || fail 'address of line 7'
lacks "$out" 'Most read'
cp "$out" whole

# Known by its ending, by the option, by its first byte.
cp pages.jsonl pages.data
run 0 clean pages.data --from jsonl
same "$out" whole
"$DEHUSK" clean <pages.jsonl >got 2>err || fail 'stdin'
same got whole
"$DEHUSK" clean --from jsonl - <pages.jsonl >got 2>err || fail 'stdin, told'
same got whole
cp pages.jsonl pages.ndjson
run 0 clean pages.ndjson --format jsonl
same "$out" whole
run 0 clean pages.jsonl --format txt
[[ $(head -n 1 "$out") == '==> pages.jsonl:1 <==' ]] || fail 'header'

# To a folder, to a file.
run 0 clean pages.jsonl -o out
files_are out pages.jsonl
same out/pages.jsonl whole
run 0 clean pages.jsonl -o one.jsonl
same one.jsonl whole
run 2 clean pages.jsonl -o one.jsonl
has "$err" 'exists'
run 0 clean pages.jsonl -o one.jsonl --skip-existing
run 0 clean pages.jsonl -o one.jsonl --overwrite
same one.jsonl whole
run 2 clean pages.jsonl -o pages.jsonl --overwrite
has "$err" 'input'

# Lines that fail give an object each, the others are done.
{
    line 1 first
    echo '{"id": "two", "url": "https://example.org/2"}'
    echo '{"id": 3, "html": "cut off'
    echo
    echo '   '
    echo '[1, 2]'
    echo 'no json'
    echo '{"id": "x\"y", "text": "A line of text that was scraped."}'
    printf '{"id": 9, "html": ""}\r\n'
    printf '%s' "$(line 10 last)"
} >mixed.jsonl
run 1 clean mixed.jsonl
lines "$out" 8
[[ $(sed -n 2p "$out") == *'"id":"two","url":"https://example.org/2"'*'"error":"the object has no html and no text"'* ]] ||
    fail 'line without a page'
[[ $(sed -n 3p "$out") == *'"error":'* ]] || fail 'line cut off'
[[ $(sed -n 4p "$out") == *'"line":6,"error":"not a JSON object"'* ]] || fail 'line that is no object'
[[ $(sed -n 5p "$out") == *'"error":'* ]] || fail 'line that is no JSON'
[[ $(sed -n 6p "$out") == *'"id": "x\"y"'* ]] || fail 'string id'
[[ $(sed -n 6p "$out") == *'A line of text'* ]] || fail 'text'
[[ $(sed -n 7p "$out") == *'"id": 9'*'"text": ""'* ]] || fail 'empty html'
[[ $(sed -n 8p "$out") == *'the last will be moved'* ]] || fail 'last line without LF'
has "$err" 'mixed.jsonl:3: '
has "$err" '4 failed'
lacks "$out" 'null}'

# A line longer than the limit allows; a BOM; only blank lines; nothing.
{ printf '{"id": 1, "html": "'; head -c 200000 /dev/zero | tr '\0' x; echo '"}'; line 2 short; } >long.jsonl
run 1 clean --limit-bytes 20000 long.jsonl
lines "$out" 2
[[ $(sed -n 1p "$out") == *'too long'* ]] || fail 'long line'
[[ $(sed -n 2p "$out") == *'the short will'* ]] || fail 'line after the long one'
{ printf '\xef\xbb\xbf'; line 1 marked; } >bom.jsonl
run 0 clean bom.jsonl
has "$out" 'the marked will'
"$DEHUSK" clean <bom.jsonl >got 2>err || fail 'BOM on stdin'
same got "$out"
printf '\n\n' >blank.jsonl
run 0 clean blank.jsonl
empty "$out"
: >none.jsonl
run 0 clean none.jsonl -o none
files_are none none.jsonl

# One question, one answer: a program may wait for each.
coproc "$DEHUSK" clean --from jsonl --quiet
for i in 1 2 3; do
    line "$i" "turn$i" >&"${COPROC[1]}"
    read -r -t 20 answer <&"${COPROC[0]}" || fail "no answer to line $i"
    [[ $answer == *"the turn$i will"* ]] || fail "answer $i"
done
pid=$COPROC_PID
exec {COPROC[1]}>&-
wait "$pid" || fail 'end of the conversation'
