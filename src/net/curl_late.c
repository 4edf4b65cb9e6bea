/* SPDX-License-Identifier: Apache-2.0 */
/* curl_late: libcurl brings some twenty libraries along, and most runs fetch nothing: it is loaded when the
 * first page is asked for. So nothing is linked against it: the functions of libcurl that we call are defined
 * here under their own names and types (curl.h declares them, and checks the arguments of their callers), and
 * hand on to the library. Without the library curl_global_init fails, no handle comes to be, and the functions
 * that take a handle are not called. */
#define CURL_DISABLE_TYPECHECK /* the names are defined here, not called */
#include <curl/curl.h>
#include <stdarg.h>

#include "base/late.h"

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt
#undef curl_share_setopt

/* The number is libcurl's ABI, the same since 2006. */
static const char library_name[] = "libcurl.so.4";

#define FUNCTIONS(X)                                                                               \
    X(curl_easy_cleanup)                                                                           \
    X(curl_easy_getinfo)                                                                           \
    X(curl_easy_init)                                                                              \
    X(curl_easy_reset)                                                                             \
    X(curl_easy_setopt)                                                                            \
    X(curl_easy_strerror)                                                                          \
    X(curl_getdate)                                                                                \
    X(curl_global_cleanup)                                                                         \
    X(curl_global_init)                                                                            \
    X(curl_multi_add_handle)                                                                       \
    X(curl_multi_cleanup)                                                                          \
    X(curl_multi_info_read)                                                                        \
    X(curl_multi_init)                                                                             \
    X(curl_multi_perform)                                                                          \
    X(curl_multi_poll)                                                                             \
    X(curl_multi_remove_handle)                                                                    \
    X(curl_multi_setopt)                                                                           \
    X(curl_multi_wakeup)                                                                           \
    X(curl_share_cleanup)                                                                          \
    X(curl_share_init)                                                                             \
    X(curl_share_setopt)                                                                           \
    X(curl_slist_append)                                                                           \
    X(curl_slist_free_all)

DH_LATE_LIBRARY(library_name, FUNCTIONS)

/* What can be called first. */

CURLcode curl_global_init(long flags) {
    return loaded() ? real.curl_global_init(flags) : CURLE_FAILED_INIT;
}
CURLSH *curl_share_init(void) {
    return loaded() ? real.curl_share_init() : NULL;
}
time_t curl_getdate(const char *text, const time_t *unused) {
    return loaded() ? real.curl_getdate(text, unused) : -1;
}
CURL *curl_easy_init(void) {
    return loaded() ? real.curl_easy_init() : NULL;
}
struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text) {
    return loaded() ? real.curl_slist_append(list, text) : NULL;
}
void curl_slist_free_all(struct curl_slist *list) {
    if (loaded()) real.curl_slist_free_all(list);
}
CURLSHcode curl_share_cleanup(CURLSH *share) {
    return loaded() ? real.curl_share_cleanup(share) : CURLSHE_INVALID;
}
const char *curl_easy_strerror(CURLcode code) {
    return loaded() ? real.curl_easy_strerror(code) : "libcurl is missing";
}

/* What needs curl_global_init or a handle first. */

void curl_global_cleanup(void) {
    real.curl_global_cleanup();
}
void curl_easy_cleanup(CURL *easy) {
    if (easy != NULL) real.curl_easy_cleanup(easy);
}
void curl_easy_reset(CURL *easy) {
    real.curl_easy_reset(easy);
}
CURLM *curl_multi_init(void) {
    return real.curl_multi_init();
}
CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy) {
    return real.curl_multi_add_handle(multi, easy);
}
CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy) {
    return real.curl_multi_remove_handle(multi, easy);
}
CURLMcode curl_multi_cleanup(CURLM *multi) {
    return real.curl_multi_cleanup(multi);
}
CURLMsg *curl_multi_info_read(CURLM *multi, int *left) {
    return real.curl_multi_info_read(multi, left);
}
CURLMcode curl_multi_perform(CURLM *multi, int *running) {
    return real.curl_multi_perform(multi, running);
}
CURLMcode curl_multi_poll(CURLM *multi, struct curl_waitfd extra[], unsigned count, int ms,
                          int *ready) {
    return real.curl_multi_poll(multi, extra, count, ms, ready);
}
CURLMcode curl_multi_wakeup(CURLM *multi) {
    return real.curl_multi_wakeup(multi);
}

/* One argument, of the type that the option's number says (curl.h: CURLOPTTYPE_). */
#define HAND_ON(function, handle, option)                                                          \
    switch ((int)(option) / 10000 * 10000) {                                                       \
    case CURLOPTTYPE_LONG:                                                                         \
        result = function(handle, option, va_arg(arguments, long));                                \
        break;                                                                                     \
    case CURLOPTTYPE_OFF_T:                                                                        \
        result = function(handle, option, va_arg(arguments, curl_off_t));                          \
        break;                                                                                     \
    case CURLOPTTYPE_FUNCTIONPOINT:                                                                \
        result = function(handle, option, va_arg(arguments, void (*)(void)));                      \
        break;                                                                                     \
    default: /* pointers to objects, and blobs */                                                  \
        result = function(handle, option, va_arg(arguments, void *));                              \
    }

CURLcode curl_easy_setopt(CURL *easy, CURLoption option, ...) {
    CURLcode result;
    va_list arguments;
    va_start(arguments, option);
    HAND_ON(real.curl_easy_setopt, easy, option)
    va_end(arguments);
    return result;
}

CURLMcode curl_multi_setopt(CURLM *multi, CURLMoption option, ...) {
    CURLMcode result;
    va_list arguments;
    va_start(arguments, option);
    HAND_ON(real.curl_multi_setopt, multi, option)
    va_end(arguments);
    return result;
}

CURLcode curl_easy_getinfo(CURL *easy, CURLINFO info, ...) {
    va_list arguments;
    va_start(arguments, info);
    CURLcode result = real.curl_easy_getinfo(easy, info, va_arg(arguments, void *));
    va_end(arguments);
    return result;
}

/* Only what is shared is said this way, a number; no locks are set: a share stays in its thread. */
CURLSHcode curl_share_setopt(CURLSH *share, CURLSHoption option, ...) {
    if (option != CURLSHOPT_SHARE && option != CURLSHOPT_UNSHARE) return CURLSHE_BAD_OPTION;
    va_list arguments;
    va_start(arguments, option);
    CURLSHcode result = real.curl_share_setopt(share, option, va_arg(arguments, int));
    va_end(arguments);
    return result;
}
