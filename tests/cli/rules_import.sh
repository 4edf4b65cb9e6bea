# SPDX-License-Identifier: Apache-2.0
# dehusk rules import: a folder of site configs becomes a folder of rule files that clean pages.
source "$SOURCE/tests/cli/common.bash"

mkdir configs
printf 'strip_id_or_class: share\n' >configs/global.txt
cat >configs/harbour.example.txt <<'END'
# an invented paper
title: //h1[@class='head']
body: //div[contains(concat(' ',normalize-space(@class),' '),' story ')]
strip: //p[contains(., 'Advertisement')]
strip_id_or_class: promo
tidy: no
prune: no
test_url: https://harbour.example/a
test_contains: The strike goes on
bdy: //p
END
printf 'body: //main\n' >configs/.harbour.example.txt
printf 'public domain\n' >configs/LICENSE.txt
printf 'not a config\n' >configs/README.md

run 0 rules import configs -o rules --report report
has "$out" "4 site configs, 3 rule files in rules"
has "$out" "6 of 6 selector lines survive; 3 lines are dropped"
files_are rules families/ftr-global.rules harbour.example.rules harbour.example+below.rules
has rules/harbour.example.rules 'site: =harbour.example, =www.harbour.example'
has rules/harbour.example.rules 'inherits: families/ftr-global'
has rules/harbour.example.rules 'article: div.story'
has rules/harbour.example.rules 'remove: [class*="promo"], [id*="promo"]'
has rules/harbour.example.rules "remove: //p[contains(., 'Advertisement')]"
has rules/harbour.example.rules 'test: https://harbour.example/a'
has report $'survive\t6 (100.00 %)'
has report $'dropped\tharbour.example.txt:6\ttidy\t'
has report $'dropped\tharbour.example.txt:10\tbdy\tunknown directive, perhaps body\t//p'
has report $'dropped\tLICENSE.txt\t'

# The rules work, XPath among them.
cat >page.html <<'END'
<h1 class=head>Ferry strike</h1><div class="big story"><p>The strike goes on, and no ferry left the harbour.</p>
<p>Advertisement: boats!</p><p class=promo-box>Subscribe now.</p><p id=sharebar>Tell others.</p></div><p>Footer</p>
END
run 0 clean --rules rules --url https://www.harbour.example/a page.html
has "$out" "The strike goes on"
lacks "$out" "boats"
lacks "$out" "Subscribe"
lacks "$out" "Tell others"
lacks "$out" "Footer"

# Nothing is replaced unasked.
run 1 rules import configs -o rules
has "$err" "exists"
run 0 rules import configs -o rules --overwrite

# Wrong use.
run 2 rules import configs
has "$err" "rules import FOLDER -o FOLDER"
run 2 rules import -o rules
run 2 rules import nowhere -o other
has "$err" "nowhere"
mkdir none
run 2 rules import none -o other
has "$err" "no site configs"
[[ ! -e other ]] || fail "a folder was made for nothing"
