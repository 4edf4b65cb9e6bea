/* SPDX-License-Identifier: Apache-2.0 */
/* lexicon: a hash table of matching keys. One slot serves a key as a whole block and as a prefix; the
 * longest prefix is found by hashing the block's key once, byte by byte, and looking up at each end of
 * a word. */
#include "text/lexicon.h"

#include "text/codes.h"
#include "text/key.h"

enum {
    SIEVE = 65536,     /* bits */
    WHOLE_BYTES = 400, /* longer blocks are not folded whole */
    LONG_BYTES = 800,  /* 200 code points of any script but the rarest */
    SHORT_CHARS = 120,
    LONG_CHARS = 200,
    KEY_ROOM = 1024,  /* on the stack; a longer key goes to the arena */
    EXPECTED = 12288, /* phrases: room for the shipped ones, so that nothing is moved */
    SLOTS = 16384,    /* three quarters of them are EXPECTED */
    KEY_BLOCK = 65536 /* bytes of keys that are taken at a time */
};

/* Small, as each page of memory that is touched costs as much as some thousand instructions. */
typedef struct phrase {
    const char *written;
    uint32_t tail; /* code point that must follow a prefix, 0 for none */
    uint32_t next; /* prefix phrase of the same key with another tail, + 1; 0 for none */
    uint16_t len;  /* of written: at most WHOLE_BYTES */
    uint8_t label;
    bool weak;
} phrase;

static dh_slice written_of(const phrase *p) {
    return (dh_slice){p->written, p->len};
}

typedef struct slot {
    const char *key; /* NULL: free */
    uint32_t len;
    uint32_t hash;
    uint32_t exact, prefix; /* index of a phrase + 1; 0: none */
} slot;

struct dh_lexicon {
    dh_arena *arena;
    DH_VEC(phrase) phrases;
    slot *slots;
    uint32_t used, cap;           /* cap is a power of two */
    char *keys_at, *keys_end;     /* room for the next keys */
    size_t max_exact, max_prefix; /* bytes of the longest keys */
    /* Bits by hash: which keys (all, those of prefix phrases) there may be. Small enough for the first
     * cache, where the slots are not. */
    uint64_t keys[SIEVE / 64], prefixes[SIEVE / 64];
};

static uint64_t hash_start(void) {
    return UINT64_C(0xcbf29ce484222325);
}
static uint64_t hash_add(uint64_t h, char c) {
    return (h ^ (unsigned char)c) * UINT64_C(0x100000001b3);
}
static uint32_t hash_end(uint64_t h) {
    h ^= h >> 32;
    h *= UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(h >> 32);
}

static uint32_t hash_of(dh_slice key) {
    uint64_t h = hash_start();
    for (size_t i = 0; i < key.len; i++) h = hash_add(h, key.ptr[i]);
    return hash_end(h);
}

static void sift(uint64_t *sieve, uint32_t hash) {
    sieve[hash % SIEVE / 64] |= UINT64_C(1) << hash % 64;
}
static bool may_have(const uint64_t *sieve, uint32_t hash) {
    return (sieve[hash % SIEVE / 64] >> hash % 64 & 1) != 0;
}

static slot *place(slot *slots, uint32_t cap, dh_slice key, uint32_t hash) {
    for (uint32_t i = hash & (cap - 1);; i = (i + 1) & (cap - 1)) {
        slot *s = &slots[i];
        if (s->key == NULL ||
            (s->hash == hash && s->len == key.len && memcmp(s->key, key.ptr, key.len) == 0))
            return s;
    }
}

static void grow(dh_lexicon *lexicon) {
    uint32_t cap = lexicon->cap * 2;
    slot *slots = dh_arena_zalloc(lexicon->arena, cap, sizeof *slots);
    for (uint32_t i = 0; i < lexicon->cap; i++) {
        const slot *old = &lexicon->slots[i];
        if (old->key != NULL) *place(slots, cap, (dh_slice){old->key, old->len}, old->hash) = *old;
    }
    lexicon->slots = slots;
    lexicon->cap = cap;
}

dh_lexicon *dh_lexicon_new(dh_arena *arena) {
    dh_lexicon *lexicon = dh_arena_zalloc(arena, 1, sizeof *lexicon);
    lexicon->arena = arena;
    lexicon->cap = SLOTS;
    lexicon->slots = dh_arena_zalloc(arena, lexicon->cap, sizeof *lexicon->slots);
    lexicon->phrases.ptr = dh_arena_alloc(arena, EXPECTED * sizeof *lexicon->phrases.ptr);
    lexicon->phrases.cap = EXPECTED;
    return lexicon;
}

uint32_t dh_lexicon_size(const dh_lexicon *lexicon) {
    return lexicon->phrases.len;
}

/* The key of text in *out, whose first KEY_ROOM bytes are the caller's. */
static dh_slice key_of(dh_slice text, bool trim, char *room, dh_arena *arena, dh_buf *out) {
    dh_buf_init(out, arena, 0);
    out->ptr = room;
    out->cap = KEY_ROOM;
    dh_key_write(text, trim, out, NULL);
    return dh_buf_slice(out);
}

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
    phrase *phrases = lexicon->phrases.ptr;
    while (*owner != 0) {
        phrase *other = &phrases[*owner - 1];
        if (other->tail == phrases[index].tail) {
            if (phrases[index].weak) other->weak = true;
            return;
        }
        owner = &other->next;
    }
    *owner = index + 1;
}

/* Room for one key; it stays there when the key is new. */
static char *key_room(dh_lexicon *lexicon) {
    if (lexicon->keys_end - lexicon->keys_at < KEY_ROOM) {
        lexicon->keys_at = dh_arena_alloc(lexicon->arena, KEY_BLOCK);
        lexicon->keys_end = lexicon->keys_at + KEY_BLOCK;
    }
    return lexicon->keys_at;
}

static slot *slot_for(dh_lexicon *lexicon, dh_slice key, uint32_t hash) {
    if (lexicon->used >= lexicon->cap / 4 * 3) grow(lexicon);
    slot *s = place(lexicon->slots, lexicon->cap, key, hash);
    if (s->key != NULL) return s;
    s->key = key.ptr;
    s->len = (uint32_t)key.len;
    s->hash = hash;
    lexicon->used++;
    if (key.ptr == lexicon->keys_at) lexicon->keys_at += key.len; /* else: in the file or arena */
    return s;
}

static bool add_phrase(dh_lexicon *lexicon, phrase p, bool prefix) {
    char other[KEY_ROOM];
    dh_buf out, loose;
    dh_slice written = written_of(&p);
    dh_slice key = key_of(written, true, key_room(lexicon), lexicon->arena, &out);
    if (key.len == 0) return false;
    if (dh_slice_starts(written, key)) key.ptr = written.ptr; /* scripts without case */
    if (prefix && may_have_tail(written))
        p.tail = tail_of(key_of(written, false, other, lexicon->arena, &loose), key);
    uint32_t hash = hash_of(key), index = lexicon->phrases.len;
    *DH_PUSH(lexicon->arena, lexicon->phrases) = p;
    slot *s = slot_for(lexicon, key, hash);
    claim(lexicon, prefix ? &s->prefix : &s->exact, index);
    sift(lexicon->keys, hash);
    if (prefix) sift(lexicon->prefixes, hash);
    size_t *longest = prefix ? &lexicon->max_prefix : &lexicon->max_exact;
    if (key.len > *longest) *longest = key.len;
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
    phrase p = {.written = written.ptr,
                .len = (uint16_t)written.len,
                .label = (uint8_t)l->head.label,
                .weak = weak};
    return add_phrase(lexicon, p, l->head.prefix)
               ? DH_OK
               : bad(l, written.ptr, "nothing but punctuation in the phrase", written);
}

dh_status dh_lexicon_add(dh_lexicon *lexicon, dh_slice file, const char *name, dh_error *error) {
    line l = {.file = name, .number = 0, .error = error};
    if (dh_slice_starts(file, DH_SLICE("\xEF\xBB\xBF"))) file = dh_slice_sub(file, 3, file.len);
    while (file.ptr != NULL) {
        dh_slice text = dh_slice_cut(&file, '\n');
        l.number++;
        l.begin = text.ptr;
        if (text.len > 0 && text.ptr[text.len - 1] == '\r') text.len--;
        if (dh_slice_trim(text).len == 0 || text.ptr[0] == '#') continue;
        dh_status status = add_line(lexicon, text, &l);
        if (status != DH_OK) return status;
    }
    return DH_OK;
}

static dh_label_hit hit_of(const dh_lexicon *lexicon, uint32_t owner, dh_label_match match) {
    const phrase *p = &lexicon->phrases.ptr[owner - 1];
    dh_label label = (dh_label)p->label;
    return (dh_label_hit){.label = label,
                          .match = match,
                          .phrase = written_of(p),
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
    const char *p = key.ptr, *end = key.ptr + key.len;
    uint64_t h = hash_start();
    uint32_t found = 0, code, next = 0;
    size_t n = key.len > 0 ? dh_code_read(p, end, &code) : 0;
    while (p < end && (size_t)(p - key.ptr) + n <= lexicon->max_prefix) {
        for (size_t i = 0; i < n; i++) h = hash_add(h, p[i]);
        p += n;
        n = p < end ? dh_code_read(p, end, &next) : 0;
        bool inside = n > 0 && is_word(next) && is_word(code) && !is_unspaced(code) &&
                      !is_unspaced(next) && !(is_digit(code) && is_digit(next));
        code = next;
        if (inside) continue;
        uint32_t hash = hash_end(h);
        if (!may_have(lexicon->prefixes, hash)) continue;
        dh_slice head = {key.ptr, (size_t)(p - key.ptr)};
        const slot *s = place(lexicon->slots, lexicon->cap, head, hash);
        if (s->key == NULL || s->prefix == 0) continue;
        for (uint32_t i = s->prefix; i != 0; i = lexicon->phrases.ptr[i - 1].next) {
            uint32_t tail = lexicon->phrases.ptr[i - 1].tail;
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
static const slot *find_key(const dh_lexicon *lexicon, dh_slice key) {
    uint32_t hash = hash_of(key);
    if (!may_have(lexicon->keys, hash)) return NULL;
    const slot *s = place(lexicon->slots, lexicon->cap, key, hash);
    return s->key != NULL ? s : NULL;
}

static dh_label_hit whole_block(const dh_lexicon *lexicon, dh_slice key, dh_slice text) {
    const slot *s = find_key(lexicon, key);
    dh_label_hit hit = {.label = DH_LABEL_NONE};
    if (s != NULL) {
        uint32_t owner = s->exact, i = s->prefix;
        if (owner == 0) { /* the prefix phrase whose tail the text has, or else any */
            while (i != 0 && !ends_with(text, lexicon->phrases.ptr[i - 1].tail))
                i = lexicon->phrases.ptr[i - 1].next;
            owner = i != 0 ? i : s->prefix;
        }
        hit = hit_of(lexicon, owner, DH_MATCH_EXACT);
        if (s->exact == 0 && i == 0) hit.certain = false;
        return hit;
    }
    dh_slice bare = without_count(key);
    if (bare.len == key.len || bare.len == 0) return hit;
    s = find_key(lexicon, bare);
    if (s == NULL || s->exact == 0) return hit;
    hit = hit_of(lexicon, s->exact, DH_MATCH_EXACT);
    bool counted = hit.label == DH_LABEL_comments || hit.label == DH_LABEL_share;
    return counted ? hit : (dh_label_hit){.label = DH_LABEL_NONE};
}

dh_label_hit dh_lexicon_find(const dh_lexicon *lexicon, dh_slice text, dh_arena *scratch) {
    char room[KEY_ROOM];
    dh_buf out;
    dh_label_hit none = {DH_LABEL_NONE, DH_MATCH_NONE, {NULL, 0}, false};
    if (text.len == 0 || text.len > LONG_BYTES) return none;
    uint32_t chars = (uint32_t)dh_utf8_count(text);
    if (chars > LONG_CHARS) return none;
    dh_slice head = text;
    if (text.len > WHOLE_BYTES) { /* only an inline "Read more: ..." is looked for */
        head.len = WHOLE_BYTES / 2;
        while (head.len > 0 && ((unsigned char)text.ptr[head.len] & 0xC0) == 0x80) head.len--;
    }
    dh_slice key = key_of(head, true, room, scratch, &out);
    if (head.len == text.len && key.len > 0 &&
        (key.len <= lexicon->max_exact + 12 || key.len <= lexicon->max_prefix)) {
        dh_label_hit hit = whole_block(lexicon, key, text);
        if (hit.label != DH_LABEL_NONE) return hit;
    }
    uint32_t owner = longest_prefix(lexicon, key, chars);
    return owner != 0 ? hit_of(lexicon, owner, DH_MATCH_PREFIX) : none;
}
