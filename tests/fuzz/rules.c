/* SPDX-License-Identifier: Apache-2.0 */
/* A rule file, and behind its first NUL the page that it serves (else one of ours), through the whole clean. A file
 * that is refused says where and why; one that is taken leaves valid output. */
#include "dehusk/page.h"
#include "fuzz/must.h"

static const char page_of_ours[] =
    "<html lang=en><head><title>T</title></head><body><nav>Menu</nav><article id=a><h1>Head</h1><p>The first "
    "paragraph, of some length, ends here.</p><div class=promo>Read also: x</div><p>Second paragraph, by Ann "
    "Bell, 15 May 2024.</p></article></body></html>";

/* One for all inputs; its rules are put in for each. */
static dehusk_engine *shared_engine(void) {
    static dehusk_engine *engine;
    const dehusk_engine_options options = {.no_rules = true};
    if (engine == NULL) MUST(dehusk_engine_new(&options, &engine, NULL) == DEHUSK_OK);
    return engine;
}

static void clean(const dehusk_engine *engine, dh_slice html) {
    dehusk_page *page = dehusk_page_new(engine);
    const dehusk_input input = {.bytes = {html.ptr, html.len},
                                .url = "https://www.h.example/2020/05/17/story.html",
                                .from = DEHUSK_FROM_HTML};
    dehusk_error error;
    dehusk_bytes out;
    MUST(page != NULL);
    dehusk_page_set_limit(page, "rule-steps", 1000000);
    dehusk_page_set_limit(page, "regex-steps", 50);
    dehusk_status status = dehusk_page_clean(page, &input, NULL, &error);
    if (status == DEHUSK_OK) status = dehusk_page_write(page, "json", &out, &error);
    if (status == DEHUSK_OK)
        MUST(is_utf8(dh_slice_make(out.data, out.len)));
    else
        MUST(error.message[0] != '\0');
    dehusk_page_free(page);
}

static void load(dehusk_engine *engine, dh_slice rules, dh_arena *arena, dh_rule_set **set, bool *good) {
    jmp_buf guard;
    dh_error error = {0};
    if (dh_arena_guard(arena, &guard)) {
        arena->guard = NULL;
        return;
    }
    *set = dh_rules_new(arena);
    dh_status status = dh_rules_add(*set, DH_SLICE("h.example.rules"), "h.example.rules", rules, &error);
    if (status == DH_OK) status = dh_rules_finish(*set, &error);
    arena->guard = NULL;
    *good = status == DH_OK;
    if (status == DH_ERR_RULE) MUST(error.message[0] != '\0' && error.line > 0);
    (void)engine;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    dehusk_engine *engine = shared_engine();
    dh_slice text = dh_slice_make((const char *)bytes, size), rules = take_part(&text);
    dh_rule_set *set = NULL;
    dh_arena arena;
    bool good = false;
    dh_arena_init(&arena, (size_t)256 << 20);
    load(engine, rules, &arena, &set, &good);
    engine->rules = good ? set : NULL;
    if (good) clean(engine, text.len > 0 ? text : dh_slice_cstr(page_of_ours));
    engine->rules = NULL;
    if (set != NULL) dh_rules_release(set);
    dh_arena_release(&arena);
    return 0;
}
