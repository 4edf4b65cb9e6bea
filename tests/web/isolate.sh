#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A crawl whose workers are processes: an article that kills them costs itself, and is kept; the others are
# what they are with threads. Without seccomp the crawl goes on with threads and says so.
source "$(dirname "$0")/common.bash"
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0"
start_web --hosts 2 --pages 8 --fatal 5
crawl+=(--delay 0.01)
for how in thread process; do
    run 0 "${crawl[@]}" --isolate "$how" --add http://h000.test/ --add http://h001.test/ "state.$how"
done
"$DEHUSK" "${crawl[@]}" --isolate thread state.thread 2>thread.err
export LD_PRELOAD=$FRAGILE
run 0 "${crawl[@]}" --isolate process --quarantine bad state.process
unset LD_PRELOAD
# When and where an article was fetched aside, and the one that was lost.
texts() {
    find "state.$1/clean" -name '*.jsonl' -exec cat {} + |
        sed 's/"fetched": "[^"]*"//; s/"warc": "[^"]*"//; s/"offset": [0-9]*//; s/"extracted": "[^"]*"//' | sort
}
texts thread | grep -v 'number-5[?"]' >want
texts process >got
lines want 14
same got want
[[ $(grep -c 'not cleaned: its worker ended with exit status 7, twice; kept as bad/' "$err") -eq 2 ]] || fail told
for file in bad/*.page; do
    grep -q '<die-exit>' "$file" || fail "kept: $file"
    grep -q '^address: http://h00[01].test/' "${file%.page}.txt" || fail "note of $file"
done
run 0 crawl --status --json state.process
[[ $(grep -c '"failed": 1,' "$out") -eq 2 ]] || fail 'the state does not count it'
# The page is not asked for again and again, and the crawl goes on.
run 0 "${crawl[@]}" state.process
lacks "$err" 'not cleaned'

code=0
"$DENY" seccomp "$DEHUSK" "${crawl[@]}" --add http://h000.test/ state.denied 2>"$err" || code=$?
if [[ $code -ne 77 ]]; then
    [[ $code -eq 0 ]] || fail "exit code $code"
    has "$err" 'cleaned in threads'
    run 0 "${crawl[@]}" state.denied
    run 1 "${crawl[@]}" --isolate process --quarantine bad state.missing
fi
stop_web
