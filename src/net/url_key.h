/* SPDX-License-Identifier: Apache-2.0 */
/* url_key: when two addresses are one page, whose site it is, and which addresses lead nowhere. */
#ifndef DH_NET_URL_KEY_H
#define DH_NET_URL_KEY_H

#include "net/canon.h"

/* The name under which a page is remembered: href without tracking parameters (tracking.def), an empty
 * query, a session in the path, the host's trailing dot and user and password; percent-encoded letters
 * that need not be are plain. Never fetch this: fetch href. In arena. */
dh_slice dh_url_key(const dh_canon *url, dh_arena *arena);

/* The domain that somebody registered ("bbc.co.uk" of "news.bbc.co.uk"), by the public suffix list; the
 * host itself when it is an IP address, a public suffix or a bare name. host as dh_canon has it. In
 * arena or in host. */
dh_slice dh_url_domain(dh_slice host, dh_arena *arena);
/* Whether both belong to one registrable domain: then a canonical link is believed. */
bool dh_url_same_site(const dh_canon *a, const dh_canon *b, dh_arena *arena);

typedef enum dh_url_trap {
#define DH_URL_TRAP(id, word, text) DH_TRAP_##id,
#include "net/traps.def"
#undef DH_URL_TRAP
    DH_TRAP_COUNT
} dh_url_trap;

enum { DH_URL_MAX_BYTES = 2000, DH_URL_MAX_SEGMENTS = 20, DH_URL_MAX_PARAMETERS = 20 };

/* Whether url looks like a place where a crawl gets lost. year: of today. */
dh_url_trap dh_url_trap_of(const dh_canon *url, int year);
/* "" for none. Static. */
const char *dh_url_trap_word(dh_url_trap trap);

#endif
