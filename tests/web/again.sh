#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What is looked at again: sources and articles that have not changed are 304 and revisit records, and no
# article comes twice. Needs sqlite3 to make the addresses due; skipped (77) without it.
source "$(dirname "$0")/common.bash"
command -v sqlite3 >/dev/null || exit 77
start_web --hosts 2 --pages 6
run 0 "${crawl[@]}" --delay 0.02 --add http://h000.test/ --add http://h001.test/ state
run 0 "${crawl[@]}" --delay 0.02 state
articles >all
lines all 12
interval() { sqlite3 state/crawl.sqlite "SELECT max(interval_ms) FROM url WHERE kind = 1 AND key LIKE '%feed.xml'"; }
[[ $(interval) -eq 3600000 ]] || fail "first interval: $(interval)"
sqlite3 state/crawl.sqlite 'UPDATE url SET due_ms = 1 WHERE status = 200'
run 0 "${crawl[@]}" --delay 0.02 state
[[ $(interval) -eq 5400000 ]] || fail "interval without a change: $(interval)"
# Of both: the front page and six articles; feed and section; of the second also index, sitemap and a feed of the first.
[[ $(grep -c ' 304 ok' web.log) -eq 21 ]] || fail "304: $(grep -c ' 304 ' web.log)"
articles >again
same all again
"$WARC_CHECK" state/warc/*.gz >checked || fail "WARC: $(cat checked)"
[[ $(zcat state/warc/*.gz | grep -ac '^WARC-Type: revisit') -eq 12 ]] || fail 'revisit records'
run 0 crawl --status --json state
[[ $(grep -o '"same": [0-9]*' "$out" | awk '{n += $2} END {print n}') -eq 12 ]] || fail 'same'

# The feed brings something new: half the interval. A host whose rules fell silent is marked, and cleared.
sqlite3 state/crawl.sqlite "DELETE FROM url WHERE key LIKE '%number-0'; UPDATE url SET due_ms = 1, etag = NULL WHERE kind = 1;
    UPDATE host SET suspect = 1 WHERE id = 1"
run 0 "${crawl[@]}" --delay 0.02 state
[[ $(interval) -eq 2700000 ]] || fail "interval after a change: $(interval)"
articles | grep -vxF -f all >new
has new '"suspect": true'
has new '"suspect": false'
run 0 crawl --status state
has "$out" 'SUSPECT'
run 0 crawl --contact a@b.example --accept h000.test state
run 0 crawl --status state
lacks "$out" 'SUSPECT'
run 2 crawl --contact a@b.example --accept nobody.test state
stop_web
