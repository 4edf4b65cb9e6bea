#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh [--all | --every N] [--kinds "KIND..."] [--just "SPEC..."] [CASE...]: each subcommand on small inputs, while one call to the system fails,
# once or from then on: allocations, reads, writes, fsync, renames, closes, opens, folders; reads and writes that do
# half, and calls that are interrupted. A sample of the calls, or with --all every one (each Nth). --just: these (alloc:12,
# write:3:ever). With KEEP set the folder stays, and what was refused says where (FAULT_TRACE of faults.c).
#
# What must hold: no crash, no report of a sanitizer, no leak; exit status 0 and the output that it should be, or
# exit status 1 or 2, something said, and no file that is not whole. What is cut short or interrupted makes no
# difference at all. A crawl or corpus that was broken off is, after one more run, what it should be.
#
# DEHUSK is a program with tests/faults/faults.c in it, or PRELOAD that file as a library; SOURCE, WEB, WARC_CHECK
# as for the tests beside it.
set -uo pipefail
self=$(realpath "$0")
export LC_ALL=C
unset XDG_CONFIG_HOME NO_COLOR http_proxy HTTP_PROXY https_proxy HTTPS_PROXY all_proxy ALL_PROXY
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}exitcode=99:allocator_may_return_null=1" LSAN_OPTIONS=exitcode=98
export UBSAN_OPTIONS=print_stacktrace=1

# What each case does, in a folder of its own; what it makes is called out*. ./in has the inputs.
declare -A commands=(
    [version]='$D version'
    [help]='$D help clean'
    [completion]='$D completion bash'
    [clean_one]='$D clean in/pages/1.html'
    [clean_stdin]='$D clean -f json - <in/pages/1.html'
    [clean_none]='$D clean --isolate none -q -f json --input-dir in/pages -o out'
    [clean_thread]='$D clean --isolate thread -j 1 -q -f md --input-dir in/pages -o out'
    [clean_process]='$D clean --isolate process -j 1 -q -f txt --input-dir in/pages -o out'
    [clean_jsonl]='$D clean --isolate none -q in/pages.jsonl -o out.jsonl'
    [clean_warc]='$D clean --isolate none -q in/pages.warc.gz -o out'
    [explain]='$D explain in/pages/1.html'
    [explain_html]='$D explain --html in/pages/1.html -o out.html'
    [why]='$D why in/pages/1.html "closer to his house."'
    [dump_dom]='$D dump --stage=dom in/pages/1.html'
    [dump_features]='$D dump --stage=features in/pages/2.html'
    [rules_list]='$D rules list --rules in/rules'
    [rules_show]='$D rules show --rules in/rules harbour.example'
    [rules_test]='$D rules test --rules in/rules harbour.example'
    [rules_lint]='$D rules lint --rules in/rules harbour.example'
    [rules_mutate]='$D rules mutate --rules in/rules harbour.example'
    [rules_new]='$D rules new in/pages/1.html in/pages/2.html -o out.rules'
    [rules_import]='$D rules import in/configs -o out'
    [fetch]='$D fetch --allow-private --wait 0 --timeout 5 "http://127.0.0.1:$(cat in/port)/" -o out.warc.gz'
    [corpus]='$D corpus -q --isolate none --pii replace --profile gopher in/pages.jsonl -o out'
    [corpus_process]='$D corpus -q --isolate process -j 1 in/pages.jsonl -o out'
    [corpus_pages]='$D corpus -q --isolate none --shard-documents 1 in/pages -o out'
    [corpus_warc]='$D corpus -q --isolate none --pack none in/pages.warc.gz -o out'
    [corpus_members]='$D corpus -q --isolate none --pack gzip in/pages.tar.gz -o out'
    [corpus_lines]='$D corpus -q --isolate none in/pages.jsonl'
    [corpus_stdin]='$D corpus -q --isolate none <in/pages.jsonl'
    [corpus_verify]='$D corpus verify in/corpus'
    [corpus_stats]='$D corpus stats in/corpus'
    [corpus_report]='$D corpus stats --html in/corpus -o out.html'
    [corpus_show]='$D corpus show in/corpus lighthouse'
    [corpus_merge]='$D corpus merge in/corpus -o out'
    [corpus_near]='$D corpus merge --dedup minhash --dedup-paragraphs 2 in/corpus in/more -o out'
    [corpus_noted]='$D corpus -q --isolate none --site-memory in/site.jsonl -o out'
    [corpus_memory]='$D corpus merge --site-memory in/noted -o out'
    [corpus_residue]='$D corpus residue --json in/corpus'
    [clean_memory]='$D clean --isolate none -q --site-memory in/site-memory.sqlite in/site.jsonl -o out.jsonl'
    [rules_learn]='mkdir tmp; TMPDIR=tmp $D rules learn storv.example in/site.jsonl -o out.rules'
    [crawl]='cp -r in/state out; $D "${crawl[@]}" -q out'
    [crawl_add]='$D "${crawl[@]}" -q --add http://h000.test/ out'
    [crawl_status]='cp -r in/state out; $D crawl --status --json out'
)
# Broken off, these go on, or begin again, when they are run again.
again=' corpus corpus_process corpus_pages corpus_warc corpus_members corpus_merge corpus_near corpus_noted corpus_memory '
all_kinds='alloc read write sync rename close open short intr readdir stat'

# ---- inputs ----

page() {
    cat <<END
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The $1 story</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>The $1 story</h1>
<p>The council of the harbour town decided on Tuesday evening that the $1 will be moved to the old quay, after a debate that lasted for more than five hours and filled the gallery.</p>
<p>Residents had asked for the change since last spring. A spokeswoman said the work would begin in June, and that the cost, which nobody has named so far, would be shared with the port.</p>
<p>The $1 has stood in its place for ninety years. Its keeper said he would miss the view, but that he understood the reasons, and that the new place was closer to his house.</p>
</article><aside><h2>Most read</h2><ul><li><a href="/1">Ten things to do</a></li><li><a href="/2">What to eat</a></li></ul></aside>
<footer>Copyright Harbour Courier</footer></body></html>
END
}

# The program with little data beside it: most of what is refused is to be the subcommand's, not the loading of rules.
make_program() {
    local data=$work/root/share/dehusk/rules
    mkdir -p "$work/root/bin" "$data/labels" "$data/families"
    cp "$DEHUSK" "$work/root/bin/"
    cp "$SOURCE/rules/youm7.com.rules" "$data/"
    cp "$SOURCE/rules/families/arabic-masthead.rules" "$data/families/"
    cp "$SOURCE"/rules/labels/{copyright,most_read}.tsv "$data/labels/"
    export DEHUSK=$work/root/bin/${DEHUSK##*/}
}

make_inputs() {
    local in=$work/in i
    mkdir -p "$in/pages" "$in/rules" "$in/configs"
    for i in 1 2; do page "lamp$i" >"$in/pages/$i.html"; done
    printf '\x1f\x8b' | cat - <(head -c 64 /dev/zero) >"$work/none"
    for i in lighthouse pier; do
        printf '{"id": "%s", "url": "http://harbour.example/%s", "html": "' "$i" "$i"
        page "$i" | sed 's/["\\]/\\&/g' | tr '\n' ' '
        printf '"}\n'
    done >"$in/pages.jsonl"
    cat >"$in/rules/harbour.example.rules" <<'END'
site: harbour.example
article: article
remove: aside
title: h1
test: ../pages/1.html
  has: closer to his house
  lacks: Most read
END
    for i in {a..t}; do
        printf '{"id": "%s", "url": "http://storv.example/%s", "html": "<h1>%s</h1><div><p>What is told of the quay %s is told at length, here and nowhere else.</p><p class=x>Wibble at the fandry, for three plinks a mornel.</p></div>"}\n' "$i" "$i" "$i" "$i"
    done >"$in/site.jsonl"
    printf 'title: //h1\nbody: //article\nstrip: //aside\n' >"$in/configs/harbour.example.txt"
    rm -f "$in/port"
    "$WEB" --port "$in/port" --hosts 2 --pages 2 >"$work/web.out" &
    web=$!
    for i in {1..100}; do [[ -s $in/port ]] && break; sleep 0.05; done
    crawl=(crawl --contact https://courier.example/bot --allow-private --isolate none --timeout 5
        --resolve "*.test=127.0.0.1:$(cat "$in/port")" --delay 0)
    D=$DEHUSK
    (cd "$work" && "$D" "${crawl[@]}" -q --add http://h000.test/ in/state &&
        "$D" corpus -q in/pages.jsonl -o in/corpus && "$D" corpus -q in/pages -o in/more &&
        "$D" corpus -q --site-memory in/site.jsonl -o in/noted && "$D" corpus merge -q --site-memory in/noted -o in/remembered >/dev/null &&
        cp in/remembered/site-memory.sqlite in/ &&
        tar -C in -czf in/pages.tar.gz pages &&
        "$D" fetch -q --allow-private --wait 0 "http://127.0.0.1:$(cat in/port)/" -o in/pages.warc.gz) || {
        echo "inputs cannot be made" >&2
        return 1
    }
    [[ -e $in/pages.warc.gz ]]
}

# ---- one run ----

# try CASE FOLDER: runs it there; its exit status.
try() {
    local D=$DEHUSK code=0
    rm -rf "$2"
    mkdir -p "$2/home"
    ln -s "$work/in" "$2/in"
    (
        cd "$2" || exit 125
        export HOME=$2/home
        D=fault
        fault() { # only the program itself has faults
            # A crawl that runs out of memory leaves what is under way to the end of the process.
            [[ $name == crawl* && ${SPEC:-} == alloc:* ]] && export ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0
            timeout 60 env ${SPEC:+FAULT="$SPEC"} ${COUNT:+FAULT_COUNT="$COUNT"} ${PRELOAD:+LD_PRELOAD="$PRELOAD"} \
                "$DEHUSK" "$@"
        }
        eval "${commands[$1]}" >stdout 2>stderr
    ) || code=$?
    return "$code"
}

# What a folder holds, and how it is to be compared: times and places aside.
picture() {
    local file
    cd "$1" || return
    for file in stdout $(find . -path ./home -prune -o -type f \( -path './out*' -o -name '.dehusk*' \) -print | sort); do
        case $2:$file in
        fetch:*.warc.gz) "$WARC_CHECK" "$file" >checked && echo "$file whole" || echo "$file not whole" ;;
        crawl*:./out/*) ;;
        crawl*:stdout) ;;
        *:*.jsonl | corpus_lines:stdout) # a line each; one that says what was wrong is whole, too
            grep -v '"error":' "$file" | while read -r line; do echo "$file $(cksum <<<"$line")"; done ;;
        *) echo "$file $(sed -e "s|$1|HERE|g" -e 's/"extracted": *"[^"]*"//' -e 's/"added": *"[^"]*"//' \
            -e 's/"created": *"[^"]*"//' -e 's/"started": *"[^"]*"//' "$file" | md5sum)" ;;
        esac
    done
    case $2 in
    crawl | crawl_add) # after one more run all is there
        "$DEHUSK" "${crawl[@]}" -q ${3:+--add http://h000.test/} out >more 2>&1 || { echo "more: $?"; cat more; }
        # A page for which there was no memory is tried again after some seconds.
        for _ in {1..8}; do
            "$DEHUSK" "${crawl[@]}" -q out >more 2>&1 || { echo "more: $?"; cat more; }
            [[ ! -s $work/ref.$2 || $(find out/clean -name '*.jsonl' -exec cat {} + 2>/dev/null | wc -l) -ge 2 ]] && break
            sleep 1
        done
        find out/clean -name '*.jsonl' -exec cat {} + 2>/dev/null | sed 's/, "title".*//; s/.*"url": "\([^"]*\)".*/\1/' | sort
        ;;
    esac
}

wrong() {
    echo "$name $spec: $*"
    head -c 1500 "$folder/stderr"
    echo
    cp -r "$folder" "$work/failed.$name.$spec" 2>/dev/null
    return 1
}

# one CASE SPEC: the case with a fault. Says what is wrong.
one() {
    local name=$1 spec=$2 folder code=0 want
    folder=$(mktemp -d "$work/run.XXXXXX")
    SPEC=$spec try "$name" "$folder" || code=$?
    want=$(cat "$work/ref.$name.code")
    if grep -qE 'runtime error|Sanitizer' "$folder/stderr"; then
        wrong "a sanitizer speaks (exit $code)"
    elif [[ $code -ge 98 ]]; then
        wrong "exit $code"
    elif [[ $code -ne $want && $code -ne 1 && $code -ne 2 ]]; then
        wrong "exit $code"
    elif [[ $spec == short:* || $spec == intr:* ]] && [[ $code -ne $want ]]; then
        wrong "exit $code, but nothing had failed"
    elif [[ $code -ne $want && ! -s $folder/stderr ]]; then
        wrong "exit $code without a word"
    else
        compare
    fi
    code=$?
    rm -rf "$folder"
    return "$code"
}

# Good runs give what they should; failed ones nothing that is not whole.
compare() {
    local got=$folder/../got.${folder##*/} add=
    if [[ $again == *" $name "* && $code -ne 0 ]]; then
        (D=$DEHUSK; cd "$folder" && eval "${commands[$name]}" >stdout 2>more) ||
            { wrong "the next run fails, too: $(head -n 3 "$folder/more")"; return; }
        code=0
    fi
    [[ $name == crawl_add && $code -ne 0 ]] && add=1
    picture "$folder" "$name" $add >"$got" 2>&1
    if [[ $code -eq $want ]]; then
        cmp -s "$got" "$work/ref.$name" || { wrong "$(diff "$work/ref.$name" "$got" | head -n 8)"; rm -f "$got"; return 1; }
    elif [[ $name == crawl* ]]; then
        cmp -s "$got" "$work/ref.$name" || { wrong "after one more run $(diff "$work/ref.$name" "$got" | head -n 8)"; rm -f "$got"; return 1; }
    else
        # Each file there is one of those that should be.
        grep -v '^stdout' "$got" | grep -vxFf "$work/ref.$name" >"$got.more" &&
            { wrong "half written, or left: $(cat "$got.more")"; rm -f "$got" "$got.more"; return 1; }
    fi
    rm -f "$got" "$got.more"
    return 0
}

# ---- all of them ----

# list CASE KIND: the faults to try.
list() {
    local n i wanted=1
    SPEC=$2:0 COUNT=$work/count try "$1" "$work/counting" || true
    n=$(cat "$work/count" 2>/dev/null || echo 0)
    rm -f "$work/count"
    echo "$1 $2 $n" >>"$work/counts"
    [[ $n -gt 0 ]] || return 0
    if [[ $every -gt 0 ]]; then
        seq "$every" "$every" "$n" | sed "s/.*/$1 $2:&/"
        [[ $2 == intr ]] || seq "$every" "$every" "$n" | sed "s/.*/$1 $2:&:ever/"
        return
    fi
    # Others in each case, the same in each run of this script.
    [[ $2 == alloc ]] && wanted=3
    for ((i = 0; i < wanted; i++)); do
        by=$(cksum <<<"$1 $2 $i" | cut -d ' ' -f 1)
        [[ $2 == alloc ]] || ((by % 5 < 3)) || continue
        if ((by % 2 == 0)) || [[ $2 == intr ]]; then
            echo "$1 $2:$((by / 10 % n + 1))"
        else
            echo "$1 $2:$((by / 10 % n + 1)):ever"
        fi
    done
}

main() {
    every=0 kinds=$all_kinds just=
    while [[ ${1:-} == --* ]]; do
        case $1 in
        --all) every=1 ;;
        --every) every=$2; shift ;;
        --kinds) kinds=$2; shift ;;
        --just) just=$2; shift ;;
        *) exit 2 ;;
        esac
        shift
    done
    work=$(mktemp -d)
    trap 'kill "$web" 2>/dev/null; [[ -n ${KEEP:-} ]] || rm -rf "$work"' EXIT
    make_program
    make_inputs || exit 1
    [[ $# -gt 0 ]] || set -- $(printf '%s\n' "${!commands[@]}" | sort)
    for name in "$@"; do
        code=0
        SPEC='' try "$name" "$work/reference" || code=$?
        [[ $code -eq 0 ]] || { echo "$name: exit $code without a fault" >&2; cat "$work/reference/stderr" >&2; exit 1; }
        echo "$code" >"$work/ref.$name.code"
        picture "$work/reference" "$name" >"$work/ref.$name" 2>&1
        cd "$work" || exit 1
        if [[ -n $just ]]; then
            printf "$name %s\n" $just
            continue
        fi
        for kind in $kinds; do list "$name" "$kind"; done
    done >"$work/list"
    export work crawl_words="${crawl[*]}"
    xargs -a "$work/list" -P "$(nproc)" -L 1 bash "$self" --one >"$work/wrong" 2>&1
    runs=$(wc -l <"$work/list")
    if [[ -s $work/wrong ]]; then
        [[ -z ${KEEP:-} ]] || echo "kept: $work"
        cat "$work/wrong"
        echo "$runs runs, $(grep -cE '^[a-z_]+ [a-z]+:[0-9]+(:ever)?: ' "$work/wrong") wrong"
        exit 1
    fi
    echo "$runs runs, none wrong"
}

if [[ ${1:-} == --one ]]; then
    read -ra crawl <<<"$crawl_words"
    one "$2" "$3" || exit 0
else
    main "$@"
fi
