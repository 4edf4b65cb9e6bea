#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Addresses, from a server on loopback (perl is part of every Debian).
source "$(dirname "$0")/common.bash"
page lighthouse >page.html
cat >server.pl <<'END'
use strict; use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 8, ReuseAddr => 1) or die;
open(my $port, ">", "port.new") or die; print $port $server->sockport; close $port;
rename "port.new", "port";
open(my $in, "<", "page.html") or die; my $page = join "", <$in>; close $in;
while (my $client = $server->accept) {
    my ($path, $agent) = ("", "");
    while (my $line = <$client>) {
        $path = $1 if $line =~ m{^GET (\S+) };
        $agent = $1 if $line =~ m{^User-Agent: (.*?)\r}i;
        last if $line eq "\r\n";
    }
    my ($status, $type, $body) = ("200 OK", "text/html; charset=utf-8", $page);
    ($status, $body) = ("404 Not Found", "gone") if $path eq "/missing";
    ($type, $body) = ("application/pdf", "%PDF-1.4") if $path eq "/pdf";
    ($type) = ("\x1b[31mred") if $path eq "/red";
    ($type) = ("text/html; charset=windows-1252") if $path eq "/latin1";
    $body =~ s/harbour/caf\xe9/ if $path eq "/latin1";
    $body =~ s/harbour/$agent/ if $path eq "/agent";
    my $length = length($body) + ($path eq "/short" ? 1000 : 0);
    if ($path eq "/moved") {
        print $client "HTTP/1.1 301 Moved\r\nLocation: /page\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    } else {
        sleep 5 if $path eq "/slow";
        print $client "HTTP/1.1 $status\r\nContent-Type: $type\r\nContent-Length: $length\r\nConnection: close\r\n\r\n$body";
    }
    close $client;
}
END
perl server.pl &
server=$!
trap 'kill "$server"; rm -rf "$folder"' EXIT
for _ in {1..100}; do [[ -s port ]] && break; sleep 0.1; done
at=http://127.0.0.1:$(cat port)

run 0 clean page.html
cp "$out" want
run 0 clean "$at/page"
same "$out" want
empty "$err"
run 0 clean "$at/moved" --json
has "$out" "\"source\": \"$at/page\""
run 0 clean "$at/latin1"
has "$out" $'caf\xc3\xa9'
run 0 clean "$at/agent"
has "$out" 'dehusk/'
run 0 clean "$at/agent" --user-agent 'Tester 1'
has "$out" 'Tester 1'
run 0 clean "$at/short"
has "$err" 'broke off'
run 0 explain "$at/page"
has "$out" 'that the lighthouse'

run 1 clean "$at/missing"
has "$err" "$at/missing: the server answers 404"
empty "$out"
run 1 clean "$at/pdf"
has "$err" 'application/pdf'
run 1 clean "$at/red"
has "$err" 'it is \x1B[31mred, not a page'
run 1 clean --timeout 1 "$at/slow"
has "$err" 'not there in time'
run 1 clean http://127.0.0.1:1/
has "$err" 'no connection'
run 1 explain "$at/missing"
run 2 clean --timeout soon "$at/page"

# Many: one that fails does not stop the others; files are named after addresses.
printf '%s\n' "$at/page" "$at/missing" "$at/page?a=1" page.html >list
run 1 clean -i list -o out
host=127.0.0.1_$(cat port)
ls out >names
lines names 3
has names 'page.txt'
[[ $(grep -c "^${host}_page" names) -eq 2 ]] || fail "names: $(cat names)"
has "$err" '3 pages cleaned, 1 failed'

# An interrupt does not wait for the server.
"$DEHUSK" clean "$at/slow" >got 2>err &
pid=$!
sleep 0.5
begin=$SECONDS
kill -TERM "$pid"
code=0
wait "$pid" || code=$?
[[ $code -eq 130 ]] || fail "interrupted fetch: $code"
[[ $((SECONDS - begin)) -lt 4 ]] || fail 'the interrupt waited'
