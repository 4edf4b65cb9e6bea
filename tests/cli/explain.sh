#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# explain and dump: the page as dehusk sees it.
source "$(dirname "$0")/common.bash"
page lighthouse >a.html

run 0 explain a.html
grep -qE '^\+ .*that the lighthouse will be moved' "$out" || fail 'kept block'
grep -qE '^- .*Most read' "$out" || fail 'dropped block'
lacks "$out" $'\x1b'
cp "$out" plain
"$DEHUSK" explain <a.html >got || fail 'stdin'
grep -qE '^\+ .*that the lighthouse will be moved' got || fail 'stdin: kept block'
run 0 explain --colour always a.html
has "$out" $'\x1b['
sed 's/\x1b\[[0-9;]*m//g' "$out" >uncoloured
same uncoloured plain
run 0 explain --colour never a.html
same "$out" plain
run 2 explain --colour sometimes a.html

run 0 dump a.html
has "$out" '<article>'
has "$out" 'Most read'
run 0 dump --stage dom a.html
has "$out" '<article>'
run 0 dump --stage blocks a.html
has "$out" 'heading 1'
has "$out" '    The lighthouse story'
run 0 dump --stage decode a.html
same "$out" a.html
printf '\xef\xbb\xbfone\r\ntwo' >marked.txt
run 0 dump --stage decode marked.txt
[[ $(cat "$out") == $'one\ntwo' ]] || fail 'decoded'
run 0 dump --stage blocks --from text a.html
has "$out" '<nav>'
run 1 dump --stage dom marked.txt
has "$err" 'no tree'
run 2 dump --stage tree a.html
