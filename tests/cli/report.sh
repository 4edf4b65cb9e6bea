#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# explain --html: the page that shows an article beside what it was taken from; -o and --full.
source "$(dirname "$0")/common.bash"
page lighthouse >a.html

run 0 explain --html a.html
cp "$out" report.html
has report.html "default-src 'none'; style-src 'unsafe-inline'"
has report.html '<h2 id="a'
grep -qE '<li id="b[0-9]+" class="b label .* title="dropped by the label most read' report.html ||
    fail 'a dropped block with its cause'
lacks report.html '<script'
lacks report.html 'href="/1"'
lacks report.html $'\x1b'
# Every address within the report is one of its own parts.
grep -oE 'href="[^"]*"' report.html | grep -vE '^href="#[ab][0-9]+"$' && fail 'a foreign address'
while read -r id; do
    has report.html "id=\"$id\""
done < <(grep -oE 'href="#[ab][0-9]+"' report.html | sed 's/href="#//; s/"$//' | sort -u)

# Right-to-left pages are laid out so, their few Latin blocks are not.
run 0 explain --html "$SOURCE/fixtures/addiyar.com/crane.html" --url https://www.addiyar.com/article/1-a \
    --rules "$SOURCE/rules"
has "$out" '<main dir="rtl">'
has "$out" 'class="t" dir="rtl"'
has "$out" 'class="b outside '
has "$out" 'addiyar.com.rules:'
run 0 explain --html "$SOURCE/fixtures/plain/en.html"
has "$out" '<main dir="ltr">'
: >empty.html
run 0 explain --html empty.html
has "$out" 'Nothing was kept.'

# -o, for either kind.
run 0 explain --html a.html -o written.html
empty "$out"
same written.html report.html
run 1 explain a.html -o written.html
has "$err" '--overwrite'
same written.html report.html
run 0 explain a.html --overwrite -o written.html --colour auto
run 0 explain a.html
same "$out" written.html
run 1 explain a.html -o no/such/folder.txt
has "$err" folder.txt
files_are . a.html empty.html report.html written.html

# --full
head -c 600 /dev/zero | tr '\0' x >long
{ echo '<p>The beginning'; cat long; echo ' the end.</p>'; } >long.html
run 0 explain long.html
lacks "$out" 'the end.'
run 0 explain --full long.html
has "$out" 'the end.'
