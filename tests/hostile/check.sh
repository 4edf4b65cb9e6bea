#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# check.sh TREE [CHECKLIST]: every finding of tests/hostile/checklist.tsv is shown by something that is there and that is
# run: a file which the build makes a test of, or a script that README.md names. Prints what is wrong; without a
# CHECKLIST also tries that it would. Exit status 1 when something is.
set -euo pipefail
export LC_ALL=C
cd "$1"
list=${2:-tests/hostile/checklist.tsv}

# Why the file of a row is nobody's business, or nothing.
unused() {
    case $1 in
    tests/cli/*.sh | tests/web/*.sh | tests/unit/*/test_*.c) [[ $1 != *common* ]] || echo 'is no test' ;;
    tests/pathological/shapes.def) grep -q shapes_len tests/unit/dehusk/test_hostile.c || echo 'is not tested' ;;
    tests/layers/check.sh) ;;
    bench/* | scripts/*) grep -qF "$1" README.md || echo 'is not in README.md' ;;
    *) echo 'is run by nobody' ;;
    esac
}

check() {
    local number=0 finding file words more why bad=0
    while IFS=$'\t' read -r finding file words more; do
        number=$((number + 1))
        [[ -n $finding && $finding != '#'* ]] || continue
        why=
        if [[ -z $words || -n $more ]]; then why='not three columns'
        elif [[ ! -f $file ]]; then why="there is no $file"
        elif ! grep -qF -e "$words" "$file"; then why="$file does not have: $words"
        else why=$(unused "$file"); [[ -z $why ]] || why="$file $why"; fi
        # A function of a unit test must be run, too.
        if [[ -z $why && $file == tests/unit/* && $words =~ ^[a-z_]+[a-z]$ ]] && grep -q "void $words(void" "$file"; then
            grep -qE "cmocka_unit_test[a-z_]*\($words[,)]" "$file" || why="$words is not run"
        fi
        [[ -z $why ]] || { echo "$list:$number: $finding: $why"; bad=1; }
    done <"$list"
    return "$bad"
}

check
[[ $(grep -vc -e '^#' -e '^$' "$list") -ge 100 || -n ${2:-} ]] || { echo 'findings are missing'; exit 1; }
[[ -z ${2:-} ]] || exit 0
spoilt=$(mktemp)
trap 'rm -f "$spoilt"' EXIT
for row in $'x\ttests/cli/files.sh' $'x\ttests/cli/no-such-test.sh\tx' $'x\ttests/cli/files.sh\tno such words' \
    $'x\tsrc/LAYERS\tbase' $'x\ttests/cli/common.bash\tfail'; do
    printf '%s\n' "$row" >"$spoilt"
    ! bash "$0" "$PWD" "$spoilt" >/dev/null || { echo "passes: $row"; exit 1; }
done
