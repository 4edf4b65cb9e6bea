#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the README shows is what happens: every indented "$ COMMAND" of it is run in the source tree and
# must print what stands below it, and its rule file does what its text says.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$SOURCE"
mkdir "$work/bin" "$work/rules"
ln -s "$DEHUSK" "$work/bin/dehusk"
export PATH=$work/bin:$PATH HOME=$work
unset XDG_CONFIG_HOME
fail() { echo "README.md: $*" >&2; exit 1; }

# Blank lines inside of what a command prints count, those at its end do not.
commands=0 command='' want=''
check() {
    [[ -n $command ]] || return 0
    commands=$((commands + 1))
    local got
    # head closes its pipe early; only what comes out counts.
    got=$(bash -c "$command") || true
    while [[ $want == *$'\n' ]]; do want=${want%$'\n'}; done
    [[ $got == "$want" ]] || { diff <(echo "$want") <(echo "$got") || true; fail "$command"; }
    command=''
}
while IFS= read -r line; do
    if [[ $line == '    $ '* ]]; then
        check
        command=${line#'    $ '} want=''
    elif [[ -n $command && ( $line == '    '* || -z $line ) ]]; then
        want+=${line#'    '}$'\n'
    else
        check
    fi
done <README.md
check
[[ $commands -ge 3 ]] || fail "only $commands commands"

name=$(sed -n 's/^    # \(.*\.rules\)$/\1/p' README.md)
[[ -n $name ]] || fail "no rule file"
sed -n "/^    # $name/,/^\$/s/^    //p" README.md >"$work/rules/$name"
dehusk explain --rules "$work/rules" fixtures/plain/en.html >"$work/out"
for number in 3 4 5; do
    grep -q "dropped by .*$name:$number " "$work/out" || fail "line $number of the rule drops nothing"
done
if sed -i 's/^article:/artcle:/' "$work/rules/$name" &&
        dehusk clean --rules "$work/rules" fixtures/plain/en.html 2>"$work/errors"; then
    fail "a bad rule file is no error"
fi
grep -q ':3:1: unknown verb "artcle", did you mean "article"?' "$work/errors" || fail "$(cat "$work/errors")"
