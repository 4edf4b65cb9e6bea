/* SPDX-License-Identifier: Apache-2.0 */
/* url: the parts of an address and resolving a reference (RFC 3986 section 5, with the leniency of
 * the WHATWG URL standard: white space trimmed, backslashes, missing slashes). No IDN and no DNS. */
#ifndef DH_BASE_URL_H
#define DH_BASE_URL_H

#include "base/arena.h"

typedef struct dh_url {
    dh_slice scheme, user, host, port, path, query, fragment; /* without their delimiters */
    bool has_authority, has_query, has_fragment;
} dh_url;

/* Length of the scheme that text begins with, without its colon; 0 when there is none. */
size_t dh_url_scheme_len(dh_slice text);
/* Splits; host keeps its case. False when text has no scheme. Slices point into text. */
bool dh_url_split(dh_slice text, dh_url *url);
/* Host of an address or of a bare "www.example.org/x", lower-case ASCII, without port, user and a
 * trailing dot; empty when there is none. In arena. */
dh_slice dh_url_host(dh_slice text, dh_arena *arena);
/* A host without the "www." before it. */
dh_slice dh_url_bare_host(dh_slice host);
/* reference against base (absolute); dot segments removed, spaces percent-encoded, fragment kept.
 * Without a usable base an absolute reference is returned as it is and a relative one gives an empty
 * slice. Only http, https, mailto, tel, ftp, data results; javascript: and others give empty. */
dh_slice dh_url_resolve(dh_slice base, dh_slice reference, dh_arena *arena);
/* Path and query of an absolute address; "/" when it has no path. */
dh_slice dh_url_path(dh_slice text);
/* Whether text looks like an http(s) address: starts with http:// or https:// and has a host. */
bool dh_url_is_http(dh_slice text);
/* Whether both are addresses with the same scheme, host and port, as they are written. */
bool dh_url_same_server(dh_slice a, dh_slice b);

#endif
