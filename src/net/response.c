/* SPDX-License-Identifier: Apache-2.0 */
#include "net/response.h"

#include <stdlib.h>

#include "archive/http.h"
#include "net/transport_private.h"

void dh_response_free(dh_response *r) {
    if (r == NULL) return;
    free(r->url);
    dh_buf_release(&r->request);
    dh_buf_release(&r->head);
    dh_buf_release(&r->wire);
    dh_buf_release(&r->unchunked);
    dh_buf_release(&r->body);
    free(r);
}

dh_slice dh_response_field(const dh_response *r, dh_slice name) {
    return dh_http_field(dh_buf_slice(&r->head), name);
}

dh_slice dh_response_payload(const dh_response *r) {
    return dh_buf_slice(r->is_chunked ? &r->unchunked : &r->wire);
}

bool dh_response_is_redirect(const dh_response *r) {
    bool code = r->status == 301 || r->status == 302 || r->status == 303 || r->status == 307 ||
                r->status == 308;
    return code && dh_response_field(r, DH_SLICE("location")).len > 0;
}

/* A frame of its own for the guard that the arena leaves through when memory is out. */
bool dh_hop_parse(dh_canon *out, const char *base, dh_slice text, dh_arena *arena) {
    jmp_buf guard;
    dh_canon from;
    if (dh_arena_guard(arena, &guard)) {
        arena->guard = NULL;
        return false;
    }
    bool good = base == NULL || dh_canon_parse(&from, NULL, dh_slice_cstr(base), arena);
    good = good && dh_canon_parse(out, base != NULL ? &from : NULL, text, arena);
    arena->guard = NULL;
    return good;
}

bool dh_response_target(const dh_response *r, dh_buf *out) {
    dh_arena arena;
    dh_canon to;
    dh_arena_init(&arena, 0);
    dh_slice location = dh_response_field(r, DH_SLICE("location"));
    bool good = dh_hop_parse(&to, r->url, location, &arena);
    bool short_of_memory = arena.failure == DH_ERR_MEMORY;
    if (good) dh_buf_put_slice(out, to.href);
    dh_arena_release(&arena);
    if (short_of_memory) out->failed = true;
    if (short_of_memory && out->arena != NULL) dh_arena_fail(out->arena, DH_ERR_MEMORY);
    return good && dh_buf_cstr(out)[0] != '\0';
}
