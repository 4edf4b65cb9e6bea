/* SPDX-License-Identifier: Apache-2.0 */
/* apply_control: `skip if`, `teaser if`, `ad if`, `heuristics`. */
#include "rules/rules_private.h"

static bool target_is_there(dh_rule_run *run, uint32_t i) {
    const dh_rule_line *line = run->lines.ptr[i];
    if (line->css != NULL) return dh_rule_nodes(run, i)->len > 0;
    for (uint32_t b = 0; b < run->page->blocks->len; b++)
        if (dh_rule_phrase_of(run, line, b) != NULL) return true;
    return false;
}

static dh_slice why(dh_rule_run *run, const dh_rule_line *line) {
    dh_buf buf;
    dh_buf_init(&buf, run->page->arena, 0);
    dh_buf_put_slice(&buf, line->file->source);
    dh_buf_printf(&buf, ":%u: ", (unsigned)line->line);
    dh_buf_put_slice(&buf, line->text);
    return dh_buf_slice(&buf);
}

static void say_field(dh_rule_run *run, const dh_rule_line *line, dh_field_kind kind,
                      dh_slice value) {
    dh_buf where;
    dh_buf_init(&where, run->page->arena, 0);
    dh_buf_put_slice(&where, line->file->source);
    dh_buf_printf(&where, ":%u", (unsigned)line->line);
    dh_fields_add(run->page->fields, (dh_field){.kind = kind,
                                                .source = DH_SOURCE_RULE,
                                                .value = value,
                                                .where = dh_buf_slice(&where),
                                                .node = DH_NO_NODE});
}

/* What kind of page it is, as fields: the text is cleaned all the same. */
static void say_kind(dh_rule_run *run, uint32_t i) {
    const dh_rule_line *line = run->lines.ptr[i];
    bool teaser = line->verb == DH_RULE_teaser_if;
    if ((!teaser && line->verb != DH_RULE_ad_if) || !target_is_there(run, i)) return;
    if (teaser) say_field(run, line, DH_FIELD_access, DH_SLICE("paid"));
    say_field(run, line, DH_FIELD_pagetype, teaser ? DH_SLICE("teaser") : DH_SLICE("advertisement"));
}

void dh_apply_control(dh_rule_run *run) {
    for (uint32_t i = 0; i < run->lines.len; i++) {
        const dh_rule_line *line = run->lines.ptr[i];
        if (line->verb == DH_RULE_skip_if && run->out->skip.len == 0 && target_is_there(run, i))
            run->out->skip = why(run, line);
        say_kind(run, i);
        if (line->verb == DH_RULE_heuristics && !run->heuristics_said) {
            run->out->heuristics = line->on; /* a site's own line comes before the inherited ones */
            run->heuristics_said = true;
        }
    }
}
