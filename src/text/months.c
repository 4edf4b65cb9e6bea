/* SPDX-License-Identifier: Apache-2.0 */
/* months: finding a month by its folded name in the generated table. */
#include "text/date.h"

typedef struct month_name {
    uint16_t at; /* in the pool: page, and byte of it, 4096 a page */
    uint8_t len;
    uint8_t month; /* 1..12, plus 16 for the Solar Hijri calendar */
} month_name;

typedef struct month_exception {
    uint16_t name; /* index of the name */
    char lang[4];
    uint8_t month;
} month_exception;

#include "text/months.inc"

static dh_slice name_of(size_t i) {
    return (dh_slice){pool[names[i].at >> 12] + (names[i].at & 4095), names[i].len};
}

static dh_month unpack(uint8_t packed) {
    return (dh_month){.number = packed & 15, .jalali = (packed & 16) != 0};
}

static bool is_lang(const char *want, dh_slice lang) {
    size_t len = strlen(want);
    return lang.len >= len && dh_slice_eq_nocase(dh_slice_sub(lang, 0, len), dh_slice_cstr(want)) &&
           (lang.len == len || lang.ptr[len] == '-' || lang.ptr[len] == '_');
}

dh_month dh_month_find(dh_slice name, dh_slice lang) {
    size_t low = 0, high = sizeof names / sizeof *names;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (dh_slice_compare(name_of(middle), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == sizeof names / sizeof *names || !dh_slice_eq(name_of(low), name))
        return (dh_month){0};
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
        if (exceptions[i].name == low && is_lang(exceptions[i].lang, lang))
            return unpack(exceptions[i].month);
    return unpack(names[low].month);
}
