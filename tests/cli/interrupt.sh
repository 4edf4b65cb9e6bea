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
has_lines() { [[ $(wc -l <"$1") -ge $2 ]]; }
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
    rm pipe
done

# A pipe that is never opened at its other end; before anything came.
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

# A folder: pages that are there are whole, and the next run does the rest.
mkdir saved
page tower >page.html
for i in {1..800}; do cp page.html "saved/$i.html"; done
"$DEHUSK" clean saved -o texts 2>err &
pid=$!
wait_for test -n "$(ls texts 2>/dev/null || true)" -o -d texts
kill -TERM "$pid"
ends_with "$pid" 130
done_then=$(find texts -type f | wc -l)
[[ $done_then -lt 800 ]] || fail 'it was over before the interrupt'
[[ -z $(find texts -name '.*' -type f) ]] || fail 'a temporary file is left'
for file in texts/*.txt; do
    [[ ! -e $file ]] || has "$file" "$last"
done
run 0 clean saved -o texts --skip-existing
has "$err" "$((800 - done_then)) pages cleaned"
[[ $(find texts -type f | wc -l) -eq 800 ]] || fail 'not all done'

# What ignores interrupts goes on ignoring them (nohup).
(trap '' HUP; exec "$DEHUSK" clean <pipe >got 2>err) &
pid=$!
exec 5>pipe
kill -HUP "$pid"
cat page.html >&5
exec 5>&-
ends_with "$pid" 0
has got "$last"
