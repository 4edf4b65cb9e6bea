/* SPDX-License-Identifier: Apache-2.0 */
/* lexicon: a hash table of matching keys. The longest prefix is found by hashing the block's key once,
 * byte by byte, and looking up at each end of a word. */
#include "text/lexicon_private.h"

enum {
    LONG_BYTES = 800, /* 200 code points of any script but the rarest */
    SHORT_CHARS = 120,
    LONG_CHARS = 200
};

dh_lexicon *dh_lexicon_new(dh_arena *arena) {
    dh_lexicon *lexicon = dh_arena_zalloc(arena, 1, sizeof *lexicon);
    lexicon->arena = arena;
    return lexicon;
}

void dh_lexicon_use(dh_lexicon *lexicon, const dh_lexicon_table *table) {
    lexicon->table = *table;
}

const dh_lexicon_table *dh_lexicon_table_of(const dh_lexicon *lexicon) {
    return &lexicon->table;
}

uint32_t dh_lexicon_size(const dh_lexicon *lexicon) {
    return lexicon->table.phrase_count;
}

static bool may_have(const uint64_t *sieve, uint32_t hash) {
    return (sieve[hash % DH_LEXICON_SIEVE / 64] >> hash % 64 & 1) != 0;
}

static dh_label_hit hit_of(const dh_lexicon *lexicon, uint32_t owner, dh_label_match match) {
    const dh_lexicon_phrase *p = &lexicon->table.phrases[owner - 1];
    dh_label label = (dh_label)p->label;
    return (dh_label_hit){.label = label,
                          .match = match,
                          .phrase = {lexicon->table.pool + p->written, p->len},
                          .certain = dh_label_alone(label) && !p->weak};
}

static bool is_word(uint32_t code) {
    return (dh_code_find(code)->flags & (DH_C_LETTER | DH_C_MARK | DH_C_DIGIT)) != 0;
}
static bool is_digit(uint32_t code) {
    return code >= '0' && code <= '9'; /* all there is in a key */
}
static bool is_unspaced(uint32_t code) {
    return (dh_code_find(code)->flags & DH_C_UNSPACED) != 0;
}

/* Whether what the phrase ends with stands at p too. */
static bool has_tail(uint32_t tail, const char *p, const char *end) {
    uint32_t code = 0;
    if (tail == 0) return true;
    while (p < end && *p == ' ') p++;
    if (p < end) dh_utf8_decode(p, end, &code);
    return code == tail;
}

/* Whether a block that is just a prefix phrase has its punctuation too ("Related:", not "Related"). */
static bool ends_with(dh_slice text, uint32_t tail) {
    uint32_t code = 0;
    text = dh_slice_trim(text);
    if (tail == 0) return true;
    if (text.len > 0) dh_utf8_decode_before(text.ptr, text.ptr + text.len, &code);
    return code == tail || (tail == ':' && code == 0xFF1A);
}

/* The phrase of the longest prefix of key, + 1, or 0. */
static uint32_t longest_prefix(const dh_lexicon *lexicon, dh_slice key, uint32_t chars) {
    const dh_lexicon_table *t = &lexicon->table;
    const char *p = key.ptr, *end = key.ptr + key.len;
    uint64_t h = dh_lexicon_hash_start();
    uint32_t found = 0, code, next = 0;
    size_t n = key.len > 0 ? dh_code_read(p, end, &code) : 0;
    while (p < end && (size_t)(p - key.ptr) + n <= t->max_prefix) {
        for (size_t i = 0; i < n; i++) h = dh_lexicon_hash_add(h, p[i]);
        p += n;
        n = p < end ? dh_code_read(p, end, &next) : 0;
        bool inside = n > 0 && is_word(next) && is_word(code) && !is_unspaced(code) &&
                      !is_unspaced(next) && !(is_digit(code) && is_digit(next));
        code = next;
        if (inside) continue;
        uint32_t hash = dh_lexicon_hash_end(h);
        if (!may_have(t->prefixes, hash)) continue;
        dh_slice head = {key.ptr, (size_t)(p - key.ptr)};
        const dh_lexicon_slot *s = dh_lexicon_place(t->slots, t->slot_count, t->pool, head, hash);
        if (s->len == 0 || s->prefix == 0) continue;
        for (uint32_t i = s->prefix; i != 0; i = t->phrases[i - 1].next) {
            uint32_t tail = t->phrases[i - 1].tail;
            if (chars > (tail == ':' ? LONG_CHARS : SHORT_CHARS)) continue;
            if (!has_tail(tail, p, end)) continue;
            found = i;
            if (tail != 0) break; /* says more than none */
        }
    }
    return found;
}

/* The key without a count: "comments (12)", "12 comments". */
static dh_slice without_count(dh_slice key) {
    size_t begin = 0, end = key.len;
    while (end > 0 && is_digit((unsigned char)key.ptr[end - 1])) end--;
    if (end < key.len)
        while (end > 0 && (key.ptr[end - 1] == '(' || key.ptr[end - 1] == ' ')) end--;
    if (end == key.len) {
        while (begin < end && is_digit((unsigned char)key.ptr[begin])) begin++;
        size_t digits = begin;
        while (begin < end && key.ptr[begin] == ' ') begin++;
        if (begin == digits) begin = 0;
    }
    return dh_slice_sub(key, begin, end);
}

/* The slot of a key, or NULL. */
static const dh_lexicon_slot *find_key(const dh_lexicon_table *t, dh_slice key) {
    uint32_t hash = dh_lexicon_hash(key);
    if (!may_have(t->keys, hash)) return NULL;
    const dh_lexicon_slot *s = dh_lexicon_place(t->slots, t->slot_count, t->pool, key, hash);
    return s->len > 0 ? s : NULL;
}

static dh_label_hit whole_block(const dh_lexicon *lexicon, dh_slice key, dh_slice text) {
    const dh_lexicon_table *t = &lexicon->table;
    const dh_lexicon_slot *s = find_key(t, key);
    dh_label_hit hit = {.label = DH_LABEL_NONE};
    if (s != NULL) {
        uint32_t owner = s->exact, i = s->prefix;
        if (owner == 0) { /* the prefix phrase whose tail the text has, or else any */
            while (i != 0 && !ends_with(text, t->phrases[i - 1].tail))
                i = t->phrases[i - 1].next;
            owner = i != 0 ? i : s->prefix;
        }
        hit = hit_of(lexicon, owner, DH_MATCH_EXACT);
        if (s->exact == 0 && i == 0) hit.certain = false;
        return hit;
    }
    dh_slice bare = without_count(key);
    if (bare.len == key.len || bare.len == 0) return hit;
    s = find_key(t, bare);
    if (s == NULL || s->exact == 0) return hit;
    hit = hit_of(lexicon, s->exact, DH_MATCH_EXACT);
    bool counted = hit.label == DH_LABEL_comments || hit.label == DH_LABEL_share;
    return counted ? hit : (dh_label_hit){.label = DH_LABEL_NONE};
}

dh_label_hit dh_lexicon_find(const dh_lexicon *lexicon, dh_slice text, dh_arena *scratch) {
    char room[KEY_ROOM];
    dh_buf out;
    dh_label_hit none = {DH_LABEL_NONE, DH_MATCH_NONE, {NULL, 0}, false};
    if (lexicon->table.phrase_count == 0 || text.len == 0 || text.len > LONG_BYTES) return none;
    uint32_t chars = (uint32_t)dh_utf8_count(text);
    if (chars > LONG_CHARS) return none;
    dh_slice head = text;
    if (text.len > WHOLE_BYTES) { /* only an inline "Read more: ..." is looked for */
        head.len = WHOLE_BYTES / 2;
        while (head.len > 0 && ((unsigned char)text.ptr[head.len] & 0xC0) == 0x80) head.len--;
    }
    dh_slice key = dh_lexicon_key(head, true, room, scratch, &out);
    if (head.len == text.len && key.len > 0 &&
        (key.len <= lexicon->table.max_exact + 12 || key.len <= lexicon->table.max_prefix)) {
        dh_label_hit hit = whole_block(lexicon, key, text);
        if (hit.label != DH_LABEL_NONE) return hit;
    }
    uint32_t owner = longest_prefix(lexicon, key, chars);
    return owner != 0 ? hit_of(lexicon, owner, DH_MATCH_PREFIX) : none;
}
