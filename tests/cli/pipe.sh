#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Pipes at both ends.
source "$(dirname "$0")/common.bash"
page lighthouse >a.html
run 0 clean a.html
cp "$out" want

"$DEHUSK" clean <a.html >got || fail 'stdin'
same got want
cat a.html | "$DEHUSK" clean >got || fail 'a pipe'
same got want
cat a.html | "$DEHUSK" clean - >got || fail '-'
same got want
"$DEHUSK" clean <(cat a.html) >got || fail 'a pipe with a name'
same got want
{ head -c 300 a.html; sleep 0.3; tail -c +301 a.html; } | "$DEHUSK" clean >got || fail 'a slow pipe'
same got want
"$DEHUSK" clean <a.html -o out --format md || fail 'stdin to a folder'
files_are out stdin.md

# Nothing comes.
code=0
"$DEHUSK" clean </dev/null >got 2>err || code=$?
[[ $code -eq 0 ]] || fail "empty stdin: $code"
empty got
code=0
"$DEHUSK" clean - - <a.html >got 2>err || code=$?
[[ $code -eq 2 ]] || fail "stdin twice: $code"
code=0
"$DEHUSK" clean - <&- >got 2>err || code=$?
[[ $code -eq 1 ]] || fail "closed stdin: $code"
has err 'stdin: '

# The reader goes away: a clean stop, which is no failure.
mkdir many
for i in {1..200}; do cp a.html "many/$i.html"; done
mkfifo pipe
head -c 100 <pipe >/dev/null &
code=0
"$DEHUSK" clean many --json >pipe 2>err || code=$?
[[ $code == 0 ]] || fail "closed pipe: $code"
lacks err 'pipe'

# The disk is full.
code=0
"$DEHUSK" clean a.html >/dev/full 2>err || code=$?
[[ $code -eq 1 ]] || fail "full disk: $code"
has err 'stdout: No space left'
for command in 'help' 'clean --help' 'version' 'completion bash' 'explain a.html'; do
    code=0
    # shellcheck disable=SC2086
    "$DEHUSK" $command >/dev/full 2>err || code=$?
    [[ $code -eq 1 ]] || fail "full disk, $command: $code"
    has err 'No space left'
done
