/* SPDX-License-Identifier: Apache-2.0 */
/* tls: the test web's connections that begin with a TLS handshake, on the port of those that do not. By
 * OpenSSL's own calls; nothing of dehusk. */
#ifndef TESTS_WEB_TLS_H
#define TESTS_WEB_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_st SSL;

/* Certificate and key of one PEM file; NULL (told) when it cannot be used. */
SSL_CTX *tls_load(const char *pem);
void tls_unload(SSL_CTX *context);
/* fd is open and has something to read. *ssl is set when it is a handshake; false: the peer is gone. */
bool tls_look(SSL_CTX *context, int fd, SSL **ssl);
/* As read and send: -1 with errno EAGAIN when there is nothing to be had yet. */
ssize_t tls_read(SSL *ssl, void *bytes, size_t len);
ssize_t tls_send(SSL *ssl, const void *bytes, size_t len);
/* NULL is fine. */
void tls_end(SSL *ssl);

#endif
