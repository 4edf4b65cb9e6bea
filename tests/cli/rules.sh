#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dehusk rules: test, lint, list, show, mutate; what they say, where, and how they end.
source "$(dirname "$0")/common.bash"
mkdir -p r/pages
page tower >r/pages/tower.html
page crane | sed 's|</article>|<p class="promo">Read our newsletter every morning at eight, for free and without any adverts in it.</p></article>|' >r/pages/crane.html
rules() { local want=$1; shift; run "$want" rules "$@" --rules r; }

run 2 rules
has "$err" 'test, lint, list'
run 2 rules tset
has "$err" 'did you mean test?'
rules 2 test nowhere.example
has "$err" 'no rule file for nowhere.example'
rules 2 show

# test: all holds; each check that does not is shown with its line, what was wanted, what came.
cat >r/harbour.example.rules <<'END'
site: harbour.example
article: article
title: h1 | drop "The "
remove: .promo
test: pages/tower.html
  url: https://www.harbour.example/1
  title is: tower story
  language is: en
  starts with: The council of   the harbour town
  ends with: closer to his house.
  has: since last spring
  lacks: Most read
  words: 90..110
test: pages/crane.html
  lacks: newsletter
END
rules 0 test harbour.example
empty "$out"
has "$err" '2 tests with 9 checks: 0 failed'
run 0 rules test r/harbour.example.rules
has "$err" '2 tests'
rules 0 test harbour.example -q
empty "$err"

sed 's/lacks: Most read/lacks: since last spring/; s/has: since last spring/has: Most read/
    s/language is: en/language is: pt/; s/words: 90/words: 990/; s/110/1100/; s/lacks: newsletter/author is: Ana/' \
    r/harbour.example.rules >bad.rules
sed -i '1s/harbour/bad/' bad.rules
mv bad.rules r/bad.example.rules
rules 4 test bad.example
has "$out" 'r/bad.example.rules:5: pages/tower.html: served by'
has "$out" '    + rules/harbour.example.rules'
has "$out" 'r/bad.example.rules:8: pages/tower.html: language is'
has "$out" '    - pt'
has "$out" '    + en'
has "$out" 'r/bad.example.rules:11: pages/tower.html: has'
has "$out" '    # dropped by rules/harbour.example.rules:2 '
has "$out" 'r/bad.example.rules:12: pages/tower.html: lacks'
has "$out" 'r/bad.example.rules:13: pages/tower.html: words'
has "$out" '    - 990..1100'
has "$out" 'r/bad.example.rules:15: pages/crane.html: author is'
has "$out" '    + (nothing)'
lacks "$out" ':7:'
has "$err" '2 tests with 9 checks: 2 failed'
rm r/bad.example.rules

# Scraped text; a page that is not there; a page beside the tree's fixtures.
mkdir -p fixtures/x
printf 'Urgent\nThe strike goes on.\n' >fixtures/x/story.txt
cat >r/text.example.rules <<'END'
site: text.example
remove line: "Urgent"
text: x/story.txt
  starts with: The strike
  lacks: Urgent
END
rules 0 test text.example
printf 'test: pages/gone.html\n  has: x\n' >>r/text.example.rules
rules 4 test text.example
has "$out" 'r/text.example.rules:6: pages/gone.html: the page is not there'
rules 4 lint text.example
has "$out" 'r/text.example.rules:6: error: pages/gone.html'
printf 'site: text.example\ntest: https://text.example/1\n  has: x\n' >r/text.example.rules
rules 0 test text.example
has "$err" '1 tests name an address'
rules 0 lint text.example
empty "$out"
rm r/text.example.rules

# lint: every mistake, not only the first; one line and one kind each.
rules 0 lint harbour.example
empty "$out"
cat >r/odd.example.rules <<'END'
site: odd.example, gone.example
not on: gone.example
inherits: families/none, families/real
drop rule: nothing
romove: .ad
remove: .a, .b
remove: .b
remove: p:frist-child
title: h1 | at most 2
heuristics: on
heuristics: off
subheads: h2
remove line: /^(\w+\s*)+$/
keep: .nowhere
date: .d | date "QQ"
test: pages/tower.html
  words: many
  url: https://odd.example/
END
mkdir r/families
printf 'remove: .z\n' >r/families/real.rules
printf 'remove: .d\n' >r/families/lost.rules
rules 4 lint odd.example
while IFS='|' read -r line kind; do
    grep -qE "^r/odd\.example\.rules:$line(:[0-9]+)?: [a-z]+: .*\[$kind\]\$" "$out" || fail "no $kind in line $line"
done <<'END'
1|unreachable
3|syntax
4|unreachable
5|syntax
7|duplicated
8|syntax
9|unreachable
11|shadowed
12|unreachable
13|slow
14|unmatched
15|syntax
16|unchecked
17|syntax
END
rules 4 lint odd.example --json
# is_array N: brackets around at least N objects, one a line, that the program's own reader takes.
is_array() {
    [[ $(head -n 1 "$out") == '[' && $(tail -n 1 "$out") == ']' ]] || fail 'no array'
    sed '1d; $d; s/,$//' "$out" >objects
    [[ $(wc -l <objects) -ge $1 ]] || fail 'too few objects'
    "$DEHUSK" clean --from jsonl --format jsonl --quiet <objects >read 2>/dev/null || true
    [[ $(grep -c 'no html and no text' read) -eq $(wc -l <objects) ]] || fail 'not JSON'
}
is_array 14
for key in file line column level kind message; do
    grep -q "\"$key\":" objects || fail "no $key"
done
rules 2 test odd.example
has "$err" 'r/odd.example.rules:5:1: unknown verb'
rules 0 list odd.example
rules 0 lint families/real --strict
rm r/odd.example.rules
rules 0 lint families/lost
has "$out" 'r/families/lost.rules: warning: nothing finds this file'
rules 4 lint families/lost --strict
rm -r r/families

# Two files for one host: an error, unless path or day tells them apart.
printf 'site: harbour.example\nremove: .x\n# unverified\n' >r/second.rules
rules 4 lint
has "$out" '[unclear]'
has "$out" 'r/second.rules: note: never checked'
for condition in 'valid from: 2024-01-01' 'on path: /live/**'; do
    printf 'site: harbour.example\n%s\nremove: .x\n# unverified\n' "$condition" >r/second.rules
    rules 0 lint
    lacks "$out" '[unclear]'
done
rm r/second.rules

# Most of another file: a clone.
for name in one two; do
    printf 'site: %s.example\nremove: .a\nremove: .b\nremove: .c\nremove: .d\nremove: .%s\n# unverified\n' $name $name >r/$name.rules
done
rules 0 lint
has "$out" 'r/two.rules: warning: 4 of 5 lines stand in r/one.rules'
rules 0 list one two
lines "$out" 2
has "$out" $'r/one.rules\tone.example\t-\t5 lines\t0 tests\tunverified'
rules 0 list --json
is_array 2
rm r/one.rules r/two.rules

# show: who serves an address and why, and its lines with where each comes from.
mkdir r/families
printf 'when html: .foopress\nad: remove: .c\nremove: .e\n' >r/families/foo.rules
printf 'site: x.example\ninherits: families/foo\ndrop rule: ad\nremove: .d\n' >r/x.example.rules
printf 'site: x.example\non path: /sport/**\n' >r/sport.rules
rules 0 show https://www.x.example/politics/1
has "$out" 'the host is covered by site: x.example (line 1)'
has "$out" 'passed over: r/sport.rules'
has "$out" 'on path does not fit: /sport/** (line 2)'
has "$out" 'r/x.example.rules:4: remove: .d'
has "$out" 'r/families/foo.rules:3: remove: .e'
lacks "$out" 'remove: .c'
rules 0 show https://www.x.example/sport/1
has "$out" 'on path fits: /sport/** (line 2)'
rules 0 show https://nobody.example/
has "$out" 'no rule file serves this page'
echo '<p class=foopress>Hello' >saved.html
rules 0 show saved.html
has "$out" 'when html finds .foopress (line 1)'
rules 0 show x.example
has "$out" 'r/x.example.rules:2: inherits: families/foo'
rules 1 show missing.html
rm -r r/families r/x.example.rules r/sport.rules

# mutate: what each line is good for.
cat >r/harbour.example.rules <<'END'
site: harbour.example
article: article
remove: .promo
remove: .promo-other
remove line: "Most read"
replace: "The council" => "A council"
remove: article > h1 + p
test: pages/crane.html
  lacks: newsletter
  ends with: closer to his house.
  has: five hours
END
rules 4 mutate harbour.example -v
has "$out" ':3: needed: remove: .promo'
has "$out" ':4: dead: remove: .promo-other'
has "$out" ':5: redundant: remove line: "Most read"'
has "$out" ':7: harmful: remove: article > h1 + p'
has "$err" '1 needed'
rules 4 mutate harbour.example
lacks "$out" 'needed'
sed -i '/h1 + p/d' r/harbour.example.rules
rules 0 mutate harbour.example
has "$out" ':6: unchecked: replace: "The council"'
# A line is tried where it finds something: by XPath too, and also what is no element; a line that
# looks for nothing is tried everywhere.
cat >r/harbour.example.rules <<'END'
site: harbour.example
heuristics: off
article: //article
remove: //p[@class='promo']
remove: //p[@class='none']
section: xpath: substring-before(string(//h1), ' story')
test: pages/tower.html
  starts with: The tower story
test: pages/crane.html
  lacks: newsletter
  section is: The crane
END
rules 0 mutate harbour.example -v
has "$out" ':2: redundant: heuristics: off'
has "$out" ':3: unchecked: article: //article'
has "$out" ':4: needed: remove: //p'
has "$out" ':5: dead: remove: //p'
has "$out" ':6: needed: section: xpath'
rules 0 lint harbour.example
has "$out" ':5: warning: remove: finds nothing in the 2 pages'
lines "$out" 1
sed -i '/^test/,$d' r/harbour.example.rules
rules 2 mutate harbour.example
has "$err" 'no test'

# new: a draft of two pages of one design and one of another; it can be read, its tests hold, and it
# keeps the article and nothing else. Generated names are not used.
story() {
    page "$1" | sed "s|<article>|<div class=\"sc-1x9k2f story__text\" id=\"post-48213\">|; s|</article>|<div class=\"teaser-box\"><a href=/x>The story of another $1</a></div></div>|
        s|<head>|<head><meta property=\"article:published_time\" content=\"2024-05-14T09:00:00Z\"><link rel=canonical href=\"https://www.new.example/$1\">|
        s|</h1>|</h1><p class=\"by-line\">By Ana Silva</p>|"
}
story lighthouse >r/pages/one.html
story ferry >r/pages/two.html
page windmill | sed 's|<article>|<section itemprop="articleBody">|; s|</article>|</section>|' >r/pages/three.html
rules 0 new r/pages/one.html r/pages/two.html r/pages/three.html -o r/new.example.rules
empty "$out"
has r/new.example.rules 'site: new.example'
grep -q '^article: .*story__text' r/new.example.rules || fail "$(cat r/new.example.rules)"
grep -q '^article: .*articleBody' r/new.example.rules || fail "$(cat r/new.example.rules)"
has r/new.example.rules 'title: h1'
has r/new.example.rules 'date: meta[property="article:published_time"]'
has r/new.example.rules 'test: pages/one.html'
has r/new.example.rules '# unverified'
lacks r/new.example.rules '1x9k2f'
lacks r/new.example.rules 48213
rules 0 test new.example
has "$err" '3 tests'
rules 0 lint new.example
sed -n '/^test: pages.one/,/^$/p' r/new.example.rules >drafted
has drafted 'ends with: '
has drafted 'date is: 2024-05-14'
rules 2 new r/pages/one.html -o r/new.example.rules
has "$err" 'exists'
rules 0 new r/pages/one.html -o r/new.example.rules --overwrite
rules 0 new r/pages/one.html
has "$out" 'article: '
printf 'Most read\nTen things to do\nWhat to eat\n' >scraped.txt
rules 0 new scraped.txt
has "$out" 'text: scraped.txt'
has "$out" '"Most read"'
lacks "$out" 'article:'
: >empty.html
rules 0 new empty.html
rules 2 new
rules 1 new missing.html

# Lines that would take too long, or too much of the page, are not followed; they are named, and the page
# is cleaned all the same.
mkdir slow
printf 'site: slow.example\nremove: //p[contains(string(/), "no such word")]\n' >slow/slow.example.rules
printf 'site: much.example\nremove: body\n' >slow/much.example.rules
{
    echo '<!DOCTYPE html><title>Long</title><article>'
    for ((i = 0; i < 20000; i++)); do echo "<p>Dock workers walked out again on day $i, and no ferry left.</p>"; done
    echo '</article>'
} >long.html
run 0 clean --rules slow --url https://slow.example/1 long.html
has "$err" 'rule lines not followed: rules/slow.example.rules:2 (rule steps used up)'
lines "$out" 39999
run 0 clean --rules slow --url https://slow.example/1 long.html -q
empty "$err"
run 0 clean --rules slow --url https://much.example/1 r/pages/one.html
has "$err" 'rule lines not followed: rules/much.example.rules:2 (100 %)'
[[ -s $out ]] || fail 'nothing is left'
for line in 'remove line: /./' 'replace: /./ => ""'; do
    printf 'site: much.example\n%s\n' "$line" >slow/much.example.rules
    run 0 clean --rules slow --url https://much.example/1 r/pages/one.html
    has "$err" 'rule lines not followed: rules/much.example.rules:2 ('
    [[ -s $out ]] || fail "nothing is left of: $line"
done
# A regular expression that runs into its limit on many lines is stopped once it has spent the page's.
printf 'site: much.example\nremove: p:has-text(/^(a+)+$/)\n' >slow/much.example.rules
a=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
{ page ferry; for i in {1..400}; do echo "<p>$a$i!</p>"; done; } >many.html
run 0 clean --rules slow --url https://much.example/1 many.html --limit-regex-steps 20
has "$err" 'rule lines not followed: rules/much.example.rules:2 (regular expression too slow)'

# The live page comes through the fetcher; what is no address is refused.
rules 2 test harbour.example --url page.html
rules 1 test harbour.example --url http://127.0.0.1:1/

# The rule files of the tree: their tests hold, and lint finds no error.
run 0 rules test --rules "$SOURCE/rules"
grep -qE '[1-9][0-9]* tests with [1-9][0-9]* checks: 0 failed' "$err" || fail 'no tests of shipped rules'
run 0 rules lint --rules "$SOURCE/rules"
