/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

enum { REDRAW_MS = 100, LOG_MS = 60000, BAR = 20 };

static uint64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void dh_progress_begin(dh_progress *progress, bool shown) {
    *progress = (dh_progress){.shown = shown, .begun_ms = now_ms()};
}

static uint64_t percent(uint64_t part, uint64_t whole) {
    return whole == 0 ? 0 : (uint64_t)((double)part * 100 / (double)whole + 0.5);
}

static double rate(const dh_progress *p, uint64_t now) {
    uint64_t passed = now - p->begun_ms;
    return passed == 0 ? 0 : (double)p->pages * 1000 / (double)passed;
}

/* Share done, 0..1; negative when there is no telling. */
static double share_done(const dh_progress *p) {
    double share = -1;
    if (p->total_bytes > 0)
        share = (double)p->done_bytes / (double)p->total_bytes;
    else if (p->total > 0)
        share = (double)(p->pages + p->failed + p->kept_files) / (double)p->total;
    return share > 1 ? 1 : share;
}

static void put_bar(dh_buf *out, double share) {
    int full = (int)(share * BAR);
    dh_buf_putc(out, '[');
    for (int i = 0; i < BAR; i++) dh_buf_putc(out, i < full ? '#' : '.');
    dh_buf_printf(out, "] %3d %% ", (int)(share * 100));
}

static void put_time(dh_buf *out, double seconds) {
    unsigned long s = seconds > 359999 ? 359999 : (unsigned long)(seconds + 0.5);
    if (s >= 3600)
        dh_buf_printf(out, "%lu:%02lu:%02lu left", s / 3600, s / 60 % 60, s % 60);
    else
        dh_buf_printf(out, "%lu:%02lu left", s / 60, s % 60);
}

static size_t columns(void) {
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

void dh_progress_draw(dh_progress *progress, dh_talk *talk) {
    bool logged = progress->logged && !progress->shown;
    if (!progress->shown && !logged) return;
    uint64_t now = now_ms(), since = progress->drawn_ms;
    if (logged && since == 0) since = progress->begun_ms;
    if (now - since < (logged ? LOG_MS : REDRAW_MS)) return;
    progress->drawn_ms = now;
    dh_buf line = {0};
    double share = share_done(progress), passed = (double)(now - progress->begun_ms) / 1000;
    if (share >= 0) put_bar(&line, share);
    dh_buf_printf(&line, "%llu pages, %.0f/s", (unsigned long long)progress->pages,
                  rate(progress, now));
    dh_buf_printf(&line, ", %llu %% of text kept",
                  (unsigned long long)percent(progress->kept_chars, progress->text_chars));
    if (progress->failed > 0)
        dh_buf_printf(&line, ", %llu failed", (unsigned long long)progress->failed);
    if (share > 0.005 && passed > 1) {
        dh_buf_puts(&line, ", ");
        put_time(&line, passed * (1 - share) / share);
    }
    size_t room = columns() - 1; /* a full last column would wrap */
    if (logged) {
        dh_talk_notice(talk, "%s", dh_buf_cstr(&line));
    } else {
        if (line.len > room) line.len = room;
        dh_talk_bar(talk, dh_buf_cstr(&line));
    }
    dh_buf_release(&line);
}

void dh_progress_end(dh_progress *progress, dh_talk *talk) {
    if (progress->shown) dh_talk_bar(talk, "");
}

static void put_count(dh_buf *out, uint64_t count, const char *what) {
    if (count > 0) dh_buf_printf(out, ", %llu %s", (unsigned long long)count, what);
}

void dh_progress_summary(const dh_progress *p, char *out, size_t size) {
    dh_buf line = {0};
    uint64_t now = now_ms();
    dh_buf_printf(&line, "%llu page%s cleaned", (unsigned long long)p->pages,
                  p->pages == 1 ? "" : "s");
    put_count(&line, p->failed, "failed");
    put_count(&line, p->empty, "without text");
    put_count(&line, p->limited, "cut by a limit");
    if (p->text_chars > 0)
        dh_buf_printf(&line, ", %llu %% of the text kept",
                      (unsigned long long)percent(p->kept_chars, p->text_chars));
    dh_buf_printf(&line, ", %.1f s", (double)(now - p->begun_ms) / 1000);
    if (p->pages > 1) dh_buf_printf(&line, ", %.0f pages/s", rate(p, now));
    snprintf(out, size, "%s", dh_buf_cstr(&line));
    dh_buf_release(&line);
}
