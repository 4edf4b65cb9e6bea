/* SPDX-License-Identifier: Apache-2.0 */
/* The labels of the Encoding Standard, and the <meta> prescan. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "input/charset.h"
#include "input/decode.h"
#include "input/prescan.h"

static const struct {
    const char *name, *labels;
} standard[] = {
    {"UTF-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8"},
    {"IBM866", "866 cp866 csibm866 ibm866"},
    {"ISO-8859-2",
     "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2"},
    {"ISO-8859-3",
     "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3"},
    {"ISO-8859-4",
     "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4"},
    {"ISO-8859-5", "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 "
                   "iso_8859-5 iso_8859-5:1988"},
    {"ISO-8859-6",
     "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e "
     "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987"},
    {"ISO-8859-7",
     "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 "
     "iso_8859-7 iso_8859-7:1987 sun_eu_greek"},
    {"ISO-8859-8",
     "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 "
     "iso_8859-8 iso_8859-8:1988 visual"},
    {"ISO-8859-8-I", "csiso88598i iso-8859-8-i logical"},
    {"ISO-8859-10", "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6"},
    {"ISO-8859-13", "iso-8859-13 iso8859-13 iso885913"},
    {"ISO-8859-14", "iso-8859-14 iso8859-14 iso885914"},
    {"ISO-8859-15", "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9"},
    {"ISO-8859-16", "iso-8859-16"},
    {"KOI8-R", "cskoi8r koi koi8 koi8-r koi8_r"},
    {"KOI8-U", "koi8-ru koi8-u"},
    {"macintosh", "csmacintosh mac macintosh x-mac-roman"},
    {"windows-874", "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874"},
    {"windows-1250", "cp1250 windows-1250 x-cp1250"},
    {"windows-1251", "cp1251 windows-1251 x-cp1251"},
    {"windows-1252",
     "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 "
     "iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252"},
    {"windows-1253", "cp1253 windows-1253 x-cp1253"},
    {"windows-1254",
     "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 "
     "latin5 windows-1254 x-cp1254"},
    {"windows-1255", "cp1255 windows-1255 x-cp1255"},
    {"windows-1256", "cp1256 windows-1256 x-cp1256"},
    {"windows-1257", "cp1257 windows-1257 x-cp1257"},
    {"windows-1258", "cp1258 windows-1258 x-cp1258"},
    {"x-mac-cyrillic", "x-mac-cyrillic x-mac-ukrainian"},
    {"GBK", "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk"},
    {"gb18030", "gb18030"},
    {"Big5", "big5 big5-hkscs cn-big5 csbig5 x-x-big5"},
    {"EUC-JP", "cseucpkdfmtjapanese euc-jp x-euc-jp"},
    {"ISO-2022-JP", "csiso2022jp iso-2022-jp"},
    {"Shift_JIS", "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis"},
    {"EUC-KR", "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 "
               "ksc5601 ksc_5601 "
               "windows-949"},
    {"replacement", "csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr replacement"},
    {"UTF-16BE", "unicodefffe utf-16be"},
    {"UTF-16LE", "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le"},
    {"x-user-defined", "x-user-defined"},
};

static void knows_all_labels(void **state) {
    (void)state;
    size_t encodings = sizeof standard / sizeof *standard;
    assert_int_equal(encodings, DH_CHARSET_COUNT - 1);
    for (size_t i = 0; i < encodings; i++) {
        dh_slice rest = dh_slice_cstr(standard[i].labels), label;
        while ((label = dh_slice_token(&rest)).len > 0) {
            char loud[64] = " \t";
            for (size_t k = 0; k < label.len; k++)
                loud[2 + k] = (char)(label.ptr[k] >= 'a' && label.ptr[k] <= 'z' && k % 2 == 0
                                         ? label.ptr[k] - 32
                                         : label.ptr[k]);
            loud[2 + label.len] = '\n';
            dh_slice found = dh_charset_of_label(dh_slice_make(loud, label.len + 3));
            if (!dh_slice_eq(found, dh_slice_cstr(standard[i].name)))
                fail_msg("%.*s: %.*s", (int)label.len, label.ptr, (int)found.len, found.ptr);
        }
    }
    static const char *const none[] = {"",          " ",       "utf-7",   "utf-32",
                                       "utf 8",     "latin-1", "cp1256x", "iso-8859-12",
                                       "866 cp866", "ebcdic",  "scsu",    "bocu-1",  "ibm037",
                                       "imap-mailbox-name",  "x-sjis,", "utf-8\xC2\xA0"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (dh_charset_of_label(dh_slice_cstr(none[i])).len != 0) fail_msg("%s", none[i]);
}

static const struct {
    const char *page, *name, *label;
} pages[] = {
    {"", "", ""},
    {"<", "", ""},
    {"<meta", "", ""},
    {"<meta charset=utf-8", "UTF-8", "utf-8"},
    {"<meta charset=windows-1256>", "windows-1256", "windows-1256"},
    {"<META CHARSET='Latin1' >", "windows-1252", "Latin1"},
    {"<meta charset = \" gb2312 \"/>", "GBK", "gb2312"},
    {"<meta/charset=koi8-r/>", "",
     ""}, /* the slash belongs to the unquoted value, which is no label */
    {"<meta/charset='koi8-r'/>", "KOI8-R", "koi8-r"},
    {"<metadata charset=utf-8>", "", ""},
    {"<meta name=x><meta charset=big5>", "Big5", "big5"},
    {"<meta charset=nonsense><meta charset=big5>", "Big5", "big5"},
    {"<meta charset=big5 charset=utf-8>", "Big5", "big5"},
    {"<meta charset=utf-16>", "UTF-8", "utf-16"},
    {"<meta charset=x-user-defined>", "windows-1252", "x-user-defined"},
    {"<meta http-equiv=Content-Type content='text/html; charset=windows-1255'>", "windows-1255",
     "windows-1255"},
    {"<meta content=\"text/html;charset=shift_jis\" http-equiv=\"content-type\">", "Shift_JIS",
     "shift_jis"},
    {"<meta content='text/html; charset=\"euc-kr\"' http-equiv=content-type>", "EUC-KR", "euc-kr"},
    {"<meta content='text/html; charset  =  euc-jp ; x' http-equiv=content-type>", "EUC-JP",
     "euc-jp"},
    {"<meta content='charset charset=euc-jp' http-equiv=content-type>", "EUC-JP", "euc-jp"},
    {"<meta content='text/html; charset=\"euc-jp' http-equiv=content-type>", "", ""},
    {"<meta content='text/html; charset=euc-jp'>", "", ""},
    {"<meta name=content-type content='text/html; charset=euc-jp'>", "", ""},
    {"<!-- <meta charset=big5> --><meta charset=gbk>", "GBK", "gbk"},
    {"<!--><meta charset=gbk>", "GBK", "gbk"},
    {"<!---><meta charset=gbk>", "GBK", "gbk"},
    {"<!-- <meta charset=gbk>", "", ""},
    {"<a title='<meta charset=big5>'><meta charset=gbk>", "GBK", "gbk"},
    {"<a title=\"<meta charset=big5>", "", ""},
    {"</a title='<meta charset=big5>'><meta charset=gbk>", "GBK", "gbk"},
    {"<!doctype html><?php x ?><meta charset=gbk>", "GBK", "gbk"},
    {"a < b <3 <meta charset=gbk>", "GBK", "gbk"},
    {"<?xml version=\"1.0\" encoding=\"windows-1251\"?>", "windows-1251", "windows-1251"},
    {"<?xml version='1.0' encoding = 'koi8-r' ?><meta charset=utf-8>", "KOI8-R", "koi8-r"},
    {"<?xml version='1.0' encoding='utf-16'?>", "UTF-8", "utf-16"},
    {"<?xml version='1.0'?><meta charset=utf-8>", "UTF-8", "utf-8"},
    {" <?xml version='1.0' encoding='koi8-r'?>", "", ""},
};

static void reads_meta(void **state) {
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        size_t len = strlen(pages[i].page);
        char *tight = malloc(len + 1);
        memcpy(tight, pages[i].page, len);
        char *exact = realloc(tight, len > 0 ? len : 1); /* a read behind the end is seen */
        dh_slice label;
        dh_slice name = dh_charset_name(dh_prescan(dh_slice_make(exact, len), &label));
        if (!dh_slice_eq(name, dh_slice_cstr(pages[i].name)) ||
            !dh_slice_eq(label, dh_slice_cstr(pages[i].label)))
            bad++, print_error("row %zu %s: \"%.*s\" by \"%.*s\"\n", i, pages[i].page,
                               (int)name.len, name.ptr, (int)label.len, label.ptr);
        for (size_t cut = 0; cut < len; cut++) { /* cut off anywhere */
            char *part = malloc(cut + 1);
            memcpy(part, pages[i].page, cut);
            dh_prescan(dh_slice_make(part, cut), &label);
            dh_prescan_language(dh_slice_make(part, cut));
            free(part);
        }
        free(exact);
    }
    assert_int_equal(bad, 0);
}

static void reads_content_type(void **state) {
    (void)state;
    static const struct {
        const char *value, *charset;
    } rows[] = {
        {"", ""},
        {"text/html", ""},
        {"text/html; charset=utf-8", "utf-8"},
        {"text/html;CHARSET=\"Windows-1256\"", "Windows-1256"},
        {"text/html; charset='gbk'; x=y", "gbk"},
        {"text/html; charset=gbk;x=y", "gbk"},
        {"text/html; charset", ""},
        {"text/html; charset=", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_slice charset = dh_content_type_charset(dh_slice_cstr(rows[i].value));
        if (!dh_slice_eq(charset, dh_slice_cstr(rows[i].charset))) fail_msg("row %zu", i);
    }
}

static void reads_language(void **state) {
    (void)state;
    static const struct {
        const char *page, *language;
    } rows[] = {
        {"", ""},
        {"<!doctype html><html lang=\"ar-EG\" dir=rtl>", "ar-EG"},
        {"<html xml:lang='fa'>", "fa"},
        {"<html lang=''><meta http-equiv=content-language content=' he '>", "he"},
        {"<html><meta http-equiv='Content-Language' content='ru'>", "ru"},
        {"<!-- <html lang=ja> --><html lang=ko>", "ko"},
        {"<body lang=ko>", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_slice language = dh_prescan_language(dh_slice_cstr(rows[i].page));
        if (!dh_slice_eq(language, dh_slice_cstr(rows[i].language)))
            fail_msg("row %zu: %.*s", i, (int)language.len, language.ptr);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_all_labels),
        cmocka_unit_test(reads_meta),
        cmocka_unit_test(reads_content_type),
        cmocka_unit_test(reads_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
