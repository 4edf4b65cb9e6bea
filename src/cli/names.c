/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/names.h"

#include "archive/members.h"
#include "base/buf.h"
#include "base/map.h"

enum { LEVELS = 4, LONGEST = 180 };

/* Endings that the output's takes the place of. */
static const char *const page_endings[] = {"html", "htm", "xhtml", "shtml", "txt",   "text",  "md",
                                           "php",  "asp", "aspx",  "jsp",   "jsonl", "ndjson"};

static dh_slice own_ending(dh_slice name) {
    size_t i = name.len;
    while (i > 0 && name.ptr[i - 1] != '.' && name.ptr[i - 1] != '/') i--;
    if (i < 2 || name.ptr[i - 1] != '.' || name.ptr[i - 2] == '/') return (dh_slice){NULL, 0};
    return dh_slice_sub(name, i, name.len);
}

static dh_slice without_ending(dh_slice name) {
    dh_slice end = own_ending(name);
    size_t archive = dh_warc_ending(name);
    if (archive == 0) archive = dh_lines_ending(name);
    if (archive == 0) archive = dh_members_ending(name);
    if (archive > 0 && archive < name.len && name.ptr[name.len - archive - 1] != '/')
        return dh_slice_sub(name, 0, name.len - archive);
    for (size_t i = 0; i < sizeof page_endings / sizeof *page_endings; i++)
        if (dh_slice_eq_nocase(end, dh_slice_cstr(page_endings[i])))
            return dh_slice_sub(name, 0, name.len - end.len - 1);
    return name;
}

/* Parts of a path that stay below the folder they are put in: no root, no "." and "..". */
static void put_path(dh_buf *out, dh_slice path) {
    size_t begin = out->len;
    while (path.ptr != NULL) {
        dh_slice part = dh_slice_cut(&path, '/');
        if (part.len == 0 || dh_slice_eq(part, DH_SLICE(".")) || dh_slice_eq(part, DH_SLICE("..")))
            continue;
        if (out->len > begin) dh_buf_putc(out, '/');
        dh_buf_put_slice(out, part);
    }
    if (out->len == begin) dh_buf_puts(out, "page");
}

static void put_hash(dh_buf *out, dh_slice of, char before) {
    dh_buf_printf(out, "%c%08lx", before, (unsigned long)(dh_hash(of) & 0xFFFFFFFFu));
}

/* "https://example.org/a/b?c=1" as "example.org_a_b_c_1-1f2e3d4c". */
static void put_address(dh_buf *out, dh_slice url, bool hash) {
    size_t begin = out->len, slashes = dh_slice_find(url, DH_SLICE("://"));
    dh_slice rest = slashes != DH_NPOS ? dh_slice_sub(url, slashes + 3, url.len) : url;
    while (rest.len > 0 && rest.ptr[rest.len - 1] == '/') rest.len--;
    for (size_t i = 0; i < rest.len; i++) {
        char c = rest.ptr[i];
        bool plain = dh_is_alnum(c) || c == '.' || c == '-' || (unsigned char)c >= 0x80;
        if (!plain && c != '/') hash = true;
        if (out->len - begin >= LONGEST) {
            hash = true;
            break;
        }
        dh_buf_putc(out, plain && (c != '.' || out->len > begin) ? c : '_');
    }
    if (hash) put_hash(out, url, '-');
}

static dh_slice candidate(const dh_input *input, unsigned level, const char *extension,
                          dh_arena *arena) {
    dh_slice relative = dh_slice_cstr(input->relative), name = dh_slice_cstr(input->name);
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    if (input->source == DH_FROM_URL) {
        put_address(&out, name, level > 0);
    } else if (level == 0) {
        put_path(&out, without_ending(relative));
    } else if (level == 2) {
        put_path(&out, without_ending(name));
    } else {
        put_path(&out, relative);
        if (level == 3) put_hash(&out, name, '.');
    }
    dh_buf_puts(&out, extension);
    return dh_arena_dup(arena, dh_buf_slice(&out));
}

/* Who wants a name in one round. */
typedef struct claim {
    uint32_t wanted, html, html_by;
} claim;

typedef struct namer {
    const dh_inputs *inputs;
    const char *extension;
    dh_arena *arena;
    const char **names;
    dh_map taken;
    uint32_t *left; /* inputs without a name */
    uint32_t left_len;
} namer;

static bool is_html(const dh_input *input) {
    return dh_slice_eq_nocase(own_ending(dh_slice_cstr(input->relative)), DH_SLICE("html"));
}

static void play_round(namer *n, unsigned level) {
    dh_map claims_of;
    DH_VEC(claim) claims = {0};
    dh_slice *wants = dh_arena_alloc(n->arena, (size_t)n->left_len * sizeof *wants);
    dh_map_init(&claims_of, n->arena, n->left_len);
    for (uint32_t i = 0; i < n->left_len; i++) {
        const dh_input *input = &n->inputs->all.ptr[n->left[i]];
        wants[i] = candidate(input, level, n->extension, n->arena);
        bool added;
        uint32_t *at = dh_map_put(&claims_of, wants[i], &added);
        if (added) {
            *at = claims.len;
            *DH_PUSH(n->arena, claims) = (claim){0};
        }
        claim *c = &claims.ptr[*at];
        c->wanted++;
        if (is_html(input)) c->html++, c->html_by = n->left[i];
    }
    uint32_t still = 0;
    bool last = level == LEVELS - 1;
    for (uint32_t i = 0; i < n->left_len; i++) {
        uint32_t id = n->left[i];
        const claim *c = &claims.ptr[*dh_map_get(&claims_of, wants[i])];
        bool wins = c->wanted == 1 || (level == 0 && c->html == 1 && c->html_by == id) || last;
        if (wins && dh_map_get(&n->taken, wants[i]) == NULL) {
            n->names[id] = wants[i].ptr;
            *dh_map_put(&n->taken, wants[i], NULL) = 1;
        } else {
            n->left[still++] = id;
        }
    }
    n->left_len = still;
}

/* The same input named twice is written once. */
static void leave_out_repeats(namer *n) {
    dh_map seen;
    dh_map_init(&seen, n->arena, n->inputs->all.len);
    for (uint32_t i = 0; i < n->inputs->all.len; i++) {
        bool added;
        dh_map_put(&seen, dh_slice_cstr(n->inputs->all.ptr[i].name), &added);
        if (added) n->left[n->left_len++] = i;
    }
}

const char **dh_names_make(const dh_inputs *inputs, const char *extension, dh_arena *arena) {
    size_t count = inputs->all.len;
    namer n = {.inputs = inputs, .extension = extension, .arena = arena};
    n.names = dh_arena_zalloc(arena, count + 1, sizeof *n.names);
    n.left = dh_arena_alloc(arena, (count + 1) * sizeof *n.left);
    dh_map_init(&n.taken, arena, inputs->all.len);
    leave_out_repeats(&n);
    for (unsigned level = 0; level < LEVELS && n.left_len > 0; level++) play_round(&n, level);
    return n.names;
}
