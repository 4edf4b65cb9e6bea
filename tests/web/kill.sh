#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A crawl that is killed again and again (SIGKILL) at moments of no plan: afterwards every page is there
# exactly once, the WARC files are good, the state opens. KILLS and PAGES (of each of 20 papers) in the
# environment make it longer: bench/crawl-kill.
source "$(dirname "$0")/common.bash"
kills=${KILLS:-10} pages=${PAGES:-50}
# Papers of the kinds 0, 1, 3 and 8 allow everything.
start_web --hosts 20 --pages "$pages"
allowed=(0 1 3 8 10 11 13 18)
adds=()
for i in "${allowed[@]}"; do adds+=(--add "http://h$(printf %03d "$i").test/"); done
run 0 "${crawl[@]}" --delay 0.01 "${adds[@]}" state

RANDOM=7 killed=0
for ((i = 0; i < kills * 3 && killed < kills; i++)); do
    "$DEHUSK" "${crawl[@]}" --delay 0.01 state 2>killed.err &
    pid=$!
    sleep "0.$(printf %03d $((RANDOM % 400 + 20)))"
    kill -9 "$pid" 2>/dev/null && killed=$((killed + 1))
    wait "$pid" 2>/dev/null || true
    # Whatever has its name is whole: the last byte of each file is a line feed.
    while read -r file; do
        [[ -z $(tail -c 1 "$file") ]] || fail "half a file: $file"
    done < <(find state/clean -name '*.jsonl' 2>/dev/null)
done
run 0 "${crawl[@]}" --delay 0.01 state
run 0 crawl --status --json state
stop_web
echo "killed $killed times; $(cat web.out)"

want=$((${#allowed[@]} * pages))
articles >all
lines all "$want"
grep -o '"crawl": {"url": "[^"]*"' all | sed 's/?utm[^"]*//' | sort -u >urls
lines urls "$want"
[[ -z $(find state/growing -type f) ]] || fail 'half a file is left'
warcs=(state/warc/*.warc.gz)
"$WARC_CHECK" "${warcs[@]}" >checked || fail "WARC: $(head -n 3 checked)"
# Records of pages: each address at least once, and with its payload digest once.
zcat "${warcs[@]}" | tr -d '\r' | awk '
    /^WARC\/1/ { type = uri = digest = "" }
    /^WARC-Type: / { type = $2 }
    /^WARC-Target-URI: / { uri = $2 }
    /^WARC-Payload-Digest: / && type == "response" { digest = $2; sub(/\?utm.*/, "", uri); print uri, digest }
    ' | awk '$1 ~ /story/' | sort >records
sort -u records >unique
lines unique "$want"
[[ $(wc -l <records) -le $((want + killed * 10)) ]] || fail "records: $(wc -l <records), killed $killed"
