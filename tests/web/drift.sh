#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A site changes its design while it is crawled: the rule that falls silent is told within 20 articles, what
# comes after is marked as suspect, and nothing is dropped.
source "$(dirname "$0")/common.bash"
mkdir rules
printf 'site: h000.test\nremove: .promo\n' >rules/h000.test.rules
start_web --hosts 1 --pages 80 --change 50
crawl+=(--rules rules --delay 0.005 -j 1)
run 0 "${crawl[@]}" --add http://h000.test/ state
run 0 "${crawl[@]}" state
stop_web
[[ $(grep -c 'drift: the rule .*h000.test.rules:2 acted on' "$err") -eq 1 ]] || fail 'the alert'
articles >all
lines all 80
suspects=$(grep -c '"suspect": true' all)
[[ $suspects -ge 10 && $suspects -le 19 ]] || fail "$suspects of 30 articles are suspect"
# Each says by which text of the rules it was cleaned; the list of the rules says it, too.
run 0 rules list --json --rules rules
version=$(grep -F h000.test.rules "$out" | sed 's/.*"version":"\([0-9a-f]*\)".*/\1/')
[[ ${#version} -eq 16 ]] || fail "the version in the list: $version"
[[ $(grep -c "\"rule\": \"rules/h000.test.rules\", \"rule_version\": \"$version\"" all) -eq 80 ]] ||
    fail 'the version in the articles'
# None of the old design is.
for a in 10 30 49; do
    grep "number-$a[\"?]" all | grep -q '"suspect": false' || fail "article $a"
done
grep 'number-79[\"?]' all | grep -q '"suspect": true' || fail 'the last article'
run 0 crawl --status state
has "$out" 'SUSPECT'
has "$out" 'h000.test.rules:2 acted on 50 of 50 pages, and on none of the last 30'
run 0 crawl --status --json state
has "$out" '"suspect": true, "silent": ["'
has state/metrics.prom 'dehusk_crawl_alerts_total 1'
