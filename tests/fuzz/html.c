/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as a page, through the public API: cleaned, then written in every format. The first byte
 * chooses options, so that a saved input says all. Checks what must hold whatever comes in. */
#include "dehusk/dehusk.h"
#include "fuzz/must.h"

/* One for all inputs: making it reads the lexicon. Lives as long as the process. */
static dehusk_page *shared_page(void) {
    static dehusk_engine *engine;
    static dehusk_page *page;
    const dehusk_engine_options options = {.no_rules = true};
    if (page == NULL) {
        MUST(dehusk_engine_new(&options, &engine, NULL) == DEHUSK_OK);
        page = dehusk_page_new(engine);
        MUST(page != NULL);
    }
    return page;
}

static void check_blocks(dehusk_page *page) {
    dehusk_block block;
    const size_t count = dehusk_page_block_count(page);
    for (size_t i = 0; i < count; i++) {
        MUST(dehusk_page_block(page, i, &block));
        MUST(block.kind != NULL && block.cause != NULL && block.reason != NULL);
    }
    MUST(!dehusk_page_block(page, count, &block));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static const char *const formats[] = {"txt", "md", "json", "jsonl", "html", "explain"};
    dehusk_page *page = shared_page();
    const unsigned choice = size > 0 ? bytes[0] : 0;
    dehusk_options options = dehusk_options_default();
    options.focus = (dehusk_focus)(choice % 3);
    options.comments = (choice & 4) != 0;
    options.links = options.images = options.formatting = (choice & 8) != 0;
    options.captions = options.with_metadata = options.blocks = (choice & 16) != 0;
    options.deduplicate = (choice & 32) != 0;

    const dehusk_input input = {
        .bytes = {size > 0 ? (const char *)bytes + 1 : NULL, size > 0 ? size - 1 : 0},
        .url = "https://www.example.org/2020/05/17/story.html",
        .from = (choice & 64) != 0 ? DEHUSK_FROM_HTML : DEHUSK_FROM_AUTO,
    };
    dehusk_error error;
    const dehusk_status status = dehusk_page_clean(page, &input, &options, &error);
    if (status != DEHUSK_OK) {
        MUST(error.status == status && error.message[0] != '\0');
        return 0;
    }
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        dehusk_bytes out;
        MUST(dehusk_page_write(page, formats[i], &out, &error) == DEHUSK_OK);
        MUST(out.len == 0 || out.data != NULL);
        MUST(dh_utf8_valid_prefix(dh_slice_make(out.data, out.len)) == out.len);
    }
    MUST(dehusk_page_field(page, "title") != NULL);
    check_blocks(page);
    return 0;
}
