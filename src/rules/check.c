/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/check.h"

#include "text/class.h"
#include "text/clean.h"

enum { SHOWN = 60 }; /* code points of a text that is not what was wanted */

bool dh_rule_word_range(dh_slice value, uint64_t *least, uint64_t *most) {
    size_t dots = dh_slice_find(value, DH_SLICE(".."));
    *least = 0;
    *most = UINT64_MAX;
    if (dots == DH_NPOS) {
        bool good = dh_slice_to_u64(value, least);
        *most = *least;
        return good;
    }
    dh_slice low = dh_slice_trim(dh_slice_sub(value, 0, dots));
    dh_slice high = dh_slice_trim(dh_slice_sub(value, dots + 2, value.len));
    if (low.len == 0 && high.len == 0) return false;
    if (low.len > 0 && !dh_slice_to_u64(low, least)) return false;
    if (high.len > 0 && !dh_slice_to_u64(high, most)) return false;
    return *least <= *most;
}

bool dh_rule_test_is_live(const dh_rule_test *test) {
    return dh_slice_starts(test->page, DH_SLICE("http://")) ||
           dh_slice_starts(test->page, DH_SLICE("https://"));
}

dh_slice dh_rule_check_value(const dh_rule_test *test, const char *key) {
    for (uint32_t i = 0; i < test->checks.len; i++)
        if (dh_slice_eq(test->checks.ptr[i].key, dh_slice_cstr(key))) return test->checks.ptr[i].value;
    return (dh_slice){NULL, 0};
}

/* ---- texts ---- */

static dh_slice folded(dh_slice text, dh_arena *arena) {
    return dh_slice_trim(dh_text_clean(text, DH_SPACE_FOLD, arena, NULL, 0));
}

static size_t back_to_start(dh_slice text, size_t at) {
    while (at > 0 && at < text.len && ((unsigned char)text.ptr[at] & 0xC0) == 0x80) at--;
    return at;
}

/* As much of the text as was wanted, and a little more. */
static dh_slice begin_of(dh_slice text, size_t len, dh_arena *arena) {
    size_t end = back_to_start(text, len + SHOWN / 3);
    if (len + SHOWN / 3 >= text.len) return text;
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_put_slice(&out, dh_slice_sub(text, 0, end));
    dh_buf_puts(&out, " ...");
    return dh_buf_slice(&out);
}

static dh_slice end_of(dh_slice text, size_t len, dh_arena *arena) {
    if (len + SHOWN / 3 >= text.len) return text;
    size_t begin = back_to_start(text, text.len - len - SHOWN / 3);
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_puts(&out, "... ");
    dh_buf_put_slice(&out, dh_slice_sub(text, begin, text.len));
    return dh_buf_slice(&out);
}

static dh_slice around(dh_slice text, size_t at, size_t len, dh_arena *arena) {
    size_t begin = back_to_start(text, at > SHOWN / 2 ? at - SHOWN / 2 : 0);
    size_t end = at + len + SHOWN / 2;
    end = end < text.len ? back_to_start(text, end) : text.len;
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    if (begin > 0) dh_buf_puts(&out, "... ");
    dh_buf_put_slice(&out, dh_slice_sub(text, begin, end));
    if (end < text.len) dh_buf_puts(&out, " ...");
    return dh_buf_slice(&out);
}

static dh_slice or_nothing(dh_slice text) {
    return text.len > 0 ? text : DH_SLICE("(nothing)");
}

static bool check_words(dh_slice want, dh_slice text, dh_arena *arena, dh_check_diff *diff) {
    uint64_t least, most;
    dh_text_facts facts = {0};
    if (text.len > 0) dh_text_measure(text, &facts);
    bool good = dh_rule_word_range(want, &least, &most) && facts.words >= least && facts.words <= most;
    dh_buf got;
    dh_buf_init(&got, arena, 0);
    dh_buf_printf(&got, "%u", (unsigned)facts.words);
    diff->got = dh_buf_slice(&got);
    return good;
}

static bool check_text(const dh_rule_check *check, dh_slice text, dh_arena *arena,
                       dh_check_diff *diff) {
    dh_slice want = diff->want;
    if (dh_slice_eq(check->key, DH_SLICE("starts with"))) {
        diff->got = or_nothing(begin_of(text, want.len, arena));
        return dh_slice_starts(text, want);
    }
    if (dh_slice_eq(check->key, DH_SLICE("ends with"))) {
        diff->got = or_nothing(end_of(text, want.len, arena));
        return dh_slice_ends(text, want);
    }
    size_t at = dh_slice_find(text, want);
    bool has = dh_slice_eq(check->key, DH_SLICE("has"));
    if (has) diff->got = DH_SLICE("(not in the article)");
    else if (at != DH_NPOS) diff->got = around(text, at, want.len, arena);
    return has == (at != DH_NPOS);
}

/* ---- fields ---- */

static dh_slice joined(const dh_fields *fields, dh_field_kind kind, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    for (uint32_t i = 0; i < fields->len; i++) {
        if (fields->ptr[i].kind != kind) continue;
        if (out.len > 0) dh_buf_puts(&out, ", ");
        dh_buf_put_slice(&out, fields->ptr[i].value);
    }
    return dh_buf_slice(&out);
}

static dh_slice without_spaces_behind_commas(dh_slice list, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    while (list.ptr != NULL) {
        dh_slice item = dh_slice_trim(dh_slice_cut(&list, ','));
        if (out.len > 0) dh_buf_putc(&out, ',');
        dh_buf_put_slice(&out, item);
    }
    return dh_buf_slice(&out);
}

static bool check_field(dh_field_kind kind, const dh_check_page *page, dh_arena *arena,
                        dh_check_diff *diff) {
    dh_slice got = folded(joined(page->fields, kind, arena), arena);
    diff->got = or_nothing(got);
    if (kind == DH_FIELD_published || kind == DH_FIELD_modified)
        return diff->want.len > 0 && dh_slice_starts(got, diff->want);
    if (!dh_field_many(kind)) return dh_slice_eq(got, diff->want);
    return dh_slice_eq(without_spaces_behind_commas(got, arena),
                       without_spaces_behind_commas(diff->want, arena));
}

bool dh_rule_check_holds(const dh_rule_check *check, const dh_check_page *page, dh_arena *arena,
                         dh_check_diff *diff) {
    static const struct {
        dh_slice key;
        dh_field_kind kind;
    } fields[] = {
        {DH_SLICE_INIT("title is"), DH_FIELD_title},
        {DH_SLICE_INIT("author is"), DH_FIELD_author},
        {DH_SLICE_INIT("date is"), DH_FIELD_published},
        {DH_SLICE_INIT("modified is"), DH_FIELD_modified},
        {DH_SLICE_INIT("section is"), DH_FIELD_section},
        {DH_SLICE_INIT("language is"), DH_FIELD_language},
        {DH_SLICE_INIT("tags are"), DH_FIELD_tag},
    };
    static const dh_slice about_the_page[] = {DH_SLICE_INIT("url"), DH_SLICE_INIT("site"),
                                              DH_SLICE_INIT("crawled")};
    *diff = (dh_check_diff){.want = folded(check->value, arena)};
    for (size_t i = 0; i < sizeof about_the_page / sizeof *about_the_page; i++)
        if (dh_slice_eq(check->key, about_the_page[i])) return true;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (dh_slice_eq(check->key, fields[i].key))
            return check_field(fields[i].kind, page, arena, diff);
    dh_slice text = folded(page->text, arena);
    if (dh_slice_eq(check->key, DH_SLICE("words")))
        return check_words(diff->want, text, arena, diff);
    return check_text(check, text, arena, diff);
}
