/* SPDX-License-Identifier: Apache-2.0 */
/* Hosts: names through IDN, the many spellings of an IPv4 address, IPv6 (WHATWG URL, 3.5). */
#include <arpa/inet.h>

#include "net/canon.h"
#include "text/idn.h"

static int hex(char c) {
    if (dh_is_digit(c)) return c - '0';
    c = dh_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "forbidden domain code points" */
static bool is_forbidden(char c) {
    return (unsigned char)c <= ' ' || c == 0x7F || strchr("#/:<>?@[\\]^|%", c) != NULL;
}

/* One number of an IPv4 address: decimal, 0 octal, 0x hexadecimal; false when it is none. Values too
 * large stay too large. */
static bool number(dh_slice s, uint64_t *value) {
    unsigned base = 10;
    *value = 0;
    if (s.len == 0) return false;
    if (s.len >= 2 && s.ptr[0] == '0' && dh_lower(s.ptr[1]) == 'x') {
        base = 16;
        s = dh_slice_sub(s, 2, s.len);
    } else if (s.len >= 2 && s.ptr[0] == '0') {
        base = 8;
        s = dh_slice_sub(s, 1, s.len);
    }
    for (size_t i = 0; i < s.len; i++) {
        int digit = hex(s.ptr[i]);
        if (digit < 0 || (unsigned)digit >= base) return false;
        *value = *value * base + (unsigned)digit;
        if (*value > UINT32_MAX) *value = (uint64_t)UINT32_MAX + 1;
    }
    return true;
}

/* The last label, or the one before a trailing dot. */
static dh_slice last_label(dh_slice host) {
    if (host.len > 1 && host.ptr[host.len - 1] == '.') host.len--;
    size_t at = host.len;
    while (at > 0 && host.ptr[at - 1] != '.') at--;
    return dh_slice_sub(host, at, host.len);
}

static bool ends_in_number(dh_slice host) {
    dh_slice last = last_label(host);
    if (last.len == 0) return false;
    size_t digits = 0;
    while (digits < last.len && dh_is_digit(last.ptr[digits])) digits++;
    uint64_t value;
    return digits == last.len ||
           (digits == 1 && dh_lower(last.ptr[1]) == 'x' && number(last, &value));
}

static bool put_ipv4(dh_slice host, dh_buf *out) {
    uint64_t parts[4], address = 0;
    size_t count = 0;
    if (host.ptr[host.len - 1] == '.') host.len--;
    for (dh_slice rest = host; rest.ptr != NULL; count++) {
        dh_slice part = dh_slice_cut(&rest, '.');
        if (count == 4 || !number(part, &parts[count])) return false;
    }
    for (size_t i = 0; i + 1 < count; i++) {
        if (parts[i] > 255) return false;
        address |= parts[i] << (8 * (3 - i));
    }
    if (parts[count - 1] >= UINT64_C(1) << (8 * (5 - count))) return false;
    address |= parts[count - 1];
    return dh_buf_printf(out, "%u.%u.%u.%u", (unsigned)(address >> 24),
                         (unsigned)(address >> 16 & 255), (unsigned)(address >> 8 & 255),
                         (unsigned)(address & 255));
}

/* Pieces without leading zeros, the first longest run of zeros as "::". */
static bool put_ipv6(dh_slice inner, dh_buf *out) {
    char text[64];
    unsigned char octets[16];
    if (inner.len == 0 || inner.len >= sizeof text) return false;
    memcpy(text, inner.ptr, inner.len);
    text[inner.len] = '\0';
    if (inet_pton(AF_INET6, text, octets) != 1) return false;
    unsigned pieces[8], run = 0, from = 8;
    for (unsigned i = 0; i < 8; i++) pieces[i] = (unsigned)octets[2 * i] << 8 | octets[2 * i + 1];
    for (unsigned i = 0; i < 8; i++) {
        unsigned n = 0;
        while (i + n < 8 && pieces[i + n] == 0) n++;
        if (n > run && n > 1) run = n, from = i;
    }
    dh_buf_putc(out, '[');
    for (unsigned i = 0; i < 8; i++) {
        if (i == from) {
            dh_buf_puts(out, "::");
            i += run - 1;
            continue;
        }
        if (i > 0 && i != from + run) dh_buf_putc(out, ':');
        dh_buf_printf(out, "%x", pieces[i]);
    }
    return dh_buf_putc(out, ']');
}

static void decode(dh_slice host, dh_buf *out) {
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        if (c == '%' && i + 2 < host.len && hex(host.ptr[i + 1]) >= 0 &&
            hex(host.ptr[i + 2]) >= 0) {
            c = (char)(hex(host.ptr[i + 1]) * 16 + hex(host.ptr[i + 2]));
            i += 2;
        }
        dh_buf_putc(out, c);
    }
}

bool dh_canon_host(dh_slice host, dh_buf *out) {
    if (host.len == 0) return false;
    if (host.ptr[0] == '[')
        return host.len > 2 && host.ptr[host.len - 1] == ']' &&
               put_ipv6(dh_slice_sub(host, 1, host.len - 1), out);
    dh_buf plain, name;
    dh_buf_init(&plain, out->arena, 0);
    dh_buf_init(&name, out->arena, 0);
    decode(host, &plain);
    bool good = !plain.failed && dh_idn_to_ascii(dh_buf_slice(&plain), &name) && name.len > 0;
    for (size_t i = 0; good && i < name.len; i++) good = !is_forbidden(name.ptr[i]);
    if (good && ends_in_number(dh_buf_slice(&name)))
        good = put_ipv4(dh_buf_slice(&name), out);
    else if (good)
        good = dh_buf_put_slice(out, dh_buf_slice(&name));
    dh_buf_release(&plain);
    dh_buf_release(&name);
    return good;
}
