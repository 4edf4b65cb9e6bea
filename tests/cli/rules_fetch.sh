#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What rule files say about getting pages, on a server on loopback that logs what it is asked.
source "$(dirname "$0")/common.bash"
mkdir r
cat >server.pl <<'END'
use strict; use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 8, ReuseAddr => 1) or die;
my $self = "127.0.0.1:" . $server->sockport;
open(my $port, ">", "port.new") or die; print $port $server->sockport; close $port;
rename "port.new", "port";
my %words = (1 => "the first dry dock", 2 => "the second crane", 3 => "the third lock", 4 => "the last mole");
sub article {
    my ($part, $next) = @_;
    my $pager = $next ? "<a class=\"next\" href=\"$next\">Next</a>" : "";
    return "<!DOCTYPE html><html lang=en><head><meta charset=windows-1252><title>The harbour story</title></head><body>" .
        "<nav><a href=/>Home</a></nav><div class=story><h1>The harbour story, told in several parts</h1>" .
        "<p class=by>By Ana Silva, who has watched the harbour for nine years</p>" .
        "<p>In this part the caf\xe9 owner speaks of $words{$part}, which nobody has seen since the war ended.</p>" .
        "<p>He remembers part $part well, and says that what was built there was built to stay.</p>$pager</div>" .
        "<footer>Copyright of the Harbour Courier and of its heirs for as long as it lasts</footer></body></html>";
}
while (my $client = $server->accept) {
    my ($path, %head) = ("");
    while (my $line = <$client>) {
        $path = $1 if $line =~ m{^GET (\S+) };
        $head{lc $1} = $2 if $line =~ m{^([\w-]+): (.*?)\r};
        last if $line eq "\r\n";
    }
    open(my $log, ">>", "log") or die;
    chomp(my $now = qx(date +%s%3N));
    printf $log "%s agent=%s cookie=%s at=%s\n", $path, $head{"user-agent"} // "", $head{"cookie"} // "", $now;
    close $log;
    my ($status, $more, $body) = ("200 OK", "", "");
    if ($path =~ m{^/parts/(\d)$}) { $body = article($1, $1 < 4 ? "/parts/" . ($1 + 1) : ""); }
    elsif ($path =~ m{^/loop/(\d)$}) { $body = article($1, "/loop/" . ($1 == 1 ? 2 : 1)); }
    elsif ($path =~ m{^/broken/(\d)$}) { $body = article($1, "/missing"); }
    elsif ($path eq "/away") { $body = article(1, "http://localhost:1/parts/2"); }
    elsif ($path eq "/short") { $body = article(1, ""); $body =~ s{</h1>}{</h1><a class=print href=/print>Print</a>}; }
    elsif ($path eq "/print") { $body = article(4, ""); }
    elsif ($path eq "/moved") { ($status, $more) = ("302 Found", "Location: http://localhost:" . $server->sockport . "/parts/4\r\n"); }
    else { $status = "404 Not Found"; }
    print $client "HTTP/1.1 $status\r\nContent-Type: text/html\r\n$more" .
        "Content-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
    close $client;
}
END
perl server.pl &
server=$!
trap 'kill "$server"; rm -rf "$folder"' EXIT
for _ in {1..100}; do [[ -s port ]] && break; sleep 0.1; done
at=http://127.0.0.1:$(cat port)
clean() { local want=$1; shift; : >log; run "$want" clean "$@" --rules r; }
asked() { [[ $(cut -d' ' -f1 log | tr '\n' ' ') == "$1 " ]] || fail "asked for: $(cat log)"; }
rule() { printf 'site: 127.0.0.1\n%s\n' "$1" >r/loopback.rules; }

# The parts of an article are one; what each part says again stands there once.
rule $'article: .story\nnext page: a.next\nremove: a.next'
clean 0 "$at/parts/1"
asked '/parts/1 /parts/2 /parts/3 /parts/4'
for word in 'first dry dock' 'second crane' 'third lock' 'last mole' $'caf\xc3\xa9'; do has "$out" "$word"; done
[[ $(grep -c 'The harbour story' "$out") -le 1 ]] || fail 'the headline is repeated'
[[ $(grep -c 'By Ana Silva' "$out") -eq 1 ]] || fail 'the byline is repeated'
[[ $(grep -c 'Copyright' "$out") -eq 0 ]] || fail 'the footer is there'
[[ $(grep -n 'second crane' "$out" | cut -d: -f1) -lt $(grep -n 'third lock' "$out" | cut -d: -f1) ]] || fail 'order'
empty "$err"
: >log
run 0 explain "$at/parts/1" --rules r
has "$out" 'says what an earlier block says'
has "$out" "url         $at/parts/1"
clean 0 "$at/parts/1" --json
has "$out" "\"source\": \"$at/parts/1\""
# From the last part there is nowhere to go; without rules nobody goes.
clean 0 "$at/parts/4"
asked '/parts/4'
clean 0 "$at/parts/1" --no-rules
asked '/parts/1'

# Without an `article` line the extractor judges the parts together.
rule 'next page: .next'
clean 0 "$at/parts/1"
for word in 'first dry dock' 'second crane' 'third lock' 'last mole'; do has "$out" "$word"; done
lacks "$out" 'Copyright'

# There is an end: a number, a circle, a part that is missing, another server.
rule $'article: .story\nnext page: a.next | at most 2'
clean 0 "$at/parts/1"
asked '/parts/1 /parts/2 /parts/3'
rule $'article: .story\nnext page: //a[@class="next"]/@href'
clean 0 "$at/loop/1"
asked '/loop/1 /loop/2'
clean 0 "$at/broken/1"
asked '/broken/1 /missing'
has "$err" "$at/missing: page 2 is missing: the server answers 404"
has "$out" 'first dry dock'
clean 0 "$at/away"
asked '/away'

# The whole on one page takes the place of the page.
rule $'article: .story\nsingle page: a.print'
clean 0 "$at/short" --json
asked '/short /print'
has "$out" 'last mole'
lacks "$out" 'first dry dock'
has "$out" "\"source\": \"$at/print\""

# Addresses, headers, the name; --user-agent is stronger; another server does not get them.
rule $'article: .story\nrewrite url: /\\/amp\\/(\\d)$/ => "/parts/$1"\nheader: Cookie: consent=yes\nuser agent: Harbour reader 1'
clean 0 "$at/amp/4"
asked '/parts/4'
has log 'agent=Harbour reader 1 cookie=consent=yes'
has "$out" 'last mole'
clean 0 "$at/amp/4" --user-agent 'Tester 2'
has log 'agent=Tester 2 cookie=consent=yes'
clean 0 "$at/moved" --allow-private
asked '/moved /parts/4'
[[ $(grep -c 'consent=yes' log) -eq 1 ]] || fail "the cookie went on: $(cat log)"
run 0 rules test loopback --url "$at/amp/4" --rules r
has "$out" 'served by: rules/loopback.rules'

# The pause between two requests.
rule $'article: .story\nnext page: a.next | at most 1\ndelay: 0.4'
clean 0 "$at/parts/1" "$at/parts/4" -o out
awk -F'at=' '{ if (NR > 1 && $2 - before < 390) bad = 1; before = $2 } END { exit bad || NR != 3 }' log ||
    fail "the pause: $(cat log)"
