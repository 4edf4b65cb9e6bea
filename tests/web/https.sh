#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Papers at https, with an authority of the test's own: they are crawled as those at http, from where they
# send; one whose certificate is for somebody else, and all without the authority, are not.
source "$(dirname "$0")/common.bash"
names=DNS:h001.test
for i in 003 005 007; do names+=,DNS:h$i.test; done # not h009
ec=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2)
openssl req -x509 "${ec[@]}" -keyout ca.key -out ca.pem -subj /CN=authority.test 2>openssl.log ||
    fail "$(cat openssl.log)"
openssl req -x509 "${ec[@]}" -keyout web.key -out web.pem -CA ca.pem -CAkey ca.key -subj /CN=papers.test \
    -addext "subjectAltName=$names" -addext basicConstraints=critical,CA:FALSE 2>openssl.log ||
    fail "$(cat openssl.log)"
cat web.key >>web.pem
start_web --hosts 10 --pages 12 --gap 60 --tls web.pem
crawl+=(--ca-file ca.pem --delay 0.06)
add_all 9
run 0 "${crawl[@]}" "${adds[@]}" --add https://h009.test/ state
has "$err" 'h009.test: its robots.txt cannot be had'
run 0 "${crawl[@]}" state
requests=$(wc -l <web.log)
[[ $(grep -c ' tls$' web.log) -ge 40 ]] || fail "over TLS: $(grep -c ' tls$' web.log)"
lacks web.log h009.test

# The papers of odd numbers are all at https: 1 and 3 whole, 7 without what is private, 5 has no robots.txt.
articles >all
of() { grep -o '"crawl": {"url": "[^"]*"' all | grep -c "\"$1" || true; }
[[ $(of https://h001.test/) -eq 12 ]] || fail "h001: $(of https://h001.test/)"
[[ $(of https://h003.test/) -eq 12 ]] || fail "h003: $(of https://h003.test/)"
[[ $(of https://h007.test/) -eq 11 ]] || fail "h007: $(of https://h007.test/)"
[[ $(of http://h000.test/) -eq 12 ]] || fail "h000: $(of http://h000.test/)"
[[ $(of 'http://h00[13579]') -eq 0 ]] || fail 'an article at http of a paper at https'
# Addresses of robots.txt in it count from where it was read.
has web.log '/sitemap.xml.gz tls'
"$WARC_CHECK" state/warc/*.gz >checked || fail "WARC: $(cat checked)"

# Without the authority nothing comes; the handshake ends before a request.
crawl=(crawl --contact a@b.example --allow-private --resolve "*.test=127.0.0.1:$(cat port)" --delay 0.06)
run 0 "${crawl[@]}" --add https://h001.test/ other
has "$err" 'h001.test: its robots.txt cannot be had'
run 0 "${crawl[@]}" --ca-file missing.pem --add https://h001.test/ none
has "$err" 'h001.test: its robots.txt cannot be had'
[[ $(wc -l <web.log) -eq $requests ]] || fail 'something was asked without trust'
stop_web
[[ $(heard forbidden) -eq 0 ]] || fail "forbidden: $(grep FORBIDDEN web.log)"
[[ $(heard close) -eq 0 ]] || fail "too close: $(cat web.out)"
