/* SPDX-License-Identifier: Apache-2.0 */
/* The tree built through skim against the one that Gumbo builds from the whole page (tree/same.h says
 * what is compared). The first byte chooses: an even one, the rest is a page as it stands; an odd
 * one, each byte of the rest is one of the pieces below, from which odd pages are made quickly.
 *
 * Not compared, only parsed: pages with what we treat otherwise on purpose. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "input/decode.h"
#include "tree/same.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char *const pieces[] = {"x",
                                     " ",
                                     "\n",
                                     "&amp;",
                                     "&#32;",
                                     "&nbsp",
                                     "<!---->",
                                     "<!doctype html>",
                                     "<p>",
                                     "</p>",
                                     "<div>",
                                     "</div>",
                                     "<div class=a>",
                                     "<b>",
                                     "</b>",
                                     "<b class=a>",
                                     "<i>",
                                     "</i>",
                                     "<a href=1>",
                                     "</a>",
                                     "<a href='2' id=b>",
                                     "<font size=1>",
                                     "</font>",
                                     "<span>",
                                     "</span>",
                                     "<x-y>",
                                     "</x-y>",
                                     "<table>",
                                     "</table>",
                                     "<tr>",
                                     "</tr>",
                                     "<td>",
                                     "</td>",
                                     "<th>",
                                     "<tbody>",
                                     "</tbody>",
                                     "<thead>",
                                     "<tfoot>",
                                     "<caption>",
                                     "</caption>",
                                     "<colgroup>",
                                     "<col>",
                                     "<ul>",
                                     "</ul>",
                                     "<li>",
                                     "</li>",
                                     "<dl>",
                                     "<dt>",
                                     "<dd>",
                                     "</dl>",
                                     "<h1>",
                                     "</h1>",
                                     "<h2>",
                                     "</h2>",
                                     "<pre>",
                                     "</pre>",
                                     "<textarea>",
                                     "</textarea>",
                                     "<title>",
                                     "</title>",
                                     "<style>",
                                     "</style>",
                                     "<script>",
                                     "</script>",
                                     "<noscript>",
                                     "</noscript>",
                                     "<iframe>",
                                     "</iframe>",
                                     "<xmp>",
                                     "</xmp>",
                                     "<select>",
                                     "</select>",
                                     "<option>",
                                     "<optgroup>",
                                     "</option>",
                                     "<input>",
                                     "<input type=hidden>",
                                     "<form>",
                                     "</form>",
                                     "<button>",
                                     "</button>",
                                     "<template>",
                                     "</template>",
                                     "<frameset>",
                                     "</frameset>",
                                     "<frame>",
                                     "<noframes>",
                                     "</noframes>",
                                     "<html>",
                                     "</html>",
                                     "<html lang=a>",
                                     "<head>",
                                     "</head>",
                                     "<body>",
                                     "</body>",
                                     "<body class=b>",
                                     "<body id=c class=d>",
                                     "<br>",
                                     "</br>",
                                     "<img src=a>",
                                     "<image>",
                                     "<hr>",
                                     "<nobr>",
                                     "</nobr>",
                                     "<object>",
                                     "</object>",
                                     "<marquee>",
                                     "</marquee>",
                                     "<ruby>",
                                     "<rt>",
                                     "<rp>",
                                     "</ruby>",
                                     "<plaintext>",
                                     "<meta>",
                                     "<link>",
                                     "<base>",
                                     "<address>",
                                     "</address>",
                                     "<section>",
                                     "</section>",
                                     "<listing>",
                                     "</listing>",
                                     "<em>",
                                     "</em>",
                                     "<p id=a id=b c>",
                                     "<br/>",
                                     "<div/>",
                                     "<embed>",
                                     "<applet>",
                                     "</applet>",
                                     "<keygen>",
                                     "<noembed>",
                                     "</noembed>",
                                     "</x>",
                                     "</>",
                                     "<?x>",
                                     "<!x>",
                                     "<",
                                     "<![CDATA[x]]>",
                                     "<main>",
                                     "</main>",
                                     "<figure>",
                                     "<details>",
                                     "<summary>",
                                     "<dialog>",
                                     "<center>",
                                     "<code>",
                                     "</code>",
                                     "<u>",
                                     "</u>",
                                     "<small>",
                                     "<strike>",
                                     "\t",
                                     "\f",
                                     "&",
                                     "&lt",
                                     "&#x41",
                                     "</body x>",
                                     "<td class=a>",
                                     "<tr id=r>",
                                     "<wbr>",
                                     "<area>",
                                     "<param>",
                                     "<source>",
                                     "<bgsound>",
                                     "<menu>",
                                     "<menuitem>",
                                     "<blockquote>",
                                     "</blockquote>",
                                     "<fieldset>",
                                     "<legend>",
                                     "<label>",
                                     "<video>",
                                     "</video>"};
enum { PIECES = sizeof pieces / sizeof pieces[0] };

static dh_slice page_of(const uint8_t *bytes, size_t size, dh_arena *arena) {
    if (size == 0 || bytes[0] % 2 == 0)
        return dh_slice_make((const char *)bytes + (size > 0), size > 0 ? size - 1 : 0);
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    for (size_t i = 1; i < size; i++) dh_buf_puts(&out, pieces[bytes[i] % PIECES]);
    return dh_slice_make(dh_buf_cstr(&out), out.len);
}

/* Behind the next `what` at or behind `at`; DH_NPOS when there is none. */
static size_t behind(dh_slice page, size_t at, dh_slice what) {
    if (at == DH_NPOS) return DH_NPOS;
    for (; at + what.len <= page.len; at++)
        if (dh_slice_starts_nocase(dh_slice_sub(page, at, page.len), what)) return at + what.len;
    return DH_NPOS;
}

/* Whether the page has what is treated otherwise on purpose: drawings, formulas and isindex, for which
 * see src/dom/skim.c; what may be an escape in a script that never ends, where the rest of the page is no
 * script for us; numbers at which Gumbo overflows. */
static bool differs_on_purpose(dh_slice page) {
    static const char *const names[] = {"<svg", "<math", "<isindex"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (dh_slice_has_nocase(page, dh_slice_cstr(names[i]))) return true;
    const dh_slice script = DH_SLICE("<script");
    const size_t escape = behind(page, behind(page, 0, script), DH_SLICE("<!--"));
    if (behind(page, escape, script) != DH_NPOS) return true;
    for (size_t at = 0; (at = behind(page, at, DH_SLICE("&#"))) != DH_NPOS;) {
        size_t end = at;
        while (end < page.len && dh_is_alnum(page.ptr[end])) end++;
        if (end - at > 7) return true;
    }
    return false;
}

/* Gumbo makes one character of all control characters and noncharacters. */
static bool has_odd_characters(dh_slice page) {
    const char *end = page.ptr + page.len;
    for (const char *p = page.ptr; p < end;) {
        uint32_t code;
        p += dh_utf8_decode(p, end, &code);
        if ((code < 0x20 && !dh_is_space((char)code)) || (code >= 0x7F && code < 0xA0) ||
            (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF))
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static dh_decoder *decoder;
    const dh_slice none = {NULL, 0};
    const dh_limits limits = same_limits();
    dh_decoded decoded;
    dh_buf ours, gumbo;
    dh_arena arena;
    if (decoder == NULL) decoder = dh_decoder_new();
    dh_arena_init(&arena, 0);
    dh_slice page = page_of(bytes, size, &arena), our_line, gumbo_line;
    if (dh_decode(decoder, page, DH_SLICE("utf-8"), none, &arena, &decoded, NULL) == DH_OK) {
        /* a copy of its own, so that a read behind its NUL is seen */
        page = dh_arena_dup(&arena, decoded.text);
        dh_buf_init(&ours, &arena, 0);
        dh_buf_init(&gumbo, &arena, 0);
        same_ours(page, &limits, &arena, &ours);
        if (!differs_on_purpose(page) && !has_odd_characters(page)) {
            same_gumbo(page, &arena, &gumbo);
            if (same_differ(dh_buf_slice(&ours), dh_buf_slice(&gumbo), &our_line, &gumbo_line) >
                0) {
                fprintf(stderr, "page:\n%.*s\ngumbo:\n%s\nskim:\n%s\n", (int)page.len, page.ptr,
                        dh_buf_cstr(&gumbo), dh_buf_cstr(&ours));
                abort();
            }
        }
    }
    dh_arena_release(&arena);
    return 0;
}
