/* SPDX-License-Identifier: Apache-2.0 */
/* dial: which addresses a name has, and whether they may be connected to. The address is looked at
 * where the socket is made, behind all resolving, so that no spelling of it gets past; and again before each
 * request, as a connection that was allowed for one request may not be for the next. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "net/transport_private.h"

enum { MOST_ADDRESSES = 16 };

static bool may_reach(const dh_transfer *t, const dh_address *address) {
    return t->request.allow_private || t->owner->proxy != NULL || dh_address_is_public(address);
}

bool dh_dial_prepare(dh_transfer *t, const char *host, uint16_t port) {
    const dh_resolver *resolver = t->owner->options.resolver;
    dh_address all[MOST_ADDRESSES], literal;
    char text[DH_ADDRESS_SIZE];
    if (resolver == NULL || dh_address_read(dh_slice_cstr(host), &literal)) return true;
    size_t count = resolver->resolve(resolver->data, host, port, all, MOST_ADDRESSES);
    if (count == 0) {
        dh_transfer_fail(t, DH_FAULT_DNS, "%s", dh_fault_of(DH_FAULT_DNS)->text);
        return false;
    }
    dh_buf row = {0};
    dh_buf_printf(&row, "+%s:%u:", host, (unsigned)port); /* +: forgotten after a while */
    for (size_t i = 0; i < count; i++)
        dh_buf_printf(&row, all[i].family == 6 ? "%s[%s]" : "%s%s", i > 0 ? "," : "",
                      dh_address_print(&all[i], text));
    t->addresses = curl_slist_append(NULL, dh_buf_cstr(&row));
    bool good = !row.failed && t->addresses != NULL &&
                curl_easy_setopt(t->easy, CURLOPT_RESOLVE, t->addresses) == CURLE_OK;
    dh_buf_release(&row);
    if (!good) dh_transfer_fail(t, DH_FAULT_MEMORY, "out of memory");
    return good;
}

/* In the resolver's name the socket goes elsewhere. */
static void redirect(const dh_resolver *resolver, const dh_address *address,
                     struct curl_sockaddr *at) {
    dh_address real = *address;
    struct sockaddr_storage storage;
    resolver->dial(resolver->data, &real);
    socklen_t len = dh_address_to_socket(&real, &storage);
    at->family = storage.ss_family;
    at->addrlen = len;
    memcpy(&at->addr, &storage, len);
}

curl_socket_t dh_dial_open(void *data, curlsocktype purpose, struct curl_sockaddr *at) {
    dh_transfer *t = data;
    (void)purpose;
    dh_line line = {.socket = CURL_SOCKET_BAD};
    if (!dh_address_from_socket(&at->addr, &line.address) || !may_reach(t, &line.address)) {
        t->blocked = true;
        t->response->remote = line.address;
        errno = EACCES;
        return CURL_SOCKET_BAD;
    }
    const dh_resolver *resolver = t->owner->options.resolver;
    if (resolver != NULL && resolver->dial != NULL) redirect(resolver, &line.address, at);
    line.socket = socket(at->family, at->socktype, at->protocol);
    if (line.socket == CURL_SOCKET_BAD) return CURL_SOCKET_BAD;
    fcntl(line.socket, F_SETFD, FD_CLOEXEC);
    if (dh_buf_put(&t->owner->lines, &line, sizeof line)) return line.socket;
    t->owner->lines.failed = false; /* the next one may find memory */
    dh_transfer_fail(t, DH_FAULT_MEMORY, "out of memory");
    close(line.socket);
    return CURL_SOCKET_BAD;
}

static dh_line *lines_of(const dh_transport *transport, size_t *count) {
    *count = transport->lines.len / sizeof(dh_line);
    return (dh_line *)(void *)transport->lines.ptr; /* the heap's alignment */
}

int dh_dial_close(void *data, curl_socket_t socket) {
    dh_transport *transport = data;
    size_t count;
    dh_line *lines = lines_of(transport, &count);
    for (size_t i = 0; i < count; i++) {
        if (lines[i].socket != socket) continue;
        lines[i] = lines[count - 1];
        transport->lines.len -= sizeof *lines;
        break;
    }
    return close(socket);
}

/* The line that is bound to this port here: libcurl does not say which socket it is. */
static const dh_line *find_line(const dh_transport *transport, int local_port) {
    size_t count;
    const dh_line *lines = lines_of(transport, &count);
    for (size_t i = 0; i < count; i++) {
        struct sockaddr_storage bound;
        socklen_t len = sizeof bound;
        dh_address local;
        if (getsockname(lines[i].socket, (struct sockaddr *)&bound, &len) == 0 &&
            dh_address_from_socket((struct sockaddr *)&bound, &local) && local.port == local_port)
            return &lines[i];
    }
    return NULL;
}

int dh_dial_before_request(void *data, char *ip, char *local_ip, int port, int local_port) {
    dh_transfer *t = data;
    dh_response *r = t->response;
    (void)local_ip;
    const dh_resolver *resolver = t->owner->options.resolver;
    const dh_line *line =
        resolver != NULL && resolver->dial != NULL ? find_line(t->owner, local_port) : NULL;
    if (line != NULL) {
        r->remote = line->address;
    } else {
        dh_address_read(dh_slice_cstr(ip), &r->remote);
        r->remote.port = (uint16_t)port;
    }
    r->is_public = dh_address_is_public(&r->remote);
    if (may_reach(t, &r->remote)) return CURL_PREREQFUNC_OK;
    t->blocked = true;
    return CURL_PREREQFUNC_ABORT;
}
