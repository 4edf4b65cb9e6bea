/* SPDX-License-Identifier: Apache-2.0 */
/* json: the reader. One loop over the text with the ids of the open containers on a fixed stack.
 * A string without escapes is a slice of the input; only the others are copied. */
#include "base/json.h"

#include "base/utf8.h"

enum { DEPTH = 512, KEY_LOOKAHEAD = 64 };

typedef struct reader {
    dh_json *json;
    dh_arena *arena;
    const char *begin, *at, *end;
    const char *off; /* first thing that is not JSON, or NULL; a strict read stops there */
    const char *why;
    bool strict;
    bool no_memory, too_deep;
    uint32_t depth;
    uint32_t arrays, objects; /* open ones of each kind */
    uint32_t open[DEPTH];     /* ids */
} reader;

/* Notes the first fault. Returns whether reading may go on. */
static bool fault(reader *r, const char *where, const char *why) {
    if (r->off == NULL) {
        r->off = where;
        r->why = why;
    }
    return !r->strict;
}

static bool starts(const reader *r, const char *p, const char *literal, size_t len) {
    return (size_t)(r->end - p) >= len && memcmp(p, literal, len) == 0;
}

/* Length of what a lenient reader passes over at p: odd white space, comments, wrappers of script
 * elements. 0: none. */
static size_t skippable(const reader *r, const char *p) {
    unsigned char c = (unsigned char)*p;
    if (c <= ' ') return 1;
    if (c == 0xC2 && starts(r, p, "\xC2\xA0", 2)) return 2;
    if (c == 0xEF && starts(r, p, "\xEF\xBB\xBF", 3)) return 3;
    if (c == 0xE2 && (starts(r, p, "\xE2\x80\xA8", 3) || starts(r, p, "\xE2\x80\xA9", 3))) return 3;
    if (c == '<' && starts(r, p, "<!--", 4)) return 4;
    if (c == '-' && starts(r, p, "-->", 3)) return 3;
    if (c == '<' && starts(r, p, "<![CDATA[", 9)) return 9;
    if (starts(r, p, "//", 2)) {
        const char *line = memchr(p, '\n', (size_t)(r->end - p));
        return (size_t)((line != NULL ? line : r->end) - p);
    }
    if (starts(r, p, "/*", 2)) {
        const char *close = p + 2;
        while ((close = memchr(close, '*', (size_t)(r->end - close))) != NULL) {
            if (close + 1 < r->end && close[1] == '/') return (size_t)(close + 2 - p);
            close++;
        }
        return (size_t)(r->end - p);
    }
    return 0;
}

/* Moves over white space. False when a strict read must stop. */
static bool skip(reader *r) {
    for (;;) {
        while (r->at < r->end &&
               (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
            r->at++;
        if (r->at == r->end) return true;
        size_t n = skippable(r, r->at);
        if (n == 0) return true;
        if (!fault(r, r->at, "comment or odd white space")) return false;
        r->at += n;
    }
}

static const char *past_space(const reader *r, const char *p) {
    while (p < r->end && (unsigned char)*p <= ' ') p++;
    return p;
}

static bool is_word(char c) {
    return dh_is_alnum(c) || c == '_' || c == '$';
}

/* Whether `word :` stands at p. */
static bool bare_key_at(const reader *r, const char *p) {
    const char *q = p;
    while (q < r->end && q - p < KEY_LOOKAHEAD && is_word(*q)) q++;
    if (q == p) return false;
    q = past_space(r, q);
    return q < r->end && *q == ':';
}

/* Pages write quotes inside of strings without escaping them ("He said "no", and left"). A quote
 * ends the string only when what follows can follow a string here. In well-formed JSON it always
 * can, so nothing correct is read differently. p is behind the quote. */
static bool closes(const reader *r, const char *p, bool is_key) {
    if (r->depth == 0) return true;
    const char *q = past_space(r, p);
    if (q == r->end) return true;
    if (is_key) return *q == ':' || *q == '/';
    if (*q == '}' || *q == ']') return true;
    if (*q == '/') return q + 1 < r->end && (q[1] == '/' || q[1] == '*');
    if (*q == '"') return memchr(p, '\n', (size_t)(q - p)) != NULL; /* a comma was forgotten */
    if (*q != ',') return false;
    q = past_space(r, q + 1);
    if (q == r->end) return true;
    if (memchr("\"'{}[],/", *q, 8) != NULL) return true;
    bool in_object = r->json->values[r->open[r->depth - 1]].type == DH_JSON_OBJECT;
    if (in_object) return bare_key_at(r, q);
    return *q == '-' || dh_is_digit(*q) || *q == 't' || *q == 'f' || *q == 'n';
}

static bool hex4(const char *p, const char *end, uint32_t *code) {
    if (end - p < 4) return false;
    *code = 0;
    for (int i = 0; i < 4; i++) {
        char c = dh_lower(p[i]);
        if (!dh_is_digit(c) && !(c >= 'a' && c <= 'f')) return false;
        *code = *code << 4 | (uint32_t)(dh_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return true;
}

/* \uXXXX at p (behind the u), with the low surrogate that belongs to it. */
static const char *unicode_escape(reader *r, const char *p, const char *end, uint32_t *code) {
    if (!hex4(p, end, code)) {
        fault(r, p, "bad \\u escape");
        *code = 'u'; /* as a browser shows an escape that is none */
        return p;
    }
    p += 4;
    uint32_t low;
    if (*code >= 0xD800 && *code <= 0xDBFF && end - p >= 6 && p[0] == '\\' && p[1] == 'u' &&
        hex4(p + 2, end, &low) && low >= 0xDC00 && low <= 0xDFFF) {
        *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
        return p + 6;
    }
    if (*code >= 0xD800 && *code <= 0xDFFF) {
        fault(r, p, "lone surrogate");
        *code = DH_REPLACEMENT;
    }
    return p;
}

/* The escape at p (behind the backslash; p < end) to out. */
static const char *escape(reader *r, const char *p, const char *end, char **out) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *known = *p != '\0' ? strchr(from, *p) : NULL;
    if (known != NULL) {
        *(*out)++ = to[known - from];
        return p + 1;
    }
    if (*p == 'u') {
        uint32_t code;
        p = unicode_escape(r, p + 1, end, &code);
        *out += dh_utf8_encode(code, *out);
        return p;
    }
    /* No such escape. Before a letter the author forgot to double the backslash; before anything
     * else it escapes what needs no escape (\', \-, a line end). */
    fault(r, p, "bad escape");
    if (dh_is_alnum(*p)) *(*out)++ = '\\';
    return p;
}

/* Decodes raw (without its quotes), which has escapes or ill-formed bytes. */
static dh_slice decode(reader *r, dh_slice raw, bool well_formed) {
    /* Nothing grows but an ill-formed byte, to three, and a lenient escape, by none. */
    char *text = dh_arena_alloc(r->arena, well_formed ? raw.len : raw.len * 3);
    if (text == NULL) {
        r->no_memory = true;
        return (dh_slice){NULL, 0};
    }
    char *out = text;
    const char *p = raw.ptr, *end = raw.ptr + raw.len;
    while (p < end) {
        if (*p == '\\' && p + 1 < end) {
            p = escape(r, p + 1, end, &out);
        } else if ((unsigned char)*p < 0x80 || well_formed) {
            *out++ = *p++;
        } else {
            uint32_t code;
            p += dh_utf8_decode(p, end, &code);
            out += dh_utf8_encode(code, out);
        }
    }
    return dh_slice_make(text, (size_t)(out - text));
}

/* Reads the string whose quote is at r->at. False when a strict read must stop. */
static bool string(reader *r, bool is_key, dh_slice *out) {
    char quote = *r->at;
    if (quote != '"' && !fault(r, r->at, "single quotes")) return false;
    const char *begin = ++r->at, *from = begin, *stop;
    bool escapes = false;
    for (stop = begin;; stop++) {
        stop = memchr(stop, quote, (size_t)(r->end - stop));
        if (stop == NULL) {
            if (!fault(r, begin, "string without end")) return false;
            stop = r->end;
        }
        /* Pass over the escapes in front of the quote; from may end up behind it. */
        const char *slash;
        while (from < stop && (slash = memchr(from, '\\', (size_t)(stop - from))) != NULL) {
            escapes = true;
            from = r->end - slash > 2 ? slash + 2 : r->end;
        }
        if (stop >= r->end) break;
        if (from > stop) continue;
        if (r->strict || closes(r, stop + 1, is_key)) break;
        fault(r, stop, "quote inside of a string");
        from = stop + 1;
    }
    dh_slice raw = {begin, (size_t)(stop - begin)};
    r->at = stop < r->end ? stop + 1 : r->end;
    if (r->strict)
        for (size_t i = 0; i < raw.len; i++)
            if ((unsigned char)raw.ptr[i] < ' ')
                return fault(r, raw.ptr + i, "control character in a string");
    size_t good = dh_utf8_valid_prefix(raw);
    if (good < raw.len && !fault(r, raw.ptr + good, "not UTF-8")) return false;
    *out = escapes || good < raw.len ? decode(r, raw, good == raw.len) : raw;
    return !r->no_memory && (r->off == NULL || !r->strict);
}

/* A new value under the open container; UINT32_MAX when memory is out. */
static uint32_t push(reader *r, dh_json_type type, dh_slice key, dh_slice text) {
    dh_json *json = r->json;
    if (json->len == json->cap) {
        uint32_t cap = json->cap == 0 ? 16 : json->cap * 2;
        dh_json_value *grown = dh_arena_grow(r->arena, json->values, json->cap * sizeof *grown,
                                             (size_t)cap * sizeof *grown);
        if (grown == NULL) {
            r->no_memory = true;
            return UINT32_MAX;
        }
        json->values = grown;
        json->cap = cap;
    }
    uint32_t id = json->len++;
    json->values[id] = (dh_json_value){.type = type, .end = id + 1, .key = key, .text = text};
    if (r->depth > 0) json->values[r->open[r->depth - 1]].len++;
    return id;
}

static void close_one(reader *r) {
    dh_json_value *value = &r->json->values[r->open[--r->depth]];
    value->end = r->json->len;
    if (value->type == DH_JSON_ARRAY)
        r->arrays--;
    else
        r->objects--;
}

/* RFC 8259 section 6. */
static bool is_number(dh_slice s) {
    size_t i = 0, digits;
    if (i < s.len && s.ptr[i] == '-') i++;
    if (i + 1 < s.len && s.ptr[i] == '0' && dh_is_digit(s.ptr[i + 1])) return false;
    for (digits = i; i < s.len && dh_is_digit(s.ptr[i]);) i++;
    if (i == digits) return false;
    if (i < s.len && s.ptr[i] == '.') {
        for (digits = ++i; i < s.len && dh_is_digit(s.ptr[i]);) i++;
        if (i == digits) return false;
    }
    if (i < s.len && (s.ptr[i] == 'e' || s.ptr[i] == 'E')) {
        i++;
        if (i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-')) i++;
        for (digits = i; i < s.len && dh_is_digit(s.ptr[i]);) i++;
        if (i == digits) return false;
    }
    return i == s.len;
}

/* A number, true, false, null, or (lenient) a word of JavaScript that stands for null. */
static bool word(reader *r, dh_slice key) {
    const char *begin = r->at;
    while (r->at < r->end && (is_word(*r->at) || *r->at == '.' || *r->at == '+' || *r->at == '-'))
        r->at++;
    dh_slice text = {begin, (size_t)(r->at - begin)};
    dh_json_type type = DH_JSON_NULL;
    if (dh_slice_eq(text, DH_SLICE("true"))) {
        type = DH_JSON_TRUE;
    } else if (dh_slice_eq(text, DH_SLICE("false"))) {
        type = DH_JSON_FALSE;
    } else if (is_number(text)) {
        type = DH_JSON_NUMBER;
    } else if (!dh_slice_eq(text, DH_SLICE("null"))) {
        if (!fault(r, begin, "unknown word") || r->depth == 0) return false;
        if (begin[0] == '-' || begin[0] == '+' || begin[0] == '.' || dh_is_digit(begin[0]))
            type = DH_JSON_NUMBER;
    }
    return push(r, type, key, type == DH_JSON_NUMBER ? text : (dh_slice){NULL, 0}) != UINT32_MAX;
}

/* Reads the value at r->at, of a container only its beginning. False: stop. */
static bool value(reader *r, dh_slice key) {
    char c = *r->at;
    if (c == '{' || c == '[') {
        if (r->depth == DEPTH) {
            r->too_deep = true;
            return false;
        }
        uint32_t id = push(r, c == '{' ? DH_JSON_OBJECT : DH_JSON_ARRAY, key, (dh_slice){NULL, 0});
        if (id == UINT32_MAX) return false;
        r->open[r->depth++] = id;
        if (c == '{')
            r->objects++;
        else
            r->arrays++;
        r->at++;
        return true;
    }
    if (c == '"' || c == '\'') {
        dh_slice text;
        return string(r, false, &text) && push(r, DH_JSON_STRING, key, text) != UINT32_MAX;
    }
    if (is_word(c) || c == '-' || c == '+' || c == '.') return word(r, key);
    if (!fault(r, r->at, "unexpected character")) return false;
    r->at++;
    return r->depth > 0;
}

/* The key and the colon of a member; r->at is at the key. *found is false when it was none. */
static bool member_key(reader *r, dh_slice *key, bool *found) {
    *found = false;
    if (*r->at == '"' || *r->at == '\'') {
        if (!string(r, true, key)) return false;
    } else if (bare_key_at(r, r->at)) {
        const char *begin = r->at;
        if (!fault(r, begin, "key without quotes")) return false;
        while (r->at < r->end && is_word(*r->at)) r->at++;
        *key = dh_slice_make(begin, (size_t)(r->at - begin));
    } else {
        if (!fault(r, r->at, "a key is missing")) return false;
        r->at++;
        return true;
    }
    if (!skip(r)) return false;
    if (r->at < r->end && *r->at == ':') {
        r->at++;
        *found = true;
        return skip(r);
    }
    return fault(r, r->at, "a colon is missing");
}

/* Closes containers for a } or ]. One that nothing opened is passed over. */
static bool closer(reader *r) {
    dh_json_type type = *r->at == '}' ? DH_JSON_OBJECT : DH_JSON_ARRAY;
    const char *where = r->at++;
    if ((type == DH_JSON_OBJECT ? r->objects : r->arrays) == 0)
        return fault(r, where, "nothing to close");
    while (r->json->values[r->open[r->depth - 1]].type != type) {
        if (!fault(r, where, "closed in the wrong order")) return false;
        close_one(r);
    }
    close_one(r);
    return true;
}

/* A comma in front of the next child. */
static bool comma(reader *r, bool *pending) {
    uint32_t len = r->json->values[r->open[r->depth - 1]].len;
    while (r->at < r->end && *r->at == ',') {
        if ((*pending || len == 0) && !fault(r, r->at, "comma without a value")) return false;
        *pending = true;
        r->at++;
        if (!skip(r)) return false;
    }
    if (r->at == r->end) return true;
    bool closing = *r->at == '}' || *r->at == ']';
    if (closing && *pending) return fault(r, r->at, "comma before the end");
    if (!closing && !*pending && len > 0) return fault(r, r->at, "a comma is missing");
    return true;
}

/* One child, or one closing bracket, of the innermost open container. */
static bool step(reader *r) {
    bool pending = false;
    if (!skip(r) || !comma(r, &pending)) return false;
    if (r->at == r->end) return fault(r, r->at, "the text breaks off");
    if (*r->at == '}' || *r->at == ']') return closer(r);
    dh_slice key = {NULL, 0};
    if (r->json->values[r->open[r->depth - 1]].type == DH_JSON_OBJECT) {
        bool found;
        if (!member_key(r, &key, &found)) return false;
        if (!found) return true;
        if (r->at == r->end || *r->at == ',' || *r->at == '}' || *r->at == ']')
            return fault(r, r->at, "a value is missing");
    }
    return value(r, key);
}

dh_status dh_json_parse(dh_json *json, dh_arena *arena, dh_slice text, bool strict,
                        dh_error *error) {
    *json = (dh_json){.values = NULL};
    if (text.len >= UINT32_MAX)
        return dh_error_set(error, DH_ERR_LIMIT, "json", 0, "text of 4 GiB or more");
    if (text.ptr == NULL) text = DH_SLICE("");
    reader r = {.json = json,
                .arena = arena,
                .begin = text.ptr,
                .at = text.ptr,
                .end = text.ptr + text.len,
                .strict = strict};
    bool going = skip(&r);
    if (going && r.at == r.end) {
        fault(&r, r.at, "no value");
        going = false;
    }
    if (going) going = value(&r, (dh_slice){NULL, 0});
    while (going && r.depth > 0 && (r.at < r.end || strict)) going = step(&r);
    if (going && r.depth == 0 && strict) {
        going = skip(&r);
        if (going && r.at < r.end) going = fault(&r, r.at, "text behind the value");
    }
    if (r.no_memory) return dh_error_set(error, DH_ERR_MEMORY, "json", 0, "out of memory");
    if (r.too_deep)
        return dh_error_set(error, DH_ERR_LIMIT, "json", (uint64_t)(r.at - r.begin),
                            "more than %d levels", DEPTH);
    while (r.depth > 0) close_one(&r);
    if (going || (!strict && json->len > 0)) return DH_OK;
    return dh_error_set(error, DH_ERR_SYNTAX, "json", (uint64_t)(r.off - r.begin), "%s", r.why);
}

uint32_t dh_json_first(const dh_json *json, uint32_t id) {
    return id < json->len && json->values[id].len > 0 ? id + 1 : UINT32_MAX;
}

uint32_t dh_json_next(const dh_json *json, uint32_t parent, uint32_t child) {
    uint32_t next = json->values[child].end;
    return next < json->values[parent].end ? next : UINT32_MAX;
}

uint32_t dh_json_get(const dh_json *json, uint32_t id, dh_slice key) {
    if (id >= json->len || json->values[id].type != DH_JSON_OBJECT) return UINT32_MAX;
    uint32_t child = dh_json_first(json, id);
    while (child != UINT32_MAX && !dh_slice_eq(json->values[child].key, key))
        child = dh_json_next(json, id, child);
    return child;
}

dh_slice dh_json_string(const dh_json *json, uint32_t id) {
    if (id >= json->len || json->values[id].type != DH_JSON_STRING) return (dh_slice){NULL, 0};
    return json->values[id].text;
}

/* The escape for a byte below 0x80 that needs one. */
static void put_escape(dh_buf *out, unsigned char c) {
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt", digits[] = "0123456789abcdef";
    const char *known = c != '\0' ? strchr(from, c) : NULL;
    if (known != NULL) {
        char two[2] = {'\\', to[known - from]};
        dh_buf_put(out, two, 2);
    } else {
        char six[6] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
        dh_buf_put(out, six, 6);
    }
}

void dh_json_put_string(dh_buf *out, dh_slice s) {
    if (s.ptr == NULL) s = DH_SLICE("");
    const char *p = s.ptr, *run = p, *end = p + s.len;
    dh_buf_putc(out, '"');
    while (p < end) {
        unsigned char c = (unsigned char)*p;
        size_t n = 1;
        if (c < 0x80) {
            if (c >= ' ' && c != '"' && c != '\\') {
                p++;
                continue;
            }
            dh_buf_put(out, run, (size_t)(p - run));
            put_escape(out, c);
        } else {
            uint32_t code;
            n = dh_utf8_decode(p, end, &code);
            bool separator = code == 0x2028 || code == 0x2029;
            bool itself = n == 3 && memcmp(p, "\xEF\xBF\xBD", 3) == 0;
            if (!separator && (code != DH_REPLACEMENT || itself)) {
                p += n;
                continue;
            }
            dh_buf_put(out, run, (size_t)(p - run));
            if (separator)
                dh_buf_puts(out, code == 0x2028 ? "\\u2028" : "\\u2029");
            else
                dh_buf_put_code(out, DH_REPLACEMENT);
        }
        p += n;
        run = p;
    }
    dh_buf_put(out, run, (size_t)(end - run));
    dh_buf_putc(out, '"');
}
