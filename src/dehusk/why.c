/* SPDX-License-Identifier: Apache-2.0 */
/* What is said about the blocks that hold a sentence. */
#include "dehusk/why.h"

#include "dehusk/why_private.h"
#include "emit/line.h"
#include "emit/reason.h"
#include "text/clean.h"

enum { SHOWN = 200 };

void dh_why_put_place(dh_why_run *run, uint32_t node, uint32_t begin, uint32_t end) {
    dehusk_page *page = run->page;
    dh_slice text = dh_slice_sub(page->decoded.text, 0, begin);
    uint32_t line = 1;
    for (const char *p = text.ptr, *to = p + text.len; p < to; p++, line++) {
        p = memchr(p, '\n', (size_t)(to - p));
        if (p == NULL) break;
    }
    if (node != DH_NO_NODE && page->dom != NULL) {
        dh_buf_puts(run->out, "    from      ");
        dh_line_put(run->out, dh_dom_path(page->dom, node), 0);
        dh_buf_putc(run->out, '\n');
    }
    dh_buf_printf(run->out, "    bytes     %u-%u, line %u\n", (unsigned)begin, (unsigned)end,
                  (unsigned)line);
}

static void put_words(dh_why_run *run, const char *before, dh_buf *words) {
    dh_buf_puts(run->out, before);
    dh_line_put(run->out, dh_buf_slice(words), 0);
    dh_buf_putc(run->out, '\n');
    dh_buf_reset(words);
}

/* Whether mark m speaks before mark k (UINT32_MAX: none does), as dh_marks_resolve has it. */
static bool outranks(const dh_marks *marks, uint32_t m, uint32_t k) {
    if (k == UINT32_MAX || marks->ptr[m].cause != marks->ptr[k].cause)
        return k == UINT32_MAX || marks->ptr[m].cause < marks->ptr[k].cause;
    return m > k;
}

/* The strongest whole mark against the verdict, or UINT32_MAX. */
static uint32_t strongest_against(const dh_article *a, const dh_reasons *reasons, uint32_t i) {
    uint32_t best = UINT32_MAX;
    for (uint32_t r = reasons->begin[i]; r < reasons->begin[i + 1]; r++) {
        uint32_t m = reasons->order[r];
        const dh_mark *mark = &a->marks->ptr[m];
        if (dh_mark_is_whole(mark) && mark->verdict != a->decisions[i].verdict &&
            outranks(a->marks, m, best))
            best = m;
    }
    return best;
}

static bool is_of_rule(const dh_mark *mark) {
    return mark->line > 0 && mark->source.len > 0;
}

static void put_line_of(dh_buf *words, const dh_mark *mark) {
    dh_buf_put_slice(words, mark->source);
    dh_buf_printf(words, ":%u", (unsigned)mark->line);
}

/* "disable rules/x.rules:12 and rules/x.rules:9": the lines whose marks uphold the verdict. Returns how
 * many; *others says that marks of no line uphold it too. */
static uint32_t put_lines(dh_buf *words, const dh_article *a, const dh_reasons *reasons, uint32_t i,
                          uint32_t against, bool *others) {
    const dh_mark *last = NULL;
    uint32_t n = 0;
    for (uint32_t r = reasons->begin[i]; r < reasons->begin[i + 1]; r++) {
        uint32_t m = reasons->order[r];
        const dh_mark *mark = &a->marks->ptr[m];
        if (!dh_mark_is_whole(mark) || mark->verdict != a->decisions[i].verdict) continue;
        if (!outranks(a->marks, m, against)) continue;
        if (!is_of_rule(mark)) {
            *others = true;
        } else if (last == NULL || last->line != mark->line ||
                   !dh_slice_eq(last->source, mark->source)) {
            dh_buf_puts(words, n++ > 0 ? " and " : "disable ");
            put_line_of(words, mark);
            last = mark;
        }
    }
    return n;
}

/* A rule line that would turn the verdict: for the block's own element, by the last id on its path. */
static void put_own_line(dh_why_run *run, uint32_t i, const char *verb) {
    const dh_block *block = &run->page->blocks.ptr[i];
    if (run->page->dom == NULL || block->node == DH_NO_NODE) return;
    dh_slice path = dh_dom_path(run->page->dom, block->node);
    for (size_t at = path.len, step = 0; at > 0; at--) {
        step += path.ptr[at - 1] == '#';
        if (path.ptr[at - 1] == ' ' && step > 0) {
            path = dh_slice_sub(path, at, path.len);
            break;
        }
    }
    dh_buf_printf(run->out, "    change    a rule line for the element: %s: ", verb);
    dh_line_put(run->out, path, 0);
    dh_buf_putc(run->out, '\n');
}

/* What the block would be without the rule lines that uphold its verdict. */
static void put_then(dh_why_run *run, uint32_t i, uint32_t against, bool others, dh_buf *words) {
    const dh_article *a = &run->page->article;
    bool kept = a->decisions[i].verdict == DH_KEEP;
    bool judged = run->page->outcome.heuristics ||
                  a->marks->ptr[a->decisions[i].mark].cause == DH_CAUSE_ARTICLE;
    dh_buf_puts(words, ": then it is ");
    if (others) dh_buf_puts(words, kept ? "still kept" : "still dropped, by the other causes");
    else if (against != UINT32_MAX)
        dh_reason_put(words, &a->marks->ptr[against], a->blocks->ptr[i].text);
    else dh_buf_puts(words, judged ? "for the extractor to judge" : "kept");
}

/* Whose word can be changed, and how. */
static void put_change(dh_why_run *run, const dh_reasons *reasons, uint32_t i, dh_buf *words) {
    const dh_article *a = &run->page->article;
    bool kept = a->decisions[i].verdict == DH_KEEP, others = false;
    uint32_t against = strongest_against(a, reasons, i), decided = a->decisions[i].mark;
    if (put_lines(words, a, reasons, i, against, &others) > 0) {
        put_then(run, i, against, others, words);
        put_words(run, "    change    ", words);
    }
    dh_cause cause = decided != UINT32_MAX ? a->marks->ptr[decided].cause : DH_CAUSE_SCORE;
    if (cause == DH_CAUSE_SCORE)
        dh_buf_puts(run->out, kept ? "    change    --precision drops more of what is doubtful\n"
                                   : "    change    --recall keeps more of what is doubtful\n");
    if (cause != DH_CAUSE_KEEP) put_own_line(run, i, kept ? "remove" : "keep");
}

/* Whether what is left of the block still has the sentence, or all of what of it the block has. */
static bool is_in(dh_why_run *run, uint32_t i, bool across) {
    const dh_article *a = &run->page->article;
    if (a->decisions[i].verdict != DH_KEEP) return false;
    dh_slice text = a->blocks->ptr[i].text;
    if (a->decisions[i].spans == 0 || dh_slice_eq(a->texts[i], text)) return true;
    if (across) return a->texts[i].len > 0;
    return dh_slice_has(dh_text_key(a->texts[i], false, &run->page->arena), run->key);
}

static void put_block(dh_why_run *run, const dh_reasons *reasons, uint32_t i, bool in) {
    const dh_article *a = &run->page->article;
    const dh_block *block = &a->blocks->ptr[i];
    bool kept = a->decisions[i].verdict == DH_KEEP;
    dh_buf words;
    dh_buf_init(&words, &run->page->arena, 0);
    dh_buf_printf(run->out, "%c block %u, ", in ? '+' : kept ? '~' : '-', (unsigned)i + 1);
    for (const char *p = dh_block_kind_name(block); *p != '\0'; p++)
        dh_buf_putc(run->out, *p == '_' ? ' ' : *p);
    dh_buf_puts(run->out, ": ");
    dh_line_put(run->out, block->text, SHOWN);
    dh_buf_putc(run->out, '\n');
    dh_reason_put_block(&words, a, i);
    put_words(run, in || !kept ? "    " : "    the block is ", &words);
    uint32_t decided = a->decisions[i].mark;
    if (decided != UINT32_MAX && a->marks->ptr[decided].moved.len > 0) {
        dh_buf_put_slice(&words, a->marks->ptr[decided].moved);
        put_words(run, "    ", &words);
    }
    for (uint32_t r = reasons->begin[i]; r < reasons->begin[i + 1]; r++) {
        uint32_t m = reasons->order[r];
        if (m == a->decisions[i].mark) continue;
        dh_reason_put(&words, &a->marks->ptr[m], block->text);
        put_words(run, "    also ", &words);
    }
    dh_why_put_place(run, block->node, block->src_begin, block->src_end);
    if (in || !kept) put_change(run, reasons, i, &words);
}

static dh_why_found tell(dh_why_run *run) {
    const dh_article *a = &run->page->article;
    dh_why_blocks found = dh_why_find(run);
    dh_reasons reasons = dh_reasons_make(a, &run->page->arena);
    bool in_any = false;
    for (uint32_t k = 0; k < found.len; k++) {
        dh_slice key = dh_text_key(a->blocks->ptr[found.ptr[k]].text, false, &run->page->arena);
        bool in = is_in(run, found.ptr[k], !dh_slice_has(key, run->key));
        put_block(run, &reasons, found.ptr[k], in);
        in_any |= in;
    }
    if (found.len > 0) return in_any ? DH_WHY_KEPT : DH_WHY_DROPPED;
    if (dh_why_apart(run)) return DH_WHY_APART;
    dh_buf_puts(run->out, "The page does not have this sentence.\n");
    uint32_t percent, nearest = dh_why_nearest(run, &percent);
    if (nearest == UINT32_MAX) return DH_WHY_NOWHERE;
    dh_buf_printf(run->out, "Nearest, with %u %% of it:\n", (unsigned)percent);
    put_block(run, &reasons, nearest, a->decisions[nearest].verdict == DH_KEEP);
    return DH_WHY_NOWHERE;
}

static dehusk_status failed(dehusk_error *error, dh_status status, const char *what) {
    dh_error local = {0};
    dh_error_set(&local, status, "why", 0, "%s", what);
    memcpy(error, &local, sizeof *error);
    return (dehusk_status)status;
}

dehusk_status dh_why(dehusk_page *page, dh_slice sentence, dh_why_found *found, dh_buf *out,
                     dehusk_error *error) {
    if (!page->cleaned) return failed(error, DH_ERR_USAGE, "no page was cleaned");
    jmp_buf guard;
    if (dh_arena_guard(&page->arena, &guard)) {
        dh_status why = page->arena.failure;
        page->arena.guard = NULL;
        return failed(error, why, "the search needs more memory than the page may have");
    }
    dh_why_run run = {.page = page, .out = out};
    run.sentence = dh_text_clean(sentence, DH_SPACE_FOLD, &page->arena, NULL, 0);
    run.key = dh_text_key(run.sentence, true, &page->arena);
    bool empty = run.key.len == 0;
    if (!empty) *found = tell(&run);
    page->arena.guard = NULL;
    return empty ? failed(error, DH_ERR_USAGE, "the sentence is empty") : DEHUSK_OK;
}
