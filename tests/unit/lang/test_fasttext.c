/* SPDX-License-Identifier: Apache-2.0 */
/* Models of a few numbers, written here in the form that fastText writes; what they say is reckoned by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "lang/fasttext_file.h"
#include "lang/lang.h"

enum { WORD, LABEL };

static char path[] = "/tmp/dehusk-fasttext-XXXXXX";

static void i32(dh_buf *out, int32_t value) {
    dh_buf_put(out, &value, sizeof value);
}

static void i64(dh_buf *out, int64_t value) {
    dh_buf_put(out, &value, sizeof value);
}

static void floats(dh_buf *out, const float *values, size_t len) {
    dh_buf_put(out, values, len * sizeof *values);
}

static void entry(dh_buf *out, const char *text, int64_t count, int type) {
    dh_buf_put(out, text, strlen(text) + 1);
    i64(out, count);
    dh_buf_putc(out, (char)type);
}

typedef struct model {
    int32_t loss, ngrams, minn, maxn, bucket;
    const char *words[3];
    const char *labels[4];
} model;

static void head(dh_buf *out, const model *m) {
    int32_t words = 0, labels = 0;
    while (words < 3 && m->words[words] != NULL) words++;
    while (labels < 4 && m->labels[labels] != NULL) labels++;
    i32(out, 793712314);
    i32(out, 12);
    i32(out, 2); /* dim */
    for (int i = 0; i < 4; i++) i32(out, 0);
    i32(out, m->ngrams);
    i32(out, m->loss);
    i32(out, 3); /* supervised */
    i32(out, m->bucket);
    i32(out, m->minn);
    i32(out, m->maxn);
    i32(out, 100);
    i64(out, 0);
    i32(out, words + labels);
    i32(out, words);
    i32(out, labels);
    i64(out, 100);
    i64(out, -1);
    for (int i = 0; i < words; i++) entry(out, m->words[i], 10 - i, WORD);
    for (int i = 0; i < labels; i++) entry(out, m->labels[i], 10 * (labels - i), LABEL);
}

static void matrix(dh_buf *out, int64_t rows, const float *values) {
    dh_buf_putc(out, 0);
    i64(out, rows);
    i64(out, 2);
    floats(out, values, (size_t)rows * 2);
}

static dh_status open_model(dh_slice bytes, dh_fasttext **m) {
    FILE *file = fopen(path, "wb");
    dh_error error = {0};
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
    return dh_fasttext_new(path, m, &error);
}

static void says(const dh_fasttext *m, const char *text, const char *label, double probability) {
    dh_arena arena;
    dh_slice found = {NULL, 0};
    double is = 0;
    dh_arena_init(&arena, 0);
    assert_true(dh_fasttext_find(m, dh_slice_cstr(text), &arena, &found, &is));
    assert_int_equal(found.len, strlen(label));
    assert_memory_equal(found.ptr, label, found.len);
    if (is < probability - 1e-4 || is > probability + 1e-4)
        fail_msg("%s: %f, not %f", text, is, probability);
    dh_arena_release(&arena);
}

/* Two words that pull to a label each. The mean of "alpha" and the end is (1, 0), that of two is (1, 1) / 1.5. */
static const float two_words[] = {2, 0, 0, 2, 0, 0}, two_labels[] = {1, 0, 0, 1};
static const model plain = {.loss = DH_FT_SOFTMAX,
                            .words = {"alpha", "\xD9\x82\xD9\x84\xD8\xB9\xD8\xA9", "</s>"},
                            .labels = {"__label__eng_Latn", "__label__arb_Arab", NULL}};

static void plain_model(dh_buf *out) {
    head(out, &plain);
    matrix(out, 3, two_words);
    matrix(out, 2, two_labels);
}

static void softmax(void **state) {
    (void)state;
    dh_buf bytes = {0};
    dh_fasttext *m;
    plain_model(&bytes);
    assert_int_equal(open_model(dh_buf_slice(&bytes), &m), DH_OK);
    says(m, "alpha", "eng_Latn", 0.731059); /* 1 / (1 + e^-1) */
    says(m, " alpha\talpha\n", "eng_Latn", 0.791391); /* of 4/3 */
    says(m, "\xD9\x82\xD9\x84\xD8\xB9\xD8\xA9 unknown", "arb_Arab", 0.731059);
    says(m, "alpha alpha \xD9\x82\xD9\x84\xD8\xB9\xD8\xA9", "eng_Latn", 0.622459); /* of 1/2 */
    says(m, "__label__arb_Arab alpha", "eng_Latn", 0.731059);
    dh_fasttext_free(m);
    dh_buf_release(&bytes);
}

/* Labels by what they are called here; a model's own word for what we have no name for. */
static void names(void **state) {
    (void)state;
    static const struct {
        const char *label, *tag, *iso;
    } rows[] = {{"__label__arb_Arab", "ar", "arb"},  {"__label__ar", "ar", "arb"},
                {"__label__cmn_Hant", "zh-Hant", "cmn"}, {"__label__cmn_Hani", "zh", "cmn"},
                {"__label__xyz_Latn", "xyz_Latn", "xyz_Latn"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        model one = plain;
        dh_buf bytes = {0};
        dh_fasttext *m;
        dh_arena arena;
        dh_language language;
        one.labels[0] = rows[i].label;
        head(&bytes, &one);
        matrix(&bytes, 3, two_words);
        matrix(&bytes, 2, two_labels);
        assert_int_equal(open_model(dh_buf_slice(&bytes), &m), DH_OK);
        dh_arena_init(&arena, 0);
        dh_lang_find_by(m, DH_SLICE("alpha"), &arena, &language);
        assert_string_equal(language.tag, rows[i].tag);
        assert_string_equal(language.iso, rows[i].iso);
        assert_string_equal(language.script, "Latn");
        assert_int_equal(language.share, 731);
        assert_true(language.sure);
        dh_lang_find_by(m, DH_SLICE("alpha alpha \xD9\x82\xD9\x84\xD8\xB9\xD8\xA9"), &arena, &language);
        assert_int_equal(language.share, 622);
        assert_false(language.sure);
        dh_arena_release(&arena);
        dh_fasttext_free(m);
        dh_buf_release(&bytes);
    }
}

/* A word that nobody has seen is known by its parts, a pair of words by its hash: the one bucket is all of them. */
static void parts(void **state) {
    (void)state;
    model m = plain;
    dh_buf bytes = {0};
    dh_fasttext *open;
    float rows[8] = {2, 0, 0, 2, 0, 0, 0, 3};
    m.minn = m.maxn = 3;
    m.bucket = 1;
    head(&bytes, &m);
    matrix(&bytes, 4, rows);
    matrix(&bytes, 2, two_labels);
    assert_int_equal(open_model(dh_buf_slice(&bytes), &open), DH_OK);
    says(open, "xy", "arb_Arab", 0.880797); /* "<xy", "xy>", end: (0, 6) / 3 */
    says(open, "\xC3\xA9", "arb_Arab", 0.817574); /* one part of three characters: (0, 3) / 2 */
    dh_fasttext_free(open);
    dh_buf_reset(&bytes);
    m.minn = m.maxn = 0;
    m.ngrams = 2;
    head(&bytes, &m);
    matrix(&bytes, 4, rows);
    matrix(&bytes, 2, two_labels);
    assert_int_equal(open_model(dh_buf_slice(&bytes), &open), DH_OK);
    says(open, "xy", "arb_Arab", 0.817574); /* the pair of it and the end */
    dh_fasttext_free(open);
    dh_buf_release(&bytes);
}

/* Counts 30, 20, 10: the tree is ((10, 20), 30), the rarer one to the left. */
static void tree(void **state) {
    (void)state;
    model m = plain;
    dh_buf bytes = {0};
    dh_fasttext *open;
    static const float nodes[] = {1, 0, 0, 1, 0, 0};
    m.loss = DH_FT_HS;
    m.labels[2] = "__label__c";
    head(&bytes, &m);
    matrix(&bytes, 3, two_words);
    matrix(&bytes, 3, nodes);
    assert_int_equal(open_model(dh_buf_slice(&bytes), &open), DH_OK);
    /* (1, 0): the root's number is 0, that of the pair 1. The first label is one of both, the second 1/2 of 0.731. */
    says(open, "alpha", "eng_Latn", 0.5);
    /* (0, 1): the root's number is 1. */
    says(open, "\xD9\x82\xD9\x84\xD8\xB9\xD8\xA9", "eng_Latn", 0.731069);
    dh_fasttext_free(open);
    dh_buf_release(&bytes);
}

/* One-vs-all: the probability is that of the label alone. */
static void one_against_all(void **state) {
    (void)state;
    model m = plain;
    dh_buf bytes = {0};
    dh_fasttext *open;
    m.loss = DH_FT_OVA;
    head(&bytes, &m);
    matrix(&bytes, 3, two_words);
    matrix(&bytes, 2, two_labels);
    assert_int_equal(open_model(dh_buf_slice(&bytes), &open), DH_OK);
    says(open, "alpha", "eng_Latn", 0.731059);
    dh_fasttext_free(open);
    dh_buf_release(&bytes);
}

static void quantizer(dh_buf *out, int32_t dim, float times) {
    i32(out, dim);
    i32(out, dim);
    i32(out, 1);
    i32(out, 1);
    for (int32_t part = 0; part < dim; part++)
        for (int i = 0; i < 256; i++) {
            float value = times * (float)i;
            floats(out, &value, 1);
        }
}

/* Vectors as codes: here a code is its value; rows have a norm that is a code, too. */
static void quantized(void **state) {
    (void)state;
    dh_buf bytes = {0};
    dh_fasttext *open;
    static const char codes[] = {1, 0, 0, 1, 0, 0}, norms[] = {4, 4, 1};
    head(&bytes, &plain);
    dh_buf_putc(&bytes, 1); /* quantized */
    dh_buf_putc(&bytes, 1); /* with norms */
    i64(&bytes, 3);
    i64(&bytes, 2);
    i32(&bytes, 6);
    dh_buf_put(&bytes, codes, sizeof codes);
    quantizer(&bytes, 2, 1);
    dh_buf_put(&bytes, norms, sizeof norms);
    quantizer(&bytes, 1, 0.5f);
    matrix(&bytes, 2, two_labels);
    assert_int_equal(open_model(dh_buf_slice(&bytes), &open), DH_OK);
    says(open, "alpha", "eng_Latn", 0.731059);
    says(open, "\xD9\x82\xD9\x84\xD8\xB9\xD8\xA9", "arb_Arab", 0.731059);
    dh_fasttext_free(open);
    for (size_t len = 0; len < bytes.len; len += len < 400 ? 1 : 97) {
        dh_fasttext *none = NULL;
        assert_int_not_equal(open_model(dh_slice_sub(dh_buf_slice(&bytes), 0, len), &none), DH_OK);
    }
    dh_buf_release(&bytes);
}

/* Whatever is cut off or changed: it is refused, or it answers something. */
static void damaged(void **state) {
    (void)state;
    dh_buf bytes = {0};
    dh_fasttext *open;
    dh_arena arena;
    uint32_t random = 1;
    dh_arena_init(&arena, 0);
    plain_model(&bytes);
    for (size_t len = 0; len < bytes.len; len++)
        assert_int_not_equal(open_model(dh_slice_sub(dh_buf_slice(&bytes), 0, len), &open), DH_OK);
    for (int turn = 0; turn < 4000; turn++) {
        random = random * 1664525 + 1013904223;
        size_t at = (random >> 8) % bytes.len;
        char was = bytes.ptr[at];
        bytes.ptr[at] = (char)(turn % 3 == 0 ? 0xFF : (int)(random >> 24));
        dh_slice label;
        double probability;
        if (open_model(dh_buf_slice(&bytes), &open) == DH_OK) {
            dh_fasttext_find(open, DH_SLICE("alpha beta gamma"), &arena, &label, &probability);
            dh_fasttext_free(open);
            dh_arena_reset(&arena);
        }
        bytes.ptr[at] = was;
    }
    dh_error error = {0};
    assert_int_equal(dh_fasttext_new("/nowhere/model.bin", &open, &error), DH_ERR_IO);
    dh_arena_release(&arena);
    dh_buf_release(&bytes);
}

static int setup(void **state) {
    (void)state;
    int file = mkstemp(path);
    if (file >= 0) close(file);
    return file >= 0 ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    return unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(softmax), cmocka_unit_test(names),           cmocka_unit_test(parts),
        cmocka_unit_test(tree),    cmocka_unit_test(one_against_all), cmocka_unit_test(quantized),
        cmocka_unit_test(damaged)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
