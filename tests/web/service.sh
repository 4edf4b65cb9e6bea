#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Running for long: a daemon, its signals, a second process, the configuration file, faults of the disk and of
# the state.
source "$(dirname "$0")/common.bash"
# wait_for COMMAND...: at most 20 seconds.
wait_for() {
    for _ in {1..200}; do
        "$@" 2>/dev/null && return
        sleep 0.1
    done
    fail "never came: $*"
}

# Who crawls says who it is.
run 2 crawl --add http://h000.test/ state
has "$err" '--contact'
[[ ! -e state ]] || fail 'a state was made'
run 2 crawl --contact nobody --add http://h000.test/ state
run 2 crawl
run 1 crawl --contact a@b.example state
has "$err" 'there is no crawl in state'
run 1 crawl --status state

start_web --hosts 3 --pages 30
cat >crawl.conf <<END
# who asks
[crawl]
contact = https://courier.example/bot
user-agent = Courier-Bot/2.0
delay = 0.02
resolve = *.test=127.0.0.1:$(cat port)
allow-private
END
run 2 crawl --config crawl.conf --add ftp://h000.test/ state
has "$err" 'no http or https address'
run 0 crawl --config crawl.conf --add http://h000.test/ --add http://h001.test/news state
echo 'dely = 3' >bad.conf
run 2 crawl --config bad.conf state
has "$err" 'bad.conf:1: unknown option --dely'
mkdir -p "$HOME/.config/dehusk"
cp crawl.conf "$HOME/.config/dehusk/crawl.conf"

# A daemon; a second process says so and leaves; readers may look.
"$DEHUSK" crawl --daemon --log json -v state 2>daemon.err &
pid=$!
trap 'kill "$web" "$pid" 2>/dev/null || true; chmod -R u+rwx "$folder"; rm -rf "$folder"' EXIT
wait_for grep -q '"level": "page"' daemon.err
run 1 crawl state
has "$err" "another process is at work on this state (process $pid)"
wait_for grep -q 'dehusk_crawl_requests_total' state/metrics.prom
run 0 crawl --status state
kill -HUP "$pid"
sleep 1.2
kill -0 "$pid" || fail 'a hangup ended it'
stored() { [[ $("$DEHUSK" crawl --status --json state | sed -n 's/^  "stored": \([0-9]*\).*/\1/p') -ge 60 ]]; }
wait_for stored
kill -TERM "$pid"
code=0
wait "$pid" || code=$?
[[ $code -eq 0 ]] || fail "a service that is stopped ends with $code"
lacks daemon.err '"level": "error"'
articles >all
lines all 60
has web.log 'h000.test 200 ok /news'
stop_web

# A daemon takes the delay of its configuration file anew when it is told to; one that is no time it does not.
start_web --hosts 1 --pages 30
crawl=(crawl --resolve "*.test=127.0.0.1:$(cat port)")
run 0 "${crawl[@]}" --config crawl.conf --add http://h000.test/ tamed
sed 's/^delay.*/delay = 600/' crawl.conf >daemon.conf
"$DEHUSK" "${crawl[@]}" --config daemon.conf --daemon tamed 2>daemon.err &
pid=$!
trap 'kill "$web" "$pid" 2>/dev/null || true; chmod -R u+rwx "$folder"; rm -rf "$folder"' EXIT
asked=$(wc -l <web.log)
wait_for bash -c "[[ \$(wc -l <web.log) -gt $asked ]]"
sed -i 's/^delay.*/delay = soon/' daemon.conf
kill -HUP "$pid"
wait_for grep -q 'delay needs seconds.*the old delay stays' daemon.err
sed -i 's/^delay.*/delay = 0.02/' daemon.conf
kill -HUP "$pid"
wait_for grep -q 'the delay is 0.020 s from now on' daemon.err
all_there() { "$DEHUSK" crawl --status tamed | grep -q ' 30 stored'; }
wait_for all_there
kill -TERM "$pid"
wait "$pid" || fail 'the daemon ended badly'
stop_web

# What the next run does with a state that is damaged, and with a folder it may not write.
cp -r state damaged
head -c 100 /dev/zero >damaged/crawl.sqlite
run 1 crawl damaged
has "$err" 'damaged'
cp -r state short
warc=(short/warc/*)
truncate -s 100 "${warc[0]}"
sqlite='' && command -v sqlite3 >/dev/null && sqlite=yes
if [[ -n $sqlite ]]; then
    sqlite3 short/crawl.sqlite 'UPDATE file SET closed = 0 WHERE kind = 0'
    run 1 crawl short
    has "$err" 'the state knows of'
    [[ $(sqlite3 state/crawl.sqlite 'PRAGMA integrity_check') == ok ]] || fail 'the state'
fi
# The folder, or parts of it, are not to be written to. Root may write all the same, unless it gives that up.
plain=()
if [[ $(id -u) -eq 0 ]]; then plain=(setpriv --bounding-set=-dac_override,-dac_read_search); fi
if "${plain[@]}" true 2>/dev/null; then
    cp -r state locked
    touch before
    chmod -R a-w locked
    code=0
    "${plain[@]}" "$DEHUSK" crawl locked >"$out" 2>"$err" || code=$?
    [[ $code -eq 1 ]] || fail "a read-only folder: $code"
    lines "$err" 1
    has "$err" 'locked'
    chmod -R u+w locked
    [[ -z $(find locked -type f -newer before) ]] || fail 'something was written'
    cmp -s state/crawl.sqlite locked/crawl.sqlite || fail 'the state is another one'
else
    echo 'no setpriv: the read-only folder is not tested'
fi

# What is cleaned cannot be stored: the run ends with the reason, the next one goes on.
start_web --hosts 3 --pages 30
crawl=(crawl --resolve "*.test=127.0.0.1:$(cat port)" --config crawl.conf)
run 0 "${crawl[@]}" --add http://h000.test/ part
if "${plain[@]}" true 2>/dev/null; then
    mkdir -p part/clean
    chmod a-w part/clean
    code=0
    "${plain[@]}" "$DEHUSK" "${crawl[@]}" part >"$out" 2>"$err" || code=$?
    [[ $code -eq 1 ]] || fail "articles cannot be stored: $code"
    has "$err" 'part/clean'
    chmod u+w part/clean
fi
run 0 "${crawl[@]}" part
[[ $(cat part/clean/*/*/*/* | wc -l) -eq 30 ]] || fail "afterwards: $(cat part/clean/*/*/*/* | wc -l)"
stop_web

# A disk that is full: the run ends with the reason, the next one goes on.
start_web --hosts 3 --pages 30
crawl=(crawl --resolve "*.test=127.0.0.1:$(cat port)" --config crawl.conf)
run 0 "${crawl[@]}" --add http://h000.test/ full
code=0
(
    ulimit -f 40
    "$DEHUSK" "${crawl[@]}" full >"$out" 2>"$err"
) || code=$?
[[ $code -eq 1 ]] || fail "a full disk: $code"
run 0 "${crawl[@]}" full
[[ $(cat full/clean/*/*/*/* | wc -l) -eq 30 ]] || fail "after a full disk: $(cat full/clean/*/*/*/* | wc -l)"
stop_web
