# SPDX-License-Identifier: Apache-2.0
# Read by the tests beside it: those of tests/cli/common.bash, and a web to crawl.
set -euo pipefail
source "$SOURCE/tests/cli/common.bash"

# start_web OPTION...: the test web of these options; its address goes into the array `crawl`.
start_web() {
    rm -f port
    "$WEB" --port port --log web.log "$@" >web.out &
    web=$!
    trap 'kill "$web" 2>/dev/null || true; chmod -R u+rwx "$folder"; rm -rf "$folder"' EXIT
    for _ in {1..100}; do
        [[ -s port ]] && break
        sleep 0.05
    done
    crawl=(crawl --contact https://courier.example/bot --allow-private
        --resolve "*.test=127.0.0.1:$(cat port)")
}
# What the web says of its visitor, in web.out: requests N forbidden N close N unknown N smallest N.
stop_web() {
    kill "$web"
    wait "$web"
}
# heard WORD: the number behind it.
heard() { sed -n "s/.*\b$1 \(-\{0,1\}[0-9]*\).*/\1/p" web.out; }
# add_all N: the options that add so many papers.
add_all() {
    local i
    adds=()
    for ((i = 0; i < $1; i++)); do adds+=(--add "http://h$(printf %03d "$i").test/"); done
}
articles() { find state/clean -name '*.jsonl' -exec cat {} +; }
