/* SPDX-License-Identifier: Apache-2.0 */
#include "net/transport.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/url.h"
#include "net/transport_private.h"

enum { LONGEST_WAIT_MS = 200 }; /* between two looks at the stop function */

#define ACCEPT "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

static char *copy_slice(dh_slice text) {
    char *copy = malloc(text.len + 1);
    if (copy == NULL) return NULL;
    if (text.len > 0) memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return copy;
}

static char *copy_string(const char *text) {
    return copy_slice(dh_slice_cstr(text));
}

static dh_status no_memory(dh_error *error) {
    return dh_error_set(error, DH_ERR_MEMORY, "net", 0, "out of memory");
}

/* What libcurl looks at; HTTP_PROXY is not among it, as a web server's programs have it from a header. */
static bool environment_has_proxy(void) {
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                        "ALL_PROXY"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0') return true;
    }
    return false;
}

static bool copy_options(dh_transport *t, const dh_transport_options *options) {
    if (options != NULL) t->options = *options;
    dh_transport_options *o = &t->options;
    if (o->clock == NULL) o->clock = &dh_clock_system;
    if (o->max_idle == 0) o->max_idle = 128;
    if (o->proxy != NULL && (o->proxy[0] == '\0' || strcmp(o->proxy, "none") == 0 ||
                             (strcmp(o->proxy, "env") == 0 && !environment_has_proxy())))
        o->proxy = NULL;
    t->user_agent = copy_string(o->user_agent != NULL ? o->user_agent : "dehusk");
    if (o->ca_file != NULL) t->ca_file = copy_string(o->ca_file);
    if (o->proxy != NULL) t->proxy = copy_string(o->proxy);
    return t->user_agent != NULL && (o->proxy == NULL || t->proxy != NULL) &&
           (o->ca_file == NULL || t->ca_file != NULL);
}

dh_status dh_transport_new(const dh_transport_options *options, dh_transport **out,
                           dh_error *error) {
    *out = NULL;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return dh_error_set(error, DH_ERR_NET, "net", 0, "libcurl cannot be set up");
    dh_transport *t = calloc(1, sizeof *t);
    if (t == NULL) {
        curl_global_cleanup();
        return no_memory(error);
    }
    t->over_end = &t->over;
    dh_arena_init(&t->arena, 0);
    t->multi = curl_multi_init();
    if (t->multi == NULL || !copy_options(t, options) ||
        curl_multi_setopt(t->multi, CURLMOPT_MAXCONNECTS, (long)t->options.max_idle) != CURLM_OK) {
        dh_transport_free(t);
        return no_memory(error);
    }
    *out = t;
    return DH_OK;
}

/* Everything but the response. The handle is kept for another request. */
static void end_transfer(dh_transfer *t) {
    dh_transport *owner = t->owner;
    size_t room = sizeof owner->spare / sizeof *owner->spare - owner->spares;
    if (t->easy != NULL) {
        curl_multi_remove_handle(owner->multi, t->easy);
        /* A handle keeps its cookies: it is not used again for one who has none. */
        if (t->has_cookies || room == 0) {
            curl_easy_cleanup(t->easy);
        } else {
            curl_easy_reset(t->easy); /* it points to the transfer */
            owner->spare[owner->spares++] = t->easy;
        }
    }
    if (t->decoding) dh_content_release(&t->content);
    curl_slist_free_all(t->headers);
    curl_slist_free_all(t->addresses);
    t->easy = NULL;
    t->headers = t->addresses = NULL;
    t->decoding = false;
}

static void free_transfers(dh_transfer *t) {
    while (t != NULL) {
        dh_transfer *next = t->next;
        end_transfer(t);
        dh_response_free(t->response);
        free(t);
        t = next;
    }
}

void dh_transport_free(dh_transport *t) {
    if (t == NULL) return;
    free_transfers(t->in_flight);
    free_transfers(t->over);
    for (size_t i = 0; i < t->spares; i++) curl_easy_cleanup(t->spare[i]);
    curl_multi_cleanup(t->multi);
    curl_global_cleanup();
    dh_buf_release(&t->lines);
    dh_arena_release(&t->arena);
    free(t->user_agent);
    free(t->ca_file);
    free(t->proxy);
    free(t);
}

size_t dh_transport_active(const dh_transport *t) {
    return t->active;
}

void dh_transport_wake(dh_transport *t) {
    atomic_store(&t->woken, true);
    curl_multi_wakeup(t->multi);
}

/* Starting. */

static dh_request with_defaults(const dh_request *request) {
    dh_request r = *request;
    if (r.max_body == 0) r.max_body = UINT64_C(20) << 20;
    if (r.max_wire == 0) r.max_wire = r.max_body;
    if (r.max_ratio == 0) r.max_ratio = 100;
    if (r.max_head == 0) r.max_head = 128 << 10;
    if (r.timeout_ms == 0) r.timeout_ms = 30000;
    if (r.connect_timeout_ms == 0) r.connect_timeout_ms = 10000;
    if (r.min_rate == 0) r.min_rate = 64;
    if (r.min_rate_seconds == 0) r.min_rate_seconds = 20;
    return r;
}

static bool add_headers(dh_transfer *t, const dh_request *request) {
    bool has_accept = false;
    for (size_t i = 0; i < request->header_count; i++) {
        struct curl_slist *more = curl_slist_append(t->headers, request->headers[i]);
        if (more == NULL) return false;
        t->headers = more;
        has_accept = has_accept || dh_slice_starts_nocase(dh_slice_cstr(request->headers[i]),
                                                          DH_SLICE("accept:"));
    }
    if (has_accept) return true;
    struct curl_slist *more = curl_slist_append(t->headers, "Accept: " ACCEPT);
    if (more != NULL) t->headers = more;
    return more != NULL;
}

static CURLcode set_limits(CURL *c, const dh_request *r) {
    CURLcode bad = CURLE_OK;
    bad |= curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)r->timeout_ms);
    bad |= curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)r->connect_timeout_ms);
    bad |= curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)r->min_rate);
    bad |= curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)r->min_rate_seconds);
    return bad;
}

/* What the environment and libcurl's own habits would add is switched off. */
static CURLcode set_way(dh_transfer *t) {
    const dh_transport *owner = t->owner;
    CURL *c = t->easy;
    CURLcode bad = CURLE_OK;
    bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    bad |= curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    bad |= curl_easy_setopt(c, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    bad |= curl_easy_setopt(c, CURLOPT_HTTP_TRANSFER_DECODING, 0L);
    bad |= curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, DH_CONTENT_ACCEPTED);
    bad |= curl_easy_setopt(c, CURLOPT_HTTP09_ALLOWED, 0L);
    bad |= curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_USERAGENT, owner->user_agent);
    bad |= curl_easy_setopt(c, CURLOPT_HTTP_VERSION,
                            owner->options.http1 ? (long)CURL_HTTP_VERSION_1_1
                                                 : (long)CURL_HTTP_VERSION_2TLS);
    if (owner->ca_file != NULL) {
        bad |= curl_easy_setopt(c, CURLOPT_CAINFO, owner->ca_file);
        bad |= curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
    }
    if (owner->proxy == NULL || strcmp(owner->proxy, "env") != 0) /* "": none, whatever is set */
        bad |= curl_easy_setopt(c, CURLOPT_PROXY, owner->proxy != NULL ? owner->proxy : "");
    bad |= curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    return bad;
}

static CURLcode set_callbacks(dh_transfer *t) {
    CURL *c = t->easy;
    CURLcode bad = CURLE_OK;
    bad |= curl_easy_setopt(c, CURLOPT_PRIVATE, t);
    bad |= curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->why);
    bad |= curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, dh_transfer_take_head);
    bad |= curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
    bad |= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, dh_transfer_take_body);
    bad |= curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
    bad |= curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, dh_transfer_take_sent);
    bad |= curl_easy_setopt(c, CURLOPT_DEBUGDATA, t);
    bad |= curl_easy_setopt(c, CURLOPT_VERBOSE, 1L); /* calls the debug function */
    bad |= curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, dh_dial_open);
    bad |= curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t);
    bad |= curl_easy_setopt(c, CURLOPT_CLOSESOCKETFUNCTION, dh_dial_close);
    bad |= curl_easy_setopt(c, CURLOPT_CLOSESOCKETDATA, t->owner);
    bad |= curl_easy_setopt(c, CURLOPT_PREREQFUNCTION, dh_dial_before_request);
    bad |= curl_easy_setopt(c, CURLOPT_PREREQDATA, t);
    return bad;
}

static bool set_up(dh_transfer *t, const dh_request *request) {
    dh_transport *owner = t->owner;
    t->easy = owner->spares > 0 ? owner->spare[--owner->spares] : curl_easy_init();
    if (t->easy == NULL || !add_headers(t, request)) return false;
    CURLcode bad = set_way(t) | set_limits(t->easy, &t->request) | set_callbacks(t);
    bad |= curl_easy_setopt(t->easy, CURLOPT_URL, t->response->url);
    bad |= curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
    t->has_cookies = request->cookies != NULL;
    if (t->has_cookies) {
        bad |= curl_easy_setopt(t->easy, CURLOPT_SHARE, request->cookies->share);
        bad |= curl_easy_setopt(t->easy, CURLOPT_COOKIEFILE, ""); /* switches them on */
    }
    return bad == CURLE_OK;
}

/* "host" of "[::1]" is "::1". */
static char *host_of(const dh_canon *url) {
    dh_slice host = url->host;
    if (host.len > 2 && host.ptr[0] == '[') host = dh_slice_sub(host, 1, host.len - 1);
    return copy_slice(host);
}

static uint16_t port_of(const dh_canon *url) {
    uint64_t port = dh_slice_eq(url->scheme, DH_SLICE("https")) ? 443 : 80;
    if (url->port.len > 0) dh_slice_to_u64(url->port, &port);
    return (uint16_t)port;
}

static bool refuse_address(dh_transfer *t, const char *text) {
    dh_url parts;
    bool other = dh_url_split(dh_slice_cstr(text), &parts) &&
                 !dh_slice_eq_nocase(parts.scheme, DH_SLICE("http")) &&
                 !dh_slice_eq_nocase(parts.scheme, DH_SLICE("https"));
    dh_fault fault = other ? DH_FAULT_SCHEME : DH_FAULT_URL;
    t->response->url = copy_string(text);
    if (t->response->url == NULL || t->owner->arena.failure == DH_ERR_MEMORY)
        fault = DH_FAULT_MEMORY;
    return dh_transfer_fail(t, fault, "%s", dh_fault_of(fault)->text);
}

/* Puts the address in the form it is asked for, and asks the resolver. False with the fault set. */
static bool set_address(dh_transfer *t, const dh_request *request) {
    dh_canon url;
    dh_arena_reset(&t->owner->arena);
    if (!dh_hop_parse(&url, NULL, dh_slice_cstr(request->url), &t->owner->arena))
        return refuse_address(t, request->url);
    char *host = host_of(&url);
    t->response->url = copy_slice(url.href);
    bool good = host != NULL && t->response->url != NULL && set_up(t, request);
    if (good)
        good = dh_dial_prepare(t, host, port_of(&url));
    else
        dh_transfer_fail(t, DH_FAULT_MEMORY, "out of memory");
    free(host);
    return good;
}

static void finish(dh_transfer *t) {
    end_transfer(t);
    t->response->fault = t->fault;
    t->next = NULL;
    *t->owner->over_end = t;
    t->owner->over_end = &t->next;
}

dh_status dh_transport_start(dh_transport *transport, const dh_request *request, dh_error *error) {
    for (size_t i = 0; i < request->header_count; i++)
        if (strpbrk(request->headers[i], "\r\n") != NULL)
            return dh_error_set(error, DH_ERR_USAGE, "net", 0, "a header with a line break");
    dh_transfer *t = calloc(1, sizeof *t);
    dh_response *r = calloc(1, sizeof *r);
    if (t == NULL || r == NULL) {
        free(t);
        free(r);
        return no_memory(error);
    }
    t->owner = transport;
    t->request = with_defaults(request);
    t->response = r;
    r->data = request->data;
    r->begun_ms = dh_clock_now(transport->options.clock);
    transport->active++;
    if (!set_address(t, request)) {
        finish(t);
    } else if (curl_multi_add_handle(transport->multi, t->easy) != CURLM_OK) {
        dh_transfer_fail(t, DH_FAULT_MEMORY, "out of memory");
        finish(t);
    } else {
        t->next = transport->in_flight;
        transport->in_flight = t;
    }
    return DH_OK;
}

/* Going on. */

static void unlink_transfer(dh_transfer *t) {
    dh_transfer **at = &t->owner->in_flight;
    while (*at != t) at = &(*at)->next;
    *at = t->next;
}

static void note_times(dh_transfer *t) {
    curl_off_t connect = 0, first = 0, total = 0;
    long connects = 0;
    curl_easy_getinfo(t->easy, CURLINFO_CONNECT_TIME_T, &connect);
    curl_easy_getinfo(t->easy, CURLINFO_STARTTRANSFER_TIME_T, &first);
    curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &total);
    curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &connects);
    t->response->connect_ms = connect / 1000;
    t->response->first_byte_ms = first / 1000;
    t->response->total_ms = total / 1000;
    t->response->reused = connects == 0 && t->response->remote.family != 0;
}

static void conclude(dh_transfer *t, CURLcode code) {
    unlink_transfer(t);
    note_times(t);
    dh_transfer_conclude(t, code);
    finish(t);
}

static void collect(dh_transport *transport) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(transport->multi, &left)) != NULL) {
        char *data = NULL;
        CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE) continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &data);
        conclude((dh_transfer *)(void *)data, code);
    }
}

void dh_transport_stop(dh_transport *transport) {
    while (transport->in_flight != NULL) {
        dh_transfer *t = transport->in_flight;
        dh_transfer_fail(t, DH_FAULT_STOPPED, "%s", dh_fault_of(DH_FAULT_STOPPED)->text);
        conclude(t, CURLE_ABORTED_BY_CALLBACK);
    }
}

static dh_response *next_over(dh_transport *transport) {
    dh_transfer *t = transport->over;
    if (t == NULL) return NULL;
    transport->over = t->next;
    if (transport->over == NULL) transport->over_end = &transport->over;
    transport->active--;
    dh_response *r = t->response;
    free(t);
    return r;
}

dh_response *dh_transport_poll(dh_transport *transport, int timeout_ms) {
    const dh_transport_options *o = &transport->options;
    int64_t end = dh_clock_ticks(&dh_clock_system) + timeout_ms;
    for (;;) {
        int running = 0;
        if (o->stop != NULL && o->stop(o->stop_data)) dh_transport_stop(transport);
        CURLMcode code = curl_multi_perform(transport->multi, &running);
        collect(transport);
        int64_t left = end - dh_clock_ticks(&dh_clock_system);
        bool woken = atomic_exchange(&transport->woken, false);
        if (transport->over != NULL || woken || left <= 0 || code != CURLM_OK) break;
        int wait = left < LONGEST_WAIT_MS ? (int)left : LONGEST_WAIT_MS;
        if (curl_multi_poll(transport->multi, NULL, 0, wait, NULL) != CURLM_OK) break;
    }
    return next_over(transport);
}

/* Cookies. */

dh_cookies *dh_cookies_new(void) {
    dh_cookies *cookies = calloc(1, sizeof *cookies);
    if (cookies == NULL) return NULL;
    cookies->share = curl_share_init();
    if (cookies->share != NULL &&
        curl_share_setopt(cookies->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE) == CURLSHE_OK)
        return cookies;
    curl_share_cleanup(cookies->share);
    free(cookies);
    return NULL;
}

void dh_cookies_free(dh_cookies *cookies) {
    if (cookies == NULL) return;
    curl_share_cleanup(cookies->share);
    free(cookies);
}
