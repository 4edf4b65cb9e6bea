/* SPDX-License-Identifier: Apache-2.0 */
#include "blocks/layout.h"

#include <string.h>

enum { COLUMN_PARAGRAPHS = 4 };

static bool style_hides(dh_slice style) {
    size_t at = dh_slice_find_nocase(style, DH_SLICE("display"));
    if (at != DH_NPOS) {
        dh_slice rest = dh_slice_trim(dh_slice_sub(style, at + 7, style.len));
        if (rest.len > 0 && rest.ptr[0] == ':' &&
            dh_slice_starts_nocase(dh_slice_trim(dh_slice_sub(rest, 1, rest.len)),
                                   DH_SLICE("none")))
            return true;
    }
    at = dh_slice_find_nocase(style, DH_SLICE("visibility"));
    if (at == DH_NPOS) return false;
    dh_slice rest = dh_slice_trim(dh_slice_sub(style, at + 10, style.len));
    return rest.len > 0 && rest.ptr[0] == ':' &&
           dh_slice_starts_nocase(dh_slice_trim(dh_slice_sub(rest, 1, rest.len)),
                                  DH_SLICE("hidden"));
}

bool dh_layout_is_hidden(dh_dom *dom, uint32_t id) {
    uint32_t n;
    const dh_attr *attrs = dh_dom_attrs(dom, id, &n);
    for (uint32_t i = 0; i < n; i++) {
        dh_slice name = attrs[i].name;
        if (name.len == 6 && memcmp(name.ptr, "hidden", 6) == 0)
            return !dh_slice_eq_nocase(attrs[i].value, DH_SLICE("until-found"));
        if (name.len == 5 && memcmp(name.ptr, "style", 5) == 0 && style_hides(attrs[i].value))
            return true;
        if (name.len == 11 && memcmp(name.ptr, "aria-hidden", 11) == 0 &&
            dh_slice_eq_nocase(attrs[i].value, DH_SLICE("true")))
            return true;
    }
    return false;
}

bool dh_layout_is_data_table(dh_dom *dom, uint32_t id) {
    uint32_t rows = 0, cells = 0, inner = 0;
    if (dh_slice_eq_nocase(dh_dom_attr_value(dom, id, DH_SLICE("role")), DH_SLICE("presentation")))
        return false;
    for (uint32_t i = id + 1; i < dom->nodes[id].end; i++) {
        dh_tag tag = dom->nodes[i].tag;
        switch (tag) {
        case DH_TAG_table:
        case DH_TAG_article:
        case DH_TAG_section:
        case DH_TAG_h1:
        case DH_TAG_h2:
        case DH_TAG_form:
        case DH_TAG_nav:
            return false;
        case DH_TAG_tr:
            rows++;
            break;
        case DH_TAG_td:
        case DH_TAG_th:
            cells++;
            break;
        case DH_TAG_p:
        case DH_TAG_div:
        case DH_TAG_br:
        case DH_TAG_li:
        case DH_TAG_blockquote:
            inner++;
            break;
        default:
            break;
        }
    }
    return rows >= 2 && cells > rows && inner <= cells * 2;
}

bool dh_layout_is_column(dh_dom *dom, uint32_t id) {
    unsigned paragraphs = 0;
    uint32_t i = id + 1;
    while (i < dom->nodes[id].end) {
        dh_tag tag = dom->nodes[i].tag;
        if (tag == DH_TAG_h1 || tag == DH_TAG_article || tag == DH_TAG_main) return true;
        if (tag == DH_TAG_p && ++paragraphs == COLUMN_PARAGRAPHS) return true;
        i = tag == DH_TAG_li ? dom->nodes[i].end
                             : i + 1; /* what is in there is that one's affair */
    }
    return false;
}
