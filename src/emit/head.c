/* SPDX-License-Identifier: Apache-2.0 */
#include "emit/head.h"

#include <stdio.h>

#include "base/json.h"
#include "emit/code.h"

dh_slice dh_head_title(const dh_article *article) {
    dh_slice title = dh_fields_value(article->fields, DH_FIELD_title);
    bool kept = false;
    if (title.len > 0) return title;
    for (uint32_t i = 0; i < article->blocks->len && !kept; i++) {
        const dh_decision *decision = &article->decisions[i];
        if (decision->role != DH_ROLE_TITLE) continue;
        kept = decision->verdict == DH_KEEP;
        dh_slice text = kept ? article->texts[i] : article->blocks->ptr[i].text;
        if (kept || title.len == 0) title = text;
    }
    return title;
}

dh_slice dh_head_url(const dh_article *article) {
    dh_slice url = dh_fields_value(article->fields, DH_FIELD_url);
    return url.len > 0 ? url : dh_fields_value(article->fields, DH_FIELD_canonical);
}

dh_slice dh_head_day(const dh_article *article, dh_field_kind kind) {
    return dh_slice_sub(dh_fields_value(article->fields, kind), 0, 10);
}

dh_slice dh_head_joined(const dh_article *article, dh_field_kind kind, const char *separator,
                        dh_arena *arena) {
    const dh_fields *fields = article->fields;
    uint32_t begin = 0;
    while (begin < fields->len && fields->ptr[begin].kind != kind) begin++;
    uint32_t end = begin;
    while (end < fields->len && fields->ptr[end].kind == kind) end++;
    if (begin == end) return (dh_slice){NULL, 0};
    if (end == begin + 1) return fields->ptr[begin].value;
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    for (uint32_t i = begin; i < end; i++) {
        if (i > begin) dh_buf_puts(&out, separator);
        dh_buf_put_slice(&out, fields->ptr[i].value);
    }
    return dh_buf_slice(&out);
}

/* How often each value of each byte of a hash came up: eight steps a word, the bits are summed
 * once. */
typedef struct simhash {
    uint32_t bytes[8][256];
    uint64_t words;
} simhash;

static void add_word(simhash *sum, uint64_t hash) {
    for (int i = 0; i < 8; i++) sum->bytes[i][hash >> 8 * i & 0xFF]++;
    sum->words++;
}

/* Bit i is the one that most words have. */
static uint64_t majority(const simhash *sum) {
    uint64_t hash = 0;
    for (int i = 0; i < 64; i++) {
        uint64_t set = 0;
        for (unsigned value = 0; value < 256; value++)
            if ((value >> i % 8 & 1) != 0) set += sum->bytes[i / 8][value];
        hash |= (uint64_t)(set * 2 > sum->words) << i;
    }
    return hash;
}

/* FNV-1a over code points in lower case (ASCII), mixed at the end of a word. */
static uint64_t add_code(uint64_t hash, uint32_t code) {
    if (code >= 'A' && code <= 'Z') code += 'a' - 'A';
    return (hash ^ code) * UINT64_C(0x100000001b3);
}

static uint64_t mix(uint64_t h) {
    h ^= h >> 32;
    h *= UINT64_C(0x9E3779B97F4A7C15);
    h ^= h >> 29;
    h *= UINT64_C(0xBF58476D1CE4E5B9);
    return h ^ h >> 32;
}

static void add_text(simhash *sum, dh_slice text) {
    const uint64_t start = UINT64_C(0xcbf29ce484222325);
    const char *p = text.ptr, *end = text.ptr + text.len;
    uint64_t word = start;
    uint32_t before = 0; /* the unspaced letter just in front */
    while (p < end) {
        uint32_t code;
        p += dh_utf8_decode(p, end, &code);
        bool unspaced = dh_code_unspaced(code);
        if (word != start && (unspaced || dh_code_separates(code))) {
            add_word(sum, mix(word));
            word = start;
        }
        if (unspaced) {
            if (before != 0) add_word(sum, mix(add_code(add_code(start, before), code)));
        } else if (!dh_code_separates(code)) {
            word = add_code(word, code);
        }
        before = unspaced ? code : 0;
    }
    if (word != start) add_word(sum, mix(word));
}

dh_slice dh_head_fingerprint(const dh_article *article, dh_arena *arena) {
    simhash sum = {.words = 0};
    for (uint32_t i = 0; i < article->blocks->len; i++)
        if (article->decisions[i].verdict == DH_KEEP &&
            article->decisions[i].role == DH_ROLE_BODY && article->texts[i].len > 0)
            add_text(&sum, article->texts[i]);
    if (sum.words == 0) return (dh_slice){NULL, 0};
    char hex[20];
    snprintf(hex, sizeof hex, "%016llx", (unsigned long long)majority(&sum));
    return dh_arena_dup(arena, dh_slice_cstr(hex));
}

/* Whether YAML 1.2 (and 1.1, of which parsers remain) reads s as this very string. */
static bool is_plain_yaml(dh_slice s) {
    static const char *const words[] = {"true", "false", "null", "yes", "no",
                                        "on",   "off",   "y",    "n"};
    if (s.len == 0 || dh_is_space(s.ptr[0]) || dh_is_space(s.ptr[s.len - 1])) return false;
    if (dh_is_ascii_punct(s.ptr[0]) && s.ptr[0] != '(' && s.ptr[0] != '/') return false;
    bool number = true;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i], next = i + 1 < s.len ? s.ptr[i + 1] : ' ';
        if ((unsigned char)c < ' ' || c == 0x7F) return false;
        if ((c == ':' && next == ' ') || (c == ' ' && next == '#')) return false;
        if (!dh_is_digit(c) && memchr(".,:+-_eExX", c, 10) == NULL) number = false;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (dh_slice_eq_nocase(s, dh_slice_cstr(words[i]))) return false;
    return !number && dh_utf8_valid_prefix(s) == s.len;
}

static void put_value(dh_buf *out, dh_slice value) {
    if (is_plain_yaml(value))
        dh_buf_put_slice(out, value);
    else
        dh_json_put_string(out, value); /* a JSON string is a YAML string */
}

static void put_line(dh_buf *out, const char *key, dh_slice value) {
    if (value.len == 0) return;
    dh_buf_puts(out, key);
    dh_buf_puts(out, ": ");
    put_value(out, value);
    dh_buf_putc(out, '\n');
}

static void put_day(dh_buf *out, dh_slice day) {
    bool date = day.len > 0;
    for (size_t i = 0; i < day.len; i++)
        date = date && (dh_is_digit(day.ptr[i]) || day.ptr[i] == '-');
    if (date)
        dh_buf_printf(out, "date: %.*s\n", (int)day.len, day.ptr);
    else
        put_line(out, "date", day);
}

static void put_list(dh_buf *out, const char *key, const dh_article *article, dh_field_kind kind) {
    bool any = false;
    for (uint32_t i = 0; i < article->fields->len; i++) {
        if (article->fields->ptr[i].kind != kind) continue;
        if (any)
            dh_buf_puts(out, ", ");
        else
            dh_buf_printf(out, "%s: [", key);
        dh_json_put_string(out, article->fields->ptr[i].value);
        any = true;
    }
    if (any) dh_buf_puts(out, "]\n");
}

void dh_head_put(const dh_article *article, dh_arena *arena, dh_buf *out) {
    const dh_fields *fields = article->fields;
    dh_buf_puts(out, "---\n");
    put_line(out, "title", dh_head_title(article));
    put_line(out, "author", dh_head_joined(article, DH_FIELD_author, "; ", arena));
    put_line(out, "url", dh_head_url(article));
    put_line(out, "hostname", dh_fields_value(fields, DH_FIELD_hostname));
    put_line(out, "description", dh_fields_value(fields, DH_FIELD_description));
    put_line(out, "sitename", dh_fields_value(fields, DH_FIELD_sitename));
    put_day(out, dh_head_day(article, DH_FIELD_published));
    put_list(out, "categories", article, DH_FIELD_category);
    put_list(out, "tags", article, DH_FIELD_tag);
    put_line(out, "fingerprint", dh_head_fingerprint(article, arena));
    put_line(out, "id", article->id);
    put_line(out, "license", dh_fields_value(fields, DH_FIELD_license));
    dh_buf_puts(out, "---\n");
}
