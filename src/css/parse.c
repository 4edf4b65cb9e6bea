/* SPDX-License-Identifier: Apache-2.0 */
/* parse: selector text to css_private's arrays. Recursive descent; it recurses once per nested list,
 * at most CSS_MAX_NESTING deep. The first error ends it. */
#include "css/scan.h"
#include "css/suggest.h"
#include "css/xpath.h"

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
    ARG_UPWARD,
    ARG_XPATH
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

static int32_t parse_list(css_scan *p, bool relative, bool nested);

static bool close_bracket(css_scan *p, const char *name) {
    dh_scan_space(p);
    if (dh_scan_peek(p) != ')')
        return dh_scan_fail(p, p->at, "the closing ) of :%s is missing", name);
    p->at++;
    return true;
}

/* ---- parts ---- */

static css_part *new_part(css_scan *p, css_kind kind, int32_t *index) {
    if (++p->parts > CSS_MAX_PARTS) {
        dh_scan_fail(p, p->at, "the selector has more than %d parts", CSS_MAX_PARTS);
        return NULL;
    }
    *index = (int32_t)p->css->parts.len;
    css_part *part = DH_PUSH(p->arena, p->css->parts);
    *part = (css_part){.kind = kind, .next = CSS_NONE, .list = CSS_NONE};
    return part;
}

/* Links a part into its compound: cheap kinds first, equal ones in the order written. */
static void attach(css_scan *p, int32_t compound, int32_t part) {
    css_part *parts = p->css->parts.ptr;
    int32_t *link = &p->css->compounds.ptr[compound].first;
    while (*link != CSS_NONE && parts[*link].kind <= parts[part].kind) link = &parts[*link].next;
    parts[part].next = *link;
    *link = part;
}

static bool add_name(css_scan *p, int32_t compound, css_kind kind, dh_slice name) {
    int32_t index;
    css_part *part = new_part(p, kind, &index);
    if (part == NULL) return false;
    part->name = name;
    attach(p, compound, index);
    return true;
}

static int32_t new_compound(css_scan *p, int32_t prev, char combinator) {
    css_compound *compound = DH_PUSH(p->arena, p->css->compounds);
    *compound = (css_compound){.prev = prev, .combinator = combinator, .first = CSS_NONE};
    return (int32_t)p->css->compounds.len - 1;
}

/* The compound that is the scope itself: of :has() and behind :upward(). */
static int32_t new_scope(css_scan *p) {
    int32_t compound = new_compound(p, CSS_NONE, 0);
    return add_name(p, compound, CSS_SCOPE, (dh_slice){0}) ? compound : CSS_NONE;
}

static bool parse_type(css_scan *p, int32_t compound) {
    dh_slice name;
    if (!dh_scan_name(p, &name, "a name")) return false;
    if (dh_scan_peek(p) == '|' && p->at + 1 < p->text.len && p->text.ptr[p->at + 1] != '=')
        return dh_scan_fail(p, p->at, "namespaces are not supported: leave out \"%.*s|\"",
                            (int)name.len, name.ptr);
    name = dh_scan_lower(p, name);
    dh_tag tag = dh_tag_of(name);
    p->css->compounds.ptr[compound].tag = tag;
    if (++p->parts > CSS_MAX_PARTS)
        return dh_scan_fail(p, p->at, "the selector has more than %d parts", CSS_MAX_PARTS);
    return tag != DH_TAG_UNKNOWN || add_name(p, compound, CSS_NAME, name);
}

/* HTML standard, 4.16.2. */
bool dh_css_folds_value(dh_slice name) {
    static const dh_slice names[] = {
#define N(text) DH_SLICE_INIT(text)
        N("accept"),    N("accept-charset"), N("align"),     N("alink"),    N("axis"),
        N("bgcolor"),   N("charset"),        N("checked"),   N("clear"),    N("codetype"),
        N("color"),     N("compact"),        N("declare"),   N("defer"),    N("dir"),
        N("direction"), N("disabled"),       N("enctype"),   N("face"),     N("frame"),
        N("hreflang"),  N("http-equiv"),     N("lang"),      N("language"), N("link"),
        N("media"),     N("method"),         N("multiple"),  N("nohref"),   N("noresize"),
        N("noshade"),   N("nowrap"),         N("readonly"),  N("rel"),      N("rev"),
        N("rules"),     N("scope"),          N("scrolling"), N("selected"), N("shape"),
        N("target"),    N("text"),           N("type"),      N("valign"),   N("valuetype"),
        N("vlink"),
#undef N
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (dh_slice_eq(names[i], name)) return true;
    return false;
}

static bool read_operator(css_scan *p, css_op *op) {
    static const char marks[] = "~|^$*";
    static const css_op ops[] = {CSS_OP_WORD, CSS_OP_DASH, CSS_OP_PREFIX, CSS_OP_SUFFIX,
                                 CSS_OP_SUBSTRING};
    *op = CSS_OP_EQUAL;
    if (dh_scan_peek(p) == '!')
        return dh_scan_fail(p, p->at, "[a!=b] is no CSS: write :not([a=b])");
    const char *mark = dh_scan_at_end(p) ? NULL : strchr(marks, dh_scan_peek(p));
    if (mark != NULL && *mark != 0) {
        *op = ops[mark - marks];
        p->at++;
    }
    if (dh_scan_peek(p) != '=')
        return dh_scan_fail(p, p->at, "expected ], =, ~=, |=, ^=, $= or *=");
    p->at++;
    return true;
}

/* Behind the opening bracket. */
static bool parse_attribute(css_scan *p, int32_t compound) {
    css_part made = {.kind = CSS_ATTRIBUTE, .next = CSS_NONE, .list = CSS_NONE};
    dh_scan_space(p);
    if (!dh_scan_name(p, &made.name, "an attribute's name")) return false;
    made.name = dh_scan_lower(p, made.name);
    dh_scan_space(p);
    if (dh_scan_peek(p) != ']') {
        if (!read_operator(p, &made.op)) return false;
        dh_scan_space(p);
        if (dh_scan_peek(p) == '"' || dh_scan_peek(p) == '\'') {
            if (!dh_scan_string(p, &made.value)) return false;
        } else if (!dh_scan_at_name(p)) {
            return dh_scan_fail(p, p->at, "put the attribute's value in quotation marks");
        } else if (!dh_scan_name(p, &made.value, "a value")) {
            return false;
        }
        made.fold = dh_css_folds_value(made.name);
        dh_scan_space(p);
        char flag = dh_lower(dh_scan_peek(p));
        if (flag == 'i' || flag == 's') {
            made.fold = flag == 'i';
            p->at++;
            dh_scan_space(p);
        }
    }
    if (dh_scan_peek(p) != ']') return dh_scan_fail(p, p->at, "the closing ] is missing");
    p->at++;
    int32_t index;
    css_part *part = new_part(p, CSS_ATTRIBUTE, &index);
    if (part == NULL) return false;
    *part = made;
    attach(p, compound, index);
    return true;
}

/* ---- pseudo-classes ---- */

static bool unknown_pseudo(css_scan *p, size_t at, dh_slice name) {
    static const struct {
        dh_slice name;
        const char *text;
    } known[] = {
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
        if (dh_slice_eq(known[i].name, name)) return dh_scan_fail(p, at, "%s", known[i].text);
    dh_suggest near = dh_suggest_start(name);
    for (size_t i = 0; i < PSEUDO_COUNT; i++) dh_suggest_offer(&near, pseudos[i].name);
    if (near.best.len > 0)
        return dh_scan_fail(p, at, "unknown pseudo-class :%.*s, did you mean :%.*s?", (int)name.len,
                            name.ptr, (int)near.best.len, near.best.ptr);
    return dh_scan_fail(p, at, "unknown pseudo-class :%.*s", (int)name.len, name.ptr);
}

static bool read_count(css_scan *p, int32_t *number) {
    size_t begin = p->at;
    while (dh_is_digit(dh_scan_peek(p))) p->at++;
    uint64_t value;
    if (!dh_slice_to_u64(dh_slice_sub(p->text, begin, p->at), &value) || value > 1000000000)
        return dh_scan_fail(p, begin, "a number expected");
    *number = (int32_t)value;
    return true;
}

/* "quoted", /regex/ or bare text up to the bracket that closes. */
static bool read_text(css_scan *p, dh_slice *value, const dh_regex **regex) {
    dh_scan_space(p);
    char c = dh_scan_peek(p);
    if (c == '/') return dh_scan_regex(p, regex);
    if (c == '"' || c == '\'') return dh_scan_string(p, value);
    size_t begin = p->at;
    for (uint32_t open = 0; !dh_scan_at_end(p); p->at++) {
        if (dh_scan_peek(p) == '(')
            open++;
        else if (dh_scan_peek(p) == ')' && open-- == 0)
            break;
    }
    *value = dh_slice_trim(dh_slice_sub(p->text, begin, p->at));
    return value->len > 0 ||
           dh_scan_fail(p, begin, "a text, quoted, or a /regular expression/ expected");
}

static bool read_attr_side(css_scan *p, dh_slice *value, const dh_regex **regex) {
    dh_scan_space(p);
    char c = dh_scan_peek(p);
    if (c == '/') return dh_scan_regex(p, regex);
    if (c == '"' || c == '\'') return dh_scan_string(p, value);
    return dh_scan_name(p, value, "a name, quoted text or /regular expression/");
}

static bool parse_attr_argument(css_scan *p, css_part *part) {
    if (!read_attr_side(p, &part->name, &part->name_regex)) return false;
    if (part->name_regex == NULL) part->name = dh_scan_lower(p, part->name);
    dh_scan_space(p);
    if (dh_scan_peek(p) != '=') return true;
    p->at++;
    part->op = CSS_OP_EQUAL;
    return read_attr_side(p, &part->value, &part->regex);
}

static bool parse_nth_argument(css_scan *p, css_part *part, bool allow_of) {
    size_t used, begin = p->at;
    if (!dh_css_parse_nth(dh_slice_sub(p->text, p->at, p->text.len), &part->a, &part->b, &used))
        return dh_scan_fail(p, begin, "expected even, odd, a number or An+B such as 2n+1");
    p->at += used;
    bool space = dh_scan_space(p);
    dh_slice of = dh_slice_sub(p->text, p->at, p->at + 3);
    if (dh_scan_peek(p) == ')' || !allow_of || !space) return true;
    if (of.len < 3 || !dh_slice_eq_nocase(dh_slice_sub(of, 0, 2), DH_SLICE("of")) ||
        !dh_is_space(of.ptr[2]))
        return dh_scan_fail(p, p->at, "expected ) or \"of\" and selectors");
    p->at += 3;
    part->list = parse_list(p, false, true);
    return part->list != CSS_NONE;
}

static bool parse_word_argument(css_scan *p, css_part *part) {
    dh_scan_space(p);
    if (!dh_scan_name(p, &part->value, "ltr or rtl")) return false;
    part->value = dh_scan_lower(p, part->value);
    if (dh_slice_eq(part->value, DH_SLICE("ltr")) || dh_slice_eq(part->value, DH_SLICE("rtl")))
        return true;
    return dh_scan_fail(p, p->at, "ltr or rtl expected");
}

/* Comma separated language ranges are kept as one text; spaces and quotes are taken out. */
static bool parse_langs(css_scan *p, css_part *part) {
    dh_buf out;
    dh_buf_init(&out, p->arena, 0);
    for (;;) {
        dh_slice range;
        dh_scan_space(p);
        if (dh_scan_peek(p) == '"' || dh_scan_peek(p) == '\'') {
            if (!dh_scan_string(p, &range)) return false;
        } else {
            size_t begin = p->at;
            while (dh_scan_is_name(dh_scan_peek(p)) || dh_scan_peek(p) == '*') p->at++;
            range = dh_slice_sub(p->text, begin, p->at);
            if (range.len == 0) return dh_scan_fail(p, begin, "a language such as ar expected");
        }
        dh_buf_put_slice(&out, range);
        dh_scan_space(p);
        if (dh_scan_peek(p) != ',') break;
        p->at++;
        dh_buf_putc(&out, ',');
    }
    part->value = dh_buf_slice(&out);
    return true;
}

/* Up to the bracket that closes; XPath's strings have no escapes. */
static bool parse_xpath_argument(css_scan *p, css_part *part) {
    size_t begin = p->at;
    for (uint32_t open = 0; !dh_scan_at_end(p); p->at++) {
        char c = dh_scan_peek(p);
        if (c == '"' || c == '\'') {
            do p->at++;
            while (!dh_scan_at_end(p) && dh_scan_peek(p) != c);
        } else if (c == '(' || c == '[') {
            open++;
        } else if ((c == ')' || c == ']') && open-- == 0) {
            break;
        }
    }
    part->value = dh_slice_sub(p->text, begin, p->at);
    dh_error inner = {0};
    if (dh_xpath_check(part->value, &inner) == DH_OK) return true;
    return dh_scan_fail(p, begin + (size_t)inner.offset, "%s", inner.message);
}

static bool parse_argument(css_scan *p, argument kind, css_part *part) {
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
        dh_scan_space(p);
        return read_count(p, &part->b);
    case ARG_ATTR:
        return parse_attr_argument(p, part);
    case ARG_UPWARD:
        dh_scan_space(p);
        if (dh_is_digit(dh_scan_peek(p)))
            return read_count(p, &part->b) && (part->b > 0 || dh_scan_fail(p, p->at, ":upward(0)"));
        part->list = parse_list(p, false, true);
        return part->list != CSS_NONE;
    case ARG_XPATH:
        return parse_xpath_argument(p, part);
    case ARG_NONE:
        break;
    }
    return true;
}

/* Ends the chain before it: what follows hangs on the ancestor. */
static bool add_upward(css_scan *p, size_t at, const css_part *step, int32_t *complex_end,
                       int32_t *compound) {
    if (p->nesting > 1)
        return dh_scan_fail(p, at, ":%s() cannot stand inside of another pseudo-class",
                            step->kind == CSS_XPATH ? "xpath" : "upward");
    int32_t scope = new_scope(p);
    if (scope == CSS_NONE) return false;
    *complex_end = *compound;
    *compound = scope;
    *DH_PUSH(p->arena, p->css->upwards) = (css_upward){
        .count = (uint32_t)step->b,
        .list = step->list,
        .tail = CSS_NONE,
        .next = CSS_NONE,
        .xpath = step->kind == CSS_XPATH ? step->value : (dh_slice){NULL, 0}};
    p->css->climbs = true;
    return true;
}

typedef struct chain {
    int32_t compound;     /* the one being read */
    int32_t ended;        /* a chain that :upward() ended, or CSS_NONE */
    int32_t first_upward; /* of this complex selector */
    int32_t last_upward;
} chain;

static void link_upward(css_scan *p, chain *c) {
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
static bool parse_pseudo(css_scan *p, chain *c) {
    size_t begin = p->at - 1;
    if (dh_scan_peek(p) == ':')
        return dh_scan_fail(p, begin, "pseudo-elements such as ::before select nothing in a page");
    dh_slice name;
    if (!dh_scan_name(p, &name, "a pseudo-class")) return false;
    name = dh_scan_lower(p, name);
    const pseudo *known = NULL;
    for (size_t i = 0; i < PSEUDO_COUNT && known == NULL; i++)
        if (dh_slice_eq(pseudos[i].name, name)) known = &pseudos[i];
    if (known == NULL) return unknown_pseudo(p, begin, name);
    const char *text = known->name.ptr; /* a literal: ends in NUL */
    bool open = dh_scan_peek(p) == '(';
    if (open != (known->argument != ARG_NONE))
        return dh_scan_fail(p, p->at, open ? ":%s takes no (...)" : ":%s needs (...)", text);
    css_part made = {.kind = known->kind, .next = CSS_NONE, .list = CSS_NONE};
    if (open) {
        p->at++;
        if (!parse_argument(p, known->argument, &made) || !close_bracket(p, text)) return false;
    }
    if (known->kind == CSS_UPWARD || known->kind == CSS_XPATH) {
        int32_t end = CSS_NONE;
        css_compound *bare = &p->css->compounds.ptr[c->compound];
        /* Without anything before it an :xpath() is asked of the whole page, not of each element. */
        if (known->kind == CSS_XPATH && bare->first == CSS_NONE && bare->prev == CSS_NONE &&
            bare->tag == 0 && !add_name(p, c->compound, CSS_ROOT, (dh_slice){NULL, 0}))
            return false;
        if (!add_upward(p, begin, &made, &end, &c->compound)) return false;
        if (c->last_upward == CSS_NONE)
            c->ended = end;
        else
            p->css->upwards.ptr[c->last_upward].tail = end;
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

static bool parse_compound(css_scan *p, chain *c) {
    size_t begin = p->at;
    if (dh_scan_peek(p) == '*') {
        p->at++;
        if (dh_scan_peek(p) == '|') return dh_scan_fail(p, p->at, "namespaces are not supported");
    } else if (dh_scan_at_name(p) && !parse_type(p, c->compound)) {
        return false;
    }
    for (;;) {
        char mark = dh_scan_peek(p);
        dh_slice name;
        if (mark != '.' && mark != '#' && mark != '[' && mark != ':') break;
        p->at++;
        bool ok;
        if (mark == '[') {
            ok = parse_attribute(p, c->compound);
        } else if (mark == ':') {
            ok = parse_pseudo(p, c);
        } else {
            ok = dh_scan_name(p, &name, mark == '.' ? "a class name" : "an id") &&
                 add_name(p, c->compound, mark == '.' ? CSS_CLASS : CSS_ID, name);
        }
        if (!ok) return false;
    }
    if (p->at > begin) return true;
    if (dh_scan_at_end(p)) return dh_scan_fail(p, p->at, "a selector is missing at the end");
    if (dh_scan_peek(p) == ',' || dh_scan_peek(p) == ')')
        return dh_scan_fail(p, p->at, "a selector is missing here");
    if (dh_is_digit(dh_scan_peek(p)))
        return dh_scan_fail(p, p->at, "a name cannot begin with a digit");
    return dh_scan_fail(p, p->at, "unexpected \"%c\"",
                        (unsigned char)dh_scan_peek(p) < 0x80 ? dh_scan_peek(p) : '?');
}

static bool is_combinator(char c) {
    return c == '>' || c == '+' || c == '~';
}

/* ":has(:scope > b)" is ":has(> b)" (Selectors 4, 3.6). Steps over the word when more follows. */
static void skip_scope(css_scan *p) {
    static const dh_slice word = DH_SLICE_INIT(":scope");
    dh_slice left = dh_slice_sub(p->text, p->at, p->text.len);
    if (!dh_slice_starts_nocase(left, word) || left.len == word.len) return;
    char next = left.ptr[word.len];
    if (!dh_is_space(next) && !is_combinator(next)) return;
    dh_slice behind = dh_slice_trim(dh_slice_sub(left, word.len, left.len));
    if (behind.len == 0 || behind.ptr[0] == ',' || behind.ptr[0] == ')') return;
    p->at += word.len;
    dh_scan_space(p);
}

static int32_t parse_complex(css_scan *p, bool relative) {
    css_complex made = {.upward = CSS_NONE, .next = CSS_NONE, .last = CSS_NONE};
    chain c = {.ended = CSS_NONE, .first_upward = CSS_NONE, .last_upward = CSS_NONE};
    int32_t prev = CSS_NONE;
    char combinator = 0;
    dh_scan_space(p);
    if (relative) {
        prev = new_scope(p);
        if (prev == CSS_NONE) return CSS_NONE;
        combinator = ' ';
        skip_scope(p);
        if (is_combinator(dh_scan_peek(p))) {
            combinator = p->text.ptr[p->at++];
            dh_scan_space(p);
        }
        made.leading = combinator;
    }
    for (;;) {
        c.compound = new_compound(p, prev, combinator);
        if (!parse_compound(p, &c)) return CSS_NONE;
        prev = c.compound;
        bool space = dh_scan_space(p);
        if (dh_scan_at_end(p) || dh_scan_peek(p) == ',' || dh_scan_peek(p) == ')') break;
        if (is_combinator(dh_scan_peek(p))) {
            combinator = p->text.ptr[p->at++];
            dh_scan_space(p);
        } else if (space) {
            combinator = ' ';
        } else {
            dh_scan_fail(p, p->at, "unexpected \"%c\"",
                         (unsigned char)dh_scan_peek(p) < 0x80 ? dh_scan_peek(p) : '?');
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
static int32_t parse_list(css_scan *p, bool relative, bool nested) {
    int32_t first = CSS_NONE, last = CSS_NONE;
    if (p->nesting >= CSS_MAX_NESTING) {
        dh_scan_fail(p, p->at, "selectors are nested more than %d deep", CSS_MAX_NESTING);
        return CSS_NONE;
    }
    p->nesting++;
    for (;;) {
        int32_t complex = parse_complex(p, relative);
        if (complex == CSS_NONE) return CSS_NONE;
        if (last == CSS_NONE)
            first = complex;
        else
            p->css->complexes.ptr[last].next = complex;
        last = complex;
        if (dh_scan_peek(p) != ',') break;
        p->at++;
    }
    if (!nested && !dh_scan_at_end(p)) {
        dh_scan_fail(p, p->at, "a ) without its (");
        return CSS_NONE;
    }
    p->nesting--;
    return first;
}

static dh_status compile_xpath(dh_slice text, dh_arena *arena, dh_css **out, dh_error *error) {
    size_t before = 0;
    while (before < text.len && dh_is_space(text.ptr[before])) before++;
    if (dh_slice_starts(dh_slice_sub(text, before, text.len), DH_SLICE("xpath:")))
        before += sizeof "xpath:" - 1;
    dh_slice expression = dh_slice_sub(text, before, text.len);
    dh_status status = dh_xpath_check(expression, error);
    if (status != DH_OK) {
        if (error != NULL) error->offset += before;
        return status;
    }
    dh_css *css = dh_arena_zalloc(arena, 1, sizeof *css);
    css->arena = arena;
    css->list = CSS_NONE;
    css->climbs = true;
    css->xpath = dh_arena_dup(arena, expression);
    *out = css;
    return DH_OK;
}

dh_status dh_css_compile(dh_slice text, dh_arena *arena, void (*own)(void *data, dh_regex *regex),
                         void *data, dh_css **out, dh_error *error) {
    *out = NULL;
    if (dh_xpath_is(text)) return compile_xpath(text, arena, out, error);
    css_scan p = {.text = dh_arena_dup(arena, text),
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
