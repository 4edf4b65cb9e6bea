/* SPDX-License-Identifier: Apache-2.0 */
/* mojibake: UTF-8 that was read as windows-1252 and written as UTF-8 again: "Ã©" for an e with acute,
 * "Ø§Ù„" for Arabic alef and lam, "â€™" for an apostrophe. Shared by input/ (whole pages) and text/
 * (single blocks). */
#ifndef DH_BASE_MOJIBAKE_H
#define DH_BASE_MOJIBAKE_H

#include "base/buf.h"

/* A quick look for one such pair of characters; false for nearly all text. */
bool dh_mojibake_suspect(dh_slice text);

/* Undoes it in valid UTF-8 when that is certain: all code points above ASCII are the windows-1252
 * (or Latin-1) images of bytes, these bytes are well-formed UTF-8 for letters and marks that text has,
 * at least `least` sequences were found (one of three bytes or more counts twice), and not all of them are pairs that occur in honest text, such
 * as a capital letter before a quotation mark. Then true, and the text is in out, which may have
 * bytes of its own only on failure. offsets: as in dh_text_clean, n of them, may be NULL. */
bool dh_mojibake_repair(dh_slice text, uint32_t least, dh_buf *out, uint32_t *offsets, size_t n);

#endif
