/* SPDX-License-Identifier: Apache-2.0 */
/* tdmrep: what a host's /.well-known/tdmrep.json says of text and data mining (TDM Reservation Protocol, W3C
 * community group): an array of objects with "location", a pattern as in robots.txt, and "tdm-reservation". */
#ifndef DH_NET_TDMREP_H
#define DH_NET_TDMREP_H

#include "base/arena.h"

#define DH_TDMREP_PATH "/.well-known/tdmrep.json"

/* Whether text reserves the address of this path (with its query). Where several locations match, one that
 * reserves is enough: it is a wish that is recorded, and the careful reading of it. What is no such file
 * reserves nothing. Leaves through arena's guard when memory is out. */
bool dh_tdmrep_reserves(dh_slice text, dh_slice path, dh_arena *arena);

#endif
