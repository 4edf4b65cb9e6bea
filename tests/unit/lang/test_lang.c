/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lang/lang.h"

static dh_arena arena;

static dh_language find(const char *text) {
    dh_language language;
    jmp_buf guard;
    dh_arena_reset(&arena);
    if (dh_arena_guard(&arena, &guard)) fail_msg("memory");
    dh_lang_find(dh_slice_cstr(text), &arena, &language);
    arena.guard = NULL;
    return language;
}

static void languages(void **state) {
    (void)state;
    static const struct {
        const char *tag, *iso, *script, *text;
    } rows[] = {
        {"en", "eng", "Latn",
         "The council decided on Tuesday evening that the lighthouse will be moved to the old "
         "quay."},
        {"de", "deu", "Latn",
         "Der Rat beschloss am Dienstagabend, dass der Leuchtturm an den alten Kai verlegt wird."},
        {"fr", "fra", "Latn",
         "Le conseil a décidé mardi soir que le phare serait déplacé vers le vieux quai du port."},
        {"no", "nob", "Latn",
         "Kommunestyret bestemte tirsdag kveld at fyret skal flyttes til den gamle kaia i havna."},
        {"tr", "tur", "Latn",
         "Belediye meclisi salı akşamı deniz fenerinin eski rıhtıma taşınmasına karar verdi."},
        {"ar", "arb", "Arab",
         "قرر المجلس البلدي مساء الثلاثاء نقل المنارة إلى الرصيف القديم بعد نقاش استمر أكثر من خمس "
         "ساعات."},
        /* With all vowel signs, and elongated. */
        {"ar", "arb", "Arab",
         "قَرَّرَ المَجْلِسُ البَلَدِيُّ مَسَاءَ الثُّلاثَاءِ نَقْلَ المَنَارَةِ إِلَى الرَّصِيفِ القَدِيمِ بَعْدَ نِقَاشٍ اسْتَمَرَّ أَكْثَرَ مِنْ خَمْسِ "
         "سَاعَاتٍ."},
        {"ar", "arb", "Arab",
         "قـــرر المجلـــس البلـــدي مســـاء الثلاثـــاء نقـــل المنـــارة إلى الرصيـــف القديـــم "
         "بعـــد نقـــاش."},
        /* In presentation forms: "qarrara al-majlis al-baladi naql al-manara ila al-rasif al-qadim". */
        {"ar", "arb", "Arab",
         "ﻗﺮﺭ ﺍﻟﻤﺠﻠﺲ ﺍﻟﺒﻠﺪﻱ ﻣﺴﺎﺀ ﺍﻟﺜﻼﺛﺎﺀ ﻧﻘﻞ ﺍﻟﻤﻨﺎﺭﺓ ﺇﻟﻰ ﺍﻟﺮﺻﻴﻒ ﺍﻟﻘﺪﻳﻢ ﺑﻌﺪ ﻧﻘﺎﺵ ﺍﺳﺘﻤﺮ ﺃﻛﺜﺮ ﻣﻦ ﺧﻤﺲ "
         "ﺳﺎﻋﺎﺕ"},
        {"fa", "fas", "Arab",
         "شورای شهر سه‌شنبه شب تصمیم گرفت که فانوس دریایی به اسکله قدیمی منتقل شود و کار از "
         "خرداد آغاز می‌شود."},
        {"ur", "urd", "Arab",
         "کونسل نے منگل کی شام فیصلہ کیا کہ لائٹ ہاؤس کو پرانی گودی پر منتقل کیا جائے گا۔"},
        {"he", "heb", "Hebr",
         "המועצה החליטה ביום שלישי בערב כי המגדלור יועבר לרציף הישן לאחר דיון שנמשך יותר מחמש "
         "שעות."},
        {"he", "heb", "Hebr",
         "הַמּוֹעָצָה הֶחְלִיטָה בְּיוֹם שְׁלִישִׁי בָּעֶרֶב כִּי הַמִּגְדַּלּוֹר יוּעֲבַר לָרָצִיף הַיָּשָׁן לְאַחַר דִּיּוּן."},
        {"ru", "rus", "Cyrl",
         "Во вторник вечером совет решил, что маяк будет перенесён на старую набережную города."},
        {"sr", "srp", "Cyrl",
         "Савет је у уторак увече одлучио да се светионик премести на старо пристаниште после "
         "расправе."},
        {"el", "ell", "Grek",
         "Το συμβούλιο αποφάσισε το βράδυ της Τρίτης ότι ο φάρος θα μεταφερθεί στην παλιά "
         "προκυμαία."},
        {"hi", "hin", "Deva",
         "परिषद ने मंगलवार शाम को फैसला किया कि प्रकाशस्तंभ को पुराने घाट पर ले जाया जाएगा।"},
        {"zh", "cmn", "Hani",
         "市议会星期二晚上决定把灯塔迁到旧码头，这场辩论持续了五个多小时，旁听席座无虚席。"},
        {"ja", "jpn", "Jpan",
         "町議会は火曜日の夜、灯台を古い岸壁に移すことを決めた。議論は五時間以上続いた。"},
        {"ko", "kor", "Hang",
         "시의회는 화요일 저녁 등대를 옛 부두로 옮기기로 결정했다. 토론은 다섯 시간 넘게 "
         "이어졌다."},
        {"th", "tha", "Thai",
         "สภาเมืองตัดสินใจเมื่อเย็นวันอังคารว่าจะย้ายประภาคารไปยังท่าเรือเก่าหลังการอภิปรายนานกว่าห้าชั่วโมง"},
        {"und", "und", "Zzzz", "12345 67890 -- 2024"},
        {"und", "und", "Zzzz", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_language l = find(rows[i].text);
        if (strcmp(l.tag, rows[i].tag) != 0 || strcmp(l.iso, rows[i].iso) != 0 ||
            strcmp(l.script, rows[i].script) != 0)
            fail_msg("row %zu: %s %s %s, not %s %s %s", i, l.tag, l.iso, l.script, rows[i].tag,
                     rows[i].iso, rows[i].script);
        if (strcmp(l.tag, "und") != 0) assert_true(l.share > 900);
    }
}

static void tags(void **state) {
    (void)state;
    dh_language arabic = {"ar", "arb", "Arab", 990, true},
                chinese = {"zh-Hant", "cmn", "Hani", 990, true};
    dh_language serbian = {"sr", "srp", "Latn", 990, true};
    static const char *const are[] = {"ar", "AR", "arb", "arb_Arab", "ar-Arab"};
    static const char *const are_not[] = {"a", "arz", "ar-Latn", "arb_Latn", "fa", "", "und"};
    for (size_t i = 0; i < sizeof are / sizeof *are; i++)
        assert_true(dh_lang_is(&arabic, dh_slice_cstr(are[i])));
    for (size_t i = 0; i < sizeof are_not / sizeof *are_not; i++)
        assert_false(dh_lang_is(&arabic, dh_slice_cstr(are_not[i])));
    assert_true(dh_lang_is(&chinese, DH_SLICE("zh")));
    assert_true(dh_lang_is(&chinese, DH_SLICE("zh-hant")));
    assert_false(dh_lang_is(&chinese, DH_SLICE("zh-Hans")));
    assert_true(dh_lang_is(&serbian, DH_SLICE("sr-Latn")));
    assert_false(dh_lang_is(&serbian, DH_SLICE("sr-Cyrl")));
    assert_true(dh_lang_is_tag(DH_SLICE("srp_Cyrl")));
    assert_true(dh_lang_is_tag(DH_SLICE("und")));
    assert_false(dh_lang_is_tag(DH_SLICE("xq")));
    assert_false(dh_lang_is_tag(DH_SLICE("")));
}

/* A long text is looked at up to a limit, and not cut inside of a character. */
static void long_text(void **state) {
    (void)state;
    static const char piece[] = "شورای شهر سه‌شنبه شب تصمیم گرفت که فانوس دریایی به اسکله قدیمی "
                                "منتقل شود. ";
    static char text[200000];
    size_t len = 0;
    for (size_t i = 0; i + sizeof piece < sizeof text; i += sizeof piece - 1, len = i)
        memcpy(text + i, piece, sizeof piece);
    for (size_t skip = 0; skip < 3; skip++) {
        text[skip] = 'x';
        dh_language l = find(text);
        assert_string_equal(l.tag, "fa");
    }
    assert_true(len > 100000);
}

static int setup(void **state) {
    (void)state;
    dh_error error = {0};
    dh_arena_init(&arena, 0);
    if (dh_lang_check(&error) != DH_OK) print_error("%s\n", error.message);
    return dh_lang_check(&error) == DH_OK ? 0 : 1;
}

static int teardown(void **state) {
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(languages), cmocka_unit_test(tags),
                                       cmocka_unit_test(long_text)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
