/* SPDX-License-Identifier: Apache-2.0 */
/* class: one pass over the code points with the tables of codes.h; runs of ASCII lower case, most of
 * an English text, are counted without the tables. */
#include "text/class.h"

#include "text/codes.h"

/* What waits for the next code point: a sentence end counts only when a space or the end follows. */
enum wait { WAIT_NONE, WAIT_SPACE, WAIT_ANY };

typedef struct measure {
    dh_text_facts facts;
    uint32_t last_letter;
    uint32_t last_mark; /* flags of the last code point that is no space or closer */
    uint32_t run;       /* letters or digits since the last mark or space */
    bool run_digits;    /* they are digits */
    bool in_word;       /* a word goes on across an apostrophe, hyphen, dot */
    bool seen;          /* a letter or digit was seen */
    enum wait wait;
} measure;

static bool is_ascii_lower(unsigned char c) {
    return c >= 'a' && c <= 'z';
}

static void sentence_end(measure *m) {
    if (m->wait != WAIT_NONE) m->facts.sentences++;
    m->wait = WAIT_NONE;
}

/* A single letter before the stop is an initial, a number that opens the text its numbering. */
static bool stop_counts(const measure *m, uint32_t code) {
    if (!m->seen || code != '.') return m->seen;
    if (m->run == 1 && !m->run_digits) return false;
    if (m->run_digits && m->run <= 3 && m->facts.words <= 1 && m->facts.letters == 0) return false;
    return true;
}

static void on_word(measure *m, uint32_t code, uint32_t flags) {
    dh_text_facts *f = &m->facts;
    if (m->wait == WAIT_ANY) sentence_end(m);
    m->wait = WAIT_NONE;
    if ((flags & (DH_C_LETTER | DH_C_MARK)) != 0) {
        if (!m->seen) f->starts_lower = (flags & DH_C_LOWER) != 0;
        f->letters++;
        f->rtl += (flags & DH_C_RTL) != 0;
        f->upper += (flags & DH_C_UPPER) != 0;
        m->last_letter = code;
        m->run_digits = false;
    } else {
        f->digits++;
        if (m->run == 0) m->run_digits = true;
    }
    m->seen = true;
    m->last_mark = 0;
    if ((flags & DH_C_UNSPACED) != 0) {
        f->unspaced++;
        m->run = 0;
        m->in_word = false;
        return;
    }
    if ((flags & DH_C_MARK) != 0) return; /* a mark belongs to the letter before it */
    m->run++;
    if (!m->in_word) f->words++;
    m->in_word = true;
}

static bool is_greek(uint32_t code) {
    return code >= 0x370 && code < 0x400;
}

static bool stays_in_word(uint32_t code) {
    return code == '\'' || code == '-' || code == '.' || code == '_' || code == '@' ||
           code == '&' || code == 0xB7 || code == 0x5F3 || code == 0x5F4 || code == 0x2010 ||
           code == 0x2011 || code == 0x2019 || code == 0x66B || code == 0x66C;
}

static void on_mark(measure *m, uint32_t code, uint32_t flags, bool digit_next) {
    dh_text_facts *f = &m->facts;
    bool greek_question = code == ';' && is_greek(m->last_letter);
    if ((flags & DH_C_STOP_WIDE) != 0) {
        m->wait = WAIT_ANY;
    } else if ((flags & DH_C_STOP) != 0 || greek_question) {
        if (m->wait == WAIT_NONE && stop_counts(m, code)) m->wait = WAIT_SPACE;
    } else if ((flags & DH_C_CLOSER) == 0) {
        if (m->wait == WAIT_ANY) sentence_end(m);
        m->wait = WAIT_NONE;
    }
    if ((flags & DH_C_COMMA) != 0 && !greek_question && !(m->run_digits && digit_next)) f->commas++;
    if ((flags & DH_C_CLOSER) == 0) {
        m->last_mark = flags;
        if (greek_question) m->last_mark |= DH_C_STOP;
    }
    if (!stays_in_word(code) && !(m->run_digits && digit_next)) m->in_word = false;
    m->run = 0;
    m->run_digits = false;
}

/* Counts the run of a-z at p, which is inside or at the start of a word. */
static const char *take_lower(measure *m, const char *p, const char *end) {
    const char *begin = p;
    while (p < end && is_ascii_lower((unsigned char)*p)) p++;
    uint32_t n = (uint32_t)(p - begin);
    dh_text_facts *f = &m->facts;
    if (m->wait == WAIT_ANY) sentence_end(m);
    m->wait = WAIT_NONE;
    if (!m->seen) f->starts_lower = true;
    m->seen = true;
    f->chars += n;
    f->letters += n;
    if (!m->in_word) f->words++;
    m->in_word = true;
    m->run += n;
    m->run_digits = false;
    m->last_letter = 'a';
    m->last_mark = 0;
    return p;
}

static void on_space(measure *m) {
    if (m->wait != WAIT_NONE) sentence_end(m);
    m->run = 0;
    m->run_digits = m->in_word = false;
}

void dh_text_measure(dh_slice text, dh_text_facts *facts) {
    measure m = {.run = 0};
    const char *p = text.ptr, *end = text.len > 0 ? text.ptr + text.len : text.ptr;
    while (p < end) {
        if (is_ascii_lower((unsigned char)*p)) {
            p = take_lower(&m, p, end);
            continue;
        }
        m.facts.chars++;
        if (*p == ' ') {
            on_space(&m);
            p++;
            continue;
        }
        uint32_t code;
        p += dh_code_read(p, end, &code);
        uint32_t flags = dh_code_find(code)->flags;
        if ((flags & (DH_C_LETTER | DH_C_MARK | DH_C_DIGIT)) != 0)
            on_word(&m, code, flags);
        else if ((flags & DH_C_SPACE) != 0)
            on_space(&m);
        else if ((flags & (DH_C_REMOVE | DH_C_JOINER | DH_C_PICTURE)) == 0)
            on_mark(&m, code, flags, p < end && dh_is_digit(*p));
    }
    sentence_end(&m);
    *facts = m.facts;
    facts->words += (facts->unspaced + 1) / 2;
    facts->ends_colon = (m.last_mark & DH_C_COLON) != 0;
    facts->ends_sentence = (m.last_mark & (DH_C_STOP | DH_C_STOP_WIDE | DH_C_COLON)) != 0;
}

bool dh_code_is_space(uint32_t code) {
    return (dh_code_find(code)->flags & DH_C_SPACE) != 0;
}
bool dh_code_is_letter(uint32_t code) {
    return (dh_code_find(code)->flags & (DH_C_LETTER | DH_C_MARK)) != 0;
}
bool dh_code_is_digit(uint32_t code) {
    return (dh_code_find(code)->flags & DH_C_DIGIT) != 0;
}
bool dh_code_is_punctuation(uint32_t code) {
    return (dh_code_find(code)->flags & DH_C_PUNCT) != 0;
}
bool dh_code_ends_sentence(uint32_t code) {
    return (dh_code_find(code)->flags & (DH_C_STOP | DH_C_STOP_WIDE)) != 0;
}
bool dh_code_is_rtl(uint32_t code) {
    return (dh_code_find(code)->flags & DH_C_RTL) != 0;
}
bool dh_code_is_unspaced(uint32_t code) {
    return (dh_code_find(code)->flags & DH_C_UNSPACED) != 0;
}
