#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# stats.sh: the page of `corpus stats --html` does nothing in a browser, whatever the documents hold; it is well made, and is
# the same with the browser's eyes.
source "$(dirname "$0")/../cli/common.bash"
source "$(dirname "$0")/visit.bash"
elements='html head meta title style body header h1 h2 h3 p span b small bdi code details summary div main section a
article table tbody tr td th pre footer br svg rect path text g'
run_it="document.title='ran'"
evil="</p><script>$run_it</script><img src=$at/a.png onerror=$run_it>\\\"'</title></svg><style>@import '$at/b.css'</style>&lt;"

# What is hostile stands in every field that the page shows.
mkdir in
for n in 1 2 3 4; do
    printf '{"id": "%s%d", "url": "https://h%d.example/%s", "html": "<title>%s</title><p>%s The council of the harbour town decided on Tuesday that the lighthouse will be moved, %d.</p>"}\n' \
        "$evil" $n $n "$evil" "${evil//</&lt;}" "${evil//</&lt;}" $n
done >"in/lines<b>.jsonl"
echo '{"id": "x", "url": "https://evil.example/", "html": ""}' >>"in/lines<b>.jsonl"
run 0 corpus in -o 'c<script>' --source "$evil"
run 0 corpus stats 'c<script>' --html -o report.html
has report.html '&lt;script&gt;'
has report.html "default-src 'none'"
lacks report.html '<script'
own report.html "$elements" '#e[0-9]+'
visit report.html
empty requests
lacks dom '<title>ran'
own dom "$elements" '#e[0-9]+'
grep -v 'Content-Security-Policy' report.html >bare.html
visit bare.html
empty requests
lacks dom '<title>ran'

# And the test sees a page that is not inert.
sed "s|<main|<img src=\"$at/broken.png\"><main|" bare.html >broken.html
visit broken.html
has requests /broken.png
