/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the command line by the table: long options with "=" or the next word as their value, short
 * ones bundled, "--" before operands that begin with a dash. Later options win over earlier ones. */
#include "cli/options.h"

#include "base/buf.h"
#include "css/suggest.h"
#include "emit/emit.h"
#include "text/clean.h"

const dh_option dh_option_table[] = {
#define ROW_TRUE(v) NULL, 0
#define ROW_FALSE(v) NULL, 0
#define ROW_TEXT(v) NULL, 0
#define ROW_NUMBER(v) NULL, 0
#define ROW_AMOUNT(v) NULL, 0
#define ROW_LIST(v) NULL, 0
#define ROW_COUNT(v) NULL, 0
#define ROW_CONST(v) v, 0
#define ROW_FOCUS(v) NULL, v
#define DH_OPTION(letter, name, argument, choices, kind, member, value, commands, section, help)   \
    {letter,                                                                                       \
     name,                                                                                         \
     argument,                                                                                     \
     choices,                                                                                      \
     DH_KIND_##kind,                                                                               \
     offsetof(dh_cli_options, member),                                                             \
     ROW_##kind(value),                                                                            \
     DH_CMD_##commands,                                                                            \
     DH_SECTION_##section,                                                                         \
     help},
#include "cli/options.def"
#undef DH_OPTION
#define DH_LIMIT(name, option, value, unit, help)                                                  \
    {0,                                                                                            \
     "limit-" option,                                                                              \
     "N",                                                                                          \
     NULL,                                                                                         \
     DH_KIND_LIMIT,                                                                                \
     DH_LIMIT_##name,                                                                              \
     NULL,                                                                                         \
     0,                                                                                            \
     DH_CMD_RULING,                                                                                \
     DH_SECTION_LIMITS,                                                                            \
     help " (default: " #value " " unit ")"},
#include "base/limits.def"
#undef DH_LIMIT
};
const size_t dh_option_count = sizeof dh_option_table / sizeof *dh_option_table;

const char *dh_section_title(dh_option_section section) {
    static const char *const titles[DH_SECTION_COUNT] = {
        [DH_SECTION_INPUT] = "Inputs",
        [DH_SECTION_RULES] = "Rules",
        [DH_SECTION_KEEP] = "What is kept",
        [DH_SECTION_OUTPUT] = "Output",
        [DH_SECTION_RUN] = "Running",
        [DH_SECTION_FETCH] = "Fetching",
        [DH_SECTION_CRAWL] = "The crawl",
        [DH_SECTION_CORPUS] = "The corpus",
        [DH_SECTION_LIMITS] = "Limits of one page",
        [DH_SECTION_HELP] = "Help",
    };
    return titles[section];
}

void dh_cli_options_init(dh_cli_options *options) {
    *options = (dh_cli_options){.clean = dehusk_options_default(), .wait = 1};
}

static void put_word(dh_buf *out, const char *word) {
    if (out->len > 0) dh_buf_putc(out, ' ');
    dh_buf_puts(out, word);
}

const char *dh_option_words(const dh_option *option, dh_arena *arena) {
    const char *choices = option->choices;
    if (choices == NULL || strcmp(choices, "@files") == 0 || strcmp(choices, "@dirs") == 0)
        return "";
    if (choices[0] != '@') return choices;
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    if (strcmp(choices, "@formats") == 0) {
        for (size_t i = 0; i < dh_formats_len; i++) put_word(&out, dh_formats[i].name);
    } else {
#define DH_FOLD(name, help) put_word(&out, #name);
#include "text/fold.def"
#undef DH_FOLD
    }
    return dh_buf_cstr(&out);
}

static dh_status unknown(dh_error *error, dh_slice word, const dh_suggest *suggest) {
    int len = word.len < 100 ? (int)word.len : 100;
    if (suggest != NULL && suggest->best.len > 0)
        return dh_error_set(error, DH_ERR_USAGE, "options", 0,
                            "unknown option %.*s; did you mean --%.*s?", len, word.ptr,
                            (int)suggest->best.len, suggest->best.ptr);
    return dh_error_set(error, DH_ERR_USAGE, "options", 0, "unknown option %.*s, see --help", len,
                        word.ptr);
}

static const dh_option *find_long(dh_slice name, unsigned command) {
    for (size_t i = 0; i < dh_option_count; i++)
        if ((dh_option_table[i].commands & command) != 0 &&
            dh_slice_eq(dh_slice_cstr(dh_option_table[i].name), name))
            return &dh_option_table[i];
    return NULL;
}

static const dh_option *find_short(char letter, unsigned command) {
    for (size_t i = 0; i < dh_option_count; i++)
        if (dh_option_table[i].letter == letter && (dh_option_table[i].commands & command) != 0)
            return &dh_option_table[i];
    return NULL;
}

/* What was begun and not finished is meant more often than what is as many edits away. */
static void offer(dh_suggest *suggest, dh_slice known) {
    if (suggest->word.len >= 3 && suggest->distance > 1 && dh_slice_starts(known, suggest->word)) {
        suggest->best = known;
        suggest->distance = 1;
    } else {
        dh_suggest_offer(suggest, known);
    }
}

static dh_status unknown_long(dh_slice word, dh_slice name, unsigned command, dh_error *error) {
    if (find_long(name, DH_CMD_EVERY) != NULL)
        return dh_error_set(error, DH_ERR_USAGE, "options", 0,
                            "option --%.*s is of another command, see dehusk help",
                            name.len < 100 ? (int)name.len : 100, name.ptr);
    dh_suggest suggest = dh_suggest_start(name);
    for (size_t i = 0; i < dh_option_count; i++)
        if ((dh_option_table[i].commands & command) != 0)
            offer(&suggest, dh_slice_cstr(dh_option_table[i].name));
    return unknown(error, word, &suggest);
}

/* Decimal, with K, M or G behind it for powers of 1024. */
static bool read_number(const char *text, bool units, uint64_t *out) {
    dh_slice s = dh_slice_cstr(text);
    unsigned shift = 0;
    if (units && s.len > 1) {
        char last = dh_lower(s.ptr[s.len - 1]);
        shift = last == 'k' ? 10 : last == 'm' ? 20 : last == 'g' ? 30 : 0;
        if (shift > 0) s.len--;
    }
    if (!dh_slice_to_u64(s, out) || *out > UINT64_MAX >> shift) return false;
    *out <<= shift;
    return true;
}

static dh_status apply(dh_cli_options *options, const dh_option *option, const char *value,
                       dh_arena *arena, dh_error *error) {
    char *field = (char *)options + option->field;
    uint64_t number = 0;
    bool is_limit = option->kind == DH_KIND_LIMIT;
    bool positive = option->kind == DH_KIND_NUMBER;
    if ((is_limit || positive || option->kind == DH_KIND_AMOUNT) &&
        (!read_number(value, is_limit, &number) || (number == 0 && positive)))
        return dh_error_set(error, DH_ERR_USAGE, "options", 0, "--%s needs a %snumber, not %.100s",
                            option->name, positive ? "positive " : "", value);
    switch (option->kind) {
    case DH_KIND_TRUE:
    case DH_KIND_FALSE:
        *(bool *)(void *)field = option->kind == DH_KIND_TRUE;
        break;
    case DH_KIND_CONST:
        *(const char **)(void *)field = option->text;
        break;
    case DH_KIND_TEXT:
        *(const char **)(void *)field = value;
        break;
    case DH_KIND_NUMBER:
    case DH_KIND_AMOUNT:
        *(uint64_t *)(void *)field = number;
        break;
    case DH_KIND_LIST:
        *DH_PUSH(arena, *(dh_texts *)(void *)field) = value;
        break;
    case DH_KIND_COUNT:
        ++*(int *)(void *)field;
        break;
    case DH_KIND_FOCUS:
        *(dehusk_focus *)(void *)field = (dehusk_focus)option->number;
        break;
    case DH_KIND_LIMIT:
        options->limits[option->field] = number;
        options->limit_set[option->field] = true;
        break;
    }
    return DH_OK;
}

/* Where the reader stands in argv. */
typedef struct words {
    const char *const *argv;
    int argc, at;
} words;

static dh_status needs(const dh_option *option, dh_error *error) {
    return dh_error_set(error, DH_ERR_USAGE, "options", 0, "--%s needs a value: --%s %s",
                        option->name, option->name, option->argument);
}

static dh_status read_long(dh_cli_options *options, words *w, unsigned command, dh_arena *arena,
                           dh_error *error) {
    const char *word = w->argv[w->at++];
    const char *equals = strchr(word, '=');
    dh_slice name = dh_slice_cstr(word + 2);
    if (equals != NULL) name.len = (size_t)(equals - word) - 2;
    const dh_option *option = find_long(name, command);
    if (option == NULL)
        return unknown_long(dh_slice_make(word, name.len + 2), name, command, error);
    const char *value = equals != NULL ? equals + 1 : NULL;
    if (option->argument == NULL && value != NULL)
        return dh_error_set(error, DH_ERR_USAGE, "options", 0, "--%s takes no value", option->name);
    if (option->argument != NULL && value == NULL) {
        if (w->at == w->argc) return needs(option, error);
        value = w->argv[w->at++];
    }
    return apply(options, option, value, arena, error);
}

static dh_status read_shorts(dh_cli_options *options, words *w, unsigned command, dh_arena *arena,
                             dh_error *error) {
    const char *word = w->argv[w->at++];
    for (const char *p = word + 1; *p != '\0'; p++) {
        const dh_option *option = find_short(*p, command);
        if (option == NULL) return unknown(error, dh_slice_cstr(word), NULL);
        if (option->argument == NULL) {
            dh_status status = apply(options, option, NULL, arena, error);
            if (status != DH_OK) return status;
            continue;
        }
        const char *value = p + 1;
        if (*value == '\0') {
            if (w->at == w->argc) return needs(option, error);
            value = w->argv[w->at++];
        }
        return apply(options, option, value, arena, error);
    }
    return DH_OK;
}

/* "a b c" as "a, b, c". */
static const char *listed(const char *words_of, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    for (const char *p = words_of; *p != '\0'; p++) {
        if (*p == ' ') dh_buf_putc(&out, ',');
        dh_buf_putc(&out, *p);
    }
    return dh_buf_cstr(&out);
}

static dh_status check_choice(const char *name, const char *value, dh_arena *arena,
                              dh_error *error) {
    if (value == NULL) return DH_OK;
    const dh_option *option = find_long(dh_slice_cstr(name), DH_CMD_EVERY);
    const char *words_of = dh_option_words(option, arena);
    dh_suggest suggest = dh_suggest_start(dh_slice_cstr(value));
    dh_slice rest = dh_slice_cstr(words_of), word;
    while ((word = dh_slice_token(&rest)).len > 0) {
        if (dh_slice_eq(word, dh_slice_cstr(value))) return DH_OK;
        offer(&suggest, word);
    }
    if (strcmp(name, "format") == 0 && dh_format_find(dh_slice_cstr(value)) != NULL) return DH_OK;
    return dh_error_set(error, DH_ERR_USAGE, "options", 0, "--%s may be %s, not %.60s%s%.*s%s",
                        name, listed(words_of, arena), value,
                        suggest.best.len > 0 ? "; did you mean " : "", (int)suggest.best.len,
                        suggest.best.len > 0 ? suggest.best.ptr : "",
                        suggest.best.len > 0 ? "?" : "");
}

static bool is_day(const char *text) {
    static const char shape[] = "dddd-dd-dd";
    if (strlen(text) != sizeof shape - 1) return false;
    for (size_t i = 0; i < sizeof shape - 1; i++)
        if (shape[i] == 'd' ? !dh_is_digit(text[i]) : text[i] != shape[i]) return false;
    return memcmp(text + 5, "00", 2) > 0 && memcmp(text + 5, "12", 2) <= 0 &&
           memcmp(text + 8, "00", 2) > 0 && memcmp(text + 8, "31", 2) <= 0;
}

/* "0.85", "1", ".5" as thousandths; digits behind the third are not looked at. False for anything else. */
static bool to_thousandths(const char *text, int *out) {
    const char *p = text;
    int value = 0, scale = 1000;
    if (*p == '0' || *p == '1') value = (*p++ - '0') * scale;
    if (*p == '.' && dh_is_digit(p[1]))
        for (p++; dh_is_digit(*p); p++) {
            scale /= 10;
            value += (*p - '0') * scale;
        }
    *out = value;
    return p > text && *p == '\0' && value <= 1000;
}

static dh_status check(dh_cli_options *options, dh_arena *arena, dh_error *error) {
    const struct {
        const char *name, *value;
    } choices[] = {{"from", options->from},
                   {"format", options->format},
                   {"stage", options->stage},
                   {"colour", options->colour},
                   {"log", options->log},
                   {"pack", options->pack},
                   {"profile", options->profile},
                   {"isolate", options->isolate},
                   {"dedup", options->dedup},
                   {"pii", options->pii}};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        dh_status status = check_choice(choices[i].name, choices[i].value, arena, error);
        if (status != DH_OK) return status;
    }
    uint32_t mask;
    dh_slice bad;
    if (options->clean.fold != NULL &&
        !dh_fold_parse(dh_slice_cstr(options->clean.fold), &mask, &bad))
        return dh_error_set(
            error, DH_ERR_USAGE, "options", 0, "--fold knows %s, not %.*s",
            listed(dh_option_words(find_long(DH_SLICE("fold"), DH_CMD_EVERY), arena), arena),
            bad.len < 60 ? (int)bad.len : 60, bad.len > 0 ? bad.ptr : "");
    if (options->date != NULL && !is_day(options->date))
        return dh_error_set(error, DH_ERR_USAGE, "options", 0,
                            "--date needs a day as YYYY-MM-DD, not %.60s", options->date);
    if (options->least != NULL && !to_thousandths(options->least, &options->clean.min_confidence))
        return dh_error_set(error, DH_ERR_USAGE, "options", 0,
                            "--min-confidence is between 0 and 1, not %.60s", options->least);
    if (options->overwrite && options->skip_existing)
        return dh_error_set(error, DH_ERR_USAGE, "options", 0,
                            "--overwrite and --skip-existing exclude each other");
    return DH_OK;
}

dh_status dh_cli_options_parse(dh_cli_options *options, unsigned command, int argc,
                               const char *const *argv, dh_arena *arena, dh_error *error) {
    words w = {argv, argc, 0};
    bool operands_only = false;
    while (w.at < argc) {
        const char *word = argv[w.at];
        dh_status status = DH_OK;
        if (operands_only || word[0] != '-' || word[1] == '\0') {
            *DH_PUSH(arena, options->operands) = word;
            w.at++;
        } else if (strcmp(word, "--") == 0) {
            operands_only = true;
            w.at++;
        } else if (word[1] == '-') {
            status = read_long(options, &w, command, arena, error);
        } else {
            status = read_shorts(options, &w, command, arena, error);
        }
        if (status != DH_OK) return status;
    }
    if (options->help || options->version) return DH_OK;
    return check(options, arena, error);
}
