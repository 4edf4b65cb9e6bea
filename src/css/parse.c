/* SPDX-License-Identifier: Apache-2.0 */
/* parse: selector text to css_private's arrays. Recursive descent; it recurses once per nested list,
 * at most CSS_MAX_NESTING deep. The first error ends it. */
#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "css/css_private.h"
#include "css/suggest.h"

typedef enum argument {
    ARG_NONE,
    ARG_LIST,
    ARG_RELATIVE,
    ARG_NTH,
    ARG_NTH_OF,
    ARG_LANGS,
    ARG_WORD,
    ARG_TEXT,
    ARG_NUMBER,
    ARG_ATTR,
    ARG_UPWARD
} argument;

typedef struct pseudo {
    dh_slice name;
    css_kind kind;
    argument argument;
} pseudo;

static const pseudo pseudos[] = {
#define DH_PSEUDO(name, kind, arg, help) {DH_SLICE_INIT(name), CSS_##kind, ARG_##arg},
#include "css/pseudo.def"
#undef DH_PSEUDO
};
enum { PSEUDO_COUNT = sizeof pseudos / sizeof *pseudos };

typedef struct parser {
    dh_slice text; /* a copy in the arena: compiled parts point into it */
    size_t at;
    dh_css *css;
    dh_arena *arena;
    void (*own)(void *data, dh_regex *regex);
    void *data;
    uint32_t nesting, parts;
    dh_error *error;
    dh_status status; /* of the first error */
} parser;

static int32_t parse_list(parser *p, bool relative, bool nested);

__attribute__((format(printf, 3, 4))) static bool fail(parser *p, size_t at, const char *format,
                                                       ...) {
    if (p->status != DH_OK) return false;
    p->status = DH_ERR_RULE;
    char message[400];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    dh_error_set(p->error, DH_ERR_RULE, "selector", at, "%s", message);
    return false;
}

static bool at_end(const parser *p) {
    return p->at >= p->text.len;
}

static char peek(const parser *p) {
    return at_end(p) ? 0 : p->text.ptr[p->at];
}

static bool skip_space(parser *p) {
    size_t from = p->at;
    while (!at_end(p) && dh_is_space(peek(p))) p->at++;
    return p->at > from;
}

static bool is_name_char(char c) {
    return dh_is_alnum(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

static bool hex_value(char c, uint32_t *value) {
    char l = dh_lower(c);
    if (dh_is_digit(c)) *value = (uint32_t)(c - '0');
    else if (l >= 'a' && l <= 'f') *value = (uint32_t)(l - 'a') + 10;
    else return false;
    return true;
}

/* Behind a backslash (CSS Syntax 3, 4.3.7): up to six hex digits and a space, or the character. */
static bool read_escape(parser *p, dh_buf *out) {
    uint32_t code = 0, digit;
    size_t begin = p->at;
    if (at_end(p) || peek(p) == '\n') return fail(p, p->at, "nothing follows the backslash");
    while (p->at - begin < 6 && !at_end(p) && hex_value(peek(p), &digit)) {
        code = code * 16 + digit;
        p->at++;
    }
    if (p->at == begin) {
        dh_buf_putc(out, p->text.ptr[p->at++]); /* the rest of a longer character follows as it is */
    } else {
        if (!at_end(p) && dh_is_space(peek(p))) p->at++;
        dh_buf_put_code(out, code == 0 ? DH_REPLACEMENT : code);
    }
    return true;
}

static bool starts_name(const parser *p) {
    dh_slice rest = dh_slice_sub(p->text, p->at, p->text.len);
    if (rest.len == 0) return false;
    char c = rest.ptr[0];
    if (c == '-') {
        if (rest.len == 1) return false;
        c = rest.ptr[1];
        return is_name_char(c) ? !dh_is_digit(c) : c == '\\';
    }
    return c == '\\' || (is_name_char(c) && !dh_is_digit(c));
}

/* An identifier. Without escapes it is a slice of the text. */
static bool read_name(parser *p, dh_slice *name, const char *what) {
    if (!starts_name(p)) {
        if (dh_is_digit(peek(p)))
            return fail(p, p->at, "%s cannot begin with a digit here: write \\3%c and a space for it",
                        what, peek(p));
        return fail(p, p->at, "%s expected", what);
    }
    size_t begin = p->at;
    while (!at_end(p) && is_name_char(peek(p))) p->at++;
    if (peek(p) != '\\') {
        *name = dh_slice_sub(p->text, begin, p->at);
        return true;
    }
    dh_buf out;
    dh_buf_init(&out, p->arena, 0);
    dh_buf_put_slice(&out, dh_slice_sub(p->text, begin, p->at));
    while (!at_end(p) && (is_name_char(peek(p)) || peek(p) == '\\')) {
        char c = p->text.ptr[p->at++];
        if (c != '\\') dh_buf_putc(&out, c);
        else if (!read_escape(p, &out)) return false;
    }
    *name = dh_buf_slice(&out);
    return true;
}

static dh_slice lower(parser *p, dh_slice s) {
    char *copy = dh_arena_alloc(p->arena, s.len);
    for (size_t i = 0; i < s.len; i++) copy[i] = dh_lower(s.ptr[i]);
    return dh_slice_make(copy, s.len);
}

/* At a quotation mark. */
static bool read_string(parser *p, dh_slice *value) {
    size_t begin = p->at;
    char quote = p->text.ptr[p->at++];
    dh_buf out;
    dh_buf_init(&out, p->arena, 0);
    while (!at_end(p) && peek(p) != quote) {
        char c = p->text.ptr[p->at++];
        if (c != '\\') dh_buf_putc(&out, c);
        else if (!read_escape(p, &out)) return false;
    }
    if (at_end(p)) return fail(p, begin, "the closing %c is missing", quote);
    p->at++;
    *value = out.len > 0 ? dh_buf_slice(&out) : DH_SLICE("");
    return true;
}

/* At a slash: /pattern/flags. A slash in a class or behind a backslash does not end it. */
static bool read_regex(parser *p, const dh_regex **regex) {
    size_t begin = ++p->at, end;
    bool in_class = false;
    for (; !at_end(p) && (in_class || peek(p) != '/'); p->at++) {
        if (peek(p) == '\\') p->at++;
        else if (peek(p) == '[') in_class = true;
        else if (peek(p) == ']') in_class = false;
    }
    if (at_end(p)) return fail(p, begin - 1, "the closing / of the regular expression is missing");
    end = p->at++;
    size_t flags = p->at;
    while (dh_is_alpha(peek(p))) p->at++;
    dh_error inner = {0};
    dh_regex *made = NULL;
    dh_status status = dh_regex_new(dh_slice_sub(p->text, begin, end),
                                    dh_slice_sub(p->text, flags, p->at), &made, &inner);
    if (status != DH_OK) {
        fail(p, begin + (size_t)inner.offset, "%s", inner.message);
        p->status = status;
        return false;
    }
    if (p->own != NULL) p->own(p->data, made);
    *regex = made;
    return true;
}

static bool close_bracket(parser *p, const char *name) {
    skip_space(p);
    if (peek(p) != ')') return fail(p, p->at, "the closing ) of :%s is missing", name);
    p->at++;
    return true;
}

/* ---- parts ---- */

static css_part *new_part(parser *p, css_kind kind, int32_t *index) {
    if (++p->parts > CSS_MAX_PARTS) {
        fail(p, p->at, "the selector has more than %d parts", CSS_MAX_PARTS);
        return NULL;
    }
    *index = (int32_t)p->css->parts.len;
    css_part *part = DH_PUSH(p->arena, p->css->parts);
    *part = (css_part){.kind = kind, .next = CSS_NONE, .list = CSS_NONE};
    return part;
}

/* Links a part into its compound: cheap kinds first, equal ones in the order written. */
static void attach(parser *p, int32_t compound, int32_t part) {
    css_part *parts = p->css->parts.ptr;
    int32_t *link = &p->css->compounds.ptr[compound].first;
    while (*link != CSS_NONE && parts[*link].kind <= parts[part].kind) link = &parts[*link].next;
    parts[part].next = *link;
    *link = part;
}

static bool add_name(parser *p, int32_t compound, css_kind kind, dh_slice name) {
    int32_t index;
    css_part *part = new_part(p, kind, &index);
    if (part == NULL) return false;
    part->name = name;
    attach(p, compound, index);
    return true;
}

static int32_t new_compound(parser *p, int32_t prev, char combinator) {
    css_compound *compound = DH_PUSH(p->arena, p->css->compounds);
    *compound = (css_compound){.prev = prev, .combinator = combinator, .first = CSS_NONE};
    return (int32_t)p->css->compounds.len - 1;
}

/* The compound that is the scope itself: of :has() and behind :upward(). */
static int32_t new_scope(parser *p) {
    int32_t compound = new_compound(p, CSS_NONE, 0);
    return add_name(p, compound, CSS_SCOPE, (dh_slice){0}) ? compound : CSS_NONE;
}

static bool parse_type(parser *p, int32_t compound) {
    dh_slice name;
    if (!read_name(p, &name, "a name")) return false;
    if (peek(p) == '|' && p->at + 1 < p->text.len && p->text.ptr[p->at + 1] != '=')
        return fail(p, p->at, "namespaces are not supported: leave out \"%.*s|\"", (int)name.len,
                    name.ptr);
    name = lower(p, name);
    dh_tag tag = dh_tag_of(name);
    p->css->compounds.ptr[compound].tag = tag;
    if (++p->parts > CSS_MAX_PARTS)
        return fail(p, p->at, "the selector has more than %d parts", CSS_MAX_PARTS);
    return tag != DH_TAG_UNKNOWN || add_name(p, compound, CSS_NAME, name);
}

/* Attributes whose values HTML compares without regard to case (HTML standard, 4.16.2). */
static bool folds_by_default(dh_slice name) {
    static const dh_slice names[] = {
#define N(text) DH_SLICE_INIT(text)
        N("accept"), N("accept-charset"), N("align"), N("alink"), N("axis"), N("bgcolor"),
        N("charset"), N("checked"), N("clear"), N("codetype"), N("color"), N("compact"),
        N("declare"), N("defer"), N("dir"), N("direction"), N("disabled"), N("enctype"), N("face"),
        N("frame"), N("hreflang"), N("http-equiv"), N("lang"), N("language"), N("link"),
        N("media"), N("method"), N("multiple"), N("nohref"), N("noresize"), N("noshade"),
        N("nowrap"), N("readonly"), N("rel"), N("rev"), N("rules"), N("scope"), N("scrolling"),
        N("selected"), N("shape"), N("target"), N("text"), N("type"), N("valign"), N("valuetype"),
        N("vlink"),
#undef N
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (dh_slice_eq(names[i], name)) return true;
    return false;
}

static bool read_operator(parser *p, css_op *op) {
    static const char marks[] = "~|^$*";
    static const css_op ops[] = {CSS_OP_WORD, CSS_OP_DASH, CSS_OP_PREFIX, CSS_OP_SUFFIX,
                                 CSS_OP_SUBSTRING};
    *op = CSS_OP_EQUAL;
    if (peek(p) == '!') return fail(p, p->at, "[a!=b] is no CSS: write :not([a=b])");
    const char *mark = at_end(p) ? NULL : strchr(marks, peek(p));
    if (mark != NULL && *mark != 0) {
        *op = ops[mark - marks];
        p->at++;
    }
    if (peek(p) != '=') return fail(p, p->at, "expected ], =, ~=, |=, ^=, $= or *=");
    p->at++;
    return true;
}

/* Behind the opening bracket. */
static bool parse_attribute(parser *p, int32_t compound) {
    css_part made = {.kind = CSS_ATTRIBUTE, .next = CSS_NONE, .list = CSS_NONE};
    skip_space(p);
    if (!read_name(p, &made.name, "an attribute's name")) return false;
    made.name = lower(p, made.name);
    skip_space(p);
    if (peek(p) != ']') {
        if (!read_operator(p, &made.op)) return false;
        skip_space(p);
        if (peek(p) == '"' || peek(p) == '\'') {
            if (!read_string(p, &made.value)) return false;
        } else if (!starts_name(p)) {
            return fail(p, p->at, "put the attribute's value in quotation marks");
        } else if (!read_name(p, &made.value, "a value")) {
            return false;
        }
        made.fold = folds_by_default(made.name);
        skip_space(p);
        char flag = dh_lower(peek(p));
        if (flag == 'i' || flag == 's') {
            made.fold = flag == 'i';
            p->at++;
            skip_space(p);
        }
    }
    if (peek(p) != ']') return fail(p, p->at, "the closing ] is missing");
    p->at++;
    int32_t index;
    css_part *part = new_part(p, CSS_ATTRIBUTE, &index);
    if (part == NULL) return false;
    *part = made;
    attach(p, compound, index);
    return true;
}

/* ---- pseudo-classes ---- */

static bool unknown_pseudo(parser *p, size_t at, dh_slice name) {
    static const struct {
        dh_slice name;
        const char *text;
    } known[] = {
        {DH_SLICE_INIT("xpath"), ":xpath() is not supported yet"},
        {DH_SLICE_INIT("contains"), "write :has-text(\"...\") for :contains"},
        {DH_SLICE_INIT("-abp-contains"), "write :has-text(\"...\") for :-abp-contains"},
        {DH_SLICE_INIT("-abp-has"), "write :has(...) for :-abp-has"},
        {DH_SLICE_INIT("nth-ancestor"), "write :upward(n) for :nth-ancestor"},
        {DH_SLICE_INIT("hover"), ":hover cannot be told from a saved page"},
        {DH_SLICE_INIT("visited"), ":visited cannot be told from a saved page"},
        {DH_SLICE_INIT("focus"), ":focus cannot be told from a saved page"},
        {DH_SLICE_INIT("active"), ":active cannot be told from a saved page"},
        {DH_SLICE_INIT("matches-css"), "styles are not computed: there is no :matches-css"},
        {DH_SLICE_INIT("remove"), "`remove:` removes already: leave out :remove()"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (dh_slice_eq(known[i].name, name)) return fail(p, at, "%s", known[i].text);
    dh_suggest near = dh_suggest_start(name);
    for (size_t i = 0; i < PSEUDO_COUNT; i++) dh_suggest_offer(&near, pseudos[i].name);
    if (near.best.len > 0)
        return fail(p, at, "unknown pseudo-class :%.*s, did you mean :%.*s?", (int)name.len,
                    name.ptr, (int)near.best.len, near.best.ptr);
    return fail(p, at, "unknown pseudo-class :%.*s", (int)name.len, name.ptr);
}

static bool read_count(parser *p, int32_t *number) {
    size_t begin = p->at;
    while (dh_is_digit(peek(p))) p->at++;
    uint64_t value;
    if (!dh_slice_to_u64(dh_slice_sub(p->text, begin, p->at), &value) || value > 1000000000)
        return fail(p, begin, "a number expected");
    *number = (int32_t)value;
    return true;
}

/* "quoted", /regex/ or bare text up to the bracket that closes. */
static bool read_text(parser *p, dh_slice *value, const dh_regex **regex) {
    skip_space(p);
    char c = peek(p);
    if (c == '/') return read_regex(p, regex);
    if (c == '"' || c == '\'') return read_string(p, value);
    size_t begin = p->at;
    for (uint32_t open = 0; !at_end(p); p->at++) {
        if (peek(p) == '(') open++;
        else if (peek(p) == ')' && open-- == 0) break;
    }
    *value = dh_slice_trim(dh_slice_sub(p->text, begin, p->at));
    return value->len > 0 || fail(p, begin, "a text, quoted, or a /regular expression/ expected");
}

static bool read_attr_side(parser *p, dh_slice *value, const dh_regex **regex) {
    skip_space(p);
    char c = peek(p);
    if (c == '/') return read_regex(p, regex);
    if (c == '"' || c == '\'') return read_string(p, value);
    return read_name(p, value, "a name, quoted text or /regular expression/");
}

static bool parse_attr_argument(parser *p, css_part *part) {
    if (!read_attr_side(p, &part->name, &part->name_regex)) return false;
    if (part->name_regex == NULL) part->name = lower(p, part->name);
    skip_space(p);
    if (peek(p) != '=') return true;
    p->at++;
    part->op = CSS_OP_EQUAL;
    return read_attr_side(p, &part->value, &part->regex);
}

static bool parse_nth_argument(parser *p, css_part *part, bool allow_of) {
    size_t used, begin = p->at;
    if (!dh_css_parse_nth(dh_slice_sub(p->text, p->at, p->text.len), &part->a, &part->b, &used))
        return fail(p, begin, "expected even, odd, a number or An+B such as 2n+1");
    p->at += used;
    bool space = skip_space(p);
    dh_slice of = dh_slice_sub(p->text, p->at, p->at + 3);
    if (peek(p) == ')' || !allow_of || !space) return true;
    if (of.len < 3 || !dh_slice_eq_nocase(dh_slice_sub(of, 0, 2), DH_SLICE("of")) ||
        !dh_is_space(of.ptr[2]))
        return fail(p, p->at, "expected ) or \"of\" and selectors");
    p->at += 3;
    part->list = parse_list(p, false, true);
    return part->list != CSS_NONE;
}

static bool parse_word_argument(parser *p, css_part *part) {
    skip_space(p);
    if (!read_name(p, &part->value, "ltr or rtl")) return false;
    part->value = lower(p, part->value);
    if (dh_slice_eq(part->value, DH_SLICE("ltr")) || dh_slice_eq(part->value, DH_SLICE("rtl")))
        return true;
    return fail(p, p->at, "ltr or rtl expected");
}

/* Comma separated language ranges are kept as one text; spaces and quotes are taken out. */
static bool parse_langs(parser *p, css_part *part) {
    dh_buf out;
    dh_buf_init(&out, p->arena, 0);
    for (;;) {
        dh_slice range;
        skip_space(p);
        if (peek(p) == '"' || peek(p) == '\'') {
            if (!read_string(p, &range)) return false;
        } else {
            size_t begin = p->at;
            while (is_name_char(peek(p)) || peek(p) == '*') p->at++;
            range = dh_slice_sub(p->text, begin, p->at);
            if (range.len == 0) return fail(p, begin, "a language such as ar expected");
        }
        dh_buf_put_slice(&out, range);
        skip_space(p);
        if (peek(p) != ',') break;
        p->at++;
        dh_buf_putc(&out, ',');
    }
    part->value = dh_buf_slice(&out);
    return true;
}

static bool parse_argument(parser *p, argument kind, css_part *part) {
    switch (kind) {
    case ARG_LIST:
    case ARG_RELATIVE:
        part->list = parse_list(p, kind == ARG_RELATIVE, true);
        return part->list != CSS_NONE;
    case ARG_NTH:
    case ARG_NTH_OF:
        return parse_nth_argument(p, part, kind == ARG_NTH_OF);
    case ARG_LANGS:
        return parse_langs(p, part);
    case ARG_WORD:
        return parse_word_argument(p, part);
    case ARG_TEXT:
        return read_text(p, &part->value, &part->regex);
    case ARG_NUMBER:
        skip_space(p);
        return read_count(p, &part->b);
    case ARG_ATTR:
        return parse_attr_argument(p, part);
    case ARG_UPWARD:
        skip_space(p);
        if (dh_is_digit(peek(p)))
            return read_count(p, &part->b) && (part->b > 0 || fail(p, p->at, ":upward(0)"));
        part->list = parse_list(p, false, true);
        return part->list != CSS_NONE;
    case ARG_NONE:
        break;
    }
    return true;
}

/* Ends the chain before it: what follows hangs on the ancestor. */
static bool add_upward(parser *p, size_t at, const css_part *step, int32_t *complex_end,
                       int32_t *compound) {
    if (p->nesting > 1) return fail(p, at, ":upward() cannot stand inside of another pseudo-class");
    int32_t scope = new_scope(p);
    if (scope == CSS_NONE) return false;
    *complex_end = *compound;
    *compound = scope;
    *DH_PUSH(p->arena, p->css->upwards) = (css_upward){
        .count = (uint32_t)step->b, .list = step->list, .tail = CSS_NONE, .next = CSS_NONE};
    p->css->climbs = true;
    return true;
}

typedef struct chain {
    int32_t compound;     /* the one being read */
    int32_t ended;        /* a chain that :upward() ended, or CSS_NONE */
    int32_t first_upward; /* of this complex selector */
    int32_t last_upward;
} chain;

static void link_upward(parser *p, chain *c) {
    css_upward *ups = p->css->upwards.ptr;
    int32_t made = (int32_t)p->css->upwards.len - 1;
    if (c->last_upward == CSS_NONE) {
        c->first_upward = made;
    } else {
        ups[c->last_upward].next = made;
    }
    c->last_upward = made;
}

/* Behind the colon. */
static bool parse_pseudo(parser *p, chain *c) {
    size_t begin = p->at - 1;
    if (peek(p) == ':')
        return fail(p, begin, "pseudo-elements such as ::before select nothing in a page");
    dh_slice name;
    if (!read_name(p, &name, "a pseudo-class")) return false;
    name = lower(p, name);
    const pseudo *known = NULL;
    for (size_t i = 0; i < PSEUDO_COUNT && known == NULL; i++)
        if (dh_slice_eq(pseudos[i].name, name)) known = &pseudos[i];
    if (known == NULL) return unknown_pseudo(p, begin, name);
    const char *text = known->name.ptr; /* a literal: ends in NUL */
    bool open = peek(p) == '(';
    if (open != (known->argument != ARG_NONE))
        return fail(p, p->at, open ? ":%s takes no (...)" : ":%s needs (...)", text);
    css_part made = {.kind = known->kind, .next = CSS_NONE, .list = CSS_NONE};
    if (open) {
        p->at++;
        if (!parse_argument(p, known->argument, &made) || !close_bracket(p, text)) return false;
    }
    if (known->kind == CSS_UPWARD) {
        int32_t end = CSS_NONE;
        if (!add_upward(p, begin, &made, &end, &c->compound)) return false;
        if (c->last_upward == CSS_NONE) c->ended = end;
        else p->css->upwards.ptr[c->last_upward].tail = end;
        link_upward(p, c);
        return true;
    }
    int32_t index;
    css_part *part = new_part(p, known->kind, &index);
    if (part == NULL) return false;
    *part = made;
    attach(p, c->compound, index);
    return true;
}

static bool parse_compound(parser *p, chain *c) {
    size_t begin = p->at;
    if (peek(p) == '*') {
        p->at++;
        if (peek(p) == '|') return fail(p, p->at, "namespaces are not supported");
    } else if (starts_name(p) && !parse_type(p, c->compound)) {
        return false;
    }
    for (;;) {
        char mark = peek(p);
        dh_slice name;
        if (mark != '.' && mark != '#' && mark != '[' && mark != ':') break;
        p->at++;
        bool ok;
        if (mark == '[') {
            ok = parse_attribute(p, c->compound);
        } else if (mark == ':') {
            ok = parse_pseudo(p, c);
        } else {
            ok = read_name(p, &name, mark == '.' ? "a class name" : "an id") &&
                 add_name(p, c->compound, mark == '.' ? CSS_CLASS : CSS_ID, name);
        }
        if (!ok) return false;
    }
    if (p->at > begin) return true;
    if (at_end(p)) return fail(p, p->at, "a selector is missing at the end");
    if (peek(p) == ',' || peek(p) == ')') return fail(p, p->at, "a selector is missing here");
    if (dh_is_digit(peek(p))) return fail(p, p->at, "a name cannot begin with a digit");
    return fail(p, p->at, "unexpected \"%c\"", (unsigned char)peek(p) < 0x80 ? peek(p) : '?');
}

static bool is_combinator(char c) {
    return c == '>' || c == '+' || c == '~';
}

static int32_t parse_complex(parser *p, bool relative) {
    css_complex made = {.upward = CSS_NONE, .next = CSS_NONE, .last = CSS_NONE};
    chain c = {.ended = CSS_NONE, .first_upward = CSS_NONE, .last_upward = CSS_NONE};
    int32_t prev = CSS_NONE;
    char combinator = 0;
    skip_space(p);
    if (relative) {
        prev = new_scope(p);
        if (prev == CSS_NONE) return CSS_NONE;
        combinator = ' ';
        if (is_combinator(peek(p))) {
            combinator = p->text.ptr[p->at++];
            skip_space(p);
        }
        made.leading = combinator;
    }
    for (;;) {
        c.compound = new_compound(p, prev, combinator);
        if (!parse_compound(p, &c)) return CSS_NONE;
        prev = c.compound;
        bool space = skip_space(p);
        if (at_end(p) || peek(p) == ',' || peek(p) == ')') break;
        if (is_combinator(peek(p))) {
            combinator = p->text.ptr[p->at++];
            skip_space(p);
        } else if (space) {
            combinator = ' ';
        } else {
            fail(p, p->at, "unexpected \"%c\"", (unsigned char)peek(p) < 0x80 ? peek(p) : '?');
            return CSS_NONE;
        }
    }
    made.last = c.ended != CSS_NONE ? c.ended : prev;
    made.upward = c.first_upward;
    if (c.last_upward != CSS_NONE) p->css->upwards.ptr[c.last_upward].tail = prev;
    *DH_PUSH(p->arena, p->css->complexes) = made;
    return (int32_t)p->css->complexes.len - 1;
}

/* A comma separated list; nested: up to (not including) the bracket that closes it. */
static int32_t parse_list(parser *p, bool relative, bool nested) {
    int32_t first = CSS_NONE, last = CSS_NONE;
    if (p->nesting >= CSS_MAX_NESTING) {
        fail(p, p->at, "selectors are nested more than %d deep", CSS_MAX_NESTING);
        return CSS_NONE;
    }
    p->nesting++;
    for (;;) {
        int32_t complex = parse_complex(p, relative);
        if (complex == CSS_NONE) return CSS_NONE;
        if (last == CSS_NONE) first = complex;
        else p->css->complexes.ptr[last].next = complex;
        last = complex;
        if (peek(p) != ',') break;
        p->at++;
    }
    if (!nested && !at_end(p)) {
        fail(p, p->at, "a ) without its (");
        return CSS_NONE;
    }
    p->nesting--;
    return first;
}

dh_status dh_css_compile(dh_slice text, dh_arena *arena, void (*own)(void *data, dh_regex *regex),
                         void *data, dh_css **out, dh_error *error) {
    *out = NULL;
    parser p = {.text = dh_arena_dup(arena, text),
                .arena = arena,
                .own = own,
                .data = data,
                .error = error,
                .status = DH_OK};
    p.css = dh_arena_zalloc(arena, 1, sizeof *p.css);
    p.css->arena = arena;
    p.css->list = parse_list(&p, false, false);
    if (p.css->list == CSS_NONE) return p.status;
    *out = p.css;
    return DH_OK;
}
