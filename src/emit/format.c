/* SPDX-License-Identifier: Apache-2.0 */
#include "emit/format.h"

const dh_format dh_formats[] = {
#define DH_FORMAT(id, suffix, is_lines, text)                                                      \
    {.name = #id, .extension = suffix, .help = text, .lines = is_lines, .write = dh_emit_##id},
#include "emit/formats.def"
#undef DH_FORMAT
};

const size_t dh_formats_len = sizeof dh_formats / sizeof dh_formats[0];

static const char *const aliases[][2] = {
    {"markdown", "md"}, {"text", "txt"}, {"ndjson", "jsonl"}, {"htm", "html"}};

const dh_format *dh_format_find(dh_slice name) {
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (dh_slice_eq_nocase(name, dh_slice_cstr(aliases[i][0])))
            name = dh_slice_cstr(aliases[i][1]);
    for (size_t i = 0; i < dh_formats_len; i++)
        if (dh_slice_eq_nocase(name, dh_slice_cstr(dh_formats[i].name))) return &dh_formats[i];
    return NULL;
}
