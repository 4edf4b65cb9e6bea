/* SPDX-License-Identifier: Apache-2.0 */
/* canon: http and https addresses in the one form that the WHATWG URL standard gives them: what a browser
 * would ask for. base/url.c is for the links of a page and keeps their letters; this is for asking and
 * for telling two addresses apart. */
#ifndef DH_NET_CANON_H
#define DH_NET_CANON_H

#include "base/buf.h"

/* Parts of href, without their delimiters. */
typedef struct dh_canon {
    dh_slice href;   /* without the fragment */
    dh_slice scheme; /* "http" or "https" */
    dh_slice user;   /* user:password, encoded; empty when there is none */
    dh_slice host;   /* ASCII; an IPv6 address in brackets */
    dh_slice port;   /* empty when it is the scheme's own */
    dh_slice path;   /* begins with "/" */
    dh_slice query;
    bool has_query;
} dh_canon;

/* Reads text, relative to base where it is no absolute address (base may be NULL). False when it is no
 * valid address, or none of http and https. In arena. */
bool dh_canon_parse(dh_canon *out, const dh_canon *base, dh_slice text, dh_arena *arena);
/* Path and query as they are sent, from href. */
dh_slice dh_canon_target(const dh_canon *url);
/* "host" or "host:port": whom it is polite to. In href. */
dh_slice dh_canon_authority(const dh_canon *url);
/* "https://host:port": for whom a robots.txt holds. In arena. */
dh_slice dh_canon_origin(const dh_canon *url, dh_arena *arena);

/* Appends the standard's form of a host as it stands in an address. False when it is none. */
bool dh_canon_host(dh_slice host, dh_buf *out);

#endif
