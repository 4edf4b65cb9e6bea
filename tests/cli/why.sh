#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# why: one sentence of a page, in, out, taken out of a block, outside of all blocks, or not there.
source "$(dirname "$0")/common.bash"
page lighthouse >a.html

run 0 why a.html 'will be moved to the OLD  quay'
has "$out" '+ block '
has "$out" 'that the lighthouse will be moved to the old quay'
has "$out" '    kept by the extractor'
has "$out" 'from      html > body > article > p:nth-of-type(1)'
has "$out" 'line 4'
has "$out" 'change    a rule line for the element: remove: '
# The bytes are those of the page.
range=$(sed -n 's/^    bytes     \([0-9]*\)-\([0-9]*\),.*/\1 \2/p' "$out")
read -r from to <<<"$range"
[[ $(head -c "$to" a.html | tail -c +$((from + 1))) == 'The council'*'gallery.' ]] || fail 'bytes'
cp "$out" named
"$DEHUSK" why 'will be moved to the OLD  quay' <a.html >got || fail 'stdin'
same got named

run 5 why a.html 'most read'
has "$out" '- block '
has "$out" 'dropped by the label most read'
# Over several blocks, and twice on the page.
run 0 why a.html 'filled the gallery. Residents had asked'
[[ $(grep -c '^+ block' "$out") -eq 2 ]] || fail 'two blocks'
run 5 why a.html 'Home Sport'
[[ $(grep -c '^- block' "$out") -eq 2 ]] || fail 'two dropped blocks'
run 6 why a.html 'that the lighthouse should be moved to the new quay'
has "$out" 'does not have this sentence'
has "$out" 'Nearest, with '
has "$out" 'will be moved to the old quay'
run 6 why a.html 'qqq'
lacks "$out" 'Nearest'
for empty in '' ' ' '...' $'\xff'; do
    code=0
    "$DEHUSK" why a.html "$empty" >"$out" 2>"$err" || code=$?
    [[ $code -eq 2 || $code -eq 6 ]] || fail "nothing to look for: $code"
done
run 2 why a.html one two
has "$err" 'in quotes'
run 2 why </dev/null
run 1 why nothing.html word
run 1 why <"$DEHUSK" word
: >empty.html
run 6 why empty.html word
has "$out" 'does not have'

# By rules: which lines, and what without them.
mkdir rules
cat >rules/x.rules <<'END'
site: x.example
article: article
remove: p.ad
remove line: "Sign up*"
keep: p.mine
END
cat >x.html <<'END'
<title>x</title><body><p>Outside of it all.</p><article><p>Inside of it.</p>
<p class=ad>Buy a boat.</p><p class="ad mine">A notice.</p>
<div>The first line.<br>Sign up to our letter<br>The last line.</div></article>
<script>var x = "caf\u00e9 au lait, \"please\"";</script><img alt="A boat at sea" src="b.png">
END
x() { run "$1" why --rules rules --url https://x.example/a x.html "$2"; }
x 0 'inside of it'
has "$out" 'kept as inside of the article: rules/x.rules:2'
has "$out" 'disable rules/x.rules:2: then'
x 5 'outside of it all'
has "$out" 'outside of article'
x 5 'buy a boat'
[[ $(sed -n 2p "$out") == '    dropped by rules/x.rules:3 '* ]] || fail 'the deciding cause is first'
has "$out" 'also kept as inside of the article'
has "$out" 'disable rules/x.rules:3: then it is kept as inside of the article'
has "$out" 'keep: '
x 0 'a notice'
[[ $(sed -n 2p "$out") == '    kept by rules/x.rules:5 '* ]] || fail 'keep decides'
has "$out" 'also dropped by rules/x.rules:3'
has "$out" 'disable rules/x.rules:5: then it is dropped by rules/x.rules:3'
# The rule line that it proposes does what it says.
turns() { # turns BEFORE AFTER SENTENCE
    x "$1" "$3"
    cp rules/x.rules kept.rules
    sed -n 's/^    change    a rule line for the element: //p' "$out" | head -n 1 >>rules/x.rules
    ! cmp -s kept.rules rules/x.rules || fail "no line for $3"
    x "$2" "$3"
    cp kept.rules rules/x.rules
}
turns 5 0 'buy a boat'
turns 5 0 'outside of it all'
turns 0 5 'inside of it'
x 6 'Café au lait, "please"'
has "$out" '? text of <script>: '
x 6 'a boat at sea'
has "$out" 'attribute alt'
printf '%s\n' 'The first line of the text, which is a long one.' 'Sign up to our letter' >z.txt
run 5 why --rules rules --site x z.txt 'sign up to our letter'
has "$out" 'rules/x.rules:4'

# Nothing of a page reaches the terminal as a control.
printf '<p>a\033[2Jb \xe2\x80\xaec \302\233d word' >evil.html
code=0
"$DEHUSK" why evil.html word >"$out" || code=$?
[[ $code -eq 0 || $code -eq 5 ]] || fail "exit code $code"
has "$out" 'word'
lacks "$out" $'\x1b'
lacks "$out" $'\xe2\x80\xae'
run 0 why --help
has "$out" 'Exit status: 0 the article has the sentence'
