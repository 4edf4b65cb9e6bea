# SPDX-License-Identifier: Apache-2.0
# Read by the tests beside it, which run in an empty folder of their own that is removed again.
set -euo pipefail
export LC_ALL=C
unset XDG_CONFIG_HOME NO_COLOR http_proxy HTTP_PROXY https_proxy HTTPS_PROXY all_proxy ALL_PROXY
folder=$(mktemp -d)
export HOME=$folder/home
trap 'chmod -R u+rwx "$folder"; rm -rf "$folder"' EXIT
mkdir "$folder/home" "$folder/here"
cd "$folder/here"

fail() {
    echo "FAILED at line ${BASH_LINENO[*]}: $*" >&2
    for file in "$folder/out" "$folder/err"; do
        [[ -s $file ]] && { echo "--- ${file##*/}"; head -c 2000 "$file"; } >&2
    done
    exit 1
}

# run CODE ARGUMENT...: dehusk with these arguments ends with CODE; what it says is in $out and $err.
out=$folder/out err=$folder/err
run() {
    local want=$1 code=0
    shift
    "$DEHUSK" "$@" >"$out" 2>"$err" || code=$?
    [[ $code -eq $want ]] || fail "exit code $code, not $want: dehusk $*"
}

has() { grep -qF -e "$2" "$1" || fail "$1 has no: $2"; }
lacks() { ! grep -qF -e "$2" "$1" || fail "$1 has: $2"; }
same() { cmp -s "$1" "$2" || fail "$1 and $2 differ: $(diff "$1" "$2" | head -n 5)"; }
empty() { [[ ! -s $1 ]] || fail "$1 is not empty"; }
lines() { [[ $(wc -l <"$1") -eq $2 ]] || fail "$1 has $(wc -l <"$1") lines, not $2"; }
# The files below a folder, hidden ones too, are exactly these.
files_are() {
    local where=$1 want have
    shift
    want=$([[ $# -eq 0 ]] || printf '%s\n' "$@" | sort)
    have=$(cd "$where" && find . -type f | cut -c3- | sort)
    [[ $have == "$want" ]] || fail "$where holds: $have"
}

# page WORD: a page whose article speaks of WORD.
page() {
    cat <<END
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The $1 story</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>The $1 story</h1>
<p>The council of the harbour town decided on Tuesday evening that the $1 will be moved to the old quay, after a debate that lasted for more than five hours and filled the gallery.</p>
<p>Residents had asked for the change since last spring. A spokeswoman said the work would begin in June, and that the cost, which nobody has named so far, would be shared with the port.</p>
<p>The $1 has stood in its place for ninety years. Its keeper said he would miss the view, but that he understood the reasons, and that the new place was closer to his house.</p>
</article><aside><h2>Most read</h2><ul><li><a href="/1">Ten things to do</a></li><li><a href="/2">What to eat</a></li></ul></aside>
<footer>Copyright Harbour Courier</footer></body></html>
END
}
# The last words of every such article.
last='closer to his house.'
# record URL: an answer with the page on stdin as a record of an archive, packed.
record() {
    cat >body
    { printf 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n'; cat body; } >block
    { printf 'WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-06-01T12:00:00Z\r\nWARC-Record-ID: <urn:x:%s>\r\n' "$1"
      printf 'WARC-Target-URI: %s\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n' "$1" "$(wc -c <block)"
      cat block; printf '\r\n\r\n'; } | gzip -c
}
