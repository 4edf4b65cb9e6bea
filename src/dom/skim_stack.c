/* SPDX-License-Identifier: Apache-2.0 */
#include "dom/skim_stack.h"

#include "base/map.h"

enum { NOT_FOUND = -1, SEARCH = 512 };

void dh_skim_stack_init(dh_skim_stack *stack, dh_arena *arena) {
    *stack = (dh_skim_stack){.arena = arena};
}

static void forget(dh_skim_stack *s, const dh_skim_open *entry) {
    s->counts[entry->tag]--;
    if (entry->emitted) s->depth--;
    if (entry->tag == DH_TAG_pre || entry->tag == DH_TAG_listing) s->pre--;
    if (entry->tag == DH_TAG_math) s->math--;
    /* Leaving a cell forgets the formatting opened in it. */
    if ((entry->tag == DH_TAG_td || entry->tag == DH_TAG_th || entry->tag == DH_TAG_caption) &&
        s->active > entry->active)
        s->active = entry->active;
}

static void pop_to(dh_skim_stack *s, int at) {
    while ((int)s->open.len > at) forget(s, &s->open.ptr[--s->open.len]);
}

static void take_out(dh_skim_stack *s, int at) {
    forget(s, &s->open.ptr[at]);
    s->open.len--;
    memmove(&s->open.ptr[at], &s->open.ptr[at + 1],
            (s->open.len - (uint32_t)at) * sizeof *s->open.ptr);
}

/* The topmost open `tag`, above any stop_tag (DH_TAG_TEXT: none) and any element with stop_flags. */
static int find(const dh_skim_stack *s, dh_tag tag, uint16_t stop_flags, dh_tag stop_tag) {
    if (s->counts[tag] == 0) return NOT_FOUND;
    int low = (int)s->open.len > SEARCH ? (int)s->open.len - SEARCH : 0;
    for (int i = (int)s->open.len - 1; i >= low; i--) {
        dh_tag at = s->open.ptr[i].tag;
        if (at == tag) return i;
        if (at == stop_tag || (stop_flags != 0 && dh_tag_is(at, stop_flags))) break;
    }
    return NOT_FOUND;
}

/* Table scope: a part of the innermost table, not of one around a template. */
static int find_in_table(const dh_skim_stack *s, dh_tag tag) {
    if (s->counts[tag] == 0) return NOT_FOUND;
    int low = (int)s->open.len > SEARCH ? (int)s->open.len - SEARCH : 0;
    for (int i = (int)s->open.len - 1; i >= low; i--) {
        dh_tag at = s->open.ptr[i].tag;
        if (at == tag) return i;
        if (at == DH_TAG_table || at == DH_TAG_template) break;
    }
    return NOT_FOUND;
}

/* li, dd, dt: closed by their like, up to a special element other than address, div, p. */
static int find_item(const dh_skim_stack *s, dh_tag one, dh_tag other) {
    int low = (int)s->open.len > SEARCH ? (int)s->open.len - SEARCH : 0;
    for (int i = (int)s->open.len - 1; i >= low; i--) {
        dh_tag at = s->open.ptr[i].tag;
        if (at == one || at == other) return i;
        if (dh_tag_is(at, DH_T_SPECIAL) && at != DH_TAG_address && at != DH_TAG_div &&
            at != DH_TAG_p)
            break;
    }
    return NOT_FOUND;
}

static void pop_if(dh_skim_stack *s, int at) {
    if (at != NOT_FOUND) pop_to(s, at);
}

/* What a start tag closes (13.2.6.4.7 and the table insertion modes). */
static void close_implied(dh_skim_stack *s, dh_tag tag) {
    switch (tag) {
    case DH_TAG_li:
        pop_if(s, find_item(s, DH_TAG_li, DH_TAG_li));
        break;
    case DH_TAG_dd:
    case DH_TAG_dt:
        pop_if(s, find_item(s, DH_TAG_dd, DH_TAG_dt));
        break;
    case DH_TAG_option:
        if (s->open.len > 0 && s->open.ptr[s->open.len - 1].tag == DH_TAG_option)
            pop_to(s, (int)s->open.len - 1);
        break;
    case DH_TAG_button:
        pop_if(s, find(s, DH_TAG_button, DH_T_SCOPE, DH_TAG_TEXT));
        break;
    case DH_TAG_a: {
        int at = find(s, DH_TAG_a, 0, DH_TAG_table);
        if (at != NOT_FOUND) {
            take_out(s, at);
            if (s->active > 0) s->active--;
        }
        break;
    }
    case DH_TAG_td:
    case DH_TAG_th:
        pop_if(s, find_in_table(s, DH_TAG_td));
        pop_if(s, find_in_table(s, DH_TAG_th));
        break;
    case DH_TAG_tr:
        pop_if(s, find_in_table(s, DH_TAG_tr));
        break;
    case DH_TAG_tbody:
    case DH_TAG_thead:
    case DH_TAG_tfoot:
        pop_if(s, find_in_table(s, DH_TAG_tbody));
        pop_if(s, find_in_table(s, DH_TAG_thead));
        pop_if(s, find_in_table(s, DH_TAG_tfoot));
        break;
    default:
        break;
    }
    if (dh_tag_is(tag, DH_T_CLOSES_P)) pop_if(s, find(s, DH_TAG_p, DH_T_SCOPE, DH_TAG_button));
    if (dh_tag_is(tag, DH_T_HEADING) && s->open.len > 0 &&
        dh_tag_is(s->open.ptr[s->open.len - 1].tag, DH_T_HEADING))
        pop_to(s, (int)s->open.len - 1);
}

static bool is_table_part(dh_tag tag) {
    return tag == DH_TAG_table || tag == DH_TAG_tr || tag == DH_TAG_td || tag == DH_TAG_th ||
           tag == DH_TAG_tbody || tag == DH_TAG_thead || tag == DH_TAG_tfoot ||
           tag == DH_TAG_caption;
}

bool dh_skim_stack_open(dh_skim_stack *s, dh_tag tag, dh_slice name, const dh_limits *limits) {
    if (is_table_part(tag) && tag != DH_TAG_table && s->counts[DH_TAG_table] == 0 &&
        s->counts[DH_TAG_template] == 0)
        return true; /* is ignored */
    close_implied(s, tag);
    if (dh_tag_is(tag, DH_T_VOID)) return true;
    bool formatting = dh_tag_is(tag, DH_T_FORMATTING);
    bool emit = true;
    if (s->depth >= limits->depth) {
        s->limited = DH_LIMIT_depth;
        emit = false;
    } else if (formatting && s->active >= limits->formatting) {
        s->limited = DH_LIMIT_formatting;
        emit = false;
    }
    *DH_PUSH(s->arena, s->open) =
        (dh_skim_open){.tag = tag,
                       .emitted = emit,
                       .name = tag == DH_TAG_UNKNOWN ? (uint32_t)dh_hash(name) : 0,
                       .active = s->active};
    s->counts[tag]++;
    if (emit) s->depth++;
    if (emit && formatting) s->active++;
    if (tag == DH_TAG_pre || tag == DH_TAG_listing) s->pre++;
    if (tag == DH_TAG_math) s->math++;
    return emit;
}

/* "Any other end tag": matches by name up to the first special element. */
static int find_other(const dh_skim_stack *s, dh_tag tag, uint32_t name) {
    int low = (int)s->open.len > SEARCH ? (int)s->open.len - SEARCH : 0;
    for (int i = (int)s->open.len - 1; i >= low; i--) {
        const dh_skim_open *at = &s->open.ptr[i];
        if (at->tag == tag && (tag != DH_TAG_UNKNOWN || at->name == name)) return i;
        if (dh_tag_is(at->tag, DH_T_SPECIAL)) break;
    }
    return NOT_FOUND;
}

/* The open element that an end tag closes. */
static int find_closed(const dh_skim_stack *s, dh_tag tag, dh_slice name) {
    if (dh_tag_is(tag, DH_T_FORMATTING)) return find(s, tag, 0, DH_TAG_TEXT);
    if (tag == DH_TAG_table) return find(s, tag, 0, DH_TAG_template);
    if (is_table_part(tag)) return find_in_table(s, tag);
    if (dh_tag_is(tag, DH_T_SPECIAL)) return find(s, tag, DH_T_SCOPE, DH_TAG_TEXT);
    return find_other(s, tag, tag == DH_TAG_UNKNOWN ? (uint32_t)dh_hash(name) : 0);
}

bool dh_skim_stack_closes(const dh_skim_stack *s, dh_tag tag, dh_slice name) {
    return find_closed(s, tag, name) != NOT_FOUND;
}

bool dh_skim_stack_close(dh_skim_stack *s, dh_tag tag, dh_slice name) {
    int at = find_closed(s, tag, name);
    bool formatting = dh_tag_is(tag, DH_T_FORMATTING);
    if (formatting && (at == NOT_FOUND || s->open.ptr[at].emitted) && s->active > 0) s->active--;
    if (at == NOT_FOUND) return true; /* the tree builder knows what to do with it */
    bool emitted = s->open.ptr[at].emitted;
    if (formatting || tag == DH_TAG_form) take_out(s, at);
    else pop_to(s, at);
    return emitted;
}
