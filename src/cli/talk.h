/* SPDX-License-Identifier: Apache-2.0 */
/* talk: what is said on stderr, a whole line a write; begins as zeros. A progress bar that stands there is wiped
 * before a line and drawn again by its owner. One thread. */
#ifndef DH_CLI_TALK_H
#define DH_CLI_TALK_H

#include <stdbool.h>

typedef struct dh_talk {
    bool quiet; /* notices are not said; errors are */
    int verbose;
    bool silent; /* nothing is said: of what was told of before */
    bool bar_shown; /* a progress bar stands on the line */
} dh_talk;

/* "dehusk: " and the text. */
void dh_talk_error(dh_talk *talk, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "dehusk: NAME: " and the text; the name is escaped where it cannot be printed. */
void dh_talk_about(dh_talk *talk, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* As dh_talk_error, but not when quiet. */
void dh_talk_notice(dh_talk *talk, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Shows line as the progress bar in place of the last one; "" wipes it. */
void dh_talk_bar(dh_talk *talk, const char *line);

#endif
