#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tar and zip archives as inputs: good, torn and hostile members. tar is part of every Debian; a zip without compression is
# written here (perl), as is what no archiver would write.
source "$(dirname "$0")/common.bash"
all() { zstdcat "$1/$2"/*; }
mkdir -p site/stories
for word in lamp mast; do page "$word" >"site/stories/$word.html"; done
page منارة >site/stories/منارة.html
: >site/style.css
page nested | gzip -c >site/x.warc.gz
tar -cf good.tar site
run 0 corpus good.tar -o c1
has "$err" '3 kept, 0 rejected, 1 failed'
has "$err" '1 records of archives left out'
all c1 data >kept
has kept '"input": "good.tar"'
has kept '"member": "site/stories/lamp.html"'
has kept '"member": "site/stories/منارة.html"'
has kept "$last"
has <(all c1 rejected) 'an archive in an archive is not opened'
run 0 corpus verify c1

# Packed, in a folder, by clean.
mkdir folder
tar -czf folder/good.tar.gz site
tar -c site | zstd -q -o folder/good.tar.zst
run 0 corpus folder -o c2
has "$err" '6 kept, 0 rejected, 2 failed'
run 1 clean good.tar --format jsonl
lines "$out" 3
run 0 clean folder --format jsonl -q
empty "$out" # a folder of saved pages has archives as downloads

# Torn: what is whole is there.
head -c $(($(wc -c <good.tar) / 2)) good.tar >torn.tar
run 0 corpus torn.tar -o c3
[[ $(all c3 data | wc -l) -lt 3 && $(all c3 data | wc -l) -gt 0 ]] || fail 'torn'
has <(all c3 rejected) '"failed": "damaged"'
run 0 corpus verify c3
head -c 2000 folder/good.tar.gz >torn.tar.gz
run 0 corpus torn.tar.gz -o c4
has <(all c4 rejected) '"failed": "damaged"'
page alone >fake.zip
run 0 corpus fake.zip -o c5
has <(all c5 rejected) '"failed": "damaged"'
: >empty.tar
run 0 corpus empty.tar -o c6
run 1 corpus missing.tar -o c7

# Hostile.
cat >write.pl <<'END'
use strict;
sub tar { # name, type, link, bytes
    my ($name, $type, $link, $bytes) = @_;
    my $h = pack("a100 a8 a8 a8 a12 a12 a8 a1 a100 a6 a2 x247", $name, "0000644\0", "0000000\0", "0000000\0",
        sprintf("%011o\0", length $bytes), "00000000000\0", " " x 8, $type, $link, "ustar\0", "00");
    my $sum = unpack("%32C*", $h);
    substr($h, 148, 8) = sprintf("%06o\0 ", $sum);
    return $h . $bytes . ("\0" x (-length($bytes) % 512));
}
sub zip { # name, bytes, ...
    my ($local, $central, $n) = ("", "", 0);
    while (@_) {
        my ($name, $bytes) = (shift, shift);
        my $crc = crc($bytes);
        my $common = pack("v v v v v V V V v v", 20, 0x800, 0, 0, 0x21, $crc, length $bytes, length $bytes, length $name, 0);
        $central .= "PK\1\2" . pack("v", 20) . $common . pack("v v v V V", 0, 0, 0, 0, length $local) . $name;
        $local .= "PK\3\4" . $common . $name . $bytes;
        $n++;
    }
    return $local . $central . "PK\5\6" . pack("v v v v V V v", 0, 0, $n, $n, length $central, length $local, 0);
}
sub crc {
    my $c = 0xFFFFFFFF;
    for my $b (unpack "C*", $_[0]) { $c ^= $b; $c = $c & 1 ? ($c >> 1) ^ 0xEDB88320 : $c >> 1 for 1 .. 8 }
    return $c ^ 0xFFFFFFFF;
}
local $/; open(my $in, "<", "page.html"); my $page = <$in>;
open(my $t, ">", "bad.tar"); binmode $t;
print $t tar("/etc/page.html", "0", "", $page), tar("../../page.html", "0", "", $page), tar("a/../../p.html", "0", "", $page),
    tar("link.html", "2", "/etc/passwd", ""), tar("hard.html", "1", "good.html", ""), tar("dev.html", "3", "", ""),
    tar("pipe.html", "6", "", ""), tar("good.html", "0", "", $page), "\0" x 1024;
open(my $z, ">", "bad.zip"); binmode $z;
print $z zip("/abs.html", $page, "../up.html", $page, "..\\up.html", $page, "C:/x.html", $page, "good.html", $page,
    "\xD9\x85.html", $page);
END
page hostile >page.html
perl write.pl
run 0 corpus bad.tar -o c8 -q
all c8 data >kept
lines kept 1
has kept '"member": "good.html"'
all c8 rejected >rest
lines rest 7
[[ $(grep -c 'is a link' rest) -eq 2 && $(grep -c 'leads out of the archive' rest) -eq 2 &&
    $(grep -c 'absolute name' rest) -eq 1 && $(grep -c 'no plain file' rest) -eq 2 ]] || fail "$(cat rest)"
run 0 corpus bad.zip -o c9 -q
all c9 data >kept
lines kept 2
has kept '"member": "م.html"'
[[ $(all c9 rejected | wc -l) -eq 4 ]] || fail "$(all c9 rejected)"
[[ ! -e ../up.html && ! -e up.html && ! -e good.html ]] || fail 'something was written'
# The bytes of a member are changed: its checksum tells.
sed 's/ninety years/eighty years/' bad.zip >changed.zip
run 0 corpus changed.zip -o c10 -q
has <(all c10 rejected) 'the entry is damaged'
# However often it is killed and however it is cut, a member is one document.
run 0 corpus good.tar -o c11 --shard-documents 1 -q
diff <(all c1 data) <(all c11 data) || fail 'cut'
