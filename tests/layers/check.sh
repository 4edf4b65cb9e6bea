#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# check.sh TREE: who may include whom (src/LAYERS), which system headers and functions are used where,
# SPDX lines, and no path of the machine it runs on. Prints FILE:LINE: WHAT for each breach.
# Exit status 1 when there is one.
set -uo pipefail
export LC_ALL=C
cd "$1" || exit 2
root=$(pwd -P)
found=$(mktemp) || exit 2
trap 'rm -f "$found"' EXIT

files() { find "$@" -type f 2>/dev/null | sort; }

# Comments and strings are blanked, so that a name in a comment is not a use of it. Knows no
# trigraphs and no line continued by a backslash inside a string.
code() {
    awk '
    FNR == 1 { open = 0 }
    {
        line = $0; out = ""
        while (line != "") {
            if (open) {
                at = index(line, "*/")
                if (at == 0) { line = ""; break }
                line = substr(line, at + 2); open = 0; out = out " "
            } else if (match(line, /\/\*|\/\/|"([^"\\]|\\.)*"|\047([^\047\\]|\\.)*\047/)) {
                token = substr(line, RSTART, RLENGTH)
                out = out substr(line, 1, RSTART - 1)
                line = substr(line, RSTART + RLENGTH)
                if (token == "/*") open = 1
                else if (token == "//") line = ""
                else out = out "\"\""
            } else { out = out line; line = "" }
        }
        print FILENAME ":" FNR ": " out
    }' "$@"
}

# 1. Layers. A folder may include itself and the folders its line names; a line may name only
#    folders that stand above it; every folder of src/ has a line.
awk '
FILENAME == "src/LAYERS" {
    name = $1
    if (sub(/:$/, "", name) == 0) { print FILENAME ":" FNR ": not \"folder: folders\""; next }
    if (name in known) print FILENAME ":" FNR ": " name " stands twice"
    for (i = 2; i <= NF; i++) {
        if (!($i in known)) print FILENAME ":" FNR ": " $i " does not stand above " name
        may[name, $i] = 1
    }
    known[name] = 1; may[name, name] = 1
    next
}
{ split(FILENAME, part, "/"); folder = part[2] }
FNR == 1 && !(folder in known) { print FILENAME ":1: folder " folder " has no line in src/LAYERS" }
/^[ \t]*#[ \t]*include[ \t]*"/ {
    name = $0; sub(/^[^"]*"/, "", name); sub(/".*/, "", name)
    at = index(name, "/")
    if (at == 0) { print FILENAME ":" FNR ": \"" name "\" is included without its folder"; next }
    other = substr(name, 1, at - 1)
    if (!(other in known)) print FILENAME ":" FNR ": \"" name "\" is in no folder of src/LAYERS"
    else if (!((folder, other) in may))
        print FILENAME ":" FNR ": " folder " may not include " other
}' src/LAYERS $(files src -name '*.[ch]' -o -type f -name '*.cc' -o -type f -name '*.def') >>"$found"

# 2. System headers with one home.
grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<' -r src --include='*.[ch]' --include='*.cc' --include='*.def' |
    awk -F: '
    function home(pattern, places) {
        if (header ~ pattern && $1 !~ places) print $1 ":" $2 ": <" header "> does not belong here"
    }
    {
        header = $3; sub(/^[^<]*</, "", header); sub(/>.*/, "", header)
        home("^gumbo\\.h$", "^src/dom/dom_gumbo\\.c$")
        home("^unicode/", "^src/(input|text)/")
        home("^curl/", "^src/net/")
        home("^libpsl\\.h$", "^src/net/")
        home("^sqlite3\\.h$", "^src/(crawl|corpus)/")
        home("^cld2/", "^src/lang/cld2\\.cc$")
        home("^yaml\\.h$", "^src/corpus/")
        home("^archive(_entry)?\\.h$", "^src/archive/members\\.c$")
        home("^libxml/", "^src/(css/xpath(_count)?\\.[ch]|crawl/)")
        home("^(ctype|wctype)\\.h$", "^$")
        home("^locale\\.h$", "^src/archive/members\\.c$")
    }' >>"$found"

# 3. Functions that overrun, hide errors, keep state or look at the locale.
code $(files src examples bench tests -name '*.[ch]') | awk '
    match($0, /(^|[^A-Za-z0-9_])(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atoll|atof|gets|localtime|gmtime|asctime|ctime|setlocale|rand|tmpnam|mktemp)[ \t]*\(/) {
        name = substr($0, RSTART, RLENGTH); gsub(/[^a-z]/, "", name)
        place = $0; sub(/ .*/, "", place)
        print place " " name " is banned"
    }' >>"$found"

# A deep tree overflows the stack of this one: trees go with their arena.
code $(files src -name '*.[ch]') | awk '
    /(^|[^A-Za-z0-9_])gumbo_destroy_output[ \t]*\(/ { sub(/ .*/, ""); print $0 " gumbo_destroy_output is banned" }' >>"$found"

# 4. Memory comes from base/ (arena, buf). The heap is for objects that outlive a page, in files that
#    have a _new for them, and for the program itself.
code $(files src -name '*.[ch]') | awk '
    { place = $1; split(place, part, ":"); file = part[1] }
    file ~ /^src\/(base|cli|net)\// { next }
    { text = substr($0, index($0, ": ") + 2) }
    text ~ /^[a-z].*_new[ \t]*\(/ && text !~ /;[ \t]*$/ { has_new[file] = 1 }
    /(^|[^A-Za-z0-9_])(malloc|calloc|realloc|strdup|strndup)[ \t]*\(/ { uses[place] = file }
    END {
        for (place in uses)
            if (!(uses[place] in has_new)) print place " heap memory, and no _new in the file"
    }' >>"$found"

# 5. The licence line, first or second line of whatever has comments.
for file in $(files src examples bench tests cmake scripts tools .ci \( -name '*.[ch]' -o -name '*.cc' -o -name '*.def' \
        -o -name '*.sh' -o -name '*.py' -o -name '*.cmake' -o -name '*.in' -o ! -name '*.*' \)) \
        CMakeLists.txt; do
    [[ $file == src/LAYERS || $file == */__pycache__/* ]] && continue
    # A file without an ending counts when it is a script.
    [[ ${file##*/} == *.* || $(head -c 2 "$file") == '#!' ]] || continue
    head -n 2 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' ||
        echo "$file:1: no SPDX line" >>"$found"
done

# 6. Paths of a machine: this tree's own place, and folders where people's files are.
others=$(find . -mindepth 1 -maxdepth 1 ! -name .git ! -name 'build*' | sort)
{
    grep -rnIF "$root/" $others | grep -v '^\./src/LAYERS'
    grep -rnIE "(^|[\"'=( ])/(work|root|home|Users)/" $others --exclude-dir=fixtures
} | awk -F: '{ print substr($1, 3) ":" $2 ": path of a machine" }' >>"$found"

if [[ -s $found ]]; then
    sort -u "$found"
    exit 1
fi
