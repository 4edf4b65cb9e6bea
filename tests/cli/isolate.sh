#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# --isolate: the same output wherever pages are cleaned; processes that die or hang cost one page each, which
# is tried once more, told of and kept; where the kernel refuses, threads do the work.
source "$(dirname "$0")/common.bash"

# All fixtures, in each way and each kind of input, byte for byte.
for how in none thread process; do
    run 0 clean --isolate "$how" -q -f json --blocks --input-dir "$SOURCE/fixtures"
    cp "$out" "all.$how"
    run 0 clean --isolate "$how" -q -f md --links --images --input-dir "$SOURCE/fixtures" -o "md.$how"
done
[[ $(wc -c <all.thread) -gt 100000 ]] || fail 'fixtures'
for how in none process; do
    same all.thread "all.$how"
    diff -r md.thread "md.$how" || fail "$how: files differ"
done
run 0 clean -q -f json --blocks --input-dir "$SOURCE/fixtures"
same all.thread "$out"
find "$SOURCE/fixtures" -name '*.warc*' -o -name '*.jsonl' | sort >streams
while read -r file; do
    for how in thread process; do
        code=0
        "$DEHUSK" clean --isolate "$how" -q "$file" >"$how.stream" 2>"$how.said" || code=$?
        echo "$code" >>"$how.said"
    done
    same thread.stream process.stream
    same thread.said process.said
done <streams
run 2 clean --isolate jail x.html
has "$err" 'none, thread, process'

# A parser that pages kill. (AddressSanitizer wants to be loaded first, and has its own word for an end.)
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0"
[[ -f $FRAGILE ]] || fail 'no fragile parser'
mkdir -p in/deep
for i in {1..30}; do page "lantern$i" >"in/$(printf %02d "$i").html"; done
"$DEHUSK" clean -q --isolate thread in -o want
hurt() { sed "s|</article>|<die-$1>x</die-$1></article>|" in/01.html; }
hows=(segv abort exit memory loop)
for how in "${hows[@]}"; do hurt "$how" >"in/deep/$how.html"; done
export LD_PRELOAD=$FRAGILE
run 1 clean in -o got --quarantine bad --hang-after 1 -j 3
unset LD_PRELOAD
has "$err" '30 pages'
has "$err" '5 failed'
diff -r want got || fail 'the good pages are not as they would have been'
for how in "${hows[@]}"; do
    grep "deep/$how.html: not cleaned: its worker " "$err" >line || fail "$how: nothing said"
    kept=$(sed -n 's/.*; kept as //p' line)
    same "$kept" "in/deep/$how.html"
    has "${kept%.html}.txt" "deep/$how.html"
    rm "$kept" "${kept%.html}.txt"
done
grep -q 'deep/loop.html.*hung and was ended, twice' "$err" || fail loop
grep -q 'deep/exit.html.*exit status 7, twice' "$err" || fail exit
files_are bad

# What the process said last is told and kept; names are made printable.
mv in/deep/abort.html $'in/deep/\e[31m.html'
export LD_PRELOAD=$FRAGILE
run 1 clean $'in/deep/\e[31m.html' in/01.html --quarantine bad
has "$err" 'an assertion failed'
lacks "$err" $'\e['
cat bad/*.txt >note
has note 'an assertion failed'
lacks note $'\e['
run 1 clean $'in/deep/\e[31m.html' in/01.html
has "$err" '--quarantine DIR keeps such pages'
# A place that cannot be written to is said, and the run goes on.
run 1 clean $'in/deep/\e[31m.html' in/01.html --quarantine /dev/null/x
has "$err" 'could not be kept'
has "$out" "$last"

# Lines and records keep their place: an object with the error for the one that is lost.
as_line() { # a page
    printf '{"id": "%s", "html": "' "$1"
    sed 's/[\\"]/\\&/g' "$1" | tr '\n' ' '
    printf '"}\n'
}
for file in in/01.html in/deep/exit.html in/02.html; do as_line "$file"; done >pages.jsonl
run 1 clean pages.jsonl --quarantine bad
lines "$out" 3
sed -n 2p "$out" >second
has second '"line":2,"error":"not cleaned: its worker ended with exit status 7, twice'
files=(bad/*.jsonl)
sed -n 2p pages.jsonl | tr -d '\n' >second
same "${files[0]}" second
unset LD_PRELOAD

# Killed from outside while they work: the page is cleaned by the next process, and nothing is lost. A pipe that
# stays open holds the run.
mkfifo feed
"$DEHUSK" clean --isolate process --from jsonl - <feed >got.jsonl 2>killed.err &
pid=$!
exec 5>feed
as_line in/01.html >line.jsonl
children() { # of a process
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } | sed 's/ (.*) / /' |
        awk -v "parent=$1" '$3 == parent { print $1 }'
}
wait_lines() {
    for _ in {1..800}; do [[ $(wc -l <got.jsonl) -ge $1 ]] && return; sleep 0.05; done
    fail "no answer number $1: $(cat killed.err)"
}
cat line.jsonl >&5
wait_lines 1
nursery=$(children "$pid")
[[ $(wc -w <<<"$nursery") -eq 1 ]] || fail "children: $nursery"
workers=$(children "$nursery")
[[ -n $workers ]] || fail 'no workers'
for worker in $workers; do
    grep -q '^Seccomp:[[:space:]]*2$' "/proc/$worker/status" || fail 'no filter'
    grep -q '^NoNewPrivs:[[:space:]]*1$' "/proc/$worker/status" || fail 'new privileges'
    # Its channel, and a pipe to speak into.
    [[ $(ls "/proc/$worker/fd" | wc -l) -eq 2 ]] || fail "open: $(ls -l "/proc/$worker/fd")"
    kill -9 "$worker"
done
cat line.jsonl line.jsonl line.jsonl >&5
wait_lines 4
kill -9 "$nursery"
cat line.jsonl line.jsonl line.jsonl line.jsonl >&5
wait_lines 8
exec 5>&-
code=0
wait "$pid" || code=$?
[[ $code -eq 0 ]] || fail "exit code $code: $(cat killed.err)"
[[ $(sort -u got.jsonl | wc -l) -eq 1 ]] || fail 'answers differ'
# Nobody is left; whose parent was killed waits for the first process of the system to bury it.
alive() { grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status"; }
for process in $nursery $workers; do
    for _ in {1..100}; do
        alive "$process" || break
        sleep 0.05
    done
    ! alive "$process" || fail 'left behind'
done

# A kernel without seccomp: threads, and one line that says so; what was asked for by name is not made less.
run 0 clean --isolate thread -q in/01.html in/02.html
cp "$out" threads
code=0
"$DENY" seccomp "$DEHUSK" clean in/01.html in/02.html >"$out" 2>"$err" || code=$?
if [[ $code -ne 77 ]]; then
    [[ $code -eq 0 ]] || fail "exit code $code"
    [[ $(grep -c 'cleaned in threads' "$err") -eq 1 ]] || fail 'it is not said'
    same "$out" threads
    has "$err" 'seccomp: '
    code=0
    "$DENY" seccomp "$DEHUSK" clean --isolate process in/01.html in/02.html >"$out" 2>"$err" || code=$?
    [[ $code -eq 1 ]] || fail "exit code $code"
    has "$err" seccomp
    empty "$out"
    "$DENY" landlock "$DEHUSK" clean --isolate process in/01.html in/02.html >"$out" 2>"$err" || fail landlock
    same "$out" threads
fi

# A limit on the size of files is one on shared memory: threads do it.
(ulimit -f 100; "$DEHUSK" clean in/01.html in/02.html 2>"$err" | cat >"$out")
same "$out" threads
has "$err" 'cleaned in threads'
