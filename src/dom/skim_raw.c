/* SPDX-License-Identifier: Apache-2.0 */
#include "dom/skim_raw.h"

size_t dh_skim_raw_end(dh_slice page, size_t at, dh_slice name) {
    while (at < page.len) {
        const char *hit = memchr(page.ptr + at, '<', page.len - at);
        if (hit == NULL) return page.len;
        at = (size_t)(hit - page.ptr);
        dh_slice rest = {hit + 1, page.len - at - 1};
        if (rest.len > name.len + 1 && rest.ptr[0] == '/' &&
            dh_slice_starts_nocase(dh_slice_sub(rest, 1, rest.len), name)) {
            char next = rest.ptr[name.len + 1];
            if (dh_is_space(next) || next == '/' || next == '>') return at;
        }
        at++;
    }
    return page.len;
}

/* Script data has an escape: inside of "<!-- <script" an end tag only ends the inner script, until
 * "-->" (HTML standard, 13.2.5.15 to 13.2.5.31). */
size_t dh_skim_script_end(dh_slice page, size_t at, bool *unclosed) {
    static const dh_slice script = DH_SLICE_INIT("script");
    size_t close = dh_skim_raw_end(page, at, script);
    dh_slice body = {page.ptr + at, close - at};
    size_t comment = dh_slice_find(body, DH_SLICE("<!--"));
    if (comment == DH_NPOS || *unclosed) return close;
    size_t from = at + comment + 4;
    while (close < page.len) {
        dh_slice inside = {page.ptr + from, close - from};
        if (dh_slice_has(inside, DH_SLICE("-->"))) return close;
        if (!dh_slice_has_nocase(inside, DH_SLICE("<script"))) return close;
        from = close + 8 < page.len ? close + 8 : page.len;
        close = dh_skim_raw_end(page, from, script);
    }
    /* Never closed again, by any later script either: believe the first end tag rather than lose the
     * page. */
    *unclosed = true;
    return dh_skim_raw_end(page, at, script);
}

size_t dh_skim_markup_end(dh_slice page, size_t at) {
    dh_slice rest = {page.ptr + at, page.len - at};
    if (dh_slice_starts(rest, DH_SLICE("<!--"))) {
        if (dh_slice_starts(rest, DH_SLICE("<!-->"))) return at + 5;
        if (dh_slice_starts(rest, DH_SLICE("<!--->"))) return at + 6;
        size_t from = 4;
        while (from < rest.len) {
            const char *dash = memchr(rest.ptr + from, '-', rest.len - from);
            if (dash == NULL) break;
            from = (size_t)(dash - rest.ptr);
            dh_slice tail = dh_slice_sub(rest, from, rest.len);
            if (dh_slice_starts(tail, DH_SLICE("-->"))) return at + from + 3;
            if (dh_slice_starts(tail, DH_SLICE("--!>"))) return at + from + 4;
            from++;
        }
        return page.len;
    }
    const char *close = memchr(rest.ptr, '>', rest.len);
    return close != NULL ? at + (size_t)(close - rest.ptr) + 1 : page.len;
}

size_t dh_skim_next_end(dh_skim_ends *ends, dh_slice page, size_t at, dh_tag tag, dh_slice name) {
    if (ends->next[tag] < at || ends->next[tag] == 0)
        ends->next[tag] = dh_skim_raw_end(page, at, name);
    return ends->next[tag];
}

/* The last `what` in page from `at` to `end`, or 0. */
static size_t find_last(dh_slice page, size_t at, size_t end, dh_slice what) {
    size_t last = 0, found;
    while ((found = dh_slice_find_nocase(dh_slice_sub(page, at, end), what)) != DH_NPOS) {
        last = at + found;
        at = last + 1;
    }
    return last;
}

bool dh_skim_may_escape(dh_skim_ends *ends, dh_slice page, size_t at, size_t end) {
    if (ends->comment < at) {
        const size_t found = dh_slice_find(dh_slice_sub(page, at, page.len), DH_SLICE("<!--"));
        ends->comment = found == DH_NPOS ? page.len : at + found;
    }
    if (ends->comment >= end) return false;
    if (ends->end != end) { /* else a script that began before has it, too */
        ends->end = end;
        ends->close = find_last(page, at, end, DH_SLICE("-->"));
        ends->script = find_last(page, at, end, DH_SLICE("<script"));
    }
    const size_t inside = ends->comment + 4;
    return ends->close < inside && ends->script >= inside;
}
