#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The example in the build folder: output, errors and exit status. Given: BUILD SOURCE.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$*" >&2; exit 1; }
titles=$BUILD/examples/titles
printf '<title>A title that is one</title><p>%s</p>' \
    "Text enough that it is an article, said in one paragraph of a made-up page, for a test." \
    >"$work/a.html"
out=$("$titles" "$work/a.html")
[[ $out == *'A title that is one'* && $out == *'Text enough'* ]] || fail "got: $out"
if "$titles" "$work/none.html" 2>"$work/errors"; then fail "a missing file is no error"; fi
grep -q 'none.html' "$work/errors" || fail "the missing file is not named"
if printf '\0\1\2\377\376\0\0' >"$work/b.bin" && "$titles" "$work/b.bin" 2>"$work/errors"; then
    fail "binary is no error"
fi
"$titles"
