#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the crawler has kept is read into a site memory, and a crawl that comes later makes use of it.
source "$(dirname "$0")/common.bash"
start_web --hosts 1 --pages 30
crawl+=(--delay 0.005 -j 1)
run 0 "${crawl[@]}" --add http://h000.test/ state
run 0 "${crawl[@]}" state
articles >first
lines first 30
# A line of these articles, as if 25 other pages of the host had it, too.
line=$(grep -oE 'The [a-z]+ of the town was the subject of debate number 7 [^."\\]*\. [^."\\]*\.' first | head -n 1)
[[ ${#line} -gt 100 ]] || fail "no line: $line"
for i in {a..y}; do
    echo "{\"id\": \"$i\", \"url\": \"http://h000.test/old/$i\", \"text\": \"What was told of quay $i in its time is told here again, and nowhere else.\\n\\n$line\"}"
done >old.jsonl
run 0 corpus state/warc old.jsonl -o noted --site-memory -q
has noted/manifest.json '"kept": 55,'
run 0 corpus merge noted -o merged --site-memory
run 0 corpus stats merged
grep -qE '^lines gone +2[6-9]$' "$out" || fail 'lines gone'
run 0 "${crawl[@]}" --add http://h000.test/ --site-memory merged/site-memory.sqlite again
run 0 "${crawl[@]}" --site-memory merged/site-memory.sqlite again
stop_web
find again/clean -name '*.jsonl' -exec cat {} + >second
lines second 30
lacks second "$line"
# Nothing else goes, numbers aside.
told() { grep -oE '(The|Our) [^."\\]*\. [^."\\]*\.' "$1" | sed -E 's/[0-9]+/0/g' | sort -u; }
told first >told.first
told second >told.second
[[ $(comm -13 told.first told.second | wc -l) -eq 0 ]] || fail "what comes: $(comm -13 told.first told.second)"
[[ $(comm -23 told.first told.second) == "$(sed -E 's/[0-9]+/0/g' <<<"$line")" ]] || fail "what goes: $(comm -23 told.first told.second)"
# Without the file there is no crawl.
run 2 "${crawl[@]}" --site-memory nothing state
