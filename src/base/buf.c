/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

void dh_buf_init(dh_buf *buf, dh_arena *arena, size_t max) {
    *buf = (dh_buf){.arena = arena, .max = max};
}

void dh_buf_release(dh_buf *buf) {
    if (buf->arena == NULL) free(buf->ptr);
    *buf = (dh_buf){.arena = buf->arena, .max = buf->max};
}

void dh_buf_reset(dh_buf *buf) {
    buf->len = 0;
    buf->failed = false;
}

bool dh_buf_reserve(dh_buf *buf, size_t more) {
    if (buf->failed) return false;
    if (more <= buf->cap - buf->len) return true;
    size_t ceiling = buf->max != 0 ? buf->max : SIZE_MAX / 4;
    if (more > ceiling || buf->len > ceiling - more) {
        buf->failed = true;
        return false;
    }
    size_t cap = buf->cap < 64 ? 64 : buf->cap * 2;
    if (cap < buf->len + more) cap = buf->len + more;
    if (cap > ceiling) cap = ceiling;
    char *grown = buf->arena != NULL ? dh_arena_grow(buf->arena, buf->ptr, buf->cap, cap)
                                     : realloc(buf->ptr, cap);
    if (grown == NULL) {
        buf->failed = true;
        return false;
    }
    buf->ptr = grown;
    buf->cap = cap;
    return true;
}

bool dh_buf_put(dh_buf *buf, const void *bytes, size_t len) {
    if (len == 0) return !buf->failed;
    if (!dh_buf_reserve(buf, len)) return false;
    memcpy(buf->ptr + buf->len, bytes, len);
    buf->len += len;
    return true;
}

bool dh_buf_put_slice(dh_buf *buf, dh_slice s) {
    return dh_buf_put(buf, s.ptr, s.len);
}

bool dh_buf_puts(dh_buf *buf, const char *text) {
    return dh_buf_put(buf, text, strlen(text));
}

bool dh_buf_putc(dh_buf *buf, char c) {
    return dh_buf_put(buf, &c, 1);
}

bool dh_buf_put_code(dh_buf *buf, uint32_t code) {
    char bytes[4];
    return dh_buf_put(buf, bytes, dh_utf8_encode(code, bytes));
}

bool dh_buf_printf(dh_buf *buf, const char *format, ...) {
    char small[256];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    bool done = false;
    if (len < 0) {
        buf->failed = true;
    } else if ((size_t)len < sizeof small) {
        done = dh_buf_put(buf, small, (size_t)len);
    } else if (dh_buf_reserve(buf, (size_t)len + 1)) {
        vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
        done = true;
    }
    va_end(again);
    return done;
}

const char *dh_buf_cstr(dh_buf *buf) {
    if (!dh_buf_reserve(buf, 1)) return "";
    buf->ptr[buf->len] = '\0';
    return buf->ptr;
}
