/* SPDX-License-Identifier: Apache-2.0 */
/* day: calendar arithmetic, and the dates that addresses carry. */
#include "meta/date.h"

#include "base/buf.h"
#include "base/url.h"

static bool is_leap(int32_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static uint32_t month_length(int32_t year, uint32_t month) {
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

/* News pages carry dates of scanned archives, but nothing older. */
bool dh_day_valid(dh_day day) {
    return day.year >= 1800 && day.year <= 2100 && day.month >= 1 && day.month <= 12 &&
           day.day >= 1 && day.day <= month_length(day.year, day.month);
}

int64_t dh_day_number(dh_day day) {
    static const uint16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t y = day.year - 1;
    int64_t days = y * 365 + y / 4 - y / 100 + y / 400 + before[day.month - 1] + day.day;
    if (day.month > 2 && is_leap(day.year)) days++;
    return days - 719163; /* 1970-01-01 counted from 0001-01-01 as day 1 */
}

dh_day dh_day_of_number(int64_t number) {
    /* A year that is not too late, for a start. */
    dh_day day = {(int32_t)(1970 + (number < 0 ? number / 365 - 1 : number / 366)), 1, 1};
    while (dh_day_number((dh_day){day.year + 1, 1, 1}) <= number) day.year++;
    int64_t rest = number - dh_day_number(day);
    while (rest >= month_length(day.year, day.month)) rest -= month_length(day.year, day.month++);
    day.day = (uint32_t)rest + 1;
    return day;
}

static bool is_jalali_leap(int32_t year) {
    int32_t in_cycle = year % 33;
    return in_cycle == 1 || in_cycle == 5 || in_cycle == 9 || in_cycle == 13 || in_cycle == 17 ||
           in_cycle == 22 || in_cycle == 26 || in_cycle == 30;
}

dh_day dh_day_of_jalali(int32_t year, uint32_t month, uint32_t day) {
    if (year < 1244 || year > 1498 || month < 1 || month > 12 || day < 1) return (dh_day){0};
    uint32_t length = month <= 6 ? 31 : month <= 11 || is_jalali_leap(year) ? 30 : 29;
    if (day > length) return (dh_day){0};
    int64_t number = dh_day_number((dh_day){2024, 3, 20}); /* 1 Farvardin 1403 */
    for (int32_t y = 1403; y < year; y++) number += is_jalali_leap(y) ? 366 : 365;
    for (int32_t y = year; y < 1403; y++) number -= is_jalali_leap(y) ? 366 : 365;
    number += month <= 6 ? (month - 1) * 31 : 186 + (month - 7) * 30;
    return dh_day_of_number(number + day - 1);
}

static uint32_t digits_at(dh_slice s, size_t at, size_t n) {
    uint32_t value = 0;
    for (size_t i = at; i < at + n; i++) {
        if (i >= s.len || !dh_is_digit(s.ptr[i])) return UINT32_MAX;
        value = value * 10 + (uint32_t)(s.ptr[i] - '0');
    }
    return value;
}

dh_day dh_day_of_iso(dh_slice iso) {
    uint32_t year = digits_at(iso, 0, 4), month = digits_at(iso, 5, 2), d = digits_at(iso, 8, 2);
    dh_day day = {(int32_t)(year == UINT32_MAX ? 0 : year), month, d};
    return iso.len >= 10 && iso.ptr[4] == '-' && iso.ptr[7] == '-' && dh_day_valid(day)
               ? day
               : (dh_day){0};
}

/* A run of digits beginning with YYYYMMDD; longer ones only as YYYYMMDDhhmm... */
static dh_day of_run(dh_slice path, size_t at, size_t len) {
    dh_day day = {(int32_t)digits_at(path, at, 4), digits_at(path, at + 4, 2),
                  digits_at(path, at + 6, 2)};
    bool fits = len == 8 ||
                (len >= 12 && digits_at(path, at + 8, 2) < 24 && digits_at(path, at + 10, 2) < 60);
    return fits ? day : (dh_day){0};
}

/* YYYY/MM/DD, YYYY-MM-DD, YYYY_MM_DD and YYYY/MMDD behind a year of four digits. */
static dh_day of_parts(dh_slice path, size_t at) {
    char between = at + 4 < path.len ? path.ptr[at + 4] : '\0';
    if (between != '/' && between != '-' && between != '_') return (dh_day){0};
    size_t rest = at + 5, len = 0;
    while (rest + len < path.len && dh_is_digit(path.ptr[rest + len])) len++;
    dh_day day = {(int32_t)digits_at(path, at, 4), digits_at(path, rest, len <= 2 ? len : 2), 0};
    if (len == 4 && between == '/') {
        day.day = digits_at(path, rest + 2, 2);
        return day;
    }
    if (len < 1 || len > 2 || rest + len >= path.len || path.ptr[rest + len] != between)
        return (dh_day){0};
    rest += len + 1;
    for (len = 0; rest + len < path.len && dh_is_digit(path.ptr[rest + len]);) len++;
    if (len < 1 || len > 2) return (dh_day){0};
    day.day = digits_at(path, rest, len);
    return day;
}

dh_slice dh_date_of_url(dh_slice url, dh_arena *arena) {
    dh_slice path = dh_url_path(url);
    for (size_t i = 0; i < path.len; i++) {
        if (!dh_is_digit(path.ptr[i])) continue;
        size_t len = 1;
        while (i + len < path.len && dh_is_digit(path.ptr[i + len])) len++;
        dh_day day = len == 4 ? of_parts(path, i) : len >= 8 ? of_run(path, i, len) : (dh_day){0};
        if (day.year >= 1990 && dh_day_valid(day)) {
            dh_buf out;
            dh_buf_init(&out, arena, 0);
            dh_buf_printf(&out, "%04d-%02u-%02u", (int)day.year, day.month, day.day);
            return dh_buf_slice(&out);
        }
        i += len;
    }
    return (dh_slice){NULL, 0};
}
