/* SPDX-License-Identifier: Apache-2.0 */
/* decode: bytes of a page to valid UTF-8, and whether they are HTML, text or neither.
 * Order: caller's override, BOM, HTTP header, <meta> prescan of the first 4096 bytes (WHATWG Encoding and HTML
 * standards; only their labels are known, so latin1 is windows-1252, and UTF-7 and its kin do not
 * exist), valid UTF-8, ICU detection. A label the bytes contradict (UTF-8 that is not, or the
 * reverse) is noticed and overruled. UTF-16 without a mark is seen by its NULs; `replacement`, as a
 * page's label, says nothing. XML, feeds too, counts as HTML. */
#ifndef DH_INPUT_DECODE_H
#define DH_INPUT_DECODE_H

#include "base/arena.h"

typedef struct dh_decoder dh_decoder; /* open converters, reused from page to page; one thread */

typedef enum dh_charset_why {
    DH_CHARSET_OPTION,
    DH_CHARSET_BOM,
    DH_CHARSET_HTTP,
    DH_CHARSET_META,
    DH_CHARSET_VALID_UTF8,
    DH_CHARSET_DETECTED,
    DH_CHARSET_FALLBACK
} dh_charset_why;

typedef enum dh_content { DH_CONTENT_HTML, DH_CONTENT_TEXT, DH_CONTENT_BINARY } dh_content;

typedef struct dh_decoded {
    dh_slice text; /* valid UTF-8 without BOM, CR LF and CR as LF, NUL as U+FFFD; followed by a NUL.
                         When the input was already so, text.ptr points into the input or arena. */
    dh_slice charset; /* WHATWG name ("UTF-8", "windows-1256"); static */
    dh_charset_why why;
    dh_slice wrong_label; /* a label that was overruled, else empty */
    uint32_t replaced;    /* ill-formed sequences that became U+FFFD */
    bool mojibake;        /* doubly encoded UTF-8 was repaired */
    dh_content content;
    dh_slice
        binary_what; /* for DH_CONTENT_BINARY: "PDF", "PNG image", "zip archive", "binary data" */
} dh_decoded;

/* NULL when memory is out. */
dh_decoder *dh_decoder_new(void);
void dh_decoder_free(dh_decoder *decoder);

/* charset: caller's override or empty; http: value of the Content-Type header or empty.
 * Fails only with DH_ERR_MEMORY/DH_ERR_LIMIT (through the arena) or DH_ERR_USAGE for an unknown
 * override. data must be followed by no particular byte. */
dh_status dh_decode(dh_decoder *decoder, dh_slice data, dh_slice charset, dh_slice http,
                    dh_arena *arena, dh_decoded *out, dh_error *error);

/* The WHATWG name for a label ("latin1" -> "windows-1252"), empty when it is none. */
dh_slice dh_charset_of_label(dh_slice label);
const char *dh_charset_why_name(dh_charset_why why); /* "bom", "http", "meta", ... */

#endif
