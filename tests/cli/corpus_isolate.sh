#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dehusk corpus --isolate: the same corpus wherever pages are cleaned; a document that takes its process with it is a
# failed one in its place, and the others are as they would have been.
source "$(dirname "$0")/common.bash"
unset SOURCE_DATE_EPOCH SLURM_ARRAY_TASK_ID JOB_COMPLETION_INDEX
all() { for file in "$1/$2"/*; do zstdcat "$file"; done; }
every=(--profile fineweb --pii replace --lang ar,de,en,es,fa,fr,he,ja,th,ur,zh)

# All fixtures, with all that is loaded late at work: languages, measures, digests.
for how in none thread process; do
    run 0 corpus --isolate "$how" -q -j 2 "${every[@]}" "$SOURCE/fixtures" -o "all.$how"
    run 0 corpus --isolate "$how" -q "${every[@]}" --input-dir "$SOURCE/fixtures"
    cp "$out" "stream.$how"
done
[[ $(all all.process data | wc -l) -gt 60 ]] || fail fixtures
all all.process data >languages
for language in ar de en ja; do has languages "\"language\": \"$language\""; done
for how in none process; do
    diff -r all.thread "all.$how" || fail "$how: the corpus differs"
    same stream.thread "stream.$how"
done
run 0 corpus -q -j 3 "${every[@]}" "$SOURCE/fixtures" -o all.default
diff -r all.thread all.default || fail 'the corpus differs'

# A parser that pages kill. (AddressSanitizer wants to be loaded first, and has its own word for an end.)
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0"
[[ -f $FRAGILE ]] || fail 'no fragile parser'
hurt() { page wren | sed "s|</article>|<die-$1>x</die-$1></article>|"; }
line() { # NAME, and a page on stdin, as a line of JSON
    printf '{"id": "%s", "url": "https://a.example/%s", "html": "' "$1" "$1"
    sed 's/[\\"]/\\&/g' | tr '\n' ' '
    printf '"}\n'
}
record() { # URL, and a page on stdin, as a record of an archive
    { printf 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n'; cat; } >../block
    printf 'WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-06-01T12:00:00Z\r\nWARC-Record-ID: <urn:x:%s>\r\n' "$1"
    printf 'WARC-Target-URI: %s\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n' "$1" "$(wc -c <../block)"
    cat ../block
    printf '\r\n\r\n'
}
hows=(segv abort exit memory loop)
mkdir -p in/saved in/bundle
cd in
for word in lamp mast crane; do page "$word" >"saved/$word.html"; done
for how in "${hows[@]}"; do hurt "$how" >"saved/die-$how.html"; done
{ page gull | line gull; hurt exit | line puffin; page tern | line tern; } >lines.jsonl
{ page pier | record https://a.example/pier; hurt segv | record https://a.example/wreck
  page quay | record https://a.example/quay; } >pages.warc
page oar >bundle/oar.html
hurt exit >bundle/reef.html
page sail >bundle/sail.html
tar -cf bundle.tar bundle/oar.html bundle/reef.html bundle/sail.html
rm -r bundle
cd ..
run 0 corpus -q --isolate thread in -o want
export LD_PRELOAD=$FRAGILE
run 0 corpus in -o got --quarantine bad --hang-after 1 -j 3
has "$err" '9 kept, 0 rejected, 8 failed'
cp "$err" told
run 0 corpus verify got
all got data >got.kept
all got rejected >got.failed
all want data >want.kept
lines got.failed 8
[[ $(grep -c '"failed": "crashed", "message": "not cleaned: its worker ' got.failed) -eq 8 ]] || fail 'the word for it'
grep -v -e '"input": "saved/die-' -e '/puffin"' -e '/wreck"' -e 'bundle/reef.html' want.kept >want.good
same want.good got.kept
# They are known by their ids: a page by what it holds, a record by its own. (A line's is not read again.)
ids() { cut -d'"' -f4 | sort; }
grep -e '"input": "saved/die-' -e 'bundle/reef.html' -e '/wreck"' want.kept | ids >want.ids
grep -v '"input": "lines.jsonl"' got.failed | ids >got.ids
lines got.ids 7
same want.ids got.ids
has got.failed '"input": "lines.jsonl", "record": 2}'
has got.failed '"input": "pages.warc", "record": 2}'
has got.failed '"member": "bundle/reef.html"}'
for how in "${hows[@]}"; do
    grep "saved/die-$how.html: not cleaned: its worker " told >said || fail "$how: nothing said"
    kept=$(sed -n 's/.*; kept as //p' said)
    same "$kept" "in/saved/die-$how.html"
    has "${kept%.html}.txt" "saved/die-$how.html"
done
grep -q 'saved/die-loop.html.*hung and was ended, twice' told || fail loop
[[ $(find bad -name '*.txt' | wc -l) -ge 7 ]] || fail quarantine
run 0 corpus stats got
grep -qE '^  crashed +0 +0 +8$' "$out" || fail reasons

# What unpacks an archive is closed in, too. In a zip one bad file costs no other.
cat >zip.pl <<'END'
my ($local, $central, $n) = ("", "", 0);
for my $name (@ARGV) { # gzip's bytes without its head and end are a zip's, and its end has the checksum and the size
    my $gz = `gzip -nc '$name'`;
    my $bytes = substr($gz, 10, -8);
    my $common = pack("v v v v v", 20, 0x800, 8, 0, 0x21) . substr($gz, -8, 4) . pack("V", length $bytes) .
        substr($gz, -4) . pack("v v", length $name, 0);
    $central .= "PK\1\2" . pack("v", 20) . $common . pack("v v v V V", 0, 0, 0, 0, length $local) . $name;
    $local .= "PK\3\4" . $common . $name . $bytes;
    $n++;
}
binmode STDOUT;
print $local, $central, "PK\5\6" . pack("v v v v V V v", 0, 0, $n, $n, length $central, length $local, 0);
END
mkdir packed plain
for word in oar sail; do page "$word" >"plain/$word.html"; done
page reef | sed 's|</article>|<end-segv>x</end-segv></article>|' >plain/reef.html
perl zip.pl plain/oar.html plain/reef.html plain/sail.html >packed/a.zip
tar -czf packed/b.tar.gz plain
tar -cf packed/c.tar plain
unset LD_PRELOAD
for how in none thread process; do run 0 corpus --isolate "$how" -q packed -o "packed.$how"; done
all packed.thread data >want.kept
lines want.kept 9
for how in none process; do diff -r packed.thread "packed.$how" || fail "$how: the corpus differs"; done
export LD_PRELOAD=$FRAGILE
run 0 corpus packed -o packed.got -v
has "$err" 'a.zip:2: not read: the process that unpacks the archive '
all packed.got data >got.kept
grep -v -e 'b.tar.gz' -e 'a.zip.*reef.html' want.kept | cmp -s - got.kept || fail 'one of a zip, none of a packed tar'
all packed.got rejected >got.failed
[[ $(grep -c '"failed": "damaged", "message": "not read: the process' got.failed) -eq 3 ]] || fail 'what is not read'
run 1 clean packed/a.zip -f jsonl
lines "$out" 2

# In a stream it has its place, too.
run 0 corpus --from jsonl - <in/lines.jsonl
lines "$out" 3
sed -n 2p "$out" >second
has second '"failed": "crashed", "message": "not cleaned: its worker ended with exit status 7, twice'
[[ $(cut -d'"' -f4 "$out" | sed -n '1p;3p' | tr '\n' ' ') == 'gull tern ' ]] || fail order
unset LD_PRELOAD

# Killed from outside in the midst of a unit: the next process makes the document.
mkfifo feed
"$DEHUSK" corpus --isolate process -j 1 --from jsonl - <feed >got.lines 2>killed.err &
pid=$!
exec 5>feed
children() { # of a process
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } | sed 's/ (.*) / /' |
        awk -v "parent=$1" '$3 == parent { print $1 }'
}
wait_lines() {
    for _ in {1..800}; do [[ $(wc -l <got.lines) -ge $1 ]] && return; sleep 0.05; done
    fail "no document number $1: $(cat killed.err)"
}
head -n 1 in/lines.jsonl >&5
wait_lines 1
nursery=$(children "$pid")
workers=$(children "$nursery")
[[ -n $workers ]] || fail 'no workers'
for worker in $workers; do
    grep -q '^Seccomp:[[:space:]]*2$' "/proc/$worker/status" || fail 'no filter'
    kill -9 "$worker"
done
head -n 1 in/lines.jsonl >&5
wait_lines 2
kill -9 "$nursery"
head -n 1 in/lines.jsonl >&5
wait_lines 3
exec 5>&-
code=0
wait "$pid" || code=$?
[[ $code -eq 0 ]] || fail "exit code $code: $(cat killed.err)"
[[ $(sed 's/"record": [0-9]*//' got.lines | sort -u | wc -l) -eq 1 ]] || fail 'documents differ'

# A kernel without seccomp: threads, and one line that says so; what was asked for by name is not made less.
code=0
"$DENY" seccomp "$DEHUSK" corpus in/saved -o threads >"$out" 2>"$err" || code=$?
if [[ $code -ne 77 ]]; then
    [[ $code -eq 0 ]] || fail "exit code $code"
    [[ $(grep -c 'cleaned in threads' "$err") -eq 1 ]] || fail 'it is not said'
    run 0 corpus -q in/saved -o processes
    diff -r threads processes || fail 'the corpus differs'
    code=0
    "$DENY" seccomp "$DEHUSK" corpus --isolate process in/saved -o none >"$out" 2>"$err" || code=$?
    [[ $code -eq 1 ]] || fail "exit code $code"
    has "$err" seccomp
    [[ -z $(ls none/shards) ]] || fail 'something was made'
fi
