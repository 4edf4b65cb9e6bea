/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for the program in scripts/memcheck: runs MEMCHECK_PROGRAM under valgrind with the same arguments. A
 * program, not a script, as some tests feed it to itself for want of another that is no page. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
    const char *program = getenv("MEMCHECK_PROGRAM"), *logs = getenv("MEMCHECK_LOGS");
    const char *known = getenv("MEMCHECK_KNOWN");
    char log[4096], suppressions[4096];
    if (program == NULL || logs == NULL || known == NULL) return 125;
    snprintf(log, sizeof log, "--log-file=%s/%%p.log", logs);
    snprintf(suppressions, sizeof suppressions, "--suppressions=%s", known);
    const char *const before[] = {"valgrind", "-q", "--leak-check=full", "--show-leak-kinds=definite",
                                  "--errors-for-leak-kinds=definite", "--num-callers=20", log,
                                  suppressions, program};
    const size_t count = sizeof before / sizeof *before;
    const char **all = calloc(count + (size_t)argc + 1, sizeof *all);
    if (all == NULL) return 125;
    for (size_t i = 0; i < count; i++) all[i] = before[i];
    for (int i = 1; i < argc; i++) all[count + (size_t)i - 1] = argv[i];
    execvp("valgrind", (char *const *)all);
    perror("valgrind");
    return 125;
}
