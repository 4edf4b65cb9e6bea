#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Cleans every fixture and compares the result with what is expected of it. fixtures/README.md says
# what the files beside a fixture mean.
#
#   DEHUSK=build/dev/dehusk SOURCE=. tests/cli/golden.sh [PATTERN]    only cases that match the glob
#   ACCEPT=1 ... tests/cli/golden.sh    writes what came out as the expected text; review the diff
#
# A case is named by its fixture's path below fixtures/. A scraped text of a site runs twice, once
# with nothing that tells the site and once as PATH@site with --site; PATH@fields are the fields.
# tests/golden/known-failures.txt lists cases that are known to fail, each with the reason; one that
# passes must leave the list.
set -euo pipefail

: "${DEHUSK:?path of the program}" "${SOURCE:?path of the source tree}"
pattern=${1:-*}
accept=${ACCEPT:-}
known=$SOURCE/tests/golden/known-failures.txt
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export LC_ALL=C XDG_CONFIG_HOME=$scratch/none

declare -A reason seen
while read -r name why; do
    [[ -z $name || $name == '#'* ]] && continue
    [[ -n $why ]] || { echo "$known: $name is listed without a reason"; exit 1; }
    reason[$name]=$why
done <"$known"

cases=0 failed=() surprising=()

# judge NAME OK: books a case; a failure's explanation is in $scratch/why.
judge() {
    local name=$1 ok=$2
    cases=$((cases + 1)) seen[$name]=1
    if [[ $ok == 1 ]]; then
        [[ -z ${reason[$name]:-} ]] || surprising+=("$name")
    elif [[ -n ${reason[$name]:-} ]]; then
        echo "known: $name: ${reason[$name]}"
    else
        failed+=("$name")
        echo "FAILED $name"
        cat "$scratch/why"
    fi
}

# without LINES FILE: the file without the lines that may stay or go, blank lines squeezed.
without() {
    local lines=$1 file=$2
    if [[ -s $lines ]]; then
        { grep -vxFf "$lines" "$file" || true; } | cat -s | sed -e '1{/^$/d}'
    else
        cat "$file"
    fi
}

# text NAME FILE EXPECTED MAY ARGUMENT...
text() {
    local name=$1 file=$2 expected=$3 may=$4 status=0
    shift 4
    "$DEHUSK" clean --rules "$SOURCE/rules" "$@" "$file" >"$scratch/out" 2>"$scratch/err" || status=$?
    if [[ $status != 0 ]]; then
        { echo "exit status $status"; cat "$scratch/err"; } >"$scratch/why"
        judge "$name" 0
        return
    fi
    without "$may" "$scratch/out" >"$scratch/got"
    without "$may" "$expected" >"$scratch/want"
    if [[ $accept == 1 && -z ${reason[$name]:-} && $name != *@* ]]; then
        cmp -s "$scratch/got" "$scratch/want" || cp "$scratch/got" "$expected"
        cp "$scratch/got" "$scratch/want"
    fi
    if diff -u --label "$name (expected)" --label "$name (cleaned)" "$scratch/want" \
        "$scratch/got" >"$scratch/why"; then
        judge "$name" 1
    else
        judge "$name" 0
    fi
}

# fields NAME FILE EXPECTED ARGUMENT...: every line of EXPECTED is a key and a value the JSON must
# have. A date may be more exact than what is expected.
fields() {
    local name=$1 file=$2 expected=$3 status=0 ok=1 line out
    shift 3
    "$DEHUSK" clean --rules "$SOURCE/rules" --format jsonl "$@" "$file" >"$scratch/out" \
        2>"$scratch/err" || status=$?
    out=$(sed -e 's/": /":/g; s/", "/","/g' "$scratch/out")
    : >"$scratch/why"
    [[ $status == 0 ]] || { ok=0; echo "exit status $status" >>"$scratch/why"; }
    while read -r line; do
        [[ $line == '"'* ]] || continue
        line=$(sed -e 's/": /":/; s/", "/","/g; s/,$//' <<<"$line")
        [[ $line == '"published"'* ]] && line=${line%\"}
        line=${line/#\"sitename\"/\"source-hostname\"} # as trafilatura calls it
        if [[ $out != *"$line"* ]]; then
            ok=0
            echo "  expected $line" >>"$scratch/why"
            echo "  found    $(grep -o "${line%%:*}:[^]\"]*\(\"[^\"]*\"\)\?" <<<"$out" | head -n 1)" \
                >>"$scratch/why"
        fi
    done <"$expected"
    judge "$name" "$ok"
}

# wanted NAME: whether the pattern asks for this case.
wanted() {
    # shellcheck disable=SC2053
    [[ $1 == $pattern ]]
}

while IFS= read -r -d '' file; do
    name=${file#"$SOURCE/fixtures/"}
    case $file in
        *.html) base=${file%.html} expected=$base.expected.txt ;;
        *.expected.txt) continue ;;
        *) base=$file expected=$file.expected.txt ;;
    esac
    if [[ ! -f $expected ]]; then
        echo "no expected text" >"$scratch/why"
        judge "$name" 0
        continue
    fi
    arguments=()
    [[ ! -f $base.args ]] || read -ra arguments <"$base.args"
    ! wanted "$name" || text "$name" "$file" "$expected" "$base.may" "${arguments[@]}"
    site=${name%%/*}
    if [[ $file == *.txt && $site == *.* ]] && wanted "$name@site"; then
        text "$name@site" "$file" "$expected" "$base.may" --site "$site" "${arguments[@]}"
    fi
    if [[ -f $base.fields.json ]] && wanted "$name@fields"; then
        fields "$name@fields" "$file" "$base.fields.json" "${arguments[@]}"
    fi
done < <(find "$SOURCE/fixtures" -mindepth 2 -type f \( -name '*.html' -o -name '*.txt' \) -print0 |
    sort -z)

[[ $cases -gt 0 ]] || { echo "no fixture matches $pattern"; exit 1; }
if [[ $pattern == '*' ]]; then
    for name in "${!reason[@]}"; do
        [[ -n ${seen[$name]:-} ]] || { failed+=("$name"); echo "FAILED $name: known, but no case"; }
    done
fi
for name in "${surprising[@]}"; do
    echo "PASSES $name: take it off tests/golden/known-failures.txt"
done
echo "$cases cases, ${#failed[@]} failed, ${#surprising[@]} known failures that pass"
[[ ${#failed[@]} == 0 && ${#surprising[@]} == 0 ]]
