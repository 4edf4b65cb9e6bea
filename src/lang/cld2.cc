// SPDX-License-Identifier: Apache-2.0
// CLD2, loaded for the first text whose language is asked for: its tables are 6 MB, and with it comes the library of
// C++. The header gives the types of its functions, so that they are called as they are. libcld2_full has the full
// tables and nothing else: loaded first and for all, they stand before the small ones of libcld2.
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

#include <cld2/public/compact_lang_det.h>

extern "C" {
#include "base/late.h"
#include "lang/cld2.h"
}

namespace {

typedef CLD2::Language find_function(const char *, int, bool, CLD2::Language *, int *, int *,
                                     bool *);
typedef const char *code_function(CLD2::Language);

// Written once, under `once`.
struct {
    find_function *find;
    code_function *code_of;
} real;
bool whole;
pthread_once_t once = PTHREAD_ONCE_INIT;

// The number is the library's ABI. The names are those of the functions in the header.
const char tables_name[] = "libcld2_full.so.0", library_name[] = "libcld2.so.0";
const char *const names[] = {"_ZN4CLD224ExtDetectLanguageSummaryEPKcibPNS_8LanguageEPiS4_Pb",
                             "_ZN4CLD212LanguageCodeENS_8LanguageE"};

void load() {
    if (dlopen(tables_name, RTLD_NOW | RTLD_GLOBAL) == nullptr) return;
    whole = dh_late_load(library_name, names, sizeof names / sizeof *names, &real);
}

bool loaded() {
    return pthread_once(&once, load) == 0 && whole;
}

} // namespace

dh_status dh_cld2_load(dh_error *error) {
    if (loaded()) return DH_OK;
    return dh_error_set(error, DH_ERR_IO, "lang", 0,
                        "%s and %s cannot be loaded: languages are not told (Debian: libcld2-0)",
                        library_name, tables_name);
}

bool dh_cld2_find(const char *text, size_t len, dh_cld2_result *result) {
    result->out_of_memory = false;
    CLD2::Language languages[3];
    int percents[3], bytes = 0;
    bool reliable = false;
    if (len == 0 || len > INT32_MAX || !loaded()) return false;
    CLD2::Language language;
    try {
        language =
            real.find(text, static_cast<int>(len), true, languages, percents, &bytes, &reliable);
    } catch (...) { // std::bad_alloc: nobody above knows C++
        result->out_of_memory = true;
        return false;
    }
    if (language == CLD2::UNKNOWN_LANGUAGE || languages[0] == CLD2::UNKNOWN_LANGUAGE) return false;
    result->code = real.code_of(languages[0]);
    result->percent = percents[0];
    result->reliable = reliable;
    return true;
}
