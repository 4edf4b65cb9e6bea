/* SPDX-License-Identifier: Apache-2.0 */
/* Completeness, as whole pages show it. {word} is a paragraph of some sentences with that word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "dehusk/page.h"
#include "extract/complete.h"
#include "text/clean.h"

static dehusk_engine *engine;

static int setup(void **state) {
    static const char *const dirs[] = {DH_SOURCE_DIR "/rules"};
    dehusk_engine_options options = {
        .rule_dirs = dirs, .rule_dir_count = 1, .no_default_dirs = true};
    dehusk_error error = {0};
    (void)state;
    return dehusk_engine_new(&options, &engine, &error) == DEHUSK_OK ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    dehusk_engine_free(engine);
    return 0;
}

static void expand(const char *page, dh_buf *out) {
    for (const char *p = page; *p != '\0'; p++) {
        const char *close = *p == '{' ? strchr(p, '}') : NULL;
        if (close == NULL || close - p > 12) {
            dh_buf_putc(out, *p);
            continue;
        }
        for (int i = 0; i < 3; i++)
            dh_buf_printf(out,
                          "The %.*s was seen by the people of the town on a day in %d, they said%s",
                          (int)(close - p - 1), p + 1, 1990 + i, i < 2 ? ". " : ".");
        p = close;
    }
}

#define HEAD "<html><head><title>Harbour</title>"
#define LD(members)                                                                                \
    "<script type='application/ld+json'>{\"@context\": \"https://schema.org\", \"headline\": "     \
    "\"Harbour\", " members "}</script>"
#define NEWS "\"@type\": \"NewsArticle\""
#define BODY "</head><body><nav><a href=/a>Home</a></nav><article><h1>Harbour</h1>"
#define STORY "<p>{one}</p><p>{two}</p><p>{three}</p><p>{four}</p><p>{five}</p><p>{six}</p>"
#define END "</article><footer><a href=/i>Imprint</a></footer></body></html>"
#define ENTRY(time, word) "<h3>" time "</h3><p>{" word "}</p>"
#define CARD(n) "<h2><a href=/" n ">The story of the day with number " n "</a></h2>"

static const struct {
    const char *what, *url, *page;
    dh_complete complete;
    const char *why; /* part of it */
} rows[] = {
    {"a story", "", HEAD BODY STORY END, DH_COMPLETE_full, ""},
    {"a paid story that is all there", "",
     HEAD LD(NEWS ", \"isAccessibleForFree\": false") BODY STORY END, DH_COMPLETE_full, ""},
    {"a story about a word of the phrases", "",
     "<html><head><title>Forbidden love in the harbour</title></head><body><article><h1>Forbidden "
     "love in the harbour</h1>"
     "<p>{one}</p><p>{two}</p>" END,
     DH_COMPLETE_full, ""},
    {"a paragraph, and a wall", "",
     HEAD LD(NEWS ", \"isAccessibleForFree\": \"False\"") BODY
     "<p>{one}</p></article><div><p>To continue reading, take out a "
     "subscription.</p></div></body></html>",
     DH_COMPLETE_teaser, "to continue reading"},
    {"a long beginning whose rest is for others", "",
     HEAD BODY STORY "</article><p>Il vous reste 57.09% de cet article à lire.</p></body></html>",
     DH_COMPLETE_teaser, "il vous reste"},
    {"the same in Arabic", "",
     "<html lang=ar dir=rtl><head><title>الميناء</title></head><body><article><h1>الميناء</h1>"
     "<p>قرر مجلس المدينة مساء الثلاثاء نقل المنارة القديمة إلى الرصيف القديم بعد نقاش استمر أكثر "
     "من خمس ساعات.</p>"
     "<p>وقال متحدث باسم المجلس إن العمل سيبدأ في يونيو وإن الكلفة ستقسم بين المدينة والميناء في "
     "العام المقبل.</p>"
     "</article><p>اشترك لمتابعة القراءة</p></body></html>",
     DH_COMPLETE_teaser, "اشترك لمتابعة القراءة"},
    {"an ellipsis, and a link to the rest", "",
     HEAD BODY "<p>{one} And then they went on to...</p></article><p><a href=/more>Read "
               "more</a></p></body></html>",
     DH_COMPLETE_teaser, "the text ends with \"...\""},
    {"fewer words than it says, not free", "",
     HEAD LD(NEWS ", \"isAccessibleForFree\": false, \"wordCount\": 2000") BODY STORY END,
     DH_COMPLETE_teaser, "of the 2000"},
    {"fewer words than it says", "", HEAD LD(NEWS ", \"wordCount\": \"2000\"") BODY STORY END,
     DH_COMPLETE_truncated, "of the 2000"},
    {"as many words as it says", "", HEAD LD(NEWS ", \"wordCount\": 300") BODY STORY END,
     DH_COMPLETE_full, ""},
    {"a page that breaks off", "",
     HEAD BODY "<p>{one}</p><p>{two}</p><p>{three} And so it was that the", DH_COMPLETE_truncated,
     "breaks off"},
    {"who wrote it cut it off", "",
     HEAD BODY "<p>{one}</p><p>{two}</p><p>{three} And so [...]</p>" END, DH_COMPLETE_truncated,
     "[...]"},
    {"a challenge", "",
     "<html><head><title>Just a moment...</title></head><body><h1>www.example.com</h1><p>Checking "
     "your browser before you "
     "go on.</p></body></html>",
     DH_COMPLETE_block_page, "a captcha: the page says \"Checking your browser"},
    {"an error", "",
     "<html><head><title>The Courier</title></head><body><nav><a href=/>Home</a></nav><h1>Page not "
     "found</h1><p>Try the "
     "search.</p></body></html>",
     DH_COMPLETE_block_page, "an error"},
    {"an error in Arabic", "",
     "<html lang=ar><head><title>الصفحة غير موجودة</title></head><body><p>عذرا، لم نجد ما تبحث عنه "
     "هنا.</p></body></html>",
     DH_COMPLETE_block_page, "an error"},
    {"a forum where one has to log in to reply", "",
     HEAD BODY STORY "<p>You must log in or register to reply here.</p>" END, DH_COMPLETE_full, ""},
    {"a live blog by its type", "", HEAD LD("\"@type\": \"LiveBlogPosting\"") BODY STORY END,
     DH_COMPLETE_live, "liveblogposting"},
    {"a live blog by its looks", "",
     "<html><head><title>Harbour strike: live updates</title></head><body><article><h1>Harbour "
     "strike: live "
     "updates</h1>" ENTRY("14:32", "a") ENTRY("14:10", "b") ENTRY("13:55", "c") ENTRY("13:20", "d")
         ENTRY("12:01", "e") ENTRY("11:40", "f") ENTRY("11:02", "g") END,
     DH_COMPLETE_live, "begin with a time"},
    {"a list", "",
     HEAD BODY CARD("1") CARD("2") CARD("3") CARD("4") CARD("5") CARD("6") CARD("7") CARD("8")
         CARD("9") CARD("10") END,
     DH_COMPLETE_index, "links"},
    {"a front page", "https://www.example.com/",
     HEAD BODY CARD("1") CARD("2") CARD("3") CARD("4") CARD("5") CARD("6") "<p>{one}</p>" END,
     DH_COMPLETE_index, "front page"},
};

static void pages(void **state) {
    (void)state;
    dehusk_page *page = dehusk_page_new(engine);
    int wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_buf text = {0};
        dehusk_error error = {0};
        expand(rows[i].page, &text);
        dehusk_input input = {.bytes = {text.ptr, text.len}, .name = "test"};
        dehusk_options options = dehusk_options_default();
        if (rows[i].url[0] != '\0') input.url = rows[i].url;
        assert_int_equal(dehusk_page_clean(page, &input, &options, &error), DEHUSK_OK);
        const dh_article *a = &page->article;
        bool right = a->complete == rows[i].complete &&
                     dh_slice_has(a->complete_why, dh_slice_cstr(rows[i].why));
        if (!right)
            print_error("%s: %s (%.*s)\n", rows[i].what, dh_complete_name(a->complete).ptr,
                        (int)a->complete_why.len,
                        a->complete_why.len > 0 ? a->complete_why.ptr : "");
        wrong += !right;
        assert_int_equal(a->complete == DH_COMPLETE_full, a->complete_why.len == 0);
        dh_buf_release(&text);
    }
    dehusk_page_free(page);
    assert_int_equal(wrong, 0);
}

/* Phrases are compared as they stand: each is its own key, and none says what an earlier one does. */
static void phrases(void **state) {
    (void)state;
    size_t len;
    const dh_phrase_row *all = dh_complete_phrases(&len);
    dh_arena arena;
    int wrong = 0;
    dh_arena_init(&arena, 0);
    assert_true(len > 150);
    for (size_t i = 0; i < len; i++) {
        dh_slice phrase = dh_slice_cstr(all[i].text), key = dh_text_key(phrase, true, &arena);
        if (!dh_slice_eq(phrase, key))
            print_error("\"%s\" is written \"%.*s\"\n", all[i].text, (int)key.len, key.ptr);
        wrong += !dh_slice_eq(phrase, key);
        for (size_t k = 0; k < i; k++)
            if (dh_slice_eq(phrase, dh_slice_cstr(all[k].text))) {
                print_error("\"%s\" twice\n", all[i].text);
                wrong++;
            }
    }
    assert_int_equal(wrong, 0);
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages), cmocka_unit_test(phrases)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
