/* SPDX-License-Identifier: Apache-2.0 */
/* A line of JSON, as pages carry it and as lines come in: read leniently and strictly. The tree is sound, its strings
 * are valid UTF-8, what is written of them reads as the same, and what is strictly right is read alike both ways. */
#include "base/json.h"
#include "fuzz/must.h"

static void check_string(dh_slice s, dh_arena *arena) {
    dh_json again;
    dh_buf out;
    MUST(is_utf8(s));
    dh_buf_init(&out, arena, 0);
    dh_json_put_string(&out, s);
    MUST(dh_json_parse(&again, arena, dh_buf_slice(&out), true, NULL) == DH_OK);
    MUST(again.values[0].type == DH_JSON_STRING && dh_slice_eq(again.values[0].text, s));
}

static void check(const dh_json *json, dh_arena *arena) {
    MUST(json->len > 0 && json->values[0].end == json->len);
    for (uint32_t i = 0; i < json->len && i < 2000; i++) {
        const dh_json_value *v = &json->values[i];
        MUST(v->end > i && v->end <= json->len);
        uint32_t children = 0;
        for (uint32_t c = dh_json_first(json, i); c != UINT32_MAX; c = dh_json_next(json, i, c)) {
            MUST(c > i && c < v->end && json->values[c].end <= v->end);
            children++;
        }
        MUST(children == v->len);
        if (v->type == DH_JSON_STRING) check_string(v->text, arena);
        if (v->key.len > 0) MUST(is_utf8(v->key));
        if (v->type == DH_JSON_OBJECT && v->len > 0) {
            uint32_t first = dh_json_first(json, i);
            MUST(dh_json_get(json, i, json->values[first].key) == first);
        }
    }
}

static void run(dh_slice text, dh_arena *arena) {
    dh_json lenient, strict;
    dh_error error = {0};
    dh_status sloppy = dh_json_parse(&lenient, arena, text, false, &error);
    dh_status exact = dh_json_parse(&strict, arena, text, true, &error);
    if (sloppy == DH_OK) check(&lenient, arena);
    if (exact != DH_OK) {
        MUST(error.message[0] != '\0');
        return;
    }
    check(&strict, arena);
    MUST(sloppy == DH_OK && lenient.len == strict.len);
    for (uint32_t i = 0; i < strict.len; i++) {
        MUST(lenient.values[i].type == strict.values[i].type);
        MUST(dh_slice_eq(lenient.values[i].text, strict.values[i].text));
        MUST(dh_slice_eq(lenient.values[i].key, strict.values[i].key));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    dh_arena arena;
    jmp_buf guard;
    dh_arena_init(&arena, (size_t)256 << 20);
    if (!dh_arena_guard(&arena, &guard)) run(dh_slice_make((const char *)bytes, size), &arena);
    dh_arena_release(&arena);
    return 0;
}
