/* SPDX-License-Identifier: Apache-2.0 */
/* evidence: a response as the archive keeps it. */
#ifndef DH_NET_EVIDENCE_H
#define DH_NET_EVIDENCE_H

#include "archive/warc_write.h"
#include "net/response.h"

/* Begins as zeros; reused from one response to the next. */
typedef struct dh_evidence {
    dh_warc_exchange exchange; /* borrows from the response and from this */
    char ip[DH_ADDRESS_SIZE];
    dh_buf metadata; /* heap: application/warc-fields; see dh_evidence_add */
} dh_evidence;

/* Fills in exchange, with metadata of how long it took and what was wrong. False: there is no answer to
 * keep, as none came. */
bool dh_evidence_take(dh_evidence *evidence, const dh_response *response);
/* "name: value", a line break in value made a space. */
void dh_evidence_add(dh_evidence *evidence, const char *name, dh_slice value);
void dh_evidence_release(dh_evidence *evidence);

#endif
