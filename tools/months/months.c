/* SPDX-License-Identifier: Apache-2.0 */
/* months: writes the tables of src/text/date.c and months.c from CLDR through ICU.
 *
 *     months folds            code points with the one they fold to       (src/text/folds.inc)
 *     months names EXTRA      names of months with their numbers          (src/text/months.inc)
 *
 * EXTRA has a row for each name that news pages use and CLDR lacks: language, month (with a leading
 * "j" in the Solar Hijri calendar), name; tab separated. Run through tools/months/generate. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/uchar.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>

#include "text/date.h"

static const char *const locales[] = {
    "en",    "de",    "de_AT",   "fr", "fr_CA", "es",    "es_MX", "es_CL", "pt",    "pt_PT",
    "it",    "nl",    "af",      "fy", "lb",    "sv",    "nb",    "nn",    "da",    "is",
    "fo",    "fi",    "et",      "lv", "lt",    "pl",    "cs",    "sk",    "sl",    "hr",
    "bs",    "sr",    "sr_Latn", "mk", "bg",    "ru",    "uk",    "be",    "ro",    "hu",
    "el",    "sq",    "tr",      "az", "uz",    "kk",    "ky",    "tg",    "tk",    "tt",
    "mn",    "hy",    "ka",      "he", "ar",    "ar_LB", "ar_SY", "ar_IQ", "ar_MA", "ar_DZ",
    "ar_TN", "ar_MR", "ar_SA",   "fa", "fa_AF", "ps",    "ur",    "ckb",   "ku",    "ug",
    "sd",    "hi",    "bn",      "mr", "ne",    "pa",    "gu",    "or",    "as",    "ta",
    "te",    "kn",    "ml",      "si", "th",    "lo",    "km",    "my",    "vi",    "id",
    "ms",    "jv",    "fil",     "sw", "am",    "ti",    "so",    "ha",    "yo",    "ig",
    "zu",    "xh",    "rw",      "mg", "eu",    "gl",    "ca",    "oc",    "ga",    "gd",
    "cy",    "br",    "mt",      "rm", "eo",
};

typedef struct vote {
    char name[64];
    char lang[4];
    unsigned month;
} vote;

static vote votes[20000];
static size_t vote_count;

static int by_name(const void *a, const void *b) {
    const vote *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    if (order == 0) order = strcmp(x->lang, y->lang);
    return order != 0 ? order : (int)x->month - (int)y->month;
}

/* Short Latin names are too often other words, numbers ("5월", "M05") need no table. */
static bool is_useful(dh_slice name) {
    size_t letters = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (dh_is_digit(name.ptr[i])) return false;
        letters++;
    }
    return letters >= 3 && name.len < sizeof votes->name;
}

static void add(const char *lang, size_t lang_len, unsigned month, const char *utf8,
                dh_arena *arena) {
    dh_slice name = dh_date_fold(dh_slice_cstr(utf8), arena);
    if (!is_useful(name) || lang_len > 3) return;
    if (vote_count == sizeof votes / sizeof *votes) exit(1);
    vote *v = &votes[vote_count++];
    memcpy(v->name, name.ptr, name.len);
    memcpy(v->lang, lang, lang_len);
    v->month = month;
}

static void add_locale(const char *locale, dh_arena *arena) {
    static const UDateFormatSymbolType types[] = {
        UDAT_MONTHS, UDAT_SHORT_MONTHS, UDAT_STANDALONE_MONTHS, UDAT_STANDALONE_SHORT_MONTHS};
    static const char *const calendars[] = {"gregorian", "persian"};
    for (unsigned c = 0; c < 2; c++) {
        if (c == 1 && strncmp(locale, "fa", 2) != 0 && strcmp(locale, "ps") != 0 &&
            strcmp(locale, "ckb") != 0)
            continue;
        char full[64];
        snprintf(full, sizeof full, "%s@calendar=%s", locale, calendars[c]);
        UErrorCode status = U_ZERO_ERROR;
        UDateFormat *format =
            udat_open(UDAT_DEFAULT, UDAT_DEFAULT, full, NULL, 0, NULL, 0, &status);
        if (U_FAILURE(status)) exit(1);
        for (size_t t = 0; t < sizeof types / sizeof *types; t++)
            for (int32_t m = 0; m < 12; m++) {
                UChar wide[64];
                char utf8[200];
                status = U_ZERO_ERROR;
                udat_getSymbols(format, types[t], m, wide, 64, &status);
                u_strToUTF8(utf8, sizeof utf8, NULL, wide, -1, &status);
                if (U_SUCCESS(status))
                    add(locale, strcspn(locale, "_"), (unsigned)m + 1 + c * 16, utf8, arena);
            }
        udat_close(format);
    }
}

static void add_extra(const char *file, dh_arena *arena) {
    FILE *in = fopen(file, "r");
    char line[256];
    if (in == NULL) exit(1);
    while (fgets(line, sizeof line, in) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0') continue;
        char *month = strchr(line, '\t');
        char *name = month != NULL ? strchr(month + 1, '\t') : NULL;
        if (name == NULL) exit(1);
        unsigned jalali = month[1] == 'j' ? 16 : 0;
        add(line, (size_t)(month - line),
            (unsigned)strtoul(month + 1 + (jalali != 0), NULL, 10) + jalali, name + 1, arena);
    }
    fclose(in);
}

/* The month most languages mean; of equals the first of the list of months. */
static unsigned winner(size_t begin, size_t end) {
    unsigned counts[32] = {0}, best = 0;
    for (size_t i = begin; i < end; i++) counts[votes[i].month]++;
    for (unsigned m = 1; m < 32; m++)
        if (counts[m] > counts[best]) best = m;
    return best;
}

/* Behind the last vote for the name of vote i. */
static size_t same_name(size_t i) {
    size_t j = i;
    while (j < vote_count && strcmp(votes[j].name, votes[i].name) == 0) j++;
    return j;
}

/* Where the name goes that follows one of `len` bytes at `at`: no name crosses a page of 4096 bytes,
 * since C compilers need not take longer strings. */
static size_t place(size_t at, size_t len) {
    return at / 4096 == (at + len) / 4096 ? at : (at / 4096 + 1) * 4096;
}

static void write_pool(void) {
    size_t at = 0;
    printf("static const char *const pool[] = {\n");
    for (size_t i = 0; i < vote_count; i = same_name(i)) {
        size_t len = strlen(votes[i].name), to = place(at, len);
        if (to != at) printf("    ,\n");
        printf("    \"%s\"\n", votes[i].name);
        at = to + len;
    }
    printf("};\n\n");
    if (at > 65535) exit(1);
}

static void write_names(void) {
    static char exceptions[100000];
    size_t at = 0, index = 0, used = 0;
    write_pool();
    printf("static const month_name names[] = {\n");
    for (size_t i = 0, j; i < vote_count; i = j, index++) {
        j = same_name(i);
        unsigned month = winner(i, j);
        at = place(at, strlen(votes[i].name));
        printf("    {%zu, %zu, %u},\n", at, strlen(votes[i].name), month);
        at += strlen(votes[i].name);
        for (size_t k = i; k < j; k++) {
            if (votes[k].month == month) continue;
            if (k > i && by_name(&votes[k - 1], &votes[k]) == 0) continue;
            used += (size_t)snprintf(exceptions + used, sizeof exceptions - used,
                                     "    {%zu, \"%s\", %u}, /* %s */\n", index, votes[k].lang,
                                     votes[k].month, votes[k].name);
        }
    }
    printf("};\n\nstatic const month_exception exceptions[] = {\n%s};\n", exceptions);
}

/* Arabic letters that keyboards and languages write differently in the same name. */
static UChar32 unify(UChar32 c) {
    switch (c) {
    case 0x0622:
    case 0x0623:
    case 0x0625:
    case 0x0671:
        return 0x0627;
    case 0x0649:
    case 0x06CC:
    case 0x06D2:
    case 0x0626:
        return 0x064A;
    case 0x0624:
        return 0x0648;
    case 0x06A9:
        return 0x0643;
    case 0x06C0:
    case 0x06C1:
    case 0x06D5:
    case 0x0629:
        return 0x0647;
    case 0x0131:
        return 'i';
    default:
        return c;
    }
}

static void write_folds(void) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
    for (UChar32 c = 0x80; c < 0x2000; c++) {
        if (!u_isalpha(c)) continue;
        UChar one[2] = {(UChar)c, 0}, lower[16], apart[32];
        status = U_ZERO_ERROR;
        int32_t n = u_strFoldCase(lower, 16, one, 1, U_FOLD_CASE_DEFAULT, &status);
        n = unorm2_normalize(nfd, lower, n, apart, 32, &status);
        if (U_FAILURE(status)) exit(1);
        UChar32 to = 0;
        int32_t kept = 0;
        for (int32_t i = 0; i < n; i++) {
            bool mark = (apart[i] >= 0x300 && apart[i] <= 0x36F) || apart[i] == 0x93C ||
                        apart[i] == 0x9BC || apart[i] == 0xA3C || apart[i] == 0xABC ||
                        apart[i] == 0xB3C || (apart[i] >= 0x64B && apart[i] <= 0x65F);
            if (mark) continue;
            to = apart[i];
            kept++;
        }
        to = unify(unify(c) != c ? unify(c) : to);
        if (kept == 1 && to != c) printf("{0x%04X, 0x%04X},\n", (unsigned)c, (unsigned)to);
    }
}

int main(int argc, char **argv) {
    printf("/* SPDX-License-Identifier: Apache-2.0 */\n"
           "/* Generated by tools/months/generate from CLDR through ICU. Do not edit. */\n");
    if (argc == 2 && strcmp(argv[1], "folds") == 0) {
        write_folds();
        return 0;
    }
    if (argc != 3 || strcmp(argv[1], "names") != 0) return 2;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) add_locale(locales[i], &arena);
    add_extra(argv[2], &arena);
    qsort(votes, vote_count, sizeof *votes, by_name);
    write_names();
    dh_arena_release(&arena);
    return 0;
}
