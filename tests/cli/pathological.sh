#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Hostile pages of every shape (tests/pathological/shapes.def), small here; bench/hostile tries them at 4 MB. None
# ends a process, their output is the same in threads and processes, and the good pages between them come out as
# they do without.
source "$(dirname "$0")/common.bash"
"$HOSTILE" hostile 20000
[[ $(ls hostile | wc -l) -ge 240 ]] || fail 'shapes'
mkdir good mixed
i=0
for page in hostile/*; do
    i=$((i + 1))
    name=$(printf %03d "$i")
    cp "$page" "mixed/$name-${page##*/}"
    if ((i % 6 == 0)); then
        page "lantern$i" >"good/$name.html"
        cp "good/$name.html" "mixed/$name.html"
    fi
done
cd good
run 0 clean -q --isolate thread . -o ../want -f json
cd ../mixed
for how in thread process; do
    # Text that is no article, and what is too large for its output, may fail: as an error, and alike.
    code=0
    "$DEHUSK" clean -q --isolate "$how" . -o "../got.$how" -f json --quarantine ../bad >"$out" 2>"$err" || code=$?
    [[ $code -le 1 ]] || fail "exit code $code"
    cp "$err" "../said.$how"
    lacks "$err" 'not cleaned'
done
cd ..
diff -r got.thread got.process || fail 'threads and processes differ'
same said.thread said.process
[[ ! -e bad ]] || fail 'quarantined'
find got.process -name '[0-9]*-*' -delete
diff -r want got.process || fail 'good pages are not as they would have been'
