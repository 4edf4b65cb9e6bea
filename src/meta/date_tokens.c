/* SPDX-License-Identifier: Apache-2.0 */
/* date_tokens: see the header. */
#include "meta/date_tokens.h"

#include "base/utf8.h"

bool dh_date_is_word(const dh_date_tokens *tokens, uint32_t i, const char *word) {
    return i < tokens->len && tokens->ptr[i].kind == DH_DATE_WORD &&
           dh_slice_eq(tokens->ptr[i].text, dh_slice_cstr(word));
}

static bool is_alone(uint32_t c) {
    return c >= 0x2E80 && c < 0xD7B0 && !(c >= 0x3000 && c < 0x3005) &&
           !(c >= 0x3008 && c < 0x3021);
}

static bool is_mark(uint32_t c) {
    if (c < 0x80) return !dh_is_alnum((char)c);
    return c < 0xC0 || (c >= 0x2000 && c < 0x2E80) || (c >= 0x3000 && c < 0x3005) ||
           (c >= 0x3008 && c < 0x3021) || c >= 0xFE30 || c == 0x060C || c == 0x061B ||
           c == 0x05BE || c == 0x06D4 || c == 0x104A || c == 0x104B || c == 0x0964;
}

/* Dashes of all lengths are one; so are the apostrophes. */
static char plain_mark(uint32_t c) {
    if (c < 0x80) return (char)c;
    if (c >= 0x2010 && c <= 0x2015) return '-';
    if (c == 0x2018 || c == 0x2019) return '\'';
    return ',';
}

static const char *end_of_token(const char *p, const char *end, bool number) {
    while (p < end) {
        uint32_t c;
        size_t n = dh_utf8_decode(p, end, &c);
        bool digit = c < 0x80 && dh_is_digit((char)c);
        if (digit != number || (!number && (is_mark(c) || is_alone(c)))) break;
        p += n;
    }
    return p;
}

static void cut(dh_date_tokens *tokens, dh_slice s) {
    const char *p = s.ptr, *end = s.ptr + s.len;
    char before = 0;
    bool spaced = false;
    tokens->len = 0;
    while (p < end && tokens->len < DH_DATE_TOKENS) {
        uint32_t c;
        size_t n = dh_utf8_decode(p, end, &c);
        if (is_mark(c)) {
            char mark = plain_mark(c);
            if (mark == ' ') spaced = true;
            if (mark != ' ' || before == 0) before = mark;
            p += n;
            continue;
        }
        dh_date_token *t = &tokens->ptr[tokens->len++];
        *t = (dh_date_token){.before = before, .spaced = spaced, .text = {p, n}};
        before = 0;
        spaced = false;
        bool number = c < 0x80 && dh_is_digit((char)c);
        t->kind = number ? DH_DATE_NUMBER : DH_DATE_WORD;
        if (!is_alone(c)) t->text.len = (size_t)(end_of_token(p, end, number) - p);
        p += t->text.len;
        uint64_t value = 0;
        if (number)
            t->value =
                t->text.len <= 9 && dh_slice_to_u64(t->text, &value) ? (uint32_t)value : UINT32_MAX;
        t->digits = (uint8_t)(t->text.len < 100 ? t->text.len : 100);
    }
}

static bool is_any(const dh_date_tokens *tokens, uint32_t i, const char *const *words) {
    for (; *words != NULL; words++)
        if (dh_date_is_word(tokens, i, *words)) return true;
    return false;
}

static bool is_pair(const dh_date_tokens *tokens, uint32_t i, const char *first,
                    const char *second) {
    return dh_date_is_word(tokens, i, first) && dh_date_is_word(tokens, i + 1, second);
}

/* +1 for the second half of the day, -1 for the first, 0 unknown. *at moves behind the mark. Only the
 * languages' own marks are looked for, since Arabic م is also "year of our era" behind a year. */
static int half_behind(const dh_date_tokens *tokens, uint32_t *at) {
    static const char *const late[] = {"pm", "μμ", "م", "مساء", "بظ", "ch", "os", "petang", NULL};
    static const char *const early[] = {"am", "πμ", "ص", "صباحا", "قظ", "sa", "oo", "pagi", NULL};
    uint32_t i = *at;
    if (is_any(tokens, i, late)) return *at = i + 1, 1;
    if (is_any(tokens, i, early)) return *at = i + 1, -1;
    if (is_pair(tokens, i, "p", "m")) return *at = i + 2, 1;
    if (is_pair(tokens, i, "a", "m")) return *at = i + 2, -1;
    return 0;
}

static int half_before(const dh_date_tokens *tokens, uint32_t i) {
    if (i < 1) return 0;
    if (i >= 2 && (is_pair(tokens, i - 2, "下", "午") || is_pair(tokens, i - 2, "午", "後") ||
                   is_pair(tokens, i - 2, "오", "후") || is_pair(tokens, i - 2, "晚", "上")))
        return 1;
    if (i >= 2 && (is_pair(tokens, i - 2, "上", "午") || is_pair(tokens, i - 2, "午", "前") ||
                   is_pair(tokens, i - 2, "오", "전") || is_pair(tokens, i - 2, "凌", "晨")))
        return -1;
    return 0;
}

/* Abbreviations that mean one offset only, in minutes. */
static bool zone_of(dh_slice word, int *offset) {
    static const struct {
        const char *name;
        int offset;
    } zones[] = {
        {"z", 0},      {"utc", 0},    {"gmt", 0},    {"est", -300}, {"edt", -240}, {"cdt", -300},
        {"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420}, {"cet", 60},   {"cest", 120},
        {"mez", 60},   {"mesz", 120}, {"bst", 60},   {"jst", 540},  {"kst", 540},  {"msk", 180},
        {"мск", 180},  {"eet", 120},  {"eest", 180}, {"wib", 420},  {"wita", 480}, {"wit", 540},
        {"aest", 600}, {"aedt", 660}, {"sast", 120}, {"wat", 60},   {"hkt", 480},  {"sgt", 480},
        {"pkt", 300},  {"nzst", 720}, {"nzdt", 780},
    };
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (dh_slice_eq(word, dh_slice_cstr(zones[i].name))) {
            *offset = zones[i].offset;
            return true;
        }
    return false;
}

/* A zone's name, "+02:00", "+0200", "GMT+2" at token *at. */
static void read_offset(const dh_date_tokens *tokens, uint32_t *at, dh_date_token *time) {
    uint32_t i = *at;
    if (i < tokens->len && tokens->ptr[i].kind == DH_DATE_WORD &&
        zone_of(tokens->ptr[i].text, &time->offset)) {
        time->has_offset = true;
        *at = ++i;
        if (time->offset != 0) return;
    }
    if (i >= tokens->len) return;
    const dh_date_token *t = &tokens->ptr[i];
    bool sign = t->before == '+' || (t->before == '-' && (!t->spaced || t->digits == 4));
    if (t->kind != DH_DATE_NUMBER || !sign || (t->digits != 4 && t->digits > 2)) return;
    uint32_t minutes = t->digits == 4 ? t->value / 100 * 60 + t->value % 100 : t->value * 60;
    i++;
    if (t->digits <= 2 && i < tokens->len && t[1].kind == DH_DATE_NUMBER && t[1].before == ':' &&
        t[1].digits == 2) {
        minutes += t[1].value;
        i++;
    }
    if (minutes > 14 * 60 || (t->digits == 4 && t->value % 100 > 59)) return;
    time->offset = t->before == '-' ? -(int)minutes : (int)minutes;
    time->has_offset = true;
    *at = i;
}

/* How many tokens at i write a time of day; 0 when they do not. The form with a full stop needs a
 * word that says so. */
static uint32_t clock_at(const dh_date_tokens *tokens, uint32_t i) {
    static const char *const behind[] = {"uhr", "h", "น", NULL};
    static const char *const ahead[] = {"kl", "klo", "klokken", "ore", "pukul", "jam", NULL};
    const dh_date_token *t = &tokens->ptr[i];
    if (t->kind != DH_DATE_NUMBER || t->digits > 2 || t->value > 24) return 0;
    uint32_t left = tokens->len - i;
    bool pair = left >= 2 && t[1].kind == DH_DATE_NUMBER && t[1].digits == 2 && t[1].value < 60 &&
                !t[1].spaced;
    if (pair && t[1].before == ':') return 2;
    if (pair && t[1].before == '.' &&
        (is_any(tokens, i + 2, behind) || (i > 0 && is_any(tokens, i - 1, ahead))))
        return 2;
    if (left >= 3 && dh_date_is_word(tokens, i + 1, "h") && t[2].kind == DH_DATE_NUMBER &&
        t[2].digits == 2 && t[2].value < 60)
        return 3;
    if (left >= 4 &&
        (dh_date_is_word(tokens, i + 1, "時") || dh_date_is_word(tokens, i + 1, "时") ||
         dh_date_is_word(tokens, i + 1, "시")) &&
        t[2].kind == DH_DATE_NUMBER && t[2].value < 60 && t[3].kind == DH_DATE_WORD)
        return 3;
    return 0;
}

/* Joins the time of day at token i, which takes `n` tokens, with what belongs to it. Returns the
 * token behind. */
static uint32_t read_time(const dh_date_tokens *tokens, uint32_t i, uint32_t n,
                          dh_date_token *time) {
    const dh_date_token *t = &tokens->ptr[i];
    *time = *t;
    time->kind = DH_DATE_TIME;
    time->minute = (int)t[n - 1].value;
    time->second = -1;
    uint32_t at = i + n;
    if (n == 2 && at < tokens->len && tokens->ptr[at].kind == DH_DATE_NUMBER &&
        tokens->ptr[at].before == ':' && tokens->ptr[at].digits == 2 &&
        tokens->ptr[at].value < 61) {
        time->second = (int)tokens->ptr[at++].value;
        if (at < tokens->len && tokens->ptr[at].kind == DH_DATE_NUMBER && !tokens->ptr[at].spaced &&
            (tokens->ptr[at].before == '.' || tokens->ptr[at].before == ','))
            at++; /* parts of a second */
    }
    if (dh_date_is_word(tokens, at, "uhr") || dh_date_is_word(tokens, at, "分") ||
        dh_date_is_word(tokens, at, "분"))
        at++;
    int half = half_behind(tokens, &at);
    if (half == 0) half = half_before(tokens, i);
    if (half > 0 && time->value < 12) time->value += 12;
    if (half < 0 && time->value == 12) time->value = 0;
    if (time->value == 24) time->value = 0;
    read_offset(tokens, &at, time);
    return at;
}

void dh_date_cut(dh_date_tokens *tokens, dh_slice folded) {
    cut(tokens, folded);
    uint32_t out = 0;
    for (uint32_t i = 0; i < tokens->len;) {
        uint32_t n = clock_at(tokens, i);
        dh_date_token joined;
        if (n > 0)
            i = read_time(tokens, i, n, &joined);
        else
            joined = tokens->ptr[i++];
        tokens->ptr[out++] = joined;
    }
    tokens->len = out;
}
