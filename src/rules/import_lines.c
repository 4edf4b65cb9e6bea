/* SPDX-License-Identifier: Apache-2.0 */
/* import_lines: what each kind of directive becomes. */
#include "css/xpath.h"
#include "rules/import_private.h"
#include "rules/rules_private.h"

enum { SHORT_TOKEN = 5 };

static import_made *make(import_file *f, import_fate fate, dh_slice text) {
    import_made *made = DH_PUSH(f->arena, f->made);
    *made = (import_made){.text = text,
                          .line = f->line,
                          .row = f->row,
                          .fate = fate,
                          .directive = f->directive,
                          .value = f->value};
    return made;
}

static dh_slice verb_line(import_file *f, const char *verb, const char *prefix, dh_slice value,
                          dh_slice attr) {
    dh_buf line;
    dh_buf_init(&line, f->arena, 0);
    dh_buf_printf(&line, "%s: %s", verb, prefix);
    dh_buf_put_slice(&line, value);
    if (attr.len > 0) dh_buf_printf(&line, " @%.*s", (int)attr.len, attr.ptr);
    return dh_buf_slice(&line);
}

/* Whether the expression is a text, such as concat(...), and not a set of nodes. */
static bool is_text(dh_slice xpath) {
    static const dh_slice functions[] = {
        DH_SLICE_INIT("concat"),    DH_SLICE_INIT("substring"), DH_SLICE_INIT("string"),
        DH_SLICE_INIT("translate"), DH_SLICE_INIT("normalize-space")};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (dh_slice_starts(xpath, functions[i])) return true;
    return false;
}

static const char *wrong_xpath(import_file *f, dh_slice xpath) {
    dh_error error = {0};
    dh_status status = dh_xpath_check(xpath, &error);
    if (status == DH_OK) return NULL;
    if (status == DH_ERR_MEMORY) dh_arena_fail(f->arena, status);
    dh_buf reason;
    dh_buf_init(&reason, f->arena, 0);
    dh_buf_printf(&reason, "%s (column %u of the value)", error.message,
                  (unsigned)error.offset + 1);
    return dh_buf_cstr(&reason);
}

/* Whether the last step of a path is an attribute. */
static bool ends_in_attribute(dh_slice xpath) {
    size_t n = xpath.len;
    while (n > 0 && (dh_is_alnum(xpath.ptr[n - 1]) || strchr("-_:", xpath.ptr[n - 1]) != NULL)) n--;
    return n > 1 && xpath.ptr[n - 1] == '@' && xpath.ptr[n - 2] == '/';
}

static void put_xpath(import_file *f, const char *verb, dh_slice xpath) {
    bool plain = dh_xpath_is(xpath);
    make(f, FATE_XPATH, verb_line(f, verb, plain ? "" : "xpath: ", xpath, (dh_slice){NULL, 0}));
}

static void drop_regex(void *data, dh_regex *regex) {
    (void)data;
    dh_regex_free(regex);
}

/* As CSS, unless our own ceilings say no. */
static bool as_css(import_file *f, dh_import_selector *selector) {
    dh_css *css;
    if (!dh_import_css(f->value, f->arena, selector)) return false;
    dh_status status = dh_css_compile(selector->css, f->arena, drop_regex, NULL, &css, NULL);
    if (status == DH_ERR_MEMORY) dh_arena_fail(f->arena, status);
    return status == DH_OK;
}

static void put_selector(import_file *f, const char *verb, bool field) {
    const char *wrong = wrong_xpath(f, f->value);
    dh_import_selector selector;
    if (dh_directive_of(dh_slice_cstr(verb)) == DH_RULE_none) {
        dh_import_drop(f, "there is no verb for it");
    } else if (wrong != NULL) {
        dh_import_drop(f, wrong);
    } else if (!field && (is_text(f->value) || ends_in_attribute(f->value))) {
        dh_import_drop(f, "selects a text or an attribute where an element is wanted");
    } else if (as_css(f, &selector)) {
        if (selector.capitals)
            dh_import_warn(f, "a name in capitals never matches in the original; it does here");
        make(f, FATE_CSS, verb_line(f, verb, "", selector.css, selector.attr));
    } else {
        put_xpath(f, verb, f->value);
    }
}

static dh_slice without_quotes(import_file *f, dh_slice value) {
    char *copy = dh_arena_alloc(f->arena, value.len);
    size_t n = 0;
    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] != '"' && value.ptr[i] != '\'') copy[n++] = value.ptr[i];
    return dh_slice_make(copy, n);
}

/* The original takes what contains the text; its best-known reimplementation what has it as a word. */
static void put_token(import_file *f) {
    dh_slice token = without_quotes(f, f->value);
    if (token.len == 0) {
        dh_import_drop(f, "nothing but quotation marks");
        return;
    }
    if (token.len < SHORT_TOKEN)
        dh_import_warn(f, "short: as a part of ids and classes, which is what is meant, it takes "
                          "more than as a word of them");
    else if (memchr(token.ptr, ' ', token.len) != NULL)
        dh_import_warn(f, "has a space: as a part of ids and classes, which is what is meant, it "
                          "takes other elements than as a word of them");
    dh_buf line;
    dh_buf_init(&line, f->arena, 0);
    dh_buf_puts(&line, "remove: [class*=");
    dh_import_quote(&line, token, false);
    dh_buf_puts(&line, "], [id*=");
    dh_import_quote(&line, token, false);
    dh_buf_puts(&line, "]");
    make(f, FATE_CSS, dh_buf_slice(&line));
}

static void put_image(import_file *f) {
    dh_slice token = without_quotes(f, f->value);
    if (token.len == 0) {
        dh_import_drop(f, "nothing but quotation marks");
        return;
    }
    dh_buf line;
    dh_buf_init(&line, f->arena, 0);
    dh_buf_puts(&line, "remove: img[src*=");
    dh_import_quote(&line, token, false);
    dh_buf_puts(&line, "]");
    make(f, FATE_CSS, dh_buf_slice(&line));
}

static void put_attribute(import_file *f) {
    dh_import_selector selector;
    if (dh_directive_of(DH_SLICE("remove attr")) == DH_RULE_none)
        dh_import_drop(f, "there is no verb for it; the text is the same without");
    else if (!as_css(f, &selector) || selector.attr.len == 0)
        dh_import_drop(f, "selects no attribute that could be named");
    else
        make(f, FATE_CSS, verb_line(f, "remove attr", "", selector.css, selector.attr));
}

/* if_page_contains: the line before it holds only for pages where this selects something. */
static void put_condition(import_file *f) {
    import_made *last = f->made.len > 0 ? &f->made.ptr[f->made.len - 1] : NULL;
    const char *verb = last != NULL ? dh_import_rows[last->row].argument : "";
    const char *wrong = wrong_xpath(f, f->value);
    if (wrong != NULL || last == NULL ||
        (strcmp(verb, "single page") != 0 && strcmp(verb, "next page") != 0)) {
        dh_import_drop(f, wrong != NULL ? wrong : "no line before it that it could belong to");
        return;
    }
    dh_buf text;
    dh_buf_init(&text, f->arena, 0);
    if (is_text(last->value)) /* from character 1, or from infinity */
        dh_buf_printf(&text, "%s: xpath: substring(%.*s, 1 div boolean(%.*s))", verb,
                      (int)last->value.len, last->value.ptr, (int)f->value.len, f->value.ptr);
    else
        dh_buf_printf(&text, "%s: xpath: (%.*s)[boolean(%.*s)]", verb, (int)last->value.len,
                      last->value.ptr, (int)f->value.len, f->value.ptr);
    last->text = dh_buf_slice(&text);
    last->fate = FATE_XPATH;
    f->import->fates[f->row][FATE_XPATH]++;
}

static void put_switch(import_file *f) {
    bool yes = dh_slice_eq_nocase(f->value, DH_SLICE("yes")) ||
               dh_slice_eq_nocase(f->value, DH_SLICE("true"));
    bool no = dh_slice_eq_nocase(f->value, DH_SLICE("no")) ||
              dh_slice_eq_nocase(f->value, DH_SLICE("false"));
    if (!yes && !no) {
        dh_import_drop(f, "neither yes nor no");
        return;
    }
    if (dh_slice_eq(f->directive, DH_SLICE("prune"))) {
        f->prune_off = no;
        f->prune_on = yes;
    } else {
        f->no_fallback = no;
    }
    f->import->fates[f->row][FATE_OTHER]++;
}

static void put_test(import_file *f) {
    if (!dh_slice_starts_nocase(f->value, DH_SLICE("http"))) {
        dh_import_drop(f, "no address");
        return;
    }
    import_made *made = make(f, FATE_OTHER, verb_line(f, "test", "", f->value, (dh_slice){NULL, 0}));
    *DH_PUSH(f->arena, f->tests) = *made;
    f->made.len--;
}

static void put_has(import_file *f) {
    if (f->tests.len == 0) {
        dh_import_drop(f, "no test_url before it");
        return;
    }
    import_made *made = make(f, FATE_OTHER, verb_line(f, "  has", "", f->value, (dh_slice){NULL, 0}));
    *DH_PUSH(f->arena, f->tests) = *made;
    f->made.len--;
}

/* Words of the text, not a piece of markup: the original edits the bytes of the page. */
static bool is_prose(dh_slice text) {
    bool words = false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < ' ' || strchr("<>=\"'&;{}[]/\\#$_@", c) != NULL) return false;
        words |= c == ' ' || c >= 0x80;
    }
    return words;
}

static void put_replacement(import_file *f, dh_slice find, dh_slice with) {
    if (!is_prose(find) || (with.len > 0 && !is_prose(with) && memchr(with.ptr, '<', with.len))) {
        dh_import_drop(f, "edits the page's markup before it is read");
        return;
    }
    dh_buf line;
    dh_buf_init(&line, f->arena, 0);
    dh_buf_puts(&line, "replace: ");
    dh_import_quote(&line, find, true);
    dh_buf_puts(&line, " => ");
    dh_import_quote(&line, with, true);
    make(f, FATE_OTHER, dh_buf_slice(&line));
}

static void put_find(import_file *f) {
    *DH_PUSH(f->arena, f->finds) = (import_made){
        .line = f->line, .row = f->row, .directive = f->directive, .value = f->value};
}

/* find_string lines and replace_string lines are pairs, in order; or both stand in one line. */
static void put_replace(import_file *f) {
    if (f->argument.ptr != NULL) {
        put_replacement(f, f->argument, f->value);
        return;
    }
    if (f->next_find == f->finds.len) {
        dh_import_drop(f, "no find_string before it");
        return;
    }
    const import_made *find = &f->finds.ptr[f->next_find++];
    uint32_t dropped = f->import->fates[f->row][FATE_DROPPED];
    put_replacement(f, find->value, f->value);
    bool gone = f->import->fates[f->row][FATE_DROPPED] > dropped;
    if (!gone) {
        f->import->fates[find->row][FATE_OTHER]++;
        return;
    }
    import_file other = *f;
    other.line = find->line;
    other.row = find->row;
    other.directive = find->directive;
    other.value = find->value;
    dh_import_drop(&other, "edits the page's markup before it is read");
}

static void put_header(import_file *f) {
    if (f->argument.len == 0 || f->value.len == 0) {
        dh_import_drop(f, "a header's name and value are needed: http_header(name): value");
        return;
    }
    if (dh_slice_eq_nocase(f->argument, DH_SLICE("user-agent"))) {
        make(f, FATE_OTHER, verb_line(f, "user agent", "", f->value, (dh_slice){NULL, 0}));
        return;
    }
    dh_buf line;
    dh_buf_init(&line, f->arena, 0);
    dh_buf_printf(&line, "header: %.*s: %.*s", (int)f->argument.len, f->argument.ptr,
                  (int)f->value.len, f->value.ptr);
    make(f, FATE_OTHER, dh_buf_slice(&line));
}

void dh_import_line(import_file *f) {
    const import_row *row = &dh_import_rows[f->row];
    switch (row->how) {
    case HOW_FIELD: put_selector(f, row->argument, true); break;
    case HOW_ELEMENT: put_selector(f, row->argument, false); break;
    case HOW_TOKEN: put_token(f); break;
    case HOW_IMAGE: put_image(f); break;
    case HOW_ATTRIBUTE: put_attribute(f); break;
    case HOW_CONDITION: put_condition(f); break;
    case HOW_SWITCH: put_switch(f); break;
    case HOW_TEST: put_test(f); break;
    case HOW_HAS: put_has(f); break;
    case HOW_FIND: put_find(f); break;
    case HOW_REPLACE: put_replace(f); break;
    case HOW_HEADER: put_header(f); break;
    case HOW_DROP: dh_import_drop(f, row->argument); break;
    }
}
