#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A crawl stays on its sites: of others only a feed that the site itself names is read, and what that lists
# must be of the site.
source "$(dirname "$0")/common.bash"
start_web --hosts 10 --pages 6
run 0 "${crawl[@]}" --delay 0.02 --add http://h000.test/ state
has "$err" 'h000.test: feed http://h000.test/feed.xml'
has "$err" 'h001.test: feed http://h001.test/of-0.xml'
has "$err" 'h000.test: section http://h000.test/news'
run 0 "${crawl[@]}" --delay 0.02 state
articles >all
lines all 6
grep -v ' h000.test ' web.log | awk '{print $2, $5}' >others
printf 'h001.test %s\n' /robots.txt /of-0.xml >want
same others want
stop_web
