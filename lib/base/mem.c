#include "base/mem.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>

#define LARGE_BYTES (128 * 1024)

/* Written without any allocation: there is no memory left to format with. */
static _Noreturn void out_of_memory(void)
{
    static const char text[] = "{\"level\":\"error\",\"msg\":\"out of memory\"}\n";

    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        abort();
    abort();
}

void *cr_malloc(size_t size)
{
    void *p = malloc(size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *cr_calloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *cr_realloc(void *p, size_t size)
{
    void *q = realloc(p, size ? size : 1);

    if (!q)
        out_of_memory();
    return q;
}

void *cr_memdup(const void *p, size_t size)
{
    void *q = cr_malloc(size);

    if (size)
        memcpy(q, p, size);
    return q;
}

char *cr_strdup(const char *s)
{
    return s ? cr_memdup(s, strlen(s) + 1) : NULL;
}

char *cr_strndup(const char *s, size_t len)
{
    char *q = cr_malloc(len + 1);

    if (len)
        memcpy(q, s, len);
    q[len] = '\0';
    return q;
}

char *cr_asprintf(const char *fmt, ...)
{
    va_list ap;
    char *s;

    va_start(ap, fmt);
    int len = vasprintf(&s, fmt, ap);
    va_end(ap);
    if (len < 0)
        out_of_memory();
    return s;
}

/* glibc begins so, but each time a large block is freed it takes that one's size for the new limit,
 * up to 32 MiB: then documents lie in the heap, between small blocks that stay, and what they leave
 * there is the system's no more. */
void cr_mem_return_large(void)
{
    mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
}
