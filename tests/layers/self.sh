#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# self.sh TREE: a small made-up tree with one breach of each kind, to show that check.sh finds them,
# and says nothing about the lines beside them that are right.
set -uo pipefail
check=$1/tests/layers/check.sh
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
spdx='/* SPDX-License-Identifier: Apache-2.0 */'
put() { mkdir -p "$tree/$(dirname "$1")" && printf '%s\n' "${@:2}" >"$tree/$1"; }

put CMakeLists.txt '# SPDX-License-Identifier: Apache-2.0'
put src/LAYERS 'base:' 'dom: base' 'cli: base dom'
put src/base/a.h "$spdx" '#include <stddef.h>' '/* strcpy(a, b), <ctype.h> */'
put src/base/a.c "$spdx" '#include "base/a.h"' 'int a = 0; /* sprintf( */' \
    'const char *b = "atoi(\"x\")"; // gets(x)' 'int c(void) { return snprintf(0, 0, "x"); }'
put src/dom/dom_gumbo.c "$spdx" '#include "base/a.h"' '#include <gumbo.h>' 'int my_strcpy(int);'
put src/dom/thing.c "$spdx" 'struct thing *thing_new(void) {' 'return malloc(1); }'
put src/cli/main.c "$spdx" '#include "dom/dom.h"' '#include "base/a.def"'
if ! out=$(bash "$check" "$tree"); then
    printf 'a clean tree is found fault with:\n%s\n' "$out"
    exit 1
fi

failures=0
# expect TEXT FILE LINES...: with this one file more, exactly this is found.
expect() {
    local want=$1 file=$2 old=
    [[ -f $tree/$file ]] && old=$(cat "$tree/$file")
    put "${@:2}"
    out=$(bash "$check" "$tree")
    local status=$?
    if [[ $status -ne 1 || $out != "$want" ]]; then
        printf 'expected: %s\ngot (%d): %s\n' "$want" "$status" "$out"
        failures=$((failures + 1))
    fi
    if [[ -n $old ]]; then printf '%s\n' "$old" >"$tree/$file"; else rm "$tree/$file"; fi
}
expect 'src/base/x.c:2: base may not include dom' src/base/x.c "$spdx" '#include "dom/dom.h"'
expect 'src/dom/x.h:3: dom may not include cli' src/dom/x.h "$spdx" '' '  #  include "cli/cli.h"'
expect 'src/dom/x.def:2: dom may not include cli' src/dom/x.def "$spdx" '#include "cli/cli.h"'
expect 'src/cli/x.c:2: "dom.h" is included without its folder' src/cli/x.c "$spdx" '#include "dom.h"'
expect 'src/cli/x.c:2: "moon/a.h" is in no folder of src/LAYERS' src/cli/x.c "$spdx" \
    '#include "moon/a.h"'
expect 'src/moon/x.c:1: folder moon has no line in src/LAYERS' src/moon/x.c "$spdx"
expect 'src/LAYERS:1: cli does not stand above base' src/LAYERS 'base: cli' 'dom: base' 'cli: base dom'
expect 'src/cli/x.c:2: <gumbo.h> does not belong here' src/cli/x.c "$spdx" '#include <gumbo.h>'
expect 'src/cli/x.c:2: <unicode/uchar.h> does not belong here' src/cli/x.c "$spdx" \
    '#include <unicode/uchar.h>'
expect 'src/dom/x.c:2: <curl/curl.h> does not belong here' src/dom/x.c "$spdx" '# include <curl/curl.h>'
expect 'src/base/x.c:2: <ctype.h> does not belong here' src/base/x.c "$spdx" '#include <ctype.h>'
for name in strcpy strcat sprintf strtok atoi localtime setlocale; do
    expect "src/cli/x.c:2: $name is banned" src/cli/x.c "$spdx" "  /* a */ $name (\"/*\", '\"', x);"
done
expect 'src/dom/x.c:3: gumbo_destroy_output is banned' src/dom/x.c "$spdx" '/* gumbo_destroy_output( */' \
    'gumbo_destroy_output(&options, output);'
expect 'src/dom/x.c:3: heap memory, and no _new in the file' src/dom/x.c "$spdx" \
    'int f(void) {' '    void *p = calloc(1, 2); /* thing_new( */' 'thing_new();'
expect 'src/cli/x.c:1: no SPDX line' src/cli/x.c '/* a file */' ''
expect 'scripts/x:1: no SPDX line' scripts/x '#!/bin/bash' ''
expect 'README.md:1: path of a machine' README.md "cd $(cd "$tree" && pwd -P)/build"
expect 'README.md:2: path of a machine' README.md 'see' "cd /hom""e/someone/dehusk"
exit $((failures > 0))
