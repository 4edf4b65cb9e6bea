/* SPDX-License-Identifier: Apache-2.0 */
#include "tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <sys/socket.h>

enum { HANDSHAKE = 0x16 }; /* first byte of a TLS record (RFC 8446, 5.1) */

SSL_CTX *tls_load(const char *pem) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context != NULL && SSL_CTX_use_certificate_chain_file(context, pem) == 1 &&
        SSL_CTX_use_PrivateKey_file(context, pem, SSL_FILETYPE_PEM) == 1) {
        SSL_CTX_set_mode(context,
                         SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        return context;
    }
    ERR_print_errors_fp(stderr);
    SSL_CTX_free(context);
    return NULL;
}

void tls_unload(SSL_CTX *context) {
    SSL_CTX_free(context);
}

bool tls_look(SSL_CTX *context, int fd, SSL **ssl) {
    unsigned char first;
    ssize_t n = recv(fd, &first, 1, MSG_PEEK);
    if (n < 0) return errno == EAGAIN;
    if (n == 0) return false;
    if (context == NULL || first != HANDSHAKE) return true;
    *ssl = SSL_new(context);
    if (*ssl == NULL || SSL_set_fd(*ssl, fd) != 1) return false;
    SSL_set_accept_state(*ssl);
    return true;
}

/* What read and send would have said. */
static ssize_t result_of(SSL *ssl, int n) {
    if (n > 0) return n;
    int why = SSL_get_error(ssl, n);
    ERR_clear_error();
    if (why == SSL_ERROR_ZERO_RETURN) return 0;
    errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : EPROTO;
    return -1;
}

ssize_t tls_read(SSL *ssl, void *bytes, size_t len) {
    return result_of(ssl, SSL_read(ssl, bytes, (int)len));
}

ssize_t tls_send(SSL *ssl, const void *bytes, size_t len) {
    return result_of(ssl, SSL_write(ssl, bytes, (int)len));
}

void tls_end(SSL *ssl) {
    SSL_free(ssl);
}
