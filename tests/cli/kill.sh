#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# clean -o and corpus are killed (SIGKILL) at moments of no plan, and run again until they end: what has its name is
# whole at any time, and in the end all is as if nothing had happened. KILLS: of each of the four; see kills.bash.
# PAGES: how much there is to do. ONLY: one of them.
source "$(dirname "$0")/common.bash"
source "$SOURCE/tests/cli/kills.bash"
pages=${PAGES:-24}
mkdir in
for ((i = 0; i < pages; i++)); do page "lamp$((i % (pages * 3 / 4)))" >"in/$i.html"; done
for ((i = 0; i < pages; i++)); do
    printf '{"id": "line %d", "html": "%s"}\n' "$i" "$(page "pier$i" | sed 's/["\\]/\\&/g' | tr '\n' ' ')"
done >in.jsonl
names() { (cd "$1" && find . -type f ! -name '.dehusk-*.tmp' | sort); }
# Each file that has its name in $1 is the one in $2.
are_whole() {
    local name
    while read -r name; do
        cmp -s "$1/$name" "$2/$name" || fail "$1/$name is not whole"
    done < <(names "$1")
}

# until_done WORD MS FOLDER REFERENCE COMMAND...: kills it as often as is asked for; whenever it has come to its end
# FOLDER is compared and removed, and all begins again.
until_done() {
    local word=$1 within=$(($2 * 5 / 4)) place=$3 want=$4
    shift 4
    [[ -z ${ONLY:-} || $ONLY == "$word" ]] || return 0
    killed=0 whole=0
    rm -rf "$place"
    while [[ $killed -lt $kills ]]; do
        if struck "$within" "$@"; then
            [[ ! -e $place ]] || are_whole "$place" "$want"
            continue
        fi
        diff -r -x '.dehusk-*.tmp' "$place" "$want" >differs || fail "$word: $(head -n 3 differs)"
        rm -rf "$place"
    done
    "$@" >"$out" 2>"$err" || fail "exit code $?: $*"
    diff -r -x '.dehusk-*.tmp' "$place" "$want" >differs || fail "$word: $(head -n 3 differs)"
    echo "$word: killed $killed times, whole $((whole + 1)) times"
}

clean=("$DEHUSK" clean -q --format json in -o)
took=$(ms_of "${clean[@]}" ref.clean)
until_done clean "$took" clean ref.clean "${clean[@]}" clean

# A file that was there before stays as it is until the new one is whole.
lines=("$DEHUSK" clean -q --overwrite in.jsonl -o)
mkdir ref.file file
took=$(ms_of "${lines[@]}" ref.file/out.jsonl)
killed=0 whole=0
if [[ -z ${ONLY:-} || $ONLY == file ]]; then
    echo old >old
    cp old file/out.jsonl
    while [[ $killed -lt $kills ]]; do
        if struck "$((took * 5 / 4))" "${lines[@]}" file/out.jsonl; then
            cmp -s file/out.jsonl old || same file/out.jsonl ref.file/out.jsonl
        else
            same file/out.jsonl ref.file/out.jsonl
        fi
        cp old file/out.jsonl
    done
    echo "file: killed $killed times, whole $whole times"
fi

corpus=("$DEHUSK" corpus -q --shard-documents 7 in in.jsonl -o)
took=$(ms_of "${corpus[@]}" ref.corpus)
until_done corpus "$took" corpus ref.corpus "${corpus[@]}" corpus
run 0 corpus verify ref.corpus

merge=("$DEHUSK" corpus merge --dedup minhash --dedup-paragraphs 200 --shard-documents 7 ref.corpus -o)
took=$(ms_of "${merge[@]}" ref.merge)
until_done merge "$took" merge ref.merge "${merge[@]}" merge
run 0 corpus verify ref.merge
