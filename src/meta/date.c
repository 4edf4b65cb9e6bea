/* SPDX-License-Identifier: Apache-2.0 */
/* date: reading a date from text. The text is folded (text/date.h) and cut into numbers, words and
 * times of day; then the forms are tried from the most to the least certain: ISO 8601, three numbers
 * in a row, a month's name with its neighbours. A year is always required; relative dates and Hijri
 * dates are none. */
#include "meta/date.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "meta/date_tokens.h"
#include "meta/meta.h"
#include "text/date.h"

enum { NO_OFFSET = 100000, MAX_TEXT = 400 };

typedef struct reading {
    dh_day day;
    int hour, minute, second; /* hour -1: no time */
    int offset;               /* minutes east of UTC, or NO_OFFSET */
} reading;

static dh_slice write_reading(const reading *r, dh_arena *arena) {
    dh_buf out;
    if (!dh_day_valid(r->day)) return (dh_slice){NULL, 0};
    dh_buf_init(&out, arena, 40);
    dh_buf_printf(&out, "%04d-%02u-%02u", (int)r->day.year, r->day.month, r->day.day);
    if (r->hour >= 0) {
        dh_buf_printf(&out, "T%02d:%02d", r->hour, r->minute);
        if (r->second >= 0) dh_buf_printf(&out, ":%02d", r->second);
        int east = r->offset < 0 ? -r->offset : r->offset;
        if (r->offset == 0)
            dh_buf_putc(&out, 'Z');
        else if (r->offset != NO_OFFSET)
            dh_buf_printf(&out, "%c%02d:%02d", r->offset < 0 ? '-' : '+', east / 60, east % 60);
    }
    return dh_buf_slice(&out);
}

static bool is_lang(dh_slice lang, const char *want) {
    size_t len = strlen(want);
    return dh_slice_starts_nocase(lang, dh_slice_cstr(want)) &&
           (lang.len == len || lang.ptr[len] == '-' || lang.ptr[len] == '_');
}

/* Year of another calendar or of two digits to the Gregorian one; the day follows in the end. */
static dh_day make_day(uint32_t year, uint32_t year_digits, uint32_t month, uint32_t day,
                       bool jalali, dh_slice lang) {
    bool thai = is_lang(lang, "th");
    if (year_digits == 2) {
        if (jalali)
            year += year < 50 ? 1400 : 1300;
        else
            year += thai && year > 40 ? 2500 : year < 50 ? 2000 : 1900;
    }
    if (year >= 2400 && year < 2650) year -= 543; /* Buddhist era */
    if (jalali || (year >= 1300 && year < 1430)) return dh_day_of_jalali((int32_t)year, month, day);
    return (dh_day){(int32_t)year, month, day};
}

/* Three numbers a, b, c. Which is which: a year of four digits tells, then numbers above 12, then the
 * language (only American English begins with the month). */
static dh_day order_numbers(const dh_date_token *t, dh_slice lang) {
    uint32_t a = t[0].value, b = t[1].value, c = t[2].value;
    bool year_first = t[0].digits == 4;
    if (!year_first && t[2].digits != 4) {
        if (t[0].digits != 2 || t[1].digits > 2 || t[2].digits != 2) return (dh_day){0};
        bool asian = is_lang(lang, "ko") || is_lang(lang, "ja") || is_lang(lang, "zh") ||
                     is_lang(lang, "hu") || is_lang(lang, "fa");
        year_first = a > 31 || (asian && b <= 12);
    }
    bool jalali = is_lang(lang, "fa") && (year_first ? t[0].digits : t[2].digits) == 2;
    if (year_first) return make_day(a, t[0].digits, b, c, jalali, lang);
    bool month_first = b > 12 || (a <= 12 && is_lang(lang, "en-us") && t[1].before != '.');
    return make_day(c, t[2].digits, month_first ? a : b, month_first ? b : a, jalali, lang);
}

static bool is_joint(char c) {
    return c == '/' || c == '-' || c == '.';
}

/* d.m.y, y/m/d and their like; *end is the token behind. */
static dh_day by_numbers(const dh_date_tokens *tokens, dh_slice lang, uint32_t *begin,
                         uint32_t *end) {
    for (uint32_t i = 0; i + 2 < tokens->len; i++) {
        const dh_date_token *t = &tokens->ptr[i];
        if (t[0].kind != DH_DATE_NUMBER || t[1].kind != DH_DATE_NUMBER ||
            t[2].kind != DH_DATE_NUMBER || !is_joint(t[1].before) || t[1].before != t[2].before)
            continue;
        bool chained = i > 0 && t[0].before == t[1].before && t[-1].kind == DH_DATE_NUMBER;
        bool goes_on = i + 3 < tokens->len && t[3].before == t[1].before && !t[3].spaced &&
                       t[3].kind == DH_DATE_NUMBER && t[3].before != '-';
        if (chained || goes_on) continue; /* a version or an address */
        dh_day day = order_numbers(t, lang);
        if (!dh_day_valid(day)) continue;
        *begin = i;
        *end = i + 3;
        return day;
    }
    return (dh_day){0};
}

/* Era names of Japan and Taiwan in front of a year. */
static uint32_t era_year(const dh_date_tokens *tokens, uint32_t at, uint32_t year) {
    static const struct {
        const char *first, *second;
        uint32_t base;
    } eras[] = {{"令", "和", 2018},
                {"平", "成", 1988},
                {"昭", "和", 1925},
                {"民", "國", 1911},
                {"民", "国", 1911}};
    if (year >= 1000 || at < 2) return year;
    for (size_t i = 0; i < sizeof eras / sizeof *eras; i++)
        if (dh_date_is_word(tokens, at - 2, eras[i].first) &&
            dh_date_is_word(tokens, at - 1, eras[i].second))
            return eras[i].base + year;
    return year;
}

/* 2024年5月14日, 2024년 5월 14일. */
static dh_day by_units(const dh_date_tokens *tokens, uint32_t *begin, uint32_t *end) {
    for (uint32_t i = 0; i + 5 < tokens->len; i++) {
        const dh_date_token *t = &tokens->ptr[i];
        bool han = dh_date_is_word(tokens, i + 1, "年") && dh_date_is_word(tokens, i + 3, "月") &&
                   (dh_date_is_word(tokens, i + 5, "日") || dh_date_is_word(tokens, i + 5, "号"));
        bool hangul = dh_date_is_word(tokens, i + 1, "년") &&
                      dh_date_is_word(tokens, i + 3, "월") && dh_date_is_word(tokens, i + 5, "일");
        if ((!han && !hangul) || t[2].kind != DH_DATE_NUMBER || t[4].kind != DH_DATE_NUMBER)
            continue;
        uint32_t year = t[0].kind == DH_DATE_NUMBER        ? t[0].value
                        : dh_date_is_word(tokens, i, "元") ? 1
                                                           : 0;
        dh_day day = {(int32_t)era_year(tokens, i, year), t[2].value, t[4].value};
        if (!dh_day_valid(day)) continue;
        *begin = i;
        *end = i + 6;
        return day;
    }
    return (dh_day){0};
}

/* The month whose name begins at word i: up to three words ("كانون الثاني", "tháng mười hai"), or
 * Vietnamese "tháng 5". *len is how many tokens it took. */
static dh_month month_at(const dh_date_tokens *tokens, uint32_t i, dh_slice lang, uint32_t *len) {
    const dh_date_token *t = &tokens->ptr[i];
    dh_month none = {0};
    if (t->kind != DH_DATE_WORD) return none;
    if ((dh_date_is_word(tokens, i, "thang") || dh_date_is_word(tokens, i, "thg")) &&
        i + 1 < tokens->len && t[1].kind == DH_DATE_NUMBER && t[1].value <= 12) {
        *len = 2;
        return (dh_month){.number = (uint8_t)t[1].value};
    }
    for (uint32_t n = 3; n >= 1; n--) {
        if (i + n > tokens->len || t[n - 1].kind != DH_DATE_WORD) continue;
        bool whole = true;
        for (uint32_t k = 1; k < n; k++) whole = whole && t[k].before == ' ';
        if (!whole) continue;
        const char *end = t[n - 1].text.ptr + t[n - 1].text.len;
        dh_slice name = {t->text.ptr, (size_t)(end - t->text.ptr)};
        dh_month month = dh_month_find(name, lang);
        *len = n;
        if (month.number != 0) return month;
    }
    return none;
}

static bool is_day(const dh_date_token *t) {
    return t->kind == DH_DATE_NUMBER && t->digits <= 2 && t->value >= 1 && t->value <= 31;
}
static bool is_year(const dh_date_token *t) {
    return t->kind == DH_DATE_NUMBER && t->digits == 4;
}

/* The nearest number before token i with at most `words` words between; UINT32_MAX when none. */
static uint32_t number_before(const dh_date_tokens *tokens, uint32_t i, uint32_t words) {
    while (i > 0) {
        i--;
        if (tokens->ptr[i].kind == DH_DATE_NUMBER) return i;
        if (tokens->ptr[i].kind != DH_DATE_WORD || words-- == 0) break;
    }
    return UINT32_MAX;
}
/* The nearest number at or behind token i; times of day are passed over too. */
static uint32_t number_after(const dh_date_tokens *tokens, uint32_t i, uint32_t words) {
    for (; i < tokens->len; i++) {
        if (tokens->ptr[i].kind == DH_DATE_NUMBER) return i;
        if (words-- == 0) break;
    }
    return UINT32_MAX;
}

/* A year of two digits is believed in 14-May-24, 14 May '24 and Thai. */
static bool is_short_year(const dh_date_token *t, dh_slice lang) {
    return t->kind == DH_DATE_NUMBER && t->digits == 2 &&
           (t->before == '-' || t->before == '\'' || is_lang(lang, "th"));
}

/* The day and year around the month at tokens [i, i + len). */
static dh_day around_month(const dh_date_tokens *tokens, uint32_t i, uint32_t len, dh_month month,
                           dh_slice lang, uint32_t *begin, uint32_t *end) {
    const dh_date_token *t = tokens->ptr;
    uint32_t day = number_before(tokens, i, 2), year = UINT32_MAX;
    if (day != UINT32_MAX && is_day(&t[day])) {
        year = number_after(tokens, i + len, 4);
        bool behind = year != UINT32_MAX && (is_year(&t[year]) || is_short_year(&t[year], lang));
        if (!behind) year = number_before(tokens, day, 1);
        if (!behind && (year == UINT32_MAX || !is_year(&t[year]))) day = UINT32_MAX;
    } else {
        day = UINT32_MAX;
    }
    if (day == UINT32_MAX) {
        day = number_after(tokens, i + len, 2);
        if (day == UINT32_MAX || !is_day(&t[day])) return (dh_day){0};
        year = number_after(tokens, day + 1, 4);
        if (year == UINT32_MAX || !(is_year(&t[year]) || is_short_year(&t[year], lang)))
            year = number_before(tokens, i, 2);
        if (year == UINT32_MAX || !is_year(&t[year])) return (dh_day){0};
    }
    *begin = day < i ? day : i;
    if (year < *begin) *begin = year;
    *end = i + len;
    if (day + 1 > *end) *end = day + 1;
    if (year + 1 > *end) *end = year + 1;
    return make_day(t[year].value, t[year].digits, month.number, t[day].value, month.jalali, lang);
}

static dh_day by_name(const dh_date_tokens *tokens, dh_slice lang, uint32_t *begin, uint32_t *end) {
    for (uint32_t i = 0; i < tokens->len; i++) {
        uint32_t len;
        dh_month month = month_at(tokens, i, lang, &len);
        if (month.number == 0) continue;
        dh_day day = around_month(tokens, i, len, month, lang, begin, end);
        if (dh_day_valid(day)) return day;
    }
    return (dh_day){0};
}

/* The time of day nearest to the date: inside it ("Apr 28 19:20:36 CEST 2023"), behind, or before. */
static void add_time(const dh_date_tokens *tokens, uint32_t begin, uint32_t end, reading *r) {
    uint32_t found = UINT32_MAX;
    for (uint32_t i = begin; i < tokens->len && i < end + 6 && found == UINT32_MAX; i++)
        if (tokens->ptr[i].kind == DH_DATE_TIME) found = i;
    for (uint32_t i = begin; i > 0 && begin - i < 4 && found == UINT32_MAX; i--)
        if (tokens->ptr[i - 1].kind == DH_DATE_TIME) found = i - 1;
    if (found == UINT32_MAX) return;
    const dh_date_token *t = &tokens->ptr[found];
    r->hour = (int)t->value;
    r->minute = t->minute;
    r->second = t->second;
    r->offset = t->has_offset ? t->offset : NO_OFFSET;
}

static int two(const char *p) {
    return dh_is_digit(p[0]) && dh_is_digit(p[1]) ? (p[0] - '0') * 10 + p[1] - '0' : -1;
}

/* YYYY-MM-DD at the front of most dates of machines; the rest of the forms is left to the tokens.
 * Also YYYYMMDD, YYYYMMDDhhmm(ss) and YYYYMMDDThhmm(ss), which tokens would take for one number. */
static bool by_iso(dh_slice s, reading *r) {
    size_t run = 0;
    while (run < s.len && dh_is_digit(s.ptr[run])) run++;
    if (run == 4 && s.len == 10 && s.ptr[4] == '-') {
        r->day = dh_day_of_iso(s);
        return r->day.year != 0;
    }
    if (run != 8 && run != 12 && run != 14) return false;
    r->day = (dh_day){two(s.ptr) * 100 + two(s.ptr + 2), (uint32_t)two(s.ptr + 4),
                      (uint32_t)two(s.ptr + 6)};
    if (!dh_day_valid(r->day) || r->day.year < 1900) return false;
    dh_slice time = dh_slice_sub(s, 8, s.len);
    if (run == 8 && time.len > 0 && dh_lower(time.ptr[0]) == 't')
        time = dh_slice_sub(time, 1, time.len);
    else if (run == 8)
        time.len = 0;
    if (time.len < 4 || two(time.ptr) < 0 || two(time.ptr + 2) < 0) return true;
    r->hour = two(time.ptr);
    r->minute = two(time.ptr + 2);
    if (time.len >= 6 && two(time.ptr + 4) >= 0) r->second = two(time.ptr + 4);
    if (r->hour > 23 || r->minute > 59 || r->second > 60) return false;
    if (time.ptr[time.len - 1] == 'z') r->offset = 0;
    return true;
}

/* Seconds or milliseconds since 1970, from 1990 to 2100. */
static bool by_epoch(dh_slice s, reading *r) {
    uint64_t n;
    if ((s.len != 9 && s.len != 10 && s.len != 13) || !dh_slice_to_u64(s, &n)) return false;
    if (s.len == 13) n /= 1000;
    if (n < 631152000 || n > 4102444800) return false;
    r->day = dh_day_of_number((int64_t)(n / 86400));
    r->hour = (int)(n % 86400 / 3600);
    r->minute = (int)(n % 3600 / 60);
    r->second = (int)(n % 60);
    r->offset = 0;
    return true;
}

dh_slice dh_date_parse(dh_slice text, dh_slice lang, dh_arena *arena) {
    reading r = {.hour = -1, .second = -1, .offset = NO_OFFSET};
    text = dh_slice_trim(text);
    if (text.len > MAX_TEXT) text.len = MAX_TEXT;
    if (text.len < 6) return (dh_slice){NULL, 0};
    dh_slice folded = dh_date_fold(text, arena);
    if (by_iso(folded, &r) || by_epoch(folded, &r)) return write_reading(&r, arena);
    dh_date_tokens tokens;
    dh_date_cut(&tokens, folded);
    uint32_t begin = 0, end = 0;
    r.day = by_units(&tokens, &begin, &end);
    if (r.day.year == 0) {
        uint32_t named_begin, named_end;
        r.day = by_numbers(&tokens, lang, &begin, &end);
        dh_day named = by_name(&tokens, lang, &named_begin, &named_end);
        if (named.year != 0 && (r.day.year == 0 || named_begin < begin)) {
            r.day = named;
            begin = named_begin;
            end = named_end;
        }
    }
    if (r.day.year == 0) return (dh_slice){NULL, 0};
    add_time(&tokens, begin, end, &r);
    return write_reading(&r, arena);
}
