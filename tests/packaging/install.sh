#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs the build and uses what was installed: the program finds its rules, examples/ is built
# through pkg-config and through find_package, against the shared and the static library, and runs.
# No installed file names the folder it was built in.
# Given: BUILD SOURCE CMAKE CC CFLAGS LIBDIR VERSION CONFIG.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
fail() { echo "$*" >&2; exit 1; }

"$CMAKE" --install "$BUILD" --prefix "$root" >"$work/log" || { cat "$work/log"; exit 1; }
for file in bin/dehusk include/dehusk.h "$LIBDIR/libdehusk.a" "$LIBDIR/libdehusk.so" \
        "$LIBDIR/libdehusk.so.${VERSION%%.*}" "$LIBDIR/pkgconfig/dehusk.pc" share/dehusk/rules; do
    [[ -e $root/$file ]] || fail "$file is not installed"
done
# No room for the folder's files but what these ask for.
[[ $(find "$root/include" -type f) == "$root/include/dehusk.h" ]] || fail "more than one header"
# libcurl with its twenty libraries, and libcrypto, are loaded when they are needed, not at each start.
if ldd "$root/bin/dehusk" | grep -E 'libcurl|libcrypto'; then fail "the program is linked against it"; fi
diff -r "$SOURCE/rules" "$root/share/dehusk/rules"
for page in "$SOURCE"/man/*; do
    [[ -e $root/share/man/man${page##*.}/${page##*/} ]] || fail "${page##*/} is not installed"
done

# Debug builds keep the paths: debuggers and reports of the sanitizers want them.
if [[ $CONFIG != Debug ]]; then
    if grep -rlF -e "$SOURCE" -e "$BUILD" "$root"; then fail "the path of the build is in there"; fi
fi

cat >"$work/page.html" <<'HTML'
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The mill turns again</title></head>
<body><nav><ul><li><a href="/a">Home</a></li><li><a href="/b">Sport</a></li></ul></nav>
<article><h1>The mill turns again</h1>
<p>After nine years of silence the water mill at the edge of the village is grinding flour again, and
the first sacks were carried out on Tuesday by the two sisters who bought it.</p>
<p>They had expected the repair to take a summer; it took three, because the axle had to be cut from
an oak that was felled, floated and dried for the purpose, as the old one had been.</p>
<p>The council has promised to keep the weir open, and the bakery has ordered everything they mill
until the end of the year.</p></article>
<footer><p>Copyright The Gazette. All rights reserved.</p></footer></body></html>
HTML

check_run() {
    "$@" "$work/page.html" >"$work/out" || fail "$* failed"
    grep -q 'first sacks were carried out' "$work/out" || { cat "$work/out"; fail "$*: no article"; }
    if grep -q 'All rights reserved' "$work/out"; then fail "$*: the footer is in it"; fi
}
# Moved, the tree still works.
mv "$root" "$work/moved"
root=$work/moved
check_run env -u XDG_CONFIG_HOME HOME="$work" "$root/bin/dehusk" clean

export PKG_CONFIG_PATH=$root/$LIBDIR/pkgconfig
[[ $(pkg-config --modversion dehusk) == "$VERSION" ]] || fail "pkg-config: another version"
# The flags are meant to be split.
$CC $CFLAGS "$SOURCE/examples/titles.c" $(pkg-config --cflags --libs dehusk) -o "$work/shared"
check_run env LD_LIBRARY_PATH="$root/$LIBDIR" "$work/shared"
$CC $CFLAGS "$SOURCE/examples/titles.c" $(pkg-config --cflags dehusk) "$root/$LIBDIR/libdehusk.a" \
    $(pkg-config --static --libs dehusk | sed 's/-ldehusk//') -o "$work/static"
check_run "$work/static"

mkdir "$work/consumer"
cat >"$work/consumer/CMakeLists.txt" <<CMAKE
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES C)
find_package(dehusk ${VERSION%.*} REQUIRED)
foreach(kind dehusk static)
    add_executable(with_\${kind} "$SOURCE/examples/titles.c")
    target_link_libraries(with_\${kind} PRIVATE dehusk::\${kind})
endforeach()
CMAKE
"$CMAKE" -G Ninja -S "$work/consumer" -B "$work/consumer/build" -DCMAKE_PREFIX_PATH="$root" \
    -DCMAKE_C_COMPILER="$CC" -DCMAKE_C_FLAGS="$CFLAGS" >"$work/log" 2>&1 &&
    "$CMAKE" --build "$work/consumer/build" >>"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
check_run "$work/consumer/build/with_dehusk"
check_run "$work/consumer/build/with_static"
