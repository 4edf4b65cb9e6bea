/* SPDX-License-Identifier: Apache-2.0 */
#include "crawl/judge.h"

/* Asking again is of use: too early, too many, or the server's own trouble. */
static bool is_passing(int status) {
    return status == 408 || status == 425 || status == 429 || status >= 500;
}

bool dh_judge_trouble(dh_fault fault, int status) {
    switch (fault) {
    case DH_FAULT_NONE:
        return status == 429 || status >= 500;
    case DH_FAULT_URL:
    case DH_FAULT_SCHEME:
    case DH_FAULT_BLOCKED:
    case DH_FAULT_REDIRECTS:
    case DH_FAULT_TOO_LARGE:
    case DH_FAULT_UNWANTED:
    case DH_FAULT_STOPPED:
    case DH_FAULT_MEMORY:
    case DH_FAULT_HEADER:
    case DH_FAULT_ENCODING:
        return false;
    default:
        return true;
    }
}

static dh_act failed(const dh_answer *a) {
    if (a->fault == DH_FAULT_STOPPED || a->fault == DH_FAULT_MEMORY) return DH_ACT_FORGET;
    if (a->fault == DH_FAULT_UNWANTED || a->fault == DH_FAULT_TOO_LARGE) return DH_ACT_UNWANTED;
    bool again = dh_fault_of(a->fault)->again || a->fault == DH_FAULT_TLS;
    return again && a->tries < DH_MAX_TRIES ? DH_ACT_RETRY : DH_ACT_GIVE_UP;
}

dh_act dh_judge_answer(const dh_answer *a) {
    if (a->fault != DH_FAULT_NONE) return failed(a);
    if (a->status == 304) return DH_ACT_SAME;
    if (a->redirect) return a->hops < DH_MAX_HOPS ? DH_ACT_MOVE : DH_ACT_GIVE_UP;
    if (a->status >= 200 && a->status < 300)
        return a->status == 200 || a->status == 203 ? DH_ACT_READ : DH_ACT_UNWANTED;
    if (is_passing(a->status)) return a->tries < DH_MAX_TRIES ? DH_ACT_RETRY : DH_ACT_GIVE_UP;
    if (a->status >= 400) return DH_ACT_GONE;
    return DH_ACT_GIVE_UP;
}

bool dh_judge_soft_404(dh_slice title, uint64_t kept_chars) {
    static const char *const marks[] = {
#define DH_SOFT_404(text) text,
#include "crawl/soft404.def"
#undef DH_SOFT_404
    };
    if (kept_chars > 600) return false;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (dh_slice_has_nocase(title, dh_slice_cstr(marks[i]))) return true;
    return false;
}
