#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Files by name: one, several, empty, huge, no pages, not there, with odd names.
source "$(dirname "$0")/common.bash"
page lighthouse >a.html
page crane >b.html

# One page: its article alone.
run 0 clean a.html
has "$out" 'that the lighthouse will be moved'
has "$out" "$last"
lacks "$out" 'Home'
lacks "$out" 'Most read'
lacks "$out" 'Copyright'
lacks "$out" '==>'
empty "$err"

# Several: told apart by a line, in the order given.
run 0 clean b.html a.html
[[ $(head -n 1 "$out") == '==> b.html <==' ]] || fail 'first line'
[[ $(grep -c '^==> ' "$out") -eq 2 ]] || fail 'two headers'
has "$out" '==> a.html <=='
has "$err" '2 pages cleaned'
run 0 clean --quiet a.html b.html
empty "$err"
run 0 clean a.html b.html --format md
has "$out" '==> a.html <=='
run 0 clean a.html b.html --format jsonl
lines "$out" 2
lacks "$out" '==>'
run 2 clean a.html b.html --html
empty "$out"
has "$err" '-o DIR'

# Empty: an empty article.
: >empty.html
run 0 clean empty.html
empty "$out"
has "$err" 'empty.html: nothing extracted'
run 0 clean /dev/null
empty "$out"
run 0 clean --json empty.html
has "$out" '"text": ""'

# No page, not there, not readable: named, and the others are done.
head -c 3000 "$DEHUSK" >program.bin
mkdir locked.dir
run 1 clean a.html program.bin missing.html b.html
has "$err" 'program.bin: '
has "$err" 'missing.html: No such file'
has "$err" '2 pages cleaned, 2 failed'
has "$out" '==> b.html <=='
if [[ $(id -u) -ne 0 ]]; then
    page secret >secret.html
    chmod 0 secret.html
    run 1 clean secret.html
    has "$err" 'secret.html: Permission denied'
fi
run 1 clean a.html/below.html
has "$err" 'Not a directory'
run 1 clean ftp://example.org/x
has "$err" 'only http and https'

# Names are bytes; what cannot be printed is escaped.
mkdir odd
page odd >$'odd/caf\xe9 \x1b[31m\n.html'
page odd >odd/-dash.html
run 0 clean -v odd/*
has "$err" 'odd/caf\xE9 \x1B[31m\x0A.html'
has "$out" '==> odd/caf\xE9 \x1B[31m\x0A.html <=='
(cd odd && run 0 clean -- -dash.html && has "$out" "$last")
rm odd/caf*
page odd >$'odd/caf\xe9 \x1b[31m.html'
run 0 clean odd -o odd.out
files_are odd.out '-dash.txt' $'caf\xe9 \x1b[31m.txt'

# 300 MB: read to the limit; zeros are no page, and text is cut and says so.
truncate -s 300M zeros.html
run 1 clean zeros.html
has "$err" 'zeros.html: '
{ page long; truncate -s 300M /dev/stdout; } >long.html
run 0 clean --limit-bytes 900 long.html
has "$err" 'long.html: cut by the limit on bytes (--limit-bytes)'
{ yes 'The council decided on Tuesday that the tower will be moved to the old quay.' || true; } |
    head -c 300M >text.txt
run 0 clean text.txt
has "$err" 'text.txt: cut by the limit on bytes'
rm text.txt zeros.html long.html
run 0 clean --limit-bytes=1G a.html
empty "$err"

# Options that change the text.
run 0 clean --with-metadata a.html
has "$out" 'The lighthouse story'
run 0 clean --from text a.html
has "$out" '<p>'
