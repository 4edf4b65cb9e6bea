/* SPDX-License-Identifier: Apache-2.0 */
/* apply_control: `skip if`, `heuristics`. */
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

void dh_apply_control(dh_rule_run *run) {
    for (uint32_t i = 0; i < run->lines.len; i++) {
        const dh_rule_line *line = run->lines.ptr[i];
        if (line->verb == DH_RULE_skip_if && run->out->skip.len == 0 && target_is_there(run, i))
            run->out->skip = why(run, line);
        if (line->verb == DH_RULE_heuristics && !run->heuristics_said) {
            run->out->heuristics = line->on; /* a site's own line comes before the inherited ones */
            run->heuristics_said = true;
        }
    }
}
