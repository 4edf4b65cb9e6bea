/* SPDX-License-Identifier: Apache-2.0 */
/* buf: a growing byte string with a ceiling, in an arena or (arena NULL) on the heap.
 * A write that fails sets `failed`, leaves the bytes so far and makes later writes do nothing, so a
 * writer may check once at its end. In an arena exhaustion leaves through the arena's guard. */
#ifndef DH_BASE_BUF_H
#define DH_BASE_BUF_H

#include "base/arena.h"

typedef struct dh_buf {
    char *ptr; /* not NUL-terminated unless dh_buf_cstr was called; NULL when empty */
    size_t len, cap;
    size_t max; /* ceiling for len in bytes, 0 = none */
    dh_arena *arena;
    bool failed;
} dh_buf;

void dh_buf_init(dh_buf *buf, dh_arena *arena, size_t max);
/* Frees heap memory; for an arena's buffer it only forgets it. */
void dh_buf_release(dh_buf *buf);
/* Empties it and keeps the memory. */
void dh_buf_reset(dh_buf *buf);
bool dh_buf_reserve(dh_buf *buf, size_t more);
bool dh_buf_put(dh_buf *buf, const void *bytes, size_t len);
bool dh_buf_put_slice(dh_buf *buf, dh_slice s);
bool dh_buf_puts(dh_buf *buf, const char *text);
bool dh_buf_putc(dh_buf *buf, char c);
/* One code point as UTF-8; surrogates and values above 10FFFF become U+FFFD. */
bool dh_buf_put_code(dh_buf *buf, uint32_t code);
bool dh_buf_printf(dh_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline dh_slice dh_buf_slice(const dh_buf *buf) {
    return (dh_slice){buf->ptr, buf->len};
}
/* The bytes with a NUL behind them, "" on failure. Valid until the next write. */
const char *dh_buf_cstr(dh_buf *buf);

#endif
