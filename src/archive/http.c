/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/http.h"

size_t dh_http_head_length(dh_slice bytes) {
    bool line_empty = false;
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.ptr[i] == '\n') {
            if (line_empty) return i + 1;
            line_empty = true;
        } else if (bytes.ptr[i] != '\r') {
            line_empty = false;
        }
    }
    return 0;
}

bool dh_http_status(dh_slice head, int *version, long *status) {
    dh_slice line = dh_slice_cut(&head, '\n');
    dh_slice word = dh_slice_token(&line), code = dh_slice_token(&line);
    uint64_t number;
    if (!dh_slice_starts(word, DH_SLICE("HTTP/")) || word.len < 6 || !dh_is_digit(word.ptr[5]))
        return false;
    if (code.len != 3 || !dh_slice_to_u64(code, &number)) return false;
    *version = (word.ptr[5] - '0') * 10;
    if (word.len > 7 && word.ptr[6] == '.' && dh_is_digit(word.ptr[7]))
        *version += word.ptr[7] - '0';
    *status = (long)number;
    return true;
}

static dh_slice without_cr(dh_slice line) {
    if (line.len > 0 && line.ptr[line.len - 1] == '\r') line.len--;
    return line;
}

bool dh_http_next(dh_slice *rest, dh_slice *name, dh_slice *value) {
    while (rest->ptr != NULL && rest->len > 0) {
        dh_slice line = dh_slice_cut(rest, '\n');
        /* Folded (obs-fold): the value goes on. */
        while (rest->len > 0 && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t')) {
            dh_slice more = dh_slice_cut(rest, '\n');
            line.len = (size_t)(more.ptr + more.len - line.ptr);
        }
        line = without_cr(line);
        if (line.len == 0) return false;
        dh_slice copy = line;
        *name = dh_slice_cut(&copy, ':');
        if (copy.ptr == NULL || name->len == 0 || dh_slice_has(*name, DH_SLICE(" "))) continue;
        *value = dh_slice_trim(copy);
        return true;
    }
    return false;
}

dh_slice dh_http_field(dh_slice head, dh_slice name) {
    dh_slice field, value;
    while (dh_http_next(&head, &field, &value))
        if (dh_slice_eq_nocase(field, name)) return value;
    return (dh_slice){NULL, 0};
}

void dh_http_fields(dh_slice head, dh_slice name, dh_buf *out) {
    dh_slice field, value;
    bool first = true;
    while (dh_http_next(&head, &field, &value)) {
        if (!dh_slice_eq_nocase(field, name)) continue;
        if (!first) dh_buf_puts(out, ", ");
        dh_buf_put_slice(out, value);
        first = false;
    }
}

bool dh_http_is_chunked(dh_slice head) {
    dh_slice field, value;
    bool chunked = false;
    while (dh_http_next(&head, &field, &value))
        if (dh_slice_eq_nocase(field, DH_SLICE("transfer-encoding")))
            chunked = dh_slice_ends_nocase(value, DH_SLICE("chunked"));
    return chunked;
}

/* States of the chunked coding. */
enum { SIZE, EXTENSION, DATA, DATA_END, TRAILER, TRAILER_LINE };

static int hex(char c) {
    if (dh_is_digit(c)) return c - '0';
    c = dh_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A character of what is not data. */
static bool step(dh_chunked *c, char ch) {
    switch (c->state) {
    case SIZE:
        if (hex(ch) >= 0) {
            if (c->left > UINT64_MAX >> 5) return false;
            c->left = c->left * 16 + (uint64_t)hex(ch);
            return true;
        }
        c->state = EXTENSION;
        if (ch != ';' && ch != ' ' && ch != '\t' && ch != '\r' && ch != '\n') return false;
        return step(c, ch);
    case EXTENSION:
        if (ch == '\n') c->state = c->left > 0 ? DATA : TRAILER;
        return true;
    case DATA_END:
        if (ch == '\n') c->state = SIZE;
        return ch == '\n' || ch == '\r';
    case TRAILER:
        if (ch == '\n') c->ended = true;
        if (ch != '\n' && ch != '\r') c->state = TRAILER_LINE;
        return true;
    default:
        if (ch == '\n') c->state = TRAILER;
        return true;
    }
}

bool dh_chunked_put(dh_chunked *c, dh_slice bytes, dh_buf *out) {
    while (bytes.len > 0 && !c->ended && !c->bad) {
        if (c->state == DATA) {
            dh_slice piece =
                dh_slice_sub(bytes, 0, c->left < bytes.len ? (size_t)c->left : bytes.len);
            if (!dh_buf_put_slice(out, piece)) return false;
            c->left -= piece.len;
            if (c->left == 0) c->state = DATA_END;
            bytes = dh_slice_sub(bytes, piece.len, bytes.len);
        } else {
            c->bad = !step(c, bytes.ptr[0]);
            bytes = dh_slice_sub(bytes, 1, bytes.len);
        }
    }
    return !c->bad;
}
