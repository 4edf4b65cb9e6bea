/* SPDX-License-Identifier: Apache-2.0 */
/* regex: ICU's engine behind regex.h. A pattern in which nothing can be wrong is compiled when first
 * used: ICU's first pattern costs several milliseconds, and most runs use none. A compiled pattern is never matched itself: each cache clones
 * it once (the clone shares the compiled code and has its own state), so threads never meet. Matchers
 * and the UText live in the cache, which is why the arena may leave by longjmp in between. */
#include "text/regex.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unicode/uregex.h>
#include <unicode/ustring.h>
#include <unicode/utext.h>

#include "base/buf.h"
#include "base/utf8.h"

enum {
    STACK_LIMIT = 8 * 1024 * 1024, /* bytes of ICU's own backtracking stack, on the heap */
    PAGE_TIMES = 8,                /* what all matches of a page may spend, in limits of one */
    MAX_LAZY = 256                 /* bytes; longer patterns are compiled at once */
};

/* What is made on first use, apart so that the pattern itself stays unchanged. */
typedef struct lazy {
    _Atomic(URegularExpression *) compiled; /* NULL: not yet */
    uint32_t flags;
    uint32_t len;
    char pattern[];
} lazy;

struct dh_regex {
    lazy *lazy;
};

typedef struct matcher {
    const dh_regex *regex; /* NULL: free */
    URegularExpression *clone;
} matcher;

struct dh_regex_cache {
    matcher *matchers; /* open addressing by address, cap a power of two */
    uint32_t len, cap;
    int32_t steps;
    int64_t spent; /* steps on this page */
    const dh_regex *stopped;
    UText text;
};

static bool flags_of(dh_slice letters, uint32_t *flags) {
    *flags = 0;
    for (size_t i = 0; i < letters.len; i++) {
        switch (letters.ptr[i]) {
        case 'i':
            *flags |= UREGEX_CASE_INSENSITIVE;
            break;
        case 'm':
            *flags |= UREGEX_MULTILINE;
            break;
        case 's':
            *flags |= UREGEX_DOTALL;
            break;
        case 'x':
            *flags |= UREGEX_COMMENTS;
            break;
        default:
            return false;
        }
    }
    return true;
}

/* ICU counts lines and code units; we count bytes. */
static size_t byte_offset(dh_slice pattern, const UParseError *where) {
    const char *p = pattern.ptr, *end = p + pattern.len;
    for (int32_t line = 1; line < where->line && p < end; line++) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        if (eol == NULL) break;
        p = eol + 1;
    }
    for (int32_t units = 0; units < where->offset && p < end;) {
        uint32_t code;
        p += dh_utf8_decode(p, end, &code);
        units += code > 0xFFFF ? 2 : 1;
    }
    return (size_t)(p - pattern.ptr);
}

static const char *reason(UErrorCode status) {
    switch (status) {
    case U_REGEX_RULE_SYNTAX:
        return "syntax error";
    case U_REGEX_BAD_ESCAPE_SEQUENCE:
        return "unknown escape sequence";
    case U_REGEX_PROPERTY_SYNTAX:
        return "unknown property";
    case U_REGEX_UNIMPLEMENTED:
        return "not supported";
    case U_REGEX_MISMATCHED_PAREN:
        return "parentheses do not match";
    case U_REGEX_NUMBER_TOO_BIG:
        return "number too big";
    case U_REGEX_BAD_INTERVAL:
        return "bad {min,max}";
    case U_REGEX_MAX_LT_MIN:
        return "{min,max} with max below min";
    case U_REGEX_INVALID_BACK_REF:
        return "back reference to a group that is not there";
    case U_REGEX_LOOK_BEHIND_LIMIT:
        return "look-behind without a bounded length";
    case U_REGEX_MISSING_CLOSE_BRACKET:
        return "missing ]";
    case U_REGEX_INVALID_RANGE:
        return "character range is backwards";
    case U_REGEX_INVALID_CAPTURE_GROUP_NAME:
        return "bad group name";
    case U_REGEX_PATTERN_TOO_BIG:
        return "pattern too big";
    default:
        return u_errorName(status);
    }
}

static URegularExpression *compile(dh_slice pattern, uint32_t flags, dh_error *error,
                                   dh_status *result) {
    UErrorCode status = U_ZERO_ERROR;
    UParseError where = {.line = 0};
    int32_t len = 0;
    *result = DH_ERR_MEMORY;
    UChar *units = malloc((pattern.len + 1) * sizeof *units);
    if (units == NULL) return NULL;
    u_strFromUTF8(units, (int32_t)pattern.len + 1, &len, pattern.ptr, (int32_t)pattern.len,
                  &status);
    URegularExpression *compiled = NULL;
    if (U_FAILURE(status)) {
        size_t at = dh_utf8_valid_prefix(pattern);
        *result = dh_error_set(error, DH_ERR_RULE, "regex", at, "not valid UTF-8");
    } else {
        compiled = uregex_open(units, len, flags, &where, &status);
        *result = DH_OK;
        if (status == U_MEMORY_ALLOCATION_ERROR) {
            *result = DH_ERR_MEMORY;
        } else if (U_FAILURE(status)) {
            *result = dh_error_set(error, DH_ERR_RULE, "regex", byte_offset(pattern, &where), "%s",
                                   reason(status));
        }
    }
    free(units);
    return compiled;
}

/* Bytes of an escape or a plain character in which ICU finds no fault; 0 when it might. */
static size_t plain_at(dh_slice s) {
    static const char *const properties[] = {"\\p{L}", "\\p{Lu}", "\\p{Ll}",
                                             "\\p{N}", "\\p{Nd}", "\\p{M}"};
    if (s.len == 0) return 0;
    if (s.ptr[0] != '\\')
        return strchr("()[]{}*+?|^$&#", s.ptr[0]) == NULL || s.ptr[0] == '&' || s.ptr[0] == '#';
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++)
        if (dh_slice_starts(s, dh_slice_cstr(properties[i]))) return strlen(properties[i]);
    return s.len > 1 && strchr("sSdDwWbB.*+?()[]{}|^$/-", s.ptr[1]) != NULL ? 2 : 0;
}

/* Bytes of a [set] of plain characters and of ranges that ascend. */
static size_t plain_set(dh_slice s) {
    size_t at = 1, members = 0;
    if (at < s.len && s.ptr[at] == '^') at++;
    for (; at < s.len && s.ptr[at] != ']'; members++) {
        const char c = s.ptr[at];
        const char *end = s.ptr + s.len;
        uint32_t from, to;
        if (strchr("-&$", c) != NULL || (c == ':' && members == 0)) return 0;
        size_t n = strchr("()*+?|", c) != NULL ? 1 : plain_at(dh_slice_sub(s, at, s.len));
        if (n == 0 || (c == '\\' && strchr("bB", s.ptr[at + 1]) != NULL)) return 0;
        if (c != '\\') n = dh_utf8_decode(s.ptr + at, end, &from);
        at += n;
        if (c == '\\' || at + 1 >= s.len || s.ptr[at] != '-') continue;
        if (strchr("]\\-&$[", s.ptr[at + 1]) != NULL) return 0;
        at += 1 + dh_utf8_decode(s.ptr + at + 1, end, &to);
        if (to < from) return 0;
    }
    return members > 0 && at < s.len ? at + 1 : 0;
}

/* Bytes of a quantifier: one of ?*+, {n}, {n,m} with numbers of one or two digits that ascend. */
static size_t quantifier(dh_slice s) {
    if (s.len == 0) return 0;
    if (strchr("?*+", s.ptr[0]) != NULL) return 1;
    if (s.ptr[0] != '{') return 0;
    unsigned low = 0;
    size_t at = 1, digits = at;
    for (; at < s.len && at < 3 && dh_is_digit(s.ptr[at]); at++)
        low = low * 10 + (unsigned)(s.ptr[at] - '0');
    if (at == digits) return 0;
    if (at < s.len && s.ptr[at] == ',') {
        unsigned high = 0;
        digits = ++at;
        for (; at < s.len && at < digits + 2 && dh_is_digit(s.ptr[at]); at++)
            high = high * 10 + (unsigned)(s.ptr[at] - '0');
        if (at == digits || high < low) return 0;
    }
    return at < s.len && s.ptr[at] == '}' ? at + 1 : 0;
}

/* Whether ICU is sure to compile a pattern: a small part of its language, in which most are written.
 * What is not in it is compiled at once, and its faults are told. */
static bool is_plain(dh_slice pattern) {
    unsigned depth = 0;
    bool atom = false; /* something a quantifier may follow */
    if (dh_utf8_valid_prefix(pattern) != pattern.len) return false;
    for (size_t at = 0; at < pattern.len;) {
        const dh_slice rest = dh_slice_sub(pattern, at, pattern.len);
        size_t n = 1;
        if (rest.ptr[0] == '(') {
            depth++;
            if (dh_slice_starts(rest, DH_SLICE("(?:"))) n = 3;
            atom = false;
        } else if (rest.ptr[0] == ')') {
            if (depth-- == 0) return false;
            atom = true;
        } else if (rest.ptr[0] == '|' || rest.ptr[0] == '^' || rest.ptr[0] == '$') {
            atom = false;
        } else if (atom && (n = quantifier(rest)) > 0) {
            atom = false;
        } else {
            n = rest.ptr[0] == '[' ? plain_set(rest) : plain_at(rest);
            if (n == 0) return false;
            atom = !(n == 2 && (rest.ptr[1] == 'b' || rest.ptr[1] == 'B') && rest.ptr[0] == '\\');
        }
        at += n;
    }
    return depth == 0;
}

dh_status dh_regex_new(dh_slice pattern, dh_slice flags, dh_regex **out, dh_error *error) {
    uint32_t bits;
    dh_status result = DH_OK;
    *out = NULL;
    if (pattern.len == 0) return dh_error_set(error, DH_ERR_RULE, "regex", 0, "empty pattern");
    if (pattern.len > 65535)
        return dh_error_set(error, DH_ERR_RULE, "regex", 65535, "pattern too big");
    if (!flags_of(flags, &bits))
        return dh_error_set(error, DH_ERR_RULE, "regex", pattern.len,
                            "unknown flag in \"%.*s\" (known: i m s x)", (int)flags.len, flags.ptr);
    dh_regex *regex = calloc(1, sizeof *regex);
    lazy *state = calloc(1, sizeof *state + pattern.len);
    if (regex == NULL || state == NULL) {
        result = dh_error_set(error, DH_ERR_MEMORY, "regex", 0, "out of memory");
    } else {
        state->flags = bits;
        state->len = (uint32_t)pattern.len;
        memcpy(state->pattern, pattern.ptr, pattern.len);
        if (pattern.len > MAX_LAZY || (bits & UREGEX_COMMENTS) != 0 || !is_plain(pattern))
            atomic_init(&state->compiled, compile(pattern, bits, error, &result));
        if (result == DH_ERR_MEMORY) dh_error_set(error, result, "regex", 0, "out of memory");
    }
    if (result != DH_OK) {
        free(state);
        free(regex);
        return result;
    }
    regex->lazy = state;
    *out = regex;
    return DH_OK;
}

/* The compiled pattern, made now if it is not there. Threads may meet here: the first one's stays. NULL
 * when memory is out. */
static URegularExpression *compiled_of(const dh_regex *regex) {
    lazy *state = regex->lazy;
    dh_status result;
    URegularExpression *made = atomic_load(&state->compiled), *there = NULL;
    if (made != NULL) return made;
    made = compile((dh_slice){state->pattern, state->len}, state->flags, NULL, &result);
    if (made == NULL || atomic_compare_exchange_strong(&state->compiled, &there, made)) return made;
    uregex_close(made);
    return there;
}

void dh_regex_free(dh_regex *regex) {
    if (regex == NULL) return;
    uregex_close(atomic_load(&regex->lazy->compiled)); /* NULL is fine */
    free(regex->lazy);
    free(regex);
}

dh_regex_cache *dh_regex_cache_new(uint64_t step_limit) {
    dh_regex_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL) return NULL;
    cache->steps = step_limit > INT32_MAX ? INT32_MAX : (int32_t)step_limit;
    UText empty = UTEXT_INITIALIZER;
    cache->text = empty;
    return cache;
}

void dh_regex_cache_begin(dh_regex_cache *cache) {
    cache->spent = 0;
    cache->stopped = NULL;
}

/* ICU asks once a step whether to go on. */
static UBool go_on(const void *data, int32_t steps) {
    dh_regex_cache *cache = (dh_regex_cache *)(uintptr_t)data;
    (void)steps;
    return cache->steps == 0 || ++cache->spent <= (int64_t)cache->steps * PAGE_TIMES;
}

void dh_regex_cache_free(dh_regex_cache *cache) {
    if (cache == NULL) return;
    for (uint32_t i = 0; i < cache->cap; i++)
        if (cache->matchers[i].regex != NULL) uregex_close(cache->matchers[i].clone);
    free(cache->matchers);
    utext_close(&cache->text);
    free(cache);
}

static matcher *slot(matcher *matchers, uint32_t cap, const dh_regex *regex) {
    uint64_t hash = (uint64_t)(uintptr_t)regex * UINT64_C(0x9E3779B97F4A7C15);
    for (uint32_t i = (uint32_t)(hash >> 40) & (cap - 1);; i = (i + 1) & (cap - 1))
        if (matchers[i].regex == NULL || matchers[i].regex == regex) return &matchers[i];
}

static bool make_room(dh_regex_cache *cache) {
    if (cache->len < cache->cap / 2) return true;
    uint32_t cap = cache->cap == 0 ? 16 : cache->cap * 2;
    matcher *grown = calloc(cap, sizeof *grown);
    if (grown == NULL) return false;
    for (uint32_t i = 0; i < cache->cap; i++)
        if (cache->matchers[i].regex != NULL)
            *slot(grown, cap, cache->matchers[i].regex) = cache->matchers[i];
    free(cache->matchers);
    cache->matchers = grown;
    cache->cap = cap;
    return true;
}

static URegularExpression *clone_of(dh_regex_cache *cache, const dh_regex *regex) {
    UErrorCode status = U_ZERO_ERROR;
    URegularExpression *compiled = compiled_of(regex);
    if (compiled == NULL || !make_room(cache)) return NULL;
    matcher *m = slot(cache->matchers, cache->cap, regex);
    if (m->regex != NULL) {
        /* The address may be that of a freed pattern: the clone keeps the old pattern's text alive,
         * so that its address cannot be the new one's too. */
        if (uregex_pattern(m->clone, NULL, &status) == uregex_pattern(compiled, NULL, &status))
            return m->clone;
        uregex_close(m->clone);
        m->clone = NULL;
    } else {
        cache->len++;
    }
    m->regex = regex;
    m->clone = uregex_clone(compiled, &status);
    uregex_setTimeLimit(m->clone, cache->steps, &status);
    uregex_setMatchCallback(m->clone, go_on, cache, &status);
    uregex_setStackLimit(m->clone, STACK_LIMIT, &status);
    return U_SUCCESS(status) ? m->clone : NULL;
}

/* The matcher with text set, or NULL. */
static URegularExpression *start(dh_regex_cache *cache, const dh_regex *regex, dh_slice text) {
    UErrorCode status = U_ZERO_ERROR;
    URegularExpression *re = clone_of(cache, regex);
    if (re == NULL) return NULL;
    utext_openUTF8(&cache->text, text.ptr != NULL ? text.ptr : "", (int64_t)text.len, &status);
    uregex_setUText(re, &cache->text, &status);
    return U_SUCCESS(status) ? re : NULL;
}

static size_t group_at(int64_t at) {
    return at < 0 ? DH_NPOS : (size_t)at;
}

static dh_regex_result find_from(URegularExpression *re, size_t from, dh_regex_match *match) {
    UErrorCode status = U_ZERO_ERROR;
    bool found = uregex_find64(re, (int64_t)from, &status);
    if (U_FAILURE(status)) return DH_REGEX_LIMIT;
    if (!found) return DH_REGEX_NO;
    match->begin = (size_t)uregex_start64(re, 0, &status);
    match->end = (size_t)uregex_end64(re, 0, &status);
    match->group_begin = match->group_end = DH_NPOS;
    if (uregex_groupCount(re, &status) > 0) {
        match->group_begin = group_at(uregex_start64(re, 1, &status));
        match->group_end = group_at(uregex_end64(re, 1, &status));
    }
    return U_SUCCESS(status) ? DH_REGEX_YES : DH_REGEX_LIMIT;
}

dh_regex_result dh_regex_find(dh_regex_cache *cache, const dh_regex *regex, dh_slice text,
                              size_t from, dh_regex_match *match) {
    if (from > text.len) return DH_REGEX_NO;
    URegularExpression *re = start(cache, regex, text);
    dh_regex_result result = re != NULL ? find_from(re, from, match) : DH_REGEX_LIMIT;
    if (result == DH_REGEX_LIMIT && cache->stopped == NULL) cache->stopped = regex;
    return result;
}

const dh_regex *dh_regex_cache_stopped(dh_regex_cache *cache) {
    const dh_regex *stopped = cache->stopped;
    cache->stopped = NULL;
    return stopped;
}

static void put_group(URegularExpression *re, int32_t group, dh_slice text, dh_buf *out) {
    UErrorCode status = U_ZERO_ERROR;
    int64_t begin = uregex_start64(re, group, &status), end = uregex_end64(re, group, &status);
    if (U_SUCCESS(status) && begin >= 0) dh_buf_put(out, text.ptr + begin, (size_t)(end - begin));
}

/* $1: as many digits as still name a group. Returns what is left of the replacement. */
static dh_slice put_numbered(URegularExpression *re, dh_slice rest, dh_slice text, dh_buf *out) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t groups = uregex_groupCount(re, &status), group = rest.ptr[0] - '0';
    size_t n = 1;
    while (n < rest.len && dh_is_digit(rest.ptr[n]) && group * 10 + (rest.ptr[n] - '0') <= groups)
        group = group * 10 + (rest.ptr[n++] - '0');
    put_group(re, group, text, out);
    return dh_slice_sub(rest, n, rest.len);
}

static dh_slice put_named(URegularExpression *re, dh_slice rest, dh_slice text, dh_buf *out) {
    UErrorCode status = U_ZERO_ERROR;
    size_t close = dh_slice_find(rest, DH_SLICE("}"));
    if (close == DH_NPOS) {
        dh_buf_puts(out, "$");
        return rest;
    }
    int32_t group = uregex_groupNumberFromCName(re, rest.ptr + 1, (int32_t)close - 1, &status);
    if (U_SUCCESS(status)) put_group(re, group, text, out);
    return dh_slice_sub(rest, close + 1, rest.len);
}

static void put_replacement(URegularExpression *re, dh_slice rest, dh_slice text, dh_buf *out) {
    while (rest.len > 0) {
        char c = rest.ptr[0];
        rest = dh_slice_sub(rest, 1, rest.len);
        if (c == '\\' && rest.len > 0) {
            dh_buf_putc(out, rest.ptr[0]);
            rest = dh_slice_sub(rest, 1, rest.len);
        } else if (c == '$' && rest.len > 0 && dh_is_digit(rest.ptr[0])) {
            rest = put_numbered(re, rest, text, out);
        } else if (c == '$' && rest.len > 0 && rest.ptr[0] == '{') {
            rest = put_named(re, rest, text, out);
        } else {
            dh_buf_putc(out, c);
        }
    }
}

dh_slice dh_regex_replace(dh_regex_cache *cache, const dh_regex *regex, dh_slice text,
                          dh_slice replacement, dh_arena *arena) {
    UErrorCode status = U_ZERO_ERROR;
    dh_regex_match match;
    URegularExpression *re = start(cache, regex, text);
    dh_regex_result result = re != NULL ? find_from(re, 0, &match) : DH_REGEX_LIMIT;
    if (result == DH_REGEX_LIMIT && cache->stopped == NULL) cache->stopped = regex;
    if (result != DH_REGEX_YES) return text;
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    size_t done = 0;
    bool more = true;
    while (more) {
        dh_buf_put(&out, text.ptr + done, match.begin - done);
        put_replacement(re, replacement, text, &out);
        done = match.end;
        more = uregex_findNext(re, &status) && U_SUCCESS(status);
        if (more) {
            match.begin = (size_t)uregex_start64(re, 0, &status);
            match.end = (size_t)uregex_end64(re, 0, &status);
        }
    }
    dh_buf_put(&out, text.ptr + done, text.len - done);
    return out.len > 0 ? dh_buf_slice(&out) : (dh_slice){text.ptr, 0};
}
