#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dehusk rules test --url: a rule file against a live page, here from a server on loopback.
source "$(dirname "$0")/common.bash"
mkdir -p r/pages
page lighthouse >page.html
cat >server.pl <<'END'
use strict; use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 8, ReuseAddr => 1) or die;
open(my $port, ">", "port.new") or die; print $port $server->sockport; close $port;
rename "port.new", "port";
while (my $client = $server->accept) {
    my $path = "";
    while (my $line = <$client>) {
        $path = $1 if $line =~ m{^GET (\S+) };
        last if $line eq "\r\n";
    }
    my ($status, $more, $body) = ("200 OK", "", "");
    if ($path eq "/2024/story" || $path eq "/2024/other") {
        open(my $in, "<", "page.html") or die; $body = join "", <$in>; close $in;
        $body =~ s/<article>/<section>/ if $path eq "/2024/other";
    } elsif ($path eq "/moved") {
        ($status, $more) = ("301 Moved", "Location: /2024/story\r\n");
    } elsif ($path eq "/blank") {
        $body = "<!DOCTYPE html><title>Blank</title><article></article>";
    } else {
        $status = "404 Not Found";
    }
    print $client "HTTP/1.1 $status\r\nContent-Type: text/html; charset=utf-8\r\n$more" .
        "Content-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
    close $client;
}
END
perl server.pl &
server=$!
trap 'kill "$server"; rm -rf "$folder"' EXIT
for _ in {1..100}; do [[ -s port ]] && break; sleep 0.1; done
at=http://127.0.0.1:$(cat port)
rules() { local want=$1; shift; run "$want" rules "$@" --rules r; }

cat >r/loopback.rules <<'END'
# unverified: written without a look at the site
site: 127.0.0.1
article: article
title: h1
section: xpath: substring-before(string(//h1), ' story')
remove: .promo
remove block: "Most read"
END

# It serves the page: what it took, and how often each line finds something.
rules 0 test loopback --url "$at/2024/story"
has "$out" "$at/2024/story"
has "$out" 'served by: rules/loopback.rules'
grep -qE '^characters: [0-9]{3} of [0-9]{3} kept$' "$out" || fail 'characters'
has "$out" 'title: The lighthouse story (rule)'
has "$out" 'section: The lighthouse (rule)'
has "$out" '     1  r/loopback.rules:3: article: article'
has "$out" '     1  r/loopback.rules:5: section: xpath'
has "$out" '     0  r/loopback.rules:6: remove: .promo'
has "$out" '     1  r/loopback.rules:7: remove block: "Most read"'
empty "$err"
rules 0 test --url "$at/moved"
has "$out" 'served by: rules/loopback.rules'

# Not without doubt: no article there, nothing left, another file's page, no page at all.
rules 4 test loopback --url "$at/2024/other"
has "$err" 'no line for the article finds anything'
has "$out" '     0  r/loopback.rules:3: article: article'
rules 4 test loopback --url "$at/blank"
has "$err" 'nothing is left of the page'
printf 'site: harbour.example\narticle: article\n' >r/harbour.example.rules
rules 4 test harbour.example --url "$at/2024/story"
has "$err" 'the rule file does not serve this page'
has "$out" 'served by: rules/loopback.rules'
rules 1 test loopback --url "$at/gone"
has "$err" "$at/gone: the server answers 404"
rules 2 test loopback harbour.example --url "$at/2024/story"
rules 2 test nobody.example --url "$at/2024/story"

# Who was never checked is told, until the comment goes.
rules 0 lint loopback
has "$out" 'loopback.rules: note: never checked against a live page (rules test --url) [unverified]'
rules 0 list loopback
has "$out" 'unverified'
sed -i 1d r/loopback.rules
rules 0 lint loopback
lacks "$out" '[unverified]'
has "$out" '[untested]'
rules 0 list loopback
lacks "$out" 'unverified'

# A test of a file may name the live page; it is not run with the others.
printf 'test: %s\n  has: the old quay\n' "$at/2024/story" >>r/loopback.rules
rules 0 test loopback
has "$err" '1 tests name an address instead of a stored page: see --url'
rules 0 test loopback --url "$at/2024/story"
has "$err" '1 checks: 0 failed'
sed -i 's/has: the old quay/has: the new quay/' r/loopback.rules
rules 4 test loopback --url "$at/2024/story"
has "$out" ': has'
has "$out" '    - the new quay'
has "$err" '1 checks: 1 failed'
