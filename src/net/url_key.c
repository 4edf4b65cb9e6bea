/* SPDX-License-Identifier: Apache-2.0 */
#include "net/url_key.h"

#include <libpsl.h>

static int hex(char c) {
    if (dh_is_digit(c)) return c - '0';
    c = dh_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_tracking(dh_slice name) {
    static const char *const table[] = {
#define DH_TRACKING(name) name,
#include "net/tracking.def"
#undef DH_TRACKING
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dh_slice known = dh_slice_cstr(table[i]);
        bool prefix = known.ptr[known.len - 1] == '*';
        if (prefix) known.len--;
        if (prefix ? dh_slice_starts_nocase(name, known) : dh_slice_eq_nocase(name, known))
            return true;
    }
    return false;
}

/* RFC 3986, 6.2.2: unreserved characters plain, the digits of the others in capitals. A percent sign that
 * encodes nothing is encoded itself, so that nothing comes to be encoded by what is decoded behind it. */
static void put_uniform(dh_buf *out, dh_slice s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c != '%') {
            dh_buf_putc(out, c);
            continue;
        }
        bool coded = i + 2 < s.len && hex(s.ptr[i + 1]) >= 0 && hex(s.ptr[i + 2]) >= 0;
        int octet = coded ? hex(s.ptr[i + 1]) * 16 + hex(s.ptr[i + 2]) : '%';
        if (coded) i += 2;
        bool plain = octet < 0x80 && octet != 0 &&
                     (dh_is_alnum((char)octet) || strchr("-._~", octet) != NULL);
        if (plain)
            dh_buf_putc(out, (char)octet);
        else
            dh_buf_printf(out, "%%%02X", (unsigned)octet);
    }
}

/* Of "&" separated parameters those that count. */
static void put_query(dh_buf *out, dh_slice query) {
    bool any = false;
    for (dh_slice rest = query; rest.ptr != NULL;) {
        dh_slice parameter = dh_slice_cut(&rest, '&');
        dh_slice value = parameter;
        if (parameter.len == 0 || is_tracking(dh_slice_cut(&value, '='))) continue;
        dh_buf_putc(out, any ? '&' : '?');
        put_uniform(out, parameter);
        any = true;
    }
}

/* Without the dot that makes a name complete; of several none is. */
static dh_slice without_dot(dh_slice host) {
    bool one = host.len > 1 && host.ptr[host.len - 1] == '.' && host.ptr[host.len - 2] != '.';
    return one ? dh_slice_sub(host, 0, host.len - 1) : host;
}

/* Whether a path's last part would be taken for "." or "..". */
static bool ends_in_dots(dh_slice path) {
    return dh_slice_ends(path, DH_SLICE("/.")) || dh_slice_ends(path, DH_SLICE("/..")) ||
           dh_slice_ends_nocase(path, DH_SLICE("%2e"));
}

/* The path up to ";jsessionid=...". */
static dh_slice without_session(dh_slice path) {
    size_t at = dh_slice_find_nocase(path, DH_SLICE(";jsessionid="));
    if (at == DH_NPOS) at = dh_slice_find_nocase(path, DH_SLICE(";phpsessid="));
    dh_slice cut = dh_slice_sub(path, 0, at);
    return at != DH_NPOS && !ends_in_dots(cut) ? cut : path;
}

dh_slice dh_url_key(const dh_canon *url, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_reserve(&out, url->href.len);
    dh_buf_put_slice(&out, url->scheme);
    dh_buf_puts(&out, "://");
    dh_slice host = url->host;
    host = without_dot(host);
    dh_buf_put_slice(&out, host);
    if (url->port.len > 0) {
        dh_buf_putc(&out, ':');
        dh_buf_put_slice(&out, url->port);
    }
    put_uniform(&out, without_session(url->path));
    if (url->query.len > 0) put_query(&out, url->query);
    return dh_buf_slice(&out);
}

/* ---- sites ---- */

static bool is_ip(dh_slice host) {
    if (host.len == 0 || host.ptr[0] == '[') return true;
    /* The canonical form of any spelling of an IPv4 address is digits and dots. */
    for (size_t i = 0; i < host.len; i++)
        if (!dh_is_digit(host.ptr[i]) && host.ptr[i] != '.') return false;
    return true;
}

dh_slice dh_url_domain(dh_slice host, dh_arena *arena) {
    host = without_dot(host);
    const psl_ctx_t *list = psl_builtin();
    if (list == NULL || is_ip(host)) return host;
    dh_slice name = dh_arena_dup(arena, host);
    const char *domain = name.ptr != NULL ? psl_registrable_domain(list, name.ptr) : NULL;
    return domain != NULL ? dh_slice_cstr(domain) : host;
}

bool dh_url_same_site(const dh_canon *a, const dh_canon *b, dh_arena *arena) {
    return dh_slice_eq(dh_url_domain(a->host, arena), dh_url_domain(b->host, arena));
}

/* ---- traps ---- */

enum { FIRST_YEAR = 1600 };

static bool is_number(dh_slice s, size_t len, int low, int high, int *value) {
    uint64_t n;
    if (s.len != len || !dh_slice_to_u64(s, &n)) return false;
    *value = (int)n;
    return *value >= low && *value <= high;
}

/* "2031/05", "2031/5/7" in a path: year, month and perhaps day, each a part. */
static bool is_lost_date(dh_slice year_part, dh_slice month_part, int year) {
    int y, m;
    if (!is_number(year_part, 4, 1000, 9999, &y)) return false;
    if (!is_number(month_part, 2, 1, 12, &m) && !is_number(month_part, 1, 1, 9, &m)) return false;
    return y > year + 1 || y < FIRST_YEAR;
}

/* "date=2031-05-07", "month=2031-05", "year=2031". */
static bool is_lost_parameter(dh_slice parameter, int year) {
    static const char *const names[] = {"date",  "day",  "month", "year",
                                        "start", "from", "week",  "cal"};
    dh_slice value = parameter, name = dh_slice_cut(&value, '=');
    int y;
    if (value.ptr == NULL || !is_number(dh_slice_sub(value, 0, 4), 4, 1000, 9999, &y)) return false;
    if (value.len > 4 && value.ptr[4] != '-' && value.ptr[4] != '/' && value.ptr[4] != '%')
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (dh_slice_has_nocase(name, dh_slice_cstr(names[i])))
            return y > year + 1 || y < FIRST_YEAR;
    return false;
}

/* Whether parts[0..count) has one part three times, or ends of runs that repeat: a/b/a/b. */
static bool repeats(const dh_slice *parts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint64_t n;
        if (parts[i].len == 0 || dh_slice_to_u64(parts[i], &n)) continue;
        size_t times = 1;
        for (size_t k = i + 1; k < count; k++) times += dh_slice_eq(parts[i], parts[k]);
        if (times >= 3) return true;
    }
    for (size_t run = 2; run * 2 <= count; run++)
        for (size_t i = 0; i + 2 * run <= count; i++) {
            size_t same = 0, words = 0;
            for (size_t k = 0; k < run; k++) {
                uint64_t n;
                same += dh_slice_eq(parts[i + k], parts[i + run + k]);
                words += !dh_slice_to_u64(parts[i + k], &n);
            }
            if (same == run && words > 0) return true;
        }
    return false;
}

dh_url_trap dh_url_trap_of(const dh_canon *url, int year) {
    dh_slice parts[DH_URL_MAX_SEGMENTS + 1];
    size_t count = 0, parameters = 0;
    if (url->href.len > DH_URL_MAX_BYTES) return DH_TRAP_LENGTH;
    if (url->user.len > 0) return DH_TRAP_USER;
    for (dh_slice rest = dh_slice_sub(url->path, 1, url->path.len); rest.ptr != NULL;) {
        if (count > DH_URL_MAX_SEGMENTS) return DH_TRAP_DEPTH;
        parts[count++] = dh_slice_cut(&rest, '/');
    }
    if (count > DH_URL_MAX_SEGMENTS) return DH_TRAP_DEPTH;
    if (repeats(parts, count)) return DH_TRAP_REPEATED;
    for (size_t i = 0; i + 1 < count; i++)
        if (is_lost_date(parts[i], parts[i + 1], year)) return DH_TRAP_CALENDAR;
    for (dh_slice rest = url->query; rest.ptr != NULL;) {
        dh_slice parameter = dh_slice_cut(&rest, '&');
        if (++parameters > DH_URL_MAX_PARAMETERS) return DH_TRAP_PARAMETERS;
        if (is_lost_parameter(parameter, year)) return DH_TRAP_CALENDAR;
    }
    return DH_TRAP_NONE;
}

const char *dh_url_trap_word(dh_url_trap trap) {
    static const char *const words[DH_TRAP_COUNT] = {
#define DH_URL_TRAP(id, word, text) word,
#include "net/traps.def"
#undef DH_URL_TRAP
    };
    return trap < DH_TRAP_COUNT ? words[trap] : "";
}
