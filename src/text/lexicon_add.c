/* SPDX-License-Identifier: Apache-2.0 */
/* lexicon_add.c: label files, line by line, into the tables that lexicon.c looks up in. */
#include "text/lexicon_private.h"

enum {
    EXPECTED = 24576, /* phrases: room for the shipped ones, so that nothing is moved */
    SLOTS = 32768,    /* three quarters of them are EXPECTED */
    POOL = 1 << 20    /* bytes: the shipped files and their keys */
};

/* The punctuation that follows `key` in `rest`, which is the same text's untrimmed key. */
static uint32_t tail_of(dh_slice rest, dh_slice key) {
    size_t at = dh_slice_find(rest, key);
    const char *p = rest.ptr + at + key.len, *end = rest.ptr + rest.len;
    uint32_t code = 0;
    if (at == DH_NPOS) return 0;
    while (p < end && *p == ' ') p++;
    if (p < end) dh_utf8_decode(p, end, &code);
    return code;
}

/* Whether a text's untrimmed key can go on behind its trimmed one. */
static bool may_have_tail(dh_slice text) {
    uint32_t code = 0;
    if (text.len > 0) dh_utf8_decode_before(text.ptr, text.ptr + text.len, &code);
    return (dh_code_find(code)->flags & (DH_C_LETTER | DH_C_DIGIT)) == 0;
}

/* A phrase that is listed twice keeps its first line, and both must be sure of it. Prefix phrases that
 * differ in their tail only stand side by side. */
static void claim(dh_lexicon *lexicon, uint32_t *owner, uint32_t index) {
    dh_lexicon_phrase *phrases = lexicon->phrases.ptr;
    while (*owner != 0) {
        dh_lexicon_phrase *other = &phrases[*owner - 1];
        if (other->tail == phrases[index].tail) {
            if (phrases[index].weak) other->weak = 1;
            return;
        }
        owner = &other->next;
    }
    *owner = index + 1;
}

static bool set_up(dh_lexicon *lexicon) {
    dh_arena *arena = lexicon->arena;
    if (lexicon->slots != NULL) return true;
    lexicon->slot_count = SLOTS;
    lexicon->slots = dh_arena_zalloc(arena, SLOTS, sizeof *lexicon->slots);
    lexicon->phrases.ptr = dh_arena_alloc(arena, EXPECTED * sizeof *lexicon->phrases.ptr);
    lexicon->phrases.cap = EXPECTED;
    lexicon->keys = dh_arena_zalloc(arena, DH_LEXICON_SIEVE / 64, sizeof *lexicon->keys);
    lexicon->prefixes = dh_arena_zalloc(arena, DH_LEXICON_SIEVE / 64, sizeof *lexicon->prefixes);
    dh_buf_init(&lexicon->pool, arena, UINT32_MAX / 2);
    return dh_buf_reserve(&lexicon->pool, POOL);
}

/* Shows to look-ups what was added; arrays may have moved. */
static void show(dh_lexicon *lexicon) {
    dh_lexicon_table *t = &lexicon->table;
    t->slots = lexicon->slots;
    t->slot_count = lexicon->slot_count;
    t->phrases = lexicon->phrases.ptr;
    t->phrase_count = lexicon->phrases.len;
    t->pool = lexicon->pool.ptr;
    t->pool_len = (uint32_t)lexicon->pool.len;
    t->keys = lexicon->keys;
    t->prefixes = lexicon->prefixes;
}

static void sift(uint64_t *sieve, uint32_t hash) {
    sieve[hash % DH_LEXICON_SIEVE / 64] |= UINT64_C(1) << hash % 64;
}

/* The same to be written. */
static dh_lexicon_slot *place(dh_lexicon *lexicon, dh_slice key, uint32_t hash) {
    return &lexicon->slots[dh_lexicon_place(lexicon->slots, lexicon->slot_count, lexicon->pool.ptr,
                                            key, hash) -
                           lexicon->slots];
}

static void grow(dh_lexicon *lexicon) {
    const dh_lexicon_slot *old = lexicon->slots;
    uint32_t count = lexicon->slot_count;
    lexicon->slot_count = count * 2;
    lexicon->slots = dh_arena_zalloc(lexicon->arena, lexicon->slot_count, sizeof *lexicon->slots);
    for (uint32_t i = 0; i < count; i++) {
        if (old[i].len == 0) continue;
        *place(lexicon, (dh_slice){lexicon->pool.ptr + old[i].key, old[i].len}, old[i].hash) =
            old[i];
    }
}

/* at: where the key stands in the pool, UINT32_MAX when it does not yet. */
static dh_lexicon_slot *slot_for(dh_lexicon *lexicon, dh_slice key, uint32_t hash, uint32_t at) {
    if (lexicon->used >= lexicon->slot_count / 4 * 3) grow(lexicon);
    dh_lexicon_slot *s = place(lexicon, key, hash);
    if (s->len > 0) return s;
    s->key = at != UINT32_MAX ? at : (uint32_t)lexicon->pool.len;
    s->len = (uint32_t)key.len;
    s->hash = hash;
    lexicon->used++;
    if (at == UINT32_MAX) dh_buf_put_slice(&lexicon->pool, key);
    return s;
}

/* written: as it stands in the file; p: where it stands in the pool, and the rest. */
static bool add_phrase(dh_lexicon *lexicon, dh_slice written, dh_lexicon_phrase p, bool prefix) {
    char room[KEY_ROOM], other[KEY_ROOM];
    dh_buf out, loose;
    dh_slice key = dh_lexicon_key(written, true, room, lexicon->arena, &out);
    if (key.len == 0) return false;
    if (prefix && may_have_tail(written))
        p.tail = tail_of(dh_lexicon_key(written, false, other, lexicon->arena, &loose), key);
    uint32_t hash = dh_lexicon_hash(key), index = lexicon->phrases.len;
    *DH_PUSH(lexicon->arena, lexicon->phrases) = p;
    bool same = dh_slice_starts(written, key); /* scripts without case */
    dh_lexicon_slot *s = slot_for(lexicon, key, hash, same ? p.written : UINT32_MAX);
    claim(lexicon, prefix ? &s->prefix : &s->exact, index);
    sift(lexicon->keys, hash);
    if (prefix) sift(lexicon->prefixes, hash);
    uint32_t *longest = prefix ? &lexicon->table.max_prefix : &lexicon->table.max_exact;
    if (key.len > *longest) *longest = (uint32_t)key.len;
    return true;
}

/* What stands before the phrase. Most lines begin as the one before them does. */
typedef struct line_head {
    dh_slice text; /* the last tab included; NULL: none yet */
    dh_label label;
    bool prefix;
} line_head;

typedef struct line {
    const char *file;
    const char *begin;
    uint32_t number;
    const char *text; /* the file, and where it stands in the pool */
    uint32_t pool_begin;
    line_head head; /* of the last line that was right */
    dh_error *error;
} line;

static dh_status bad(const line *l, const char *at, const char *what, dh_slice word) {
    return dh_error_at(l->error, DH_ERR_RULE, "lexicon", l->file, l->number,
                       (uint32_t)(at - l->begin) + 1, "%s%s%.*s%s", what, word.len > 0 ? " \"" : "",
                       (int)word.len, word.ptr != NULL ? word.ptr : "", word.len > 0 ? "\"" : "");
}

static dh_status bad_fields(const line *l, dh_slice text) {
    return bad(l, text.ptr + text.len,
               "wants class, language, match, phrase and flags, with tabs between",
               (dh_slice){NULL, 0});
}

static dh_status read_head(dh_slice text, const line *l, line_head *out) {
    dh_slice rest = text;
    dh_slice class = dh_slice_cut(&rest, '\t'), language = dh_slice_cut(&rest, '\t');
    dh_slice match = dh_slice_cut(&rest, '\t');
    if (rest.ptr == NULL) return bad_fields(l, text);
    out->text = (dh_slice){text.ptr, (size_t)(rest.ptr - text.ptr)};
    out->label = dh_label_of(class);
    if (out->label == DH_LABEL_NONE) return bad(l, class.ptr, "unknown class", class);
    if (language.len == 0) return bad(l, language.ptr, "no language", language);
    out->prefix = dh_slice_eq(match, DH_SLICE("prefix"));
    if (!out->prefix && !dh_slice_eq(match, DH_SLICE("exact")))
        return bad(l, match.ptr, "match is \"exact\" or \"prefix\", not", match);
    return DH_OK;
}

static dh_status add_line(dh_lexicon *lexicon, dh_slice text, line *l) {
    if (l->head.text.ptr == NULL || !dh_slice_starts(text, l->head.text)) {
        line_head other;
        dh_status status = read_head(text, l, &other);
        if (status != DH_OK) return status;
        l->head = other;
    }
    dh_slice rest = dh_slice_sub(text, l->head.text.len, text.len);
    dh_slice written = dh_slice_cut(&rest, '\t'), flags = dh_slice_cut(&rest, '\t');
    if (rest.ptr != NULL) return bad_fields(l, text);
    bool weak = dh_slice_eq(flags, DH_SLICE("weak"));
    if (flags.len > 0 && !weak) return bad(l, flags.ptr, "unknown flag", flags);
    if (dh_utf8_valid_prefix(written) != written.len)
        return bad(l, written.ptr, "not valid UTF-8", (dh_slice){NULL, 0});
    if (written.len > WHOLE_BYTES)
        return bad(l, written.ptr, "phrase too long", (dh_slice){NULL, 0});
    dh_lexicon_phrase p = {.written = l->pool_begin + (uint32_t)(written.ptr - l->text),
                           .len = (uint16_t)written.len,
                           .label = (uint8_t)l->head.label,
                           .weak = weak};
    return add_phrase(lexicon, written, p, l->head.prefix)
               ? DH_OK
               : bad(l, written.ptr, "nothing but punctuation in the phrase", written);
}

static dh_status add_lines(dh_lexicon *lexicon, dh_slice file, line *l) {
    if (dh_slice_starts(file, DH_SLICE("\xEF\xBB\xBF"))) file = dh_slice_sub(file, 3, file.len);
    while (file.ptr != NULL) {
        dh_slice text = dh_slice_cut(&file, '\n');
        l->number++;
        l->begin = text.ptr;
        if (text.len > 0 && text.ptr[text.len - 1] == '\r') text.len--;
        if (dh_slice_trim(text).len == 0 || text.ptr[0] == '#') continue;
        dh_status status = add_line(lexicon, text, l);
        if (status != DH_OK) return status;
    }
    return DH_OK;
}

dh_status dh_lexicon_add(dh_lexicon *lexicon, dh_slice file, const char *name, dh_error *error) {
    line l = {.file = name, .text = file.ptr, .error = error};
    if (!set_up(lexicon)) return dh_error_set(error, DH_ERR_MEMORY, "lexicon", 0, "out of memory");
    l.pool_begin = (uint32_t)lexicon->pool.len;
    dh_buf_put_slice(&lexicon->pool, file);
    dh_status status = add_lines(lexicon, file, &l);
    if (lexicon->pool.failed)
        status = dh_error_set(error, DH_ERR_LIMIT, "lexicon", 0, "too many labels");
    show(lexicon);
    return status;
}
