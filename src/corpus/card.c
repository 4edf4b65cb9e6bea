/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/card.h"

enum { MOST_ROWS = 30 };

/* The ranges that Hugging Face sorts data sets by. */
static const char *size_category(uint64_t n) {
    static const char *const names[] = {"n<1K",     "1K<n<10K",   "10K<n<100K", "100K<n<1M",
                                        "1M<n<10M", "10M<n<100M", "100M<n<1B",  "n>1B"};
    size_t i = 0;
    for (uint64_t limit = 1000; i + 1 < sizeof names / sizeof *names && n >= limit; limit *= 10)
        i++;
    return names[i];
}

/* Tags of the languages that something is kept in. */
static void put_languages(const dh_tally *tally, dh_buf *out) {
    for (uint32_t i = 0; i < tally->rows.len; i++) {
        const dh_tally_row *row = &tally->rows.ptr[i];
        if (row->count[DH_FATE_KEPT] == 0 || dh_slice_eq(row->name, DH_SLICE("und"))) continue;
        dh_buf_puts(out, "- ");
        dh_json_put_string(out, row->name);
        dh_buf_putc(out, '\n');
    }
}

static void put_head(const dh_store *store, const dh_marker *sum, dh_buf *out) {
    dh_slice ending =
        store->markers.len > 0 ? store->markers.ptr[0]->ending : DH_SLICE(".jsonl.zst");
    dh_buf_puts(out, "---\nconfigs:\n- config_name: default\n  data_files: \"data/*");
    dh_buf_put_slice(out, ending);
    dh_buf_puts(out, "\"\ntask_categories:\n- text-generation\nlanguage:\n");
    put_languages(&sum->languages, out);
    dh_buf_printf(out, "size_categories:\n- %s\n---\n\n", size_category(sum->fates[DH_FATE_KEPT]));
}

static void put_tally(const char *title, dh_tally *tally, dh_buf *out) {
    if (tally->rows.len == 0) return;
    dh_tally_rank(tally);
    dh_buf_printf(out, "\n| %s | kept | rejected | failed |\n|---|---:|---:|---:|\n", title);
    for (uint32_t i = 0; i < tally->rows.len && i < MOST_ROWS; i++) {
        const dh_tally_row *row = &tally->rows.ptr[i];
        dh_buf_puts(out, "| `");
        dh_buf_put_slice(out, row->name);
        dh_buf_printf(out, "` | %llu | %llu | %llu |\n",
                      (unsigned long long)row->count[DH_FATE_KEPT],
                      (unsigned long long)row->count[DH_FATE_REJECTED],
                      (unsigned long long)row->count[DH_FATE_FAILED]);
    }
    if (tally->rows.len > MOST_ROWS)
        dh_buf_printf(out, "\n%u more are not listed.\n", (unsigned)(tally->rows.len - MOST_ROWS));
}

dh_slice dh_store_card(const dh_store *store) {
    dh_marker sum;
    dh_buf out;
    dh_buf_init(&out, store->arena, 0);
    dh_store_sum(store, &sum);
    dh_tally_sort(&sum.languages);
    put_head(store, &sum, &out);
    dh_buf_printf(&out,
                  "# A corpus made by dehusk\n\n%llu documents: %llu words, %llu characters, %llu "
                  "bytes of JSON "
                  "lines in `data/`.\nOf %llu documents that were read %llu were kept, %llu "
                  "rejected and %llu failed; "
                  "the others are in `rejected/`, with\nthe reason in `metadata`.\n\n",
                  (unsigned long long)sum.fates[DH_FATE_KEPT], (unsigned long long)sum.words,
                  (unsigned long long)sum.chars, (unsigned long long)sum.kept.bytes,
                  (unsigned long long)sum.documents, (unsigned long long)sum.fates[DH_FATE_KEPT],
                  (unsigned long long)sum.fates[DH_FATE_REJECTED],
                  (unsigned long long)sum.fates[DH_FATE_FAILED]);
    dh_buf_puts(&out, "Each line has `id`, `text`, `source`, `added`, `created` and `metadata` "
                      "(the schema of Dolma and "
                      "datatrove).\n`manifest.json` says how it was made, from which inputs, and "
                      "has the digests of "
                      "all files.\nThe texts are of the sites they come from (`metadata.url`): so "
                      "are the rights in "
                      "them.\n");
    if (sum.lines_removed > 0)
        dh_buf_printf(&out,
                      "%llu lines that many pages of one host share were removed from %llu texts; "
                      "`metadata.removed` has them.\n",
                      (unsigned long long)sum.lines_removed, (unsigned long long)sum.thinned);
    put_tally("language", &sum.languages, &out);
    put_tally("reason", &sum.reasons, &out);
    return dh_buf_slice(&out);
}
