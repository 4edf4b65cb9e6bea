/* SPDX-License-Identifier: Apache-2.0 */
/* date_format: the pattern is walked beside the folded text from every place where it may begin. */
#include "rules/date_format.h"

#include "base/buf.h"
#include "text/date.h"

enum { NOT_SAID = -1, MAX_PATTERN = 200, MAX_TEXT = 1000, NO_OFFSET = 100000 };

typedef struct reading {
    int year, month, day, hour, minute, second;
    int pm;     /* 0 AM, 1 PM */
    int offset; /* minutes east of Greenwich */
} reading;

typedef struct places {
    dh_slice format, text; /* what is left of them */
    bool behind_name;      /* the fold took the full stop of "Sept." */
} places;

static char letter_of(char c) {
    if (c == 'D') return 'd';
    if (c == 'Y' || c == 'u') return 'y';
    if (c == 'L') return 'M';
    if (c == 'c' || c == 'e') return 'E';
    if (c == 'k' || c == 'K' || c == 'h') return 'H';
    if (c == 'z' || c == 'X' || c == 'x') return 'Z';
    return c;
}

const char *dh_date_format_check(dh_slice format) {
    bool year = false, month = false, day = false, quoted = false;
    if (format.len > MAX_PATTERN) return "a date's format is at most 200 characters long";
    for (size_t i = 0; i < format.len; i++) {
        char c = letter_of(format.ptr[i]);
        if (c == '\'') quoted = !quoted;
        if (quoted || !dh_is_alpha(c)) continue;
        if (strchr("yMdEHmsaZ", c) == NULL)
            return "a date's format is made of y M d E H h m s a Z; other words stand in '...'";
        year |= c == 'y';
        month |= c == 'M';
        day |= c == 'd';
    }
    if (quoted) return "a ' of the date's format is not closed";
    return year && month && day ? NULL : "a date's format needs a year (y), a month (M) and a day (d)";
}

static void skip_space(dh_slice *s) {
    while (s->len > 0 && dh_is_space(s->ptr[0])) *s = dh_slice_sub(*s, 1, s->len);
}

static size_t run_length(dh_slice s) {
    size_t n = 1;
    while (n < s.len && s.ptr[n] == s.ptr[0]) n++;
    return n;
}

/* Up to most digits; another number field directly behind takes its own. */
static bool read_number(dh_slice *text, size_t most, int *out) {
    size_t n = 0;
    int value = 0;
    while (n < text->len && n < most && dh_is_digit(text->ptr[n]))
        value = value * 10 + (text->ptr[n++] - '0');
    *text = dh_slice_sub(*text, n, text->len);
    *out = value;
    return n > 0;
}

/* Bytes up to what cannot be part of a name. */
static size_t name_length(dh_slice text) {
    size_t n = 0;
    while (n < text.len && ((unsigned char)text.ptr[n] >= 0x80 || dh_is_alpha(text.ptr[n]))) n++;
    return n;
}

/* Names of one or two words ("kanun al-thani"): the longer first. */
static bool read_month_name(dh_slice *text, int *month) {
    size_t first = name_length(*text), second = first;
    if (first == 0) return false;
    if (first < text->len && text->ptr[first] == ' ')
        second = first + 1 + name_length(dh_slice_sub(*text, first + 1, text->len));
    for (int words = 2; words > 0; words--) {
        size_t n = words == 2 ? second : first;
        dh_month found = dh_month_find(dh_slice_sub(*text, 0, n), (dh_slice){NULL, 0});
        if (found.number == 0 || found.jalali) continue;
        *month = found.number;
        *text = dh_slice_sub(*text, n, text->len);
        return true;
    }
    return false;
}

static bool read_offset(dh_slice *text, int *offset) {
    if (text->len > 0 && (text->ptr[0] == 'z' || text->ptr[0] == 'Z')) {
        *text = dh_slice_sub(*text, 1, text->len);
        *offset = 0;
        return true;
    }
    if (text->len == 0 || (text->ptr[0] != '+' && text->ptr[0] != '-')) return false;
    int sign = text->ptr[0] == '-' ? -1 : 1, hours = 0, minutes = 0;
    *text = dh_slice_sub(*text, 1, text->len);
    if (!read_number(text, 2, &hours)) return false;
    if (text->len > 0 && text->ptr[0] == ':') *text = dh_slice_sub(*text, 1, text->len);
    (void)read_number(text, 2, &minutes);
    *offset = sign * (hours * 60 + minutes);
    return true;
}

static bool read_half(dh_slice *text, int *pm) {
    if (text->len < 2 || text->ptr[1] != 'm' || (text->ptr[0] != 'a' && text->ptr[0] != 'p'))
        return false;
    *pm = text->ptr[0] == 'p';
    *text = dh_slice_sub(*text, 2, text->len);
    return true;
}

static bool read_letter(places *at, reading *r) {
    size_t n = run_length(at->format);
    char letter = letter_of(at->format.ptr[0]);
    at->format = dh_slice_sub(at->format, n, at->format.len);
    bool packed = at->format.len > 0 && dh_is_alpha(at->format.ptr[0]); /* yyyyMMdd */
    size_t most = packed ? n : 2;
    switch (letter) {
    case 'y':
        if (!read_number(&at->text, n == 2 ? 2 : 4, &r->year)) return false;
        if (n == 2) r->year += r->year < 70 ? 2000 : 1900;
        return true;
    case 'M':
        return n > 2 ? read_month_name(&at->text, &r->month)
                     : read_number(&at->text, most, &r->month);
    case 'd':
        return read_number(&at->text, most, &r->day);
    case 'H':
        return read_number(&at->text, most, &r->hour);
    case 'm':
        return read_number(&at->text, most, &r->minute);
    case 's':
        return read_number(&at->text, most, &r->second);
    case 'a':
        return read_half(&at->text, &r->pm);
    case 'Z':
        return read_offset(&at->text, &r->offset);
    case 'E':
        n = name_length(at->text);
        at->text = dh_slice_sub(at->text, n, at->text.len);
        return n > 0;
    default:
        return false;
    }
}

/* A character of the pattern that stands for itself. */
static bool read_literal(places *at) {
    char c = at->format.ptr[0];
    if (dh_is_space(c)) {
        if (at->text.len > 0 && !dh_is_space(at->text.ptr[0])) return false;
        skip_space(&at->format);
        skip_space(&at->text);
        return true;
    }
    bool folded_away = c == '.' && at->behind_name;
    if (at->text.len == 0 || at->text.ptr[0] != c) {
        if (folded_away) at->format = dh_slice_sub(at->format, 1, at->format.len);
        return folded_away;
    }
    at->format = dh_slice_sub(at->format, 1, at->format.len);
    at->text = dh_slice_sub(at->text, 1, at->text.len);
    return true;
}

static bool fits(dh_slice format, dh_slice text, reading *r) {
    places at = {.format = format, .text = text};
    bool quoted = false;
    while (at.format.len > 0) {
        char c = at.format.ptr[0];
        bool twice = c == '\'' && at.format.len > 1 && at.format.ptr[1] == '\'';
        if (c == '\'') at.format = dh_slice_sub(at.format, 1, at.format.len);
        if (c == '\'' && !twice) {
            quoted = !quoted;
            continue;
        }
        bool letter = dh_is_alpha(c) && !quoted;
        bool name = letter && !dh_is_digit(at.text.len > 0 ? at.text.ptr[0] : '0');
        if (!(letter ? read_letter(&at, r) : read_literal(&at))) return false;
        at.behind_name = name;
    }
    return true;
}

static bool is_date(const reading *r) {
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (r->year < 1000 || r->month < 1 || r->month > 12 || r->day < 1) return false;
    bool leap = r->year % 4 == 0 && (r->year % 100 != 0 || r->year % 400 == 0);
    int most = r->month == 2 && !leap ? 28 : days[r->month - 1];
    return r->day <= most && r->hour < 25 && r->minute < 60 && r->second < 61;
}

static dh_slice written(reading r, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_printf(&out, "%04d-%02d-%02d", r.year, r.month, r.day);
    if (r.pm == 1 && r.hour < 12) r.hour += 12;
    if (r.pm == 0 && r.hour == 12) r.hour = 0;
    if (r.hour == 24) r.hour = 0;
    if (r.hour == NOT_SAID || r.minute == NOT_SAID) return dh_buf_slice(&out);
    dh_buf_printf(&out, "T%02d:%02d:%02d", r.hour, r.minute, r.second > 0 ? r.second : 0);
    if (r.offset == NO_OFFSET) return dh_buf_slice(&out);
    int size = r.offset < 0 ? -r.offset : r.offset;
    dh_buf_printf(&out, "%c%02d:%02d", r.offset < 0 ? '-' : '+', size / 60, size % 60);
    return dh_buf_slice(&out);
}

/* The pattern's words in the form that the text is folded to; its letters as they are. */
static dh_slice folded_format(dh_slice format, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    while (format.len > 0) {
        size_t close = format.ptr[0] == '\'' ? dh_slice_find(dh_slice_sub(format, 1, format.len),
                                                             DH_SLICE("'"))
                                             : DH_NPOS;
        if (close == DH_NPOS) {
            dh_buf_putc(&out, format.ptr[0]);
            format = dh_slice_sub(format, 1, format.len);
            continue;
        }
        dh_buf_putc(&out, '\'');
        if (close > 0)
            dh_buf_put_slice(&out, dh_date_fold(dh_slice_sub(format, 1, close + 1), arena));
        dh_buf_putc(&out, '\'');
        format = dh_slice_sub(format, close + 2, format.len);
    }
    return dh_buf_slice(&out);
}

dh_slice dh_date_format_read(dh_slice format, dh_slice text, dh_arena *arena) {
    dh_slice pattern = folded_format(format, arena);
    dh_slice folded = dh_date_fold(dh_slice_sub(text, 0, MAX_TEXT), arena);
    for (size_t i = 0; i < folded.len; i++) {
        bool inside = i > 0 && dh_is_digit(folded.ptr[i - 1]) && dh_is_digit(folded.ptr[i]);
        if (inside || ((unsigned char)folded.ptr[i] & 0xC0) == 0x80) continue;
        reading r = {.hour = NOT_SAID, .minute = NOT_SAID, .second = NOT_SAID, .pm = NOT_SAID,
                     .offset = NO_OFFSET};
        if (fits(pattern, dh_slice_sub(folded, i, folded.len), &r) && is_date(&r))
            return written(r, arena);
    }
    return (dh_slice){NULL, 0};
}
