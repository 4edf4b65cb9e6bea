/* SPDX-License-Identifier: Apache-2.0 */
/* date: private to meta/. Calendar arithmetic and dates in addresses, beside dh_date_parse. */
#ifndef DH_META_DATE_H
#define DH_META_DATE_H

#include "base/arena.h"

/* A day of the Gregorian calendar; year 0: none. */
typedef struct dh_day {
    int32_t year;
    uint32_t month, day;
} dh_day;

bool dh_day_valid(dh_day day);
/* Days since 1970-01-01, and back. */
int64_t dh_day_number(dh_day day);
dh_day dh_day_of_number(int64_t number);
/* From the Solar Hijri calendar (33-year cycle, right for the years 1244 to 1498); year 0 when the
 * day does not exist. */
dh_day dh_day_of_jalali(int32_t year, uint32_t month, uint32_t day);
/* The day a date starts with ("2024-05-14T..."), year 0 when it does not. */
dh_day dh_day_of_iso(dh_slice iso);

/* The date in an address's path (/2024/05/14/, /2024-05-14-, /20240514, /2024/0514/), empty when there is none. */
dh_slice dh_date_of_url(dh_slice url, dh_arena *arena);

#endif
