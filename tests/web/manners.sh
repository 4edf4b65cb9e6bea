#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A crawl of ten papers with every kind of robots.txt: by the server's own log nothing is asked for that
# is forbidden and nothing comes too close, and all that is allowed is stored, once.
source "$(dirname "$0")/common.bash"
start_web --hosts 10 --pages 12 --gap 60 --crawl-delay 150
add_all 10
run 0 "${crawl[@]}" --delay 0.06 "${adds[@]}" state
has "$err" 'its robots.txt cannot be had'
run 0 "${crawl[@]}" --delay 0.06 state
stop_web
[[ $(heard forbidden) -eq 0 ]] || fail "forbidden: $(grep FORBIDDEN web.log)"
[[ $(heard close) -eq 0 ]] || fail "too close: $(cat web.out)"
[[ $(heard requests) -ge 100 ]] || fail "requests: $(cat web.out)"
# 8 papers have something to read: 12 articles each, one of them private; 4 of the papers keep it so.
articles >all
lines all 92
[[ $(grep -o '"digest": "[^"]*"' all | sort -u | wc -l) -eq 92 ]] || fail 'digests'
[[ $(grep -c '"ai_refused": \["GPTBot"\]' all) -eq 0 ]] || fail 'GPTBot may read what is not private'
lacks all '/private/2024/05/05/hidden-story-of-host-7'
has all '/private/2024/05/05/hidden-story-of-host-1-number-4'
# What a host reserves in its tdmrep.json is said with each article; each host is asked once, if it allows it.
[[ $(grep -c '"robots_tags": \["tdm-reserved"\]' all) -eq 1 ]] || fail 'tdm-reserved'
grep '"tdm-reserved"' all | grep -q hidden-story-of-host-1-number-4 || fail 'what is reserved'
[[ $(grep -c tdmrep.json web.log) -eq 7 ]] || fail "tdmrep.json: $(grep -c tdmrep.json web.log)"
# A page is fetched under the address that was found, and remembered without its tracking.
[[ $(awk '$5 ~ /story/ {print $2, $5}' web.log | sort | uniq -d | wc -l) -eq 0 ]] || fail 'twice'
run 0 crawl --status state
has "$out" 'unreachable'
run 0 crawl --status --json state
[[ $(grep -c '"host"' "$out") -eq 10 ]] || fail 'JSON status'
if command -v jq >/dev/null; then jq -e . "$out" >/dev/null || fail 'JSON'; fi
