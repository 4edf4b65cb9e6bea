/* SPDX-License-Identifier: Apache-2.0 */
/* idn: domain names as UTS 46 has them (ICU), with the settings of the WHATWG's "domain to ASCII". */
#ifndef DH_TEXT_IDN_H
#define DH_TEXT_IDN_H

#include "base/buf.h"

/* Appends domain (UTF-8) to out in ASCII: lower case, labels beyond ASCII as "xn--". False when it is no
 * valid domain name or memory is out; out then has what it had. Which ASCII letters may stand in a host
 * is the caller's to check. */
bool dh_idn_to_ascii(dh_slice domain, dh_buf *out);
/* The same towards what readers see; a label that cannot be shown stays as it is. */
bool dh_idn_to_unicode(dh_slice domain, dh_buf *out);

#endif
