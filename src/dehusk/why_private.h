/* SPDX-License-Identifier: Apache-2.0 */
/* What why.c and why_find.c share. */
#ifndef DH_DEHUSK_WHY_PRIVATE_H
#define DH_DEHUSK_WHY_PRIVATE_H

#include "dehusk/page.h"
#include "dehusk/why.h"

typedef struct dh_why_run {
    dehusk_page *page;
    dh_slice sentence; /* cleaned */
    dh_slice key;      /* of it */
    dh_buf *out;
} dh_why_run;

typedef DH_VEC(uint32_t) dh_why_blocks;

/* The blocks that hold the sentence or a part of it that runs over them, in reading order. */
dh_why_blocks dh_why_find(dh_why_run *run);
/* The block that has most of the sentence's letters, by runs of three; *percent says how many.
 * UINT32_MAX: none has any. */
uint32_t dh_why_nearest(dh_why_run *run, uint32_t *percent);
/* Says where outside of the blocks it stands: scripts, attributes, the head. False: nowhere. */
bool dh_why_apart(dh_why_run *run);

/* "    from      html > body > p" and "    bytes     12-40, line 7" */
void dh_why_put_place(dh_why_run *run, uint32_t node, uint32_t begin, uint32_t end);

#endif
