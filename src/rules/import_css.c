/* SPDX-License-Identifier: Apache-2.0 */
/* import_css: the part of XPath 1.0 that CSS can say, read and written in one descent. Whatever it
 * does not know for sure makes it give up; the XPath is then kept as it is. */
#include "css/css.h"
#include "rules/import.h"

enum { MAX_NESTING = 12, MAX_CSS = 4000 };

typedef struct reader {
    dh_arena *arena;
    dh_slice text;
    size_t at;
    uint32_t nesting;
    bool capitals;
} reader;

/* A step being written: what it demands of an element, without what stands to its left. */
typedef struct compound {
    dh_slice type; /* "*" or a name */
    dh_buf rest;
} compound;

static bool read_condition(reader *r, dh_buf *out);

static char peek(const reader *r) {
    return r->at < r->text.len ? r->text.ptr[r->at] : 0;
}

static void space(reader *r) {
    while (r->at < r->text.len && dh_is_space(r->text.ptr[r->at])) r->at++;
}

static bool take(reader *r, const char *token) {
    space(r);
    dh_slice word = dh_slice_cstr(token);
    if (!dh_slice_starts(dh_slice_sub(r->text, r->at, r->text.len), word)) return false;
    r->at += word.len;
    return true;
}

static bool is_name_char(char c) {
    return dh_is_alnum(c) || c == '-' || c == '_';
}

/* As take, for a word: nothing of a name may follow. */
static bool take_word(reader *r, const char *word) {
    size_t before = r->at;
    if (take(r, word) && !is_name_char(peek(r))) return true;
    r->at = before;
    return false;
}

/* A name that CSS can write as it is. */
static bool read_name(reader *r, dh_slice *name) {
    space(r);
    size_t begin = r->at;
    if (!dh_is_alpha(peek(r)) && peek(r) != '_') return false;
    while (is_name_char(peek(r))) r->at++;
    if (peek(r) == '.' || (unsigned char)peek(r) >= 0x80) return false;
    dh_slice written = dh_slice_sub(r->text, begin, r->at);
    char *lower = dh_arena_alloc(r->arena, written.len);
    for (size_t i = 0; i < written.len; i++) {
        lower[i] = dh_lower(written.ptr[i]);
        r->capitals |= lower[i] != written.ptr[i];
    }
    *name = dh_slice_make(lower, written.len);
    return true;
}

static bool read_string(reader *r, dh_slice *value) {
    space(r);
    char mark = peek(r);
    if (mark != '"' && mark != '\'') return false;
    size_t begin = ++r->at;
    while (r->at < r->text.len && peek(r) != mark) r->at++;
    if (r->at == r->text.len) return false;
    *value = dh_slice_sub(r->text, begin, r->at++);
    for (size_t i = 0; i < value->len; i++)
        if ((unsigned char)value->ptr[i] < ' ') return false;
    return true;
}

static bool read_number(reader *r, int32_t *number) {
    space(r);
    size_t begin = r->at;
    uint64_t value;
    while (dh_is_digit(peek(r))) r->at++;
    if (peek(r) == '.') return false;
    if (!dh_slice_to_u64(dh_slice_sub(r->text, begin, r->at), &value) || value > 100000)
        return false;
    *number = (int32_t)value;
    return true;
}

void dh_import_quote(dh_buf *out, dh_slice text, bool phrase) {
    dh_buf_putc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"' || c == '\\' || (phrase && c == '*')) dh_buf_putc(out, '\\');
        dh_buf_putc(out, c);
    }
    dh_buf_putc(out, '"');
}

/* ---- attributes ---- */

static void put_attribute(dh_buf *out, dh_slice name, const char *op, dh_slice value) {
    dh_buf_printf(out, "[%.*s%s", (int)name.len, name.ptr, op);
    dh_import_quote(out, value, false);
    dh_buf_puts(out, dh_css_folds_value(name) ? " s]" : "]");
}

static bool is_plain(dh_slice value) {
    if (value.len == 0 || (!dh_is_alpha(value.ptr[0]) && value.ptr[0] != '_')) return false;
    for (size_t i = 0; i < value.len; i++)
        if (!is_name_char(value.ptr[i])) return false;
    return true;
}

static void put_word(dh_buf *out, dh_slice name, dh_slice word) {
    if (dh_slice_eq(name, DH_SLICE("class")) && is_plain(word))
        dh_buf_printf(out, ".%.*s", (int)word.len, word.ptr);
    else
        put_attribute(out, name, "~=", word);
}

static void put_equal(dh_buf *out, dh_slice name, dh_slice value) {
    if (dh_slice_eq(name, DH_SLICE("id")) && is_plain(value))
        dh_buf_printf(out, "#%.*s", (int)value.len, value.ptr);
    else
        put_attribute(out, name, "=", value);
}

/* concat(' ', normalize-space(@class), ' '), ' word ') : the idiom for one of the words. */
static bool read_word_idiom(reader *r, dh_buf *out) {
    dh_slice before, behind, name, value;
    if (!take(r, "(") || !read_string(r, &before) || !take(r, ",")) return false;
    bool normal = take_word(r, "normalize-space");
    if (normal && !take(r, "(")) return false;
    if (!take(r, "@") || !read_name(r, &name) || (normal && !take(r, ")"))) return false;
    if (!take(r, ",") || !read_string(r, &behind) || !take(r, ")") || !take(r, ",")) return false;
    if (!read_string(r, &value) || !take(r, ")")) return false;
    dh_slice blank = DH_SLICE(" "), word = dh_slice_trim(value);
    if (!dh_slice_eq(before, blank) || !dh_slice_eq(behind, blank)) return false;
    if (word.len == 0 || word.len + 2 != value.len || value.ptr[0] != ' ') return false;
    for (size_t i = 0; i < word.len; i++)
        if (dh_is_space(word.ptr[i])) return false;
    put_word(out, name, word);
    return true;
}

/* Behind contains or starts-with. */
static bool read_part(reader *r, const char *op, dh_buf *out) {
    dh_slice name, value;
    if (!take(r, "(")) return false;
    if (*op == '*' && take_word(r, "concat")) return read_word_idiom(r, out);
    if (!take(r, "@") || !read_name(r, &name) || !take(r, ",")) return false;
    if (!read_string(r, &value) || !take(r, ")") || value.len == 0) return false;
    put_attribute(out, name, op, value);
    return true;
}

/* Behind @. */
static bool read_attribute(reader *r, dh_buf *out) {
    dh_slice name, value;
    if (!read_name(r, &name)) return false;
    if (take(r, "!=")) {
        if (!read_string(r, &value)) return false;
        dh_buf_printf(out, "[%.*s]:not(", (int)name.len, name.ptr);
        put_attribute(out, name, "=", value);
        dh_buf_puts(out, ")");
        return true;
    }
    if (take(r, "=")) {
        if (!read_string(r, &value)) return false;
        put_equal(out, name, value);
        return true;
    }
    dh_buf_printf(out, "[%.*s]", (int)name.len, name.ptr);
    return true;
}

/* ---- positions ---- */

static void put_nth(reader *r, compound *c, const char *formula) {
    dh_slice rest = dh_arena_dup(r->arena, dh_buf_slice(&c->rest));
    bool any = dh_slice_eq(c->type, DH_SLICE("*"));
    if (rest.len == 0) {
        dh_buf_printf(&c->rest, ":nth-%s(%s)", any ? "child" : "of-type", formula);
        return;
    }
    dh_buf_reset(&c->rest);
    dh_buf_printf(&c->rest, ":nth-child(%s of %.*s%.*s)", formula, any ? 0 : (int)c->type.len,
                  c->type.ptr, (int)rest.len, rest.ptr);
    c->type = DH_SLICE("*");
}

static bool read_last(reader *r, compound *c) {
    if (!take(r, "(") || !take(r, ")") || !take(r, "]")) return false;
    if (c->rest.len > 0) return false;
    dh_buf_puts(&c->rest,
                dh_slice_eq(c->type, DH_SLICE("*")) ? ":last-child" : ":last-of-type");
    return true;
}

/* Behind [ : a number or position() with one. False and r->at as before: no position. */
static bool read_position(reader *r, compound *c, bool *is_one) {
    size_t before = r->at;
    int32_t n = 0;
    char formula[40];
    const char *op = "=";
    *is_one = true;
    if (take_word(r, "last")) return read_last(r, c);
    if (take_word(r, "position")) {
        static const char *const ops[] = {"<=", ">=", "<", ">", "="};
        size_t k = 0;
        if (!take(r, "(") || !take(r, ")")) return false;
        while (k < 5 && !take(r, ops[k])) k++;
        if (k == 5) return false;
        op = ops[k];
    } else {
        space(r);
        if (!dh_is_digit(peek(r))) {
            *is_one = false;
            r->at = before;
            return true;
        }
    }
    if (!read_number(r, &n) || !take(r, "]")) return false;
    if (op[0] == '<' && op[1] == 0) n--;
    if (op[0] == '>' && op[1] == 0) n++;
    if (n < 1) return false;
    dh_buf text;
    dh_buf_init(&text, r->arena, 0);
    dh_buf_printf(&text, op[0] == '<' ? "-n+%d" : op[0] == '>' ? "n+%d" : "%d", (int)n);
    if (text.len >= sizeof formula) return false;
    memcpy(formula, dh_buf_cstr(&text), text.len + 1);
    put_nth(r, c, formula);
    return true;
}

/* ---- steps ---- */

/* [ ... ] behind a node test. counted: positions count along the children. */
static bool read_predicates(reader *r, compound *c, bool counted) {
    while (take(r, "[")) {
        bool position;
        if (!read_position(r, c, &position)) return false;
        if (position && !counted) return false;
        if (position) continue;
        if (!read_condition(r, &c->rest) || !take(r, "]")) return false;
    }
    return true;
}

static bool read_test(reader *r, compound *c) {
    dh_buf_init(&c->rest, r->arena, MAX_CSS);
    c->type = DH_SLICE("*");
    if (take(r, "*")) return true;
    if (!read_name(r, &c->type)) return false;
    space(r);
    return peek(r) != '(' && peek(r) != ':';
}

static void put_compound(dh_buf *out, const compound *c) {
    bool any = dh_slice_eq(c->type, DH_SLICE("*"));
    if (!any || c->rest.len == 0) dh_buf_put_slice(out, c->type);
    dh_buf_put_slice(out, dh_buf_slice(&c->rest));
    out->failed |= c->rest.failed;
}

/* following-sibling:: with what follows; *combinator is + for *[1]. */
static bool read_following(reader *r, const char **combinator, compound *c) {
    if (!read_test(r, c)) return false;
    *combinator = " ~ ";
    size_t before = r->at;
    if (dh_slice_eq(c->type, DH_SLICE("*")) && take(r, "[") && take(r, "1") && take(r, "]"))
        *combinator = " + ";
    else
        r->at = before;
    return read_predicates(r, c, false);
}

/* The step that begins here, behind "/" or "//" (deep). out holds the selector so far; first: nothing
 * is in it but perhaps the combinator of :has(). */
static bool read_step(reader *r, bool deep, bool first, dh_buf *out, bool relative) {
    compound c;
    const char *combinator = deep ? " " : " > ";
    bool counted = true;
    if (!deep && !first && take_word(r, "following-sibling")) {
        if (!take(r, "::") || !read_following(r, &combinator, &c)) return false;
    } else {
        if (take_word(r, "descendant")) {
            if (!take(r, "::")) return false;
            combinator = " ";
            counted = false;
        } else if (take_word(r, "child") && !take(r, "::")) {
            return false;
        }
        if (!read_test(r, &c) || !read_predicates(r, &c, counted)) return false;
    }
    if (!first)
        dh_buf_puts(out, combinator);
    else if (relative && combinator[1] == '>')
        dh_buf_puts(out, "> ");
    put_compound(out, &c);
    return true;
}

/* Behind ".." or parent:: or ancestor:: and preceding-sibling::, where the selector so far is one
 * compound: the other element, which has it. */
static bool read_reverse(reader *r, dh_buf *out, const char *relation, bool test) {
    dh_slice inner = dh_arena_dup(r->arena, dh_buf_slice(out));
    compound c;
    dh_buf_init(&c.rest, r->arena, MAX_CSS);
    c.type = DH_SLICE("*");
    if (test && !read_test(r, &c)) return false;
    dh_buf_printf(&c.rest, ":has(%s%.*s)", relation, (int)inner.len, inner.ptr);
    if (!read_predicates(r, &c, false)) return false;
    dh_buf_reset(out);
    put_compound(out, &c);
    return !out->failed;
}

static bool try_reverse(reader *r, dh_buf *out, bool *done) {
    static const struct {
        const char *axis, *relation;
    } axes[] = {{"parent::", "> "}, {"ancestor::", ""}, {"preceding-sibling::", "~ "}};
    *done = true;
    if (take(r, "..")) return read_reverse(r, out, "> ", false);
    for (size_t i = 0; i < sizeof axes / sizeof *axes; i++)
        if (take(r, axes[i].axis)) return read_reverse(r, out, axes[i].relation, true);
    *done = false;
    return true;
}

/* Steps up to the end of the path. attr: where a last @name may go; NULL: it becomes a condition of
 * the element before, with what it is compared to. */
static bool read_steps(reader *r, bool deep, bool relative, dh_buf *out, dh_slice *attr) {
    bool first = true, single = deep && !relative;
    for (;;) {
        bool reversed = false;
        if (!deep && !first && take(r, "@")) {
            if (attr == NULL) return read_attribute(r, out);
            return read_name(r, attr);
        }
        if (single && !first && !deep && !try_reverse(r, out, &reversed)) return false;
        if (!reversed) {
            if (!read_step(r, deep, first, out, relative)) return false;
            single = single && first;
        }
        first = false;
        if (out->failed) return false;
        space(r);
        if (peek(r) != '/') return true;
        deep = take(r, "//");
        if (!deep) take(r, "/");
    }
}

/* ---- conditions ---- */

/* A path below the element: "a/b", ".//a", "./a". */
static bool read_relative(reader *r, dh_buf *out) {
    bool deep = false;
    space(r);
    if (take(r, ".//"))
        deep = true;
    else if (!take(r, "./") && peek(r) == '.')
        return false;
    space(r);
    if (!dh_is_alpha(peek(r)) && peek(r) != '*') return false;
    dh_buf inner;
    dh_buf_init(&inner, r->arena, MAX_CSS);
    if (!read_steps(r, deep, true, &inner, NULL)) return false;
    space(r);
    if (peek(r) == '=' || peek(r) == '!' || peek(r) == '<' || peek(r) == '>') return false;
    dh_buf_printf(out, ":has(%.*s)", (int)inner.len, inner.ptr);
    return true;
}

static bool read_atom(reader *r, dh_buf *out) {
    dh_slice name;
    if (take_word(r, "not")) {
        dh_buf inner;
        dh_buf_init(&inner, r->arena, MAX_CSS);
        if (!take(r, "(") || !read_condition(r, &inner) || !take(r, ")")) return false;
        dh_buf_printf(out, ":not(%.*s)", (int)inner.len, inner.ptr);
        return true;
    }
    if (take_word(r, "contains")) return read_part(r, "*=", out);
    if (take_word(r, "starts-with")) return read_part(r, "^=", out);
    if (take(r, "self::")) {
        if (!read_name(r, &name)) return false;
        dh_buf_printf(out, ":is(%.*s)", (int)name.len, name.ptr);
        return true;
    }
    if (take(r, "@")) return read_attribute(r, out);
    if (take(r, "(")) return read_condition(r, out) && take(r, ")");
    return read_relative(r, out);
}

static bool read_all(reader *r, dh_buf *out) {
    do
        if (!read_atom(r, out)) return false;
    while (take_word(r, "and"));
    return true;
}

/* What may stand in [ ]: appended to the compound as simple selectors. */
static bool read_condition(reader *r, dh_buf *out) {
    if (++r->nesting > MAX_NESTING) return false;
    dh_buf inner;
    dh_buf_init(&inner, r->arena, MAX_CSS);
    uint32_t n = 0;
    do {
        if (n++ > 0) dh_buf_puts(&inner, ", ");
        if (!read_all(r, &inner)) return false;
    } while (take_word(r, "or"));
    space(r);
    if (peek(r) != ']' && peek(r) != ')') return false;
    dh_buf_printf(out, n > 1 ? ":is(%.*s)" : "%.*s", (int)inner.len, inner.ptr);
    r->nesting--;
    return !inner.failed && !out->failed;
}

/* ---- the whole ---- */

static bool read_path(reader *r, dh_buf *out, dh_slice *attr) {
    if (take(r, "//")) return read_steps(r, true, false, out, attr);
    if (!take(r, "/")) return false;
    dh_slice name;
    if (!read_name(r, &name) || !dh_slice_eq(name, DH_SLICE("html"))) return false;
    dh_buf_puts(out, ":root");
    space(r);
    if (peek(r) != '/') return peek(r) != '[';
    bool deep = take(r, "//");
    if (!deep) take(r, "/");
    if (peek(r) == '@' || peek(r) == '.') return false;
    dh_buf rest;
    dh_buf_init(&rest, r->arena, MAX_CSS);
    if (!read_steps(r, deep, true, &rest, attr)) return false;
    dh_buf_printf(out, " %.*s", (int)rest.len, rest.ptr);
    return !rest.failed;
}

bool dh_import_css(dh_slice xpath, dh_arena *arena, dh_import_selector *out) {
    reader r = {.arena = arena, .text = xpath};
    memset(out, 0, sizeof *out);
    dh_buf css;
    dh_buf_init(&css, arena, MAX_CSS);
    uint32_t paths = 0;
    do {
        dh_slice attr = {0};
        dh_buf path;
        dh_buf_init(&path, arena, MAX_CSS);
        if (paths > 0) dh_buf_puts(&css, ", ");
        if (!read_path(&r, &path, &attr) || path.failed) return false;
        dh_buf_put_slice(&css, dh_buf_slice(&path));
        if (paths > 0 && !dh_slice_eq(attr, out->attr)) return false;
        out->attr = attr;
        paths++;
        space(&r);
    } while (take(&r, "|"));
    if (r.at < r.text.len || css.failed) return false;
    out->css = dh_buf_slice(&css);
    out->capitals = r.capitals;
    return true;
}
