#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dehusk corpus stats --html: the same figures as --json, examples that do not depend on the order of the work, and
# directions that follow the text.
source "$(dirname "$0")/common.bash"
unset SOURCE_DATE_EPOCH SLURM_ARRAY_TASK_ID JOB_COMPLETION_INDEX
# line ID HOST DATE TEXT
line() {
    printf '{"id": "%s", "url": "https://%s/%s", "html": "<html><head><title>%s</title><meta property=\\"article:published_time\\" content=\\"%s\\"></head><body><article><h1>%s</h1><p>%s</p></article></body></html>"}\n' \
        "$1" "$2" "$1" "About $1" "$3" "About $1" "$4"
}
prose='The council of the harbour town decided on Tuesday evening that the lamp will be moved to the old quay, after a debate that lasted for more than five hours. Write to keeper@harbour.example.org for more.'
arabic='قرر مجلس المدينة مساء الثلاثاء نقل المنارة القديمة إلى الرصيف القديم بعد نقاش استمر أكثر من خمس ساعات حضره عدد كبير {من السكان}.'
mkdir in
for n in $(seq 1 40); do line "d$n" "h$((n % 7)).example" "2024-0$((n % 9 + 1))-05T10:00:00Z" "$prose"; done >in/a.jsonl
for n in $(seq 1 9); do line "ar$n" "arabic.example" "" "$arabic"; done >in/b.jsonl
for n in $(seq 1 1200); do printf '{"id": "few%d", "text": "lorem %d ipsum."}\n' "$n" "$n"; done >in/c.jsonl
echo 'no JSON' >>in/c.jsonl
run 0 corpus in -o c --pii find --profile c4 -q
run 0 corpus stats c --json
cp "$out" json
run 0 corpus stats c --html
cp "$out" page.html
has page.html '<b>1,250</b> documents'
lacks page.html '<script'
lacks page.html 'src='
[[ $(grep -oE '(href|url|src)[=(][^#]{0,3}' page.html | grep -vc '^href="$' || true) -eq 0 ]] || fail 'an address'

# Names with documents and kept ones, of --json and of the page.
for part in languages hosts rules; do sed -n "s/^  \"$part\": {\(.*\)},\$/\1/p" json; done |
    grep -oE '"[^"]*": \[[0-9, ]*\]' | sed 's/[][":,]//g' | awk 'NF == 4 { print $1, $2 + $3 + $4, $2 }' | sort >want
sed '/<h2>Completeness/,/<.section>/d' page.html |
    sed -nE 's|.*<bdi dir="ltr">(.*)</bdi>.*</svg></td><td>([0-9,]+)</td><td>([0-9,]+)</td>.*|\1 \2 \3|p' |
    tr -d , | sort >have
[[ $(wc -l <want) -ge 10 ]] || fail 'nothing to compare'
same want have
sed -n 's/^  "reasons": {\(.*\)},$/\1/p' json | grep -oE '"[^"]*": \[[0-9, ]*\]' | sed 's/[][":,]//g' |
    awk '{ print $1, $2 + $3 + $4 }' | sort >want
sed -nE 's|.*<a href="#e[0-9]+">(.*)</a></td><td class="help">[^<]*</td><td>([0-9,]+)</td>.*|\1 \2|p' page.html |
    tr -d , | grep -v '^kept ' | sort >have
[[ $(wc -l <want) -ge 2 ]] || fail 'few reasons'
same want have

# Each plot has every document once: those without a month are told in words.
columns() { sed -n "/<h2>$1<\/h2>/,/<\/section>/p" page.html | sed -nE 's/.*<title>.*: ([0-9,]+) kept, ([0-9,]+) rejected, ([0-9,]+) failed<.*/\1 \2 \3/p' |
    tr -d , | awk '{ k += $1; r += $2; f += $3 } END { print k + 0, r + 0, f + 0 }'; }
whole=$(sed -nE 's/^  "(kept|rejected|failed)": ([0-9]+),/\2/p' json | paste -sd' ')
[[ $(columns 'Length in characters') == "$whole" ]] || fail "characters: $(columns 'Length in characters')"
[[ $(columns 'Length in words') == "$whole" ]] || fail 'words'
[[ $(columns Months | awk '{ print $1 + $2 + $3 }') -eq 40 ]] || fail "months: $(columns Months)"
has page.html '1,210 of 1,250 have no date'
sed -n '/<h2>Persons/,/<.section>/p' page.html | grep -q '<td>40</td><td>40</td>' || fail persons

# Right to left where the text is, by language and direction.
has page.html 'lang="ar" dir="rtl"'
has page.html 'lang="en" dir="ltr"'
# Three of a reason, of different hosts.
sed -n '/id="e2"/,/<.details>/p' page.html >first
[[ $(grep -c '<article>' first) -le 3 ]] || fail 'too many examples'
# Of other shards and other threads: the same examples, word for word.
examples() { sed -n '/<h2>Examples/,/<.section>/p' "$1"; }
run 0 corpus in -o d --pii find --profile c4 -q -j 2 --shard-documents 7
run 0 corpus stats d --html -o other.html
empty "$out"
examples page.html >a
examples other.html >b
same a b
[[ -s a ]] || fail 'no examples'
run 1 corpus stats d --html -o other.html
has "$err" '--overwrite'
run 0 corpus stats d --html -o other.html --overwrite
# Completeness: told, counted, and a reason when it is asked for.
mkdir whole
{ line full1 a.example 2024-05-05 "$prose $prose $prose $prose"
  printf '{"id": "cut1", "html": "<title>Cut</title><article><h1>Cut</h1><p>%s</p></article><p>To continue reading, subscribe.</p>"}\n' "$prose $prose"
  printf '{"id": "block1", "html": "<title>404 Not Found</title><h1>404 Not Found</h1><p>nginx</p>"}\n'; } >whole/a.jsonl
run 0 corpus whole --pack none
has "$out" '"completeness": "teaser", "completeness_why": "close behind the text stands \"to continue reading\""'
grep -F '"id": "block1"' "$out" | grep -qF '"completeness": "block_page"' || fail 'a block page'
grep -F '"id": "full1"' "$out" | grep -qF '"completeness": "full", "confidence"' || fail 'full'
run 0 corpus whole -o w --complete full,live
has "$err" '1 kept, 2 rejected, 0 failed'
run 0 corpus stats w --json
has "$out" '"reasons": {"block_page": [0, 1, 0], "teaser": [0, 1, 0]}'
run 0 corpus stats w --html
has "$out" '<h2>Completeness</h2>'
run 2 corpus whole -o w --complete full
has "$err" 'complete'
run 2 corpus whole -o v --complete full,half
has "$err" '--complete'
# What is not there yet is said; what is damaged is no page.
rm d/shards/*-0003.json
run 0 corpus stats d --html
has "$out" 'Not whole yet'
for file in c/data/*; do echo '{"id": 1}' >"$file"; done
run 1 corpus stats c --html
has "$err" 'c/data/'
empty "$out"
