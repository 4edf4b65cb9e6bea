/* SPDX-License-Identifier: Apache-2.0 */
/* A parser that a page can kill, for the tests of what becomes of the run: loaded before libgumbo
 * (LD_PRELOAD), it looks for an element <die-HOW> and does so; other pages go to the real one. The same for what
 * unpacks archives: bytes with <end-segv> in them end zlib. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <gumbo.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static bool has(const char *bytes, size_t len, const char *word) {
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= len; i++)
        if (memcmp(bytes + i, word, n) == 0) return true;
    return false;
}

static void use_memory(void) {
    for (size_t size = (size_t)1 << 30; size > 0;) {
        char *taken = malloc(size);
        if (taken == NULL) break;
        memset(taken, 1, 4096); /* or the compiler leaves it out */
        if (taken[4095] != 1) return;
    }
    abort();
}

static void deadlock(void) {
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
}

static void die(const char *bytes, size_t len) {
    volatile unsigned long turns = 0;
    if (has(bytes, len, "die-segv")) *(volatile char *)8 = 1;
    if (has(bytes, len, "die-abort")) {
        fprintf(stderr, "parser.c:1: an assertion failed\n");
        abort();
    }
    if (has(bytes, len, "die-exit")) _exit(7);
    if (has(bytes, len, "die-loop"))
        for (;;) turns++;
    if (has(bytes, len, "die-sleep")) deadlock();
    if (has(bytes, len, "die-memory")) use_memory();
}

typedef GumboOutput *parse(const GumboOptions *options, const char *bytes, size_t len);

__attribute__((visibility("default"))) GumboOutput *
gumbo_parse_with_options(const GumboOptions *options, const char *bytes, size_t len) {
    parse *real = NULL;
    void *at = dlsym(RTLD_NEXT, "gumbo_parse_with_options");
    memcpy(&real, &at, sizeof at);
    die(bytes, len);
    return real(options, bytes, len);
}

typedef int unpack(z_stream *stream, int flush);

__attribute__((visibility("default"))) int inflate(z_stream *stream, int flush) {
    const unsigned char *from = stream->next_out;
    unpack *real = NULL;
    void *at = dlsym(RTLD_NEXT, "inflate");
    memcpy(&real, &at, sizeof at);
    int result = real(stream, flush);
    if (has((const char *)from, (size_t)(stream->next_out - from), "end-segv")) *(volatile char *)8 = 1;
    return result;
}
