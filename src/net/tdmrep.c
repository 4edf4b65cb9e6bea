/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tdmrep.h"

#include "base/json.h"
#include "net/robots.h"

static bool is_reserved(const dh_json *json, uint32_t rule) {
    uint32_t id = dh_json_get(json, rule, DH_SLICE("tdm-reservation"));
    if (id == UINT32_MAX) return false;
    const dh_json_value *value = &json->values[id];
    return value->type == DH_JSON_TRUE || dh_slice_eq(dh_slice_trim(value->text), DH_SLICE("1"));
}

/* A line of robots.txt that says the same. */
static void put_line(dh_buf *out, dh_slice location) {
    location = dh_slice_trim(location);
    for (size_t i = 0; i < location.len; i++)
        if ((unsigned char)location.ptr[i] <= ' ' || location.ptr[i] == '#') return;
    if (location.len == 0) return;
    bool rooted = location.ptr[0] == '/' || location.ptr[0] == '*';
    dh_buf_puts(out, rooted ? "Disallow: " : "Disallow: /");
    dh_buf_put_slice(out, location);
    dh_buf_putc(out, '\n');
}

bool dh_tdmrep_reserves(dh_slice text, dh_slice path, dh_arena *arena) {
    dh_json json;
    dh_robots robots;
    dh_buf lines;
    if (dh_json_parse(&json, arena, text, false, NULL) != DH_OK) return false;
    if (json.values[0].type != DH_JSON_ARRAY) return false;
    dh_buf_init(&lines, arena, 0);
    dh_buf_puts(&lines, "User-agent: *\n");
    for (uint32_t i = dh_json_first(&json, 0); i != UINT32_MAX; i = dh_json_next(&json, 0, i))
        if (is_reserved(&json, i))
            put_line(&lines, dh_json_string(&json, dh_json_get(&json, i, DH_SLICE("location"))));
    dh_robots_parse(&robots, arena, dh_buf_slice(&lines));
    return !dh_robots_allows(&robots, DH_SLICE("*"), path, arena);
}
