/* SPDX-License-Identifier: Apache-2.0 */
/* import: a site config, line by line, and the report about all of them. */
#include "rules/import.h"

#include "base/utf8.h"
#include "css/suggest.h"
#include "rules/import_private.h"
#include "rules/rules_private.h"

const import_row dh_import_rows[] = {
#define DH_IMPORT(directive, how, argument, selects)                                               \
    {DH_SLICE_INIT(directive), HOW_##how, argument, selects},
#include "rules/import.def"
#undef DH_IMPORT
};
const uint32_t dh_import_row_count = sizeof dh_import_rows / sizeof *dh_import_rows;
_Static_assert(sizeof dh_import_rows / sizeof *dh_import_rows <= IMPORT_ROWS, "a count for each row");

dh_import *dh_import_new(dh_arena *arena) {
    dh_import *import = dh_arena_zalloc(arena, 1, sizeof *import);
    import->arena = arena;
    return import;
}

static void note(import_file *f, const char *reason, bool dropped) {
    *DH_PUSH(f->arena, f->import->notes) = (import_note){.file = f->name,
                                                         .directive = f->directive,
                                                         .value = f->value,
                                                         .line = f->line,
                                                         .reason = reason,
                                                         .dropped = dropped};
}

void dh_import_drop(import_file *f, const char *reason) {
    if (f->row < dh_import_row_count) f->import->fates[f->row][FATE_DROPPED]++;
    note(f, reason, true);
}

void dh_import_warn(import_file *f, const char *reason) {
    note(f, reason, false);
}

/* ---- lines ---- */

static void unknown_directive(import_file *f) {
    dh_suggest near = dh_suggest_start(f->directive);
    for (uint32_t i = 0; i < dh_import_row_count; i++)
        dh_suggest_offer(&near, dh_import_rows[i].directive);
    dh_buf reason;
    dh_buf_init(&reason, f->arena, 0);
    dh_buf_puts(&reason, "unknown directive");
    if (near.best.len > 0)
        dh_buf_printf(&reason, ", perhaps %.*s", (int)near.best.len, near.best.ptr);
    f->row = dh_import_row_count;
    f->import->unknown++;
    dh_import_drop(f, dh_buf_cstr(&reason));
}

/* "name: value" or "name(argument): value"; what is in the brackets may have colons. */
static bool split(import_file *f, dh_slice line) {
    size_t open = 0;
    while (open < line.len && (dh_is_alnum(line.ptr[open]) || line.ptr[open] == '_')) open++;
    f->argument = (dh_slice){NULL, 0};
    f->value = line;
    f->directive = dh_slice_sub(line, 0, open);
    size_t colon;
    if (open < line.len && line.ptr[open] == '(' &&
        (colon = dh_slice_find(line, DH_SLICE("):"))) != DH_NPOS) {
        f->argument = dh_slice_sub(line, open + 1, colon);
        colon++;
    } else if ((colon = dh_slice_find(line, DH_SLICE(":"))) != DH_NPOS) {
        f->directive = dh_slice_trim(dh_slice_sub(line, 0, colon));
    } else {
        return false;
    }
    f->value = dh_slice_trim(dh_slice_sub(line, colon + 1, line.len));
    return true;
}

static void read_line(import_file *f, dh_slice line) {
    if (!split(f, line)) {
        f->row = dh_import_row_count;
        f->directive = DH_SLICE("");
        f->import->unknown++;
        dh_import_drop(f, "no directive");
        return;
    }
    for (f->row = 0; f->row < dh_import_row_count; f->row++)
        if (dh_slice_eq(dh_import_rows[f->row].directive, f->directive)) break;
    if (f->row == dh_import_row_count) {
        unknown_directive(f);
        return;
    }
    import_how how = dh_import_rows[f->row].how;
    if (f->value.len == 0 && how != HOW_REPLACE && how != HOW_DROP)
        dh_import_drop(f, "nothing behind the colon");
    else
        dh_import_line(f);
}

/* Old files are not always UTF-8; then every byte is a character of ISO 8859-1. */
static dh_slice as_utf8(import_file *f, dh_slice text) {
    if (dh_utf8_valid_prefix(text) == text.len) return text;
    dh_buf out;
    dh_buf_init(&out, f->arena, 0);
    for (size_t i = 0; i < text.len; i++) dh_buf_put_code(&out, (unsigned char)text.ptr[i]);
    f->row = dh_import_row_count;
    dh_import_warn(f, "not UTF-8: read as ISO 8859-1");
    return dh_buf_slice(&out);
}

static void read_lines(import_file *f, dh_slice text) {
    if (dh_slice_starts(text, DH_SLICE("\xEF\xBB\xBF"))) text = dh_slice_sub(text, 3, text.len);
    while (text.ptr != NULL) {
        f->line++;
        dh_slice line = dh_slice_trim(dh_slice_cut(&text, '\n'));
        if (line.len > 0 && line.ptr[0] != '#') read_line(f, line);
    }
    for (; f->next_find < f->finds.len; f->next_find++) {
        const import_made *find = &f->finds.ptr[f->next_find];
        f->line = find->line;
        f->row = find->row;
        f->directive = find->directive;
        f->value = find->value;
        dh_import_drop(f, "no replace_string behind it");
    }
}

/* ---- the rule file ---- */

typedef struct target {
    dh_slice host; /* empty: no site */
    dh_slice file; /* "x.example" */
    bool below;    /* its subdomains only */
} target;

/* False: not the name of a site. */
static bool target_of(dh_arena *arena, dh_slice name, target *t) {
    *t = (target){0};
    if (!dh_slice_ends(name, DH_SLICE(".txt"))) return false;
    dh_slice host = dh_slice_sub(name, 0, name.len - 4);
    if (dh_slice_eq(host, DH_SLICE("global"))) {
        t->file = DH_SLICE("families/ftr-global");
        return true;
    }
    t->below = host.len > 0 && host.ptr[0] == '.';
    if (t->below) host = dh_slice_sub(host, 1, host.len);
    bool dot = false;
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        if (!dh_is_alnum(c) && c != '-' && c != '.' && c != '_' && (unsigned char)c < 0x80)
            return false;
        dot |= c == '.' && i > 0 && i + 1 < host.len;
    }
    if (!dot || host.ptr[0] == '.') return false;
    t->host = host;
    dh_buf file;
    dh_buf_init(&file, arena, 0);
    dh_buf_put_slice(&file, host);
    if (t->below) dh_buf_puts(&file, "+below"); /* no host has a plus */
    t->file = dh_buf_slice(&file);
    return true;
}

static void put_head(import_file *f, const target *t, dh_buf *out) {
    dh_buf_printf(out, "# unverified: imported from %.*s, a site config of Full-Text RSS\n",
                  (int)f->name.len, f->name.ptr);
    if (t->host.len == 0) return;
    bool www = dh_slice_starts(t->host, DH_SLICE("www."));
    dh_slice bare = dh_slice_sub(t->host, www ? 4 : 0, t->host.len);
    if (t->below) /* x.example itself too, where it has no file of its own */
        dh_buf_printf(out, "site: %.*s\n", (int)t->host.len, t->host.ptr);
    else
        dh_buf_printf(out, "site: =%.*s, =www.%.*s\n", (int)bare.len, bare.ptr, (int)bare.len,
                      bare.ptr);
    if (f->import->global.len > 0)
        dh_buf_printf(out, "inherits: %.*s\n", (int)f->import->global.len, f->import->global.ptr);
}

/* prune: the extractor's say inside of what `body` selects; autodetect_on_failure: without it. */
static void put_heuristics(const import_file *f, dh_buf *out) {
    if (f->prune_off || f->no_fallback)
        dh_buf_puts(out, "heuristics: off\n");
    else if (f->prune_on)
        dh_buf_puts(out, "heuristics: on\n");
}

static void write_rules(import_file *f, const target *t, dh_buf *out) {
    dh_buf_reset(out);
    put_head(f, t, out);
    put_heuristics(f, out);
    f->head = 0;
    for (size_t i = 0; i < out->len; i++) f->head += out->ptr[i] == '\n';
    for (uint32_t i = 0; i < f->made.len; i++) {
        dh_buf_put_slice(out, f->made.ptr[i].text);
        dh_buf_putc(out, '\n');
    }
    for (uint32_t i = 0; i < f->tests.len; i++) {
        dh_buf_put_slice(out, f->tests.ptr[i].text);
        dh_buf_putc(out, '\n');
    }
}

/* Reads what was written as a rule file; 0: it is good, else the line that is refused. */
static uint32_t refused_line(import_file *f, dh_slice text, dh_error *error) {
    dh_rule_set *set = dh_rules_new(f->arena);
    dh_status status = dh_rules_add(set, DH_SLICE("import.rules"), "import.rules", text, error);
    dh_rules_release(set);
    return status != DH_OK ? error->line : 0;
}

/* The line of the rule file that is refused becomes a dropped one. */
static bool take_out(import_file *f, uint32_t line, const dh_error *error) {
    if (line <= f->head || line - f->head > f->made.len) return false;
    uint32_t at = line - f->head - 1;
    import_made gone = f->made.ptr[at];
    for (uint32_t i = at + 1; i < f->made.len; i++) f->made.ptr[i - 1] = f->made.ptr[i];
    f->made.len--;
    f->line = gone.line;
    f->row = gone.row;
    f->directive = gone.directive;
    f->value = gone.value;
    dh_slice reason = dh_arena_dup(f->arena, dh_slice_cstr(error->message));
    dh_import_drop(f, reason.ptr);
    return true;
}

static void count_fates(import_file *f) {
    for (uint32_t i = 0; i < f->made.len; i++)
        f->import->fates[f->made.ptr[i].row][f->made.ptr[i].fate]++;
    for (uint32_t i = 0; i < f->tests.len; i++)
        f->import->fates[f->tests.ptr[i].row][f->tests.ptr[i].fate]++;
}

void dh_import_file(dh_import *import, dh_slice name, dh_slice text, dh_slice *rules_name,
                    dh_buf *out) {
    import_file f = {.import = import, .arena = import->arena};
    target t;
    f.name = dh_arena_dup(import->arena, name);
    *rules_name = (dh_slice){NULL, 0};
    dh_buf_reset(out);
    import->files++;
    f.row = dh_import_row_count;
    if (!target_of(import->arena, f.name, &t)) {
        dh_import_drop(&f, "the file's name is no host: nothing of it is read");
        return;
    }
    read_lines(&f, as_utf8(&f, dh_arena_dup(import->arena, text)));
    dh_error error = {0};
    for (;;) {
        write_rules(&f, &t, out);
        uint32_t line = refused_line(&f, dh_buf_slice(out), &error);
        if (line == 0) break;
        if (take_out(&f, line, &error)) continue;
        f.row = dh_import_row_count;
        f.line = 0;
        dh_import_drop(&f, "the rule file that came of it is refused");
        return;
    }
    count_fates(&f);
    if (f.made.len == 0 && !f.prune_off && !f.prune_on && !f.no_fallback) {
        f.row = dh_import_row_count;
        f.line = 0;
        f.directive = f.value = (dh_slice){NULL, 0};
        dh_import_warn(&f, "nothing to write: no line of it has a meaning here");
        return;
    }
    dh_buf file;
    dh_buf_init(&file, import->arena, 0);
    dh_buf_put_slice(&file, t.file);
    dh_buf_puts(&file, ".rules");
    *rules_name = dh_buf_slice(&file);
    if (t.host.len == 0) import->global = t.file;
    import->written++;
}

/* ---- the report ---- */

static void put_counts(const dh_import *import, dh_buf *out) {
    uint32_t sum[FATE_COUNT] = {0};
    dh_buf_puts(out, "directive\tlines\tCSS\tXPath\tother\tdropped\n");
    for (uint32_t i = 0; i < dh_import_row_count; i++) {
        const uint32_t *n = import->fates[i];
        uint32_t all = n[FATE_CSS] + n[FATE_XPATH] + n[FATE_OTHER] + n[FATE_DROPPED];
        for (int k = 0; k < FATE_COUNT; k++) sum[k] += n[k];
        if (all == 0) continue;
        dh_buf_printf(out, "%s\t%u\t%u\t%u\t%u\t%u\n", dh_import_rows[i].directive.ptr,
                      (unsigned)all, (unsigned)n[FATE_CSS], (unsigned)n[FATE_XPATH],
                      (unsigned)n[FATE_OTHER], (unsigned)n[FATE_DROPPED]);
    }
    if (import->unknown > 0)
        dh_buf_printf(out, "(unknown)\t%u\t0\t0\t0\t%u\n", (unsigned)import->unknown,
                      (unsigned)import->unknown);
    dh_buf_printf(out, "all\t%u\t%u\t%u\t%u\t%u\n",
                  (unsigned)(sum[0] + sum[1] + sum[2] + sum[3] + import->unknown), (unsigned)sum[0],
                  (unsigned)sum[1], (unsigned)sum[2], (unsigned)(sum[3] + import->unknown));
}

static void put_note(const import_note *n, dh_buf *out) {
    dh_buf_puts(out, n->dropped ? "dropped\t" : "warning\t");
    dh_buf_put_slice(out, n->file);
    if (n->line > 0) dh_buf_printf(out, ":%u", (unsigned)n->line);
    dh_buf_putc(out, '\t');
    dh_buf_put_slice(out, n->directive);
    dh_buf_printf(out, "\t%s\t", n->reason);
    for (size_t i = 0; i < n->value.len; i++) {
        char c = n->value.ptr[i];
        dh_buf_putc(out, (unsigned char)c < ' ' || c == 0x7F ? ' ' : c);
    }
    dh_buf_putc(out, '\n');
}

dh_import_counts dh_import_count(const dh_import *import) {
    dh_import_counts c = {.files = import->files, .written = import->written};
    for (uint32_t i = 0; i < dh_import_row_count; i++) {
        const uint32_t *n = import->fates[i];
        if (!dh_import_rows[i].selects) continue;
        c.survived += n[FATE_CSS] + n[FATE_XPATH];
        c.selectors += n[FATE_CSS] + n[FATE_XPATH] + n[FATE_OTHER] + n[FATE_DROPPED];
    }
    for (uint32_t i = 0; i < import->notes.len; i++) {
        c.dropped += import->notes.ptr[i].dropped;
        c.warnings += !import->notes.ptr[i].dropped;
    }
    return c;
}

void dh_import_report(const dh_import *import, dh_buf *out) {
    dh_import_counts c = dh_import_count(import);
    dh_buf_printf(out, "files\t%u\nwritten\t%u\nselector lines\t%u\nsurvive\t%u (%u.%02u %%)\n\n",
                  (unsigned)c.files, (unsigned)c.written, (unsigned)c.selectors,
                  (unsigned)c.survived,
                  c.selectors > 0 ? (unsigned)((uint64_t)c.survived * 100 / c.selectors) : 0,
                  c.selectors > 0 ? (unsigned)((uint64_t)c.survived * 10000 / c.selectors % 100) : 0);
    put_counts(import, out);
    dh_buf_putc(out, '\n');
    for (uint32_t i = 0; i < import->notes.len; i++) put_note(&import->notes.ptr[i], out);
}
