/* What the kernel counts for the cell: its cgroup's files, version 1 or 2, as the container sees
 * them. Where there are none (some runtimes), processor time is summed over /proc. */
#include "runner/agent/agent.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int cpu_fd = -1, peak_fd = -1, oom_fd = -1;
static bool cpu_is_v2;

/* The first that opens, moved above the numbers that spawn() gives to the program. */
static int open_first(const char *const *paths)
{
    for (; *paths; paths++) {
        int fd = open(*paths, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        int high = fcntl(fd, F_DUPFD_CLOEXEC, 10);
        close(fd);
        return high;
    }
    return -1;
}

void usage_init(void)
{
    static const char *const cpu_v2[] = {"/sys/fs/cgroup/cpu.stat", NULL};
    static const char *const cpu_v1[] = {"/sys/fs/cgroup/cpuacct/cpuacct.usage",
                                         "/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage", NULL};
    static const char *const peak[] = {"/sys/fs/cgroup/memory.peak",
                                       "/sys/fs/cgroup/memory/memory.max_usage_in_bytes", NULL};
    static const char *const oom[] = {"/sys/fs/cgroup/memory.events",
                                      "/sys/fs/cgroup/memory/memory.oom_control", NULL};
    cpu_fd = open_first(cpu_v2);
    cpu_is_v2 = cpu_fd >= 0;
    if (!cpu_is_v2)
        cpu_fd = open_first(cpu_v1);
    peak_fd = open_first(peak);
    oom_fd = open_first(oom);
}

static uint64_t digits(const char *s)
{
    uint64_t n = 0;
    for (; *s >= '0' && *s <= '9'; s++)
        n = n * 10 + (uint64_t)(*s - '0');
    return n;
}

/* The number in a counter file, or the one behind key at the beginning of a line. */
static uint64_t read_counter(int fd, const char *key)
{
    static char text[2048];
    ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);
    if (n <= 0)
        return 0;
    text[n] = '\0';
    if (!key)
        return digits(text);
    size_t len = strlen(key);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        if (*line == '\n')
            line++;
        if (strncmp(line, key, len) == 0 && line[len] == ' ')
            return digits(line + len + 1);
        if (*line == '\0')
            break;
    }
    return 0;
}

/* User and system time in clock ticks of one /proc/<pid>/stat. */
static uint64_t process_ticks(const char *pid)
{
    static char text[1024];
    static char path[64];
    if (strlen(pid) > 16)
        return 0;
    strcpy(path, "/proc/");
    strcat(path, pid);
    strcat(path, "/stat");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t n = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (n <= 0)
        return 0;
    text[n] = '\0';
    const char *p = strrchr(text, ')'); /* the name before it may hold anything */
    for (int field = 2; p && field < 14; field++)
        p = strchr(p + 1, ' ');
    if (!p)
        return 0;
    const char *system = strchr(p + 1, ' ');
    return digits(p + 1) + (system ? digits(system + 1) : 0);
}

static uint64_t living_us(void)
{
    static char entries[8192] __attribute__((aligned(8)));
    uint64_t ticks = 0;
    int dir = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return 0;
    for (;;) {
        long n = syscall(SYS_getdents64, dir, entries, sizeof(entries));
        if (n <= 0)
            break;
        for (long at = 0; at < n;) {
            /* struct linux_dirent64: u64 inode, i64 offset, u16 length, u8 type, name */
            uint16_t len;
            memcpy(&len, entries + at + 16, sizeof(len));
            const char *name = entries + at + 19;
            if (*name >= '0' && *name <= '9')
                ticks += process_ticks(name);
            at += len;
        }
    }
    close(dir);
    return ticks * 10000; /* USER_HZ is 100 on every architecture that we run on */
}

static uint64_t reaped_us(void)
{
    struct rusage r;
    if (getrusage(RUSAGE_CHILDREN, &r) < 0)
        return 0;
    return (uint64_t)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000000U +
           (uint64_t)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
}

uint64_t usage_cpu_us(void)
{
    uint64_t n = cpu_is_v2 ? read_counter(cpu_fd, "usage_usec") : read_counter(cpu_fd, NULL) / 1000;
    return n > 0 ? n : living_us() + reaped_us();
}

uint64_t usage_oom_kills(void)
{
    return read_counter(oom_fd, "oom_kill");
}

void usage_read(struct usage *out)
{
    *out = (struct usage){.cpu_us = usage_cpu_us(),
                          .memory_peak = read_counter(peak_fd, NULL),
                          .oom_kills = usage_oom_kills()};
}
