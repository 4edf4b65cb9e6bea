/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds and sitemaps in XML, by libxml2's SAX interface: elements go by as they are read. The root
 * decides what the document is; an item's own children have what is wanted, deeper ones (an image's
 * "loc", a source's "link") do not, but for a news sitemap's date. No handler for entities is set, so
 * that what a document declares stays unknown to the parser. */
#include <libxml/parser.h>

#include "crawl/feed_private.h"

typedef enum role { ROLE_NONE, ROLE_URL, ROLE_GUID, ROLE_ORIGIN, ROLE_DATE } role;

typedef struct reader {
    dh_feed *feed;
    xmlParserCtxtPtr context;
    int depth, item_depth; /* of elements; 0: not in an item */
    role collecting;
    int collect_depth;
    bool guid_is_url, news, failed;
    dh_buf text, url, guid, origin, date; /* heap */
} reader;

static dh_slice name_of(const xmlChar *name) {
    return name != NULL ? dh_slice_cstr((const char *)name) : DH_SLICE("");
}

static dh_feed_form form_of(dh_slice root) {
    static const struct {
        const char *name;
        dh_feed_form form;
    } forms[] = {{"rss", DH_FORM_RSS},        {"RDF", DH_FORM_RSS},
                 {"channel", DH_FORM_RSS},    {"feed", DH_FORM_ATOM},
                 {"urlset", DH_FORM_SITEMAP}, {"sitemapindex", DH_FORM_INDEX}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (dh_slice_eq_nocase(root, dh_slice_cstr(forms[i].name))) return forms[i].form;
    return DH_FORM_NONE;
}

static bool is_item(dh_feed_form form, dh_slice name) {
    switch (form) {
    case DH_FORM_RSS:
        return dh_slice_eq(name, DH_SLICE("item"));
    case DH_FORM_ATOM:
        return dh_slice_eq(name, DH_SLICE("entry"));
    case DH_FORM_SITEMAP:
        return dh_slice_eq(name, DH_SLICE("url"));
    case DH_FORM_INDEX:
        return dh_slice_eq(name, DH_SLICE("sitemap"));
    case DH_FORM_NONE:
    case DH_FORM_JSON:
    case DH_FORM_LIST:
        break;
    }
    return false;
}

/* libxml2 gives five pointers an attribute: name, prefix, namespace, value, its end. */
static dh_slice attribute(const xmlChar **attributes, int count, const char *name) {
    for (int i = 0; i < count; i++) {
        const xmlChar **a = attributes + (ptrdiff_t)i * 5;
        if (a[1] == NULL && dh_slice_eq(name_of(a[0]), dh_slice_cstr(name)))
            return dh_slice_make((const char *)a[3], (size_t)(a[4] - a[3]));
    }
    return (dh_slice){NULL, 0};
}

/* Attribute values come as written but for character references, of which addresses have &amp;. */
static void put_attribute(dh_buf *out, dh_slice value) {
    static const struct {
        const char *from;
        char to;
    } table[] = {{"&amp;", '&'},   {"&#38;", '&'}, {"&#x26;", '&'}, {"&quot;", '"'},
                 {"&apos;", '\''}, {"&lt;", '<'},  {"&gt;", '>'}};
    dh_buf_reset(out);
    for (size_t i = 0; i < value.len;) {
        size_t step = 0;
        for (size_t k = 0; k < sizeof table / sizeof table[0] && step == 0; k++) {
            dh_slice from = dh_slice_cstr(table[k].from);
            if (!dh_slice_starts(dh_slice_sub(value, i, value.len), from)) continue;
            dh_buf_putc(out, table[k].to);
            step = from.len;
        }
        if (step == 0) dh_buf_putc(out, value.ptr[i]);
        i += step > 0 ? step : 1;
    }
}

/* An Atom link: the article's own is "alternate", which is what no rel means, too. */
static void take_link(reader *r, const xmlChar **attributes, int count) {
    dh_slice rel = attribute(attributes, count, "rel"), href = attribute(attributes, count, "href");
    if (href.len == 0 || r->url.len > 0) return;
    if (rel.ptr != NULL && !dh_slice_eq_nocase(rel, DH_SLICE("alternate"))) return;
    put_attribute(&r->url, href);
}

static role role_of(dh_slice name) {
    static const struct {
        const char *name;
        role role;
    } roles[] = {{"link", ROLE_URL},        {"loc", ROLE_URL},        {"guid", ROLE_GUID},
                 {"origLink", ROLE_ORIGIN}, {"pubDate", ROLE_DATE},   {"date", ROLE_DATE},
                 {"updated", ROLE_DATE},    {"published", ROLE_DATE}, {"modified", ROLE_DATE},
                 {"issued", ROLE_DATE},     {"lastmod", ROLE_DATE},   {"lastBuildDate", ROLE_DATE}};
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if (dh_slice_eq(name, dh_slice_cstr(roles[i].name))) return roles[i].role;
    return ROLE_NONE;
}

static void begin_item(reader *r) {
    r->item_depth = r->depth;
    r->guid_is_url = true;
    r->news = r->feed->form == DH_FORM_RSS || r->feed->form == DH_FORM_ATOM;
    dh_buf_reset(&r->url);
    dh_buf_reset(&r->guid);
    dh_buf_reset(&r->origin);
    dh_buf_reset(&r->date);
}

static void end_item(reader *r) {
    dh_slice url = dh_buf_slice(&r->origin);
    if (url.len == 0) url = dh_slice_trim(dh_buf_slice(&r->url));
    if (url.len == 0 && r->guid_is_url) {
        url = dh_slice_trim(dh_buf_slice(&r->guid));
        if (!dh_slice_starts_nocase(url, DH_SLICE("http"))) url.len = 0;
    }
    if (!dh_feed_add(r->feed, url, dh_buf_slice(&r->date), r->news)) r->failed = true;
    r->item_depth = 0;
    r->collecting = ROLE_NONE;
    if (r->failed || r->feed->cut) xmlStopParser(r->context);
}

static void begin_child(reader *r, dh_slice name, dh_slice prefix, const xmlChar **attributes,
                        int count) {
    role what = r->depth == r->item_depth + 1 ? role_of(name) : ROLE_NONE;
    if (r->feed->form == DH_FORM_SITEMAP) {
        if (dh_slice_eq(name, DH_SLICE("news"))) r->news = true;
        if (dh_slice_eq(name, DH_SLICE("publication_date"))) what = ROLE_DATE;
    }
    bool foreign = prefix.len > 0 && (what == ROLE_URL || what == ROLE_GUID);
    if (what == ROLE_URL && dh_slice_eq(name, DH_SLICE("link")) &&
        (r->feed->form == DH_FORM_ATOM || attribute(attributes, count, "href").ptr != NULL)) {
        take_link(r, attributes, count);
        return;
    }
    /* A prefix is foreign unless the whole document has one ("sm:urlset"). */
    if (what == ROLE_NONE || (foreign && r->feed->form == DH_FORM_RSS)) return;
    if (what == ROLE_GUID)
        r->guid_is_url =
            !dh_slice_eq_nocase(attribute(attributes, count, "isPermaLink"), DH_SLICE("false"));
    r->collecting = what;
    r->collect_depth = r->depth;
    dh_buf_reset(&r->text);
}

static void on_start(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int count, int defaulted,
                     const xmlChar **attributes) {
    reader *r = data;
    dh_slice name = name_of(local);
    (void)uri, (void)namespace_count, (void)namespaces, (void)defaulted;
    if (++r->depth == 1) {
        r->feed->form = form_of(name);
        if (r->feed->form == DH_FORM_NONE) xmlStopParser(r->context);
        return;
    }
    if (r->item_depth > 0)
        begin_child(r, name, name_of(prefix), attributes, count);
    else if (is_item(r->feed->form, name))
        begin_item(r);
}

static void end_text(reader *r) {
    dh_slice text = dh_slice_trim(dh_buf_slice(&r->text));
    dh_buf *into = r->collecting == ROLE_URL      ? &r->url
                   : r->collecting == ROLE_GUID   ? &r->guid
                   : r->collecting == ROLE_ORIGIN ? &r->origin
                                                  : &r->date;
    if (into->len == 0) dh_buf_put_slice(into, text);
    r->collecting = ROLE_NONE;
}

static void on_end(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri) {
    reader *r = data;
    (void)local, (void)prefix, (void)uri;
    if (r->collecting != ROLE_NONE && r->depth == r->collect_depth) end_text(r);
    if (r->item_depth > 0 && r->depth == r->item_depth) end_item(r);
    r->depth--;
}

static void on_text(void *data, const xmlChar *text, int len) {
    reader *r = data;
    if (r->collecting == ROLE_NONE || r->text.len > DH_FEED_MAX_TEXT) return;
    dh_buf_put(&r->text, text, (size_t)len);
}

static void be_silent(void *data, xmlErrorPtr error) {
    (void)data, (void)error;
}

static bool parse(dh_feed *feed, dh_slice text) {
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
                             .startElementNs = on_start,
                             .endElementNs = on_end,
                             .characters = on_text,
                             .ignorableWhitespace = on_text,
                             .cdataBlock = on_text,
                             .serror = be_silent};
    reader r = {.feed = feed};
    xmlInitParser();
    r.context = xmlCreatePushParserCtxt(&handler, &r, NULL, 0, NULL);
    if (r.context == NULL) return false;
    xmlCtxtUseOptions(r.context, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
                                     XML_PARSE_NOWARNING);
    for (size_t at = 0; at < text.len && !r.failed; at += 1 << 20) {
        dh_slice piece = dh_slice_sub(text, at, at + (1 << 20));
        bool last = at + piece.len == text.len;
        xmlParseChunk(r.context, piece.ptr, (int)piece.len, last);
    }
    if (!r.context->wellFormed && feed->form != DH_FORM_NONE && !feed->cut) feed->damaged = true;
    if (r.context->myDoc != NULL) xmlFreeDoc(r.context->myDoc);
    xmlFreeParserCtxt(r.context);
    bool good = !r.failed && !r.text.failed && !r.url.failed && !r.guid.failed &&
                !r.origin.failed && !r.date.failed;
    dh_buf_release(&r.text);
    dh_buf_release(&r.url);
    dh_buf_release(&r.guid);
    dh_buf_release(&r.origin);
    dh_buf_release(&r.date);
    return good;
}

/* Whether an ampersand begins a reference: "&amp;", "&#38;". */
static bool is_reference(dh_slice s) {
    size_t i = 1;
    while (i < s.len && i < 12 && (dh_is_alnum(s.ptr[i]) || s.ptr[i] == '#')) i++;
    return i > 1 && i < s.len && s.ptr[i] == ';';
}

/* The commonest mistake, "?a=1&b=2", would lose a part of the address: such ampersands are escaped. out
 * stays empty when there are none. */
static void escape_ampersands(dh_slice text, dh_buf *out) {
    const dh_slice cdata = DH_SLICE("<![CDATA["), end = DH_SLICE("]]>");
    size_t done = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '<' && dh_slice_starts(dh_slice_sub(text, i, text.len), cdata)) {
            size_t skip = dh_slice_find(dh_slice_sub(text, i, text.len), end);
            if (skip == DH_NPOS) break;
            i += skip;
        } else if (text.ptr[i] == '&' && !is_reference(dh_slice_sub(text, i, text.len))) {
            dh_buf_put_slice(out, dh_slice_sub(text, done, i + 1));
            dh_buf_puts(out, "amp;");
            done = i + 1;
        }
    }
    if (done > 0) dh_buf_put_slice(out, dh_slice_sub(text, done, text.len));
}

bool dh_feed_read_xml(dh_feed *feed, dh_slice text) {
    dh_buf escaped = {0};
    if (text.ptr[0] == '<') escape_ampersands(text, &escaped); /* not in UTF-16 */
    bool good = !escaped.failed && parse(feed, escaped.len > 0 ? dh_buf_slice(&escaped) : text);
    dh_buf_release(&escaped);
    return good;
}
