/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DH_NET_RETRY_AFTER_H
#define DH_NET_RETRY_AFTER_H

#include "base/slice.h"

/* Value of a Retry-After field (RFC 9110, 10.2.3: seconds, or a date) in milliseconds from now_ms on (since
 * 1970); 0 for a date that is over, -1 when it is neither. As large as the server likes: clamp it. */
int64_t dh_retry_after_ms(dh_slice value, int64_t now_ms);
/* Milliseconds since 1970 of an HTTP date in any of its three forms, -1 when it is none. */
int64_t dh_http_date_ms(dh_slice value);

#endif
