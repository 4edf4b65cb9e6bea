#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An interrupt ends a run cleanly: what is under way is finished, nothing is half written.
source "$(dirname "$0")/common.bash"
page tower | tr '\n' ' ' | sed 's/"/\\"/g; s/.*/{"html": "&"}\n/' >line

# wait_for COMMAND...: at most 20 seconds.
wait_for() {
    for _ in {1..200}; do
        "$@" && return
        sleep 0.1
    done
    fail "never came: $*"
}
has_lines() { [[ -e $1 && $(wc -l <"$1") -ge $2 ]]; }
ends_with() {
    local code=0
    wait "$1" || code=$?
    [[ $code -eq $2 ]] || fail "exit code $code, not $2"
}

# Waiting for a pipe.
for signal in TERM INT HUP; do
    mkfifo pipe
    env --default-signal="$signal" "$DEHUSK" clean --from jsonl <pipe >got 2>err &
    pid=$!
    exec 5>pipe
    cat line line line >&5
    wait_for has_lines got 3
    kill -"$signal" "$pid"
    ends_with "$pid" 130
    exec 5>&-
    lines got 3
    has err 'interrupted'
    rm pipe got # or the next round would see the lines of this one
done

# Before anything came.
mkfifo pipe
"$DEHUSK" clean <pipe >got 2>err &
pid=$!
exec 5>pipe
sleep 0.3
kill -TERM "$pid"
ends_with "$pid" 130
exec 5>&-

# Into files: a stream's file does not appear before it is whole.
for output in out one.jsonl; do
    "$DEHUSK" clean - --from jsonl --format jsonl -o "$output" <pipe 2>err &
    pid=$!
    exec 5>pipe
    cat line line >&5
    sleep 0.5
    kill -TERM "$pid"
    ends_with "$pid" 130
    exec 5>&-
done
[[ ! -e one.jsonl ]] || fail 'a part of one.jsonl'
[[ ! -d out ]] || files_are out
[[ -z $(find . -name '.dehusk*') ]] || fail 'a temporary file is left'

# Between pages: those that were begun are there and whole, and the next run does the rest.
page tower >page.html
mkdir saved
for i in {1..40}; do cp page.html "saved/$i.html"; done
{ printf 'saved/%d.html\n' {1..5}; echo pipe; printf 'saved/%d.html\n' {6..40}; } >list
"$DEHUSK" clean -i list -o texts 2>err &
pid=$!
exec 5>pipe # comes back when dehusk has come to the pipe
kill -TERM "$pid"
ends_with "$pid" 130
exec 5>&-
files_are texts saved/{1..5}.txt
for file in texts/saved/*; do has "$file" "$last"; done
has err '5 pages cleaned'
sed -i '/^pipe$/d' list
run 0 clean -i list -o texts --skip-existing
has "$err" '35 pages cleaned'
[[ $(find texts -type f | wc -l) -eq 40 ]] || fail 'not all done'

# A pipe by its name that nobody opens at its other end.
"$DEHUSK" clean pipe >got 2>err &
pid=$!
sleep 0.3
kill -TERM "$pid"
ends_with "$pid" 130

# What ignores interrupts goes on ignoring them (nohup).
(trap '' HUP; exec "$DEHUSK" clean <pipe >got 2>err) &
pid=$!
exec 5>pipe
kill -HUP "$pid"
cat page.html >&5
exec 5>&-
ends_with "$pid" 0
has got "$last"
