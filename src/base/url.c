/* SPDX-License-Identifier: Apache-2.0 */
/* url: splitting and resolving. Of the WHATWG standard this takes the repairs that pages rely on,
 * not its serialisation: an empty path stays empty, letters beyond ASCII stay letters. */
#include "base/url.h"

#include "base/buf.h"

static bool is_blank(char c) {
    return (unsigned char)c <= ' ';
}

static dh_slice trim(dh_slice s) {
    while (s.len > 0 && is_blank(s.ptr[0])) s.ptr++, s.len--;
    while (s.len > 0 && is_blank(s.ptr[s.len - 1])) s.len--;
    return s;
}

/* Schemes whose addresses have a host and in which a backslash is a slash. */
static bool is_special(dh_slice scheme) {
    return dh_slice_eq_nocase(scheme, DH_SLICE("http")) ||
           dh_slice_eq_nocase(scheme, DH_SLICE("https")) ||
           dh_slice_eq_nocase(scheme, DH_SLICE("ftp"));
}

static bool is_opaque_allowed(dh_slice scheme) {
    return dh_slice_eq_nocase(scheme, DH_SLICE("mailto")) ||
           dh_slice_eq_nocase(scheme, DH_SLICE("tel")) ||
           dh_slice_eq_nocase(scheme, DH_SLICE("data"));
}

size_t dh_url_scheme_len(dh_slice text) {
    if (text.len == 0 || !dh_is_alpha(text.ptr[0])) return 0;
    for (size_t i = 1; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == ':') return i;
        if (!dh_is_alnum(c) && c != '+' && c != '-' && c != '.') return 0;
    }
    return 0;
}

static bool is_slash(char c, bool special) {
    return c == '/' || (special && c == '\\');
}

/* Offset of the first of the characters that end an authority. */
static size_t authority_end(dh_slice s, bool special) {
    size_t i = 0;
    while (i < s.len && !is_slash(s.ptr[i], special) && s.ptr[i] != '?' && s.ptr[i] != '#') i++;
    return i;
}

static void split_authority(dh_slice authority, dh_url *url) {
    url->has_authority = true;
    for (size_t i = authority.len; i-- > 0;)
        if (authority.ptr[i] == '@') {
            url->user = dh_slice_sub(authority, 0, i);
            authority = dh_slice_sub(authority, i + 1, authority.len);
            break;
        }
    size_t colon = authority.len;
    for (size_t i = authority.len; i-- > 0 && authority.ptr[i] != ']';)
        if (authority.ptr[i] == ':') {
            colon = i;
            break;
        }
    url->host = dh_slice_sub(authority, 0, colon);
    url->port = dh_slice_sub(authority, colon + 1, authority.len);
}

/* Path, query and fragment. */
static void split_tail(dh_slice tail, dh_url *url) {
    const char *hash = tail.len > 0 ? memchr(tail.ptr, '#', tail.len) : NULL;
    if (hash != NULL) {
        size_t at = (size_t)(hash - tail.ptr);
        url->has_fragment = true;
        url->fragment = dh_slice_sub(tail, at + 1, tail.len);
        tail.len = at;
    }
    const char *mark = tail.len > 0 ? memchr(tail.ptr, '?', tail.len) : NULL;
    if (mark != NULL) {
        size_t at = (size_t)(mark - tail.ptr);
        url->has_query = true;
        url->query = dh_slice_sub(tail, at + 1, tail.len);
        tail.len = at;
    }
    url->path = tail;
}

/* What follows the scheme, or a reference without one. `special`: of the scheme that holds for it.
 * */
static void split_rest(dh_slice rest, bool special, bool absolute, dh_url *url) {
    size_t slashes = 0;
    while (slashes < rest.len && is_slash(rest.ptr[slashes], special)) slashes++;
    if (special && (slashes >= 2 || absolute)) {
        /* http:/a, http:a and http:///a are http://a */
        rest = dh_slice_sub(rest, slashes, rest.len);
    } else if (slashes >= 2) {
        rest = dh_slice_sub(rest, 2, rest.len);
    } else {
        split_tail(rest, url);
        return;
    }
    size_t end = authority_end(rest, special);
    split_authority(dh_slice_sub(rest, 0, end), url);
    split_tail(dh_slice_sub(rest, end, rest.len), url);
}

bool dh_url_split(dh_slice text, dh_url *url) {
    *url = (dh_url){.has_authority = false};
    text = trim(text);
    size_t n = dh_url_scheme_len(text);
    if (n == 0) return false;
    url->scheme = dh_slice_sub(text, 0, n);
    split_rest(dh_slice_sub(text, n + 1, text.len), is_special(url->scheme), true, url);
    return true;
}

/* Whether "name:" begins a bare host with a port ("localhost:8080/x", "example.org:80"). */
static bool is_bare_port(dh_slice text, size_t n) {
    if (is_opaque_allowed(dh_slice_sub(text, 0, n))) return false;
    size_t i = n + 1;
    while (i < text.len && dh_is_digit(text.ptr[i])) i++;
    return i > n + 1 &&
           (i == text.len || text.ptr[i] == '/' || text.ptr[i] == '?' || text.ptr[i] == '#');
}

static bool is_host(dh_slice host, bool bare) {
    if (host.len == 0) return false;
    if (host.ptr[0] == '[') return !bare && host.ptr[host.len - 1] == ']';
    size_t dots = 0;
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        if (c == '.') {
            if (i == 0 || host.ptr[i - 1] == '.') return false;
            dots++;
        } else if (!dh_is_alnum(c) && c != '-' && c != '_' && (unsigned char)c < 0x80 &&
                   (bare || c != '%')) {
            return false;
        }
    }
    return !bare || dots > 0 || dh_slice_eq_nocase(host, DH_SLICE("localhost"));
}

static dh_slice lower(dh_slice s, dh_arena *arena) {
    size_t i = 0;
    while (i < s.len && dh_lower(s.ptr[i]) == s.ptr[i]) i++;
    if (i == s.len) return s;
    char *copy = dh_arena_alloc(arena, s.len);
    if (copy == NULL) return (dh_slice){NULL, 0};
    for (i = 0; i < s.len; i++) copy[i] = dh_lower(s.ptr[i]);
    return (dh_slice){copy, s.len};
}

dh_slice dh_url_host(dh_slice text, dh_arena *arena) {
    dh_url url;
    text = trim(text);
    size_t n = dh_url_scheme_len(text);
    bool bare = n == 0 || is_bare_port(text, n);
    if (bare) {
        url = (dh_url){.has_authority = false};
        bool slashes = text.len >= 2 && is_slash(text.ptr[0], true) && is_slash(text.ptr[1], true);
        split_rest(text, true, true, &url);
        if (!slashes && text.len > 0 && is_slash(text.ptr[0], true)) url.host.len = 0; /* a path */
    } else if (!dh_url_split(text, &url) || !url.has_authority) {
        return (dh_slice){NULL, 0};
    }
    dh_slice host = url.host;
    if (dh_slice_ends(host, DH_SLICE("."))) host.len--;
    if (!is_host(host, bare)) return (dh_slice){NULL, 0};
    return lower(host, arena);
}

dh_slice dh_url_bare_host(dh_slice host) {
    return dh_slice_starts(host, DH_SLICE("www.")) ? dh_slice_sub(host, 4, host.len) : host;
}

dh_slice dh_url_path(dh_slice text) {
    dh_url url;
    dh_slice root = DH_SLICE("/");
    if (!dh_url_split(text, &url) || url.path.len == 0) return root;
    const char *end = url.has_query ? url.query.ptr + url.query.len : url.path.ptr + url.path.len;
    return dh_slice_make(url.path.ptr, (size_t)(end - url.path.ptr));
}

bool dh_url_is_http(dh_slice text) {
    dh_url url;
    if (!dh_slice_starts_nocase(text, DH_SLICE("http://")) &&
        !dh_slice_starts_nocase(text, DH_SLICE("https://")))
        return false;
    return dh_url_split(text, &url) && url.host.len > 0;
}

/* What may not stand in an address as it is (WHATWG: the path percent-encode set, less the letters
 * beyond ASCII). */
static bool needs_encoding(char c) {
    return is_blank(c) || c == '"' || c == '<' || c == '>' || c == '`' || c == 0x7F;
}

static void put_encoded(dh_buf *out, dh_slice s) {
    static const char digits[] = "0123456789ABCDEF";
    size_t run = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!needs_encoding(c)) continue;
        dh_buf_put_slice(out, dh_slice_sub(s, run, i));
        run = i + 1;
        if (c == '\t' || c == '\n' || c == '\r') continue; /* wrapped by an editor */
        char three[3] = {'%', digits[(unsigned char)c >> 4], digits[c & 15]};
        dh_buf_put(out, three, 3);
    }
    dh_buf_put_slice(out, dh_slice_sub(s, run, s.len));
}

/* 1 for ".", 2 for ".." (a dot may be written %2e), else 0. */
static int dots(dh_slice segment) {
    int n = 0;
    for (size_t i = 0; i < segment.len; n++) {
        if (segment.ptr[i] == '.')
            i++;
        else if (dh_slice_starts_nocase(dh_slice_sub(segment, i, segment.len), DH_SLICE("%2e")))
            i += 3;
        else
            return 0;
        if (n == 2) return 0;
    }
    return n;
}

/* Appends the segments of path (which begins behind a slash that is already written); floor is
 * where the path begins in out. RFC 3986, 5.2.4. */
static void put_segments(dh_buf *out, size_t floor, dh_slice path) {
    size_t at = 0;
    for (;;) {
        size_t end = at;
        while (end < path.len && !is_slash(path.ptr[end], true)) end++;
        dh_slice segment = dh_slice_sub(path, at, end);
        int n = dots(segment);
        if (n == 2 && out->len > floor + 1) {
            out->len--;
            while (out->len > floor + 1 && out->ptr[out->len - 1] != '/') out->len--;
        }
        if (n == 0) put_encoded(out, segment);
        if (end >= path.len) return;
        if (n == 0) dh_buf_putc(out, '/');
        at = end + 1;
    }
}

static void put_path(dh_buf *out, const dh_url *base, const dh_url *ref) {
    size_t floor = out->len;
    if (ref->path.len > 0 && is_slash(ref->path.ptr[0], true)) {
        dh_buf_putc(out, '/');
        put_segments(out, floor, dh_slice_sub(ref->path, 1, ref->path.len));
        return;
    }
    if (base == NULL) return; /* an address without a path */
    dh_slice folder = base->path;
    if (ref->path.len > 0)
        while (folder.len > 0 && !is_slash(folder.ptr[folder.len - 1], true)) folder.len--;
    if (folder.len > 0 || ref->path.len > 0) dh_buf_putc(out, '/');
    if (folder.len > 0) put_segments(out, floor, dh_slice_sub(folder, 1, folder.len));
    if (ref->path.len > 0) put_segments(out, floor, ref->path);
}

static void put_lower(dh_buf *out, dh_slice s) {
    for (size_t i = 0; i < s.len; i++) dh_buf_putc(out, dh_lower(s.ptr[i]));
}

/* base is NULL when ref has its own scheme. */
static dh_slice recompose(const dh_url *base, const dh_url *ref, dh_slice scheme, size_t hint,
                          dh_arena *arena) {
    const dh_url *owner = ref->has_authority ? ref : base;
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_reserve(&out, hint);
    put_lower(&out, scheme);
    dh_buf_puts(&out, "://");
    if (owner->user.len > 0) {
        put_encoded(&out, owner->user);
        dh_buf_putc(&out, '@');
    }
    put_lower(&out, owner->host);
    if (owner->port.len > 0) {
        dh_buf_putc(&out, ':');
        put_encoded(&out, owner->port);
    }
    put_path(&out, owner == ref ? NULL : base, ref);
    bool keeps_query = owner != ref && ref->path.len == 0 && !ref->has_query;
    const dh_url *query = keeps_query ? base : ref;
    if (query->has_query) {
        dh_buf_putc(&out, '?');
        put_encoded(&out, query->query);
    }
    if (ref->has_fragment) {
        dh_buf_putc(&out, '#');
        put_encoded(&out, ref->fragment);
    }
    return out.failed ? (dh_slice){NULL, 0} : dh_buf_slice(&out);
}

/* A reference may be broken over lines inside of its scheme or host. */
static dh_slice unwrap(dh_slice s, dh_arena *arena) {
    size_t i = 0;
    while (i < s.len && s.ptr[i] != '\n' && s.ptr[i] != '\r' && s.ptr[i] != '\t') i++;
    if (i == s.len) return s;
    char *copy = dh_arena_alloc(arena, s.len);
    if (copy == NULL) return (dh_slice){NULL, 0};
    size_t n = 0;
    for (i = 0; i < s.len; i++)
        if (s.ptr[i] != '\n' && s.ptr[i] != '\r' && s.ptr[i] != '\t') copy[n++] = s.ptr[i];
    return (dh_slice){copy, n};
}

dh_slice dh_url_resolve(dh_slice base, dh_slice reference, dh_arena *arena) {
    const dh_slice none = {NULL, 0};
    dh_url from, ref = {.has_authority = false};
    reference = unwrap(trim(reference), arena);
    bool usable = dh_url_split(base, &from) && is_special(from.scheme) && is_host(from.host, false);
    size_t n = dh_url_scheme_len(reference);
    dh_slice scheme = dh_slice_sub(reference, 0, n);
    dh_slice rest = n > 0 ? dh_slice_sub(reference, n + 1, reference.len) : reference;
    if (n > 0) {
        if (is_opaque_allowed(scheme)) return reference;
        if (!is_special(scheme)) return none;
        /* "http:page.html" with a base of that scheme is relative (RFC 3986, 5.2.2, not strict). */
        bool relative = usable && dh_slice_eq_nocase(scheme, from.scheme) &&
                        (rest.len == 0 || !is_slash(rest.ptr[0], true));
        split_rest(rest, true, !relative, &ref);
        if (ref.has_authority && !is_host(ref.host, false)) return none;
        if (!usable) return reference;
    } else {
        if (!usable) return none;
        split_rest(rest, true, false, &ref);
        if (ref.has_authority && !is_host(ref.host, false)) return none;
        scheme = from.scheme;
    }
    return recompose(&from, &ref, scheme, base.len + reference.len + 16, arena);
}

bool dh_url_same_server(dh_slice a, dh_slice b) {
    dh_url left, right;
    return dh_url_split(a, &left) && dh_url_split(b, &right) &&
           dh_slice_eq_nocase(left.scheme, right.scheme) &&
           dh_slice_eq_nocase(left.host, right.host) && dh_slice_eq(left.port, right.port);
}
