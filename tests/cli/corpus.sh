#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dehusk corpus: every document of the input is in it once, whatever the inputs, the cuts and the accidents.
source "$(dirname "$0")/common.bash"
unset SOURCE_DATE_EPOCH SLURM_ARRAY_TASK_ID JOB_COMPLETION_INDEX
# line NAME: a page as a line of JSON.
line() { page "$1" | tr '\n' ' ' | sed 's/"/\\"/g; s/.*/{"id": "'"$1"'", "html": "&"}\n/'; }
# count FILE WORD: how many lines have it.
count() { grep -c -F -e "$2" "$1" || true; }
# all DIR FOLDER: the lines of its files, one after the other.
all() { for file in "$1/$2"/*; do case $file in *.zst) zstdcat "$file" ;; *.gz) gzip -dc "$file" ;; *) cat "$file" ;; esac; done; }

# One of each kind of input.
mkdir -p in/saved
for word in lamp mast crane; do page "$word" >"in/saved/$word.html"; done
head -c 3000 /dev/zero >in/saved/noise.html
: >in/saved/empty.html
for word in gull tern; do line "$word"; done >in/lines.jsonl
echo '{"id": 7, "url": "https://b.example/x", "text": "A plain text of some length, which stands by itself and says what it has to say.", "added": "2024-01-05"}' >>in/lines.jsonl
echo 'no JSON' >>in/lines.jsonl
{ page pier | record https://a.example/pier
  page buoy | record https://a.example/buoy | head -c 300
  page quay | record https://c.example/quay
  head -c 600 /dev/zero | record https://a.example/zero; } >in/pages.warc.gz
run 0 corpus in -o c
has "$err" '8 kept, 1 rejected, 4 failed'
has "$err" 'in/pages.warc.gz:2: '
files_are c data/000000-0000.jsonl.zst data/000001-0000.jsonl.zst data/000002-0000.jsonl.zst \
    rejected/000000-0000.jsonl.zst rejected/000001-0000.jsonl.zst rejected/000002-0000.jsonl.zst README.md \
    shards/000000-0000.json shards/000001-0000.json shards/000002-0000.json run.json manifest.json
all c data >kept
all c rejected >rest
lines kept 8
lines rest 5
has rest '"rejected": "no_text"'
[[ $(count rest '"failed": "damaged"') -eq 2 && $(count rest '"failed": "no_page"') -eq 2 ]] || fail failures
has kept '{"id": "urn:x:https://a.example/pier", "text": "'
has kept '"added": "2024-06-01T12:00:00Z"'
has kept '{"id": "7", "text": "A plain text'
has kept '"added": "2024-01-05"'
has kept '{"id": "gull", '
has kept '"source": "dehusk", "added": null, "created": null, "metadata": {'
has kept '"input": "saved/lamp.html"'
lacks kept 'Most read'
[[ $(sort -u <(cut -d, -f1 kept rest) | wc -l) -eq 13 ]] || fail 'ids are not unique'
run 0 corpus verify c
has "$err" '13 documents in 3 shards'
run 0 corpus stats c
has "$out" 'documents              13'
grep -qE '^  a\.example +1 +0 +1$' "$out" || fail 'hosts'
run 0 corpus stats c --json
has "$out" '"whole": true'
has "$out" '"c.example": [1, 0, 0]'
run 0 corpus show c gull
lines "$out" 1
has "$out" "$last"
run 1 corpus show c nothing
has c/manifest.json '"documents": 13'
has c/README.md 'data_files: "data/*.jsonl.zst"'
has c/README.md '- "en"'
has c/README.md 'Of 13 documents that were read 8 were kept, 1 rejected and 4 failed'
has c/README.md '| `no_text` | 0 | 1 | 0 |'
grep -q "\"lines.jsonl\", \"bytes\": $(wc -c <in/lines.jsonl), \"sha256\": \"sha256:$(sha256sum <in/lines.jsonl | cut -d' ' -f1)\"" c/manifest.json ||
    fail 'digest of an input'
grep -q "sha256:$(zstdcat c/data/000000-0000.jsonl.zst | sha256sum | cut -d' ' -f1)" c/manifest.json || fail 'digest of a shard'

# Again: nothing is done twice. Otherwise: refused.
stat -c '%n %Y %i' c/*/* >before
run 0 corpus in -o c
has "$err" '3 units were done before'
stat -c '%n %Y %i' c/*/* >after
same before after
run 2 corpus in -o c --source other
has "$err" '(source)'
run 2 corpus in/saved -o c
has "$err" 'made otherwise'
run 2 corpus stats in
has "$err" 'there is no corpus in in'
run 2 corpus https://a.example/ -o d
run 2 corpus in -o in/saved

# The other ways to pack, and to say where the inputs are.
run 0 corpus in -o plain --pack none -q
lines "$err" 4
all plain data | cmp -s - kept || fail 'plain'
run 0 corpus in -o gzip --pack gzip -q
all gzip data | cmp -s - kept || fail 'gzip'
run 0 corpus verify gzip
printf '%s\n' in/lines.jsonl in/pages.warc.gz >list
run 0 corpus -i list -o listed -q --date 2024-07-01
all listed data >got
lines got 5
has got '"added": "2024-07-01"'
SOURCE_DATE_EPOCH=1717243200 run 0 corpus in/lines.jsonl -o dated -q
all dated data >got
has got '"added": "2024-06-01T12:00:00Z"'

# What leads to persons.
echo '{"id": "p", "text": "Write to jane@mail.example.org or call +44 20 7946 0958 before noon, said the office."}' >persons.jsonl
run 0 corpus persons.jsonl
has "$out" 'jane@mail.example.org'
lacks "$out" '"pii"'
run 0 corpus persons.jsonl --pii find
has "$out" 'jane@mail.example.org'
has "$out" '"pii": {"email": 1, "phone": 1}'
run 0 corpus persons.jsonl --pii replace
has "$out" '"text": "Write to |||EMAIL_ADDRESS||| or call |||PHONE_NUMBER||| before noon, said the office."'
has "$out" '"pii": {"email": 1, "phone": 1}'

# JSON lines that are packed; what is torn is taken as far as it goes.
mkdir packed plainly
head -n 3 in/lines.jsonl >plainly/a.jsonl
for i in 1 2 3; do sed -n "${i}p" in/lines.jsonl | gzip -c; done >packed/a.jsonl.gz
run 0 corpus plainly -o p1 -q
run 0 corpus packed -o p2 -q
all p2 data | sed 's/a.jsonl.gz/a.jsonl/' | cmp -s - <(all p1 data) || fail 'packed'
zstd -q plainly/a.jsonl -o packed/a.json.zst
rm packed/a.jsonl.gz
run 0 corpus packed -o p3 -q
all p3 data | sed 's/a.json.zst/a.jsonl/' | cmp -s - <(all p1 data) || fail 'zstd'
run 0 clean packed/a.json.zst --format jsonl
lines "$out" 3
for i in {1..300}; do line "w$i"; done | gzip -c >packed/b.jsonl.gz
truncate -s -100 packed/b.jsonl.gz
run 0 corpus packed/b.jsonl.gz -o p4
has "$err" 'b.jsonl.gz:'
has "$err" ' 1 failed'
has <(all p4 rejected) '"failed": "damaged", "message": "the compressed bytes break off"'
run 0 corpus verify p4
cp packed/a.json.zst packed/c.jsonl.gz # by its bytes, not by its name
run 0 corpus packed/c.jsonl.gz -o p5
has "$err" '3 kept, 0 rejected, 0 failed'

# By language and by quality: what is rejected is there, with its reason.
mkdir tongues
line ship >tongues/en.jsonl
echo '{"id": "ar", "text": "قَرَّرَ المَجْلِسُ البَلَدِيُّ مَسَاءَ الثُّلاثَاءِ نَقْلَ المَنَارَةِ إِلَى الرَّصِيفِ القَدِيمِ بَعْدَ نِقَاشٍ اسْتَمَرَّ أَكْثَرَ مِنْ خَمْسِ سَاعَاتٍ."}' >tongues/ar.jsonl
run 0 corpus tongues -o all -q
all all data >got
has got '"language": "ar", "language_share": 0.99'
has got '"script": "Arab"'
run 0 corpus tongues -o arabic -q --lang fa,ar
all arabic data >got
lines got 1
has got '{"id": "ar", '
all arabic rejected >got
has got '"rejected": "language", "message": "the text is in en (Latn)"'
run 0 corpus stats arabic
grep -qE '^  language +0 +1 +0$' "$out" || fail 'reasons'
run 2 corpus tongues -o x --lang ar,klingon
has "$err" 'no language is called klingon'
run 0 corpus tongues -o good -q --profile gopher
all good rejected >got
has got '"rejected": "gopher_top_3_gram", "value": 0.1948, "threshold": 0.1800'
mkdir tables
printf 'stopwords:\n- x\n- y\nmax_avg_word_length: 3\n' >tables/eng_Latn.yml
run 2 corpus tongues -o x --profile fineweb2
run 0 corpus tongues -o good2 -q --profile fineweb2 --thresholds tables
all good2 rejected >got
has got '"rejected": "gopher_long_words"'
printf 'stopwords: x\n' >tables/eng_Latn.yml
run 2 corpus tongues -o good2 -q --profile fineweb2 --thresholds tables
has "$err" 'tables/eng_Latn.yml:1: '
printf 'new_line_ratio: 1\n' >tables/eng_Latn.yml
run 2 corpus tongues -o good2 -q --profile fineweb2 --thresholds tables
has "$err" '(thresholds)'
run 2 corpus tongues -o x --profile finweb
has "$err" 'did you mean fineweb?'

# A stream: a line for each, in order, whatever becomes of it.
run 0 corpus <in/lines.jsonl
lines "$out" 4
[[ $(cut -d'"' -f4 "$out" | head -n 3 | tr '\n' ' ') == 'gull tern 7 ' ]] || fail 'order'
has "$out" '"failed": "damaged", "message": "'
run 0 corpus --from jsonl </dev/null
empty "$out"

# What is wrong with a corpus is told.
spoil() { rm -rf bad; cp -r plain bad; "$@"; run 1 corpus verify bad; }
spoil sed -i '1d' bad/data/000000-0000.jsonl
has "$err" 'documents, the marker says'
spoil sed -i '1s/text/texT/' bad/data/000000-0000.jsonl
has "$err" 'are no documents'
spoil sed -i '1s/council/Council/' bad/data/000000-0000.jsonl
has "$err" "not those of the marker's digest"
spoil rm bad/shards/000001-0000.json
has "$err" 'unit 1 of 3 is not done'
spoil sed -i 's/"kept": [0-9]*/"kept": 99/' bad/manifest.json
has "$err" 'not what the markers come to'
spoil rm bad/rejected/000000-0000.jsonl
has "$err" 'No such file'
cp -r c torn
truncate -s -9 torn/data/000000-0000.jsonl.zst
run 1 corpus verify torn
has "$err" 'breaks off'
run 1 corpus merge bad c -o x
has "$err" 'No such file'
rm bad/shards/000001-0000.json
run 2 corpus merge bad -o y
has "$err" 'bad is not whole'

# However it is cut, the merged stream is the same.
mkdir many
for i in {1..9}; do for word in "one$i" "two$i" "three$i"; do line "$word"; done >"many/$i.jsonl"; done
cut=(--shard-documents 2 -q)
run 0 corpus many -o m1 -j 1 "${cut[@]}"
run 0 corpus merge m1 -o merged1
has "$err" '27 documents, 27 kept'
cp "$out" want
[[ sha256:$(all merged1 data | sha256sum | cut -d' ' -f1) == $(cat want) ]] || fail 'the digest'
for i in {1..7}; do run 0 corpus many -o "part$i" -j 2 "${cut[@]}" --shard "$i/7"; done
run 1 corpus verify part3
has "$err" 'part3: it is not whole: unit 0 of 9 is not done'
run 0 corpus verify part3 --shard 3/7
run 1 corpus verify part3 --shard 4/7
run 2 corpus merge part[1-6] -o merged7
has "$err" 'is not whole'
run 0 corpus merge part7 part3 part2 part1 part[4-6] -o merged7
same "$out" want
run 0 corpus verify merged7
for i in 1 2; do run 0 corpus many -o both "${cut[@]}" --shard "$i/2"; done
run 0 corpus verify both
run 0 corpus merge both -o merged2 --shard-documents 5
same "$out" want
run 0 corpus merge m1 both -o twice
same "$out" want

# Duplicates: one stays, the same one however they are cut, and says for how many it stands.
mkdir twins
line crab | sed 's/"crab"/"b"/' >twins/1.jsonl
line crab | sed 's/"crab"/"a"/' >twins/2.jsonl
line crab | sed 's/"crab"/"c"/; s/nobody has named so far/no one has named so far/' >twins/3.jsonl
echo '{"id": "eel", "text": "Eels swim up the river in spring, and nobody knows quite where they have come from."}' >>twins/3.jsonl
run 0 corpus twins -o t1 -q
for i in 1 2; do run 0 corpus twins -o "t2-$i" -q --shard "$i/2"; done
for kind in exact minhash; do
    run 0 corpus merge t1 -o "$kind" --dedup "$kind"
    cp "$out" want
    run 0 corpus merge t2-2 t2-1 -o "$kind-2" --dedup "$kind"
    same "$out" want
    run 0 corpus verify "$kind"
    all "$kind" data >"$kind.kept"
    all "$kind" rejected >"$kind.rest"
done
lines exact.kept 3
has exact.kept '{"id": "a", '
has exact.kept '"metadata": {"stands_for": 2, '
has exact.rest '{"id": "b", '
has exact.rest '"metadata": {"rejected": "duplicate", "duplicate_of": "a", '
lines minhash.kept 2
has minhash.kept '"stands_for": 3, '
has minhash.rest '"rejected": "near_duplicate", "duplicate_of": "a", '
run 0 corpus merge exact -o again --dedup minhash
has <(all again data) '"metadata": {"stands_for": 3, '
[[ $(all again data | grep -o stands_for | wc -l) -eq 1 ]] || fail 'said twice'

# Paragraphs that several have stay in one; a document of nothing else is rejected, whole.
mkdir blocks
common='The ferry leaves from the old quay at seven in the morning, whatever the weather may be.'
for id in d c b; do echo "{\"id\": \"$id\", \"text\": \"The story of $id is told in this paragraph, and it is a long one.\\n\\n$common\"}"; done >blocks/1.jsonl
echo "{\"id\": \"e\", \"text\": \"$common\"}" >blocks/2.jsonl
run 0 corpus blocks -o b1 -q
run 2 corpus merge b1 -o x --dedup-paragraphs 1
run 0 corpus merge b1 -o thin --dedup exact --dedup-paragraphs 3
run 0 corpus verify thin
all thin data >got
lines got 3
[[ $(count got "$common") -eq 1 && $(count got '"paragraphs_removed": 1') -eq 2 ]] || fail 'paragraphs'
grep -F '{"id": "b"' got | grep -qF "$common" || fail 'not in the smallest id'
has <(all thin rejected) "$common"
has <(all thin rejected) '"rejected": "duplicate_paragraphs"'
grep -F '{"id": "c"' got | grep -qF '"chars": 63, "words": 15' || fail "counts: $(grep -F '{"id": "c"' got)"
for i in 1 2; do run 0 corpus blocks -o "b2-$i" -q --shard "$i/2"; done
run 0 corpus merge b2-2 b2-1 -o thin2 --dedup exact --dedup-paragraphs 3
diff -r thin/data thin2/data || fail 'by another way'
run 0 corpus merge b1 -o thick --dedup-paragraphs 5
lacks <(all thick data) paragraphs_removed

# Which part, by the environment.
SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_STEP=2 SLURM_ARRAY_TASK_COUNT=7 \
    run 0 corpus many -o slurm --shard-documents 2
has "$err" 'shard 3 of 7, by SLURM_ARRAY_TASK_ID'
diff -r slurm part3 >got || fail 'not what --shard 3/7 gives'
JOB_COMPLETION_INDEX=2 run 0 corpus many -o kube "${cut[@]}" --shard /7
diff -r kube part3 >got || fail 'not what --shard 3/7 gives'
JOB_COMPLETION_INDEX=2 run 2 corpus many -o kube2
has "$err" '--shard /N'
for bad in 0/3 4/3 3 x/3 3/ /3; do run 2 corpus many -o x --shard "$bad"; done

# Killed in the midst of a file of lines and begun again: the shards that were whole stay, the rest comes.
mkdir calm torn2
cat many/*.jsonl >calm/all.jsonl
(cd calm && run 0 corpus all.jsonl -o c --shard-documents 5 -q)
cd torn2
mkfifo all.jsonl
"$DEHUSK" corpus all.jsonl -o c --shard-documents 5 2>err &
pid=$!
exec 5>all.jsonl
head -n 13 ../calm/all.jsonl >&5
for _ in {1..200}; do [[ -e c/shards/000000-0001.json && -n $(find c -name '.dehusk-*.tmp') ]] && break; sleep 0.1; done
kill -9 "$pid"
wait "$pid" 2>../got || true
exec 5>&-
files_are c/shards 000000-0000.json 000000-0001.json
[[ -n $(find c -name '.dehusk-*.tmp') && ! -e c/manifest.json ]] || fail 'it was killed too late'
cat ../calm/all.jsonl >all.jsonl &
run 0 corpus all.jsonl -o c --shard-documents 5
has "$err" '17 kept, 0 rejected, 0 failed'
diff -r c/data ../calm/c/data >../got || fail 'killed and not killed differ'
[[ -z $(find c -name '.dehusk-*.tmp') ]] || fail 'left over'
run 0 corpus verify c
cd ..

# Asked to end, it ends in good order, and goes on another time.
cd torn2
rm -r c
"$DEHUSK" corpus all.jsonl -o c --shard-documents 5 2>err &
pid=$!
exec 5>all.jsonl
head -n 13 ../calm/all.jsonl >&5
for _ in {1..200}; do [[ -e c/shards/000000-0001.json ]] && break; sleep 0.1; done
kill -TERM "$pid"
code=0
wait "$pid" || code=$?
exec 5>&-
[[ $code -eq 130 && -z $(find c -name '.dehusk-*.tmp') ]] || fail "interrupted: $code"
files_are c/shards 000000-0000.json 000000-0001.json
cat ../calm/all.jsonl >all.jsonl &
run 0 corpus all.jsonl -o c --shard-documents 5 -q
diff -r c/data ../calm/c/data >../got || fail 'interrupted and not interrupted differ'
cd ..

# A full disk leaves no half of a shard.
code=0
(ulimit -f 1; "$DEHUSK" corpus many -o full --pack none) >"$out" 2>"$err" || code=$?
[[ $code -eq 1 ]] || fail "full: $code"
[[ ! -d full/shards ]] || files_are full/shards
# What cannot be opened leaves its unit undone.
if [[ $(id -u) -ne 0 ]]; then
    chmod 0 many/3.jsonl
    run 1 corpus many -o part -q
    chmod 644 many/3.jsonl
    run 0 corpus many -o part -q
fi
