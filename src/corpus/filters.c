/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/filters.h"

#include <stdlib.h>

#include "archive/digest.h"
#include "base/io.h"
#include "corpus/filters_private.h"

enum {
    C4 = DH_PROFILE_C4,
    GOPHER = DH_PROFILE_GOPHER,
    FINEWEB = DH_PROFILE_FINEWEB,
    FINEWEB2 = DH_PROFILE_FINEWEB2
};
enum { MAX_FILE = 1 << 20 };
typedef enum sense { MAX, MIN } sense;

static const struct {
    const char *name;
    int profiles;
    sense sense;
    double threshold;
} rows[DH_FILTER_COUNT] = {
#define DH_FILTER(name, profiles, sense, threshold, key, help) {#name, profiles, sense, threshold},
#include "corpus/filters.def"
#undef DH_FILTER
};

struct dh_filters {
    dh_arena arena;
    int profile;
    dh_thresholds english, other; /* of languages without a file */
    dh_map names;                 /* "arb_Arab" to its place in tables */
    DH_VEC(dh_thresholds *) tables;
    char digest[DH_DIGEST_SIZE];
};

static bool find_profile(const char *name, int *profile) {
    static const struct {
        const char *name;
        int bit;
    } profiles[] = {
        {"none", 0}, {"c4", C4}, {"gopher", GOPHER}, {"fineweb", FINEWEB}, {"fineweb2", FINEWEB2}};
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        if (strcmp(profiles[i].name, name) != 0) continue;
        *profile = profiles[i].bit;
        return true;
    }
    return false;
}

static void set_defaults(dh_filters *f) {
    static const char *const words[] = {"the", "be", "to", "of", "and", "that", "have", "with"};
    for (int i = 0; i < DH_FILTER_COUNT; i++) f->english.values[i] = rows[i].threshold;
    f->other = f->english;
    f->english.own = true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        *DH_PUSH(&f->arena, f->english.stop_words) = dh_slice_cstr(words[i]);
}

static dh_status read_file(dh_filters *f, const dh_io_entry *entry, dh_buf *all, dh_error *error) {
    dh_slice name = dh_slice_cstr(entry->relative);
    if (!dh_slice_ends(name, DH_SLICE(".yml"))) return DH_OK;
    dh_buf text;
    dh_buf_init(&text, &f->arena, 0);
    dh_status status = dh_io_read(entry->path, MAX_FILE, &text, NULL, error);
    if (status != DH_OK) return status;
    dh_thresholds *table = dh_arena_alloc(&f->arena, sizeof *table);
    *table = f->other;
    table->own = true;
    status = dh_thresholds_read(table, dh_buf_slice(&text), entry->path, &f->arena, error);
    if (status != DH_OK) return status;
    *dh_map_put(&f->names, dh_slice_sub(name, 0, name.len - 4), NULL) = f->tables.len;
    *DH_PUSH(&f->arena, f->tables) = table;
    dh_buf_puts(all, entry->relative);
    dh_buf_printf(all, "\n%zu\n", text.len);
    dh_buf_put_slice(all, dh_buf_slice(&text));
    return DH_OK;
}

static dh_status read_folder(dh_filters *f, const char *folder, dh_error *error) {
    dh_io_entries entries = {0};
    dh_buf all;
    dh_buf_init(&all, &f->arena, 0);
    dh_status status = dh_io_walk(folder, &f->arena, &entries, NULL, NULL, error);
    for (uint32_t i = 0; i < entries.len && status == DH_OK; i++)
        status = read_file(f, &entries.ptr[i], &all, error);
    if (status == DH_OK && f->tables.len == 0)
        return dh_error_set(error, DH_ERR_USAGE, "filters", 0,
                            "%.200s has no files of thresholds (arb_Arab.yml)", folder);
    dh_slice bytes = dh_buf_slice(&all);
    if (!dh_digest_sha256(&bytes, 1, f->digest)) dh_arena_fail(&f->arena, DH_ERR_MEMORY);
    return status;
}

/* An own frame for setjmp. */
static dh_status fill(dh_filters *f, const char *folder, dh_error *error) {
    jmp_buf guard;
    if (dh_arena_guard(&f->arena, &guard))
        return dh_error_set(error, DH_ERR_MEMORY, "filters", 0, "out of memory");
    dh_map_init(&f->names, &f->arena, 0);
    set_defaults(f);
    dh_status status = folder != NULL ? read_folder(f, folder, error) : DH_OK;
    f->arena.guard = NULL;
    return status;
}

dh_status dh_filters_new(const char *profile, const char *folder, dh_filters **out,
                         dh_error *error) {
    int bits = 0;
    *out = NULL;
    if (profile != NULL && !find_profile(profile, &bits))
        return dh_error_set(error, DH_ERR_USAGE, "filters", 0, "there is no profile %.60s",
                            profile);
    if (bits == FINEWEB2 && folder == NULL)
        return dh_error_set(
            error, DH_ERR_USAGE, "filters", 0,
            "the profile fineweb2 needs --thresholds DIR, the files of its languages");
    dh_filters *f = calloc(1, sizeof *f);
    if (f == NULL) return dh_error_set(error, DH_ERR_MEMORY, "filters", 0, "out of memory");
    dh_arena_init(&f->arena, 0);
    f->profile = bits;
    dh_status status = fill(f, folder, error);
    if (status == DH_OK) *out = f;
    else dh_filters_free(f);
    return status;
}

void dh_filters_free(dh_filters *filters) {
    if (filters == NULL) return;
    dh_arena_release(&filters->arena);
    free(filters);
}

bool dh_filters_any(const dh_filters *filters) {
    return filters->profile != 0;
}

const char *dh_filters_digest(const dh_filters *filters) {
    return filters->digest;
}

/* ---- a text ---- */

static dh_filter_text look(dh_slice text, const dh_text_facts *facts, dh_word_cutter *cutter,
                           dh_arena *arena) {
    dh_filter_text t = {.text = text, .facts = facts, .arena = arena};
    dh_words_cut(cutter, text, arena, &t.words);
    t.lengths = dh_arena_zalloc(arena, t.words.len, sizeof *t.lengths);
    t.hashes = dh_arena_zalloc(arena, t.words.len, sizeof *t.hashes);
    for (uint32_t i = 0; i < t.words.len; i++) {
        t.lengths[i] = dh_filter_chars(t.words.ptr[i]);
        t.hashes[i] = dh_hash(t.words.ptr[i]);
    }
    for (dh_slice rest = text; rest.ptr != NULL;) {
        dh_slice line = dh_slice_trim(dh_slice_cut(&rest, '\n'));
        if (line.len > 0) *DH_PUSH(arena, t.lines) = line;
    }
    for (dh_slice rest = text; rest.len > 0;) {
        size_t at = dh_slice_find(rest, DH_SLICE("\n\n"));
        size_t end = at == DH_NPOS ? rest.len : at;
        if (end > 0) *DH_PUSH(arena, t.paragraphs) = dh_slice_sub(rest, 0, end);
        rest = dh_slice_sub(rest, end + 2, rest.len);
        while (rest.len > 0 && rest.ptr[0] == '\n') rest = dh_slice_sub(rest, 1, rest.len);
    }
    return t;
}

void dh_filters_measure(dh_slice text, const dh_text_facts *facts, int profile,
                        const dh_words *stop_words, dh_word_cutter *cutter, dh_arena *arena,
                        double values[DH_FILTER_COUNT]) {
    dh_filter_text t = look(text, facts, cutter, arena);
    t.after_c4 = profile == FINEWEB;
    dh_filter_repetition(&t, values);
    dh_filter_words(&t, stop_words, values);
    dh_filter_lines(&t, values);
}

static const dh_thresholds *thresholds_for(const dh_filters *f, const dh_language *language) {
    char name[32];
    size_t n = strlen(language->iso);
    if (n + 6 > sizeof name) return &f->other;
    memcpy(name, language->iso, n);
    name[n] = '_';
    memcpy(name + n + 1, language->script,
           strlen(language->script) < 5 ? strlen(language->script) + 1 : 5);
    const uint32_t *at = dh_map_get(&f->names, dh_slice_cstr(name));
    if (at != NULL) return f->tables.ptr[*at];
    return strcmp(language->iso, "eng") == 0 ? &f->english : &f->other;
}

/* What is known only of English. */
static bool knows_language(int filter) {
    return filter == DH_FILTER_gopher_short_words || filter == DH_FILTER_gopher_long_words ||
           filter == DH_FILTER_gopher_stop_words;
}

dh_filter_verdict dh_filters_judge(const dh_filters *f, dh_slice text, const dh_text_facts *facts,
                                   const dh_language *language, dh_word_cutter *cutter,
                                   dh_arena *arena) {
    dh_filter_values values = {0};
    const dh_thresholds *limits = thresholds_for(f, language);
    dh_filters_measure(text, facts, f->profile, &limits->stop_words, cutter, arena, values);
    for (int i = 0; i < DH_FILTER_COUNT; i++) {
        if ((rows[i].profiles & f->profile) == 0 || (knows_language(i) && !limits->own)) continue;
        bool bad =
            rows[i].sense == MAX ? values[i] > limits->values[i] : values[i] < limits->values[i];
        if (bad) return (dh_filter_verdict){rows[i].name, values[i], limits->values[i]};
    }
    return (dh_filter_verdict){0};
}
