#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The rule files that come with dehusk: each is found by the address of its pages and no other is, each
# test in them names a page that is there, and what it says of the page holds. Where a page says itself
# whose it is, the file is found without the address.

source "$(dirname "$0")/common.bash"

# value KEY: the one value of this check of the test at hand.
value() { sed -n "s/^  $1: //p" "$folder/test" | head -n 1; }

judged=0 found=0
# judge FILE: the test in $folder/test, of the rule file FILE.
judge() {
    local file=$1 page url first last line
    page=$SOURCE/rules/$(sed -n '1s/^test: //p' "$folder/test")
    [[ -f $page ]] || fail "$file: no page $page"
    url=$(value url)
    run 0 explain --rules "$SOURCE/rules" --url "$url" "$page"
    grep -qE "^rules +.*\b$file\b" "$out" || fail "$file is not the file of $url"
    run 0 clean --rules "$SOURCE/rules" --url "$url" "$page"
    first=$(head -n 1 "$out" | sed 's/^- //') last=$(tail -n 1 "$out")
    [[ $first == "$(value 'starts with')"* ]] || fail "$page: starts with $first"
    [[ $last == *"$(value 'ends with')" ]] || fail "$page: ends with $last"
    while read -r line; do has "$out" "$line"; done < <(sed -n 's/^  has: //p' "$folder/test")
    line=$(value lacks)
    [[ -n $line ]] || fail "$page: no line that must not be there"
    has "$page" "$line"
    lacks "$out" "$line"
    judged=$((judged + 1))
    # The address is left out, and so is the one that the page gives.
    run 0 explain --rules "$SOURCE/rules" "$page"
    ! grep -qE "^rules +.*\b$file\b" "$out" || found=$((found + 1))
}

for path in "$SOURCE"/rules/*.rules; do
    file=${path##*/}
    : >"$folder/test"
    while IFS= read -r line; do
        case $line in
            'test: '*)
                [[ ! -s $folder/test ]] || judge "$file"
                printf '%s\n' "$line" >"$folder/test"
                ;;
            '  '*) printf '%s\n' "$line" >>"$folder/test" ;;
        esac
    done <"$path"
    [[ ! -s $folder/test ]] || judge "$file"
done
[[ $judged -ge 15 ]] || fail "only $judged tests in the rule files"
[[ $found -ge 12 ]] || fail "only $found pages are known without their address"
