/* SPDX-License-Identifier: Apache-2.0 */
/* late: a library that is loaded when it is needed first. Binding one that brings a dozen others along costs more than
 * cleaning a small page, and most runs need none of them. It stays to the end of the process: a thread of its own may
 * be at work in it. */
#ifndef DH_BASE_LATE_H
#define DH_BASE_LATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* Loads library ("libz.so.1") and puts the addresses of functions with these names into table, an array or struct of
 * count pointers to functions. False when the library or one of them is not there. */
bool dh_late_load(const char *library, const char *const *names, size_t count, void *table);

/* In a file that calls a library so: FUNCTIONS(X) lists X(name), as the library's header declares them. Defines
 * `real`, whose members they are, and loaded(), which loads the library once, for all threads, and tells whether it
 * is there; nothing of `real` is to be called before. */
#define DH_LATE_LIBRARY(library, FUNCTIONS)                                                        \
    static struct { FUNCTIONS(DH_LATE_POINTER) } real;                                             \
    static bool late_whole;                                                                        \
    static pthread_once_t late_once = PTHREAD_ONCE_INIT;                                           \
    static void late_load(void) {                                                                  \
        static const char *const names[] = {FUNCTIONS(DH_LATE_NAME)};                              \
        late_whole = dh_late_load(library, names, sizeof names / sizeof *names, &real);            \
    }                                                                                              \
    static bool loaded(void) {                                                                     \
        return pthread_once(&late_once, late_load) == 0 && late_whole;                             \
    }
#define DH_LATE_POINTER(name) __typeof__(name) *name;
#define DH_LATE_NAME(name) #name,

#endif
