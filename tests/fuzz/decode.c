/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes in some encoding, and bytes under some Content-Encoding. The first byte chooses. Text comes out as valid UTF-8
 * and in bounded length, the same each time; content decoders stay below their ceilings, and give the same in
 * pieces as at once. */
#include "archive/content.h"
#include "fuzz/must.h"
#include "input/decode.h"

enum { CEILING = 1 << 20, RATIO = 100 };

static void text_of(dh_slice bytes, dh_slice charset, dh_slice http, dh_arena *arena, dh_slice *out) {
    static dh_decoder *decoder;
    jmp_buf guard;
    dh_error error = {0};
    dh_decoded decoded;
    if (decoder == NULL) decoder = dh_decoder_new();
    MUST(decoder != NULL);
    if (dh_arena_guard(arena, &guard)) {
        arena->guard = NULL;
        return;
    }
    MUST(dh_decode(decoder, bytes, charset, http, arena, &decoded, &error) == DH_OK);
    arena->guard = NULL;
    MUST(is_utf8(decoded.text));
    MUST(decoded.text.len <= bytes.len * 4 + 16);
    MUST(decoded.charset.len > 0);
    *out = decoded.text;
}

static void texts(unsigned choice, dh_slice bytes) {
    static const dh_slice labels[] = {
        DH_SLICE_INIT(""),        DH_SLICE_INIT("utf-8"),        DH_SLICE_INIT("windows-1256"),
        DH_SLICE_INIT("big5"),    DH_SLICE_INIT("gb18030"),      DH_SLICE_INIT("iso-2022-jp"),
        DH_SLICE_INIT("euc-kr"),  DH_SLICE_INIT("shift_jis"),    DH_SLICE_INIT("utf-16le"),
        DH_SLICE_INIT("euc-jp"),  DH_SLICE_INIT("windows-1252"), DH_SLICE_INIT("koi8-r"),
        DH_SLICE_INIT("utf-16be")};
    dh_slice label = labels[choice / 2 % (sizeof labels / sizeof *labels)], first = {0}, second = {0};
    dh_arena a, b;
    dh_arena_init(&a, (size_t)64 << 20);
    dh_arena_init(&b, (size_t)64 << 20);
    text_of(bytes, label, DH_SLICE(""), &a, &first);
    text_of(bytes, label, DH_SLICE(""), &b, &second);
    MUST(dh_slice_eq(first, second));
    text_of(bytes, DH_SLICE(""), DH_SLICE("text/html; charset=gbk"), &b, &second);
    dh_arena_release(&a);
    dh_arena_release(&b);
}

/* At once, or in pieces of these many bytes. */
static dh_status content(dh_slice coding, dh_slice bytes, size_t piece, dh_buf *out) {
    dh_content_decoder decoder;
    dh_error error = {0};
    dh_content_init(&decoder, out, CEILING, RATIO);
    dh_status status = dh_content_begin(&decoder, coding, &error);
    for (size_t at = 0; at < bytes.len && status == DH_OK; at += piece)
        status = dh_content_put(&decoder, dh_slice_sub(bytes, at, at + piece), &error);
    if (status == DH_OK) (void)dh_content_is_whole(&decoder);
    else MUST(error.message[0] != '\0');
    dh_content_release(&decoder);
    MUST(out->len <= CEILING);
    return status;
}

static void contents(unsigned choice, dh_slice bytes) {
    static const dh_slice codings[] = {DH_SLICE_INIT("gzip"), DH_SLICE_INIT("deflate"),
                                       DH_SLICE_INIT("br"), DH_SLICE_INIT("zstd"),
                                       DH_SLICE_INIT("x-gzip"), DH_SLICE_INIT("")};
    dh_slice coding = codings[choice / 2 % (sizeof codings / sizeof *codings)];
    dh_buf whole = {0}, pieces = {0};
    dh_status one = content(coding, bytes, bytes.len + 1, &whole);
    dh_status many = content(coding, bytes, 7, &pieces);
    /* Where a ratio is reached depends on how much has come. */
    if (one == DH_OK && many == DH_OK) MUST(dh_slice_eq(dh_buf_slice(&whole), dh_buf_slice(&pieces)));
    dh_buf_release(&whole);
    dh_buf_release(&pieces);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    if (size == 0) return 0;
    dh_slice rest = dh_slice_make((const char *)bytes + 1, size - 1);
    if (bytes[0] % 2 == 0)
        texts(bytes[0], rest);
    else
        contents(bytes[0], rest);
    return 0;
}
