/* SPDX-License-Identifier: Apache-2.0 */
/* apply_field: title, author, date ... from elements. Of several lines for a field the first that
 * gives a value counts. Dates are left as the page writes them: the caller reads them, because
 * meta/ stands above this folder. */
#include "base/url.h"
#include "rules/date_format.h"
#include "rules/rules_private.h"
#include "text/clean.h"

static bool field_of(dh_rule_verb verb, dh_field_kind *kind) {
    switch (verb) {
    case DH_RULE_title:
        *kind = DH_FIELD_title;
        return true;
    case DH_RULE_author:
        *kind = DH_FIELD_author;
        return true;
    case DH_RULE_date:
        *kind = DH_FIELD_published;
        return true;
    case DH_RULE_modified:
        *kind = DH_FIELD_modified;
        return true;
    case DH_RULE_section:
        *kind = DH_FIELD_section;
        return true;
    case DH_RULE_tags:
        *kind = DH_FIELD_tag;
        return true;
    case DH_RULE_image:
        *kind = DH_FIELD_image;
        return true;
    case DH_RULE_language:
        *kind = DH_FIELD_language;
        return true;
    case DH_RULE_summary:
        *kind = DH_FIELD_description;
        return true;
    default:
        return false;
    }
}

static bool is_date(dh_rule_verb verb) {
    return verb == DH_RULE_date || verb == DH_RULE_modified;
}

/* Where a line names no attribute: what the element is for, else its text. */
static bool default_attr(dh_rule_run *run, const dh_rule_line *line, uint32_t node,
                         dh_slice *value) {
    dh_dom *dom = run->page->dom;
    dh_tag tag = dom->nodes[node].tag;
    if (tag == DH_TAG_meta) return dh_dom_attr(dom, node, DH_SLICE("content"), value);
    if (tag == DH_TAG_time && is_date(line->verb))
        return dh_dom_attr(dom, node, DH_SLICE("datetime"), value);
    if (tag == DH_TAG_img && line->verb == DH_RULE_image)
        return dh_dom_attr(dom, node, DH_SLICE("src"), value);
    bool leads_on = line->verb == DH_RULE_next_page || line->verb == DH_RULE_single_page;
    if (tag == DH_TAG_a && leads_on) return dh_dom_attr(dom, node, DH_SLICE("href"), value);
    if (tag == DH_TAG_link) return dh_dom_attr(dom, node, DH_SLICE("href"), value);
    return false;
}

static dh_slice raw_value(dh_rule_run *run, const dh_rule_line *line, uint32_t node) {
    dh_slice value;
    if (line->attr.len > 0) return dh_dom_attr_value(run->page->dom, node, line->attr);
    if (default_attr(run, line, node, &value)) return value;
    dh_buf text;
    dh_buf_init(&text, run->page->arena, 0);
    dh_dom_inner_text(run->page->dom, node, &text);
    return dh_buf_slice(&text);
}

static dh_slice without(dh_rule_run *run, dh_slice value, dh_slice word) {
    dh_buf out;
    dh_buf_init(&out, run->page->arena, 0);
    for (size_t at; word.len > 0 && (at = dh_slice_find(value, word)) != DH_NPOS;) {
        dh_buf_put_slice(&out, dh_slice_sub(value, 0, at));
        value = dh_slice_sub(value, at + word.len, value.len);
    }
    dh_buf_put_slice(&out, value);
    return dh_buf_slice(&out);
}

static dh_slice filtered(dh_rule_run *run, const dh_filter *filter, dh_slice value) {
    dh_regex_match match;
    switch (filter->kind) {
    case DH_FILTER_DROP:
        if (filter->regex == NULL) return without(run, value, filter->text);
        if (run->page->regexes == NULL) return value;
        return dh_regex_replace(run->page->regexes, filter->regex, value, DH_SLICE(""),
                                run->page->arena);
    case DH_FILTER_MATCH:
        if (run->page->regexes == NULL ||
            dh_regex_find(run->page->regexes, filter->regex, value, 0, &match) != DH_REGEX_YES)
            return (dh_slice){0};
        return match.group_begin != DH_NPOS
                   ? dh_slice_sub(value, match.group_begin, match.group_end)
                   : dh_slice_sub(value, match.begin, match.end);
    case DH_FILTER_DATE: { /* what it does not fit is read in the usual forms, by the caller */
        dh_slice date = dh_date_format_read(filter->text, value, run->page->arena);
        return date.len > 0 ? date : value;
    }
    case DH_FILTER_AT_MOST:
        break;
    }
    return value;
}

/* The value of an element, or what an XPath said instead. */
static dh_slice raw_of(dh_rule_run *run, const dh_rule_line *line, const dh_css_value *found) {
    bool element = !found->is_attribute && found->node != DH_NO_NODE &&
                   dh_dom_is_element(run->page->dom, found->node);
    return element ? raw_value(run, line, found->node) : found->text;
}

static dh_slice value_of(dh_rule_run *run, const dh_rule_line *line, const dh_css_value *found) {
    dh_arena *arena = run->page->arena;
    dh_slice value = dh_text_clean(raw_of(run, line, found), DH_SPACE_FOLD, arena, NULL, 0);
    for (uint32_t i = 0; i < line->filter_count; i++)
        value = dh_slice_trim(filtered(run, &line->filters[i], value));
    if (line->verb != DH_RULE_image || value.len == 0) return value;
    dh_slice absolute = dh_url_resolve(run->page->url, value, arena);
    return absolute.len > 0 ? absolute : value;
}

dh_slice dh_rule_first_value(dh_rule_run *run, const dh_rule_line *line) {
    dh_css_values found = {0};
    dh_css_evaluate(line->css, &run->css, &found);
    for (uint32_t i = 0; i < found.len; i++) {
        dh_slice value = value_of(run, line, &found.ptr[i]);
        if (value.len > 0) return value;
    }
    return (dh_slice){0};
}

static dh_slice where(dh_rule_run *run, const dh_rule_line *line) {
    dh_buf buf;
    dh_buf_init(&buf, run->page->arena, 0);
    dh_buf_put_slice(&buf, line->file->source);
    dh_buf_printf(&buf, ":%u", (unsigned)line->line);
    return dh_buf_slice(&buf);
}

/* XPath may give texts and attributes, which the walk over all selectors has no place for. */
static dh_css_values found_by(dh_rule_run *run, uint32_t index) {
    dh_css_values found = {0};
    const dh_css *css = run->lines.ptr[index]->css;
    if (css != NULL && dh_css_is_xpath(css)) {
        dh_css_evaluate(css, &run->css, &found);
        return found;
    }
    const dh_node_list *nodes = dh_rule_nodes(run, index);
    for (uint32_t i = 0; i < nodes->len; i++)
        *DH_PUSH(run->page->arena, found) = (dh_css_value){.node = nodes->ptr[i]};
    return found;
}

static bool add_values(dh_rule_run *run, uint32_t index, dh_field_kind kind) {
    const dh_rule_line *line = run->lines.ptr[index];
    dh_css_values found = found_by(run, index);
    bool any = false;
    uint32_t most = line->at_most > 0 ? line->at_most : UINT32_MAX;
    for (uint32_t i = 0; i < found.len && most > 0; i++) {
        dh_field field = {.kind = kind,
                          .source = DH_SOURCE_RULE,
                          .value = value_of(run, line, &found.ptr[i]),
                          .where = where(run, line),
                          .node = found.ptr[i].node};
        if (field.value.len == 0) continue;
        dh_fields_add(run->page->fields, field);
        any = true;
        most--;
        if (!dh_field_many(kind)) break;
    }
    return any;
}

void dh_apply_field(dh_rule_run *run) {
    bool done[DH_RULE_COUNT] = {false};
    for (uint32_t i = 0; i < run->lines.len; i++) {
        const dh_rule_line *line = run->lines.ptr[i];
        dh_field_kind kind;
        if (done[line->verb] || !field_of(line->verb, &kind)) continue;
        done[line->verb] = add_values(run, i, kind);
    }
}
