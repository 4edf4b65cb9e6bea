/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk rules learn: see rules_learn.h for its passes. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/url.h"
#include "cli/interrupt.h"
#include "cli/isolate.h"
#include "cli/rules_learn.h"
#include "corpus/memory.h"

static int failed(dh_learn *l, const char *message) {
    dh_talk_error(&l->r->cli->talk, "%s", message);
    return DH_EXIT_FAILED;
}

/* ---- a pass ---- */

/* What fails for want of memory, or with its worker, does not fail each time: a draft from the rest would be another
 * one than that of the next run. */
static void take(void *data, const dh_result *result) {
    dh_learn *l = data;
    jmp_buf guard;
    l->lost =
        l->lost || result->status == DEHUSK_ERR_MEMORY || result->status == DEHUSK_ERR_INTERNAL;
    if (!dh_arena_guard(&l->arena, &guard)) dh_learn_take(l, result->output);
    l->arena.guard = NULL;
}

static void feed(dh_learn *l, dh_run *run) {
    dh_run_listen(run);
    dh_progress_begin(&run->progress, false);
    for (uint32_t i = 0; i < run->inputs.all.len && !dh_run_ended(run); i++) dh_run_feed(run, i);
    dh_pool_drain(run->pool);
    l->inputs.failed = run->inputs.failed;
}

static int run_pass(dh_learn *l, dh_learn_pass pass, dehusk_engine *engine) {
    dh_maker maker = dh_learn_maker;
    dh_workshop shop = {.engine = engine, .options = &l->options, .maker = &maker};
    dh_taker taker = {NULL, take, l};
    dh_run run = {
        .cli = &l->cli, .inputs = l->inputs, .engine = engine, .shop = &shop, .taker = &taker};
    dh_error error = {0};
    maker.data = l;
    l->pass = pass;
    l->page = 0;
    l->seen = 0;
    l->cli.talk.silent = pass != DH_LEARN_NOTE; /* what fails once fails again */
    dh_pool_options how = dh_isolate_options(&l->options, true);
    if (dh_pool_open(&dh_page_worker, &shop, &how, &run.pool, &error) != DH_OK)
        return failed(l, error.message);
    feed(l, &run);
    dh_pool_free(run.pool);
    dh_buf_release(&run.record);
    dh_buf_release(&run.texts);
    if (dh_interrupted()) return DH_EXIT_INTERRUPTED;
    if (pass == DH_LEARN_NOTE) l->pages = l->seen;
    if (l->lost || l->seen != l->pages)
        return failed(l, "a page was lost on the way: nothing is written");
    return l->arena.failure == DH_OK ? DH_EXIT_OK : failed(l, "out of memory");
}

/* ---- the memory ---- */

static dh_status count_noted(dh_learn *l, dh_counter *counter, dh_error *error) {
    dh_arena arena;
    dh_status status = DH_OK;
    dh_arena_init(&arena, 0);
    for (int pass = 0; pass < DH_COUNTER_PASSES && status == DH_OK; pass++) {
        for (dh_slice rest = dh_buf_slice(&l->noted); rest.len > 0 && status == DH_OK;) {
            dh_page_lines page;
            dh_arena_reset(&arena);
            if (dh_page_lines_read(dh_slice_cut(&rest, '\n'), &page, &arena))
                status = dh_counter_add(counter, &page, error);
            else status = dh_error_set(error, DH_ERR_MEMORY, "learn", 0, "out of memory");
        }
        if (status == DH_OK) status = dh_counter_turn(counter, error);
    }
    dh_arena_release(&arena);
    return status;
}

static dh_status count_in(dh_learn *l, const char *folder, dh_memory **out, dh_error *error) {
    dh_counter *counter = NULL;
    dh_buf path = {0};
    dh_buf_printf(&path, "%s/memory.sqlite", folder);
    const char *name = dh_buf_cstr(&path);
    dh_status status = path.failed || l->noted.failed
                           ? dh_error_set(error, DH_ERR_MEMORY, "learn", 0, "out of memory")
                           : dh_counter_new(folder, 0, &counter, error);
    if (status == DH_OK) status = count_noted(l, counter, error);
    if (status == DH_OK) status = dh_memory_write(counter, name, error);
    if (status == DH_OK) status = dh_memory_load(name, out, error);
    unlink(name);
    dh_counter_free(counter);
    dh_buf_release(&path);
    return status;
}

static int count(dh_learn *l, dh_memory **out) {
    const char *temporary = getenv("TMPDIR");
    dh_error error = {0};
    dh_buf folder = {0};
    dh_buf_printf(&folder, "%s/dehusk-learn-XXXXXX",
                  temporary != NULL && temporary[0] != '\0' ? temporary : "/tmp");
    dh_buf_cstr(&folder);
    if (folder.failed || mkdtemp(folder.ptr) == NULL) {
        dh_buf_release(&folder);
        return failed(l, "a folder for temporary files cannot be made");
    }
    dh_status status = count_in(l, folder.ptr, out, &error);
    rmdir(folder.ptr);
    dh_buf_release(&folder);
    return status == DH_OK ? DH_EXIT_OK : failed(l, error.message);
}

/* ---- engines ---- */

/* One without rules: what generic extraction leaves is what rules are for. */
static int make_engine(dh_learn *l, dehusk_engine **out) {
    dehusk_error error = {0};
    dehusk_status status = dh_engine_for(&l->cli, out, &error);
    return status == DEHUSK_OK ? DH_EXIT_OK : dh_cli_engine_failed(l->r->cli, status, &error);
}

static int note(dh_learn *l) {
    dehusk_engine *engine = NULL;
    int code = make_engine(l, &engine);
    if (code == DH_EXIT_OK) code = run_pass(l, DH_LEARN_NOTE, engine);
    dehusk_engine_free(engine);
    if (code != DH_EXIT_OK || l->pages >= DH_MEMORY_PAGES) return code;
    dh_talk_error(
        &l->r->cli->talk,
        "%llu pages of %.*s: %d are needed to tell what they share; %llu are of other hosts",
        (unsigned long long)l->pages, (int)l->host.len, l->host.ptr, DH_MEMORY_PAGES,
        (unsigned long long)l->elsewhere);
    return DH_EXIT_FAILED;
}

static int by_proposals(const void *a, const void *b) {
    const dh_learn_selector *x = a, *y = b;
    if (x->proposed != y->proposed) return x->proposed > y->proposed ? -1 : 1;
    if (x->text.len != y->text.len) return x->text.len < y->text.len ? -1 : 1;
    return dh_slice_compare(x->text, y->text);
}

static int find_rules(dh_learn *l) {
    dehusk_engine *engine = NULL;
    dh_memory *memory = NULL;
    int code = count(l, &memory);
    if (code == DH_EXIT_OK) code = make_engine(l, &engine);
    if (code != DH_EXIT_OK) {
        dh_memory_free(memory);
        return code;
    }
    l->memory = dh_memory_of(memory);
    dh_engine_remember(engine, l->memory);
    code = run_pass(l, DH_LEARN_PROPOSE, engine);
    if (l->selectors.len > 1)
        qsort(l->selectors.ptr, l->selectors.len, sizeof *l->selectors.ptr, by_proposals);
    if (l->selectors.len > DH_LEARN_SELECTORS) l->selectors.len = DH_LEARN_SELECTORS;
    if (code == DH_EXIT_OK && l->lines.len == 0)
        code = failed(l, "these pages share nothing that is left in their texts");
    if (code == DH_EXIT_OK) code = run_pass(l, DH_LEARN_TRY, engine);
    dehusk_engine_free(engine);
    return code;
}

/* ---- the check ---- */

static dh_status use_draft(dh_learn *l, dehusk_engine *engine, dh_error *error) {
    dh_slice text = dh_arena_dup(l->r->cli->arena, dh_buf_slice(&l->r->out));
    engine->arena.guard = l->r->cli->arena->guard;
    engine->rules = dh_rules_new(&engine->arena);
    dh_status status =
        dh_rules_add(engine->rules, DH_SLICE("learned.rules"), "learned", text, error);
    if (status == DH_OK) status = dh_rules_finish(engine->rules, error);
    engine->arena.guard = NULL;
    return status;
}

/* Lines that take more than memory does go from the draft. */
static void drop_harmful(dh_learn *l) {
    for (uint32_t h = 0; h < l->harmful.len; h++) {
        uint32_t at = l->harmful.ptr[h];
        for (uint32_t i = 0; at != 0 && i < l->selectors.len; i++)
            if (l->selectors.ptr[i].at == at) l->selectors.ptr[i].harms = true;
        for (uint32_t i = 0; at != 0 && i < l->lines.len; i++)
            if (l->lines.ptr[i].at == at) l->lines.ptr[i].stays++;
    }
}

static int check(dh_learn *l) {
    dehusk_engine *engine = NULL;
    dh_error error = {0};
    l->harmful.len = 0;
    l->gone = l->missed = 0;
    int code = make_engine(l, &engine);
    if (code == DH_EXIT_OK && use_draft(l, engine, &error) != DH_OK) {
        dh_talk_error(&l->r->cli->talk, "the draft cannot be read, line %u: %s",
                      (unsigned)error.line, error.message);
        code = DH_EXIT_FAILED;
    }
    l->options.no_rules = l->options.clean.no_rules = false;
    if (code == DH_EXIT_OK) code = run_pass(l, DH_LEARN_CHECK, engine);
    l->options.no_rules = l->options.clean.no_rules = true;
    dehusk_engine_free(engine);
    return code;
}

static int draft(dh_learn *l) {
    int code = DH_EXIT_OK;
    for (int round = 0; round < DH_LEARN_ROUNDS && code == DH_EXIT_OK; round++) {
        dh_learn_choose(l);
        dh_learn_write(l, false, &l->r->out);
        code = check(l);
        if (code != DH_EXIT_OK || l->harmful.len == 0) break;
        drop_harmful(l);
    }
    if (code == DH_EXIT_OK && l->harmful.len > 0)
        return failed(l, "no draft was found that takes no line of an article");
    dh_learn_write(l, true, &l->r->out);
    return code;
}

/* ---- the command ---- */

static int begin(dh_learn *l) {
    dh_rules_cli *r = l->r;
    const dh_texts *operands = &r->cli->options->operands;
    dh_error error = {0};
    if (operands->len < 3) {
        dh_talk_error(&r->cli->talk,
                      "dehusk rules learn HOST INPUT...: name a host and its saved pages");
        return DH_EXIT_USAGE;
    }
    if (!dh_rules_may_write(r)) return DH_EXIT_USAGE;
    l->host = dh_url_bare_host(dh_url_host(dh_slice_cstr(operands->ptr[1]), r->cli->arena));
    l->options = *r->cli->options;
    l->options.operands.ptr += 2;
    l->options.operands.len -= 2;
    l->options.output = l->options.url = NULL;
    l->options.no_rules = l->options.clean.no_rules = true;
    l->options.site = dh_arena_dup(r->cli->arena, l->host).ptr;
    l->cli = *r->cli;
    l->cli.options = &l->options;
    if (l->host.len == 0) {
        dh_talk_error(&r->cli->talk, "%s is no host", operands->ptr[1]);
        return DH_EXIT_USAGE;
    }
    dh_status status = dh_inputs_collect(&l->cli, &l->inputs, true, &error);
    if (status == DH_ERR_INTERRUPTED) return DH_EXIT_INTERRUPTED;
    if (status != DH_OK) dh_talk_error(&r->cli->talk, "%s", error.message);
    if (status != DH_OK) return status == DH_ERR_USAGE ? DH_EXIT_USAGE : DH_EXIT_FAILED;
    l->inputs.many = true;
    for (uint32_t i = 0; i < l->inputs.all.len; i++) {
        dh_input_source source = l->inputs.all.ptr[i].source;
        if (source != DH_FROM_STDIN && source != DH_FROM_URL) continue;
        dh_talk_error(&r->cli->talk,
                      "rules learn reads its pages several times: files and folders");
        return DH_EXIT_USAGE;
    }
    return DH_EXIT_OK;
}

static void say_how_it_went(dh_learn *l) {
    uint32_t selectors = 0, texts = 0;
    for (uint32_t i = 0; i < l->selectors.len; i++) selectors += l->selectors.ptr[i].at > 0;
    for (uint32_t i = 0; i < l->lines.len; i++) texts += l->lines.ptr[i].at > 0;
    dh_talk_notice(&l->r->cli->talk,
                   "%llu pages of the host, %llu of others; %u selectors and %u lines of text "
                   "remove %llu of %llu lines",
                   (unsigned long long)l->pages, (unsigned long long)l->elsewhere,
                   (unsigned)selectors, (unsigned)texts, (unsigned long long)l->gone,
                   (unsigned long long)l->gone + l->missed);
}

int dh_rules_learn(dh_rules_cli *r) {
    dh_learn l = {.r = r};
    dh_arena_init(&l.arena, 0);
    dh_map_init(&l.line_ids, &l.arena, 0);
    dh_map_init(&l.selector_ids, &l.arena, 0);
    int code = begin(&l);
    if (code == DH_EXIT_OK) code = note(&l);
    if (code == DH_EXIT_OK) code = find_rules(&l);
    if (code == DH_EXIT_OK) code = draft(&l);
    if (code == DH_EXIT_OK) say_how_it_went(&l);
    if (code == DH_EXIT_OK) code = dh_rules_write(r);
    if (code == DH_EXIT_OK && l.inputs.failed > 0) code = DH_EXIT_FAILED;
    dh_buf_release(&l.noted);
    dh_arena_release(&l.arena);
    return code;
}
