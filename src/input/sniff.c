/* SPDX-License-Identifier: Apache-2.0 */
#include "input/sniff.h"

enum { BINARY_HEAD = 4096, HTML_HEAD = 16384 };

typedef struct magic {
    uint16_t offset;
    uint16_t len;
    const char *bytes;
    dh_slice what;
} magic;

#define MAGIC(offset, bytes, what)                                                                 \
    { offset, sizeof(bytes) - 1, bytes, DH_SLICE_INIT(what) }

static const magic magics[] = {
    MAGIC(0, "%PDF-", "PDF"),
    MAGIC(0, "\x89PNG\r\n\x1A\n", "PNG image"),
    MAGIC(0, "\xFF\xD8\xFF", "JPEG image"),
    MAGIC(0, "GIF87a", "GIF image"),
    MAGIC(0, "GIF89a", "GIF image"),
    MAGIC(8, "WEBP", "WebP image"), /* behind RIFF and a size */
    MAGIC(8, "WAVE", "WAV audio"),
    MAGIC(8, "AVI ", "AVI video"),
    MAGIC(0, "II*\0", "TIFF image"),
    MAGIC(0, "MM\0*", "TIFF image"),
    MAGIC(0, "\0\0\1\0", "icon"),
    MAGIC(0, "8BPS\0", "Photoshop image"),
    MAGIC(4, "ftypavif", "AVIF image"),
    MAGIC(4, "ftypheic", "HEIC image"),
    MAGIC(4, "ftyp", "MP4 video"),
    MAGIC(0, "\x1A\x45\xDF\xA3", "Matroska video"),
    MAGIC(0, "OggS\0", "Ogg media"),
    MAGIC(0, "fLaC\0", "FLAC audio"),
    MAGIC(0, "ID3\2", "MP3 audio"),
    MAGIC(0, "ID3\3", "MP3 audio"),
    MAGIC(0, "ID3\4", "MP3 audio"),
    MAGIC(0, "FLV\1", "Flash video"),
    MAGIC(0, "\x1F\x8B", "gzip data"),
    MAGIC(0, "BZh91AY&SY", "bzip2 data"),
    MAGIC(0,
          "\xFD"
          "7zXZ\0",
          "xz data"),
    MAGIC(0, "\x28\xB5\x2F\xFD", "zstd data"),
    MAGIC(0, "7z\xBC\xAF\x27\x1C", "7z archive"),
    MAGIC(0, "Rar!\x1A\x07", "RAR archive"),
    MAGIC(257, "ustar", "tar archive"),
    MAGIC(0,
          "\x7F"
          "ELF",
          "ELF program"),
    MAGIC(0, "MZ\x90\0", "Windows program"),
    MAGIC(0, "\xCA\xFE\xBA\xBE", "Java class"),
    MAGIC(0, "\0asm\1", "WebAssembly"),
    MAGIC(0, "wOFF\0", "font"),
    MAGIC(0, "wOF2\0", "font"),
    MAGIC(0, "\0\1\0\0\0", "font"),
    MAGIC(0, "OTTO\0", "font"),
    MAGIC(0, "SQLite format 3\0", "SQLite database"),
    MAGIC(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Office document"),
    MAGIC(0, "{\\rtf", "RTF document"),
    MAGIC(0, "%!PS-Adobe", "PostScript"),
    MAGIC(0, "!<arch>\n", "ar archive"),
};

static bool has_magic(dh_slice data, const magic *m) {
    if (data.len < (size_t)m->offset + m->len) return false;
    if (memcmp(data.ptr + m->offset, m->bytes, m->len) != 0) return false;
    bool riff = m->offset == 8;
    return !riff || memcmp(data.ptr, "RIFF", 4) == 0;
}

/* What kind of document a zip archive holds, by the names of its first members. */
static dh_slice zip_kind(dh_slice data) {
    dh_slice head = dh_slice_sub(data, 0, BINARY_HEAD);
    if (dh_slice_has(head, DH_SLICE("word/"))) return DH_SLICE("Word document");
    if (dh_slice_has(head, DH_SLICE("xl/"))) return DH_SLICE("Excel document");
    if (dh_slice_has(head, DH_SLICE("ppt/"))) return DH_SLICE("PowerPoint document");
    if (dh_slice_has(head, DH_SLICE("application/epub+zip"))) return DH_SLICE("EPUB book");
    if (dh_slice_has(head, DH_SLICE("application/vnd.oasis"))) return DH_SLICE("OpenDocument file");
    return DH_SLICE("zip archive");
}

/* Control characters that no text file has; ESC, for ISO-2022-JP, and SUB, DOS's end of a file, are
 * let pass. */
static bool is_control(unsigned char c) {
    return c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v' && c != 0x1B &&
           c != 0x1A && c != '\b';
}

dh_slice dh_sniff_binary(dh_slice data, bool wide) {
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (has_magic(data, &magics[i])) return magics[i].what;
    if (data.len >= 4 && memcmp(data.ptr, "PK\3\4", 4) == 0) return zip_kind(data);
    if (wide) return (dh_slice){NULL, 0};
    size_t head = data.len < BINARY_HEAD ? data.len : BINARY_HEAD, controls = 0;
    for (size_t i = 0; i < head; i++) controls += is_control((unsigned char)data.ptr[i]);
    /* A page may have lost a few bytes to an accident; a file of another kind is full of them. */
    return controls > 4 && controls * 50 > head ? DH_SLICE("binary data") : (dh_slice){NULL, 0};
}

/* Names whose tags make a text HTML. Those that text is likely to quote or to use otherwise are left
 * out: "<i>", "<b>" count only as later tags. */
static bool is_html_name(dh_slice name) {
    static const char names[] =
        " html head body title meta link script style noscript base div p span a br hr table tbody "
        "thead tr td th ul ol li dl dt dd h1 h2 h3 h4 h5 h6 img section article header footer nav "
        "main "
        "aside figure figcaption form input button label iframe center font blockquote pre code em "
        "strong b i u svg video picture source template ";
    static const char feeds[] = " rss feed rdf:rdf channel item entry ";
    char word[16];
    if (name.len == 0 || name.len > sizeof word - 3) return false;
    word[0] = ' ';
    for (size_t i = 0; i < name.len; i++) word[i + 1] = dh_lower(name.ptr[i]);
    word[name.len + 1] = ' ';
    dh_slice spaced = {word, name.len + 2};
    return dh_slice_has(DH_SLICE(names), spaced) || dh_slice_has(DH_SLICE(feeds), spaced);
}

/* The name of a start or end tag at p ("<"), or empty when none stands there. */
static dh_slice tag_name(dh_slice at, bool *is_end) {
    size_t i = 1;
    *is_end = at.len > 1 && at.ptr[1] == '/';
    if (*is_end) i++;
    size_t begin = i;
    while (i < at.len && (dh_is_alnum(at.ptr[i]) || at.ptr[i] == ':')) i++;
    if (i == at.len || !(dh_is_space(at.ptr[i]) || at.ptr[i] == '>' || at.ptr[i] == '/'))
        return (dh_slice){NULL, 0};
    return dh_slice_sub(at, begin, i);
}

static bool begins_as_page(dh_slice text) {
    bool is_end;
    text = dh_slice_trim(text);
    if (dh_slice_starts_nocase(text, DH_SLICE("<!doctype")) ||
        dh_slice_starts(text, DH_SLICE("<!--")) || dh_slice_starts(text, DH_SLICE("<?xml")))
        return true;
    return text.len > 0 && text.ptr[0] == '<' && is_html_name(tag_name(text, &is_end));
}

/* Tags of HTML in the head of text, quoted ones (`<p>`, "<p>") left out; *closed: an end tag is
 * among them. */
static uint32_t count_tags(dh_slice text, bool *closed) {
    uint32_t count = 0;
    *closed = false;
    const char *p = text.ptr, *end = text.ptr + text.len;
    while (p < end && (p = memchr(p, '<', (size_t)(end - p))) != NULL) {
        bool is_end;
        bool quoted = p > text.ptr && (p[-1] == '`' || p[-1] == '"' || p[-1] == '\'');
        if (!quoted && is_html_name(tag_name((dh_slice){p, (size_t)(end - p)}, &is_end))) {
            count++;
            if (is_end) *closed = true;
        }
        p++;
    }
    return count;
}

static bool has_type(dh_slice mime, dh_slice type) {
    return dh_slice_starts_nocase(dh_slice_trim(mime), type);
}

bool dh_sniff_html(dh_slice text, dh_slice mime) {
    dh_slice head = dh_slice_sub(text, 0, HTML_HEAD);
    bool closed;
    if (begins_as_page(head)) return true;
    if (has_type(mime, DH_SLICE("text/plain"))) return false;
    uint32_t tags = count_tags(head, &closed);
    bool typed =
        has_type(mime, DH_SLICE("text/html")) || dh_slice_has_nocase(mime, DH_SLICE("xml"));
    if (typed && tags > 0) return true;
    /* Several, and not just one quoted example in a long text: at least one in 500 bytes. */
    return tags >= 4 && closed && (size_t)tags * 500 >= head.len;
}
