/* SPDX-License-Identifier: Apache-2.0 */
/* xpath_bound: one pass by recursive descent over the grammar of XPath 1.0 (3.1 to 3.7) that copies
 * the tokens and wraps what is to be counted. It knows the grammar only as far as it has to; what it
 * makes is compiled by libxml2, which knows all of it. Recursion: some levels for each bracket, of which
 * xpath_scan.c allows 32. */
#include "css/xpath_bound.h"

typedef enum token_kind {
    END,
    NAME, /* or a * that is none */
    NUMBER,
    LITERAL,
    OPERATOR, /* and or div mod * + - = != < <= > >= | / // */
    MARK      /* ( ) [ ] . .. @ , :: */
} token_kind;

typedef struct token {
    token_kind kind;
    dh_slice text;
} token;

typedef struct rewrite {
    dh_slice text;
    size_t at; /* behind `now` */
    token now;
    dh_buf out; /* heap: the program at work */
    dh_xpath_bound *made;
    bool failed;
} rewrite;

/* ---- tokens ---- */

static bool is_name_char(char c) {
    return dh_is_alnum(c) || c == '_' || c == '-' || c == '.' || (unsigned char)c >= 0x80;
}

static bool is(const rewrite *r, const char *text) {
    return r->now.kind != LITERAL && r->now.kind != END &&
           dh_slice_eq(r->now.text, dh_slice_cstr(text));
}

/* XPath 1.0, 3.7: behind these a name is a name, and a * is one; elsewhere they are operators. */
static bool name_may_follow(token before) {
    if (before.kind == END || before.kind == OPERATOR) return true;
    if (before.kind != MARK) return false;
    char c = before.text.ptr[0];
    return c == '(' || c == '[' || c == '@' || c == ',' || c == ':';
}

static size_t length_of(const rewrite *r, char c) {
    dh_slice left = dh_slice_sub(r->text, r->at, r->text.len);
    static const char *const pairs[] = {"//", "::", "..", "!=", "<=", ">="};
    if (c == '"' || c == '\'') {
        const char *end = memchr(left.ptr + 1, c, left.len - 1);
        return end != NULL ? (size_t)(end - left.ptr) + 1 : left.len;
    }
    size_t n = 0;
    if (dh_is_digit(c) || (c == '.' && left.len > 1 && dh_is_digit(left.ptr[1]))) {
        while (n < left.len && (dh_is_digit(left.ptr[n]) || left.ptr[n] == '.')) n++;
        return n;
    }
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (dh_slice_starts(left, dh_slice_cstr(pairs[i]))) return 2;
    if (c == '.' || c == '-') return 1;
    while (n < left.len && is_name_char(left.ptr[n])) n++;
    return n > 0 ? n : 1;
}

static token_kind kind_of(char c, dh_slice text, bool name_fits) {
    if (c == '"' || c == '\'') return LITERAL;
    if (dh_is_digit(c) || (c == '.' && text.len > 1 && dh_is_digit(text.ptr[1]))) return NUMBER;
    if (strchr("()[]@,:.", c) != NULL) return MARK;
    if ((is_name_char(c) && c != '-') || c == '*') return name_fits ? NAME : OPERATOR;
    return OPERATOR;
}

static void next(rewrite *r) {
    bool name_fits = name_may_follow(r->now);
    while (r->at < r->text.len && dh_is_space(r->text.ptr[r->at])) r->at++;
    r->now = (token){END, {r->text.ptr + r->at, 0}};
    if (r->at >= r->text.len) return;
    char c = r->text.ptr[r->at];
    size_t len = length_of(r, c);
    r->now.text = dh_slice_sub(r->text, r->at, r->at + len);
    r->now.kind = kind_of(c, r->now.text, name_fits);
    r->at += len;
}

static char char_behind(const rewrite *r) {
    size_t at = r->at;
    while (at < r->text.len && dh_is_space(r->text.ptr[at])) at++;
    return at < r->text.len ? r->text.ptr[at] : 0;
}

/* ---- writing ---- */

static void copy(rewrite *r) {
    dh_buf_put_slice(&r->out, r->now.text);
    next(r);
}

/* Copies the token if it is this one; else the expression is none. */
static void copy_the(rewrite *r, const char *text) {
    if (!is(r, text)) r->failed = true;
    else copy(r);
}

/* Puts text before what was written since `begin`. */
static void insert(rewrite *r, size_t begin, const char *text) {
    size_t n = strlen(text);
    if (!dh_buf_reserve(&r->out, n)) return;
    memmove(r->out.ptr + begin + n, r->out.ptr + begin, r->out.len - begin);
    memcpy(r->out.ptr + begin, text, n);
    r->out.len += n;
}

/* Makes a program of what was written since `begin`; gives its number. Without a bracket libxml2
 * would run it as a stream, and write to stderr when its operations are used up. */
static uint32_t cut_program(rewrite *r, size_t begin) {
    dh_buf_putc(&r->made->text, '(');
    dh_buf_put(&r->made->text, r->out.ptr + begin, r->out.len - begin);
    dh_buf_put(&r->made->text, ")", 2); /* and the NUL */
    r->out.len = begin;
    return ++r->made->programs;
}

/* ---- paths ---- */

static void expression(rewrite *r);

static void predicates(rewrite *r) {
    while (is(r, "[") && !r->failed) {
        copy(r);
        expression(r);
        copy_the(r, "]");
    }
}

typedef enum meeting {
    NEVER, /* steps of the axis from different nodes lead to different nodes */
    CHILD, /* the same, and // may stand before it */
    MAY    /* they may meet */
} meeting;

static meeting meeting_of(const rewrite *r) {
    if (is(r, "@") || is(r, ".")) return NEVER;
    if (is(r, "..")) return MAY;
    if (char_behind(r) != ':') return CHILD;
    if (is(r, "child")) return CHILD;
    return is(r, "attribute") || is(r, "self") ? NEVER : MAY;
}

static void step(rewrite *r) {
    if (is(r, ".") || is(r, "..")) {
        copy(r);
        return;
    }
    if (is(r, "@")) copy(r);
    if (r->now.kind != NAME) {
        r->failed = true;
        return;
    }
    copy(r);
    if (is(r, "::")) {
        copy(r);
        if (r->now.kind != NAME) r->failed = true;
        copy(r);
    }
    if (is(r, "(")) { /* text(), processing-instruction("x") */
        copy(r);
        if (r->now.kind == LITERAL) copy(r);
        copy_the(r, ")");
    }
    predicates(r);
}

/* Whether what stands in the program since `begin` is one node, or already inside of dh-step(). */
typedef struct place {
    size_t begin;
    bool single, each;
} place;

/* Adds a program to the dh-step() that the path ends with. */
static void add_program(rewrite *r, place *p, uint32_t number) {
    if (!p->each) insert(r, p->begin, "dh-step(");
    else r->out.len--; /* its bracket */
    p->each = true;
    dh_buf_printf(&r->out, ",%u)", (unsigned)number);
}

/* The step at hand, from each node of the path. */
static void step_of_each(rewrite *r, place *p, const char *prefix) {
    size_t at = r->out.len;
    dh_buf_puts(&r->out, prefix);
    step(r);
    add_program(r, p, cut_program(r, at));
}

/* The // that is a step of its own. */
static void deep_of_each(rewrite *r, place *p) {
    static const char all[] = "descendant-or-self::node()";
    if (p->single) {
        dh_buf_printf(&r->out, "/%s", all);
        p->single = false;
        return;
    }
    size_t at = r->out.len;
    dh_buf_puts(&r->out, all);
    add_program(r, p, cut_program(r, at));
}

/* The steps behind a path's begin. */
static void steps(rewrite *r, place p) {
    while ((is(r, "/") || is(r, "//")) && !r->failed) {
        bool deep = is(r, "//");
        next(r);
        meeting how = meeting_of(r);
        if (deep && how != CHILD) {
            deep_of_each(r, &p);
            deep = false;
        }
        if (p.each || (!p.single && (deep || how == MAY))) {
            step_of_each(r, &p, deep ? ".//" : "");
            continue;
        }
        p.single &= is(r, ".") || is(r, "..");
        dh_buf_puts(&r->out, deep ? "//" : "/");
        step(r);
    }
}

static bool is_node_type(const rewrite *r) {
    return is(r, "text") || is(r, "node") || is(r, "comment") || is(r, "processing-instruction");
}

static bool begins_step(const rewrite *r) {
    return r->now.kind == NAME || is(r, "@") || is(r, ".") || is(r, "..");
}

static void arguments(rewrite *r) {
    copy(r);
    copy_the(r, "(");
    while (!is(r, ")") && !r->failed) {
        expression(r);
        if (!is(r, ",")) break;
        copy(r);
    }
    copy_the(r, ")");
}

static void absolute_path(rewrite *r, place p) {
    bool deep = false;
    for (; is(r, "/") || is(r, "//"); next(r)) deep |= is(r, "//"); /* libxml2 takes ///a, too */
    dh_buf_putc(&r->out, '/');
    if (!deep && !begins_step(r)) return; /* the root alone */
    if (deep && meeting_of(r) == MAY) {
        r->out.len--;
        p.single = true;
        deep_of_each(r, &p);
        step_of_each(r, &p, "");
    } else {
        if (deep) dh_buf_putc(&r->out, '/');
        step(r);
        p.single = false;
    }
    steps(r, p);
}

static void path(rewrite *r) {
    place p = {.begin = r->out.len};
    if (is(r, "/") || is(r, "//")) {
        absolute_path(r, p);
        return;
    }
    bool call = r->now.kind == NAME && char_behind(r) == '(' && !is_node_type(r);
    if (call) {
        arguments(r);
    } else if (is(r, "(")) {
        copy(r);
        expression(r);
        copy_the(r, ")");
    } else if (r->now.kind == LITERAL || r->now.kind == NUMBER) {
        copy(r);
    } else {
        p.single = is(r, ".") || is(r, "..");
        step(r);
    }
    predicates(r);
    steps(r, p);
}

/* ---- operators ---- */

static void unions(rewrite *r) {
    size_t begin = r->out.len;
    path(r);
    if (!is(r, "|")) return;
    insert(r, begin, "dh-union(");
    while (is(r, "|") && !r->failed) {
        next(r);
        dh_buf_putc(&r->out, ',');
        path(r);
    }
    dh_buf_putc(&r->out, ')');
}

/* From `begin` on stands an operand of arithmetic. */
static void as_number(rewrite *r, size_t begin) {
    if (begin < r->out.len && dh_is_digit(r->out.ptr[begin])) return;
    insert(r, begin, "number(");
    dh_buf_putc(&r->out, ')');
}

static void sign(rewrite *r) {
    bool any = false;
    for (; is(r, "-"); any = true) copy(r);
    size_t begin = r->out.len;
    unions(r);
    if (any) as_number(r, begin);
}

typedef struct level {
    const char *operators[4], *functions[4]; /* functions[0] NULL: the operator stays */
    bool numbers;                            /* its operands are cast to numbers */
} level;

static const level levels[] = {
    {{"or"}, {NULL}, false},
    {{"and"}, {NULL}, false},
    {{"=", "!="}, {"dh-eq(", "dh-ne("}, false},
    {{"<", "<=", ">", ">="}, {"dh-lt(", "dh-le(", "dh-gt(", "dh-ge("}, false},
    {{"+", "-"}, {NULL}, true},
    {{"*", "div", "mod"}, {NULL}, true},
};

enum { LEVELS = sizeof levels / sizeof *levels };

static int operator_of(const rewrite *r, const level *l) {
    for (int i = 0; i < 4 && l->operators[i] != NULL && r->now.kind == OPERATOR; i++)
        if (is(r, l->operators[i])) return i;
    return -1;
}

/* All operators of a level are left-associative. */
static void operators(rewrite *r, size_t at) {
    if (at == LEVELS) {
        sign(r);
        return;
    }
    const level *l = &levels[at];
    size_t begin = r->out.len, operand = begin;
    bool first = true;
    operators(r, at + 1);
    int which;
    while ((which = operator_of(r, l)) >= 0 && !r->failed) {
        if (l->numbers && first) as_number(r, operand);
        first = false;
        if (l->functions[0] != NULL) {
            insert(r, begin, l->functions[which]);
            dh_buf_putc(&r->out, ',');
            next(r);
        } else {
            dh_buf_putc(&r->out, ' ');
            copy(r);
            dh_buf_putc(&r->out, ' ');
        }
        operand = r->out.len;
        operators(r, at + 1);
        if (l->functions[0] != NULL) dh_buf_putc(&r->out, ')');
        if (l->numbers) as_number(r, operand);
    }
}

static void expression(rewrite *r) {
    operators(r, 0);
}

bool dh_xpath_bound_make(dh_slice text, dh_xpath_bound *out) {
    rewrite r = {.text = text, .made = out};
    *out = (dh_xpath_bound){.programs = 0};
    dh_buf_init(&out->text, NULL, 0);
    dh_buf_init(&r.out, NULL, 0);
    next(&r);
    expression(&r);
    if (r.now.kind != END) r.failed = true;
    cut_program(&r, 0);
    out->no_memory = r.out.failed || out->text.failed;
    bool good = !r.failed && !out->no_memory;
    dh_buf_release(&r.out);
    return good;
}
