#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# inert.sh: the report of a hostile page does nothing in a browser. A server on loopback tells what the
# browser asks for, the title tells whether something ran. The page itself, and a report without its
# content security policy, show that the test would see it. Exit status 77 (skipped) without chromium
# and python3, whose servers and browsers the tests need nowhere else.
source "$(dirname "$0")/../cli/common.bash"
source "$(dirname "$0")/visit.bash"

prose='The council of the harbour town decided on Tuesday that the lighthouse will be moved to the old quay, after a debate that lasted for more than five hours.'
run_it="document.title='ran'"

# Each piece once in a kept paragraph, once in a dropped one; what is no markup is the page's text.
pieces=(
    "<script>$run_it</script><script src=\"$at/script.js\"></script>"
    "<img src=\"$at/image.png\" onerror=\"$run_it\"><img src=x onerror=\"$run_it\">"
    "<a href=\"javascript:$run_it\" onclick=\"$run_it\" autofocus onfocus=\"$run_it\">a link</a>"
    "<svg onload=\"$run_it\"><image href=\"$at/svg.png\"/><use href=\"$at/use.svg#a\"/><script>$run_it</script></svg>"
    "<math><mtext><table><mglyph><style><img src=x onerror=\"$run_it\"></style></mglyph></table></mtext></math>"
    "<style>@import url($at/import.css); body{background:url($at/background.png)} p:first-line{color:red}</style>"
    "<p style=\"background:url($at/inline.png)\">styled</p>"
    "<iframe srcdoc=\"<script>parent.$run_it</script>\"></iframe><iframe src=\"$at/frame\"></iframe>"
    "<object data=\"$at/object\"></object><embed src=\"$at/embed\"><video poster=\"$at/poster\" src=\"$at/video\"></video><audio src=\"$at/audio\" autoplay></audio>"
    "<template><img src=\"$at/template.png\" onerror=\"$run_it\"></template>"
    "<noscript><p title=\"</noscript><img src=x onerror=$run_it>\">hidden</p></noscript>"
    "<form action=\"$at/form\"><button formaction=\"javascript:$run_it\">send</button><input autofocus onfocus=\"$run_it\"></form>"
    "<details open ontoggle=\"$run_it\">more</details>"
    "&lt;script&gt;$run_it&lt;/script&gt; &lt;img src=x onerror=&quot;$run_it&quot;&gt; &#60;svg onload=$run_it&#62;"
    "&amp;lt;script&amp;gt;$run_it&amp;lt;/script&amp;gt; &#x3c;img src=$at/entity.png&#x3e;"
    "&lt;/style&gt;&lt;script&gt;$run_it&lt;/script&gt; --&gt;&lt;script&gt;$run_it&lt;/script&gt; ]]&gt;"
    "&quot;&gt;&lt;script&gt;$run_it&lt;/script&gt; &#39; onmouseover=&#39;$run_it &quot; onload=&quot;$run_it"
    "&lt;/title&gt;&lt;/div&gt;&lt;/li&gt;&lt;/ol&gt;&lt;plaintext&gt;"
    "&#x202e;&lt;&#x2066;txet&#x2069; &#0;&#x80;"
)
write_page() { # write_page HEAD-EXTRA
    printf '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">%s' "$1"
    printf '<link rel="stylesheet" href="%s/style.css"><link rel="preload" as="image" href="%s/preload.png"><link rel="icon" href="%s/icon.png"><base href="%s/">' \
        "$at" "$at" "$at" "$at"
    # Fields are written into the report too.
    printf '<meta property="og:image" content="%s/og.png"><meta property="og:title" content="&lt;/title&gt;&lt;script&gt;%s&lt;/script&gt;">' \
        "$at" "$run_it"
    printf '<meta name="author" content="&lt;img src=x onerror=%s&gt;"><meta name="description" content="&quot; onload=&quot;%s">' \
        "$run_it" "$run_it"
    printf '</head><body onload="%s"><nav>' "$run_it"
    for piece in "${pieces[@]}"; do printf '<p>%s <a href="/x">more</a></p>\n' "$piece"; done
    printf '</nav><article><h1>&lt;script&gt;%s&lt;/script&gt; and a lighthouse</h1>' "$run_it"
    for piece in "${pieces[@]}"; do printf '<p>%s %s</p>\n' "$prose" "$piece"; done
    printf '</article></body></html>'
}
write_page '' >page.html

# The page is as hostile as it looks: otherwise nothing is shown below.
visit page.html
[[ -s requests ]] || fail 'the hostile page loads nothing'
for path in script.js image.png import.css style.css; do has requests "/$path"; done
has dom '<title>ran</title>'

elements='html head meta title style body header h1 h2 h3 h4 h5 h6 p span b i small bdi code details
summary dl div dt dd form label input main section nav ul ol li a article table tbody tr td pre blockquote del'
inert() { # inert FILE: a report that stays as it was written
    lacks "$1" '<script'
    visit "$1"
    empty requests
    lacks dom '<title>ran'
    own dom "$elements" '#[ab][0-9]+'
}

# With the policy and without: nothing of the page is markup in the first place.
run 0 explain --html page.html
cp "$out" report.html
has report.html 'lighthouse'
grep -q 'class="b kept' report.html || fail 'no kept block'
grep -qE 'class="b (label|score)' report.html || fail 'no dropped block'
inert report.html
grep -v 'Content-Security-Policy' report.html >bare.html
! cmp -s bare.html report.html || fail 'the report has no policy'
inert bare.html

# meta refresh; rules whose own words are hostile; a name that is; plain text.
write_page "<meta http-equiv=\"refresh\" content=\"0;url=$at/refresh\">" >refresh.html
run 0 explain --html refresh.html
cp "$out" report.html
inert report.html
mkdir rules
cat >rules/evil.rules <<END
site: evil.example
remove: p[title="<img src=$at/rule.png onerror=$run_it>"], nav
remove block: "</li><script>$run_it</script>"
remove line: "*<svg onload=$run_it>*"
END
name="<img src=x onerror=alert(1)>\"'.html"
cp page.html "./$name"
run 0 explain --html --rules rules --url "https://evil.example/?\"><script>$run_it</script>" "./$name"
cp "$out" report.html
has report.html 'rules/evil.rules:2'
inert report.html
sed 's/<[^>]*>/ /g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g' page.html >page.txt
run 0 explain --html --from text page.txt
cp "$out" report.html
inert report.html

# And the test sees a report that is not inert.
sed "s|<main|<img src=\"$at/broken.png\"><main|" bare.html >broken.html
visit broken.html
has requests /broken.png
