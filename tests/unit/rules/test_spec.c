/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the Markdown cases of tests/spec: rule files and a page in, what is left out. A case is a
 * heading of level 2 and fenced blocks; the word behind the fence says what a block is:
 *     rules [NAME]     a rule file (default x.example.rules)
 *     html, text       the page
 *     url, site, date  facts about it, one line
 *     kept             texts of the kept blocks, a line each; line ends inside as " / "
 *     dropped          "LINE text" of each block that a rule dropped, LINE of its deciding rule
 *     marks            "KEEP|DROP|REPLACE detail: text" of every mark of a rule, in order
 *     fields           "name: value" of each field, in the order of field.def
 *     outcome          "files: ...", "article: yes|no", "heuristics: on|off", "skip:", "refused:"
 *     error            "FILE:LINE:COLUMN text": the files are refused; text is a part of the message
 * A block that is not there is not checked. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "rules/rules_private.h"

enum { MAX_FILES = 6, BLOCKS = 12 };

typedef enum spec_kind {
    SPEC_RULES, SPEC_HTML, SPEC_TEXT, SPEC_URL, SPEC_SITE, SPEC_DATE,
    SPEC_KEPT, SPEC_DROPPED, SPEC_MARKS, SPEC_FIELDS, SPEC_OUTCOME, SPEC_ERROR, SPEC_NONE
} spec_kind;

static const dh_slice kind_names[BLOCKS] = {
    DH_SLICE_INIT("rules"), DH_SLICE_INIT("html"), DH_SLICE_INIT("text"),
    DH_SLICE_INIT("url"), DH_SLICE_INIT("site"), DH_SLICE_INIT("date"),
    DH_SLICE_INIT("kept"), DH_SLICE_INIT("dropped"), DH_SLICE_INIT("marks"), DH_SLICE_INIT("fields"),
    DH_SLICE_INIT("outcome"), DH_SLICE_INIT("error"),
};

typedef struct spec_case {
    dh_slice title;
    uint32_t line;
    dh_slice parts[BLOCKS]; /* ptr NULL: not there */
    dh_slice file_names[MAX_FILES], files[MAX_FILES];
    uint32_t file_count;
} spec_case;

static const char *const pseudos[] = {
#define DH_PSEUDO(name, kind, argument, help) ":" name,
#include "css/pseudo.def"
#undef DH_PSEUDO
};

enum { PSEUDOS = sizeof pseudos / sizeof *pseudos };

/* Which verbs and pseudo-classes stand in a case that works ([0]) and in one that is refused ([1]). */
typedef struct totals {
    int cases, bad;
    bool verb_seen[2][DH_RULE_COUNT], pseudo_seen[2][PSEUDOS];
} totals;

typedef struct bench {
    dh_arena arena;
    jmp_buf guard;
    dh_rule_set *set;
    dh_regex_cache *regexes;
    dh_xpath_cache *xpaths;
    dh_dom dom;
    dh_blocks blocks;
    dh_marks marks;
    dh_fields fields;
    dh_rule_outcome out;
    const char *file; /* of the spec */
    const spec_case *spec;
} bench;

static bool report(const bench *b, const char *what, dh_slice got) {
    fprintf(stderr, "%s:%u: %.*s: %s\n%.*s\n", b->file, (unsigned)b->spec->line,
            (int)b->spec->title.len, b->spec->title.ptr, what, (int)got.len,
            got.len > 0 ? got.ptr : "");
    return false;
}

static bool same(const bench *b, spec_kind kind, const dh_buf *got) {
    dh_slice want = b->spec->parts[kind];
    if (want.ptr == NULL || dh_slice_eq(dh_slice_trim(want), dh_slice_trim(dh_buf_slice(got))))
        return true;
    char what[64];
    snprintf(what, sizeof what, "%s differs, got:", kind_names[kind].ptr);
    return report(b, what, dh_buf_slice(got));
}

static void put_line(dh_buf *out, dh_slice text) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n') dh_buf_puts(out, " / ");
        else if (text.ptr[i] == '\t') dh_buf_puts(out, " | ");
        else dh_buf_putc(out, text.ptr[i]);
    }
    dh_buf_putc(out, '\n');
}

static bool check_blocks(bench *b) {
    uint32_t n = b->blocks.len;
    dh_decision *decisions = dh_arena_zalloc(&b->arena, n, sizeof *decisions);
    dh_marks_resolve(&b->marks, decisions, n);
    dh_buf kept, dropped;
    dh_buf_init(&kept, &b->arena, 0);
    dh_buf_init(&dropped, &b->arena, 0);
    for (uint32_t i = 0; i < n; i++) {
        if (decisions[i].verdict == DH_KEEP) {
            dh_slice text = dh_marks_text(&b->marks, &b->blocks, decisions, i, &b->arena);
            if (text.len > 0) put_line(&kept, text);
            continue;
        }
        dh_buf_printf(&dropped, "%u ", (unsigned)b->marks.ptr[decisions[i].mark].line);
        put_line(&dropped, b->blocks.ptr[i].text);
    }
    return same(b, SPEC_KEPT, &kept) & same(b, SPEC_DROPPED, &dropped);
}

static bool check_marks(bench *b) {
    static const char *const verdicts[] = {"KEEP", "DROP", "REPLACE"};
    dh_buf got;
    dh_buf_init(&got, &b->arena, 0);
    for (uint32_t i = 0; i < b->marks.len; i++) {
        const dh_mark *m = &b->marks.ptr[i];
        dh_slice text = dh_slice_sub(b->blocks.ptr[m->block].text, m->begin, m->end);
        dh_buf_printf(&got, "%s %.*s: ", verdicts[m->verdict], (int)m->detail.len, m->detail.ptr);
        put_line(&got, text);
    }
    return same(b, SPEC_MARKS, &got);
}

static bool check_fields(bench *b) {
    dh_buf got;
    dh_buf_init(&got, &b->arena, 0);
    for (uint32_t i = 0; i < b->fields.len; i++) {
        const dh_field *f = &b->fields.ptr[i];
        dh_slice name = dh_field_name(f->kind);
        dh_buf_printf(&got, "%.*s: %.*s\n", (int)name.len, name.ptr, (int)f->value.len,
                      f->value.ptr);
    }
    return same(b, SPEC_FIELDS, &got);
}

/* Only the lines that the case gives are compared. */
static bool check_outcome(bench *b) {
    dh_slice want = b->spec->parts[SPEC_OUTCOME];
    dh_buf got;
    dh_buf_init(&got, &b->arena, 0);
    while (want.ptr != NULL) {
        dh_slice value = dh_slice_cut(&want, '\n');
        dh_slice key = dh_slice_trim(dh_slice_cut(&value, ':'));
        dh_slice is = {0};
        if (key.len == 0) continue;
        if (dh_slice_eq(key, DH_SLICE("files"))) is = b->out.files;
        else if (dh_slice_eq(key, DH_SLICE("skip"))) is = b->out.skip;
        else if (dh_slice_eq(key, DH_SLICE("refused"))) is = b->out.refused;
        else if (dh_slice_eq(key, DH_SLICE("article")))
            is = b->out.article_found ? DH_SLICE("yes") : DH_SLICE("no");
        else if (dh_slice_eq(key, DH_SLICE("heuristics")))
            is = b->out.heuristics ? DH_SLICE("on") : DH_SLICE("off");
        else if (dh_slice_eq(key, DH_SLICE("limited")))
            is = b->out.limited ? DH_SLICE("yes") : DH_SLICE("no");
        else return report(b, "no such outcome", key);
        dh_buf_printf(&got, "%.*s: %.*s\n", (int)key.len, key.ptr, (int)is.len,
                      is.len > 0 ? is.ptr : "");
        if (!dh_slice_eq(dh_slice_trim(value), is)) return report(b, "outcome differs, got:", dh_buf_slice(&got));
    }
    return true;
}

static bool check_error(bench *b, dh_status status, const dh_error *error) {
    dh_slice want = dh_slice_trim(b->spec->parts[SPEC_ERROR]);
    if (status == DH_OK) return want.len == 0 || report(b, "not refused", want);
    char got[900];
    int place = snprintf(got, sizeof got, "%s:%u:%u ", error->file, (unsigned)error->line,
                         (unsigned)error->column);
    snprintf(got + place, sizeof got - (size_t)place, "%s", error->message);
    dh_slice says = dh_slice_sub(want, (size_t)place, want.len);
    if (want.len == 0 || status != DH_ERR_RULE ||
        !dh_slice_starts(want, dh_slice_make(got, (size_t)place)) ||
        !dh_slice_has(dh_slice_cstr(error->message), says))
        return report(b, "refused with:", dh_slice_cstr(got));
    return true;
}

static dh_status load(bench *b, dh_error *error) {
    for (uint32_t i = 0; i < b->spec->file_count; i++) {
        dh_slice name = dh_arena_dup(&b->arena, b->spec->file_names[i]);
        dh_status status = dh_rules_add(b->set, name, name.ptr, b->spec->files[i], error);
        if (status != DH_OK) return status;
    }
    return dh_rules_finish(b->set, error);
}

static void open_page(bench *b, const dh_limits *limits) {
    const dh_slice *parts = b->spec->parts;
    bool html = parts[SPEC_HTML].ptr != NULL;
    dh_slice bytes = dh_arena_dup(&b->arena, parts[html ? SPEC_HTML : SPEC_TEXT]);
    if (html) {
        assert_int_equal(dh_dom_parse(&b->dom, bytes, limits, &b->arena, NULL), DH_OK);
        dh_blocks_of_dom(&b->blocks, &b->dom, limits, &b->arena);
    } else {
        dh_blocks_of_text(&b->blocks, bytes, limits, &b->arena);
    }
}

static bool run_page(bench *b) {
    const dh_slice *parts = b->spec->parts;
    dh_limits limits = dh_limits_default();
    open_page(b, &limits);
    dh_marks_init(&b->marks, &b->arena);
    dh_fields_init(&b->fields, &b->arena);
    dh_rule_page page = {.dom = parts[SPEC_HTML].ptr != NULL ? &b->dom : NULL,
                         .blocks = &b->blocks,
                         .url = dh_slice_trim(parts[SPEC_URL]),
                         .site = dh_slice_trim(parts[SPEC_SITE]),
                         .date = dh_slice_trim(parts[SPEC_DATE]),
                         .regexes = b->regexes,
                         .xpaths = b->xpaths,
                         .arena = &b->arena,
                         .limits = &limits,
                         .marks = &b->marks,
                         .fields = &b->fields};
    /* A page without any address is of the only site, unless the case is about finding it. */
    if (page.url.len == 0 && page.site.len == 0 && parts[SPEC_OUTCOME].ptr == NULL)
        page.url = DH_SLICE("https://x.example/2024/05/story.html");
    b->out = dh_rules_apply(b->set, &page);
    return check_blocks(b) & check_marks(b) & check_fields(b) & check_outcome(b);
}

static bool run_case(const char *file, const spec_case *spec) {
    bench b = {.file = file, .spec = spec};
    dh_error error = {0};
    dh_arena_init(&b.arena, 0);
    b.set = dh_rules_new(&b.arena);
    b.regexes = dh_regex_cache_new(1000);
    b.xpaths = dh_xpath_cache_new();
    dh_status status = load(&b, &error);
    bool good = check_error(&b, status, &error);
    bool has_page = spec->parts[SPEC_HTML].ptr != NULL || spec->parts[SPEC_TEXT].ptr != NULL;
    if (good && status == DH_OK) good = has_page ? run_page(&b) : report(&b, "no page", (dh_slice){0});
    dh_rules_release(b.set);
    dh_regex_cache_free(b.regexes);
    dh_xpath_cache_free(b.xpaths);
    dh_arena_release(&b.arena);
    return good;
}

static bool has_pseudo(dh_slice rules, const char *pseudo) {
    dh_slice word = dh_slice_cstr(pseudo);
    for (size_t at; (at = dh_slice_find(rules, word)) != DH_NPOS;) {
        rules = dh_slice_sub(rules, at + word.len, rules.len);
        if (rules.len == 0 || (rules.ptr[0] != '-' && !dh_is_alnum(rules.ptr[0]))) return true;
    }
    return false;
}

static void note_words(dh_slice rules, bool refused, totals *sum) {
    for (int i = 0; i < PSEUDOS; i++) sum->pseudo_seen[refused][i] |= has_pseudo(rules, pseudos[i]);
    while (rules.ptr != NULL) {
        dh_slice line = dh_slice_cut(&rules, '\n');
        for (int v = DH_RULE_none + 1; v < DH_RULE_COUNT; v++) {
            dh_slice verb = dh_directives[v].verb;
            if (dh_slice_starts(line, verb) && line.len > verb.len && line.ptr[verb.len] == ':')
                sum->verb_seen[refused][v] = true;
        }
    }
}

static void add_part(spec_case *spec, dh_slice info, dh_slice body) {
    dh_slice word = dh_slice_token(&info);
    dh_slice name = dh_slice_trim(info);
    for (int k = 0; k < BLOCKS; k++) {
        if (!dh_slice_eq(kind_names[k], word)) continue;
        spec->parts[k] = body;
        if (k != SPEC_RULES) return;
        assert_true(spec->file_count < MAX_FILES);
        spec->file_names[spec->file_count] = name.len > 0 ? name : DH_SLICE("x.example.rules");
        spec->files[spec->file_count++] = body;
        return;
    }
    fprintf(stderr, "unknown block \"%.*s\" in %.*s\n", (int)word.len, word.ptr,
            (int)spec->title.len, spec->title.ptr);
    fail();
}

static void finish_case(const char *file, const spec_case *spec, totals *sum) {
    if (spec->title.len == 0 || spec->file_count == 0) return;
    sum->cases++;
    for (uint32_t i = 0; i < spec->file_count; i++)
        note_words(spec->files[i], spec->parts[SPEC_ERROR].ptr != NULL, sum);
    if (!run_case(file, spec)) sum->bad++;
}

static void run_file(const char *path, const char *name, totals *sum) {
    dh_buf text;
    dh_buf_init(&text, NULL, 0);
    assert_int_equal(dh_io_read(path, 0, &text, NULL, NULL), DH_OK);
    dh_slice rest = dh_buf_slice(&text);
    spec_case spec = {0};
    uint32_t line = 0;
    while (rest.ptr != NULL) {
        dh_slice here = dh_slice_cut(&rest, '\n');
        line++;
        if (dh_slice_starts(here, DH_SLICE("## "))) {
            finish_case(name, &spec, sum);
            spec = (spec_case){.title = dh_slice_sub(here, 3, here.len), .line = line};
        }
        if (!dh_slice_starts(here, DH_SLICE("```")) || here.len == 3) continue;
        dh_slice info = dh_slice_sub(here, 3, here.len);
        const char *begin = rest.ptr, *end = begin;
        while (rest.ptr != NULL) {
            here = dh_slice_cut(&rest, '\n');
            line++;
            if (dh_slice_starts(here, DH_SLICE("```"))) break;
            end = here.ptr + here.len;
        }
        add_part(&spec, info, dh_slice_make(begin, (size_t)(end - begin)));
    }
    finish_case(name, &spec, sum);
    dh_buf_release(&text);
}

static void spec_cases(void **state) {
    (void)state;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    dh_io_entries entries = {0};
    assert_int_equal(
        dh_io_walk(DH_SOURCE_DIR "/tests/spec", &arena, &entries, NULL, NULL, NULL), DH_OK);
    totals sum = {0};
    for (uint32_t i = 0; i < entries.len; i++)
        if (dh_slice_ends(dh_slice_cstr(entries.ptr[i].path), DH_SLICE(".md")))
            run_file(entries.ptr[i].path, entries.ptr[i].relative, &sum);
    run_file(DH_SOURCE_DIR "/docs/rules.md", "docs/rules.md", &sum);
    dh_arena_release(&arena);
    for (int refused = 0; refused < 2; refused++) {
        for (int v = DH_RULE_none + 1; v < DH_RULE_COUNT; v++)
            if (!sum.verb_seen[refused][v])
                fail_msg("no case%s: %s", refused ? " that is refused" : "", dh_directives[v].verb.ptr);
        for (int i = 0; i < PSEUDOS; i++)
            if (!sum.pseudo_seen[refused][i])
                fail_msg("no case%s: %s", refused ? " that is refused" : "", pseudos[i]);
    }
    fprintf(stderr, "%d cases\n", sum.cases);
    assert_int_equal(sum.bad, 0);
    assert_true(sum.cases >= 300);
}

/* docs/rules.md has every verb and every pseudo-class. */
static void reference_is_complete(void **state) {
    (void)state;
    dh_buf text;
    dh_buf_init(&text, NULL, 0);
    assert_int_equal(dh_io_read(DH_SOURCE_DIR "/docs/rules.md", 0, &text, NULL, NULL), DH_OK);
    for (int v = DH_RULE_none + 1; v < DH_RULE_COUNT; v++) {
        char quoted[40];
        snprintf(quoted, sizeof quoted, "`%s", dh_directives[v].verb.ptr);
        if (!dh_slice_has(dh_buf_slice(&text), dh_slice_cstr(quoted))) fail_msg("%s", quoted);
    }
    for (int i = 0; i < PSEUDOS; i++)
        if (!dh_slice_has(dh_buf_slice(&text), dh_slice_cstr(pseudos[i]))) fail_msg("%s", pseudos[i]);
    dh_buf_release(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(spec_cases),
                                       cmocka_unit_test(reference_is_complete)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
