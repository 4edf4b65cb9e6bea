/* SPDX-License-Identifier: Apache-2.0 */
#include "emit/line.h"

#include "base/utf8.h"

void dh_line_put(dh_buf *out, dh_slice text, size_t max) {
    if (text.ptr == NULL) return;
    const char *p = text.ptr, *end = p + text.len;
    bool space = false;
    for (size_t n = 0; p < end; n++) {
        uint32_t code;
        const char *at = p;
        if (max > 0 && n == max) {
            dh_buf_put_code(out, 0x2026);
            return;
        }
        p += dh_utf8_decode(p, end, &code);
        if (code < 0x80 && dh_is_space((char)code)) {
            space = true;
            n--;
            continue;
        }
        if (space && n > 0) dh_buf_putc(out, ' ');
        space = false;
        bool control = code < ' ' || (code >= 0x7F && code < 0xA0) ||
                       (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
        if (control)
            dh_buf_putc(out, '?');
        else if (code == DH_REPLACEMENT)
            dh_buf_put_code(out, code);
        else
            dh_buf_put(out, at, (size_t)(p - at));
    }
}
