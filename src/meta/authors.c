/* SPDX-License-Identifier: Apache-2.0 */
/* authors: the choice among all candidates. */
#include "meta/state.h"

/* Content systems' account names: "jdoe", "jane.doe", "admin2". */
static bool is_account(dh_slice name) {
    bool lower = true, mark = false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c == ' ' || (unsigned char)c >= 0x80) return false;
        lower = lower && !(c >= 'A' && c <= 'Z');
        mark = mark || c == '.' || c == '_' || dh_is_digit(c);
    }
    return mark || (lower && name.len > 5);
}

/* Bibliographic elements write "Doe, Jane". */
static dh_slice in_order(dh_slice name, dh_slice where, dh_arena *arena) {
    const char *comma = name.len > 0 ? memchr(name.ptr, ',', name.len) : NULL;
    if (comma == NULL || !(dh_slice_has_nocase(where, DH_SLICE("citation")) ||
                           dh_slice_has_nocase(where, DH_SLICE("=dc"))))
        return name;
    dh_slice last = dh_slice_trim(dh_slice_sub(name, 0, (size_t)(comma - name.ptr)));
    dh_slice first = dh_slice_trim(dh_slice_sub(name, (size_t)(comma - name.ptr) + 1, name.len));
    if (first.len == 0 || memchr(first.ptr, ',', first.len) != NULL) return name;
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_put_slice(&out, first);
    dh_buf_putc(&out, ' ');
    dh_buf_put_slice(&out, last);
    return dh_buf_slice(&out);
}

/* "Metro Staff", "Redaktion Metro": the site names its desk on purpose. */
static bool is_desk(dh_slice name) {
    static const dh_slice words[] = {
        DH_SLICE_INIT("redaktion"), DH_SLICE_INIT("rédaction"), DH_SLICE_INIT("redacción"),
        DH_SLICE_INIT("redação"),   DH_SLICE_INIT("redazione"), DH_SLICE_INIT("redactie"),
        DH_SLICE_INIT("redakcja"),  DH_SLICE_INIT("redakce"),   DH_SLICE_INIT("staff"),
        DH_SLICE_INIT("newsroom"),  DH_SLICE_INIT("editors"),   DH_SLICE_INIT("редакция"),
        DH_SLICE_INIT("Редакция"),  DH_SLICE_INIT("编辑部"),    DH_SLICE_INIT("編集部")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (dh_slice_has_nocase(name, words[i])) return true;
    return false;
}

/* The site, "the site, Its Town". */
static bool is_site(dh_meta_state *state, dh_slice name) {
    if (is_desk(name)) return false;
    const char *comma = memchr(name.ptr, ',', name.len);
    return dh_meta_is_site(state, name) ||
           (comma != NULL &&
            dh_meta_is_site(state, dh_slice_sub(name, 0, (size_t)(comma - name.ptr))));
}

static void add_names(dh_meta_state *state, const dh_candidate *c, bool groups, bool second_best,
                      dh_names *names) {
    dh_names some = {NULL, 0, 0};
    dh_names_split(in_order(c->value, c->where, state->arena), c->item, &some, state->arena);
    for (uint32_t k = 0; k < some.len && names->len < DH_META_MANY; k++) {
        bool doubtful = (c->group && !groups && !is_desk(some.ptr[k])) ||
                        is_site(state, some.ptr[k]) || is_account(some.ptr[k]);
        bool skip = doubtful != second_best;
        for (uint32_t n = 0; n < names->len && !skip; n++)
            skip = dh_slice_eq_nocase(names->ptr[n], some.ptr[k]);
        if (!skip) *DH_PUSH(state->arena, *names) = some.ptr[k];
    }
}

/* Names of all candidates of one order; *from is the first that gave one. */
static void take(dh_meta_state *state, uint32_t order, bool second_best, dh_names *names,
                 const dh_candidate **from) {
    const dh_candidates *list = &state->fields[DH_FIELD_author];
    uint32_t givers = 0, people = 0;
    names->len = 0;
    for (uint32_t i = 0; i < list->len; i++)
        people += dh_candidate_order(&list->ptr[i]) == order && !list->ptr[i].group;
    for (uint32_t i = 0; i < list->len; i++) {
        if (dh_candidate_order(&list->ptr[i]) != order) continue;
        uint32_t before = names->len;
        add_names(state, &list->ptr[i], people > 0, second_best, names);
        givers += names->len > before;
        if (before == 0 && names->len > 0) *from = &list->ptr[i];
    }
    if ((order & 0xFFFF) >= DH_RANK_FAR && givers > 1) names->len = 0; /* whose are they? */
}

/* The names of the most trusted source that has any. The site's own name, an organization's or an
 * account's is an author only where the page says so and nobody else is found. */
void dh_meta_choose_authors(dh_meta_state *state) {
    const dh_candidates *list = &state->fields[DH_FIELD_author];
    dh_names names = {NULL, 0, 0};
    const dh_candidate *from = NULL;
    for (int pass = 0; pass < 2 && names.len == 0; pass++)
        for (uint32_t order = 0; names.len == 0; order++) {
            order = dh_candidates_next(list, order);
            if (order == UINT32_MAX) break;
            take(state, order, pass == 1, &names, &from);
        }
    for (uint32_t i = 0; i < names.len; i++)
        dh_fields_add(state->page->fields, (dh_field){.kind = DH_FIELD_author,
                                                      .source = from->source,
                                                      .value = names.ptr[i],
                                                      .where = from->where,
                                                      .node = from->node});
}
