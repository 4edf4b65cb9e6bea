/* SPDX-License-Identifier: Apache-2.0 */
/* check FILE...: holds WARC files to the standard (ISO 28500:2017, annexes of 1.0 and 1.1 alike) as far as it can
 * be read off the bytes: grammar of the records, their order and fields, lengths, digests, and that each
 * record of a .gz is one gzip member. Prints "FILE:OFFSET: what" for each breach and a count at the end. Exit
 * status 1 when there is one.
 *
 * It must not share a mistake with the writer: it uses nothing of src/, reads whole files into memory, and
 * has a SHA-1 of its own (RFC 3174). */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

typedef struct bytes {
    const unsigned char *at;
    size_t len;
} bytes;

static const char *file;
static size_t offset; /* of the record at hand in the file */
static unsigned breaches, records;
static bool packed;

static void breach(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void breach(const char *format, ...) {
    va_list args;
    va_start(args, format);
    printf("%s:%zu: ", file, offset);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
    breaches++;
}

static void *get_memory(void *old, size_t size) {
    void *memory = realloc(old, size > 0 ? size : 1);
    if (memory == NULL) abort();
    return memory;
}

/* SHA-1. */

static uint32_t turn(uint32_t x, int n) {
    return x << n | x >> (32 - n);
}

static void sha1_block(uint32_t h[5], const unsigned char *p) {
    uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int t = 0; t < 16; t++)
        w[t] = (uint32_t)p[4 * t] << 24 | (uint32_t)p[4 * t + 1] << 16 |
               (uint32_t)p[4 * t + 2] << 8 | p[4 * t + 3];
    for (int t = 16; t < 80; t++) w[t] = turn(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    for (int t = 0; t < 80; t++) {
        uint32_t f, k;
        if (t < 20)
            f = (b & c) | (~b & d), k = 0x5A827999;
        else if (t < 40)
            f = b ^ c ^ d, k = 0x6ED9EBA1;
        else if (t < 60)
            f = (b & c) | (b & d) | (c & d), k = 0x8F1BBCDC;
        else
            f = b ^ c ^ d, k = 0xCA62C1D6;
        uint32_t next = turn(a, 5) + f + e + w[t] + k;
        e = d, d = c, c = turn(b, 30), b = a, a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
}

static void sha1_base32(bytes in, char out[33]) {
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    unsigned char last[128] = {0}, sum[20];
    size_t whole = in.len / 64 * 64, rest = in.len - whole, tail = rest < 56 ? 64 : 128;
    for (size_t i = 0; i < whole; i += 64) sha1_block(h, in.at + i);
    if (rest > 0) memcpy(last, in.at + whole, rest);
    last[rest] = 0x80;
    for (int i = 0; i < 8; i++)
        last[tail - 1 - (size_t)i] = (unsigned char)((uint64_t)in.len * 8 >> 8 * i);
    for (size_t i = 0; i < tail; i += 64) sha1_block(h, last + i);
    for (int i = 0; i < 20; i++) sum[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
    for (int i = 0; i < 32; i++) {
        int bit = i * 5, byte = bit / 8;
        unsigned pair = (unsigned)sum[byte] << 8 | (byte < 19 ? sum[byte + 1] : 0);
        out[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[pair >> (11 - bit % 8) & 31];
    }
    out[32] = '\0';
}

/* The record's fields. */

typedef struct field {
    char name[64];
    bytes value;
} field;

typedef struct record {
    field fields[64];
    size_t count;
    bytes block;
} record;

static bool same_name(const char *a, const char *b) {
    for (; *a != '\0' && *b != '\0'; a++, b++)
        if ((*a | 0x20) != (*b | 0x20)) return false;
    return *a == *b;
}

static const field *find(const record *r, const char *name) {
    for (size_t i = 0; i < r->count; i++)
        if (same_name(r->fields[i].name, name)) return &r->fields[i];
    return NULL;
}

static bool is(const record *r, const char *name, const char *value) {
    const field *f = find(r, name);
    return f != NULL && f->value.len == strlen(value) &&
           memcmp(f->value.at, value, f->value.len) == 0;
}

static bool is_token(unsigned char c) {
    return c > ' ' && c < 0x7F && strchr("()<>@,;:\\\"/[]?={}", c) == NULL;
}

/* "name: value" without its line end. */
static void read_field(record *r, bytes line) {
    size_t name = 0;
    while (name < line.len && is_token(line.at[name])) name++;
    if (name == 0 || name >= sizeof r->fields->name || name == line.len || line.at[name] != ':') {
        breach("no field: %.*s", line.len < 60 ? (int)line.len : 60, (const char *)line.at);
        return;
    }
    if (r->count == sizeof r->fields / sizeof *r->fields) {
        breach("too many fields");
        return;
    }
    field *f = &r->fields[r->count++];
    memcpy(f->name, line.at, name);
    f->name[name] = '\0';
    name++;
    while (name < line.len && (line.at[name] == ' ' || line.at[name] == '\t')) name++;
    f->value = (bytes){line.at + name, line.len - name};
    for (size_t i = 0; i < f->value.len; i++)
        if (f->value.at[i] < ' ' && f->value.at[i] != '\t')
            breach("control character in %s", f->name);
}

/* The head's length, with the empty line; 0: it has no end or a line ends without CR. */
static size_t read_head(record *r, bytes in) {
    size_t at = 0;
    for (int line = 0;; line++) {
        const unsigned char *end = at < in.len ? memchr(in.at + at, '\n', in.len - at) : NULL;
        if (end == NULL) return breach("the header has no end"), (size_t)0;
        size_t len = (size_t)(end - (in.at + at));
        if (len == 0 || end[-1] != '\r') return breach("a header line without CR"), (size_t)0;
        bytes text = {in.at + at, len - 1};
        at += len + 1;
        if (text.len == 0) return at;
        bool version = text.len == 8 &&
                       (memcmp(text.at, "WARC/1.0", 8) == 0 || memcmp(text.at, "WARC/1.1", 8) == 0);
        if (line == 0 && !version) return breach("no version line"), (size_t)0;
        if (line > 0) read_field(r, text);
    }
}

static size_t number_of(bytes text) {
    size_t number = 0;
    if (text.len == 0 || text.len > 15) return SIZE_MAX;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') return SIZE_MAX;
        number = number * 10 + (size_t)(text.at[i] - '0');
    }
    return number;
}

/* What must hold of the fields. */

static void check_shapes(const record *r) {
    static const char *const once[] = {
        "WARC-Type",      "WARC-Record-ID",  "WARC-Date",         "Content-Length",
        "Content-Type",   "WARC-Target-URI", "WARC-Block-Digest", "WARC-Payload-Digest",
        "WARC-Truncated", "WARC-Profile",    "WARC-Refers-To"};
    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        int count = 0;
        for (size_t k = 0; k < r->count; k++) count += same_name(r->fields[k].name, once[i]);
        if (count > 1) breach("%s stands %d times", once[i], count);
        if (i < 4 && count == 0) breach("%s is missing", once[i]);
    }
    static const char *const ids[] = {"WARC-Record-ID", "WARC-Concurrent-To", "WARC-Warcinfo-ID",
                                      "WARC-Refers-To"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const field *f = find(r, ids[i]);
        if (f == NULL) continue;
        bytes v = f->value;
        if (v.len < 12 || memcmp(v.at, "<urn:uuid:", 10) != 0 || v.at[v.len - 1] != '>')
            breach("%s is no <urn:uuid:...>", ids[i]);
    }
    const field *date = find(r, "WARC-Date");
    static const char shape[] = "dddd-dd-ddTdd:dd:dd";
    for (size_t i = 0; date != NULL && i < sizeof shape - 1; i++) {
        unsigned char c = i < date->value.len ? date->value.at[i] : 0;
        if (shape[i] == 'd' ? c < '0' || c > '9' : c != (unsigned char)shape[i]) {
            breach("WARC-Date is none");
            break;
        }
    }
    if (date != NULL && date->value.len > 0 && date->value.at[date->value.len - 1] != 'Z')
        breach("WARC-Date is not UTC");
}

static void check_type(const record *r) {
    static const char *const types[] = {"warcinfo", "response", "resource",   "request",
                                        "metadata", "revisit",  "conversion", "continuation"};
    bool known = false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        known = known || is(r, "WARC-Type", types[i]);
    if (!known) breach("WARC-Type is unknown");
    bool info = is(r, "WARC-Type", "warcinfo");
    if (info == (find(r, "WARC-Target-URI") != NULL))
        breach(info ? "warcinfo with a WARC-Target-URI" : "no WARC-Target-URI");
    if (records == 0 && !info) breach("the first record is no warcinfo");
    if (r->block.len > 0 && find(r, "Content-Type") == NULL) breach("no Content-Type");
    bool revisit = is(r, "WARC-Type", "revisit");
    if (revisit != (find(r, "WARC-Profile") != NULL)) breach("WARC-Profile belongs to a revisit");
    bool is_http = (is(r, "WARC-Type", "response") || is(r, "WARC-Type", "request") || revisit) &&
                   find(r, "WARC-Target-URI") != NULL &&
                   memcmp(find(r, "WARC-Target-URI")->value.at, "http", 4) == 0;
    const field *type = find(r, "Content-Type");
    if (is_http && type != NULL &&
        (type->value.len < 16 || memcmp(type->value.at, "application/http", 16) != 0))
        breach("an HTTP message that is not application/http");
    if (is(r, "WARC-Type", "response") && is_http &&
        (r->block.len < 5 || memcmp(r->block.at, "HTTP/", 5) != 0))
        breach("a response that does not begin as one");
}

/* Of an HTTP answer what is behind its head, without chunks. */
static bytes payload_of(bytes block, unsigned char **owned) {
    size_t head = 0;
    for (size_t i = 0; i + 4 <= block.len && head == 0; i++)
        if (memcmp(block.at + i, "\r\n\r\n", 4) == 0) head = i + 4;
    if (head == 0) return (bytes){block.at + block.len, 0};
    bytes body = {block.at + head, block.len - head};
    bool chunked = false;
    for (size_t i = 0; i + 26 < head; i++) {
        char line[27] = {0};
        memcpy(line, block.at + i, 26);
        chunked = chunked || same_name(line, "Transfer-Encoding: chunked");
    }
    if (!chunked) return body;
    unsigned char *out = *owned = get_memory(NULL, body.len);
    size_t made = 0, at = 0;
    while (at < body.len) {
        char *end;
        char digits[20] = {0};
        memcpy(digits, body.at + at, body.len - at < 19 ? body.len - at : 19);
        unsigned long size = strtoul(digits, &end, 16);
        const unsigned char *line = memchr(body.at + at, '\n', body.len - at);
        if (line == NULL || end == digits || size == 0) break;
        at = (size_t)(line + 1 - body.at);
        if (size > body.len - at) size = body.len - at;
        memcpy(out + made, body.at + at, size);
        made += size;
        at += size + 2;
    }
    return (bytes){out, made};
}

static void check_digest(const record *r, const char *name, bytes content) {
    const field *f = find(r, name);
    char sum[33];
    if (f == NULL) return;
    if (f->value.len != 37 || memcmp(f->value.at, "sha1:", 5) != 0) {
        breach("%s is no SHA-1 in base 32", name);
        return;
    }
    sha1_base32(content, sum);
    if (memcmp(f->value.at + 5, sum, 32) != 0) breach("%s is wrong: it is sha1:%s", name, sum);
}

static void check_digests(const record *r) {
    unsigned char *owned = NULL;
    check_digest(r, "WARC-Block-Digest", r->block);
    if (is(r, "WARC-Type", "response")) {
        if (find(r, "WARC-Payload-Digest") == NULL) breach("no WARC-Payload-Digest");
        check_digest(r, "WARC-Payload-Digest", payload_of(r->block, &owned));
    }
    free(owned);
}

/* Links: what WARC-Concurrent-To and WARC-Warcinfo-ID name must be in the file. */

static char (*ids)[64], (*links)[64];
static size_t id_count, link_count;

static void note(char (**list)[64], size_t *count, const field *f) {
    if (f == NULL || f->value.len >= 64) return;
    *list = get_memory(*list, (*count + 1) * sizeof **list);
    memcpy((*list)[*count], f->value.at, f->value.len);
    (*list)[*count][f->value.len] = '\0';
    ++*count;
}

static int by_text(const void *a, const void *b) {
    return strcmp(a, b);
}

static void check_links(void) {
    if (id_count > 0) qsort(ids, id_count, sizeof *ids, by_text);
    for (size_t i = 1; i < id_count; i++)
        if (strcmp(ids[i - 1], ids[i]) == 0) breach("%s stands twice", ids[i]);
    for (size_t i = 0; i < link_count; i++)
        if (id_count == 0 || bsearch(links[i], ids, id_count, sizeof *ids, by_text) == NULL)
            breach("%s is named and not there", links[i]);
    id_count = link_count = 0;
}

/* One record at the front of in; its length, or 0. */
static size_t check_record(bytes in) {
    record r = {.count = 0};
    size_t head = read_head(&r, in);
    if (head == 0) return 0;
    const field *length = find(&r, "Content-Length");
    size_t len = length != NULL ? number_of(length->value) : SIZE_MAX;
    if (len == SIZE_MAX) return breach("Content-Length is none"), (size_t)0;
    if (len > in.len - head || in.len - head - len < 4)
        return breach("the block is shorter than its length"), (size_t)0;
    r.block = (bytes){in.at + head, len};
    if (memcmp(r.block.at + len, "\r\n\r\n", 4) != 0) breach("no two empty lines behind the block");
    check_shapes(&r);
    check_type(&r);
    check_digests(&r);
    note(&ids, &id_count, find(&r, "WARC-Record-ID"));
    note(&links, &link_count, find(&r, "WARC-Concurrent-To"));
    note(&links, &link_count, find(&r, "WARC-Warcinfo-ID"));
    records++;
    return head + len + 4;
}

/* A gzip member at the front of in, unpacked to *out; its packed length, or 0. */
static size_t unpack(bytes in, unsigned char **out, size_t *len) {
    static unsigned char room[1 << 16];
    z_stream z = {0};
    if (inflateInit2(&z, 31) != Z_OK) abort();
    memcpy(&z.next_in, &in.at, sizeof z.next_in);
    z.avail_in = (uInt)in.len;
    int code = Z_OK;
    *len = 0;
    while (code == Z_OK) {
        z.next_out = room;
        z.avail_out = sizeof room;
        code = inflate(&z, Z_NO_FLUSH);
        size_t made = sizeof room - z.avail_out;
        *out = get_memory(*out, *len + made);
        memcpy(*out + *len, room, made);
        *len += made;
    }
    size_t used = in.len - z.avail_in;
    inflateEnd(&z);
    if (code != Z_STREAM_END) breach("no whole gzip member");
    return code == Z_STREAM_END ? used : 0;
}

static void check_file(bytes all) {
    records = 0;
    packed = all.len > 1 && all.at[0] == 0x1F && all.at[1] == 0x8B;
    for (offset = 0; offset < all.len;) {
        bytes rest = {all.at + offset, all.len - offset};
        unsigned char *text = NULL;
        size_t len, used;
        if (packed) {
            used = unpack(rest, &text, &len);
            size_t in_record = used > 0 ? check_record((bytes){text, len}) : 0;
            if (in_record > 0 && in_record != len) breach("more than one record in a gzip member");
        } else {
            used = check_record(rest);
        }
        free(text);
        if (used == 0) break;
        offset += used;
    }
    if (all.len == 0) breach("empty");
    check_links();
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        file = argv[i];
        FILE *in = fopen(file, "rb");
        unsigned char *all = NULL;
        size_t len = 0, n = 0;
        offset = 0;
        if (in == NULL) {
            breach("cannot be opened");
            continue;
        }
        do {
            len += n;
            all = get_memory(all, len + (1 << 16));
        } while ((n = fread(all + len, 1, 1 << 16, in)) > 0);
        fclose(in);
        check_file((bytes){all, len});
        printf("%s: %u records\n", file, records);
        free(all);
    }
    free(ids);
    free(links);
    if (breaches > 0) printf("%u breaches\n", breaches);
    return breaches > 0;
}
