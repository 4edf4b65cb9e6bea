/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

#include "meta/state.h"

static void test_split(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool item;
        const char *want;
    } rows[] = {
        {"Jane Doe", false, "Jane Doe"},
        {" by Jane Doe ", false, "Jane Doe"},
        {"BY JANE DOE", false, "JANE DOE"},
        {"Jane Doe, Richard Roe & Max Muster", false, "Jane Doe; Richard Roe; Max Muster"},
        {"Jane Doe, Richard Roe, and Max Muster", false, "Jane Doe; Richard Roe; Max Muster"},
        {"Jane Doe / Richard Roe", false, "Jane Doe; Richard Roe"},
        {"Jane Doe | Richard Roe", false, "Jane Doe; Richard Roe"},
        {"Jane Doe und Richard Roe", false, "Jane Doe; Richard Roe"},
        {"Jeanne Dupont et Pierre Martin", false, "Jeanne Dupont; Pierre Martin"},
        {"Ana Pérez y Luis Gómez", false, "Ana Pérez; Luis Gómez"},
        {"José Ortega y Gasset", false, "José Ortega y Gasset"},
        {"Jane Doe and Sons", false, "Jane Doe and Sons"},
        {"Jane Doe and Richard Roe", true, "Jane Doe and Richard Roe"},
        {"Jane Doe, dpa", false, "Jane Doe; dpa"},
        {"Jane Doe, AFP", false, "Jane Doe; AFP"},
        {"Jane Doe, Jr.", false, "Jane Doe"},
        {"Jane Doe, Berlin", false, "Jane Doe"},
        {"Jane Doe, John Roe, Berlin", false, "Jane Doe; John Roe"},
        {"Jane Doe - Harbour Desk", false, "Jane Doe"},
        {"ليلى حسن - القاهرة", true, "ليلى حسن"},
        {"AP - Harbour", false, "AP - Harbour"},
        {"Kommentar von Erika Muster", false, "Erika Muster"},
        {"Jane Doe, M.D.", false, "Jane Doe"},
        {"Jane Doe, Chief Editor", false, "Jane Doe"},
        {"Doe, Jane", false, "Doe, Jane"},
        {"Jane Doe;", false, "Jane Doe"},
        {"Jane Doe; jane doe", false, "Jane Doe"},
        {"Von Erika Muster", false, "Erika Muster"},
        {"von Erika Muster", false, "von Erika Muster"},
        {"Ursula von der Leyen", false, "Ursula von der Leyen"},
        {"Von der Leyen", false, "Von der Leyen"},
        {"Par Jeanne Dupont", false, "Jeanne Dupont"},
        {"Di Maio Luigi", false, "Di Maio Luigi"},
        {"بقلم: ليلى حسن", false, "ليلى حسن"},
        {"كتب/ محمود علي", false, "محمود علي"},
        {"كتبت ليلى حسن", false, "ليلى حسن"},
        {"ليلى حسن، محمود علي", false, "ليلى حسن; محمود علي"},
        {"نویسنده: رضا کریمی", false, "رضا کریمی"},
        {"作者：王小明", false, "王小明"},
        {"王小明、李小红", false, "王小明; 李小红"},
        {"홍길동 기자", false, "홍길동"},
        {"山田太郎記者", false, "山田太郎"},
        {"Автор: Иван Петров", false, "Иван Петров"},
        {"http://example.org/jane", false, ""},
        {"https://example.org/jane;Jane Doe", false, "Jane Doe"},
        {"jane@example.org", false, ""},
        {"www.example.org", false, ""},
        {"@jane", false, ""},
        {"admin", false, ""},
        {"Written by", false, ""},
        {"null", false, ""},
        {"{{author.name}}", false, ""},
        {"page.head.extra.author", false, ""},
        {"12345", false, ""},
        {"-", false, ""},
        {"", false, ""},
        {"J", false, ""},
        {"One two three four five six seven", false, ""},
        {"(Image: somebody)", false, ""},
    };
    int bad = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_arena arena;
        dh_arena_init(&arena, 0);
        dh_names names = {NULL, 0, 0};
        dh_names_split(dh_slice_cstr(rows[i].text), rows[i].item, &names, &arena);
        dh_buf out;
        dh_buf_init(&out, &arena, 0);
        for (uint32_t k = 0; k < names.len; k++) {
            if (k > 0) dh_buf_puts(&out, "; ");
            dh_buf_put_slice(&out, names.ptr[k]);
        }
        if (!dh_slice_eq(dh_buf_slice(&out), dh_slice_cstr(rows[i].want))) {
            print_error("\"%s\": want \"%s\", got \"%s\"\n", rows[i].text, rows[i].want,
                        dh_buf_cstr(&out));
            bad++;
        }
        dh_arena_release(&arena);
    }
    assert_int_equal(bad, 0);
}

static void test_person(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool want;
    } rows[] = {
        {"Jane Doe", true},
        {"Jane van der Berg", true},
        {"AFP", true},
        {"dpa", true},
        {"ليلى حسن", true},
        {"王小明", true},
        {"홍길동", true},
        {"Jane Doe and Richard Roe", true},
        {"Full Bio", false},
        {"our environment", false},
        {"the end of the week", false},
        {"Jane Doe wrote this.", false},
        {"Share", false},
        {"More stories", false},
        {"July", true},
        {"Sat", false},
        {"", false},
        {"Who is Jane Doe?", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (dh_names_is_person(dh_slice_cstr(rows[i].text)) != rows[i].want)
            fail_msg("%s", rows[i].text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
