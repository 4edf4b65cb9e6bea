/* SPDX-License-Identifier: Apache-2.0 */
/* What the classes of an element say, and which say nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "extract/hints.h"

static const struct {
    const char *classes;
    uint32_t yes, no; /* hints that must be there, that must not */
} rows[] = {
    {"sidebar", DH_HINT_SIDE, 0},
    {"sidebar2", DH_HINT_SIDE, 0},
    {"mainSidebar", DH_HINT_SIDE, 0},
    {"has-sidebar", 0, DH_HINT_SIDE},
    {"no-sidebar", 0, DH_HINT_SIDE},
    {"content with-sidebar", 0, DH_HINT_SIDE},
    {"hide-me hidden", DH_HINT_TOOLS, 0},
    {"overflow-hidden", 0, DH_HINT_TOOLS},
    {"md:hidden lg:block", 0, DH_HINT_TOOLS},
    {"[&_.sidebar]:mt-4", 0, DH_HINT_SIDE},
    {"widget", DH_HINT_WIDGET, 0},
    {"elementor-widget", 0, DH_HINT_WIDGET},
    {"elementor-widget-theme-post-content", DH_HINT_BODY, DH_HINT_WIDGET},
    {"cookie-banner", DH_HINT_COOKIE, 0},
    {"cmpbox", DH_HINT_COOKIE, 0},
    {"cmp-text cmp-container", 0, DH_HINT_COOKIE},
    {"ad ad-slot", DH_HINT_AD, 0},
    {"jXK9ad", 0, DH_HINT_AD},
    {"w-node-b5343ad4-e69815b85ad-2", 0, DH_HINT_AD},
    {"post type-post status-publish hentry category-newsletter tag-comments", 0,
     DH_HINT_NEWSLETTER | DH_HINT_COMMENTS | DH_HINT_TAGS | DH_HINT_META},
    {"tag-list", DH_HINT_TAGS, 0},
    {"comments", DH_HINT_COMMENTS, 0},
};

static void reads_classes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dh_arena arena;
        dh_arena_init(&arena, SIZE_MAX);
        dh_buf page;
        dh_buf_init(&page, &arena, 0);
        dh_buf_printf(&page, "<body><div class='%s'>x</div></body>", rows[i].classes);
        dh_limits limits = dh_limits_default();
        dh_dom dom;
        assert_int_equal(dh_dom_parse(&dom, dh_buf_slice(&page), &limits, &arena, NULL), DH_OK);
        const uint32_t *hints = dh_hints_of_dom(&dom, &arena);
        uint32_t found = 0;
        for (uint32_t id = 0; id < dom.len; id++)
            if (dom.nodes[id].tag == DH_TAG_div) found |= hints[id];
        if ((found & rows[i].yes) != rows[i].yes || (found & rows[i].no) != 0)
            fail_msg("%s: %#x", rows[i].classes, (unsigned)found);
        dh_arena_release(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_classes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
