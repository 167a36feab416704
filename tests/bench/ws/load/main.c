/* The load client: `load fan|join|put OPTIONS`. See ../README.md. */
#include "load.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

void die(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fprintf(stderr, "load: ");
    vfprintf(stderr, fmt, ap);
    fprintf(stderr, "\n");
    va_end(ap);
    exit(1);
}

void *must(void *p)
{
    if (!p)
        die("out of memory");
    return p;
}

int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct bytes read_file(const char *path)
{
    struct bytes b = {0};
    char chunk[65536];
    size_t n;
    FILE *f = fopen(path, "re");

    if (!f)
        die("%s: %s", path, strerror(errno));
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        bytes_add(&b, chunk, n);
    fclose(f);
    return b;
}

/* One document a line: the address, a tabulator, the document's name. */
static void read_paths(struct load_options *o, const char *path)
{
    struct bytes text = read_file(path);
    char *at, *line;

    bytes_add(&text, "", 1);
    for (at = (char *)text.data; (line = strsep(&at, "\n")) != NULL;) {
        char *tab = strchr(line, '\t');

        if (!tab)
            continue;
        *tab = '\0';
        o->paths = must(realloc(o->paths, (o->path_count + 1) * sizeof *o->paths));
        o->paths[o->path_count++] = line;
    }
    if (o->path_count == 0)
        die("%s names no document", path);
}

static const struct option options[] = {
    {"connect", 1, NULL, 'c'},
    {"paths", 1, NULL, 'p'},
    {"pid", 1, NULL, 'P'},
    {"clients", 1, NULL, 'n'},
    {"writers", 1, NULL, 'w'},
    {"rate", 1, NULL, 'r'},
    {"seconds", 1, NULL, 's'},
    {"warm", 1, NULL, 'W'},
    {"presence", 1, NULL, 'a'},
    {"chars", 1, NULL, 'C'},
    {"slow", 1, NULL, 'l'},
    {"concurrency", 1, NULL, 'k'},
    {"hold", 1, NULL, 'h'},
    {"expect-clocks", 1, NULL, 'e'},
    {"expect-bytes", 1, NULL, 'E'},
    {"sv", 1, NULL, 'v'},
    {"updates", 1, NULL, 'u'},
    {"window", 1, NULL, 'i'},
    {"dialect", 1, NULL, 'd'},
    {"saved", 0, NULL, 'S'},
    {"collect", 0, NULL, 'g'},
    {"within", 1, NULL, 't'},
    {NULL, 0, NULL, 0},
};

static void set_option(struct load_options *o, int key, const char *value)
{
    size_t number = value ? strtoul(value, NULL, 10) : 0;

    switch (key) {
    case 'c':
        o->connect = value;
        break;
    case 'p':
        read_paths(o, value);
        break;
    case 'P':
        pids_parse(&o->pids, value);
        break;
    case 'n':
        o->clients = number;
        break;
    case 'w':
        o->writers = number;
        break;
    case 'r':
        o->rate = strtod(value, NULL);
        break;
    case 's':
        o->seconds = strtod(value, NULL);
        break;
    case 'W':
        o->warm_seconds = strtod(value, NULL);
        break;
    case 'a':
        o->presence_hz = strtod(value, NULL);
        break;
    case 'C':
        o->chars = number;
        break;
    case 'l':
        o->slow = number;
        break;
    case 'k':
        o->concurrency = number;
        break;
    case 'h':
        o->hold_seconds = strtod(value, NULL);
        break;
    case 'e':
        o->expect_clocks = number;
        break;
    case 'E':
        o->expect_bytes = number;
        break;
    case 'v':
        o->state_vector = read_file(value);
        break;
    case 'u':
        o->updates = read_file(value);
        break;
    case 'i':
        o->window = number;
        break;
    case 'd':
        o->dialect = strcmp(value, "hocuspocus") == 0 ? DIALECT_HOCUSPOCUS : DIALECT_YWS;
        break;
    case 't':
        o->within_seconds = strtod(value, NULL);
        break;
    case 'S':
        o->saved = true;
        break;
    case 'g':
        o->collect = true;
        break;
    default:
        exit(2);
    }
}

static void raise_file_limit(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
    static struct load_options o = {.clients = 1,
                                    .chars = 1,
                                    .concurrency = 1,
                                    .window = 2000,
                                    .warm_seconds = 1,
                                    .within_seconds = 60};
    const char *work = argc > 1 ? argv[1] : "";
    int key;

    bytes_varint(&o.state_vector, 0);
    optind = 2;
    while ((key = getopt_long(argc, argv, "", options, NULL)) != -1)
        set_option(&o, key, optarg);
    if (!o.connect || o.path_count == 0)
        die("--connect and --paths are needed");
    if (o.chars == 0 || o.concurrency == 0 || o.slow > o.clients || o.writers + o.slow > o.clients)
        die("these numbers do not fit together");
    raise_file_limit();
    if (strcmp(work, "fan") == 0)
        return work_fan(&o);
    if (strcmp(work, "join") == 0)
        return work_join(&o);
    if (strcmp(work, "put") == 0)
        return work_put(&o);
    die("usage: load fan|join|put OPTIONS");
}
