/* SPDX-License-Identifier: Apache-2.0 */
#include "dom/entity.h"

#include "base/utf8.h"

typedef struct entity {
    unsigned char name_len, value_len;
    char name[33];
    char value[8];
} entity;

static const entity entities[] = {
#include "dom/entities.inc"
};
enum { ENTITY_COUNT = sizeof entities / sizeof entities[0], LONGEST_NAME = 32 };

/* HTML standard 13.2.5.80: numbers 80 to 9F mean windows-1252. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

static size_t numeric(dh_slice raw, char out[8], size_t *len) {
    size_t at = 2;
    bool hex = at < raw.len && dh_lower(raw.ptr[at]) == 'x';
    if (hex) at++;
    size_t first = at;
    uint32_t code = 0;
    for (; at < raw.len; at++) {
        char c = dh_lower(raw.ptr[at]);
        uint32_t digit;
        if (dh_is_digit(c)) digit = (uint32_t)(c - '0');
        else if (hex && c >= 'a' && c <= 'f') digit = (uint32_t)(c - 'a') + 10;
        else break;
        if (code < 0x110000) code = code * (hex ? 16 : 10) + digit;
    }
    if (at == first) return 0;
    if (at < raw.len && raw.ptr[at] == ';') at++;
    if (code >= 0x80 && code <= 0x9F) code = windows_1252[code - 0x80];
    if (code == 0) code = DH_REPLACEMENT;
    *len = dh_utf8_encode(code, out);
    return at;
}

/* Length of the alphanumeric run, semicolon included: what a name can be made of. */
static size_t name_room(dh_slice raw) {
    size_t n = 1;
    while (n < raw.len && n <= LONGEST_NAME && dh_is_alnum(raw.ptr[n])) n++;
    if (n < raw.len && raw.ptr[n] == ';') n++;
    return n - 1;
}

static const entity *lookup(const char *name, size_t len) {
    size_t low = 0, high = ENTITY_COUNT;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const entity *e = &entities[mid];
        int order = (unsigned char)e->name[0] - (unsigned char)name[0];
        if (order == 0)
            order = dh_slice_compare((dh_slice){e->name, e->name_len}, (dh_slice){name, len});
        if (order == 0) return e;
        if (order < 0) low = mid + 1;
        else high = mid;
    }
    return NULL;
}

/* The few that make up nearly all of a page's references, without a search. */
static size_t common(dh_slice raw, char *out) {
    static const struct {
        dh_slice name;
        char value;
    } list[] = {{DH_SLICE_INIT("&amp;"), '&'},
                {DH_SLICE_INIT("&quot;"), '"'},
                {DH_SLICE_INIT("&lt;"), '<'},
                {DH_SLICE_INIT("&gt;"), '>'}};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (raw.ptr[1] != list[i].name.ptr[1] || !dh_slice_starts(raw, list[i].name)) continue;
        *out = list[i].value;
        return list[i].name.len;
    }
    return 0;
}

size_t dh_entity_at(dh_slice raw, bool in_attribute, char out[8], size_t *len) {
    if (raw.len < 2) return 0;
    if (raw.ptr[1] == '#') return numeric(raw, out, len);
    if (!dh_is_alpha(raw.ptr[1])) return 0;
    size_t used = common(raw, out);
    if (used > 0) {
        *len = 1;
        return used;
    }
    size_t room = name_room(raw);
    /* In an attribute a name that ends before its run of letters and digits does is none. */
    size_t shortest = in_attribute && room > 2 ? room : 2;
    for (size_t n = room; n >= shortest; n--) {
        /* Only names with a semicolon are longer than the six letters of the legacy ones. */
        if (n < room && n > 6) n = 6;
        const entity *e = lookup(raw.ptr + 1, n);
        if (e == NULL) continue;
        bool closed = raw.ptr[n] == ';';
        char next = n + 1 < raw.len ? raw.ptr[n + 1] : ' ';
        if (!closed && in_attribute && (next == '=' || dh_is_alnum(next))) return 0;
        memcpy(out, e->value, e->value_len);
        *len = e->value_len;
        return n + 1;
    }
    return 0;
}

dh_slice dh_entity_decode(dh_slice raw, bool in_attribute, dh_arena *arena) {
    const char *amp = raw.len > 0 ? memchr(raw.ptr, '&', raw.len) : NULL;
    if (amp == NULL) return raw;
    /* A decoded reference is never longer than its source but for a few two-letter names
     * (&nGt; and its like gain at most one byte in six); room for twice is plenty. */
    char *out = dh_arena_alloc(arena, raw.len * 2 + 8);
    size_t n = 0, at = 0;
    while (at < raw.len) {
        amp = memchr(raw.ptr + at, '&', raw.len - at);
        size_t plain = amp != NULL ? (size_t)(amp - raw.ptr) : raw.len;
        memcpy(out + n, raw.ptr + at, plain - at);
        n += plain - at;
        at = plain;
        if (amp == NULL) break;
        size_t len = 0;
        size_t used = dh_entity_at(dh_slice_sub(raw, at, raw.len), in_attribute, out + n, &len);
        if (used == 0) {
            out[n++] = '&';
            at++;
        } else {
            n += len;
            at += used;
        }
    }
    return (dh_slice){out, n};
}
