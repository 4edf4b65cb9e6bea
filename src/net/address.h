/* SPDX-License-Identifier: Apache-2.0 */
/* address: an IP address with its port, and whether it belongs to the public internet. */
#ifndef DH_NET_ADDRESS_H
#define DH_NET_ADDRESS_H

#include <sys/socket.h>

#include "base/slice.h"

typedef struct dh_address {
    uint8_t family;    /* 4, 6; 0: none */
    uint8_t bytes[16]; /* network order; 4 of them for an IPv4 address */
    uint16_t port;
} dh_address;

enum { DH_ADDRESS_SIZE = 64 };

/* "192.0.2.1", "2001:db8::1", "[2001:db8::1]"; no port, no zone, none of the odd spellings that
 * inet_aton knows. The port becomes 0. */
bool dh_address_read(dh_slice text, dh_address *out);
/* Without the port. "" when there is none. */
const char *dh_address_print(const dh_address *address, char out[DH_ADDRESS_SIZE]);
bool dh_address_from_socket(const struct sockaddr *from, dh_address *out);
socklen_t dh_address_to_socket(const dh_address *address, struct sockaddr_storage *out);
/* By IANA's registries of special-purpose addresses (RFC 6890) and the addresses at which clouds keep their
 * metadata. An IPv4 address inside an IPv6 one (mapped, or NAT64's 64:ff9b::/96) is judged as itself;
 * 6to4, Teredo and "compatible" ones are never public: they tunnel to whatever they name. */
bool dh_address_is_public(const dh_address *address);

#endif
