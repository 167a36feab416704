/* expect: ok */
/* stdout: refused\n */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(...)                                                                                   \
    if (syscall(__VA_ARGS__) >= 0 || (errno != EPERM && errno != ENOSYS))                          \
    printf("%s: %d\n", #__VA_ARGS__, errno)
int main(void)
{
    char buf[256] = {0};
    TRY(SYS_unshare, CLONE_NEWUSER);
    TRY(SYS_unshare, CLONE_NEWNS);
    TRY(SYS_unshare, CLONE_NEWNET);
    TRY(SYS_clone, CLONE_NEWUSER | 17, 0, 0, 0, 0);
    TRY(SYS_clone, CLONE_NEWPID | 17, 0, 0, 0, 0);
    TRY(SYS_clone3, buf, 88);
    TRY(SYS_setns, 0, 0);
    TRY(SYS_mount, "none", "/tmp", "tmpfs", 0, 0);
    TRY(SYS_umount2, "/work", 0);
    TRY(SYS_pivot_root, "/work", "/work");
    TRY(SYS_chroot, "/work");
    TRY(SYS_fsopen, "tmpfs", 0);
    TRY(SYS_move_mount, 0, "", 0, "", 0);
    TRY(SYS_ptrace, 16, 1, 0, 0);
    TRY(SYS_process_vm_readv, 1, 0, 0, 0, 0, 0);
    TRY(SYS_process_vm_writev, 1, 0, 0, 0, 0, 0);
    TRY(SYS_pidfd_getfd, 0, 0, 0);
    TRY(SYS_kcmp, 1, 1, 0, 0, 0);
    TRY(SYS_bpf, 0, buf, 64);
    TRY(SYS_perf_event_open, buf, 0, -1, -1, 0);
    TRY(SYS_keyctl, 0, -3, 0);
    TRY(SYS_add_key, "user", "x", "y", 1, -3);
    TRY(SYS_request_key, "user", "x", 0, -3);
    TRY(SYS_io_uring_setup, 4, buf);
    TRY(SYS_userfaultfd, 1);
    TRY(SYS_open_by_handle_at, 0, buf, 0);
    TRY(SYS_name_to_handle_at, AT_FDCWD, "/", buf, buf, 0);
    TRY(SYS_kexec_load, 0, 0, 0, 0);
    TRY(SYS_init_module, 0, 0, "");
    TRY(SYS_finit_module, 0, "", 0);
    TRY(SYS_delete_module, "x", 0);
    TRY(SYS_reboot, 0xfee1dead, 672274793, 0, 0);
    TRY(SYS_swapon, "/x", 0);
    TRY(SYS_acct, "/work/x");
    TRY(SYS_settimeofday, buf, 0);
    TRY(SYS_clock_settime, 0, buf);
    TRY(SYS_adjtimex, buf);
    TRY(SYS_sethostname, "x", 1);
    TRY(SYS_syslog, 3, buf, 10);
    TRY(SYS_quotactl, 0, "", 0, 0);
    TRY(SYS_splice, 0, 0, 1, 0, 1, 0);
    TRY(SYS_vmsplice, 1, 0, 0, 0);
    TRY(SYS_tee, 0, 1, 1, 0);
    TRY(SYS_mknodat, AT_FDCWD, "node", 020666, 0x103);
    TRY(SYS_fanotify_init, 0, 0);
    TRY(SYS_personality, 0x0040000);
    TRY(SYS_setuid, 0);
    TRY(SYS_setresuid, 0, 0, 0);
    TRY(SYS_setgroups, 0, 0);
    TRY(SYS_iopl, 3);
    TRY(SYS_modify_ldt, 0, buf, 16);
    TRY(SYS_memfd_secret, 0);
    puts("refused");
    return 0;
}
