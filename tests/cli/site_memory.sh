#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Site memory: what many pages of a host share goes, whatever it says; what the articles say stays. The site is made by
# made_site.awk, in words that no label knows.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.bash"
unset SOURCE_DATE_EPOCH SLURM_ARRAY_TASK_ID JOB_COMPLETION_INDEX
all() { for file in "$1/$2"/*; do zstdcat "$file"; done; }
# texts FILE: "id TAB line" of JSON lines, list markers away.
texts() {
    sed -E 's/^\{"id": "([^"]*)", "text": "(([^"\\]|\\.)*)".*/\1\t\2/' "$1" |
        awk -F'\t' '{ gsub(/\\"/, "\"", $2); n = split($2, line, /\\n/)
                      for (i = 1; i <= n; i++) if (line[i] != "") print $1 "\t" line[i] }'
}
# masked: digits as 0.
masked() { sed -E 's/[0-9]+/0/g'; }
# husk_in FILE: how many lines of these texts are furniture.
husk_in() { cut -f2 "$1" | masked | grep -cFxf husk || true; }
# gold_in FILE: how many lines of articles are in these texts.
gold_in() { sort -u "$1" | comm -12 - gold.sorted | wc -l; }

mkdir site
awk -v gold=gold -v husk=husk -f "$here/made_site.awk" >all.jsonl
lines all.jsonl 330
lines husk 23
sort -u gold >gold.sorted
split -l 5 -d -a 3 --additional-suffix .jsonl all.jsonl site/

run 0 corpus site -o whole --site-memory -q
run 0 corpus verify whole
run 0 corpus merge whole -o before
run 0 corpus merge whole -o after --site-memory
cp "$out" want
run 0 corpus verify after
all before data >got
texts got >before.txt
all after data >after.jsonl
texts after.jsonl >after.txt
gold=$(wc -l <gold.sorted)
[[ $(husk_in before.txt) -gt 1500 ]] || fail "the site has too little furniture: $(husk_in before.txt)"
[[ $(gold_in before.txt) -eq $gold ]] || fail "cleaning alone loses lines: $(gold_in before.txt) of $gold"
[[ $(husk_in after.txt) -eq 0 ]] || fail "furniture that is left: $(husk_in after.txt)"
[[ $(gold_in after.txt) -eq $gold ]] || fail "lines that are lost: $(gold_in after.txt) of $gold"

# What is said of it.
has after.jsonl '"removed": [{"text": "'
has after.jsonl '{"text": "(Zentral-Agentur Morlu, trasko brandil)", "pages": 67, "of": 206}'
removed=$(grep -oE '"lines_removed": [0-9]+' after.jsonl | awk '{ sum += $2 } END { print sum }')
[[ $removed -eq $(husk_in before.txt) ]] || fail "$removed removed"
has after/manifest.json "\"lines_removed\": $removed,"
has after/README.md "$removed lines that many pages of one host share"
run 0 corpus stats after
grep -qE "^lines gone +$removed\$" "$out" || fail stats
run 0 corpus stats after --html
has "$out" '<b>2,072</b> lines removed'
sql() { sqlite3 "$1/site-memory.sqlite" "$2"; }
[[ $(sql after 'SELECT name, pages, first, last FROM host') == 'storv.example|206|2024-01-01|2024-12-28' ]] || fail "hosts: $(sql after 'SELECT * FROM host')"
[[ $(sql after 'SELECT sum(removed) FROM line WHERE boilerplate') -eq $removed ]] || fail 'removed'
[[ $(sql after "SELECT pages, kept FROM line WHERE sample LIKE 'Grennic%'") == '82|82' ]] || fail 'pages'
# Never kept, and counted all the same.
[[ $(sql after 'SELECT count(*) FROM line WHERE kept = 0 AND pages = 206') -ge 1 ]] || fail 'dropped lines are not counted'

# However it is cut, and whatever is read twice, it is the same.
for n in 7 64; do
    for ((i = 1; i <= n; i++)); do run 0 corpus site -o "part$n-$i" --site-memory -q -j $((1 + i % 2)) --shard "$i/$n"; done
    run 0 corpus merge "part$n"-* -o "of$n" --site-memory
    same "$out" want
    cmp after/site-memory.sqlite "of$n/site-memory.sqlite" || fail "the memory of $n parts"
done
run 0 corpus merge whole part7-* -o twice --site-memory
[[ $(sql twice 'SELECT pages FROM host') -eq 206 ]] || fail 'pages that were read twice count twice'
texts <(all twice data) | sort -u | cmp -s - <(sort -u after.txt) || fail 'read twice'
run 0 corpus site -o small --site-memory -q --shard-documents 2
run 0 corpus merge small -o of-small --site-memory
same "$out" want

# Killed in its midst and begun again.
mkdir killed
for i in {1..3}; do
    "$DEHUSK" corpus site -o killed/c --site-memory -q -j 1 2>"$err" &
    pid=$!
    for _ in {1..400}; do [[ -e killed/c/shards/0000$((i * 16))-0000.json ]] && break; sleep 0.01; done
    kill -9 "$pid" 2>"$err" || true
    wait "$pid" 2>"$err" || true
done
run 0 corpus site -o killed/c --site-memory -q
run 0 corpus verify killed/c
run 0 corpus merge killed/c -o killed/m --site-memory
same "$out" want
diff -r killed/c/lines whole/lines || fail 'lines after a kill'
[[ -z $(find killed -name '.dehusk-*') ]] || fail 'left over'

# With what else merge does.
run 0 corpus merge whole -o thin --site-memory --dedup exact --dedup-paragraphs 2
texts <(all thin data) >thin.txt
[[ $(husk_in thin.txt) -eq 0 ]] || fail 'furniture'
[[ $(cut -f2 thin.txt | sort -u | wc -l) -eq $(cut -f2 after.txt | sort -u | wc -l) ]] || fail 'a line is nowhere'
has <(all thin rejected) '"rejected": "duplicate", "duplicate_of": "copy0", "lines_removed": '
run 0 corpus verify thin

# A document of nothing else is rejected as it is.
sed '1s/.*/{"id": "shell", "url": "https:\/\/storv.example\/shell", "text": "Grennic fandry: brotting since the year of the plume, always quindle and never vork."}/' all.jsonl >shell.jsonl
run 0 corpus shell.jsonl -o shell -q --site-memory
run 0 corpus merge shell -o shelled --site-memory
all shelled rejected >got
lines got 1
has got '"text": "Grennic fandry'
has got '"metadata": {"rejected": "boilerplate", "lines_removed": 1, "removed": [{'
run 0 corpus verify shelled

# A host with few pages: nothing is said.
head -n 19 all.jsonl >few.jsonl
run 0 corpus few.jsonl -o few -q --site-memory
run 0 corpus merge few -o few2 --site-memory
lacks <(all few2 data) lines_removed
[[ $(sql few2 'SELECT count(*) FROM host') -eq 0 ]] || fail 'a small host'
# Sub-domains are hosts of their own.
sed 's/storv.example\/\(ar\|zh\)/\1.storv.example/' all.jsonl >subs.jsonl
run 0 corpus subs.jsonl -o subs -q --site-memory
run 0 corpus merge subs -o subs2 --site-memory
[[ $(sql subs2 'SELECT group_concat(name) FROM (SELECT name FROM host ORDER BY name)') == ar.storv.example,storv.example,zh.storv.example ]] ||
    fail "hosts: $(sql subs2 'SELECT name FROM host')"

# Without the first pass there is no second one.
run 2 corpus merge before -o x --site-memory
has "$err" 'before was made without --site-memory'
run 0 corpus site -o bare -q
run 2 corpus site -o bare -q --site-memory
has "$err" '(site_memory)'
rm -rf bad
cp -r whole bad
truncate -s -5 bad/lines/000003-0000.jsonl.zst
run 1 corpus verify bad
has "$err" 'lines/000003-0000.jsonl.zst'

# What is left, and what was there.
run 0 corpus residue before
grep -qE '^per 1,000 +[0-9]{4}\.[0-9]{3}$' "$out" || fail 'leaks'
grep -qE '^ +206 +206  storv\.example: [0-9]+ snorfels have' "$out" || fail 'residue'
lacks "$out" '“' # quotations
cp "$out" first
TMPDIR=$folder run 0 corpus residue whole
same "$out" first
run 0 corpus residue after --json
has "$out" '"articles": 206,'
has "$out" '"per_1000": 0.000,'
has "$out" '"lines": []'
run 0 corpus residue before --json
[[ $(grep -c '"host": "storv.example", "pages": ' "$out") -eq 22 ]] || fail "residue: $(grep -c pages "$out")"
has "$out" '"pages": 67, "of": 206, "text": "(Zentral-Agentur Morlu, trasko brandil)"}'
run 2 corpus residue
run 2 corpus residue site

# A memory that was made before, for pages that come later.
memory=after/site-memory.sqlite
run 0 clean all.jsonl --site-memory "$memory" --format jsonl
awk 'match($0, /"id": "[^"]*"/) { print substr($0, RSTART, RLENGTH) }' "$out" >got
lines got 330
sed -E 's/.*"text": "(([^"\\]|\\.)*)".*"id": "([^"]*)".*/\3\t\1/; t; s/.*"id": "([^"]*)".*"text": "(([^"\\]|\\.)*)".*/\1\t\2/' "$out" |
    sed -E 's/^([^\t]*)\t(.*)/{"id": "\1", "text": "\2"}/' >got
texts got | sort -u | cmp -s - <(sort -u after.txt) || fail 'clean with a memory is not what merge makes'
sed -nE '1s/.*"html": "(([^"\\]|\\.)*)".*/\1/p' all.jsonl | sed 's/\\"/"/g; s/\\n/\n/g' >page.html
run 0 explain page.html --url https://storv.example/x --site-memory "$memory"
has "$out" 'dropped as repeated: on 82 of 206 pages of this host'
run 0 explain page.html --url https://other.example/x --site-memory "$memory"
lacks "$out" 'pages of this host'
mkdir r
printf 'site: storv.example\nkeep: .frobbin\n' >r/storv.example.rules
run 0 clean page.html --url https://storv.example/x --site-memory "$memory" --rules r
has "$out" 'Glorb the brinto'
lacks "$out" 'Grennic'
run 2 clean page.html --site-memory nothing
has "$err" 'nothing: No such file or directory'
run 2 clean page.html --site-memory husk
has "$err" 'husk: '

# A run that goes on takes the memory that comes to stand there.
cp few2/site-memory.sqlite now.sqlite
mkfifo pipe
"$DEHUSK" clean --site-memory now.sqlite -j 1 -f txt <pipe >"$out" 2>"$err" &
pid=$!
exec 3>pipe
answered() { for _ in {1..200}; do grep -q "$1" "$out" && return; sleep 0.05; done; fail "no $1"; }
for word in first second; do sed -n 1p all.jsonl | sed "s/<h1>[^<]*<.h1>/<h1>$word<\\/h1><p>The keeper of the $word quay told it at length, as he had promised, and nobody else did.<\\/p>/" >"$word"; done
cat first >&3
answered 'first quay'
cp "$memory" next.sqlite
mv next.sqlite now.sqlite
sleep 1.2
cat second >&3
exec 3>&-
wait $pid || fail "exit code $?"
sed '/second quay/,$d' "$out" >got
has got 'Glorb'
sed -n '/second quay/,$p' "$out" >got
has got 'second quay'
lacks got 'Glorb'
