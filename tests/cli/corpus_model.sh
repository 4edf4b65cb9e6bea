#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dehusk corpus --fasttext-model: the language is what a model of the user's says.
source "$(dirname "$0")/common.bash"
unset SOURCE_DATE_EPOCH SLURM_ARRAY_TASK_ID JOB_COMPLETION_INDEX
bytes() { local value=$1 n=$2; for ((; n > 0; n--)); do printf "\\x$(printf %02x $((value & 255)))"; value=$((value >> 8)); done; }
i32() { for value in "$@"; do bytes "$value" 4; done; }
i64() { for value in "$@"; do bytes "$value" 8; done; }
entry() { printf '%s\0' "$1"; i64 "$2"; bytes "$3" 1; }
one=1065353216 four=1082130432
# Two numbers a word, two words, two languages: "lamp" is Swahili to it, "crane" Persian.
{
    i32 793712314 12 2 0 0 0 0 1 3 3 0 0 0 100
    i64 0
    i32 4 2 2
    i64 9 -1
    entry lamp 5 0
    entry crane 4 0
    entry __label__swh_Latn 2 1
    entry __label__fa 1 1
    bytes 0 1; i64 2 2; i32 $four 0 0 $four
    bytes 0 1; i64 2 2; i32 $one 0 0 $one
} >model.bin
mkdir in
{ echo '{"id": "a", "text": "lamp lamp crane lamp lamp lamp lamp lamp"}'
  echo '{"id": "b", "text": "crane in the harbour"}'
  echo '{"id": "c", "text": "nothing that it knows"}'; } >in/a.jsonl
language() { grep -F "\"id\": \"$1\"" "$2" | sed -n 's/.*\("language": "[^"]*", "language_share": [0-9.]*, "language_sure": [a-z]*\).*/\1/p'; }
run 0 corpus in -q --fasttext-model model.bin
cp "$out" documents
[[ $(language a documents) == '"language": "sw", "language_share": 0.953, "language_sure": true' ]] || fail "a: $(language a documents)"
[[ $(language b documents) == '"language": "fa", "language_share": 0.982, "language_sure": true' ]] || fail "b: $(language b documents)"
[[ $(language c documents) == '"language": "und", "language_share": 0.000, "language_sure": false' ]] || fail "c: $(language c documents)"
# The same in closed processes and in threads.
for how in process thread; do
    run 0 corpus in -q --fasttext-model model.bin --isolate $how -j 2
    same "$out" documents
done
# It decides what --lang keeps, and what it was is kept with the corpus.
run 0 corpus in -o c --fasttext-model model.bin --lang fa,swh
has "$err" '2 kept, 1 rejected'
has c/run.json '"fasttext_model": "sha256:'
cp model.bin other.bin
run 0 corpus in -o c --fasttext-model other.bin --lang fa,swh
printf 'x' >>other.bin
run 2 corpus in -o c --fasttext-model other.bin --lang fa,swh
has "$err" 'fasttext_model'
run 2 corpus in -o c --lang fa,swh
# What is no model is told before anything is read.
run 1 corpus in -o d --fasttext-model none.bin
has "$err" 'none.bin'
head -c 100 model.bin >torn.bin
run 2 corpus in -o d --fasttext-model torn.bin
has "$err" 'torn.bin'
[[ ! -e d ]] || fail 'a folder without a model'
