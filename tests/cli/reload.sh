#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Rule files that change during a long run: read again between two pages; a bad one keeps the old rules.
source "$(dirname "$0")/common.bash"
mkdir rules
printf 'site: harbour.example\nremove: p\nkeep: p:last-of-type\n' >rules/harbour.example.rules
line() { # NUMBER: a page as a line of JSON
    page tower | tr '\n' ' ' | sed 's/"/\\"/g; s|.*|{"id": "'"$1"'", "url": "https://harbour.example/", "html": "&"}|'
    echo
}
line 1 >one
line 2 >two
line 3 >three
line 4 >four

mkfifo pipe
"$DEHUSK" clean --rules rules -j 2 -v <pipe >"$out" 2>"$err" &
run=$!
exec 3>pipe
# answer N: the N-th line of output, once it is there.
answer() {
    for _ in $(seq 200); do
        [[ $(wc -l <"$out") -ge $1 ]] && { sed -n "$1p" "$out"; return; }
        sleep 0.05
    done
    fail "no answer $1"
}
cat one >&3
answer 1 >first
sleep 1.2
cat two >&3
answer 2 >second
printf 'site: harbour.example\nremove: p:last-of-type\n' >rules/harbour.example.rules
sleep 1.2
cat three >&3
answer 3 >third
printf 'site: harbour.example\nfrobnicate: p\n' >rules/harbour.example.rules
sleep 1.2
cat four >&3
answer 4 >fourth
exec 3>&-
wait $run || fail "exit code $?"

has first 'closer to his house'
lacks first 'five hours'
has second 'closer to his house'
lacks second 'five hours'
has third 'five hours'
lacks third 'closer to his house'
has fourth 'five hours'
lacks fourth 'closer to his house'
has "$err" 'rule files changed and were read again'
has "$err" 'harbour.example.rules:2:1: unknown verb'
has "$err" 'the old ones stay at work'
[[ $(grep -c 'read again' "$err") -eq 1 ]] || fail 'read again without a change'
