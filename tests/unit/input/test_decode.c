/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "input/decode.h"

static dh_arena arena;
static dh_decoder *decoder;

static int set_up(void **state) {
    (void)state;
    dh_arena_init(&arena, 0);
    decoder = dh_decoder_new();
    return decoder != NULL ? 0 : 1;
}
static int tear_down(void **state) {
    (void)state;
    dh_arena_release(&arena);
    dh_decoder_free(decoder);
    dh_decoder_free(NULL);
    return 0;
}

/* The bytes are put where a read behind their end is seen. */
static dh_decoded decode(dh_slice bytes, const char *charset, const char *http) {
    dh_error error = {0};
    dh_decoded out;
    char *tight = malloc(bytes.len > 0 ? bytes.len : 1);
    if (bytes.len > 0) memcpy(tight, bytes.ptr, bytes.len);
    dh_status status = dh_decode(decoder, dh_slice_make(tight, bytes.len), dh_slice_cstr(charset),
                                 dh_slice_cstr(http), &arena, &out, &error);
    if (status != DH_OK) fail_msg("%s", error.message);
    if (dh_utf8_valid_prefix(out.text) != out.text.len) fail_msg("not UTF-8: %s", out.text.ptr);
    assert_int_equal(out.text.ptr[out.text.len], '\0');
    assert_null(memchr(out.text.ptr, '\r', out.text.len));
    if (out.wrong_label.len > 0) out.wrong_label = dh_arena_dup(&arena, out.wrong_label);
    free(tight);
    return out;
}

#define B(literal) literal, sizeof(literal) - 1

static const struct {
    const char *bytes;
    size_t len;
    const char *charset, *http; /* override, Content-Type */
    const char *text, *name;
    dh_charset_why why;
    const char *wrong;
    uint32_t replaced;
} rows[] = {
    {B(""), "", "", "", "UTF-8", DH_CHARSET_VALID_UTF8, "", 0},
    {B("plain"), "", "", "plain", "UTF-8", DH_CHARSET_VALID_UTF8, "", 0},
    {B("a\r\nb\rc\n\r"), "", "", "a\nb\nc\n\n", "UTF-8", DH_CHARSET_VALID_UTF8, "", 0},
    {B("a\0b"), "", "",
     "a\xEF\xBF\xBD"
     "b",
     "UTF-8", DH_CHARSET_VALID_UTF8, "", 0},
    {B("caf\xC3\xA9"), "", "", "caf\xC3\xA9", "UTF-8", DH_CHARSET_VALID_UTF8, "", 0},
    /* byte order marks win */
    {B("\xEF\xBB\xBF"
       "caf\xC3\xA9"),
     "", "text/html; charset=latin1", "caf\xC3\xA9", "UTF-8", DH_CHARSET_BOM, "", 0},
    {B("\xEF\xBB\xBF"), "", "", "", "UTF-8", DH_CHARSET_BOM, "", 0},
    {B("\xFF\xFE"
       "a\0\x31\x06"),
     "", "", "a\xD8\xB1", "UTF-16LE", DH_CHARSET_BOM, "", 0},
    {B("\xFE\xFF\0a\xD8\x3D\xDE\x00"), "", "", "a\xF0\x9F\x98\x80", "UTF-16BE", DH_CHARSET_BOM, "",
     0},
    {B("\xFE\xFF\0a\xD8\x3D\0b\xDE"), "", "",
     "a\xEF\xBF\xBD"
     "b\xEF\xBF\xBD",
     "UTF-16BE", DH_CHARSET_BOM, "", 2},
    /* labels */
    {B("caf\xE9"), "latin1", "", "caf\xC3\xA9", "windows-1252", DH_CHARSET_OPTION, "", 0},
    {B("\xEF\xBB\xBF"
       "a"),
     "utf-8", "", "a", "UTF-8", DH_CHARSET_OPTION, "", 0},
    {B("caf\xC3\xA9"), "latin1", "", "caf\xC3\x83\xC2\xA9", "windows-1252", DH_CHARSET_OPTION, "",
     0},
    {B("\x93ok\x94 \x80"), "", "text/html; charset=iso-8859-1",
     "\xE2\x80\x9Cok\xE2\x80\x9D \xE2\x82\xAC", "windows-1252", DH_CHARSET_HTTP, "", 0},
    {B("<meta charset=cp1256>\xD3\xE1\xC7\xE3"), "", "text/html", "<meta charset=cp1256>سلام",
     "windows-1256", DH_CHARSET_META, "", 0},
    {B("<meta charset=cp1251>\xD3\xE1\xC7\xE3"), "", "text/html; charset=windows-1256",
     "<meta charset=cp1251>سلام", "windows-1256", DH_CHARSET_HTTP, "", 0},
    {B("<meta charset=cp1256>\xD3\xE1\xC7\xE3"), "", "text/html; charset=klingon",
     "<meta charset=cp1256>سلام", "windows-1256", DH_CHARSET_META, "", 0},
    {B("\xE1\xD7"), "x-user-defined", "", "\xEF\x9F\xA1\xEF\x9F\x97", "x-user-defined",
     DH_CHARSET_OPTION, "", 0},
    {B("abc"), "iso-2022-kr", "", "\xEF\xBF\xBD", "replacement", DH_CHARSET_OPTION, "", 1},
    {B("a\xDB"
       "b"),
     "windows-874", "",
     "a\xEF\xBF\xBD"
     "b",
     "windows-874", DH_CHARSET_OPTION, "", 1},
    {B("\xAE\xBE"), "koi8-u", "", "ўЎ", "KOI8-U", DH_CHARSET_OPTION, "", 0},
    {B("\xA1\xAA\xFE"), "iso-8859-16", "", "ĄȘț", "ISO-8859-16", DH_CHARSET_OPTION, "", 0},
    {B("\x81<b>"), "shift_jis", "", "\xEF\xBF\xBD<b>", "Shift_JIS", DH_CHARSET_OPTION, "", 1},
    {B("\x81\x60"), "shift_jis", "", "～", "Shift_JIS", DH_CHARSET_OPTION, "", 0},
    {B("\x88"), "shift_jis", "", "\xEF\xBF\xBD", "Shift_JIS", DH_CHARSET_OPTION, "", 1},
    {B("\xD6\xD0\x95\x32\x82\x36"), "gb2312", "", "中𠀀", "GBK", DH_CHARSET_OPTION, "", 0},
    /* wrong labels */
    {B("<meta charset=latin1>caf\xC3\xA9"), "", "", "<meta charset=latin1>caf\xC3\xA9", "UTF-8",
     DH_CHARSET_VALID_UTF8, "latin1", 0},
    {B("caf\xC3\xA9 d\xC3\xA9j\xC3\xA0"), "", "text/html; charset=ISO-8859-1",
     "caf\xC3\xA9 d\xC3\xA9j\xC3\xA0", "UTF-8", DH_CHARSET_VALID_UTF8, "ISO-8859-1", 0},
    {B("<meta charset=utf-8><p>Le caf\xE9 est ferm\xE9"), "", "",
     "<meta charset=utf-8><p>Le caf\xC3\xA9 est ferm\xC3\xA9", "windows-1252", DH_CHARSET_FALLBACK,
     "utf-8", 0},
    {B("<meta charset=cp1256>\xD3\xE1\xC7\xE3"), "", "text/html; charset=utf-8",
     "<meta charset=cp1256>سلام", "windows-1256", DH_CHARSET_META, "utf-8", 0},
    {B("<html lang=ar><meta charset=utf-8>\xD3\xE1\xC7\xE3 \xE6\xCA\xCD\xED\xC9"), "", "",
     "<html lang=ar><meta charset=utf-8>سلام وتحية", "windows-1256", DH_CHARSET_DETECTED, "utf-8",
     0},
    {B("<meta charset=utf-16le>caf\xC3\xA9"), "", "", "<meta charset=utf-16le>caf\xC3\xA9", "UTF-8",
     DH_CHARSET_META, "", 0},
    {B("caf\xC3\xA9 au lait"), "", "text/html; charset=utf-16", "caf\xC3\xA9 au lait", "UTF-8",
     DH_CHARSET_VALID_UTF8, "utf-16", 0},
    {B("caf\xC3\xA9 au lait"), "", "text/html; charset=hz-gb-2312", "caf\xC3\xA9 au lait", "UTF-8",
     DH_CHARSET_VALID_UTF8, "hz-gb-2312", 0},
    {B("\xC3\xA9t\xC3\xA9 \xC3\xA0 d\xC3\xA9j\xE9"), "", "text/html; charset=utf-8",
     "\xC3\xA9t\xC3\xA9 \xC3\xA0 d\xC3\xA9j\xEF\xBF\xBD", "UTF-8", DH_CHARSET_HTTP, "", 1},
    /* nothing said */
    {B("one \xC3\xA9t\xC3\xA9 \xC3\xA0 d\xC3\xA9j\xC3\xA0 \xFF cut\xE2\x82"), "", "",
     "one \xC3\xA9t\xC3\xA9 \xC3\xA0 d\xC3\xA9j\xC3\xA0 \xEF\xBF\xBD cut\xEF\xBF\xBD", "UTF-8",
     DH_CHARSET_DETECTED, "", 2},
    {B("It\x92s ok"), "", "", "It\xE2\x80\x99s ok", "windows-1252", DH_CHARSET_FALLBACK, "", 0},
    {B("t\0e\0x\0t\0 \0o\0k\0"), "", "", "text ok", "UTF-16LE", DH_CHARSET_DETECTED, "", 0},
    {B("\0t\0e\0x\0t\0 \0o\0k"), "", "text/html; charset=utf-8", "text ok", "UTF-16BE",
     DH_CHARSET_DETECTED, "utf-8", 0},
    {B("\x1B$BF|K\\8l\x1B(B ok"), "", "", "日本語 ok", "ISO-2022-JP", DH_CHARSET_DETECTED, "", 0},
};

static void decides_and_decodes(void **state) {
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_decoded out =
            decode(dh_slice_make(rows[i].bytes, rows[i].len), rows[i].charset, rows[i].http);
        if (!dh_slice_eq(out.text, dh_slice_cstr(rows[i].text)) ||
            !dh_slice_eq(out.charset, dh_slice_cstr(rows[i].name)) || out.why != rows[i].why ||
            !dh_slice_eq(out.wrong_label, dh_slice_cstr(rows[i].wrong)) ||
            out.replaced != rows[i].replaced)
            bad++, print_error("row %zu: \"%s\" %.*s (%s), wrong \"%.*s\", %u replaced\n", i,
                               out.text.ptr, (int)out.charset.len, out.charset.ptr,
                               dh_charset_why_name(out.why), (int)out.wrong_label.len,
                               out.wrong_label.ptr, out.replaced);
    }
    assert_int_equal(bad, 0);
}

static void refuses_unknown_override(void **state) {
    (void)state;
    dh_error error = {0};
    dh_decoded out;
    assert_int_equal(
        dh_decode(decoder, DH_SLICE("x"), DH_SLICE("utf-7"), DH_SLICE(""), &arena, &out, &error),
        DH_ERR_USAGE);
    assert_non_null(strstr(error.message, "utf-7"));
}

/* Sentences of our own, in the charsets that their languages were written in. */
static const struct {
    const char *charset, *language, *text;
    bool detects; /* without any label or language */
} texts[] = {
    {"windows-1256", "ar",
     "وصلت السفينة إلى الميناء صباح اليوم، وكان في استقبالها جمع كبير من أهل المدينة. وقال الربان "
     "إن "
     "الرحلة كانت هادئة، وإن البضاعة كلها سليمة. هل تعود السفينة في الربيع؟",
     true},
    {"windows-1256", "fa",
     "كشتي صبح امروز به بندر رسيد و گروهي از مردم شهر پيش از آن در اسكله بودند. ناخدا گفت كه دريا "
     "آرام بود و "
     "هيچ باري آسيب نديده است.",
     true},
    {"ISO-8859-6", "ar",
     "وصلت السفينة إلى الميناء صباح اليوم، وكان في استقبالها جمع كبير من أهل المدينة. وقال الربان "
     "إن "
     "الرحلة كانت هادئة، وإن البضاعة كلها سليمة.",
     true},
    {"gb18030", "zh",
     "今天早上，一艘大船到达了港口，城里的人们都来观看。船长说，海上风平浪静，所有的货物都完好无损"
     "。"
     "明年春天它还会回来吗？",
     true},
    {"Shift_JIS", "ja",
     "今朝、大きな船が港に着きました。町の人々はみんな見に来ました。船長は「海は静かでした」と言い"
     "ました。"
     "荷物はすべて無事です。",
     true},
    {"EUC-JP", "ja",
     "今朝、大きな船が港に着きました。町の人々はみんな見に来ました。船長は「海は静かでした」と言い"
     "ました。"
     "荷物はすべて無事です。",
     true},
    {"EUC-KR", "ko",
     "오늘 아침 큰 배가 항구에 도착했습니다. 많은 시민이 배를 보러 나왔습니다. 선장은 바다가 "
     "잔잔했고 "
     "모든 화물이 무사하다고 말했습니다.",
     true},
    {"Big5", "zh-TW",
     "今天早上，一艘大船到達了港口，城裡的人們都來觀看。船長說，海上風平浪靜，所有的貨物都完好無損"
     "。"
     "明年春天它還會回來嗎？",
     true},
    {"koi8-r", "ru",
     "Сегодня утром в порт пришло большое судно, и встречать его вышел весь город. Капитан сказал, "
     "что море "
     "было спокойным, а груз цел.",
     true},
    {"windows-1251", "ru",
     "Сегодня утром в порт пришло большое судно, и встречать его вышел весь город. Капитан сказал, "
     "что "
     "море было спокойным, а груз цел.",
     true},
    {"windows-1251", "bg",
     "Тази сутрин голям кораб пристигна в пристанището и целият град излезе да го посрещне. "
     "Капитанът каза, "
     "че морето е било тихо.",
     true},
    {"windows-1253", "el",
     "Σήμερα το πρωί ένα μεγάλο πλοίο έφτασε στο λιμάνι και όλη η πόλη βγήκε να το υποδεχτεί. Ο "
     "καπετάνιος "
     "είπε ότι η θάλασσα ήταν ήρεμη.",
     true},
    {"windows-1255", "he",
     "הבוקר הגיעה אונייה גדולה לנמל וכל תושבי העיר יצאו לקבל את פניה. רב החובל אמר שהים היה שקט "
     "וכל "
     "המטען שלם.",
     true},
    {"windows-1252", "fr",
     "Ce matin, un grand bateau est arrivé au port et toute la ville était là pour le voir. « La "
     "mer était très "
     "calme », a déclaré le capitaine, ravi d’être rentré.",
     true},
    {"windows-1252", "de",
     "Heute früh ist ein großes Schiff im Hafen eingelaufen; die ganze Stadt kam, um es zu "
     "begrüßen. "
     "„Die See war ruhig“, erzählte der Kapitän fröhlich.",
     true},
    {"windows-1254", "tr",
     "Bu sabah büyük bir gemi limana geldi ve bütün şehir onu görmeye çıktı. Kaptan, denizin sakin "
     "olduğunu "
     "ve yükün sağlam olduğunu söyledi.",
     false},
    {"windows-1250", "cs",
     "Dnes ráno připlula do přístavu velká loď a celé město ji přišlo přivítat. Kapitán řekl, že "
     "moře bylo "
     "klidné a náklad je v pořádku.",
     false},
    {"windows-1257", "lt",
     "Šį rytą į uostą atplaukė didelis laivas ir visas miestas išėjo jo pasitikti. Kapitonas sakė, "
     "kad jūra "
     "buvo rami.",
     false},
    {"windows-1258", "vi", "Sang nay mot chiec tau lon cap ben", true},
    {"windows-874", "th",
     "เช้าวันนี้เรือลำใหญ่มาถึงท่าเรือ ชาวเมืองพากันออกมาดู กัปตันบอกว่าทะเลสงบและสินค้าทั้งหมดปลอดภัย", false},
    {"UTF-16LE", "ar", "وصلت السفينة إلى الميناء صباح اليوم", true},
    {"UTF-16BE", "ru", "Сегодня утром в порт пришло судно", true},
    {"UTF-16LE", "en", "A big ship came in", true},
    {"ISO-2022-JP", "ja", "今朝、大きな船が港に着きました。", true},
    {"ISO-8859-2", "pl", "Dziś rano do portu wpłynął duży statek i całe miasto wyszło go powitać.",
     false},
    {"IBM866", "ru", "Сегодня утром в порт пришло большое судно.", false},
    {"macintosh", "fr", "Ce matin, un grand bateau est arrivé.", false},
};

static dh_slice encoded(const char *charset, dh_slice text) {
    UErrorCode status = U_ZERO_ERROR;
    UChar *units = dh_arena_alloc(&arena, (text.len + 1) * sizeof *units);
    char *bytes = dh_arena_alloc(&arena, text.len * 4 + 16);
    int32_t n = 0;
    u_strFromUTF8(units, (int32_t)text.len + 1, &n, text.ptr, (int32_t)text.len, &status);
    UConverter *converter = ucnv_open(charset, &status);
    int32_t len = ucnv_fromUChars(converter, bytes, (int32_t)text.len * 4 + 16, units, n, &status);
    if (U_FAILURE(status)) fail_msg("%s: %s", charset, u_errorName(status));
    ucnv_close(converter);
    return dh_slice_make(bytes, (size_t)len);
}

static dh_slice joined(const char *before, const char *text, const char *after) {
    char page[4096];
    int n = snprintf(page, sizeof page, "%s%s%s", before, text, after);
    return dh_arena_dup(&arena, dh_slice_make(page, (size_t)n));
}

static void round_trips(void **state) {
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char http[64], html[64];
        snprintf(http, sizeof http, "text/html; charset=%s", texts[i].charset);
        snprintf(html, sizeof html, "<html lang=\"%s\"><p>", texts[i].language);
        dh_slice page = joined("<html><p>", texts[i].text, "</p>");
        dh_decoded out = decode(encoded(texts[i].charset, page), "", http);
        if (!dh_slice_eq(out.text, page))
            bad++, print_error("row %zu labelled %s: %s\n", i, texts[i].charset, out.text.ptr);
        page = joined(html, texts[i].text, "</p>");
        out = decode(encoded(texts[i].charset, page), "", "");
        bool odd = i + 2 >= sizeof texts / sizeof *texts; /* no language lets expect these */
        if (!dh_slice_eq(out.text, page) && !odd)
            bad++, print_error("row %zu, language %s: %.*s: %s\n", i, texts[i].language,
                               (int)out.charset.len, out.charset.ptr, out.text.ptr);
        if (!texts[i].detects) continue;
        page = joined("<html><p>", texts[i].text, "</p>");
        out = decode(encoded(texts[i].charset, page), "", "");
        if (!dh_slice_eq(out.text, page))
            bad++, print_error("row %zu detected %.*s, not %s: %s\n", i, (int)out.charset.len,
                               out.charset.ptr, texts[i].charset, out.text.ptr);
    }
    assert_int_equal(bad, 0);
}

/* All bytes from 80 up, in every single-byte charset, are something; ASCII is always itself. */
static void decodes_every_byte(void **state) {
    (void)state;
    static const char *const names[] = {
        "ibm866",       "iso-8859-2",   "iso-8859-3",     "iso-8859-4",   "iso-8859-5",
        "iso-8859-6",   "iso-8859-7",   "iso-8859-8",     "iso-8859-8-i", "iso-8859-10",
        "iso-8859-13",  "iso-8859-14",  "iso-8859-15",    "iso-8859-16",  "koi8-r",
        "koi8-u",       "macintosh",    "windows-874",    "windows-1250", "windows-1251",
        "windows-1252", "windows-1253", "windows-1254",   "windows-1255", "windows-1256",
        "windows-1257", "windows-1258", "x-mac-cyrillic", "gbk",          "gb18030",
        "big5",         "euc-jp",       "iso-2022-jp",    "shift_jis",    "euc-kr",
        "utf-16le",     "utf-16be",     "utf-8"};
    char all[256], pairs[128 * 256 * 2];
    for (int i = 0; i < 256; i++) all[i] = (char)i;
    for (size_t i = 0; i < sizeof pairs; i += 2) {
        pairs[i] = (char)(0x80 + i / 512);
        pairs[i + 1] = (char)(i / 2 % 256);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        dh_decoded out = decode(dh_slice_make(all, sizeof all), names[i], "");
        assert_true(out.text.len > 64);
        out = decode(dh_slice_make(pairs, sizeof pairs), names[i], "");
        assert_true(out.text.len > 1000);
    }
}

static void repairs_doubly_encoded_pages(void **state) {
    (void)state;
    static const struct {
        const char *text, *repaired;
    } pages[] = {
        {"<p>caf\xC3\x83\xC2\xA9 d\xC3\x83\xC2\xA9j\xC3\x83\xC2\xA0</p>",
         "<p>caf\xC3\xA9 d\xC3\xA9j\xC3\xA0</p>"},
        {"It\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2s. It\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2s. "
         "It\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2s.",
         "It\xE2\x80\x99s. It\xE2\x80\x99s. It\xE2\x80\x99s."},
        {"\xC3\x98\xC2\xB3\xC3\x99\xE2\x80\x9E\xC3\x98\xC2\xA7\xC3\x99\xE2\x80\xA6", "سلام"},
        {"caf\xC3\x83\xC2\xA9 d\xC3\x83\xC2\xA9j", NULL}, /* too few */
        {"caf\xC3\x83\xC2\xA9 d\xC3\x83\xC2\xA9j\xC3\x83\xC2\xA0 \xE6\x97\xA5",
         NULL}, /* something else beside */
        {"\xC3\x89t\xC3\xA9 \xC3\xA0 No\xC3\xABl", NULL},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        dh_decoded out = decode(dh_slice_cstr(pages[i].text), "", "");
        const char *expected = pages[i].repaired != NULL ? pages[i].repaired : pages[i].text;
        if (!dh_slice_eq(out.text, dh_slice_cstr(expected)) ||
            out.mojibake != (pages[i].repaired != NULL))
            fail_msg("row %zu: %s", i, out.text.ptr);
    }
}

static void *big_page(size_t len, const char *unit) {
    char *big = malloc(len);
    size_t n = strlen(unit);
    for (size_t i = 0; i < len; i++) big[i] = unit[i % n];
    return big;
}

static void decodes_ten_megabytes(void **state) {
    (void)state;
    static const char *const units[] = {"0",        "0\r",    "plain ", "\r",       "\xFF",
                                        "\xC3\xA9", "\xE9 ",  "<",      "\xD8\xA7", "<meta ",
                                        "\x81\x40", "\x1B$B", "<!--",   "\xF0\x9F"};
    size_t len = 10 * 1024 * 1024;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        char *big = big_page(len, units[i]);
        if (units[i][0] == '0') /* stands for NUL */
            for (size_t k = 0; k < len; k++)
                if (big[k] == '0') big[k] = '\0';
        dh_error error = {0};
        dh_decoded out;
        assert_int_equal(dh_decode(decoder, dh_slice_make(big, len), DH_SLICE(""), DH_SLICE(""),
                                   &arena, &out, &error),
                         DH_OK);
        assert_int_equal(dh_utf8_valid_prefix(out.text), out.text.len);
        free(big);
        dh_arena_reset(&arena);
    }
}

static dh_status decode_within(size_t max, dh_slice bytes, const char *charset) {
    dh_arena small;
    jmp_buf guard;
    dh_decoded out;
    dh_error error = {0};
    dh_arena_init(&small, max);
    if (!dh_arena_guard(&small, &guard))
        dh_decode(decoder, bytes, dh_slice_cstr(charset), DH_SLICE(""), &small, &out, &error);
    dh_status failure = small.failure;
    dh_arena_release(&small);
    return failure;
}

/* The arena may leave in the middle; what ICU holds is the decoder's and nothing leaks. */
static void survives_a_full_arena(void **state) {
    (void)state;
    static const char *const charsets[] = {"gb18030", "windows-1256", "utf-16le", "utf-8",
                                           "",        "shift_jis"};
    char *big = big_page(1 << 20, "\xB5\xC4 word\r\n");
    uint32_t failed = 0;
    for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++)
        for (size_t max = 300000; max < 3000000; max += 300000) {
            dh_status status = decode_within(max, dh_slice_make(big, 1 << 20), charsets[i]);
            assert_true(status == DH_OK || status == DH_ERR_LIMIT);
            failed += status != DH_OK;
        }
    assert_true(failed > 6);
    free(big);
    dh_decoded out = decode(DH_SLICE("\xD6\xD0"), "gb18030", "");
    assert_string_equal(out.text.ptr, "中");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decides_and_decodes),
        cmocka_unit_test(refuses_unknown_override),
        cmocka_unit_test(round_trips),
        cmocka_unit_test(decodes_every_byte),
        cmocka_unit_test(repairs_doubly_encoded_pages),
        cmocka_unit_test(decodes_ten_megabytes),
        cmocka_unit_test(survives_a_full_arena),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
