/* SPDX-License-Identifier: Apache-2.0 */
/* parse: a rule file, line by line. `verb: value`, `name: verb: value`, comments, and indented checks
 * below `test:`. What a value may be is parse_value.c's. The first error ends it. */
#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "css/suggest.h"
#include "rules/check.h"

const dh_directive dh_directives[DH_RULE_COUNT] = {
#define DH_DIRECTIVE(name, verb, value, family, help)                                              \
    [DH_RULE_##name] = {DH_SLICE_INIT(verb), DH_VALUE_##value, DH_FAMILY_##family},
#include "rules/directives.def"
#undef DH_DIRECTIVE
};

static const dh_slice check_keys[] = {
    DH_SLICE_INIT("url"),         DH_SLICE_INIT("site"),        DH_SLICE_INIT("title is"),
    DH_SLICE_INIT("author is"),   DH_SLICE_INIT("date is"),     DH_SLICE_INIT("modified is"),
    DH_SLICE_INIT("section is"),  DH_SLICE_INIT("language is"), DH_SLICE_INIT("tags are"),
    DH_SLICE_INIT("starts with"), DH_SLICE_INIT("ends with"),   DH_SLICE_INIT("has"),
    DH_SLICE_INIT("lacks"),       DH_SLICE_INIT("words"),       DH_SLICE_INIT("crawled"),
};

dh_rule_verb dh_directive_of(dh_slice verb) {
    for (int i = DH_RULE_none + 1; i < DH_RULE_COUNT; i++)
        if (dh_slice_eq(dh_directives[i].verb, verb)) return (dh_rule_verb)i;
    return DH_RULE_none;
}

dh_status dh_rule_error(dh_rule_parser *parser, const char *at, const char *format, ...) {
    char message[480];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    size_t before = (size_t)(at - parser->line_text.ptr);
    uint32_t column = (uint32_t)dh_utf8_count(dh_slice_sub(parser->line_text, 0, before)) + 1;
    return dh_error_at(parser->error, DH_ERR_RULE, "rules", parser->file->path, parser->line,
                       column, "%s", message);
}

static dh_status unknown_verb(dh_rule_parser *p, dh_slice verb) {
    dh_suggest near = dh_suggest_start(verb);
    for (int i = DH_RULE_none + 1; i < DH_RULE_COUNT; i++)
        dh_suggest_offer(&near, dh_directives[i].verb);
    dh_suggest_offer(&near, DH_SLICE("test"));
    dh_suggest_offer(&near, DH_SLICE("text"));
    int len = (int)(verb.len < 60 ? verb.len : 60);
    if (near.best.len > 0)
        return dh_rule_error(p, verb.ptr, "unknown verb \"%.*s\", did you mean \"%.*s\"?", len,
                             verb.ptr, (int)near.best.len, near.best.ptr);
    return dh_rule_error(p, verb.ptr, "unknown verb \"%.*s\"", len, verb.ptr);
}

/* Whether what is wrong was told, so that reading goes on behind it. */
static bool told(dh_rule_parser *p, dh_status status) {
    if (status != DH_ERR_RULE || p->set->report == NULL) return false;
    p->set->report(p->set->report_data, p->error);
    return true;
}

/* "# unverified" is a fact about the file, not only for its readers. */
static void read_comment(dh_rule_file *file, dh_slice line) {
    dh_slice text = dh_slice_trim(dh_slice_sub(line, 1, line.len));
    if (dh_slice_starts_nocase(text, DH_SLICE("unverified"))) file->unverified = true;
}

/* Without a comment behind the value: " # " outside of quotation marks. */
static dh_slice without_comment(dh_slice value) {
    return dh_slice_trim(dh_slice_sub(value, 0, dh_rule_scan(value, DH_SLICE(" # "))));
}

static bool is_rule_name(dh_slice name) {
    for (size_t i = 0; i < name.len; i++)
        if (!dh_is_alnum(name.ptr[i]) && name.ptr[i] != '-' && name.ptr[i] != '_') return false;
    return name.len > 0;
}

static dh_status parse_check(dh_rule_parser *p) {
    dh_rule_file *file = p->file;
    dh_slice rest = dh_slice_trim(p->line_text);
    if (rest.ptr[0] == '#') return DH_OK;
    if (file->tests.len == 0)
        return dh_rule_error(p, rest.ptr,
                             "an indented line belongs to a test: there is none above");
    dh_slice key = dh_slice_trim(dh_slice_cut(&rest, ':'));
    if (rest.ptr == NULL) return dh_rule_error(p, key.ptr, "expected \"check: value\"");
    for (size_t i = 0; i < sizeof check_keys / sizeof *check_keys; i++) {
        if (!dh_slice_eq(check_keys[i], key)) continue;
        uint64_t least, most;
        if (dh_slice_eq(key, DH_SLICE("words")) &&
            !dh_rule_word_range(dh_slice_trim(rest), &least, &most))
            return dh_rule_error(p, rest.ptr, "a number of words expected, such as 480..520");
        if (dh_slice_trim(rest).len == 0)
            return dh_rule_error(p, rest.ptr, "\"%.*s\" needs a value", (int)key.len, key.ptr);
        dh_rule_test *test = &file->tests.ptr[file->tests.len - 1];
        *DH_PUSH(p->set->arena, test->checks) =
            (dh_rule_check){.line = p->line, .key = key, .value = dh_slice_trim(rest)};
        return DH_OK;
    }
    dh_suggest near = dh_suggest_start(key);
    for (size_t i = 0; i < sizeof check_keys / sizeof *check_keys; i++)
        dh_suggest_offer(&near, check_keys[i]);
    return dh_rule_error(p, key.ptr, "unknown check \"%.*s\"%s%.*s%s",
                         (int)(key.len < 60 ? key.len : 60), key.ptr,
                         near.best.len > 0 ? ", did you mean \"" : "", (int)near.best.len,
                         near.best.len > 0 ? near.best.ptr : "", near.best.len > 0 ? "\"?" : "");
}

static dh_status parse_directive(dh_rule_parser *p) {
    dh_rule_file *file = p->file;
    dh_slice rest = p->line_text, name = {0};
    dh_slice verb = dh_slice_trim(dh_slice_cut(&rest, ':'));
    if (rest.ptr == NULL) return dh_rule_error(p, p->line_text.ptr, "expected \"verb: value\"");
    bool is_text = dh_slice_eq(verb, DH_SLICE("text"));
    if (is_text || dh_slice_eq(verb, DH_SLICE("test"))) {
        dh_slice page = without_comment(rest);
        if (page.len == 0)
            return dh_rule_error(p, p->line_text.ptr + p->line_text.len,
                                 "a page's path expected, seen from this file's folder");
        *DH_PUSH(p->set->arena, file->tests) =
            (dh_rule_test){.line = p->line, .page = page, .is_text = is_text};
        return DH_OK;
    }
    dh_rule_verb known = dh_directive_of(verb);
    if (known == DH_RULE_none && is_rule_name(verb)) {
        dh_slice inner = rest, second = dh_slice_trim(dh_slice_cut(&inner, ':'));
        dh_rule_verb named = inner.ptr != NULL ? dh_directive_of(second) : DH_RULE_none;
        if (named != DH_RULE_none) {
            known = named;
            name = verb;
            rest = inner;
        }
    }
    if (known == DH_RULE_none) return unknown_verb(p, verb);
    dh_slice value = without_comment(rest);
    if (value.len == 0)
        return dh_rule_error(p, p->line_text.ptr + p->line_text.len, "\"%.*s\" needs a value",
                             (int)verb.len, verb.ptr);
    dh_rule_line line = {.verb = known, .line = p->line, .name = name, .text = value, .file = file};
    dh_status status = dh_rule_parse_value(p, &line, value);
    if (status == DH_OK) *DH_PUSH(p->set->arena, file->lines) = line;
    return status;
}

static dh_status parse_line(dh_rule_parser *p) {
    dh_slice text = p->line_text;
    if (dh_slice_trim(text).len == 0) return DH_OK;
    if (text.ptr[0] == '#') {
        read_comment(p->file, text);
        return DH_OK;
    }
    if (dh_is_space(text.ptr[0])) return parse_check(p);
    return parse_directive(p);
}

dh_status dh_rule_parse(dh_rule_set *set, dh_rule_file *file, dh_slice text, dh_error *error) {
    dh_error own = {0};
    dh_rule_parser p = {.set = set, .file = file, .error = error != NULL ? error : &own};
    if (dh_slice_starts(text, DH_SLICE("\xEF\xBB\xBF"))) text = dh_slice_sub(text, 3, text.len);
    const char *begin = text.ptr;
    while (text.ptr != NULL) {
        p.line++;
        p.line_text = dh_slice_cut(&text, '\n');
        while (p.line_text.len > 0 && dh_is_space(p.line_text.ptr[p.line_text.len - 1]))
            p.line_text.len--;
        if (p.line_text.len == 0) continue;
        size_t valid = dh_utf8_valid_prefix(p.line_text);
        dh_status status = DH_OK;
        if ((size_t)(p.line_text.ptr - begin) > DH_RULE_MAX_BYTES) {
            status = dh_rule_error(&p, p.line_text.ptr, "the file is over %d bytes long",
                                   DH_RULE_MAX_BYTES);
            return told(&p, status) ? DH_OK : status;
        }
        if (valid < p.line_text.len)
            status = dh_rule_error(&p, p.line_text.ptr + valid, "the file is not UTF-8 here");
        else
            status = parse_line(&p);
        if (status != DH_OK && !told(&p, status)) return status;
    }
    return DH_OK;
}
