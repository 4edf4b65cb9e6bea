/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl moves the bytes; what they decode to, how much of it and of which kind is decided here. */
#include "net/fetch.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "net/content.h"

#define DEFAULT_AGENT "dehusk"

struct dh_fetcher {
    CURL *curl;
    dh_fetch_options options; /* with the defaults filled in */
    char *user_agent;
    char why[CURL_ERROR_SIZE];
};

/* One response after the other until the last of a row of redirects. */
typedef struct transfer {
    const dh_fetcher *fetcher;
    dh_content_decoder decoder;
    dh_fetched *out;
    char coding[64]; /* Content-Encoding */
    bool begun;      /* the body's decoder is set up */
    bool lengths_differ, has_length;
    uint64_t length;
    dh_status status; /* why the body was refused */
    dh_error error;
} transfer;

static char *copy_string(dh_slice s) {
    char *copy = malloc(s.len + 1);
    if (copy == NULL) return NULL;
    if (s.len > 0) memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return copy;
}

static bool is_header(dh_slice line, dh_slice name, dh_slice *value) {
    if (!dh_slice_starts_nocase(line, name)) return false;
    *value = dh_slice_trim(dh_slice_sub(line, name.len, line.len));
    return true;
}

static void note_length(transfer *t, dh_slice value) {
    uint64_t length;
    if (!dh_slice_to_u64(value, &length)) return;
    if (t->has_length && length != t->length) t->lengths_differ = true;
    t->has_length = true;
    t->length = length;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *data) {
    transfer *t = data;
    dh_slice line = dh_slice_make(bytes, size * count), value;
    if (dh_slice_starts(line, DH_SLICE("HTTP/"))) { /* the next response begins */
        t->coding[0] = '\0';
        t->has_length = t->lengths_differ = false;
        free(t->out->content_type);
        t->out->content_type = NULL;
    } else if (is_header(line, DH_SLICE("content-encoding:"), &value)) {
        size_t had = strlen(t->coding);
        if (had + value.len + 2 > sizeof t->coding) value.len = 0;
        if (had > 0 && value.len > 0) t->coding[had++] = ',';
        if (value.len > 0) memcpy(t->coding + had, value.ptr, value.len);
        t->coding[had + value.len] = '\0';
    } else if (is_header(line, DH_SLICE("content-length:"), &value)) {
        note_length(t, value);
    } else if (is_header(line, DH_SLICE("content-type:"), &value)) {
        free(t->out->content_type);
        t->out->content_type = copy_string(value);
    }
    return size * count;
}

static bool is_page_type(dh_slice type) {
    static const char *const types[] = {
        "",         "text/html",       "application/xhtml+xml",   "text/plain",
        "text/xml", "application/xml", "application/octet-stream"};
    dh_slice media = dh_slice_trim(dh_slice_cut(&type, ';'));
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (dh_slice_eq_nocase(media, dh_slice_cstr(types[i]))) return true;
    return false;
}

static dh_status begin_body(transfer *t) {
    long code = 0;
    curl_easy_getinfo(t->fetcher->curl, CURLINFO_RESPONSE_CODE, &code);
    if (code / 100 != 2) /* told by the status; its body is not wanted */
        return dh_error_set(&t->error, DH_ERR_NET, "fetch", 0, "status");
    const char *type = t->out->content_type;
    if (!is_page_type(dh_slice_cstr(type)))
        return dh_error_set(&t->error, DH_ERR_TYPE, "fetch", 0, "it is %.100s, not a page", type);
    if (t->lengths_differ)
        return dh_error_set(&t->error, DH_ERR_NET, "fetch", 0,
                            "the server sends two different lengths");
    return dh_content_begin(&t->decoder, dh_slice_cstr(t->coding), &t->error);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *data) {
    transfer *t = data;
    if (!t->begun) t->status = begin_body(t);
    t->begun = true;
    if (t->status == DH_OK)
        t->status = dh_content_put(&t->decoder, dh_slice_make(bytes, size * count), &t->error);
    return t->status == DH_OK ? size * count : 0;
}

static int look_up(void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    const dh_fetcher *f = data;
    (void)a, (void)b, (void)c, (void)d;
    return f->options.cancel != NULL && f->options.cancel(f->options.cancel_data);
}

static bool set_up(dh_fetcher *f) {
    CURL *c = f->curl;
    const dh_fetch_options *o = &f->options;
    CURLcode bad = CURLE_OK;
    bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    bad |= curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    bad |= curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_MAXREDIRS, o->max_redirects);
    bad |= curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, o->timeout_ms);
    bad |= curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, o->connect_timeout_ms);
    bad |= curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    bad |= curl_easy_setopt(c, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    bad |= curl_easy_setopt(c, CURLOPT_HTTP09_ALLOWED, 0L);
    bad |= curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    bad |= curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)o->max_bytes);
    bad |= curl_easy_setopt(c, CURLOPT_USERAGENT, f->user_agent);
    bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_ERRORBUFFER, f->why);
    bad |= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    bad |= curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
    bad |= curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, look_up);
    bad |= curl_easy_setopt(c, CURLOPT_XFERINFODATA, f);
    bad |= curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    return bad == CURLE_OK;
}

dh_status dh_fetcher_new(const dh_fetch_options *options, dh_fetcher **out, dh_error *error) {
    *out = NULL;
    dh_fetcher *f = calloc(1, sizeof *f);
    bool curl_there = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (f == NULL || !curl_there) {
        free(f);
        if (curl_there) curl_global_cleanup();
        return dh_error_set(error, DH_ERR_MEMORY, "fetch", 0, "out of memory");
    }
    if (options != NULL) f->options = *options;
    dh_fetch_options *o = &f->options;
    if (o->max_bytes == 0) o->max_bytes = UINT64_C(20) << 20;
    if (o->max_ratio == 0) o->max_ratio = 100;
    if (o->timeout_ms == 0) o->timeout_ms = 30000;
    if (o->connect_timeout_ms == 0) o->connect_timeout_ms = 10000;
    if (o->max_redirects == 0) o->max_redirects = 10;
    f->user_agent =
        copy_string(dh_slice_cstr(o->user_agent != NULL ? o->user_agent : DEFAULT_AGENT));
    o->user_agent = f->user_agent;
    f->curl = curl_easy_init();
    if (f->curl == NULL || f->user_agent == NULL || !set_up(f)) {
        dh_fetcher_free(f);
        return dh_error_set(error, DH_ERR_NET, "fetch", 0, "libcurl cannot be set up");
    }
    *out = f;
    return DH_OK;
}

void dh_fetcher_free(dh_fetcher *fetcher) {
    if (fetcher == NULL) return;
    curl_easy_cleanup(fetcher->curl);
    curl_global_cleanup();
    free(fetcher->user_agent);
    free(fetcher);
}

/* What most of libcurl's codes mean to the one who asked for the page. */
static const char *meaning(CURLcode code, long redirects) {
    static const struct {
        CURLcode code;
        const char *text;
    } meanings[] = {
        {CURLE_COULDNT_RESOLVE_HOST, "the host's name is not known (DNS)"},
        {CURLE_COULDNT_RESOLVE_PROXY, "the proxy's name is not known (DNS)"},
        {CURLE_COULDNT_CONNECT, "no connection"},
        {CURLE_PEER_FAILED_VERIFICATION, "the server's certificate does not hold (TLS)"},
        {CURLE_SSL_CONNECT_ERROR, "no TLS connection"},
        {CURLE_URL_MALFORMAT, "no valid address"},
        {CURLE_GOT_NOTHING, "the server closed without an answer"},
        {CURLE_OUT_OF_MEMORY, "the server's answer cannot be taken"}, /* an overlong header too */
    };
    if (code == CURLE_UNSUPPORTED_PROTOCOL)
        return redirects > 0 ? "redirects to what is neither http nor https"
                             : "only http and https are fetched";
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].code == code) return meanings[i].text;
    return "not fetched";
}

static dh_status explain(const dh_fetcher *f, CURLcode code, dh_error *error) {
    const dh_fetch_options *o = &f->options;
    const char *why = f->why[0] != '\0' ? f->why : curl_easy_strerror(code);
    long redirects = 0;
    curl_easy_getinfo(f->curl, CURLINFO_REDIRECT_COUNT, &redirects);
    switch (code) {
    case CURLE_FILESIZE_EXCEEDED:
        return dh_error_set(error, DH_ERR_LIMIT, "fetch", 0, "larger than %llu bytes",
                            (unsigned long long)o->max_bytes);
    case CURLE_TOO_MANY_REDIRECTS:
        return dh_error_set(error, DH_ERR_NET, "fetch", 0, "more than %ld redirects",
                            o->max_redirects);
    case CURLE_OPERATION_TIMEDOUT:
        return dh_error_set(error, DH_ERR_TIME, "fetch", 0,
                            "not there in time (--timeout allows more): %.300s", why);
    case CURLE_ABORTED_BY_CALLBACK:
        return dh_error_set(error, DH_ERR_INTERRUPTED, "fetch", 0, "interrupted");
    default:
        return dh_error_set(error, DH_ERR_NET, "fetch", 0, "%s: %.300s", meaning(code, redirects),
                            why);
    }
}

static const char *status_words(long status) {
    switch (status) {
    case 401:
        return " (login needed)";
    case 402:
        return " (payment needed)";
    case 403:
        return " (forbidden)";
    case 404:
        return " (not found)";
    case 410:
        return " (gone)";
    case 429:
        return " (too many requests: try later)";
    case 451:
        return " (withheld for legal reasons)";
    case 503:
        return " (out of service: try later)";
    default:
        return status >= 500 ? " (its error)" : "";
    }
}

/* After the transfer: the verdict, and what is known about the page. */
static dh_status conclude(transfer *t, CURLcode code, dh_error *error) {
    const dh_fetcher *f = t->fetcher;
    dh_fetched *out = t->out;
    bool broke_off = code == CURLE_PARTIAL_FILE && t->begun;
    const char *url = NULL;
    curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &out->status);
    curl_easy_getinfo(f->curl, CURLINFO_EFFECTIVE_URL, &url);
    out->url = copy_string(dh_slice_cstr(url));
    if (out->content_type == NULL) out->content_type = copy_string(DH_SLICE(""));
    if (out->url == NULL || out->content_type == NULL)
        return dh_error_set(error, DH_ERR_MEMORY, "fetch", 0, "out of memory");
    bool answered = code == CURLE_OK || code == CURLE_WRITE_ERROR || broke_off;
    if (answered && out->status / 100 != 2)
        return dh_error_set(error, DH_ERR_NET, "fetch", 0, "the server answers %ld%s", out->status,
                            status_words(out->status));
    if (t->status != DH_OK) {
        if (error != NULL) *error = t->error;
        return t->status;
    }
    if (!answered) return explain(f, code, error);
    if (!t->begun && !is_page_type(dh_slice_cstr(out->content_type)))
        return dh_error_set(error, DH_ERR_TYPE, "fetch", 0, "it is %.100s, not a page",
                            out->content_type);
    bool whole = !t->begun || dh_content_is_whole(&t->decoder);
    out->truncated = broke_off || !whole;
    return DH_OK;
}

dh_status dh_fetch(dh_fetcher *fetcher, const char *url, dh_fetched *out, dh_error *error) {
    *out = (dh_fetched){0};
    transfer t = {.fetcher = fetcher, .out = out};
    dh_content_init(&t.decoder, &out->body, fetcher->options.max_bytes, fetcher->options.max_ratio);
    fetcher->why[0] = '\0';
    CURLcode bad = CURLE_OK;
    bad |= curl_easy_setopt(fetcher->curl, CURLOPT_URL, url);
    bad |= curl_easy_setopt(fetcher->curl, CURLOPT_WRITEDATA, &t);
    bad |= curl_easy_setopt(fetcher->curl, CURLOPT_HEADERDATA, &t);
    CURLcode code = bad != CURLE_OK ? CURLE_OUT_OF_MEMORY : curl_easy_perform(fetcher->curl);
    dh_status status = conclude(&t, code, error);
    dh_content_release(&t.decoder);
    return status;
}

void dh_fetched_release(dh_fetched *fetched) {
    dh_buf_release(&fetched->body);
    free(fetched->url);
    free(fetched->content_type);
    *fetched = (dh_fetched){0};
}
