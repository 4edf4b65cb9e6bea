/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/pii.h"

#include <arpa/inet.h>

const char *dh_pii_name(dh_pii_kind kind) {
    static const char *const names[DH_PII_COUNT] = {
#define DH_PII(name, token, help) #name,
#include "corpus/pii.def"
#undef DH_PII
    };
    return names[kind];
}

/* A byte of the text; 0 outside. Bytes of letters beyond ASCII are letters. */
static char at(dh_slice s, size_t i) {
    return i < s.len ? s.ptr[i] : '\0';
}

static bool is_wordy(char c) {
    return dh_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Each of these gives the length of what begins at i, or 0. What stands before i has been looked at. */

/* ---- e-mail: RFC 5321's dot-string, as it is used ---- */

enum { LONGEST_LOCAL = 64, LONGEST_DOMAIN = 255 };

static bool is_local(char c) {
    return dh_is_alnum(c) || (c != '\0' && strchr("._%+-", c) != NULL);
}

static size_t domain(dh_slice s, size_t i) {
    size_t end = i, label = i, last = 0;
    bool dotted = false;
    while (end - i < LONGEST_DOMAIN &&
           (dh_is_alnum(at(s, end)) || at(s, end) == '-' || at(s, end) == '.')) {
        if (at(s, end) == '.') {
            if (end == label || !dh_is_alnum(at(s, end + 1))) break;
            dotted = true;
            label = end + 1;
        }
        end++;
    }
    while (end > label && at(s, end - 1) == '-') end--;
    for (size_t k = label; k < end; k++) last += dh_is_alpha(s.ptr[k]);
    return dotted && last >= 2 && last == end - label ? end - i : 0;
}

static size_t email(dh_slice s, size_t i) {
    size_t n = 0;
    if (!dh_is_alnum(at(s, i)) || (i > 0 && (is_local(s.ptr[i - 1]) || is_wordy(s.ptr[i - 1]))))
        return 0;
    while (n < LONGEST_LOCAL && is_local(at(s, i + n))) n++;
    if (at(s, i + n) != '@' || at(s, i + n - 1) == '.') return 0;
    size_t len = domain(s, i + n + 1);
    return len > 0 ? n + 1 + len : 0;
}

/* ---- IBAN: ISO 13616, in groups or not ---- */

static size_t iban(dh_slice s, size_t i) {
    enum { SHORTEST = 15, LONGEST = 34 };
    char digits[LONGEST + 1];
    size_t n = 0, end = i, best = 0;
    if (i > 0 && is_wordy(s.ptr[i - 1])) return 0;
    while (n < LONGEST) {
        char c = at(s, end);
        if (c == ' ' && n % 4 == 0 && n > 0) c = at(s, ++end);
        bool letter = c >= 'A' && c <= 'Z';
        if (n < 2 ? !letter : n < 4 ? !dh_is_digit(c) : !letter && !dh_is_digit(c)) break;
        digits[n++] = c;
        end++;
        if (n < SHORTEST || is_wordy(at(s, end))) continue;
        unsigned rest = 0;
        for (size_t k = 0; k < n; k++) { /* the first four go behind the others */
            char d = digits[(k + 4) % n];
            rest = dh_is_digit(d) ? (rest * 10 + (unsigned)(d - '0')) % 97
                                  : (rest * 100 + (unsigned)(d - 'A' + 10)) % 97;
        }
        if (rest == 1) best = end - i;
    }
    return best;
}

/* ---- IP ---- */

static bool is_public(uint32_t a) {
    unsigned first = a >> 24, second = a >> 16 & 255;
    uint32_t block = a >> 8; /* those of RFC 5737 are for examples */
    if (block == 0xC00002 || block == 0xC63364 || block == 0xCB0071) return false;
    return first != 0 && first != 10 && first != 127 && first < 224 &&
           !(first == 192 && second == 168) && !(first == 172 && second >= 16 && second < 32) &&
           !(first == 169 && second == 254);
}

static size_t ip4(dh_slice s, size_t i) {
    uint32_t address = 0;
    size_t end = i;
    for (int part = 0; part < 4; part++) {
        unsigned value = 0, n = 0;
        if (part > 0 && at(s, end++) != '.') return 0;
        while (n < 4 && dh_is_digit(at(s, end))) {
            value = value * 10 + (unsigned)(s.ptr[end++] - '0');
            n++;
        }
        if (n == 0 || value > 255 || (n > 1 && at(s, end - n) == '0')) return 0;
        address = address << 8 | value;
    }
    bool goes_on = is_wordy(at(s, end)) || (at(s, end) == '.' && dh_is_digit(at(s, end + 1)));
    return !goes_on && is_public(address) ? end - i : 0;
}

static bool is_hex(char c) {
    return dh_is_digit(c) || (dh_lower(c) >= 'a' && dh_lower(c) <= 'f');
}

static size_t ip6(dh_slice s, size_t i) {
    char text[48];
    unsigned char address[16];
    size_t n = 0, colons = 0;
    while (n < sizeof text - 1 && (is_hex(at(s, i + n)) || at(s, i + n) == ':')) {
        colons += at(s, i + n) == ':';
        text[n] = at(s, i + n);
        n++;
    }
    text[n] = '\0';
    if (colons < 3 || n < 8 || is_wordy(at(s, i + n)) || inet_pton(AF_INET6, text, address) != 1)
        return 0;
    return address[0] >> 5 == 1 ? n : 0; /* 2000::/3, what is routed */
}

static size_t ip(dh_slice s, size_t i) {
    char before = i > 0 ? s.ptr[i - 1] : '\0';
    if (is_wordy(before) || before == '.' || before == ':' || !is_hex(at(s, i))) return 0;
    size_t len = dh_is_digit(at(s, i)) ? ip4(s, i) : 0;
    return len > 0 ? len : ip6(s, i);
}

/* ---- telephone ---- */

/* Digits with single separators between them; *digits counts them. */
static size_t dialled(dh_slice s, size_t i, unsigned *digits) {
    size_t end = i, last = i;
    *digits = 0;
    while (*digits < 16) {
        char c = at(s, end);
        if (dh_is_digit(c)) {
            ++*digits;
            last = ++end;
        } else if (c != '\0' && strchr(" .-/()", c) != NULL && end - last < 2) {
            end++;
        } else {
            break;
        }
    }
    return last - i;
}

/* "+44 20 7946 0958", "0049 (30) 901820" */
static size_t abroad(dh_slice s, size_t i) {
    bool zeros =
        at(s, i) == '0' && at(s, i + 1) == '0' && at(s, i + 2) >= '1' && at(s, i + 2) <= '9';
    if (at(s, i) != '+' && !zeros) return 0;
    size_t sign = zeros ? 2 : 1;
    if (at(s, i + sign) < '1' || at(s, i + sign) > '9') return 0;
    unsigned digits;
    size_t len = dialled(s, i + sign, &digits);
    return digits >= 9 && digits <= 15 && !is_wordy(at(s, i + sign + len)) ? sign + len : 0;
}

/* "(555) 010-0199", "555-010-0199", "555.010.0199" */
static size_t american(dh_slice s, size_t i) {
    static const char *const forms[] = {"(ddd) ddd-dddd", "(ddd)ddd-dddd", "ddd-ddd-dddd",
                                        "ddd.ddd.dddd"};
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        size_t n = 0;
        while (forms[f][n] != '\0' &&
               (forms[f][n] == 'd' ? dh_is_digit(at(s, i + n)) : at(s, i + n) == forms[f][n]))
            n++;
        char next = at(s, i + n);
        bool goes_on =
            is_wordy(next) || ((next == '-' || next == '.') && dh_is_digit(at(s, i + n + 1)));
        if (forms[f][n] == '\0' && !goes_on) return n;
    }
    return 0;
}

static size_t phone(dh_slice s, size_t i) {
    char before = i > 0 ? s.ptr[i - 1] : '\0';
    if (is_wordy(before) || before == '+' || before == '.' || before == '-') return 0;
    size_t len = abroad(s, i);
    return len > 0 ? len : american(s, i);
}

/* ---- all of them ---- */

typedef size_t find(dh_slice s, size_t i);
static find *const finders[DH_PII_COUNT] = {
#define DH_PII(name, token, help) name,
#include "corpus/pii.def"
#undef DH_PII
};
static const dh_slice tokens[DH_PII_COUNT] = {
#define DH_PII(name, token, help) DH_SLICE_INIT(token),
#include "corpus/pii.def"
#undef DH_PII
};

bool dh_pii_scan(dh_slice text, dh_buf *out, dh_pii_counts *counts) {
    size_t copied = 0;
    *counts = (dh_pii_counts){{0}};
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!dh_is_alnum(c) && c != '+' && c != '(') continue;
        size_t len = 0;
        int kind = 0;
        while (kind < DH_PII_COUNT && (len = finders[kind](text, i)) == 0) kind++;
        if (len == 0) continue;
        counts->of[kind]++;
        if (out != NULL) {
            dh_buf_put_slice(out, dh_slice_sub(text, copied, i));
            dh_buf_put_slice(out, tokens[kind]);
        }
        copied = i + len;
        i += len - 1;
    }
    if (out != NULL) dh_buf_put_slice(out, dh_slice_sub(text, copied, text.len));
    return out == NULL || !out->failed;
}
