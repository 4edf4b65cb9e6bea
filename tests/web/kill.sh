#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A crawl that is killed again and again (SIGKILL) at moments of no plan: in the end every page is there exactly
# once, the WARC files are good, the state opens. When it has come to its end another one is begun, until it was
# killed KILLS times (tests/cli/kills.bash). PAGES: of each of 20 papers.
source "$(dirname "$0")/common.bash"
source "$SOURCE/tests/cli/kills.bash"
pages=${PAGES:-50}
# Papers of the kinds 0, 1, 3 and 8 allow everything.
start_web --hosts 20 --pages "$pages"
allowed=(0 1 3 8 10 11 13 18)
want=$((${#allowed[@]} * pages))
adds=()
for i in "${allowed[@]}"; do adds+=(--add "http://h$(printf %03d "$i").test/"); done
command=("$DEHUSK" "${crawl[@]}" --delay 0.01)

# Whatever has its name is whole: the last byte of each file is a line feed.
are_lines() {
    while read -r file; do
        [[ -z $(tail -c 1 "$file") ]] || fail "half a file: $file"
    done < <(find state/clean -name '*.jsonl' 2>/dev/null)
}

# check KILLS: the crawl that was killed so many times is over.
check() {
    run 0 crawl --status --json state
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
    [[ $(wc -l <records) -le $((want + $1 * 10)) ]] || fail "records: $(wc -l <records), killed $1"
    rm -rf state
}

before=0 added=
while [[ $killed -lt $kills ]]; do
    if [[ -z $added ]]; then
        struck 440 "${command[@]}" "${adds[@]}" state || added=1
    elif struck 440 "${command[@]}" state; then
        are_lines
    else
        check $((killed - before))
        before=$killed added=
    fi
done
run 0 "${command[@]:1}" "${adds[@]}" state
run 0 "${command[@]:1}" state
check $((killed - before))
stop_web
echo "crawl: killed $killed times; $(cat web.out)"
