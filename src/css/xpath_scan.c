/* SPDX-License-Identifier: Apache-2.0 */
/* xpath_scan: the tokens of an expression (XPath 1.0, 3.7) as far as needed. */
#include "css/xpath_scan.h"

#include "css/suggest.h"
#include "css/xpath.h"

/* Those of XPath 1.0, the node types, and the operators that may stand before a bracket. */
static const dh_slice functions[] = {
#define F(text) DH_SLICE_INIT(text)
    F("last"),          F("position"),        F("count"),
    F("id"),            F("local-name"),      F("namespace-uri"),
    F("name"),          F("string"),          F("concat"),
    F("starts-with"),   F("contains"),        F("substring-before"),
    F("substring-after"), F("substring"),     F("string-length"),
    F("normalize-space"), F("translate"),     F("boolean"),
    F("not"),           F("true"),            F("false"),
    F("lang"),          F("number"),          F("sum"),
    F("floor"),         F("ceiling"),         F("round"),
    F("text"),          F("node"),            F("comment"),
    F("processing-instruction"), F("and"),    F("or"),
    F("div"),           F("mod"),
#undef F
};

typedef struct scan {
    dh_slice text;
    size_t at;
    uint32_t parts, depth;
    dh_error *error;
} scan;

static bool is_name_start(char c) {
    return dh_is_alpha(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_name(char c) {
    return is_name_start(c) || dh_is_digit(c) || c == '-' || c == '.';
}

static char at(const scan *s, size_t i) {
    return i < s->text.len ? s->text.ptr[i] : 0;
}

static dh_status unknown_function(scan *s, size_t begin, dh_slice name) {
    dh_suggest near = dh_suggest_start(name);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        dh_suggest_offer(&near, functions[i]);
    return dh_error_set(s->error, DH_ERR_RULE, "selector", begin,
                        "XPath 1.0 has no function %.*s()%s%.*s%s",
                        (int)(name.len < 40 ? name.len : 40), name.ptr,
                        near.best.len > 0 ? ", did you mean " : "", (int)near.best.len,
                        near.best.len > 0 ? near.best.ptr : "", near.best.len > 0 ? "()?" : "");
}

static dh_status scan_name(scan *s) {
    size_t begin = s->at;
    while (is_name(at(s, s->at))) s->at++;
    dh_slice name = dh_slice_sub(s->text, begin, s->at);
    size_t next = s->at;
    while (dh_is_space(at(s, next))) next++;
    s->parts++;
    if (at(s, s->at) == ':' && at(s, s->at + 1) != ':')
        return dh_error_set(s->error, DH_ERR_RULE, "selector", begin,
                            "elements have no prefixes: write *[name()=\"%.*s:...\"]",
                            (int)(name.len < 40 ? name.len : 40), name.ptr);
    if (at(s, next) == ':' && at(s, next + 1) == ':') {
        s->at = next + 2;
        if (dh_slice_eq(name, DH_SLICE("namespace")))
            return dh_error_set(s->error, DH_ERR_RULE, "selector", begin,
                                "HTML has no namespace nodes");
        return DH_OK;
    }
    if (at(s, next) != '(') return DH_OK;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (dh_slice_eq(functions[i], name)) return DH_OK;
    return unknown_function(s, begin, name);
}

static dh_status scan_mark(scan *s, char c) {
    if (c == '$')
        return dh_error_set(s->error, DH_ERR_RULE, "selector", s->at, "there are no variables here");
    if (c == '(' || c == '[') s->depth++;
    if ((c == ')' || c == ']') && s->depth > 0) s->depth--;
    if (s->depth > DH_XPATH_MAX_NESTING)
        return dh_error_set(s->error, DH_ERR_RULE, "selector", s->at,
                            "brackets are nested more than %d deep", DH_XPATH_MAX_NESTING);
    if (!dh_is_space(c) && c != ')' && c != ']') s->parts++;
    if (c == '"' || c == '\'') { /* no escapes in XPath; an open one is libxml2's to report */
        for (s->at++; s->at < s->text.len && s->text.ptr[s->at] != c;) s->at++;
    }
    s->at++;
    return DH_OK;
}

dh_status dh_xpath_scan(dh_slice text, dh_error *error) {
    scan s = {.text = text, .error = error};
    if (text.len > DH_XPATH_MAX_BYTES)
        return dh_error_set(error, DH_ERR_RULE, "selector", 0, "the XPath is over %d bytes long",
                            DH_XPATH_MAX_BYTES);
    if (dh_slice_trim(text).len == 0 || memchr(text.ptr, 0, text.len) != NULL)
        return dh_error_set(error, DH_ERR_RULE, "selector", 0, "an XPath expression expected");
    while (s.at < text.len) {
        char c = text.ptr[s.at];
        dh_status status = is_name_start(c) ? scan_name(&s) : scan_mark(&s, c);
        if (status != DH_OK) return status;
        if (s.parts > DH_XPATH_MAX_PARTS)
            return dh_error_set(error, DH_ERR_RULE, "selector", s.at,
                                "the XPath has more than %d parts", DH_XPATH_MAX_PARTS);
    }
    return DH_OK;
}

bool dh_xpath_is(dh_slice text) {
    text = dh_slice_trim(text);
    return dh_slice_starts(text, DH_SLICE("xpath:")) || dh_slice_starts(text, DH_SLICE("/")) ||
           dh_slice_starts(text, DH_SLICE("(/"));
}
