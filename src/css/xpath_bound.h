/* SPDX-License-Identifier: Apache-2.0 */
/* xpath_bound: an expression said in another way, so that all of its work can be counted. libxml2
 * counts the nodes it visits. It does not count the strings it makes of them, nor how often it looks
 * through a set for what is there already; both grow with the square of a page. Functions can be
 * replaced (xpath_count.h), operators and steps cannot. So this is written instead of them:
 *     a = b             dh-eq(a,b)       the same for != < <= > >=
 *     a + b             number(a) + number(b)      the same for - * div mod and the sign
 *     a | b | c         dh-union(a,b,c)
 *     a/ancestor::b[c]  dh-step(a,N)     where steps from several nodes may meet: program N, here
 *                                        ancestor::b[c], is evaluated for each node of a
 *     a/ancestor::b/c   dh-step(a,N,M)   and so for each later step of the path */
#ifndef DH_CSS_XPATH_BOUND_H
#define DH_CSS_XPATH_BOUND_H

#include "base/buf.h"

/* The programs, each ends with a NUL: those of steps, from 1 on; the expression itself is the last. */
typedef struct dh_xpath_bound {
    dh_buf text; /* heap */
    uint32_t programs;
    bool no_memory; /* why it failed */
} dh_xpath_bound;

/* text is an expression that libxml2 can compile. False: out of memory, or it cannot be read.
 * The caller releases out->text, whatever is returned. */
bool dh_xpath_bound_make(dh_slice text, dh_xpath_bound *out);

#endif
