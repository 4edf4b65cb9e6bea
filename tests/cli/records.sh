#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dehusk explain, why, dump: one page of an archive.
source "$(dirname "$0")/common.bash"
text=$'A plain text that somebody took out of a page earlier.\nIts second line.\n'
{ page pier | record https://a.example/pier
  page buoy | record https://a.example/buoy | head -c 300
  page quay | record https://c.example/quay
  { printf 'WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Date: 2024-06-01T12:00:00Z\r\nWARC-Record-ID: <urn:x:text>\r\n'
    printf 'WARC-Target-URI: https://d.example/text\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n' "${#text}"
    printf '%s\r\n\r\n' "$text"; } | gzip -c; } >many.warc.gz
page pier | record https://a.example/pier >one.warc.gz

# The only page there is, or the one that is chosen: by number, record ID, address.
run 0 explain one.warc.gz
has "$out" 'The pier story'
has "$out" 'https://a.example/pier'
for which in '--record 3' '--record urn:x:https://c.example/quay' '--record https://c.example/quay' '--url https://c.example/quay'; do
    run 0 explain $which many.warc.gz
    has "$out" 'The quay story'
    empty "$err"
done
run 0 why --record 3 many.warc.gz 'The quay has stood'
has "$out" '+ block'
run 0 dump --stage decode --record urn:x:text many.warc.gz
[[ $(<"$out") == "${text%$'\n'}" ]] || fail 'the text of a conversion record'
run 0 dump --stage blocks --record 4 many.warc.gz
has "$out" 'Its second line.'
run 0 dump --stage features --record 1 many.warc.gz
run 0 explain --from warc --record 3 - <many.warc.gz
has "$out" 'The quay story'

# What is wrong: several, none of that name, one that is damaged, no archive, no archive's option.
run 2 explain many.warc.gz
has "$err" 'many.warc.gz: the archive holds several pages; choose one with --record'
has "$err" '1 https://a.example/pier, 3 https://c.example/quay'
run 2 explain --record 9 many.warc.gz
has "$err" 'no page of the archive is record 9'
run 1 explain --record 2 many.warc.gz
empty "$out"
has "$err" 'many.warc.gz: '
echo nothing >no.warc
run 1 explain no.warc
page pier >pier.html
run 2 explain --record 1 pier.html
has "$err" '--record'
gzip -c </dev/null >none.warc.gz
run 2 explain none.warc.gz
has "$err" 'the archive holds no page'
