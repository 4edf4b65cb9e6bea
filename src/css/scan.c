/* SPDX-License-Identifier: Apache-2.0 */
#include "css/scan.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

__attribute__((format(printf, 3, 4))) bool dh_scan_fail(css_scan *p, size_t at, const char *format,
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

bool dh_scan_space(css_scan *p) {
    size_t from = p->at;
    while (!dh_scan_at_end(p) && dh_is_space(dh_scan_peek(p))) p->at++;
    return p->at > from;
}

static bool hex_value(char c, uint32_t *value) {
    char l = dh_lower(c);
    if (dh_is_digit(c))
        *value = (uint32_t)(c - '0');
    else if (l >= 'a' && l <= 'f')
        *value = (uint32_t)(l - 'a') + 10;
    else
        return false;
    return true;
}

/* Behind a backslash (CSS Syntax 3, 4.3.7): up to six hex digits and a space, or the character. */
static bool read_escape(css_scan *p, dh_buf *out) {
    uint32_t code = 0, digit;
    size_t begin = p->at;
    if (dh_scan_at_end(p) || dh_scan_peek(p) == '\n')
        return dh_scan_fail(p, p->at, "nothing follows the backslash");
    while (p->at - begin < 6 && !dh_scan_at_end(p) && hex_value(dh_scan_peek(p), &digit)) {
        code = code * 16 + digit;
        p->at++;
    }
    if (p->at == begin) {
        dh_buf_putc(out,
                    p->text.ptr[p->at++]); /* the rest of a longer character follows as it is */
    } else {
        if (!dh_scan_at_end(p) && dh_is_space(dh_scan_peek(p))) p->at++;
        dh_buf_put_code(out, code == 0 ? DH_REPLACEMENT : code);
    }
    return true;
}

bool dh_scan_at_name(const css_scan *p) {
    dh_slice rest = dh_slice_sub(p->text, p->at, p->text.len);
    if (rest.len == 0) return false;
    char c = rest.ptr[0];
    if (c == '-') {
        if (rest.len == 1) return false;
        c = rest.ptr[1];
        return dh_scan_is_name(c) ? !dh_is_digit(c) : c == '\\';
    }
    return c == '\\' || (dh_scan_is_name(c) && !dh_is_digit(c));
}

/* An identifier. Without escapes it is a slice of the text. */
bool dh_scan_name(css_scan *p, dh_slice *name, const char *what) {
    if (!dh_scan_at_name(p)) {
        if (dh_is_digit(dh_scan_peek(p)))
            return dh_scan_fail(p, p->at,
                                "%s cannot begin with a digit here: write \\3%c and a space for it",
                                what, dh_scan_peek(p));
        return dh_scan_fail(p, p->at, "%s expected", what);
    }
    size_t begin = p->at;
    while (!dh_scan_at_end(p) && dh_scan_is_name(dh_scan_peek(p))) p->at++;
    if (dh_scan_peek(p) != '\\') {
        *name = dh_slice_sub(p->text, begin, p->at);
        return true;
    }
    dh_buf out;
    dh_buf_init(&out, p->arena, 0);
    dh_buf_put_slice(&out, dh_slice_sub(p->text, begin, p->at));
    while (!dh_scan_at_end(p) && (dh_scan_is_name(dh_scan_peek(p)) || dh_scan_peek(p) == '\\')) {
        char c = p->text.ptr[p->at++];
        if (c != '\\')
            dh_buf_putc(&out, c);
        else if (!read_escape(p, &out))
            return false;
    }
    *name = dh_buf_slice(&out);
    return true;
}

dh_slice dh_scan_lower(css_scan *p, dh_slice s) {
    char *copy = dh_arena_alloc(p->arena, s.len);
    for (size_t i = 0; i < s.len; i++) copy[i] = dh_lower(s.ptr[i]);
    return dh_slice_make(copy, s.len);
}

/* At a quotation mark. */
bool dh_scan_string(css_scan *p, dh_slice *value) {
    size_t begin = p->at;
    char quote = p->text.ptr[p->at++];
    dh_buf out;
    dh_buf_init(&out, p->arena, 0);
    while (!dh_scan_at_end(p) && dh_scan_peek(p) != quote) {
        char c = p->text.ptr[p->at++];
        if (c != '\\')
            dh_buf_putc(&out, c);
        else if (!read_escape(p, &out))
            return false;
    }
    if (dh_scan_at_end(p)) return dh_scan_fail(p, begin, "the closing %c is missing", quote);
    p->at++;
    *value = out.len > 0 ? dh_buf_slice(&out) : DH_SLICE("");
    return true;
}

/* At a slash: /pattern/flags. A slash in a class or behind a backslash does not end it. */
bool dh_scan_regex(css_scan *p, const dh_regex **regex) {
    size_t begin = ++p->at, end;
    bool in_class = false;
    for (; !dh_scan_at_end(p) && (in_class || dh_scan_peek(p) != '/'); p->at++) {
        if (dh_scan_peek(p) == '\\')
            p->at++;
        else if (dh_scan_peek(p) == '[')
            in_class = true;
        else if (dh_scan_peek(p) == ']')
            in_class = false;
    }
    if (dh_scan_at_end(p))
        return dh_scan_fail(p, begin - 1, "the closing / of the regular expression is missing");
    end = p->at++;
    size_t flags = p->at;
    while (dh_is_alpha(dh_scan_peek(p))) p->at++;
    dh_error inner = {0};
    dh_regex *made = NULL;
    dh_status status = dh_regex_new(dh_slice_sub(p->text, begin, end),
                                    dh_slice_sub(p->text, flags, p->at), &made, &inner);
    if (status != DH_OK) {
        dh_scan_fail(p, begin + (size_t)inner.offset, "%s", inner.message);
        p->status = status;
        return false;
    }
    if (p->own != NULL) p->own(p->data, made);
    *regex = made;
    return true;
}
