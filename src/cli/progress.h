/* SPDX-License-Identifier: Apache-2.0 */
/* progress: what a run has done so far: a bar on stderr while it goes, a line when it is over. */
#ifndef DH_CLI_PROGRESS_H
#define DH_CLI_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#include "cli/talk.h"

typedef struct dh_progress {
    bool shown;                       /* stderr is a terminal and nothing else is written to it */
    bool logged;                      /* a line a minute instead */
    uint64_t total;                   /* pages to do, 0: not known */
    uint64_t total_bytes, done_bytes; /* of the inputs; 0: not known */
    uint64_t pages, failed, kept_files, empty, limited;
    uint64_t text_chars, kept_chars;
    uint64_t begun_ms, drawn_ms;
} dh_progress;

void dh_progress_begin(dh_progress *progress, bool shown);
/* Draws the bar, or says the line, when it is time to. */
void dh_progress_draw(dh_progress *progress, dh_talk *talk);
/* Wipes the bar. */
void dh_progress_end(dh_progress *progress, dh_talk *talk);
/* "120 pages, 3 failed, ..., 41 % of the text kept, 2.3 s, 52 pages/s"; out is 256 bytes. */
void dh_progress_summary(const dh_progress *progress, char *out, size_t size);

#endif
