/* Processor time and memory of the server's processes, from /proc. */
#include "load.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

void pids_parse(struct pids *p, const char *list)
{
    char *end;

    for (const char *at = list; *at; at = *end ? end + 1 : end) {
        long pid = strtol(at, &end, 10);

        if (pid <= 1 || (*end && *end != ',') || p->count == PIDS_MAX)
            die("--pid %s: not a list of processes", list);
        p->pid[p->count++] = (pid_t)pid;
    }
}

static double thread_cpu_ns(pid_t pid, const char *thread)
{
    char path[96];
    unsigned long long ns = 0;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", (int)pid, thread);
    f = fopen(path, "re");
    if (!f)
        return 0; /* it ended just now */
    if (fscanf(f, "%llu", &ns) != 1)
        ns = 0;
    fclose(f);
    return (double)ns;
}

static double process_cpu_ns(pid_t pid)
{
    char path[64];
    double sum = 0;
    struct dirent *e;
    DIR *dir;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    dir = opendir(path);
    if (!dir)
        die("the server's process %d is gone", (int)pid);
    while ((e = readdir(dir)) != NULL)
        if (e->d_name[0] != '.')
            sum += thread_cpu_ns(pid, e->d_name);
    closedir(dir);
    return sum;
}

double pids_cpu_us(const struct pids *p)
{
    double ns = 0;

    for (size_t i = 0; i < p->count; i++)
        ns += process_cpu_ns(p->pid[i]);
    return ns / 1000;
}

static double field_kb(pid_t pid, const char *file, const char *key)
{
    char path[64], line[256];
    double kb = -1;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, key, strlen(key)) == 0)
            kb = strtod(line + strlen(key), NULL);
    if (f)
        fclose(f);
    if (kb < 0)
        die("the server's process %d is gone", (int)pid);
    return kb;
}

double pids_rss_kb(const struct pids *p)
{
    double kb = 0;

    for (size_t i = 0; i < p->count; i++)
        kb += field_kb(p->pid[i], "smaps_rollup", "Rss:"); /* status lags by some pages */
    return kb;
}

double pids_rss_now_kb(const struct pids *p)
{
    double kb = 0;

    for (size_t i = 0; i < p->count; i++)
        kb += field_kb(p->pid[i], "status", "VmRSS:");
    return kb;
}

double pids_peak_kb(const struct pids *p)
{
    double kb = 0;

    for (size_t i = 0; i < p->count; i++)
        kb += field_kb(p->pid[i], "status", "VmHWM:");
    return kb;
}

void pids_peak_reset(const struct pids *p)
{
    for (size_t i = 0; i < p->count; i++) {
        char path[64];
        FILE *f;

        snprintf(path, sizeof path, "/proc/%d/clear_refs", (int)p->pid[i]);
        f = fopen(path, "we");
        if (!f || fputs("5", f) < 0 || fclose(f) != 0)
            die("cannot reset the peak of process %d", (int)p->pid[i]);
    }
}

void pids_collect(const struct pids *p)
{
    for (size_t i = 0; i < p->count; i++)
        kill(p->pid[i], SIGUSR2);
    usleep(1000 * 1000);
}

double self_cpu_us(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}
