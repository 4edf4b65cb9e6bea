/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk corpus residue: what the cleaned texts of a corpus still share. */
#include <stdlib.h>

#include "base/io.h"
#include "base/json.h"
#include "cli/corpus.h"
#include "cli/interrupt.h"
#include "corpus/residue.h"

enum { MOST_ROWS = 50, SHOWN = 100 /* bytes of a line */ };

static bool stop(void *data) {
    (void)data;
    return dh_interrupted();
}

/* Leaks on 1,000 articles, in thousandths. */
static uint64_t leak_rate(const dh_residue *r) {
    return r->articles > 0 ? r->leaked * 1000000 / r->articles : 0;
}

static void put_rate(dh_buf *out, const dh_residue *r) {
    uint64_t rate = leak_rate(r);
    dh_buf_printf(out, "%llu.%03u", (unsigned long long)(rate / 1000), (unsigned)(rate % 1000));
}

static void put_json(dh_buf *out, const dh_residue *r) {
    dh_buf_printf(out,
                  "{\n  \"articles\": %llu,\n  \"hosts\": %llu,\n  \"leaked\": %llu,\n"
                  "  \"distinct\": %llu,\n  \"per_1000\": ",
                  (unsigned long long)r->articles, (unsigned long long)r->hosts,
                  (unsigned long long)r->leaked, (unsigned long long)r->distinct);
    put_rate(out, r);
    dh_buf_puts(out, ",\n  \"lines\": [");
    for (uint32_t i = 0; i < r->lines.len; i++) {
        const dh_residue_line *line = &r->lines.ptr[i];
        dh_buf_puts(out, i > 0 ? ",\n    {\"host\": " : "\n    {\"host\": ");
        dh_json_put_string(out, line->host);
        dh_buf_printf(out, ", \"pages\": %llu, \"of\": %llu, \"text\": ",
                      (unsigned long long)line->pages, (unsigned long long)line->of);
        dh_json_put_string(out, line->text);
        dh_buf_putc(out, '}');
    }
    dh_buf_puts(out, r->lines.len > 0 ? "\n  ]\n}\n" : "]\n}\n");
}

static void put_printable(dh_buf *out, dh_slice text, size_t most) {
    size_t len = text.len < most ? text.len : most;
    while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xC0) == 0x80) len--;
    dh_io_put_printable(out, dh_slice_sub(text, 0, len), false);
    if (len < text.len) dh_buf_puts(out, " ...");
}

static void put_text(dh_buf *out, const dh_residue *r) {
    dh_buf_printf(out,
                  "articles     %12llu\nhosts        %12llu\nleaked lines %12llu\nper 1,000    ",
                  (unsigned long long)r->articles, (unsigned long long)r->hosts,
                  (unsigned long long)r->leaked);
    dh_buf rate = {0};
    put_rate(&rate, r);
    dh_buf_printf(out, "%12s\n", dh_buf_cstr(&rate));
    dh_buf_release(&rate);
    if (r->lines.len > 0) dh_buf_puts(out, "\n    pages        of  line\n");
    for (uint32_t i = 0; i < r->lines.len && i < MOST_ROWS; i++) {
        const dh_residue_line *line = &r->lines.ptr[i];
        dh_buf_printf(out, "%9llu %9llu  ", (unsigned long long)line->pages,
                      (unsigned long long)line->of);
        put_printable(out, line->host, SHOWN);
        dh_buf_puts(out, ": ");
        put_printable(out, line->text, SHOWN);
        dh_buf_putc(out, '\n');
    }
    if (r->distinct > MOST_ROWS)
        dh_buf_printf(out, "  ... %llu more\n", (unsigned long long)(r->distinct - MOST_ROWS));
}

int dh_corpus_residue(dh_cli *cli) {
    dh_store store;
    dh_residue residue;
    dh_error error = {0};
    dh_buf out;
    if (cli->options->operands.len != 2) {
        dh_talk_error(&cli->talk, "dehusk corpus residue DIR: name one corpus");
        return DH_EXIT_USAGE;
    }
    const char *folder = cli->options->operands.ptr[1], *temporary = getenv("TMPDIR");
    dh_status status = dh_store_read(&store, folder, cli->arena, &error);
    if (status == DH_OK)
        status =
            dh_residue_find(&store, temporary != NULL && temporary[0] != '\0' ? temporary : folder,
                            stop, NULL, &residue, &error);
    if (status != DH_OK) {
        dh_talk_error(&cli->talk, "%s", error.message);
        if (status == DH_ERR_INTERRUPTED) return DH_EXIT_INTERRUPTED;
        return status == DH_ERR_USAGE ? DH_EXIT_USAGE : DH_EXIT_FAILED;
    }
    dh_buf_init(&out, cli->arena, 0);
    if (cli->options->format != NULL) put_json(&out, &residue);
    else put_text(&out, &residue);
    return dh_cli_print(cli, dh_buf_slice(&out));
}
