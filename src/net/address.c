/* SPDX-License-Identifier: Apache-2.0 */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

bool dh_address_read(dh_slice text, dh_address *out) {
    char copy[DH_ADDRESS_SIZE];
    if (text.len > 2 && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']')
        text = dh_slice_sub(text, 1, text.len - 1);
    if (text.len == 0 || text.len >= sizeof copy) return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    *out = (dh_address){.family = 4};
    if (inet_pton(AF_INET, copy, out->bytes) == 1) return true;
    *out = (dh_address){.family = 6};
    if (inet_pton(AF_INET6, copy, out->bytes) == 1) return true;
    *out = (dh_address){0};
    return false;
}

const char *dh_address_print(const dh_address *address, char out[DH_ADDRESS_SIZE]) {
    int family = address->family == 4 ? AF_INET : AF_INET6;
    if (address->family == 0 || inet_ntop(family, address->bytes, out, DH_ADDRESS_SIZE) == NULL)
        out[0] = '\0';
    return out;
}

bool dh_address_from_socket(const struct sockaddr *from, dh_address *out) {
    *out = (dh_address){0};
    if (from->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, from, sizeof in);
        *out = (dh_address){.family = 4, .port = ntohs(in.sin_port)};
        memcpy(out->bytes, &in.sin_addr, 4);
    } else if (from->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, from, sizeof in);
        *out = (dh_address){.family = 6, .port = ntohs(in.sin6_port)};
        memcpy(out->bytes, &in.sin6_addr, 16);
    }
    return out->family != 0;
}

socklen_t dh_address_to_socket(const dh_address *address, struct sockaddr_storage *out) {
    *out = (struct sockaddr_storage){0};
    if (address->family == 4) {
        struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(address->port)};
        memcpy(&in.sin_addr, address->bytes, 4);
        memcpy(out, &in, sizeof in);
        return sizeof in;
    }
    struct sockaddr_in6 in = {.sin6_family = AF_INET6, .sin6_port = htons(address->port)};
    memcpy(&in.sin6_addr, address->bytes, 16);
    memcpy(out, &in, sizeof in);
    return sizeof in;
}

typedef struct prefix {
    uint8_t bytes[16];
    unsigned bits;
} prefix;

static const prefix not_public_4[] = {
    {{0}, 8},                 /* this network */
    {{10}, 8},                /* private */
    {{100, 64}, 10},          /* carrier-grade NAT; a cloud's metadata is at 100.100.100.200 */
    {{127}, 8},               /* loopback */
    {{168, 63, 129, 16}, 32}, /* a cloud's platform services, though the range is public */
    {{169, 254}, 16},         /* link-local; metadata at 169.254.169.254 */
    {{172, 16}, 12},          /* private */
    {{192, 0, 0}, 24},        /* protocol assignments; metadata at 192.0.0.192 */
    {{192, 0, 2}, 24},        /* documentation */
    {{192, 88, 99}, 24},      /* 6to4 relays */
    {{192, 168}, 16},         /* private */
    {{198, 18}, 15},          /* benchmarks */
    {{198, 51, 100}, 24},     /* documentation */
    {{203, 0, 113}, 24},      /* documentation */
    {{224}, 4},               /* multicast */
    {{240}, 4},               /* reserved, broadcast */
};

static const prefix mapped = {{[10] = 0xFF, [11] = 0xFF}, 96};
static const prefix nat64 = {{0x00, 0x64, 0xFF, 0x9B}, 96};
static const prefix global = {{0x20}, 3}; /* all that IANA has given out as global unicast */
static const prefix not_public_6[] = {
    {{0x20, 0x01, 0x00}, 23},       /* protocol assignments, Teredo, ORCHID */
    {{0x20, 0x01, 0x0D, 0xB8}, 32}, /* documentation */
    {{0x20, 0x02}, 16},             /* 6to4 */
    {{0x3F, 0xFF}, 20},             /* documentation */
};

static bool is_in(const uint8_t *bytes, const prefix *p) {
    unsigned whole = p->bits / 8, rest = p->bits % 8;
    if (memcmp(bytes, p->bytes, whole) != 0) return false;
    return rest == 0 || (bytes[whole] ^ p->bytes[whole]) >> (8 - rest) == 0;
}

static bool is_in_any(const uint8_t *bytes, const prefix *list, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (is_in(bytes, &list[i])) return true;
    return false;
}

static bool is_public_4(const uint8_t *bytes) {
    return !is_in_any(bytes, not_public_4, sizeof not_public_4 / sizeof *not_public_4);
}

bool dh_address_is_public(const dh_address *address) {
    const uint8_t *bytes = address->bytes;
    if (address->family == 4) return is_public_4(bytes);
    if (address->family != 6) return false;
    if (is_in(bytes, &mapped) || is_in(bytes, &nat64)) return is_public_4(bytes + 12);
    return is_in(bytes, &global) &&
           !is_in_any(bytes, not_public_6, sizeof not_public_6 / sizeof *not_public_6);
}
