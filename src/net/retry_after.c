/* SPDX-License-Identifier: Apache-2.0 */
#include "net/retry_after.h"

#include <curl/curl.h>

int64_t dh_http_date_ms(dh_slice value) {
    char text[64];
    value = dh_slice_trim(value);
    if (value.len == 0 || value.len >= sizeof text || !dh_is_alpha(value.ptr[0])) return -1;
    memcpy(text, value.ptr, value.len);
    text[value.len] = '\0';
    time_t seconds = curl_getdate(text, NULL);
    return seconds < 0 ? -1 : (int64_t)seconds * 1000;
}

int64_t dh_retry_after_ms(dh_slice value, int64_t now_ms) {
    uint64_t seconds;
    value = dh_slice_trim(value);
    bool digits = value.len > 0;
    for (size_t i = 0; i < value.len; i++) digits = digits && dh_is_digit(value.ptr[i]);
    if (digits) {
        if (!dh_slice_to_u64(value, &seconds) || seconds > INT64_MAX / 2000) return INT64_MAX / 2;
        return (int64_t)seconds * 1000;
    }
    int64_t at = dh_http_date_ms(value);
    if (at < 0) return -1;
    return at > now_ms ? at - now_ms : 0;
}
