/* SPDX-License-Identifier: Apache-2.0 */
/* The states of the WHATWG URL parser (4.4) that http and https can reach, one function each. */
#include "net/canon.h"

#include "base/url.h"

enum { MAX_BYTES = 65536 };

typedef struct parts { /* offsets into href */
    size_t scheme_end, user, user_end, host, host_end, port, port_end, path;
} parts;

static bool is_slash(char c) {
    return c == '/' || c == '\\';
}

/* Without the blanks and controls at its ends, and no tab or line break anywhere. */
static dh_slice strip(dh_slice text, dh_arena *arena) {
    while (text.len > 0 && (unsigned char)text.ptr[0] <= ' ') text.ptr++, text.len--;
    while (text.len > 0 && (unsigned char)text.ptr[text.len - 1] <= ' ') text.len--;
    char *copy = dh_arena_alloc(arena, text.len + 1);
    size_t n = 0;
    for (size_t i = 0; copy != NULL && i < text.len; i++) {
        char c = text.ptr[i];
        if (c != '\t' && c != '\n' && c != '\r') copy[n++] = c;
    }
    return (dh_slice){copy, n};
}

/* Percent-encodes what is in the set, controls and whatever is beyond ASCII. */
static void put_encoded(dh_buf *out, dh_slice s, const char *set) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c <= ' ' || c >= 0x7F || strchr(set, (char)c) != NULL) {
            dh_buf_putc(out, '%');
            dh_buf_putc(out, digits[c >> 4]);
            dh_buf_putc(out, digits[c & 15]);
        } else {
            dh_buf_putc(out, (char)c);
        }
    }
}

/* 1 for ".", 2 for "..", dots plain or encoded; else 0. */
static int dots(dh_slice segment) {
    int n = 0;
    for (size_t i = 0; i < segment.len; n++) {
        if (n == 2) return 0;
        if (segment.ptr[i] == '.')
            i++;
        else if (dh_slice_starts_nocase(dh_slice_sub(segment, i, segment.len), DH_SLICE("%2e")))
            i += 3;
        else
            return 0;
    }
    return n;
}

/* Appends segments behind what path out has from `floor` on (nothing, or text that ends before a
 * slash). */
static void put_path(dh_buf *out, size_t floor, dh_slice path) {
    size_t at = path.len > 0 && is_slash(path.ptr[0]) ? 1 : 0;
    for (;;) {
        size_t end = at;
        while (end < path.len && !is_slash(path.ptr[end])) end++;
        dh_slice segment = dh_slice_sub(path, at, end);
        int n = dots(segment);
        bool last = end >= path.len;
        if (n == 2)
            while (out->len > floor && out->ptr[--out->len] != '/') {
            }
        if (n == 0 || last) dh_buf_putc(out, '/');
        if (n == 0) put_encoded(out, segment, "\"#<>?^`{}");
        if (last) return;
        at = end + 1;
    }
}

/* Cuts path, query and fragment apart. */
static void cut_tail(dh_slice tail, dh_slice *path, dh_slice *query, bool *has_query) {
    const char *hash = tail.len > 0 ? memchr(tail.ptr, '#', tail.len) : NULL;
    if (hash != NULL) tail.len = (size_t)(hash - tail.ptr);
    const char *mark = tail.len > 0 ? memchr(tail.ptr, '?', tail.len) : NULL;
    *has_query = mark != NULL;
    size_t at = mark != NULL ? (size_t)(mark - tail.ptr) : tail.len;
    *path = dh_slice_sub(tail, 0, at);
    *query = dh_slice_sub(tail, at + 1, tail.len);
}

static bool put_port(dh_buf *out, dh_slice port, bool https) {
    uint32_t value = 0;
    for (size_t i = 0; i < port.len; i++) {
        if (!dh_is_digit(port.ptr[i])) return false;
        value = value * 10 + (uint32_t)(port.ptr[i] - '0');
        if (value > 65535) return false;
    }
    if (port.len > 0 && value != (https ? 443u : 80u)) dh_buf_printf(out, ":%u", value);
    return true;
}

/* user:password, as the standard's serialiser writes it: an empty password without its colon. */
static void put_user(dh_buf *out, dh_slice user) {
    static const char set[] = "\"#<>?`{}/:;=@[\\]^|";
    const char *colon = user.len > 0 ? memchr(user.ptr, ':', user.len) : NULL;
    size_t at = colon != NULL ? (size_t)(colon - user.ptr) : user.len;
    dh_slice password = dh_slice_sub(user, at + 1, user.len);
    put_encoded(out, dh_slice_sub(user, 0, at), set);
    if (password.len > 0) {
        dh_buf_putc(out, ':');
        put_encoded(out, password, set);
    }
}

static bool put_authority(dh_buf *out, parts *p, dh_slice authority, bool https) {
    size_t at = authority.len;
    while (at > 0 && authority.ptr[at - 1] != '@') at--;
    dh_slice host = dh_slice_sub(authority, at, authority.len);
    p->user = out->len;
    if (at > 0) put_user(out, dh_slice_sub(authority, 0, at - 1));
    p->user_end = out->len;
    if (p->user_end > p->user) dh_buf_putc(out, '@');
    size_t colon = host.len;
    while (colon > 0 && host.ptr[colon - 1] != ':' && host.ptr[colon - 1] != ']') colon--;
    bool has_port = colon > 0 && host.ptr[colon - 1] == ':';
    p->host = out->len;
    if (!dh_canon_host(has_port ? dh_slice_sub(host, 0, colon - 1) : host, out)) return false;
    p->host_end = out->len;
    if (has_port && !put_port(out, dh_slice_sub(host, colon, host.len), https)) return false;
    p->port_end = out->len;
    p->port = p->port_end > p->host_end ? p->host_end + 1 : p->port_end;
    return true;
}

/* The base's href up to its path. */
static void copy_front(dh_buf *out, parts *p, const dh_canon *base) {
    const char *front = base->href.ptr;
    dh_buf_put(out, front, (size_t)(base->path.ptr - front));
    p->scheme_end = base->scheme.len;
    p->user = (size_t)(base->user.ptr - front);
    p->user_end = p->user + base->user.len;
    p->host = (size_t)(base->host.ptr - front);
    p->host_end = p->host + base->host.len;
    p->port = (size_t)(base->port.ptr - front);
    p->port_end = p->port + base->port.len;
}

/* The base's path without its last segment, ready for put_path. */
static dh_slice shortened(dh_slice path) {
    while (path.len > 0 && path.ptr[path.len - 1] != '/') path.len--;
    if (path.len > 0) path.len--;
    return path;
}

static bool finish(dh_canon *out, dh_buf *href, const parts *p, size_t query_at) {
    if (href->failed) return false;
    dh_slice all = dh_buf_slice(href);
    size_t path_end = query_at != DH_NPOS ? query_at : all.len;
    *out = (dh_canon){.href = all,
                      .scheme = dh_slice_sub(all, 0, p->scheme_end),
                      .user = dh_slice_sub(all, p->user, p->user_end),
                      .host = dh_slice_sub(all, p->host, p->host_end),
                      .port = dh_slice_sub(all, p->port, p->port_end),
                      .path = dh_slice_sub(all, p->path, path_end),
                      .has_query = query_at != DH_NPOS};
    if (out->has_query) out->query = dh_slice_sub(all, query_at + 1, all.len);
    return true;
}

/* rest: behind the scheme of an absolute address, at its slashes. */
static bool put_absolute(dh_buf *out, parts *p, dh_slice *rest, bool https) {
    size_t at = 0;
    while (at < rest->len && is_slash(rest->ptr[at])) at++;
    size_t end = at;
    while (end < rest->len && !is_slash(rest->ptr[end]) && rest->ptr[end] != '?' &&
           rest->ptr[end] != '#')
        end++;
    dh_buf_puts(out, https ? "https://" : "http://");
    p->scheme_end = https ? 5 : 4;
    if (!put_authority(out, p, dh_slice_sub(*rest, at, end), https)) return false;
    *rest = dh_slice_sub(*rest, end, rest->len);
    return true;
}

bool dh_canon_parse(dh_canon *out, const dh_canon *base, dh_slice text, dh_arena *arena) {
    if (text.len > MAX_BYTES) return false;
    dh_slice rest = strip(text, arena);
    if (rest.ptr == NULL) return false;
    size_t n = dh_url_scheme_len(rest);
    dh_slice scheme = dh_slice_sub(rest, 0, n);
    bool https = dh_slice_eq_nocase(scheme, DH_SLICE("https"));
    if (n > 0 && !https && !dh_slice_eq_nocase(scheme, DH_SLICE("http"))) return false;
    if (n > 0) rest = dh_slice_sub(rest, n + 1, rest.len);
    if (n == 0 && base == NULL) return false;
    if (n == 0) https = dh_slice_eq(base->scheme, DH_SLICE("https"));
    /* "http:page" is relative to a base of that scheme. */
    bool same = n == 0 || (base != NULL && dh_slice_eq_nocase(scheme, base->scheme));
    bool absolute = !same || (rest.len >= 2 && is_slash(rest.ptr[0]) && is_slash(rest.ptr[1]));

    parts p;
    dh_buf href;
    dh_buf_init(&href, arena, 0);
    dh_buf_reserve(&href, rest.len + 64 + (base != NULL ? base->href.len : 0));
    if (!absolute)
        copy_front(&href, &p, base);
    else if (!put_absolute(&href, &p, &rest, https))
        return false;
    dh_slice path, query;
    bool has_query;
    cut_tail(rest, &path, &query, &has_query);
    p.path = href.len;
    bool rooted = absolute || (path.len > 0 && is_slash(path.ptr[0]));
    if (!rooted) dh_buf_put_slice(&href, path.len > 0 ? shortened(base->path) : base->path);
    if (rooted || path.len > 0) put_path(&href, p.path, path);
    size_t query_at = DH_NPOS;
    bool inherits = !absolute && path.len == 0 && !has_query && base->has_query;
    if (has_query || inherits) {
        query_at = href.len;
        dh_buf_putc(&href, '?');
        put_encoded(&href, inherits ? base->query : query, "\"#<>'");
    }
    return finish(out, &href, &p, query_at);
}

dh_slice dh_canon_target(const dh_canon *url) {
    size_t at = (size_t)(url->path.ptr - url->href.ptr);
    return dh_slice_sub(url->href, at, url->href.len);
}

dh_slice dh_canon_authority(const dh_canon *url) {
    return dh_slice_make(url->host.ptr, (size_t)(url->path.ptr - url->host.ptr));
}

dh_slice dh_canon_origin(const dh_canon *url, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_put_slice(&out, url->scheme);
    dh_buf_puts(&out, "://");
    dh_buf_put_slice(&out, dh_canon_authority(url));
    return dh_buf_slice(&out);
}
