/* SPDX-License-Identifier: Apache-2.0 */
/* date_format: `| date "dd.MM.yyyy"`: a date read by a pattern in the letters of Unicode's date format
 * patterns (UTS 35, part 4), for forms that cannot be guessed (02/03/04). Private to rules/.
 *
 *   y year (yy: 1970 to 2069)   M month, MMM its name   d day   E name of a day, skipped
 *   H, k, h, K hour   m minute   s second   a AM or PM   Z, z, X, x offset (+0100, +01:00, Z)
 *   'text' that text; '' a quotation mark; D and Y mean d and y
 *
 * The pattern may stand anywhere in the text. Digits of every script count, so do months of every
 * language of text/date.h; letter case and the amount of white space do not. */
#ifndef DH_RULES_DATE_FORMAT_H
#define DH_RULES_DATE_FORMAT_H

#include "base/arena.h"

/* What is wrong with a format, or NULL. Static. */
const char *dh_date_format_check(dh_slice format);
/* ISO 8601, a date or date and time; empty when text does not have it. In arena. */
dh_slice dh_date_format_read(dh_slice format, dh_slice text, dh_arena *arena);

#endif
