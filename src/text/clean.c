/* SPDX-License-Identifier: Apache-2.0 */
/* clean: the text rules (see text/clean.h). A scan finds out whether there is anything to do; only
 * then is the text rewritten, code point by code point, with the spaces and joiners held back until
 * it is known what follows them. */
#include "text/clean.h"

#include "base/mojibake.h"
#include "text/codes.h"

typedef struct cleaner {
    dh_buf out;
    dh_clean_space space;
    uint32_t *offsets; /* those from `next` on are still of the text, the ones before of out */
    size_t next, n;
    size_t segment;      /* in out: the last starter */
    size_t segment_next; /* first offset that was set behind it */
    uint32_t last;       /* last code point written, 0 at the start */
    uint32_t last_flags;
    uint32_t lines;  /* line ends due before the next code point */
    uint32_t joiner; /* ZWNJ or ZWJ that waits for a right neighbour, else 0 */
    size_t joiner_at;
    uint8_t last_ccc;
    bool due;   /* a space is due */
    bool dirty; /* the segment may be other than NFC */
} cleaner;

/* Composes the current segment; offsets inside it move to where it begins or ends. */
static void settle(cleaner *c) {
    char composed[DH_CODE_RUN];
    size_t old_end = c->out.len;
    c->dirty = false;
    size_t n = dh_code_compose(c->out.ptr + c->segment, old_end - c->segment, composed);
    if (n == 0) return;
    c->out.len = c->segment;
    dh_buf_put(&c->out, composed, n);
    for (size_t i = c->segment_next; i < c->next; i++)
        if (c->offsets[i] > c->segment)
            c->offsets[i] = (uint32_t)(c->offsets[i] == old_end ? c->out.len : c->segment);
    dh_utf8_decode_before(c->out.ptr, c->out.ptr + c->out.len, &c->last);
    c->last_flags = dh_code_find(c->last)->flags;
    c->last_ccc = dh_code_find(c->last)->ccc;
}

/* Sets the offsets up to byte `at` of the text to the end of what is written. */
static void set_offsets(cleaner *c, size_t at) {
    for (; c->next < c->n && c->offsets[c->next] <= at; c->next++)
        c->offsets[c->next] = (uint32_t)c->out.len;
}

static void start_segment(cleaner *c) {
    if (c->dirty) settle(c);
    c->segment = c->out.len;
    c->segment_next = c->next;
    c->last_ccc = 0;
}

/* flags: those of what follows. */
static void put_joiner(cleaner *c, uint32_t flags) {
    if (c->dirty) settle(c); /* it may move the virama */
    bool wanted = (c->last_flags & DH_C_VIRAMA) != 0 || ((c->last_flags & flags & DH_C_JOINS) != 0);
    if (c->joiner == 0x200D && (c->last_flags & flags & DH_C_PICTURE) != 0) wanted = true;
    if (wanted) {
        start_segment(c);
        set_offsets(c, c->joiner_at);
        dh_buf_put_code(&c->out, c->joiner);
        c->last = c->joiner;
        c->last_flags = 0;
    }
    c->joiner = 0;
}

static void put_spaces(cleaner *c) {
    start_segment(c);
    if (c->out.len > 0 || c->space == DH_SPACE_VERBATIM)
        for (; c->lines > 0; c->lines--) dh_buf_putc(&c->out, '\n');
    else
        c->lines = 0;
    if (c->due && c->out.len > 0 && c->out.ptr[c->out.len - 1] != '\n') dh_buf_putc(&c->out, ' ');
    c->due = false;
    c->last = ' ';
    c->last_flags = DH_C_SPACE;
}

/* Writes a code point that is no white space; `at` is where it stands in the text. */
static void put(cleaner *c, uint32_t code, const dh_code_record *r, size_t at) {
    if (c->joiner != 0) put_joiner(c, c->due || c->lines > 0 || r->ccc != 0 ? 0 : r->flags);
    if (c->due || c->lines > 0) put_spaces(c);
    if (r->ccc == 0 && (r->flags & DH_C_NFC) == 0) {
        start_segment(c);
    } else if (((r->flags & DH_C_NFC) != 0 && dh_code_may_compose(c->last, code)) ||
               (r->ccc != 0 && r->ccc < c->last_ccc)) {
        c->dirty = true;
    }
    set_offsets(c, at);
    c->last_ccc = r->ccc;
    c->last = code;
    c->last_flags = r->flags;
    dh_buf_put_code(&c->out, code);
}

static void put_verbatim_space(cleaner *c, uint32_t code, uint32_t flags, size_t at) {
    if (c->joiner != 0) put_joiner(c, 0);
    start_segment(c);
    set_offsets(c, at);
    dh_buf_put_code(&c->out, (flags & DH_C_LINE) != 0 ? '\n' : code);
    c->last = code;
    c->last_flags = DH_C_SPACE;
}

/* White space and what is removed; true when the code point is dealt with. */
static bool put_special(cleaner *c, uint32_t code, uint32_t flags, dh_slice text, size_t at) {
    if ((flags & DH_C_SPACE) != 0) {
        if (code == '\r' && at + 1 < text.len && text.ptr[at + 1] == '\n') return true;
        if (c->space == DH_SPACE_VERBATIM) {
            put_verbatim_space(c, code, flags, at);
            return true;
        }
        set_offsets(c, at);
        if (c->space == DH_SPACE_KEEP_LINES && (flags & DH_C_LINE) != 0)
            c->lines++;
        else
            c->due = true;
        return true;
    }
    if ((flags & DH_C_REMOVE) != 0) return true;
    if ((flags & DH_C_JOINER) != 0) {
        if (c->joiner == 0 && !c->due && c->lines == 0) {
            c->joiner = code;
            c->joiner_at = at;
        }
        return true;
    }
    return false;
}

static void rewrite(cleaner *c, dh_slice text, size_t from) {
    for (const char *p = text.ptr + from, *end = text.ptr + text.len; p < end;) {
        uint32_t code;
        size_t at = (size_t)(p - text.ptr);
        p += dh_code_read(p, end, &code);
        const dh_code_record *r = dh_code_find(code);
        if ((r->flags & (DH_C_SPACE | DH_C_REMOVE | DH_C_JOINER)) != 0 &&
            put_special(c, code, r->flags, text, at))
            continue;
        if ((r->flags & DH_C_MAP) == 0) {
            put(c, code, r, at);
            continue;
        }
        dh_code_run run = dh_code_mapping(code);
        for (uint32_t i = 0; i < run.count; i++) {
            const dh_code_record *mapped = dh_code_find(run.codes[i]);
            if (run.codes[i] == ' ')
                put_special(c, ' ', mapped->flags, text, at);
            else
                put(c, run.codes[i], mapped, at);
        }
    }
    if (c->joiner != 0) put_joiner(c, 0);
    start_segment(c);
    set_offsets(c, SIZE_MAX);
}

/* Bytes from p on that need no look: printable ASCII without two spaces in a row (but `gaps` lets them
 * pass) or one behind a line end, in steps of eight. */
static const char *skip_ascii(const char *begin, const char *p, const char *end, bool gaps) {
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80;
    while (end - p >= 8) {
        uint64_t x;
        memcpy(&x, p, sizeof x);
        uint64_t control = (x - ones * 0x20) & ~x;
        uint64_t del = x ^ ones * 0x7F, space = x ^ ones * 0x20;
        del = (del - ones) & ~del;
        if (((x | control | del) & high) != 0) break;
        if (!gaps) {
            /* Exact, no borrow between bytes: the top bit is set where the byte is a space. */
            space = ~(((space & ~high) + ~high) | space) & high;
            if ((space & space << 8) != 0) break;
            if (p[0] == ' ' && p > begin && (p[-1] == ' ' || p[-1] == '\n')) break;
        }
        p += 8;
    }
    return p;
}

/* Whether white space at p is as the result will have it. */
static bool space_is_fine(dh_clean_space mode, const char *begin, const char *p, const char *end) {
    char before = p > begin ? p[-1] : '\0', after = end - p > 1 ? p[1] : '\0';
    if (mode == DH_SPACE_VERBATIM) return *p == ' ' || *p == '\n' || *p == '\t';
    if (*p == ' ')
        return before != ' ' && (mode == DH_SPACE_FOLD || (before != '\n' && after != '\n'));
    return *p == '\n' && mode == DH_SPACE_KEEP_LINES && before != ' ';
}

/* Whether a code point with DH_C_LOOK, of `len` bytes at p, can stay as it is. */
static bool code_is_fine(dh_clean_space mode, const char *begin, const char *p, const char *end,
                         uint32_t code, size_t len) {
    const dh_code_record *r = dh_code_find(code);
    if (code == DH_REPLACEMENT) return len == 3 && memcmp(p, "\xEF\xBF\xBD", 3) == 0;
    if ((r->flags & DH_C_SPACE) != 0)
        return len == 1 ? space_is_fine(mode, begin, p, end)
                        : mode == DH_SPACE_VERBATIM && (r->flags & DH_C_LINE) == 0;
    if ((r->flags & (DH_C_REMOVE | DH_C_JOINER | DH_C_MAP)) != 0) return false;
    uint32_t before = 0;
    if (p > begin) dh_utf8_decode_before(begin, p, &before);
    if ((r->flags & DH_C_NFC) != 0 && dh_code_may_compose(before, code)) return false;
    return r->ccc == 0 || p == begin || r->ccc >= dh_code_find(before)->ccc;
}

/* How far the text is clean already. */
static size_t scan_clean(dh_slice text, dh_clean_space mode) {
    const char *begin = text.ptr, *p = begin, *end = begin + text.len;
    while (p < end) {
        unsigned char c = (unsigned char)*p;
        if (c < 0x80) {
            const char *ascii = skip_ascii(begin, p, end, mode == DH_SPACE_VERBATIM);
            if (ascii == p) {
                bool fine = c > ' ' && c < 0x7F;
                if (!fine && (c == 0x7F || !space_is_fine(mode, begin, p, end))) break;
                ascii++;
            }
            p = ascii;
            continue;
        }
        uint32_t code;
        size_t len = dh_code_read(p, end, &code);
        if ((dh_code_find(code)->flags & DH_C_LOOK) != 0 &&
            !code_is_fine(mode, begin, p, end, code, len))
            break;
        p += len;
    }
    return (size_t)(p - begin);
}

/* Where the segment that `at` may belong to begins: the last starter before it. */
static size_t segment_before(dh_slice text, size_t at) {
    while (at > 0) {
        uint32_t code;
        at -= dh_utf8_decode_before(text.ptr, text.ptr + at, &code);
        const dh_code_record *r = dh_code_find(code);
        if (r->ccc == 0 && (r->flags & DH_C_NFC) == 0) break;
    }
    while (at > 0 && text.ptr[at - 1] == ' ') at--;
    return at;
}

/* Cuts white space off the ends; with `verbatim` only whole blank lines at the beginning. */
static dh_slice trim(dh_slice text, bool verbatim, uint32_t *offsets, size_t n) {
    size_t begin = 0, end = text.len;
    while (begin < end &&
           (text.ptr[begin] == ' ' || text.ptr[begin] == '\n' || text.ptr[begin] == '\t'))
        begin++;
    while (end > begin &&
           (text.ptr[end - 1] == ' ' || text.ptr[end - 1] == '\n' || text.ptr[end - 1] == '\t'))
        end--;
    if (verbatim && begin < end)
        while (begin > 0 && text.ptr[begin - 1] != '\n') begin--;
    for (size_t i = 0; i < n; i++) {
        size_t at = offsets[i] > end ? end : offsets[i];
        offsets[i] = (uint32_t)(at > begin ? at - begin : 0);
    }
    return dh_slice_sub(text, begin, end);
}

static dh_slice clean_once(dh_slice text, dh_clean_space space, dh_arena *arena, uint32_t *offsets,
                           size_t n) {
    bool verbatim = space == DH_SPACE_VERBATIM;
    text = trim(text, verbatim, offsets, n);
    size_t done = text.len > 0 ? scan_clean(text, space) : 0;
    if (done == text.len) return text;
    cleaner c = {.space = space, .offsets = offsets, .n = n};
    dh_buf_init(&c.out, arena, 0);
    dh_buf_reserve(&c.out, text.len + text.len / 8 + 8);
    size_t from = segment_before(text, done); /* it may go on behind `done`: written again */
    dh_buf_put(&c.out, text.ptr, from);
    while (c.next < n && offsets[c.next] < from) c.next++;
    rewrite(&c, text, from);
    return trim(dh_buf_slice(&c.out), verbatim, offsets, n);
}

/* Undoes double encoding; false when it is not certain. */
static bool repair(dh_slice *text, dh_arena *arena, uint32_t *offsets, size_t n) {
    dh_buf repaired;
    if (!dh_mojibake_suspect(*text)) return false;
    dh_buf_init(&repaired, arena, 0);
    if (!dh_mojibake_repair(*text, 2, &repaired, offsets, n)) return false;
    *text = dh_buf_slice(&repaired);
    return true;
}

dh_slice dh_text_clean(dh_slice text, dh_clean_space space, dh_arena *arena, uint32_t *offsets,
                       size_t n) {
    if (offsets == NULL) n = 0;
    if (text.len == 0) return (dh_slice){text.ptr, 0};
    /* More than once: what was encoded three times, and what is certain only when a soft hyphen or a
     * no-break space is gone. */
    for (int times = 0;; times++) {
        repair(&text, arena, offsets, n);
        dh_slice out = clean_once(text, space, arena, offsets, n);
        if (times == 4 || !dh_mojibake_suspect(out)) return out;
        text = out;
        if (!repair(&text, arena, offsets, n)) return out;
    }
}
