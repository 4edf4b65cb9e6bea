#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every exit code, and which of two wins.
source "$(dirname "$0")/common.bash"
page tower >a.html
: >empty.html
head -c 5000 "$DEHUSK" >binary

run 0 clean a.html
run 0 clean empty.html
run 0 clean a.html empty.html

run 1 clean missing.html
run 1 clean binary
run 1 clean a.html missing.html
run 1 explain missing.html
run 1 dump binary

run 2
run 2 frobnicate
run 2 clean --no-such-option a.html
run 2 clean --format docx a.html
run 2 clean --format
run 2 clean --from pdf a.html
run 2 clean --fold tatweel,nothing a.html
run 2 clean --date yesterday a.html
run 2 clean --date 2024-13-01 a.html
run 2 clean --limit-depth deep a.html
run 2 clean --json=yes a.html
run 2 clean -j -3 a.html
run 2 clean --rules no-such-folder a.html
run 2 explain a.html empty.html
run 2 explain --format md a.html
run 2 help frobnicate
run 2 completion tcsh

# A bad rule file: where it is, and nothing is processed.
mkdir rules
printf 'site: harbour.example\nfrobnicate: everything\n' >rules/harbour.example.rules
run 2 clean --rules rules a.html
empty "$out"
has "$err" 'harbour.example.rules:2:'
run 2 clean --rules rules a.html -o out
[[ ! -e out ]] || fail 'an output folder was made'
run 2 explain --rules rules a.html
# Unless it is asked for: the line is named and left out, the others count.
printf 'site: harbour.example\nfrobnicate: everything\nremove: h1\n' >rules/harbour.example.rules
run 0 clean --rules rules --rules-lenient --url https://harbour.example/1 a.html
has "$err" 'harbour.example.rules:2:'
has "$err" 'the line is left out'
has "$out" 'the tower will be moved'
lacks "$out" 'The tower story'
run 0 corpus --rules rules --rules-lenient a.html -o lenient -q
has lenient/run.json '"rules_lenient": true'
has "$err" 'harbour.example.rules:2:'
run 2 corpus --rules rules a.html -o strict
mkdir -p "$HOME/.config/dehusk"
cp -r rules "$HOME/.config/dehusk/"
run 2 clean a.html
run 0 clean --no-rules a.html
rm -r "$HOME/.config"

run 3 clean --strict empty.html
run 3 clean --strict a.html empty.html
run 1 clean --strict empty.html missing.html
run 0 clean --strict a.html

# Pages of another language are left out, which is no failure but is nothing extracted.
run 0 clean --min-confidence 0 --strict a.html
run 0 clean --min-confidence 1 a.html
empty "$out"
run 3 clean --min-confidence 1.0 --strict a.html
run 2 clean --min-confidence 1.01 a.html
run 2 clean --min-confidence often a.html
run 2 clean --model a.html a.html
run 2 clean --model missing.model a.html

run 0 clean --target-language fr a.html
empty "$out"
run 3 clean --target-language fr --strict a.html
run 0 clean --target-language en --strict a.html
