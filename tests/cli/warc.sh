#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dehusk fetch: pages into WARC files, from a server on loopback; dehusk clean: pages out of WARC files, ours and
# those of wget (perl is part of every Debian).
source "$(dirname "$0")/common.bash"
mkdir www
# answer PATH STATUS HEADER...: what the server says there, its body from stdin.
answer() {
    local path=$1 status=$2
    shift 2
    { printf 'HTTP/1.1 %s\r\n' "$status"; printf '%s\r\n' "$@" 'Connection: close' ''; cat; } >"www/$path"
}
page lighthouse >lighthouse.html
page breakwater >breakwater.html
html='Content-Type: text/html; charset=utf-8'
answer page '200 OK' "$html" "Content-Length: $(wc -c <lighthouse.html)" <lighthouse.html
gzip -c breakwater.html >breakwater.gz
answer gzip '200 OK' "$html" 'Content-Encoding: gzip' <breakwater.gz
{ printf '%x\r\n' "$(wc -c <breakwater.gz)"; cat breakwater.gz; printf '\r\n0\r\n\r\n'; } |
    answer chunked '200 OK' "$html" 'Content-Encoding: gzip' 'Transfer-Encoding: chunked'
head -c 200 breakwater.gz | answer torn '200 OK' "$html" 'Content-Encoding: gzip'
answer short '200 OK' "$html" 'Content-Length: 100000' <lighthouse.html
answer moved '301 Moved' 'Location: /page' 'Content-Length: 0' </dev/null
answer tofile '302 Found' 'Location: file:///etc/hostname' 'Content-Length: 0' </dev/null
answer missing '404 Not Found' "$html" <<<gone
answer robots.txt '200 OK' 'Content-Type: text/plain' <<<'User-agent: *'
head -c 3000 /dev/zero | answer image '200 OK' 'Content-Type: image/png'
cat >server.pl <<'END'
use strict; use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 8, ReuseAddr => 1) or die;
open(my $port, ">", "port.new") or die; print $port $server->sockport; close $port;
rename "port.new", "port";
open(my $log, ">", "log") or die; $log->autoflush;
while (my $client = $server->accept) {
    my $path = "";
    while (my $line = <$client>) {
        $path = $1 if $line =~ m{^GET /(\S*) };
        last if $line eq "\r\n";
    }
    chomp(my $now = `date +%s.%N`);
    print $log "$now $path\n";
    if ($path eq "slow") { sleep 5 }
    if (open(my $in, "<", "www/$path")) { binmode $in; local $/; print {$client} <$in>; close $in }
    close $client;
}
END
perl server.pl &
server=$!
trap 'kill "$server"; rm -rf "$folder"' EXIT
for _ in {1..100}; do [[ -s port ]] && break; sleep 0.1; done
at=http://127.0.0.1:$(cat port)
fetch=(fetch --allow-private --wait 0)

# Pages, redirects and failures; what the standard asks of the file.
run 0 "${fetch[@]}" "$at/page" -o one.warc.gz
empty "$err"
run 1 "${fetch[@]}" -v "$at/moved" "$at/gzip" "$at/chunked" "$at/missing" "$at/short" "$at/torn" \
    "$at/tofile" http://127.0.0.1:1/ -o many.warc.gz
has "$err" "$at/missing: the server answers 404 (not found); what came is kept"
has "$err" "$at/short: the transfer broke off; what came is kept"
has "$err" "$at/torn: its compressed content ends early; what came is kept"
has "$err" 'neither http nor https'
has "$err" 'http://127.0.0.1:1/: no connection'
has "$err" '3 pages fetched, 5 failed; 8 answers'
"$WARC_CHECK" one.warc.gz many.warc.gz >"$out" || fail 'the checker'
has "$out" 'one.warc.gz: 4 records'
has "$out" 'many.warc.gz: 25 records'
gzip -dc many.warc.gz >many.txt
has many.txt 'WARC-Truncated: disconnect'
has many.txt 'Transfer-Encoding: chunked'
has many.txt 'GET /moved HTTP/1.1'
has many.txt "via: $at/moved"
[[ $(grep -c 'WARC-IP-Address: 127.0.0.1' many.txt) -eq 16 ]] || fail 'addresses'

# Plain, added to, replaced, refused.
run 0 "${fetch[@]}" "$at/page" -o plain.warc
has plain.warc 'closer to his house'
run 2 "${fetch[@]}" "$at/page" -o plain.warc
has "$err" '--append adds to it'
run 0 "${fetch[@]}" "$at/gzip" -o plain.warc --append
run 0 "${fetch[@]}" "$at/gzip" -o one.warc.gz --append
"$WARC_CHECK" plain.warc one.warc.gz >"$out" || fail 'the checker'
has "$out" 'plain.warc: 7 records'
head -c -7 one.warc.gz >torn.warc.gz
run 0 "${fetch[@]}" "$at/gzip" -o torn.warc.gz --append
has "$err" 'torn record'
"$WARC_CHECK" torn.warc.gz >"$out" || fail 'the checker'
run 0 "${fetch[@]}" "$at/gzip" -o torn.warc.gz --overwrite
"$WARC_CHECK" torn.warc.gz >"$out" || fail 'the checker'
has "$out" ': 4 records'
run 2 "${fetch[@]}" "$at/page"
run 2 "${fetch[@]}" -o x.warc.gz
run 2 "${fetch[@]}" "$at/page" -o x.html
run 2 "${fetch[@]}" "$at/page" -o x.warc --append --overwrite
run 1 "${fetch[@]}" "$at/page" -o none/x.warc.gz
run 1 "${fetch[@]}" page.html -o x.warc.gz
has "$err" 'page.html'

# No address of the local network unless it shall be, whatever its spelling.
for url in "$at/page" http://localhost:1/ "http://0x7f.1:$(cat port)/page" "http://[::ffff:7f00:1]:$(cat port)/page"; do
    run 1 fetch --wait 0 "$url" -o blocked.warc.gz --overwrite
    has "$err" 'is not a public one'
done
[[ $(gzip -dc blocked.warc.gz | grep -c '^WARC/1.1') -eq 1 ]] || fail 'something is kept'

# The disk is full.
code=0
(ulimit -f 1; "$DEHUSK" "${fetch[@]}" "$at/page" "$at/gzip" "$at/image" "$at/short" -o full.warc) \
    >"$out" 2>"$err" || code=$?
[[ $code -eq 1 ]] || fail "full: $code"
has "$err" 'full.warc: File too large'
[[ ! -s full.warc ]] || "$WARC_CHECK" full.warc >"$out" || fail 'the checker'

# One host is not asked again at once.
run 0 fetch --allow-private --wait 1 "$at/moved" "$at/page" -o wait.warc.gz -q
tail -n 3 log | awk 'NR > 1 && $1 - before < 0.9 { exit 1 } { before = $1 }' || fail "too fast: $(tail -n 3 log)"
# An interrupt leaves what was fetched.
"$DEHUSK" "${fetch[@]}" "$at/page" "$at/slow" -o cut.warc.gz 2>err &
pid=$!
for _ in {1..100}; do grep -q slow log && break; sleep 0.1; done
code=0
kill -TERM "$pid"
wait "$pid" || code=$?
[[ $code -eq 130 ]] || fail "interrupted: $code"
"$WARC_CHECK" cut.warc.gz >"$out" || fail 'the checker'
has "$out" ': 4 records'

# What wget writes (WARC 1.0, chunks left in), packed and plain.
wget -q --warc-file=wget -O got -i - <<<"$at/page
$at/gzip
$at/chunked
$at/image
$at/robots.txt" || fail wget
wget -q --warc-file=plain-wget --no-warc-compression -O got "$at/moved" || fail wget
kill "$server"
wait "$server" 2>got || true
trap 'rm -rf "$folder"' EXIT

# Clean: each page of an archive as a line.
run 0 clean one.warc.gz
lines "$out" 2
has "$out" "\"source\": \"$at/page\""
has "$out" '"id": "urn:uuid:'
lacks "$out" 'Most read'
has "$out" 'the breakwater'
cp "$out" two
run 0 clean one.warc.gz --format txt
has "$out" "$last"
has "$out" '==> one.warc.gz:'
run 0 clean <one.warc.gz
same "$out" two
gzip -dc one.warc.gz | "$DEHUSK" clean --from warc >got
cmp -s got two || fail 'unpacked'
gzip -dc one.warc.gz | gzip -c >whole.warc.gz
run 0 clean whole.warc.gz -j 1
same "$out" two
run 0 clean many.warc.gz
lines "$out" 5 # of the torn page what is there
has "$err" '20 records of archives left out, no pages'
[[ $(grep -c 'the answer broke off' "$err") -eq 2 ]] || fail 'what broke off'
run 0 clean wget.warc.gz
lines "$out" 3
[[ $(grep -c 'the breakwater' "$out") -eq 2 ]] || fail 'what wget kept'
lacks "$out" 'Most read'
has wget.warc.gz $'\x1f\x8b'
run 0 clean plain-wget.warc
lines "$out" 1
has "$out" "\"source\": \"$at/page\""
mkdir in
cat wget.warc.gz one.warc.gz >in/both.warc.gz
cp plain-wget.warc in/
run 0 clean in -o clean --format jsonl
files_are clean both.jsonl plain-wget.jsonl
lines clean/both.jsonl 5

# Damage costs its record, is named and counted; what is none is no archive.
size=$(wc -c <one.warc.gz)
member=$(grep -abo $'\x1f\x8b\x08' one.warc.gz | sed -n '2s/:.*//p')
{ head -c $((member + 40)) one.warc.gz; printf 'XXXXXX'; tail -c +$((member + 47)) one.warc.gz; } >bad.warc.gz
[[ $(wc -c <bad.warc.gz) -eq $size ]] || fail 'the test itself'
run 1 clean bad.warc.gz
lines "$out" 1
has "$err" "bad.warc.gz: damaged at byte $member: it cannot be unpacked; passed over"
has "$err" '1 page cleaned, 1 failed'
head -c -9 one.warc.gz >torn.warc.gz
run 1 clean torn.warc.gz
lines "$out" 2
has "$err" 'the file ends in the midst of a record'
run 1 clean --from warc lighthouse.html
has "$err" 'lighthouse.html: it is no WARC file'
gzip -c lighthouse.html | { run 1 clean; }
has "$err" 'stdin: it is no WARC file'
: >empty.warc.gz
run 0 clean empty.warc.gz

# WARC-Date is the day on which the page was saved; text that was extracted before; what cannot be decoded.
record() { # TYPE CONTENT-TYPE < BLOCK
    cat >block
    printf 'WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: http://courier.example/a\r\n' "$1"
    printf 'WARC-Date: 2019-03-04T05:06:07Z\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Type: %s\r\n' "$2"
    printf 'Content-Length: %s\r\n\r\n' "$(wc -c <block)"
    cat block
    printf '\r\n\r\n'
}
{
    record warcinfo application/warc-fields <<<'software: a test'
    record conversion 'text/plain' < <(printf 'Courier\nMost read\nTen things to do\n\n'; sed -n 's/<p>\(The .*\)<\/p>/\1/p' lighthouse.html)
    record resource 'text/html; charset=utf-8' <breakwater.html
    record response 'application/http; msgtype=response' < <(printf 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: compress\r\n\r\nxyz')
    record metadata text/html <breakwater.html
} >made.wet
run 1 clean made.wet
lines "$out" 3
[[ $(grep -c '"filedate": "2019-03-04"' "$out") -eq 2 ]] || fail "dates: $(cat "$out")"
sed -n 1p "$out" >first
has first "The lighthouse has stood in its place"
has first '"id": "urn:uuid:1"'
sed -n 3p "$out" >third
has third '{"id":"urn:uuid:1","url":"http://courier.example/a","line":4,"error":"its content is encoded as compress'
has "$err" 'made.wet:4: its content is encoded as compress'
