/* SPDX-License-Identifier: Apache-2.0 */
/* skim.c: the pass over the bytes. skim_stack.c follows which elements are open; this file only asks
 * it whether a tag may go into the skeleton. Foreign content (svg, math) never reaches the tree
 * builder as such: libgumbo 0.10 aborts on some of it. A drawing becomes the empty element x-svg,
 * formulas become HTML elements that mean nothing, so their text stays. */
#include "dom/skim.h"

#include <limits.h>

#include "base/map.h"
#include "base/utf8.h"
#include "dom/entity.h"
#include "dom/skim_raw.h"
#include "dom/skim_stack.h"

enum { NAME_MAX_LEN = 40, SVG_SEARCH = 512, MAX_ROOTS = 128, SINGLE_IDS = 60000, PAIR_IDS = 65000 };

/* Names for what Gumbo shall not know. To Gumbo 0.10, an end tag it does not know ends any element it
 * does not know; these two it knows, and they mean nothing outside of formulas. */
#define MATH_NAME DH_SLICE("mglyph")   /* math */
#define NO_NAME DH_SLICE("malignmark") /* an end tag that ends nothing */

typedef DH_VEC(uint64_t) name_stack; /* hashes of names */

typedef struct state {
    dh_skim *skim;
    dh_arena *arena;
    const dh_limits *limits;
    const char *page; /* all offsets count from here */
    size_t len;
    size_t run; /* where the current run of text begins */
    const dh_skim_known *known;
    uint32_t next_ignored, next_raw; /* in known's lists */
    dh_skim_ends *ends;              /* when known->careful */
    dh_skim_stack stack;
    name_stack svg;    /* elements open in a drawing */
    uint32_t pre_tags; /* start tags of pre and listing that had no end tag yet */
    bool pre_select;   /* a select in one: the end tag may have been ignored */
    size_t text_end;   /* behind the last run of text in the skeleton */
    uint32_t roots[MAX_ROOTS], roots_len; /* html and body tags with attributes, by tags' index */
    bool unclosed_escape; /* a script's escape had no end: do not look for one again */
    bool unclosed_svg;    /* a <svg> had no end: do not look for one again */
} state;

static dh_slice whole(const state *s) {
    return (dh_slice){s->page, s->len};
}

static void put_code(dh_buf *out, uint32_t code) {
    char bytes[4];
    dh_buf_put(out, bytes, dh_utf8_encode(code, bytes));
}

static void put_placeholder(dh_buf *out, uint32_t run) {
    if (run < SINGLE_IDS) {
        put_code(out, 0xF0000 + run);
    } else {
        put_code(out, 0xF0000 + SINGLE_IDS + (run - SINGLE_IDS) / PAIR_IDS);
        put_code(out, 0x100000 + (run - SINGLE_IDS) % PAIR_IDS);
    }
}

size_t dh_skim_placeholder(const char *p, const char *end, uint32_t *run) {
    uint32_t code, low;
    size_t n = dh_utf8_decode(p, end, &code);
    if (code < 0xF0000 || code > 0xFFFFD) return 0;
    code -= 0xF0000;
    if (code < SINGLE_IDS) {
        *run = code;
        return n;
    }
    if (p + n >= end) return 0;
    size_t m = dh_utf8_decode(p + n, end, &low);
    if (low < 0x100000) return 0;
    *run = SINGLE_IDS + (code - SINGLE_IDS) * PAIR_IDS + (low - 0x100000);
    return n + m;
}

size_t dh_skim_blank(dh_slice text, bool raw, char *c) {
    if (text.len == 0) return 0;
    *c = text.ptr[0];
    if (dh_is_space(*c)) return 1;
    if (raw || *c != '&') return 0;
    char out[8];
    size_t len, used = dh_entity_at(text, false, out, &len);
    *c = out[0];
    return used > 0 && len == 1 && dh_is_space(*c) ? used : 0;
}

/* Ends the run of text at `end`: leading white space as one space (verbatim: all of it, where the
 * tree builder drops a first line feed), then a placeholder when there is more. */
static void put_text(state *s, size_t end, bool raw, bool verbatim) {
    size_t begin = s->run, at = begin, n = 1;
    uint32_t lead = 0;
    if (begin >= end) return;
    for (; at < end; at += n) {
        char c = s->page[at];
        if (c == '&') n = dh_skim_blank((dh_slice){s->page + at, end - at}, raw, &c);
        else n = dh_is_space(c);
        if (n == 0) break;
        /* a written-out carriage return is no line feed */
        if (verbatim) dh_buf_putc(&s->skim->skeleton, c == '\r' ? ' ' : c);
        lead++;
    }
    if (lead > 0 && !verbatim) {
        dh_buf_putc(&s->skim->skeleton, ' ');
        lead = 1;
    }
    s->skim->nodes++;
    s->text_end = s->skim->skeleton.len;
    if (at == end) return;
    put_placeholder(&s->skim->skeleton, s->skim->runs.len);
    *DH_PARTS_PUSH(s->arena, s->skim->runs) = (dh_skim_run){
        .begin = (uint32_t)begin, .end = (uint32_t)end, .lead = lead & 0x7FFFFFFF, .raw = raw};
    s->text_end = s->skim->skeleton.len;
}

/* Whether white space is written out. To do so without need is no mistake: either of two guesses
 * will do. */
static bool in_pre(const state *s) {
    return s->stack.pre > 0 || s->pre_tags > 0 || s->pre_select || s->known->careful;
}

static void flush_text(state *s, size_t end) {
    put_text(s, end, false, in_pre(s));
}

static bool is_pre(dh_tag tag) {
    return tag == DH_TAG_pre || tag == DH_TAG_listing;
}

/* What ends the name of a tag, and with '=' that of an attribute. */
enum { ENDS_TAG = 1, ENDS_ATTRIBUTE = 2 };
static const unsigned char name_ends[256] = {
    ['\t'] = ENDS_TAG | ENDS_ATTRIBUTE, ['\n'] = ENDS_TAG | ENDS_ATTRIBUTE,
    ['\f'] = ENDS_TAG | ENDS_ATTRIBUTE, ['\r'] = ENDS_TAG | ENDS_ATTRIBUTE,
    [' '] = ENDS_TAG | ENDS_ATTRIBUTE,  ['/'] = ENDS_TAG | ENDS_ATTRIBUTE,
    ['>'] = ENDS_TAG | ENDS_ATTRIBUTE,  ['='] = ENDS_ATTRIBUTE};

static size_t name_end(dh_slice tag, size_t at, unsigned char what) {
    while (at < tag.len && (name_ends[(unsigned char)tag.ptr[at]] & what) == 0) at++;
    return at;
}

size_t dh_skim_name_end(dh_slice tag) {
    return name_end(tag, 1, ENDS_TAG);
}

bool dh_skim_attribute(dh_slice tag, size_t *at, dh_slice *name, dh_slice *value) {
    size_t i = *at;
    while (i < tag.len && (dh_is_space(tag.ptr[i]) || tag.ptr[i] == '/')) i++;
    if (i >= tag.len || tag.ptr[i] == '>') {
        *at = i;
        return false;
    }
    size_t begin = i;
    i = name_end(tag, i + 1, ENDS_ATTRIBUTE); /* a leading '=' belongs to the name */
    *name = dh_slice_sub(tag, begin, i);
    *value = (dh_slice){tag.ptr + i, 0};
    size_t equals = i;
    while (equals < tag.len && dh_is_space(tag.ptr[equals])) equals++;
    if (equals >= tag.len || tag.ptr[equals] != '=') {
        *at = i;
        return true;
    }
    i = equals + 1;
    while (i < tag.len && dh_is_space(tag.ptr[i])) i++;
    if (i < tag.len && (tag.ptr[i] == '"' || tag.ptr[i] == '\'')) {
        const char *close = memchr(tag.ptr + i + 1, tag.ptr[i], tag.len - i - 1);
        size_t stop = close != NULL ? (size_t)(close - tag.ptr) : tag.len;
        *value = dh_slice_sub(tag, i + 1, stop);
        *at = stop < tag.len ? stop + 1 : stop;
        return true;
    }
    begin = i;
    while (i < tag.len && !dh_is_space(tag.ptr[i]) && tag.ptr[i] != '>') i++;
    *value = dh_slice_sub(tag, begin, i);
    *at = i;
    return true;
}

/* Offset behind the '>' that ends the tag which begins at `at`, or 0 when the page ends first.
 * *self_closing: "/>"; *attributes: it has any. */
static size_t tag_end(const state *s, size_t at, bool *self_closing, bool *attributes) {
    dh_slice rest = {s->page + at, s->len - at};
    size_t i = dh_skim_name_end(rest);
    *attributes = false;
    dh_slice name, value;
    size_t last = i; /* a '/' before it belongs to a value without quotes */
    while (dh_skim_attribute(rest, &i, &name, &value)) {
        *attributes = true;
        last = i;
    }
    if (i >= rest.len) return 0;
    *self_closing = i > last && rest.ptr[i - 1] == '/';
    return at + i + 1;
}

/* The tag's name in lower case, cut at NAME_MAX_LEN. */
static dh_slice lower_name(const state *s, size_t begin, char out[NAME_MAX_LEN]) {
    size_t n = 0;
    for (size_t i = begin; i < s->len && n < NAME_MAX_LEN; i++) {
        char c = s->page[i];
        if (dh_is_space(c) || c == '/' || c == '>') break;
        out[n++] = c == '\0' || c == '<' ? '_' : dh_lower(c);
    }
    return (dh_slice){out, n};
}

/* HTML standard 13.2.6.5: start tags that end foreign content. */
static bool breaks_out(dh_slice name) {
    static const char *const names[] = {
        "b",   "big",  "blockquote", "body",  "br",  "center", "code", "dd",     "div",
        "dl",  "dt",   "em",         "embed", "h1",  "h2",     "h3",   "h4",     "h5",
        "h6",  "head", "hr",         "i",     "img", "li",     "menu", "meta",   "nobr",
        "ol",  "p",    "pre",        "ruby",  "s",   "small",  "span", "strong", "strike",
        "sub", "sup",  "table",      "tt",    "u",   "ul",     "var",  "listing"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (dh_slice_eq(name, dh_slice_cstr(names[i]))) return true;
    return false;
}

/* font breaks out only with one of these attributes. */
static bool font_breaks_out(dh_slice tag) {
    size_t at = dh_skim_name_end(tag);
    dh_slice name, value;
    while (dh_skim_attribute(tag, &at, &name, &value))
        if (dh_slice_eq_nocase(name, DH_SLICE("color")) ||
            dh_slice_eq_nocase(name, DH_SLICE("face")) ||
            dh_slice_eq_nocase(name, DH_SLICE("size")))
            return true;
    return false;
}

static bool holds_html(dh_slice name) {
    return dh_slice_eq(name, DH_SLICE("foreignobject")) || dh_slice_eq(name, DH_SLICE("desc")) ||
           dh_slice_eq(name, DH_SLICE("title"));
}

/* The number of open elements that remain when an end tag closes the topmost of its name, or
 * UINT32_MAX when none is open. */
static uint32_t closes(const name_stack *open, uint64_t name) {
    for (uint32_t i = open->len, n = 0; i > 0 && n < SVG_SEARCH; i--, n++)
        if (open->ptr[i - 1] == name) return i - 1;
    return UINT32_MAX;
}

/* The next tag of a drawing at or behind *at; its name in bytes. False when there is none. */
static bool next_svg_tag(const state *s, size_t *at, bool *end) {
    while (*at < s->len) {
        const char *hit = memchr(s->page + *at, '<', s->len - *at);
        if (hit == NULL) return false;
        *at = (size_t)(hit - s->page);
        dh_slice rest = {hit, s->len - *at};
        if (dh_slice_starts(rest, DH_SLICE("<![CDATA["))) {
            size_t close = dh_slice_find(rest, DH_SLICE("]]>"));
            if (close == DH_NPOS) return false;
            *at += close + 3;
        } else if (rest.len > 1 && (rest.ptr[1] == '!' || rest.ptr[1] == '?')) {
            *at = dh_skim_markup_end(whole(s), *at);
        } else {
            *end = rest.len > 1 && rest.ptr[1] == '/';
            size_t name = *end ? 2 : 1;
            if (name < rest.len && dh_is_alpha(rest.ptr[name])) return true;
            ++*at;
        }
    }
    return false;
}

/* Offset behind the drawing whose content begins at `at`; before a tag that breaks out of it; 0 when
 * it is never closed. */
static size_t skip_svg(state *s, size_t at) {
    static const uint64_t no_html = UINT32_MAX;
    uint64_t html = no_html; /* depth of the outermost foreignObject, desc or title: HTML in it */
    name_stack *open = &s->svg;
    bool end;
    open->len = 0;
    *DH_PUSH(s->arena, *open) = dh_hash(DH_SLICE("svg"));
    while (next_svg_tag(s, &at, &end)) {
        char bytes[NAME_MAX_LEN];
        dh_slice name = lower_name(s, at + (end ? 2 : 1), bytes);
        bool self_closing = false, attributes;
        size_t behind = tag_end(s, at, &self_closing, &attributes);
        if (behind == 0) return 0;
        uint64_t hash = dh_hash(name);
        if (end) {
            uint32_t left = closes(open, hash);
            if (left == 0) return behind;
            if (left != UINT32_MAX)
                open->len = left;
            else if (html == no_html && dh_skim_stack_closes(&s->stack, dh_tag_of(name), name))
                return at;
            if (open->len <= html) html = no_html;
        } else {
            if (html == no_html &&
                (breaks_out(name) || (dh_slice_eq(name, DH_SLICE("font")) &&
                                      font_breaks_out((dh_slice){s->page + at, behind - at}))))
                return at;
            if (!self_closing) {
                if (html == no_html && holds_html(name)) html = open->len;
                *DH_PUSH(s->arena, *open) = hash;
            }
        }
        at = behind;
    }
    return 0;
}

static void put_start(state *s, dh_slice name) {
    dh_buf_putc(&s->skim->skeleton, '<');
    dh_buf_put_slice(&s->skim->skeleton, name);
}

static void put_end(state *s, dh_slice name) {
    dh_buf_puts(&s->skim->skeleton, "</");
    dh_buf_put_slice(&s->skim->skeleton, name);
    dh_buf_putc(&s->skim->skeleton, '>');
}

/* A start tag that ends math, seen in a math element whose content is no HTML. */
static void break_out_of_math(state *s, dh_slice name, size_t begin, size_t behind) {
    const dh_skim_open *top = &s->stack.open.ptr[s->stack.open.len - 1];
    if (top->html || (top->tag != DH_TAG_UNKNOWN && top->tag != DH_TAG_math)) return;
    if (!breaks_out(name) && !(dh_slice_eq(name, DH_SLICE("font")) &&
                               font_breaks_out((dh_slice){s->page + begin, behind - begin})))
        return;
    dh_slice math = DH_SLICE("math");
    if (dh_skim_stack_close(&s->stack, DH_TAG_math, math)) put_end(s, MATH_NAME);
}

/* Elements of math that hold HTML (the standard's integration points). */
static bool math_holds_html(dh_slice name, dh_slice tag) {
    static const char *const names[] = {"mi", "mo", "mn", "ms", "mtext"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (dh_slice_eq(name, dh_slice_cstr(names[i]))) return true;
    if (!dh_slice_eq(name, DH_SLICE("annotation-xml"))) return false;
    size_t at = dh_skim_name_end(tag);
    dh_slice key, value;
    while (dh_skim_attribute(tag, &at, &key, &value))
        if (dh_slice_eq_nocase(key, DH_SLICE("encoding")))
            return dh_slice_eq_nocase(value, DH_SLICE("text/html")) ||
                   dh_slice_eq_nocase(value, DH_SLICE("application/xhtml+xml"));
    return false;
}

/* The text of a CDATA section of math at `at`; 0 when it is none. */
static size_t math_cdata(state *s, size_t at) {
    dh_slice rest = {s->page + at, s->len - at};
    if (s->stack.math == 0 || !dh_slice_starts(rest, DH_SLICE("<![CDATA["))) return 0;
    dh_tag top = s->stack.open.ptr[s->stack.open.len - 1].tag;
    if (top != DH_TAG_UNKNOWN && top != DH_TAG_math) return 0;
    size_t end = dh_slice_find(rest, DH_SLICE("]]>"));
    s->run = at + 9;
    put_text(s, end == DH_NPOS ? s->len : at + end, true, false);
    return end == DH_NPOS ? s->len : at + end + 3;
}

static void push_tag(state *s, size_t begin, size_t end, dh_tag tag, size_t content_end) {
    *DH_PARTS_PUSH(s->arena, s->skim->tags) = (dh_skim_tag){.skeleton = (uint32_t)s->skim->skeleton.len,
                                                      .begin = (uint32_t)begin,
                                                      .end = (uint32_t)end,
                                                      .raw_end = (uint32_t)content_end,
                                                      .tag = tag,
                                                      .in_template =
                                                          s->stack.counts[DH_TAG_template] > 0};
    s->skim->nodes++;
    if (content_end > 0) s->skim->raw++;
}

/* Elements whose content is no markup: the content is remembered, the tree builder gets it empty. */
static size_t raw_element(state *s, size_t begin, size_t behind, dh_tag tag, dh_slice name) {
    size_t close = tag == DH_TAG_script
                       ? dh_skim_script_end(whole(s), behind, &s->unclosed_escape)
                       : dh_skim_raw_end(whole(s), behind, name);
    push_tag(s, begin, behind, tag, close);
    put_start(s, name);
    dh_buf_putc(&s->skim->skeleton, '>');
    if (dh_tag_is(tag, DH_T_RCDATA)) {
        s->run = behind;
        put_text(s, close, false, true);
    }
    put_end(s, name);
    bool self_closing, attributes;
    size_t after = close < s->len ? tag_end(s, close, &self_closing, &attributes) : s->len;
    return after != 0 ? after : s->len;
}

/* isindex becomes text when it has a prompt. */
static void put_prompt(state *s, dh_slice tag, size_t at) {
    dh_slice name, value;
    while (dh_skim_attribute(tag, &at, &name, &value)) {
        if (!dh_slice_eq_nocase(name, DH_SLICE("prompt")) || value.len == 0) continue;
        char quote = memchr(value.ptr, '"', value.len) != NULL ? '\'' : '"';
        dh_buf_printf(&s->skim->skeleton, " prompt=%c", quote);
        dh_buf_put_slice(&s->skim->skeleton, value);
        dh_buf_putc(&s->skim->skeleton, quote);
    }
}

/* Says which html or body tag with these attributes was the first. */
static void put_root(state *s, dh_slice attributes) {
    uint32_t i = 0;
    for (; i < s->roots_len; i++) {
        const dh_skim_tag *tag = DH_PARTS_AT(s->skim->tags, s->roots[i]);
        dh_slice bytes = {s->page + tag->begin, tag->end - tag->begin};
        if (dh_slice_eq(dh_slice_sub(bytes, dh_skim_name_end(bytes), bytes.len), attributes)) break;
    }
    if (i == MAX_ROOTS) return;
    if (i == s->roots_len) s->roots[s->roots_len++] = s->skim->tags.len - 1;
    dh_buf_printf(&s->skim->skeleton, " t%u", s->roots[i]);
}

/* The attributes the tree builder looks at: identity of formatting elements, hidden inputs. It adds
 * those of a second html or body tag to the first: there, a name says which tag of ours it was. */
static void put_attributes(state *s, dh_tag tag, size_t begin, size_t behind) {
    dh_slice bytes = {s->page + begin, behind - begin};
    size_t at = dh_skim_name_end(bytes);
    if (tag == DH_TAG_a) return; /* a second one ends the first: there are never four to compare */
    if (dh_tag_is(tag, DH_T_FORMATTING)) {
        dh_buf_printf(&s->skim->skeleton, " a=%08x", (unsigned)dh_skim_identity(bytes, s->arena));
    } else if (tag == DH_TAG_input) {
        dh_slice name, value;
        while (dh_skim_attribute(bytes, &at, &name, &value)) {
            if (!dh_slice_eq_nocase(name, DH_SLICE("type"))) continue;
            if (dh_slice_eq_nocase(value, DH_SLICE("hidden")))
                dh_buf_puts(&s->skim->skeleton, " type=hidden");
            break;
        }
    } else if (dh_slice_starts_nocase(bytes, DH_SLICE("<isindex"))) {
        put_prompt(s, bytes, at);
    } else if (tag == DH_TAG_html || tag == DH_TAG_body) {
        put_root(s, dh_slice_sub(bytes, at, bytes.len));
    }
}

static size_t svg_element(state *s, size_t begin, size_t behind, bool self_closing) {
    size_t after = self_closing || s->unclosed_svg ? behind : skip_svg(s, behind);
    if (after == 0) {
        s->unclosed_svg = true;
        after = behind;
    }
    push_tag(s, begin, behind, DH_TAG_svg, 0);
    dh_buf_puts(&s->skim->skeleton, "<x-svg></x-svg>");
    return after;
}

/* Tags whose content is not read as markup: of these it matters whether the tree builder, too, takes
 * them for tags (in select and frameset it does not). */
bool dh_skim_swallows(dh_tag tag) {
    return tag == DH_TAG_svg || tag == DH_TAG_plaintext || dh_tag_is(tag, DH_T_RAW | DH_T_RCDATA);
}

bool dh_skim_ends_alike(const dh_skim *skim, const dh_skim_tag *tag) {
    uint32_t low = 0, high = skim->ends.len;
    if (tag->tag == DH_TAG_plaintext) return false;
    if (tag->raw_end == skim->kept) return true;
    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;
        if (*DH_PARTS_AT(skim->ends, mid) < tag->raw_end) low = mid + 1;
        else high = mid;
    }
    return low < skim->ends.len && *DH_PARTS_AT(skim->ends, low) == tag->raw_end;
}

/* Whether a list of offsets, of which *next is the first not yet passed, has this one. */
static bool is_listed(const dh_skim_offsets *list, uint32_t *next, size_t begin) {
    while (*next < list->len && list->ptr[*next] < begin) ++*next;
    return *next < list->len && list->ptr[*next] == begin;
}

/* The careful way with a tag whose content may or may not be markup: the content goes into the skeleton
 * as markup, which the tree builder reads or skips as it would in the page. That is right both ways, but
 * for an end tag that is one in raw text only, since as markup it stands in a comment or in an attribute
 * (dh_skim_ends_alike). False when that cannot be, or need not. */
static bool open_raw(state *s, size_t begin, size_t behind, dh_tag tag, dh_slice name) {
    if (!s->known->careful || is_listed(&s->known->raw, &s->next_raw, begin)) return false;
    size_t close = s->len;
    if (tag != DH_TAG_plaintext)
        close = dh_skim_next_end(s->ends, whole(s), behind, tag, name);
    if (tag == DH_TAG_script && dh_skim_may_escape(s->ends, whole(s), behind, close)) return false;
    push_tag(s, begin, behind, tag, close);
    DH_PARTS_AT(s->skim->tags, s->skim->tags.len - 1)->open = true;
    put_start(s, name);
    dh_buf_putc(&s->skim->skeleton, '>');
    return true;
}

/* Handles the start tag at `begin`; returns where to go on. */
static size_t start_tag(state *s, size_t begin) {
    char bytes[NAME_MAX_LEN];
    dh_slice name = lower_name(s, begin + 1, bytes);
    bool self_closing = false, attributes = false;
    size_t behind = tag_end(s, begin, &self_closing, &attributes);
    if (behind == 0) return s->len; /* the page breaks off inside of a tag */
    dh_tag tag = dh_tag_of(name);
    if (tag == DH_TAG_image) {
        tag = DH_TAG_img;
        name = DH_SLICE("img");
    }
    if (s->stack.math > 0) break_out_of_math(s, name, begin, behind);
    if (s->known->ignored.len > 0 && is_listed(&s->known->ignored, &s->next_ignored, begin))
        return behind;
    if (tag == DH_TAG_svg) return svg_element(s, begin, behind, self_closing);
    if (tag == DH_TAG_math) name = MATH_NAME;
    if (dh_skim_swallows(tag) && open_raw(s, begin, behind, tag, name)) return behind;
    if (dh_tag_is(tag, DH_T_RAW | DH_T_RCDATA)) return raw_element(s, begin, behind, tag, name);

    if (is_pre(tag)) s->pre_tags++;
    if (tag == DH_TAG_select && in_pre(s)) s->pre_select = true;
    bool emit = dh_skim_stack_open(&s->stack, tag, name, s->limits);
    if (s->stack.math > 0 && tag == DH_TAG_UNKNOWN)
        s->stack.open.ptr[s->stack.open.len - 1].html =
            math_holds_html(name, (dh_slice){s->page + begin, behind - begin});
    if (!emit) s->skim->limited = s->stack.limited;
    if (emit) {
        push_tag(s, begin, behind, tag, 0);
        put_start(s, name);
        if (attributes) put_attributes(s, tag, begin, behind);
        dh_buf_putc(&s->skim->skeleton, '>');
    }
    if (self_closing && s->stack.math > 0 && (tag == DH_TAG_UNKNOWN || tag == DH_TAG_math)) {
        dh_skim_stack_close(&s->stack, tag, name);
        if (emit) put_end(s, name);
    }
    if (tag == DH_TAG_plaintext) {
        s->run = behind;
        put_text(s, s->len, true, true);
        return s->len;
    }
    return behind;
}

static size_t end_tag(state *s, size_t begin) {
    char bytes[NAME_MAX_LEN];
    dh_slice name = lower_name(s, begin + 2, bytes);
    bool self_closing, attributes;
    size_t behind = tag_end(s, begin + 1, &self_closing, &attributes);
    dh_tag tag = dh_tag_of(name);
    if (s->known->careful && dh_tag_is(tag, DH_T_RAW | DH_T_RCDATA))
        *DH_PARTS_PUSH(s->arena, s->skim->ends) = (uint32_t)begin;
    if (behind == 0) return s->len;
    if (tag == DH_TAG_svg) name = NO_NAME;
    if (tag == DH_TAG_math) name = MATH_NAME;
    if (is_pre(tag) && s->pre_tags > 0 && dh_skim_stack_closes(&s->stack, tag, name)) s->pre_tags--;
    if (dh_skim_stack_close(&s->stack, tag, name)) put_end(s, name);
    return behind;
}

/* Start tags that the tree builder may ignore where it reads a body. */
static bool may_be_ignored(dh_tag tag) {
    static const dh_tag tags[] = {DH_TAG_form,    DH_TAG_html,     DH_TAG_head, DH_TAG_body,
                                  DH_TAG_caption, DH_TAG_colgroup, DH_TAG_col,  DH_TAG_tbody,
                                  DH_TAG_thead,   DH_TAG_tfoot,    DH_TAG_tr,   DH_TAG_td,
                                  DH_TAG_th,      DH_TAG_UNKNOWN};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (tags[i] == tag) return true;
    return false;
}

/* Whether all tags since the last text may have been ignored, so that it may still be held back. */
static bool text_is_held(const state *s) {
    enum { LOOK_BACK = 16 };
    for (uint32_t n = 1; n <= LOOK_BACK && n <= s->skim->tags.len; n++) {
        const dh_skim_tag *tag = DH_PARTS_AT(s->skim->tags, s->skim->tags.len - n);
        if (tag->skeleton < s->text_end) break;
        if (!may_be_ignored(tag->tag)) return false;
    }
    return s->text_end > 0;
}

/* A comment that ends a run of text is seen in the tree where text is held back (tables; Gumbo does it
 * at a form's end, too) and where a first line feed is dropped. */
static bool comment_matters(const state *s) {
    const dh_buf *skeleton = &s->skim->skeleton;
    if (skeleton->len == 0) return false;
    if (skeleton->ptr[skeleton->len - 1] == '>' && (in_pre(s) || !text_is_held(s))) return in_pre(s);
    const uint32_t *counts = s->stack.counts;
    return counts[DH_TAG_table] > 0 || counts[DH_TAG_form] > 0 || counts[DH_TAG_template] > 0 ||
           s->known->careful;
}

/* Handles what begins with the '<' at `at`. Returns where to go on, or 0 when it is just text. */
static size_t markup(state *s, size_t at) {
    if (at + 1 >= s->len) return 0;
    char next = s->page[at + 1];
    if (dh_is_alpha(next)) {
        flush_text(s, at);
        return start_tag(s, at);
    }
    if (next == '/') {
        if (at + 2 >= s->len) return 0;
        if (dh_is_alpha(s->page[at + 2])) {
            flush_text(s, at);
            return end_tag(s, at);
        }
    } else if (next != '!' && next != '?') {
        return 0;
    }
    flush_text(s, at);
    size_t behind = math_cdata(s, at);
    if (behind != 0) return behind;
    behind = dh_skim_markup_end(whole(s), at);
    dh_slice bytes = {s->page + at, behind - at};
    if (dh_slice_starts_nocase(bytes, DH_SLICE("<!doctype")))
        dh_buf_put_slice(&s->skim->skeleton, bytes);
    else if (!dh_slice_eq(bytes, DH_SLICE("</>")) && comment_matters(s))
        dh_buf_puts(&s->skim->skeleton, "<!>");
    return behind;
}

void dh_skim_page(dh_skim *skim, dh_slice page, const dh_limits *limits,
                  const dh_skim_known *known, dh_arena *arena) {
    memset(skim, 0, sizeof *skim);
    state s = {.skim = skim,
               .arena = arena,
               .limits = limits,
               .page = page.ptr,
               .len = page.len,
               .known = known};
    if (known->careful) s.ends = dh_arena_zalloc(arena, 1, sizeof *s.ends);
    dh_buf_init(&skim->skeleton, arena, 0);
    /* Nearly always enough. The tree builder gets what is left of it. */
    dh_buf_reserve(&skim->skeleton, page.len + 1024);
    dh_skim_stack_init(&s.stack, arena);
    size_t at = 0;
    while (at < s.len) {
        const char *hit = memchr(s.page + at, '<', s.len - at);
        if (hit == NULL) {
            at = s.len;
            break;
        }
        at = (size_t)(hit - s.page);
        size_t next = markup(&s, at);
        if (next == 0) {
            at++; /* the run goes on */
            continue;
        }
        at = next;
        s.run = at;
        if (skim->nodes >= limits->nodes) {
            skim->limited = DH_LIMIT_nodes;
            break;
        }
    }
    flush_text(&s, at);
    skim->kept = at;
    dh_buf_putc(&skim->skeleton, '\0');
    skim->skeleton.len--;
}
