/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk dump: one stage of the work on a page as it stands, for authors of rules and of dehusk. */
#include "blocks/blocks.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/load.h"
#include "dom/dom.h"
#include "input/decode.h"

static dh_limits limits_of(const dh_cli_options *options) {
    dh_limits limits = dh_limits_default();
#define DH_LIMIT(name, option, value, unit, help)                                                  \
    if (options->limit_set[DH_LIMIT_##name]) limits.name = options->limits[DH_LIMIT_##name];
#include "base/limits.def"
#undef DH_LIMIT
    return limits;
}

static void put_flags(dh_buf *out, unsigned flags) {
    static const struct {
        unsigned flag;
        const char *name;
    } names[] = {{DH_BLOCK_ORDERED, "ordered"},   {DH_BLOCK_HIDDEN, "hidden"},
                 {DH_BLOCK_NOSCRIPT, "noscript"}, {DH_BLOCK_HEADER_ROW, "header"},
                 {DH_BLOCK_LIST_START, "first"},  {DH_BLOCK_CONTINUES, "continues"},
                 {DH_BLOCK_LINE, "line"},         {DH_BLOCK_IMAGE, "image"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if ((flags & names[i].flag) != 0) dh_buf_printf(out, " %s", names[i].name);
}

/* A head line a block, its text below, indented. */
static void put_blocks(dh_buf *out, const dh_blocks *blocks) {
    static const char *const kinds[] = {"paragraph", "heading", "item",   "quote",
                                        "code",      "row",     "caption"};
    for (uint32_t i = 0; i < blocks->len; i++) {
        const dh_block *b = &blocks->ptr[i];
        dh_buf_printf(out, "%u %s", i, kinds[b->kind]);
        if (b->level > 0) dh_buf_printf(out, " %u", b->level);
        put_flags(out, b->flags);
        dh_buf_printf(out, " [%u,%u) %u characters, %u linked\n", b->src_begin, b->src_end,
                      b->chars, b->link_chars);
        dh_slice rest = b->text;
        while (rest.ptr != NULL && b->text.len > 0) {
            dh_buf_puts(out, "    ");
            dh_buf_put_slice(out, dh_slice_cut(&rest, '\n'));
            dh_buf_putc(out, '\n');
        }
    }
}

static dh_status put_stage(dh_cli *cli, const dh_single *single, const dh_decoded *page,
                           dh_buf *out, dh_error *error) {
    const dh_cli_options *o = cli->options;
    const char *stage = o->stage != NULL ? o->stage : "dom";
    dh_limits limits = limits_of(o);
    dh_slice text = dh_slice_sub(page->text, 0, (size_t)limits.bytes);
    bool is_text = page->content == DH_CONTENT_TEXT || single->is_text;
    if (o->from != NULL && strcmp(o->from, "auto") != 0 && !single->is_record)
        is_text = strcmp(o->from, "text") == 0;
    dh_dom dom;
    dh_blocks blocks = {0};
    if (page->content == DH_CONTENT_BINARY)
        return dh_error_set(error, DH_ERR_TYPE, "dump", 0, "not text or HTML but %.*s",
                            (int)page->binary_what.len, page->binary_what.ptr);
    if (strcmp(stage, "decode") == 0) {
        dh_buf_put_slice(out, text);
        return DH_OK;
    }
    if (is_text && strcmp(stage, "dom") == 0)
        return dh_error_set(error, DH_ERR_TYPE, "dump", 0, "plain text has no tree (--from html)");
    if (is_text) {
        dh_blocks_of_text(&blocks, text, &limits, cli->arena);
    } else {
        dh_status status = dh_dom_parse(&dom, text, &limits, cli->arena, error);
        if (status != DH_OK) return status;
        if (strcmp(stage, "dom") == 0) {
            dh_dom_dump(&dom, out);
            return DH_OK;
        }
        dh_blocks_of_dom(&blocks, &dom, &limits, cli->arena);
    }
    put_blocks(out, &blocks);
    return DH_OK;
}

static int dump(dh_cli *cli, const dh_single *single, dh_decoder *decoder) {
    dh_error error = {0};
    dh_decoded page;
    dh_buf out;
    dh_buf_init(&out, cli->arena, 0);
    dh_status status =
        dh_decode(decoder, dh_buf_slice(&single->bytes), dh_slice_cstr(cli->options->encoding),
                  dh_slice_cstr(single->content_type), cli->arena, &page, &error);
    if (status == DH_OK) status = put_stage(cli, single, &page, &out, &error);
    if (status == DH_OK) return dh_cli_print(cli, dh_buf_slice(&out));
    dh_talk_about(&cli->talk, single->name, "%s", error.message);
    return status == DH_ERR_USAGE ? DH_EXIT_USAGE : DH_EXIT_FAILED;
}

/* The page and its decoder are on the heap: an exhausted arena passes here on its way out. */
static int dump_guarded(dh_cli *cli, const dh_single *single, dh_decoder *decoder) {
    jmp_buf here, *outer = cli->arena->guard;
    if (dh_arena_guard(cli->arena, &here)) {
        cli->arena->guard = outer;
        dh_talk_about(&cli->talk, single->name, "out of memory");
        return DH_EXIT_FAILED;
    }
    int code = dump(cli, single, decoder);
    cli->arena->guard = outer;
    return code;
}

/* What the classifier sees comes from the whole pipeline, labels and fields included. */
static int write_features(dh_cli *cli, const dh_single *single, dehusk_page *page, void *data) {
    (void)data;
    dehusk_error error = {0};
    dehusk_bytes out = {0};
    dehusk_input input = dh_single_input(cli, single);
    dehusk_status status = dehusk_page_clean(page, &input, &cli->options->clean, &error);
    if (status == DEHUSK_OK) status = dehusk_page_write(page, "features", &out, &error);
    if (status == DEHUSK_OK) return dh_cli_print(cli, dh_slice_make(out.data, out.len));
    dh_talk_about(&cli->talk, single->name, "%s", error.message);
    return DH_EXIT_FAILED;
}

int dh_cmd_dump(dh_cli *cli) {
    const char *stage = cli->options->stage;
    if (stage != NULL && strcmp(stage, "features") == 0)
        return dh_with_single(cli, write_features, NULL);
    dh_single single;
    int code = dh_single_load(cli, NULL, &single);
    dh_decoder *decoder = code == DH_EXIT_OK ? dh_decoder_new() : NULL;
    if (decoder != NULL) {
        code = dump_guarded(cli, &single, decoder);
    } else if (code == DH_EXIT_OK) {
        dh_talk_error(&cli->talk, "out of memory");
        code = DH_EXIT_FAILED;
    }
    dh_decoder_free(decoder);
    dh_single_release(&single);
    return code;
}
