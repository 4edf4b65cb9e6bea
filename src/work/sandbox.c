/* SPDX-License-Identifier: Apache-2.0 */
/* The filter of system calls lets by what a worker needs, answers EPERM to whatever a library may try and
 * can do without, and kills for what only code that was taken over would ask for. */
#define _GNU_SOURCE /* syscall, RLIMIT_NPROC, its strerror_r */
#include "work/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What a worker that computes needs: memory, its channel and what else is open, clocks, locks, an end. */
static const int allowed[] = {SCMP_SYS(read),
                              SCMP_SYS(write),
                              SCMP_SYS(lseek),
                              SCMP_SYS(brk),
                              SCMP_SYS(munmap),
                              SCMP_SYS(mremap),
                              SCMP_SYS(madvise),
                              SCMP_SYS(futex),
                              SCMP_SYS(exit),
                              SCMP_SYS(exit_group),
                              SCMP_SYS(rt_sigreturn),
                              SCMP_SYS(rt_sigaction),
                              SCMP_SYS(rt_sigprocmask),
                              SCMP_SYS(sigaltstack),
                              SCMP_SYS(getpid),
                              SCMP_SYS(gettid),
                              SCMP_SYS(clock_gettime),
                              SCMP_SYS(gettimeofday),
                              SCMP_SYS(time),
                              SCMP_SYS(getrandom),
                              SCMP_SYS(sched_yield),
                              SCMP_SYS(sysinfo), /* qsort asks for the memory */
                              SCMP_SYS(restart_syscall)};

static const int deadly[] = {SCMP_SYS(execve),
                             SCMP_SYS(execveat),
                             SCMP_SYS(fork),
                             SCMP_SYS(vfork),
                             SCMP_SYS(clone),
                             SCMP_SYS(clone3),
                             SCMP_SYS(socket),
                             SCMP_SYS(connect),
                             SCMP_SYS(bind),
                             SCMP_SYS(listen),
                             SCMP_SYS(ptrace),
                             SCMP_SYS(process_vm_readv),
                             SCMP_SYS(process_vm_writev),
                             SCMP_SYS(kill),
                             SCMP_SYS(tkill),
                             SCMP_SYS(pidfd_open)};

/* A system call this machine does not have is no mistake: -EDOM, -EFAULT of libseccomp. */
static int add_all(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count) {
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++) {
        result = seccomp_rule_add(filter, action, calls[i], 0);
        if (calls[i] < 0 && (result == -EDOM || result == -EFAULT)) result = 0;
    }
    return result;
}

/* Memory that is not to be run as code; a signal to oneself, which abort() is made of. */
static int add_some(scmp_filter_ctx filter) {
    int result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                                  SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    return result;
}

static dh_status close_calls(dh_error *error) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int result = filter != NULL ? 0 : -ENOMEM;
    if (result == 0)
        result = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (result == 0)
        result = add_all(filter, SCMP_ACT_ALLOW, allowed, sizeof allowed / sizeof *allowed);
    if (result == 0)
        result = add_all(filter, SCMP_ACT_KILL_PROCESS, deadly, sizeof deadly / sizeof *deadly);
    if (result == 0) result = add_some(filter);
    if (result == 0) result = seccomp_load(filter);
    if (filter != NULL) seccomp_release(filter);
    if (result == 0) return DH_OK;
    char text[128];
    return dh_error_set(error, DH_ERR_IO, "sandbox", 0, "seccomp: %s",
                        strerror_r(-result, text, sizeof text));
}

/* No file by any way that the kernel at hand knows. Where there is no Landlock the filter alone holds. */
static void close_files(void) {
    long version =
        syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return;
    unsigned rights = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;
    struct landlock_ruleset_attr all = {.handled_access_fs = (UINT64_C(1) << rights) - 1};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (rules < 0) return;
    syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
}

/* Bytes of address space in use; 0 when it cannot be known. */
static uint64_t address_space(void) {
    char text[64] = "";
    unsigned long long pages = 0;
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n < 0 || sscanf(text, "%llu", &pages) != 1) return 0;
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* When the machine's memory is out, the kernel shall end a worker and not the run. */
static void stand_in_front(void) {
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    ssize_t n = write(fd, "500", 3);
    (void)n;
    close(fd);
}

static void set_ceiling(int what, uint64_t value) {
    struct rlimit now;
    if (getrlimit(what, &now) != 0 || now.rlim_cur <= value) return;
    now.rlim_cur = (rlim_t)value;
    if (now.rlim_max > value) now.rlim_max = (rlim_t)value;
    setrlimit(what, &now);
}

dh_status dh_sandbox_close(uint64_t memory, dh_error *error) {
    stand_in_front();
    uint64_t has = memory != 0 ? address_space() : 0;
    if (has != 0 && memory < UINT64_MAX - has) set_ceiling(RLIMIT_AS, has + memory);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return dh_error_set(error, DH_ERR_IO, "sandbox", 0, "no_new_privs is refused");
    close_files();
    set_ceiling(RLIMIT_CORE, 0);
    set_ceiling(RLIMIT_FSIZE, 0);
    set_ceiling(RLIMIT_NPROC, 0);
    set_ceiling(RLIMIT_NOFILE, 0);
    return close_calls(error);
}
