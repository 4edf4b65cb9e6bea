/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "input/decode.h"
#include "input/sniff.h"

#define B(literal) literal, sizeof(literal) - 1

static const struct {
    const char *bytes;
    size_t len;
    const char *what;
} files[] = {
    {B(""), ""},
    {B("plain text\n"), ""},
    {B("\xC3\xA9\xC3\xA9"), ""},
    {B("%PDF-1.4\n..."), "PDF"},
    {B("A page about %PDF-1.4"), ""},
    {B("\x89PNG\r\n\x1A\n...."), "PNG image"},
    {B("\xFF\xD8\xFF\xE0"), "JPEG image"},
    {B("GIF89a"), "GIF image"},
    {B("GIFs are fun"), ""},
    {B("RIFF\x10\0\0\0WEBPVP8 "), "WebP image"},
    {B("RIFF\x10\0\0\0WAVEfmt "), "WAV audio"},
    {B("Riffs! WEBP is what"), ""},
    {B("PK\3\4\x14\0\6\0........word/document.xml"), "Word document"},
    {B("PK\3\4\x14\0\6\0........mimetypeapplication/epub+zip"), "EPUB book"},
    {B("PK\3\4\x14\0\6\0........notes.txt"), "zip archive"},
    {B("\x1F\x8B\x08\0"), "gzip data"},
    {B("\0\0\0\x18"
       "ftypmp42"),
     "MP4 video"},
    {B("\x7F"
       "ELF\2\1\1\0"),
     "ELF program"},
    {B("wOF2\0\1\0\0"), "font"},
    {B("SQLite format 3\0\x10"), "SQLite database"},
    {B("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "old Office document"},
    {B("{\\rtf1\\ansi"), "RTF document"},
    {B("\0\1\2\3\4\5\6\7 some words in between"), "binary data"},
    {B("one stray \1 control in a text that is long enough to bear it"), ""},
    {B("\x1B[1mbold\x1B[0m and \x1B[4mmore\x1B[0m"), ""},
};

static void knows_binary_files(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *tight = malloc(files[i].len > 0 ? files[i].len : 1);
        memcpy(tight, files[i].bytes, files[i].len);
        dh_slice what = dh_sniff_binary(dh_slice_make(tight, files[i].len), false);
        if (!dh_slice_eq(what, dh_slice_cstr(files[i].what)))
            fail_msg("row %zu: \"%.*s\", not \"%s\"", i, (int)what.len, what.ptr, files[i].what);
        free(tight);
    }
    assert_int_equal(dh_sniff_binary(DH_SLICE("\0a\0b\0c\0d\0e\0f\0g"), true).len, 0);
}

static const struct {
    const char *text, *mime;
    bool html;
} pages[] = {
    {"", "", false},
    {"", "text/html", false},
    {"<!DOCTYPE html>", "", true},
    {"\n  <!doctype HTML PUBLIC>", "", true},
    {"<html>", "", true},
    {"<HTML lang=en>", "", true},
    {"<!-- saved from --><p>x", "", true},
    {"<?xml version=\"1.0\"?><rss>", "", true},
    {"<rss version=\"2.0\">", "", true},
    {"<p>One paragraph", "", true},
    {"<p>One paragraph", "text/plain", true},
    {"<div class=x>", "", true},
    {"<3 is a heart", "", false},
    {"<unknown>", "", false},
    {"< p > is no tag", "", false},
    {"<path/to/file> was lost", "", false},
    {"Plain words.", "", false},
    {"Plain words.", "text/html", false},
    {"Plain words and a <b>bold</b> one.", "text/html; charset=utf-8", true},
    {"if a < b and b > c then <none>", "", false},
    {"The tag <p> begins a paragraph.", "", false},
    {"Write `<p>`, `<div>`, `</p>`, `</div>`, `<a>` and `<b>`.", "", false},
    {"Intro <p>one</p> <p>two</p> <a href=x>three</a>", "", true},
    {"Intro <p>one</p> <p>two</p> <a href=x>three</a>", "text/plain", false},
    {"Intro<br>one<br>two<br>three<br>", "", false}, /* no end tag: could be anything */
    {"{\"html\": \"<p>x</p><p>y</p>\"}", "", false},
};

static void tells_html_from_text(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        bool html = dh_sniff_html(dh_slice_cstr(pages[i].text), dh_slice_cstr(pages[i].mime));
        if (html != pages[i].html) fail_msg("row %zu \"%s\"", i, pages[i].text);
    }
}

static void tells_through_decode(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        dh_content content;
    } rows[] = {
        {B("<html>"), DH_CONTENT_HTML}, {B("\xFF\xFE<\0p\0>\0x\0"), DH_CONTENT_HTML},
        {B("text"), DH_CONTENT_TEXT},   {B("%PDF-1.7 <html>"), DH_CONTENT_BINARY},
        {B(""), DH_CONTENT_TEXT},
    };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    dh_decoder *decoder = dh_decoder_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_decoded out;
        dh_error error = {0};
        assert_int_equal(dh_decode(decoder, dh_slice_make(rows[i].bytes, rows[i].len), DH_SLICE(""),
                                   DH_SLICE(""), &arena, &out, &error),
                         DH_OK);
        if (out.content != rows[i].content ||
            (out.binary_what.len > 0) != (out.content == DH_CONTENT_BINARY))
            fail_msg("row %zu", i);
    }
    dh_decoder_free(decoder);
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_binary_files),
        cmocka_unit_test(tells_html_from_text),
        cmocka_unit_test(tells_through_decode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
