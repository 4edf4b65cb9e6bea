#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dehusk rules learn: from pages of a made site (made_site.awk) a rule file that, used alone, removes what site memory
# removes, and nothing else.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.bash"
awk -v gold=gold -v husk=husk -f "$here/made_site.awk" >site.jsonl
sort -u gold >gold.sorted
# texts: "id TAB line" of JSON lines on stdin, list markers away.
texts() {
    sed -E 's/.*"text": "(([^"\\]|\\.)*)".*"id": "([^"]*)".*/\3\t\1/; t; s/.*"id": "([^"]*)".*"text": "(([^"\\]|\\.)*)".*/\1\t\2/' |
        awk -F'\t' '{ gsub(/\\"/, "\"", $2); n = split($2, line, /\\n/)
                      for (i = 1; i <= n; i++) if (line[i] != "") print $1 "\t" line[i] }' | sort -u
}
# by_rules FILE: what is left of the texts with the rules in r/ alone; by_memory FILE: with site memory alone.
by_rules() { "$DEHUSK" clean "$1" --rules r --format jsonl -q | texts; }
by_memory() {
    rm -rf c m
    "$DEHUSK" corpus "$1" -o c --site-memory -q
    "$DEHUSK" corpus merge c -o m --site-memory -q >sum
    "$DEHUSK" clean "$1" --site-memory m/site-memory.sqlite --format jsonl -q | texts
}
# learned FILE: rules for it, checked.
learned() {
    rm -rf r
    mkdir r
    run 0 rules learn storv.example "$1" -o r/storv.example.rules
    run 0 rules lint r/storv.example.rules
    has "$err" '0 errors, 0 warnings'
    by_rules "$1" >rules.txt
    by_memory "$1" >memory.txt
    same rules.txt memory.txt
    [[ $(cut -f2 rules.txt | sed -E 's/[0-9]+/0/g' | grep -cFxf husk) -eq 0 ]] || fail "furniture is left"
    [[ $(comm -12 rules.txt gold.sorted | wc -l) -eq $(wc -l <gold.sorted) ]] || fail 'lines of articles are lost'
}

learned site.jsonl
rules=r/storv.example.rules
has $rules '# Used alone on these pages it removes 2,072 of the 2,072 lines that site memory removes, and no line of an article.'
has $rules '# unverified'
has $rules 'site: =storv.example, =www.storv.example'
for selector in .vrantle .wibble .grent .frobbin; do grep -qFx "remove: $selector" $rules || fail "no $selector"; done
[[ $(grep -c '^remove: ' $rules) -eq 4 ]] || fail 'more selectors than are needed'
has $rules '# on 330 of 330 pages, e.g. Trosk your brale'
has $rules 'remove line: "(Zentral-Agentur Morlu, trasko brandil)"'
lacks $rules 'remove line: "Trosk'
cp $rules first
run 0 rules learn www.storv.example site.jsonl
same "$out" first
run 2 rules learn storv.example site.jsonl -o $rules
has "$err" '--overwrite'

# Where no element tells it from the article, by its text; numbers are any number.
sed 's/ class=\\"[a-z-]*\\"//g' site.jsonl >bare.jsonl
learned bare.jsonl
[[ $(grep -c '^remove: ' $rules) -eq 0 ]] || fail 'a selector'
has $rules 'remove line: /^\d+ snorfels have wibbled at this fandry since \d+ mornels\.$/i'

# A class that articles have, too, is no selector; a heading that has text below it on some pages is no line.
awk 'NR <= 60 { own = sprintf("<h3>Trosk your brale</h3><p>The keeper of quay %c%c tells it at length, and nobody else does.</p><div class=\\\"vrantle\\\">", 97 + NR % 26, 97 + NR / 26)
                 sub(/<div class=\\"vrantle\\"><h3>Trosk your brale<\/h3>/, own) }
     { gsub(/<p>“/, "<p class=\\\"frobbin\\\">“"); print }' site.jsonl >mixed.jsonl
[[ $(grep -c 'The keeper of quay' mixed.jsonl) -eq 24 && $(grep -c '<p class=\\"frobbin\\">“' mixed.jsonl) -eq 16 ]] || fail 'mixed'
rm -rf r; mkdir r
run 0 rules learn storv.example mixed.jsonl -o r/storv.example.rules
! grep -qx 'remove: \.frobbin' $rules || fail 'a class of articles'
grep -qx 'remove: div\.frobbin' $rules || fail 'an element of it'
lacks $rules 'remove line: "Trosk'
grep -qx 'remove: \.vrantle' $rules || fail 'what is left of the box'
by_rules mixed.jsonl >rules.txt
[[ $(grep -c 'The keeper of quay' rules.txt) -eq 24 && $(grep -c 'Trosk your brale' rules.txt) -ge 24 ]] || fail 'a heading and its text'
[[ $(comm -12 rules.txt gold.sorted | wc -l) -eq $(wc -l <gold.sorted) ]] || fail 'lines of articles are lost'

# Saved pages in a folder, which do not say where they are from; pages of other hosts do not count.
mkdir saved
head -n 40 site.jsonl | while IFS= read -r line; do
    name=$(sed -E 's/^\{"id": "([^"]*)".*/\1/' <<<"$line")
    sed -E 's/.*"html": "(([^"\\]|\\.)*)".*/\1/; s/\\"/"/g; s/\\n/\n/g' <<<"$line" >"saved/$name.html"
done
run 0 rules learn storv.example saved
has "$err" '40 pages of the host, 0 of others'
grep -qx 'remove: \.wibble' "$out" || fail 'a folder'
sed 's/storv.example/other.example/' site.jsonl >other.jsonl
run 0 rules learn storv.example site.jsonl other.jsonl
sed 1,3d "$out" >got
sed 1,3d first | same got /dev/stdin
has "$err" '330 pages of the host, 330 of others'

# What cannot be.
run 1 rules learn other.example site.jsonl
has "$err" '0 pages of other.example'
head -n 19 site.jsonl >few.jsonl
run 1 rules learn storv.example few.jsonl
has "$err" '19 pages of storv.example: 20 are needed'
run 2 rules learn storv.example
run 2 rules learn
run 2 rules learn storv.example - <site.jsonl
run 2 rules learn storv.example https://storv.example/
for i in {1..30}; do line=$(page "w$i" | tr '\n' ' ' | sed 's/"/\\"/g'); echo "{\"id\": \"$i\", \"url\": \"https://plain.example/$i\", \"html\": \"$line\"}"; done |
    sed 's/Residents had asked.*port\.//; s/Its keeper said.*house\.//' >plain.jsonl
run 1 rules learn plain.example plain.jsonl
has "$err" 'share nothing that is left'
