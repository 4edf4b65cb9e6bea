#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the libraries export: the shared one exactly the functions of dehusk.h, the static one (where
# nothing can be hidden) only names that begin with dehusk_ or dh_. SHARED, STATIC, SOURCE are given.
set -euo pipefail
export LC_ALL=C
promised=$(tr '\n' ' ' <"$SOURCE/src/dehusk/dehusk.h" | sed 's/#define DEHUSK_API[^;]*//g' |
    grep -oE 'DEHUSK_API [^;(]*\(' | grep -oE 'dehusk_[a-z0-9_]+ *\($' | tr -d ' (' | sort)
[[ $(wc -l <<<"$promised") -ge 10 ]] || { echo "too few functions found in dehusk.h:" "$promised"; exit 1; }
exported=$(nm -D --defined-only "$SHARED" | awk '{ print $NF }' | sed 's/@.*//' | sort)
diff -u --label dehusk.h --label "$SHARED" <(echo "$promised") <(echo "$exported")

foreign=$(nm -g --defined-only "$STATIC" | awk 'NF == 3 { print $NF }' | grep -vE '^(dehusk|dh)_' |
    grep -vE '^(__asan_|__odr_asan|__gcov|__llvm|_?_?asan|\.L)' || true)
if [[ -n $foreign ]]; then
    echo "names that are not ours to take:" $foreign
    exit 1
fi
