/* SPDX-License-Identifier: Apache-2.0 */
/* deny seccomp|landlock PROGRAM ARGUMENT...: runs a program as on a kernel that has none. */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int result = filter == NULL ? -1 : 0;
    if (strcmp(argv[1], "seccomp") == 0) {
        if (result == 0)
            result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0);
        if (result == 0)
            result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
                                      SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP));
    } else if (result == 0) {
        result =
            seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0);
    }
    if (result == 0) result = seccomp_load(filter);
    if (filter != NULL) seccomp_release(filter);
    if (result != 0) {
        fprintf(stderr, "deny: %s\n", strerror(-result));
        return 77;
    }
    execv(argv[2], argv + 2);
    perror(argv[2]);
    return 2;
}
