/* SPDX-License-Identifier: Apache-2.0 */
/* HTTPS, against `openssl s_server` with a certificate of the test's own. */
#define _DEFAULT_SOURCE /* mkdtemp */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/transport.h"

static char folder[64], ca[128];
static unsigned port;
static pid_t server;

static void shell(const char *command) {
    if (system(command) != 0) fail_msg("%s", command);
}

/* Its first words on stdout are the port. */
static void start_server(void) {
    int ends[2];
    char line[256];
    assert_int_equal(pipe(ends), 0);
    server = fork();
    if (server == 0) {
        dup2(ends[1], STDOUT_FILENO);
        if (freopen("log", "w", stderr) == NULL) _exit(127);
        close(ends[0]);
        close(ends[1]);
        execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", "cert.pem",
               "-key", "key.pem", "-WWW", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *out = fdopen(ends[0], "r");
    while (port == 0 && fgets(line, sizeof line, out) != NULL)
        if (sscanf(line, "ACCEPT 127.0.0.1:%u", &port) != 1) port = 0;
    fclose(out);
    assert_int_not_equal(port, 0);
}

static int set_up(void **state) {
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    snprintf(folder, sizeof folder, "/tmp/dehusk-tls-XXXXXX");
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
    snprintf(ca, sizeof ca, "%s/cert.pem", folder);
    shell("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem "
          "-out cert.pem -days 2 -subj /CN=harbour.test -addext subjectAltName=DNS:harbour.test "
          "2>log && printf '<p>A page.</p>' >page.html");
    start_server();
    return 0;
}

static int tear_down(void **state) {
    char command[128];
    (void)state;
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static size_t resolve(void *data, const char *host, uint16_t number, dh_address *out, size_t max) {
    (void)data, (void)host, (void)number, (void)max;
    return dh_address_read(DH_SLICE("93.184.216.34"), out);
}

static void dial(void *data, dh_address *address) {
    (void)data;
    dh_address_read(DH_SLICE("127.0.0.1"), address);
    address->port = (uint16_t)port;
}

static dh_response *get(const char *url, const char *ca_file) {
    static const dh_resolver resolver = {resolve, dial, NULL};
    dh_transport *t;
    dh_transport_options options = {.resolver = &resolver, .ca_file = ca_file};
    dh_response *r = NULL;
    assert_int_equal(dh_transport_new(&options, &t, NULL), DH_OK);
    assert_int_equal(dh_transport_start(t, &(dh_request){.url = url}, NULL), DH_OK);
    while (r == NULL) r = dh_transport_poll(t, 1000);
    dh_transport_free(t);
    return r;
}

static void certificates_must_hold(void **state) {
    (void)state;
    static const struct {
        const char *url;
        bool with_ca;
        dh_fault fault;
    } rows[] = {
        {"https://harbour.test/page.html", true, DH_FAULT_NONE},
        {"https://harbour.test:8443/page.html", true, DH_FAULT_NONE},
        {"https://other.test/page.html", true, DH_FAULT_TLS},
        {"https://harbour.test/page.html", false, DH_FAULT_TLS},
        {"http://harbour.test/page.html", true, DH_FAULT_COUNT}, /* no HTTP there: some fault */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_response *r = get(rows[i].url, rows[i].with_ca ? ca : NULL);
        bool good =
            rows[i].fault == DH_FAULT_COUNT ? r->fault != DH_FAULT_NONE : r->fault == rows[i].fault;
        if (!good) fail_msg("%s: %s", rows[i].url, r->message);
        if (r->fault == DH_FAULT_NONE) assert_memory_equal(r->body.ptr, "<p>A page.</p>", 14);
        if (r->fault == DH_FAULT_TLS) assert_int_equal(r->request.len, 0);
        dh_response_free(r);
    }
    dh_response *r = get("https://harbour.test/page.html", "/none.pem");
    assert_int_equal(r->fault, DH_FAULT_TLS);
    dh_response_free(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_must_hold),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
