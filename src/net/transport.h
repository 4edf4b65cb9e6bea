/* SPDX-License-Identifier: Apache-2.0 */
/* transport: HTTP requests, many at a time, by one libcurl multi handle. One request is one hop: a
 * redirect is a response like any other. What may be connected to, how much may come and how it
 * decodes is decided here and not by libcurl, which in Debian 12 takes truncated gzip for complete and knows
 * no ceiling for decoded bytes.
 *
 *     dh_transport_start(t, &request, &error);
 *     while (dh_transport_active(t) > 0)
 *         if ((response = dh_transport_poll(t, 1000)) != NULL) { ...; dh_response_free(response); }
 *
 * No proxy, netrc or cookie is taken from the environment unless asked for. A connection is made to public
 * addresses only unless the request allows others: looked at when a socket is opened, after the name was
 * resolved, and again before each request on a connection that stands already.
 * One thread. How many requests go to a host at a time, and how often, is the caller's to decide. */
#ifndef DH_NET_TRANSPORT_H
#define DH_NET_TRANSPORT_H

#include "base/clock.h"
#include "net/response.h"

typedef struct dh_transport dh_transport;
typedef struct dh_cookies dh_cookies;

/* The one seam for names. Both functions are called on the transport's thread. */
typedef struct dh_resolver {
    /* Addresses of host (not asked for what is an address already) into out[0..max), their port left at 0;
     * how many. 0: the name is not known. */
    size_t (*resolve)(void *data, const char *host, uint16_t port, dh_address *out, size_t max);
    /* May be NULL. Tests: where a connection to *address (which has passed the check, or had not to) is made
     * in its stead. */
    void (*dial)(void *data, dh_address *address);
    void *data;
} dh_resolver;

typedef struct dh_transport_options {
    const dh_resolver *resolver; /* NULL: the system's; must outlive the transport */
    const dh_clock *clock;       /* NULL: the system's; gives begun_ms. Limits run by real time */
    bool (*stop)(void *data);    /* asked some times a second in dh_transport_poll; true ends all. May be NULL */
    void *stop_data;
    const char *user_agent; /* NULL: "dehusk" */
    const char *ca_file;    /* PEM file of authorities, in place of the system's; NULL */
    /* URL; "env": that of the environment; NULL or "none": none. Through a proxy, which asks for names itself,
     * addresses are not checked. */
    const char *proxy;
    bool http1;             /* no HTTP/2 */
    unsigned max_idle;      /* connections kept open; 0: 128 */
} dh_transport_options;

/* Zero is a default everywhere. */
typedef struct dh_request {
    const char *url;
    const char *const *headers; /* "Name: value", more than or in place of those sent by default */
    size_t header_count;
    bool allow_private;    /* addresses that are not public */
    uint64_t max_body;     /* decoded bytes; 20 MiB */
    uint64_t max_wire;     /* received bytes of the body; as max_body */
    uint32_t max_ratio;    /* decoded to received, above 1 MiB; 100 */
    uint32_t max_head;     /* bytes of the answer's head; 128 KiB */
    uint32_t timeout_ms;   /* from its start to its end; 30,000 */
    uint32_t connect_timeout_ms; /* names included; 10,000 */
    uint32_t min_rate;     /* bytes a second; below that for min_rate_seconds: dropped. 64 */
    uint32_t min_rate_seconds; /* 20 */
    dh_cookies *cookies;   /* kept and sent; NULL: none */
    /* Asked once the head is there; false: the body is not wanted (DH_FAULT_UNWANTED). May be NULL. */
    bool (*accept)(void *data, const dh_response *response);
    void *data; /* for accept, and handed on in the response */
} dh_request;

/* options may be NULL. DH_ERR_MEMORY, DH_ERR_NET. */
dh_status dh_transport_new(const dh_transport_options *options, dh_transport **out,
                           dh_error *error);
/* What is in flight is dropped. */
void dh_transport_free(dh_transport *transport);
/* Copies what it needs (but for cookies). What is wrong with the address itself comes as a response, too.
 * DH_ERR_MEMORY, DH_ERR_USAGE for a header with a line break. */
dh_status dh_transport_start(dh_transport *transport, const dh_request *request, dh_error *error);
/* The next response that is over, in the order in which they end; waits at most timeout_ms for it, also
 * when nothing is in flight. NULL: none yet. The caller frees it. */
dh_response *dh_transport_poll(dh_transport *transport, int timeout_ms);
/* Requests whose response has not been handed out yet. */
size_t dh_transport_active(const dh_transport *transport);
/* Ends all that is in flight; their responses (DH_FAULT_STOPPED) come by dh_transport_poll. */
void dh_transport_stop(dh_transport *transport);
/* Ends the wait of dh_transport_poll; may be called by any thread. */
void dh_transport_wake(dh_transport *transport);

/* A jar in memory, for requests that belong together. One transport; freed after its requests are over.
 * NULL when memory is out. */
dh_cookies *dh_cookies_new(void);
void dh_cookies_free(dh_cookies *cookies);

#endif
