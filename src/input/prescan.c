/* SPDX-License-Identifier: Apache-2.0 */
/* prescan: follows the HTML standard's algorithm step by step; no tree, no decoding. */
#include "input/prescan.h"

typedef struct attribute {
    dh_slice name, value; /* as written; their case does not matter */
} attribute;

/* Next attribute of the tag *rest stands in; false at the tag's end. */
static bool next_attribute(dh_slice *rest, attribute *a) {
    const char *p = rest->ptr, *end = p + rest->len;
    while (p < end && (dh_is_space(*p) || *p == '/')) p++;
    const char *name = p;
    while (p < end && *p != '>' && *p != '/' && !dh_is_space(*p) && (*p != '=' || p == name)) p++;
    a->name = (dh_slice){name, (size_t)(p - name)};
    a->value = (dh_slice){p, 0};
    while (p < end && dh_is_space(*p)) p++;
    if (p < end && *p == '=' && a->name.len > 0) {
        p++;
        while (p < end && dh_is_space(*p)) p++;
        if (p < end && (*p == '"' || *p == '\'')) {
            char quote = *p++;
            const char *close = memchr(p, quote, (size_t)(end - p));
            a->value = (dh_slice){p, close != NULL ? (size_t)(close - p) : 0};
            p = close != NULL ? close + 1 : end;
        } else {
            a->value.ptr = p;
            while (p < end && *p != '>' && !dh_is_space(*p)) p++;
            a->value.len = (size_t)(p - a->value.ptr);
        }
    }
    *rest = (dh_slice){p, (size_t)(end - p)};
    return a->name.len > 0;
}

/* The value behind "charset" and "=" in content. */
static dh_slice charset_in(dh_slice content) {
    for (;;) {
        size_t at = dh_slice_find_nocase(content, DH_SLICE("charset"));
        if (at == DH_NPOS) return (dh_slice){NULL, 0};
        content = dh_slice_sub(content, at + 7, content.len);
        dh_slice rest = dh_slice_trim(content);
        if (rest.len == 0 || rest.ptr[0] != '=') continue;
        rest = dh_slice_trim(dh_slice_sub(rest, 1, rest.len));
        if (rest.len > 0 && (rest.ptr[0] == '"' || rest.ptr[0] == '\'')) {
            const char *close = memchr(rest.ptr + 1, rest.ptr[0], rest.len - 1);
            if (close == NULL) return (dh_slice){NULL, 0};
            return (dh_slice){rest.ptr + 1, (size_t)(close - rest.ptr - 1)};
        }
        size_t n = 0;
        while (n < rest.len && rest.ptr[n] != ';' && rest.ptr[n] != ',' &&
               !dh_is_space(rest.ptr[n]))
            n++;
        return (dh_slice){rest.ptr, n};
    }
}

dh_slice dh_content_type_charset(dh_slice value) {
    return charset_in(value);
}

typedef struct meta {
    dh_slice charset; /* of charset= or content= */
    dh_slice http_equiv;
    dh_slice content;
} meta;

static meta read_meta(dh_slice *rest) {
    meta m = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    attribute a;
    while (next_attribute(rest, &a)) {
        dh_slice *known = dh_slice_eq_nocase(a.name, DH_SLICE("charset"))      ? &m.charset
                          : dh_slice_eq_nocase(a.name, DH_SLICE("http-equiv")) ? &m.http_equiv
                          : dh_slice_eq_nocase(a.name, DH_SLICE("content"))    ? &m.content
                                                                               : NULL;
        if (known != NULL && known->ptr == NULL) *known = a.value; /* the first of a name counts */
    }
    return m;
}

static dh_charset of_meta(const meta *m, dh_slice *label) {
    dh_slice said = m->charset;
    if (said.ptr == NULL &&
        dh_slice_eq_nocase(dh_slice_trim(m->http_equiv), DH_SLICE("content-type")))
        said = charset_in(m->content);
    dh_charset charset = dh_charset_find(said);
    if (charset != DH_CHARSET_NONE) *label = dh_slice_trim(said);
    return charset;
}

/* <?xml version="1.0" encoding="..."?> at the very beginning. */
static dh_charset of_xml(dh_slice data, dh_slice *label) {
    if (!dh_slice_starts(data, DH_SLICE("<?xml"))) return DH_CHARSET_NONE;
    const char *close = memchr(data.ptr, '>', data.len);
    dh_slice head = dh_slice_sub(data, 0, close != NULL ? (size_t)(close - data.ptr) : 0);
    size_t at = dh_slice_find(head, DH_SLICE("encoding"));
    if (at == DH_NPOS) return DH_CHARSET_NONE;
    dh_slice rest = dh_slice_trim(dh_slice_sub(head, at + 8, head.len));
    if (rest.len == 0 || rest.ptr[0] != '=') return DH_CHARSET_NONE;
    rest = dh_slice_trim(dh_slice_sub(rest, 1, rest.len));
    if (rest.len < 2 || (rest.ptr[0] != '"' && rest.ptr[0] != '\'')) return DH_CHARSET_NONE;
    const char *quote = memchr(rest.ptr + 1, rest.ptr[0], rest.len - 1);
    if (quote == NULL) return DH_CHARSET_NONE;
    *label = dh_slice_trim((dh_slice){rest.ptr + 1, (size_t)(quote - rest.ptr - 1)});
    return dh_charset_find(*label);
}

static dh_charset in_a_page(dh_charset charset) {
    if (dh_charset_kind_of(charset) == DH_KIND_UTF16) return DH_CHARSET_utf8;
    return charset == DH_CHARSET_userdefined ? DH_CHARSET_win1252 : charset;
}

/* Steps over what begins with the "<" at rest; true when that is the start tag `name`, which leaves
 * *rest behind the name. */
static bool step(dh_slice *rest, dh_slice name) {
    dh_slice at = *rest;
    if (dh_slice_starts(at, DH_SLICE("<!--"))) {
        /* The two dashes may be those that open it: <!--> is a whole comment. */
        size_t close = dh_slice_find(dh_slice_sub(at, 2, at.len), DH_SLICE("-->"));
        *rest = dh_slice_sub(at, close != DH_NPOS ? close + 5 : at.len, at.len);
        return false;
    }
    if (dh_slice_starts_nocase(dh_slice_sub(at, 1, at.len), name) && at.len > name.len + 1 &&
        (dh_is_space(at.ptr[name.len + 1]) || at.ptr[name.len + 1] == '/')) {
        *rest = dh_slice_sub(at, name.len + 1, at.len);
        return true;
    }
    bool end_tag = at.len > 1 && at.ptr[1] == '/';
    size_t letter = end_tag ? 2 : 1;
    if (at.len > letter && dh_is_alpha(at.ptr[letter])) {
        size_t n = letter;
        while (n < at.len && !dh_is_space(at.ptr[n]) && at.ptr[n] != '>') n++;
        *rest = dh_slice_sub(at, n, at.len);
        attribute a;
        while (next_attribute(rest, &a)) continue;
        return false;
    }
    if (at.len > 1 && (at.ptr[1] == '!' || at.ptr[1] == '/' || at.ptr[1] == '?')) {
        const char *close = memchr(at.ptr, '>', at.len);
        *rest = dh_slice_sub(at, close != NULL ? (size_t)(close - at.ptr) : at.len, at.len);
        return false;
    }
    *rest = dh_slice_sub(at, 1, at.len);
    return false;
}

static bool to_next_tag(dh_slice *rest) {
    const char *open = rest->len > 0 ? memchr(rest->ptr, '<', rest->len) : NULL;
    if (open == NULL) return false;
    *rest = dh_slice_sub(*rest, (size_t)(open - rest->ptr), rest->len);
    return true;
}

dh_charset dh_prescan(dh_slice data, dh_slice *label) {
    dh_slice rest = data;
    dh_charset xml = of_xml(data, label);
    if (xml != DH_CHARSET_NONE) return in_a_page(xml);
    while (to_next_tag(&rest)) {
        if (!step(&rest, DH_SLICE("meta"))) continue;
        meta m = read_meta(&rest);
        dh_charset charset = of_meta(&m, label);
        if (charset != DH_CHARSET_NONE) return in_a_page(charset);
    }
    *label = (dh_slice){NULL, 0};
    return DH_CHARSET_NONE;
}

dh_slice dh_prescan_language(dh_slice data) {
    dh_slice rest = data;
    while (to_next_tag(&rest)) {
        if (!step(&rest, DH_SLICE("html"))) continue;
        attribute a;
        while (next_attribute(&rest, &a))
            if ((dh_slice_eq_nocase(a.name, DH_SLICE("lang")) ||
                 dh_slice_eq_nocase(a.name, DH_SLICE("xml:lang"))) &&
                dh_slice_trim(a.value).len > 0)
                return dh_slice_trim(a.value);
        break;
    }
    for (rest = data; to_next_tag(&rest);) {
        if (!step(&rest, DH_SLICE("meta"))) continue;
        meta m = read_meta(&rest);
        if (dh_slice_eq_nocase(dh_slice_trim(m.http_equiv), DH_SLICE("content-language")))
            return dh_slice_trim(m.content);
    }
    return (dh_slice){NULL, 0};
}
