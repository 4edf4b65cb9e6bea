#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Two inputs never write one output, and which writes what does not depend on their order.
source "$(dirname "$0")/common.bash"
mkdir -p x y
for name in a.html a.htm a.txt a x/index.html y/index.html b.HTML b.htm.txt b.htm; do
    page "${name//[\/.]/-}" >"$name"
done
inputs=(a.html a.htm a.txt a x/index.html y/index.html b.HTML b.htm.txt b.htm)
run 0 clean --from html -o first "${inputs[@]}"
files_are first a.txt a.htm.txt a.txt.txt x/index.txt y/index.txt b.txt b.htm.txt \
    "$(basename first/a.????????.txt)" "$(basename first/b.htm.????????.txt)"
has first/a.txt 'the a-html will'
has first/a.htm.txt 'the a-htm will'
has first/a.txt.txt 'the a-txt will'
has first/x/index.txt 'the x-index-html will'
has first/b.txt 'the b-HTML will'
has first/b.htm.txt 'the b-htm-txt will'
has "$(echo first/a.????????.txt)" 'the a will'
has "$(echo first/b.htm.????????.txt)" 'the b-htm will'

# Any order, the same.
for i in 1 2 3; do
    mapfile -t shuffled < <(printf '%s\n' "${inputs[@]}" | shuf --random-source=<(yes "$i"))
    run 0 clean --from html -o "again$i" "${shuffled[@]}"
    diff -r first "again$i" || fail "order changes the names: ${shuffled[*]}"
done

# The same input twice is written once.
run 0 clean a.html a.html -o once
files_are once a.txt
has "$err" '1 page cleaned'

# No way out of the output folder.
mkdir -p deep/er
(cd deep/er && run 0 clean ../../x/index.html ../../y/index.html -o out && files_are out x/index.txt y/index.txt)
printf '../../../../../etc/x.html\n%s\n' "$PWD/a.html" >list
mkdir -p here/sub
run 1 clean -i list -o here/sub
files_are here "sub$PWD/a.txt"

# An input is never replaced.
mkdir together
page old >together/p.html
page older >together/p.txt
cp -r together before
run 1 clean together/p.html together/p.txt -o together --overwrite
has "$err" 'would replace an input'
same together/p.html before/p.html
same together/p.txt before/p.txt
