#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Folders are mirrored; what exists is kept unless told else; lists.
source "$(dirname "$0")/common.bash"
mkdir -p saved/2024/may saved/.hidden saved/page_files
page one >saved/one.html
page two >saved/2024/two.htm
page three >saved/2024/may/three
page never >saved/.hidden/never.html
page never >saved/.never.html
echo 'body { color: red }' >saved/page_files/style.css
echo 'a picture' >saved/page_files/picture.PNG
ln -s .. saved/2024/up
ln -s 2024 saved/again
ln -s nowhere saved/dangling

run 1 clean saved -o out --format md
files_are out one.md 2024/two.md 2024/may/three.md
has out/2024/two.md 'the two will be moved'
has "$err" '3 pages cleaned, 1 failed'
has "$err" 'saved/dangling: No such file'
has "$err" '2 files of folders left out'
empty "$out"
rm saved/dangling

# Kept by default, resumed, replaced.
echo mine >out/one.md
rm out/2024/two.md
run 0 clean saved -o out --format md
[[ $(cat out/one.md) == mine ]] || fail 'not kept'
has "$err" '1 page cleaned'
has "$err" '2 not done, their outputs exist'
has out/2024/two.md "$last"
rm out/2024/two.md
run 0 clean saved -o out --format md --skip-existing
[[ $(cat out/one.md) == mine ]] || fail 'not kept'
lacks "$err" 'not done'
has out/2024/two.md "$last"
run 0 clean saved -o out --format md --overwrite
has out/one.md "$last"
run 2 clean saved -o out --overwrite --skip-existing

# An output folder below the inputs is none of them; the inputs' own folder is refused.
run 0 clean saved -o saved/clean
run 0 clean saved -o saved/clean
files_are saved/clean one.txt 2024/two.txt 2024/may/three.txt
rm -r saved/clean
run 2 clean saved -o saved
run 2 clean saved -o saved/2024/..
files_are saved one.html 2024/two.htm 2024/may/three .hidden/never.html .never.html \
    page_files/style.css page_files/picture.PNG

# Several folders go under their names; a folder by option is the same.
cp -r saved other
run 0 clean saved other -o two
files_are two saved/one.txt saved/2024/two.txt saved/2024/may/three.txt \
    other/one.txt other/2024/two.txt other/2024/may/three.txt
run 0 clean --input-dir saved -o by-option
files_are by-option one.txt 2024/two.txt 2024/may/three.txt

# Lists: paths are mirrored as they stand; blank lines, CR LF, addresses behind a tab.
{
    echo saved/one.html
    echo
    printf 'saved/2024/two.htm\thttps://example.org/two\r\n'
    printf './saved/../saved/2024/may/three'
} >list
run 0 clean -i list -o listed --format json
files_are listed saved/one.json saved/2024/two.json saved/saved/2024/may/three.json
has listed/saved/2024/two.json '"source": "https://example.org/two"'
"$DEHUSK" clean --input-file - --quiet <list >got || fail 'list on stdin'
[[ $(grep -c '^==> ' got) -eq 3 ]] || fail 'three of the list'
echo missing.html >>list
sed -i 's/threemissing/three\nmissing/' list
run 1 clean -i list
has "$err" 'missing.html: No such file'
has "$err" '3 pages cleaned, 1 failed'
run 1 clean -i no-such-list
has "$err" 'no-such-list: No such file'

# The same pages whatever the number of workers.
for i in {1..30}; do page "word$i" >"saved/w$i.html"; done
run 0 clean saved -j 1
cp "$out" want
run 0 clean saved --parallel 4
same "$out" want
run 2 clean saved -j 0
run 2 clean saved -j many

# Where it cannot be written.
run 2 clean saved -o list
has "$err" 'list: '
run 2 clean saved -o /dev/null/x
mkdir -p blocked
echo 'in the way' >blocked/2024
run 0 clean saved/2024/two.htm saved/one.html -o blocked
files_are blocked 2024 two.txt one.txt
run 1 clean saved -o blocked
has "$err" 'is no folder'
if [[ $(id -u) -ne 0 ]]; then
    mkdir readonly
    chmod 555 readonly
    run 1 clean saved -o readonly
    has "$err" 'Permission denied'
    has "$err" 'nothing can be written: stopped'
fi
