/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/talk.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"

#define WIPE "\r\033[K"

/* Without memory: what fits, and no byte that is not plain. */
static void say_plainly(const char *name, const char *text) {
    char line[1024];
    int len = snprintf(line, sizeof line, "dehusk: %s%s%s", name != NULL ? name : "",
                       name != NULL ? ": " : "", text);
    size_t used = len < 0 ? 0 : (size_t)len < sizeof line - 1 ? (size_t)len : sizeof line - 2;
    for (size_t i = 0; i < used; i++)
        if (line[i] < ' ' || line[i] > '~') line[i] = '?';
    line[used] = '\n';
    dh_io_put(STDERR_FILENO, dh_slice_make(line, used + 1), NULL);
}

/* Errors of stderr itself have nobody to be told to. */
static void say(dh_talk *talk, const char *name, const char *format, va_list args) {
    char text[1024];
    if (talk->silent) return;
    vsnprintf(text, sizeof text, format, args);
    dh_buf line = {0};
    if (talk->bar_shown) dh_buf_puts(&line, WIPE);
    talk->bar_shown = false;
    dh_buf_puts(&line, "dehusk: ");
    if (name != NULL) {
        dh_io_put_printable(&line, dh_slice_cstr(name), true);
        dh_buf_puts(&line, ": ");
    }
    dh_io_put_printable(&line, dh_slice_cstr(text), false); /* a server's words may be in it */
    dh_buf_putc(&line, '\n');
    if (line.failed)
        say_plainly(name, text);
    else
        dh_io_put(STDERR_FILENO, dh_buf_slice(&line), NULL);
    dh_buf_release(&line);
}

void dh_talk_error(dh_talk *talk, const char *format, ...) {
    va_list args;
    va_start(args, format);
    say(talk, NULL, format, args);
    va_end(args);
}

void dh_talk_about(dh_talk *talk, const char *name, const char *format, ...) {
    va_list args;
    va_start(args, format);
    say(talk, name, format, args);
    va_end(args);
}

void dh_talk_notice(dh_talk *talk, const char *format, ...) {
    if (talk->quiet) return;
    va_list args;
    va_start(args, format);
    say(talk, NULL, format, args);
    va_end(args);
}

void dh_talk_bar(dh_talk *talk, const char *line) {
    if (line[0] == '\0' && !talk->bar_shown) return;
    dh_io_put(STDERR_FILENO, DH_SLICE(WIPE), NULL);
    dh_io_put(STDERR_FILENO, dh_slice_cstr(line), NULL);
    talk->bar_shown = line[0] != '\0';
}
