/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as a marker, as a file of thresholds, as a line of a shard, and as a text that is measured, searched for persons,
 * cut into paragraphs and hashed: whatever comes in, each ends, and what is said of it twice is the same. */
#include "corpus/document.h"
#include "corpus/filters_private.h"
#include "corpus/marker.h"
#include "corpus/minhash.h"
#include "corpus/pii.h"
#include "fuzz/must.h"

static void as_marker(dh_slice bytes, dh_arena *arena) {
    dh_marker marker, again;
    dh_buf text = {0};
    dh_error error = {0};
    if (dh_marker_parse(&marker, bytes, arena, &error) != DH_OK) {
        MUST(error.message[0] != '\0');
        return;
    }
    dh_marker_put(&marker, &text);
    MUST(dh_marker_parse(&again, dh_buf_slice(&text), arena, &error) == DH_OK);
    dh_buf_release(&text);
}

static void as_thresholds(dh_slice bytes, dh_arena *arena) {
    dh_thresholds thresholds = {0};
    dh_error error = {0};
    dh_status status = dh_thresholds_read(&thresholds, bytes, "x.yml", arena, &error);
    MUST(status == DH_OK || (status == DH_ERR_SYNTAX && error.message[0] != '\0'));
}

/* Valid UTF-8, as all texts are that come here. */
static dh_slice valid(dh_slice bytes, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    for (const char *p = bytes.ptr, *end = p + bytes.len; p < end;) {
        uint32_t code;
        p += dh_utf8_decode(p, end, &code);
        dh_buf_put_code(&out, code);
    }
    return out.len > 0 ? dh_buf_slice(&out) : DH_SLICE("");
}

static void as_text(dh_slice text, dh_word_cutter *cutter, dh_arena *arena) {
    static const dh_words none = {0};
    dh_filter_values values;
    dh_text_facts facts;
    dh_pii_counts counts, again;
    uint64_t bands[DH_MINHASH_BANDS];
    dh_buf replaced = {0};
    dh_language language;
    dh_text_measure(text, &facts);
    dh_filters_measure(text, &facts, 0, &none, cutter, arena, values);
    for (int i = 0; i < DH_FILTER_COUNT; i++) MUST(values[i] >= 0);
    MUST(dh_pii_scan(text, &replaced, &counts) && dh_pii_scan(text, NULL, &again));
    MUST(memcmp(&counts, &again, sizeof counts) == 0);
    dh_minhash(text, arena, bands);
    dh_lang_find(text, arena, &language);
    MUST(dh_lang_is_tag(dh_slice_cstr(language.tag)));
    dh_buf_release(&replaced);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    dh_arena arena, lines;
    dh_document document;
    jmp_buf guard;
    dh_slice input = dh_slice_make((const char *)bytes, size);
    dh_word_cutter *cutter = dh_word_cutter_new();
    MUST(cutter != NULL);
    dh_arena_init(&arena, 0);
    dh_arena_init(&lines, 0);
    if (!dh_arena_guard(&arena, &guard)) {
        as_marker(input, &arena);
        as_thresholds(input, &arena);
        as_text(valid(input, &arena), cutter, &arena);
        if (dh_document_parse(input, &lines, &document)) MUST(document.id.len > 0);
    }
    dh_word_cutter_free(cutter);
    dh_arena_release(&lines);
    dh_arena_release(&arena);
    return 0;
}
