/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the transport share: transport.c runs the loop, transfer.c takes what arrives,
 * dial.c says what may be connected to. */
#ifndef DH_NET_TRANSPORT_PRIVATE_H
#define DH_NET_TRANSPORT_PRIVATE_H

#include <curl/curl.h>
#include <stdatomic.h>

#include "archive/content.h"
#include "archive/http.h"
#include "net/canon.h"
#include "net/transport.h"

/* A socket that is open, and what it is connected to in the eyes of the resolver. */
typedef struct dh_line {
    curl_socket_t socket;
    dh_address address;
} dh_line;

typedef struct dh_transfer {
    dh_transport *owner;
    struct dh_transfer *next; /* of those in flight, or of those that are over */
    CURL *easy;               /* NULL: it never came to a connection */
    dh_request request;       /* with the defaults filled in; its pointers are not used */
    dh_response *response;
    struct curl_slist *headers, *addresses;
    dh_content_decoder content;
    dh_chunked chunked;
    bool head_whole;
    bool decoding;    /* content is set up */
    bool undecodable; /* it failed; what arrives is still kept */
    bool has_cookies;
    bool blocked;   /* an address was refused */
    dh_fault fault; /* found by us, not by libcurl */
    char why[CURL_ERROR_SIZE];
} dh_transfer;

struct dh_transport {
    CURLM *multi;
    dh_transport_options options; /* with the defaults filled in */
    char *user_agent, *ca_file, *proxy;
    dh_transfer *in_flight, *over, **over_end;
    size_t active;
    dh_arena arena;  /* of the address that is read */
    dh_buf lines;    /* heap: dh_line, unordered */
    CURL *spare[16]; /* handles to use again */
    size_t spares;
    atomic_bool woken;
};

struct dh_cookies {
    CURLSH *share;
};

/* response.c: */

/* dh_canon_parse; base NULL: none. False also when memory is out. */
bool dh_hop_parse(dh_canon *out, const char *base, dh_slice text, dh_arena *arena);

/* transfer.c: */

/* The first to say what is wrong is right. Returns 0, which makes libcurl end the transfer. */
size_t dh_transfer_fail(dh_transfer *t, dh_fault fault, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Callbacks of libcurl; data: a dh_transfer. */
size_t dh_transfer_take_head(char *bytes, size_t size, size_t count, void *data);
size_t dh_transfer_take_body(char *bytes, size_t size, size_t count, void *data);
int dh_transfer_take_sent(CURL *easy, curl_infotype type, char *bytes, size_t len, void *data);
/* After the last byte: fills in fault and message. */
void dh_transfer_conclude(dh_transfer *t, CURLcode code);

/* dial.c: */

/* Sets the resolver's addresses for the request's host. False with the transfer's fault set. */
bool dh_dial_prepare(dh_transfer *t, const char *host, uint16_t port);
/* Callbacks of libcurl. data: a dh_transfer; of close: a dh_transport. */
curl_socket_t dh_dial_open(void *data, curlsocktype purpose, struct curl_sockaddr *at);
int dh_dial_close(void *data, curl_socket_t socket);
int dh_dial_before_request(void *data, char *ip, char *local_ip, int port, int local_port);

#endif
