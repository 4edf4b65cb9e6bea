#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Hosts that cannot be had: no name, no connection, an address that is not public; and one of IPv6 only.
source "$(dirname "$0")/common.bash"
start_web --hosts 2 --pages 4
crawl=(crawl --contact a@b.example --delay 0.01)
mapped=(--resolve "*.test=127.0.0.1:$(cat port)" --resolve refused.example=127.0.0.2:1)
run 0 "${crawl[@]}" --allow-private "${mapped[@]}" --add http://name.invalid/ \
    --add http://refused.example/ --add http://h000.test/ state
has "$err" 'name.invalid: its robots.txt cannot be had'
has "$err" 'refused.example: its robots.txt cannot be had'
run 0 "${crawl[@]}" --allow-private "${mapped[@]}" state
run 0 crawl --status --json state
[[ $(grep -c '"robots": "unreachable"' "$out") -eq 2 ]] || fail 'unreachable'
grep h000.test "$out" | grep -q '"stored": 4,' || fail 'the host beside them'
# Not tried again within the hour.
requests=$(wc -l <web.log)
run 0 "${crawl[@]}" --allow-private "${mapped[@]}" state
has "$err" '0 requests'

# Addresses of this machine only when asked for, and no odd spelling helps.
for url in http://h001.test/ http://127.0.0.1/ http://0x7f.1/ http://2130706433/ 'http://[::1]/'; do
    rm -rf private
    run 0 "${crawl[@]}" "${mapped[@]}" --add "$url" private
    has "$err" 'cannot be had'
done
[[ $(wc -l <web.log) -eq $requests ]] || fail 'a private address was asked'
stop_web

# IPv6 only.
if start_web --hosts 1 --pages 4 --v6 2>/dev/null && [[ -s port ]]; then
    crawl=(crawl --contact a@b.example --delay 0.01) # start_web's leads to 127.0.0.1
    six=(--resolve "*.test=[::1]:$(cat port)" --allow-private)
    run 0 "${crawl[@]}" "${six[@]}" --add http://h000.test/ six
    run 0 "${crawl[@]}" "${six[@]}" six
    has "$err" '4 articles stored'
    stop_web
fi
