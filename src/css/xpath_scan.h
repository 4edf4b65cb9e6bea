/* SPDX-License-Identifier: Apache-2.0 */
/* xpath_scan: what is asked of an XPath expression before libxml2 sees it: sizes, and names that it
 * would only miss while evaluating. */
#ifndef DH_CSS_XPATH_SCAN_H
#define DH_CSS_XPATH_SCAN_H

#include "base/slice.h"
#include "base/status.h"

/* DH_ERR_RULE with *error->offset: too long, too many parts, too deep; an unknown function, a
 * variable, a prefix, the namespace axis. */
dh_status dh_xpath_scan(dh_slice text, dh_error *error);

#endif
