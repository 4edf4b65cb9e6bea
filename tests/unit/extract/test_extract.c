/* SPDX-License-Identifier: Apache-2.0 */
/* The extractor on the ways pages are built. In the pages below {name} is a paragraph of some sentences that
 * contain that word; wanted and unwanted are words of paragraphs that must be kept, dropped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "blocks/blocks.h"
#include "extract/unit.h"

static dh_arena arena;

typedef struct kept {
    dh_buf text;
    dh_role roles[256];
    int32_t confidence;
} kept;

/* Replaces {word} by a paragraph's worth of sentences with that word. */
static dh_slice expand(const char *page) {
    dh_buf out;
    dh_buf_init(&out, &arena, 0);
    for (const char *p = page; *p != '\0'; p++) {
        const char *close = *p == '{' ? strchr(p, '}') : NULL;
        if (close == NULL) {
            dh_buf_putc(&out, *p);
            continue;
        }
        int len = (int)(close - p - 1);
        for (int i = 0; i < 3; i++)
            dh_buf_printf(&out, "The %.*s was seen by the people of the town on a day in %d, they said. ",
                          len, p + 1, 1990 + i);
        p = close;
    }
    dh_buf_cstr(&out);
    return dh_buf_slice(&out);
}

/* heuristic: the arbiter alone, without the classifier. */
static void extract(const char *input, bool html, bool comments, bool heuristic, kept *out) {
    dh_limits limits = dh_limits_default();
    dh_arena_reset(&arena);
    dh_slice text = expand(input);
    dh_dom dom;
    dh_blocks blocks;
    if (html) {
        assert_int_equal(dh_dom_parse(&dom, text, &limits, &arena, NULL), DH_OK);
        dh_blocks_of_dom(&blocks, &dom, &limits, &arena);
    } else {
        dh_blocks_of_text(&blocks, text, &limits, &arena);
    }
    assert_true(blocks.len < 256);
    dh_marks marks;
    dh_marks_init(&marks, &arena);
    uint32_t title = UINT32_MAX;
    for (uint32_t i = 0; i < blocks.len && title == UINT32_MAX; i++)
        if (blocks.ptr[i].kind == DH_BLOCK_HEADING && blocks.ptr[i].level == 1) title = i;
    dh_extract_page page = {.dom = html ? &dom : NULL,
                            .blocks = &blocks,
                            .labels = dh_arena_zalloc(&arena, blocks.len, sizeof(dh_label_hit)),
                            .gone = dh_arena_zalloc(&arena, blocks.len, sizeof(bool)),
                            .title_block = title,
                            .page_type = 1,
                            .comments = comments,
                            .arena = &arena,
                            .marks = &marks,
                            .roles = dh_arena_zalloc(&arena, blocks.len, sizeof(dh_role))};
    if (heuristic) {
        dh_unit *units = dh_units_of(&page);
        if (html) dh_extract_tree(&page, units);
        else dh_extract_lines(&page, units);
        for (uint32_t i = 0; i < blocks.len; i++)
            dh_marks_add(&marks, i, units[i].keep ? DH_KEEP : DH_DROP, DH_CAUSE_SCORE,
                         DH_SLICE("heuristic"), units[i].reason);
    } else {
        dh_extract(&page);
    }
    dh_decision *decisions = dh_arena_zalloc(&arena, blocks.len, sizeof *decisions);
    dh_marks_resolve(&marks, decisions, blocks.len);
    dh_buf_init(&out->text, &arena, 0);
    out->confidence = page.confidence;
    for (uint32_t i = 0; i < blocks.len; i++) {
        assert_int_not_equal(decisions[i].mark, UINT32_MAX);
        assert_true(marks.ptr[decisions[i].mark].detail.len > 0);
        out->roles[i] = page.roles[i];
        if (decisions[i].verdict != DH_KEEP || page.roles[i] == DH_ROLE_CAPTION) continue;
        dh_buf_put_slice(&out->text, blocks.ptr[i].text);
        dh_buf_putc(&out->text, '\n');
    }
}

typedef struct row {
    const char *what, *page, *wanted, *unwanted;
} row;

#define NAV "<nav><ul><li><a href=1>Home</a><li><a href=2>Sports</a><li><a href=3>World</a></ul></nav>"
#define FOOT "<footer><p>{imprint}</p><a href=1>Contact</a></footer>"

static const row pages[] = {
    {"plain article", NAV "<h1>Head</h1><article><p>{alpha}</p><p>{beta}</p></article>" FOOT,
     "alpha beta", "Sports imprint"},
    {"loose text in divs", NAV "<h1>Head</h1><div><div>{alpha}</div><div>{beta}</div></div>" FOOT,
     "alpha beta", "Sports imprint"},
    {"subhead, list and quote",
     "<article><h1>Head</h1><p>{alpha}</p><h2>Subhead</h2><ul><li>Itemone<li>Itemtwo</ul>"
     "<blockquote>{beta}</blockquote><p>Shortword.</p><p>{gamma}</p></article>",
     "alpha Subhead Itemone Itemtwo beta Shortword gamma", ""},
    {"related box between two halves",
     "<h1>Head</h1><div class=text><div><p>{alpha}</p><p>{beta}</p></div><div class=related-articles>"
     "<a href=1>{teaserone}</a><a href=2>{teasertwo}</a></div><div><p>{gamma}</p></div></div>",
     "alpha beta gamma", "teaserone teasertwo"},
    {"links between two halves, no names",
     "<h1>Head</h1><div><div><p>{alpha}</p></div><ul><li><a href=1>Other story number one</a>"
     "<li><a href=2>Other story number two</a></ul><div><p>{beta}</p></div></div>",
     "alpha beta", "number"},
    {"everything in an unclosed nav",
     "<nav class=menu><a href=1>Home</a><h1>Head</h1><div><p>{alpha}</p><p>{beta}</p></div>",
     "alpha beta", "Home"},
    {"comments longer than the article",
     "<article><h1>Head</h1><p>{alpha}</p><p>{beta}</p></article><div id=comments><p>{gamma}</p>"
     "<p>{delta}</p><p>{epsilon}</p></div>",
     "alpha beta", "gamma delta epsilon"},
    {"lead outside of the container",
     "<header><h1>Head</h1><p>{lead}</p></header><div class=article-body><p>{alpha}</p><p>{beta}"
     "</p></div>",
     "lead alpha beta", ""},
    {"story after story",
     "<main><article><h1>Head</h1><p>{alpha}</p><p>{beta}</p></article><article><h2>Other</h2>"
     "<p>{gamma}</p><p>{delta}</p></article><article><p>{epsilon}</p><p>{zeta}</p></article></main>",
     "alpha beta", "gamma delta epsilon zeta"},
    {"newsletter box in the body",
     "<div class=entry-content><p>{alpha}</p><div class=newsletter-signup><p>{signup}</p></div>"
     "<p>{beta}</p></div>",
     "alpha beta", "signup"},
    {"body's name inside a sidebar layout",
     "<div class=with-sidebar><div class=article-body><p>{alpha}</p><p>{beta}</p></div></div>",
     "alpha beta", ""},
    {"heading of a dropped list",
     "<article><p>{alpha}</p><p>{beta}</p><h3>Readthis</h3><ul><li><a href=1>Some other story</a>"
     "</ul></article>",
     "alpha beta", "Readthis other"},
    {"author box", "<article><p>{alpha}</p><p>{beta}</p><div class=author-bio><p>{bio}</p></div></article>",
     "alpha beta", "bio"},
    {"layout tables",
     "<table><tr><td><a href=1>Home</a><br><a href=2>World</a></td><td><table><tr><td><h1>Head</h1>"
     "<p>{alpha}</p><p>{beta}</p></td></tr></table></td></tr></table>",
     "alpha beta", "World"},
    {"no sentence at all", "<div><p>Onlywords here</p></div>", "Onlywords", ""},
    {"links alone", NAV "<ul><li><a href=4>Politics</a><li><a href=5>Weather</a></ul><h2>Sections</h2>", "",
     "Home Politics Sections"},
    {"data table in the article",
     "<article><p>{alpha}</p><table><tr><th>Name<th>Sum<tr><td>Rowname<td>17</table><p>{beta}</p>"
     "</article>",
     "alpha Rowname beta", ""},
};

static const row texts[] = {
    {"menu, article, footer",
     "Home\nSports\nWorld\nBusiness\n{alpha}\n{beta}\nMore\nHeadline of another story\nHome\nImprint",
     "alpha beta", "Sports Imprint another"},
    {"subhead between paragraphs", "{alpha}\nSubhead\n{beta}", "alpha Subhead beta", ""},
    {"row of scraps inside", "{alpha}\nOne\nTwo\nThree\nFour\nFive\n{beta}", "alpha beta", "Three"},
    {"announced items inside", "{alpha}\nThe harbour had three\npiers that burned:\nOne\nTwo\nThree\nFour\n{beta}",
     "alpha One Four beta", ""},
    {"no sentences", "just\nsome\nlines", "just some lines", ""},
};

static int has_word(dh_slice text, dh_slice word) {
    return dh_slice_has(text, word);
}

static int check(const row *r, bool html, bool heuristic) {
    kept out;
    extract(r->page, html, false, heuristic, &out);
    dh_slice text = dh_buf_slice(&out.text), rest = dh_slice_cstr(r->wanted);
    int wrong = 0;
    for (dh_slice w = dh_slice_token(&rest); w.len > 0; w = dh_slice_token(&rest))
        if (!has_word(text, w)) {
            print_error("%s: lost %.*s\n", r->what, (int)w.len, w.ptr);
            wrong++;
        }
    rest = dh_slice_cstr(r->unwanted);
    for (dh_slice w = dh_slice_token(&rest); w.len > 0; w = dh_slice_token(&rest))
        if (has_word(text, w)) {
            print_error("%s: kept %.*s\n", r->what, (int)w.len, w.ptr);
            wrong++;
        }
    return wrong;
}

static void test_pages(void **state) {
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) wrong += check(&pages[i], true, true);
    assert_int_equal(wrong, 0);
}

static void test_texts(void **state) {
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) wrong += check(&texts[i], false, true);
    assert_int_equal(wrong, 0);
}

/* The same pages with the classifier: it was trained on real ones, so only what any page of the kind
 * must give is asked for. */
static void test_classifier(void **state) {
    (void)state;
    static const char *const sure[] = {
        "plain article", "loose text in divs", "related box between two halves",
        "everything in an unclosed nav", "comments longer than the article",
        "lead outside of the container", "story after story", "newsletter box in the body",
        "author box", "links alone"};
    int wrong = 0, tried = 0;
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        for (size_t k = 0; k < sizeof sure / sizeof sure[0]; k++)
            if (strcmp(pages[i].what, sure[k]) == 0) {
                wrong += check(&pages[i], true, false);
                tried++;
            }
    assert_int_equal(tried, (int)(sizeof sure / sizeof sure[0]));
    assert_int_equal(wrong, 0);
}

static void test_comments_on_request(void **state) {
    (void)state;
    kept out;
    extract("<article><h1>H</h1><p>{alpha}</p></article><div class=comments><p>{said}</p></div>",
            true, true, true, &out);
    assert_true(dh_slice_has(dh_buf_slice(&out.text), DH_SLICE("said")));
    assert_int_equal(out.roles[1], DH_ROLE_BODY);
    assert_int_equal(out.roles[2], DH_ROLE_COMMENT);
}

static void test_confidence(void **state) {
    (void)state;
    kept sure, unsure;
    extract("<article><p>{a}</p><p>{b}</p><p>{c}</p><p>{d}</p><p>{e}</p></article>", true, false,
            false, &sure);
    int32_t high = sure.confidence;
    extract("<p>One sentence of only a few words, but it is one.</p>", true, false, false, &unsure);
    assert_in_range(high, 900, 1000);
    assert_true(unsure.confidence < high);
}

static int setup(void **state) {
    (void)state;
    dh_arena_init(&arena, 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_classifier),
        cmocka_unit_test(test_comments_on_request),
        cmocka_unit_test(test_confidence),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
