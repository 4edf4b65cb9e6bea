/* SPDX-License-Identifier: Apache-2.0 */
/* judge: what to do about an answer. Pure. */
#ifndef DH_CRAWL_JUDGE_H
#define DH_CRAWL_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "crawl/state.h"
#include "net/fault.h"

typedef enum dh_act {
    DH_ACT_READ,     /* clean it, or read it for addresses */
    DH_ACT_SAME,     /* it has not changed */
    DH_ACT_MOVE,     /* to where it sends */
    DH_ACT_RETRY,    /* later */
    DH_ACT_GIVE_UP,  /* it will not come */
    DH_ACT_GONE,     /* the server says no for good */
    DH_ACT_UNWANTED, /* not of a kind that is kept */
    DH_ACT_FORGET    /* as if it had not been asked for: the run was stopped */
} dh_act;

enum { DH_MAX_TRIES = 5, DH_MAX_HOPS = 10 };

typedef struct dh_answer {
    dh_fault fault;
    int status;
    bool redirect;  /* with somewhere to go */
    uint32_t tries; /* without success, this one included */
    uint32_t hops;  /* redirects before this one */
} dh_answer;

dh_act dh_judge_answer(const dh_answer *answer);
/* Whether the host, not the address, is in trouble: its pace slows down. */
bool dh_judge_trouble(dh_fault fault, int status);

/* Whether a page that came with 200 says that it is not there: a short text under a title of that kind. */
bool dh_judge_soft_404(dh_slice title, uint64_t kept_chars);

#endif
