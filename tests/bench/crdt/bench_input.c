#include "bench_ydoc.h"

#include <stdio.h>
#include <stdlib.h>

double now_ms(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

double cpu_ms(void)
{
    return now_ms(CLOCK_PROCESS_CPUTIME_ID);
}

size_t read_number(struct bytes *b)
{
    size_t value = 0;
    unsigned shift = 0;
    uint8_t byte;

    do {
        byte = *b->p++;
        b->len--;
        value |= (size_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte >= 0x80);
    return value;
}

struct bytes read_blob(struct bytes *b)
{
    struct bytes blob = {.len = read_number(b)};

    blob.p = b->p;
    b->p += blob.len;
    b->len -= blob.len;
    return blob;
}

struct bytes read_file(const char *folder, const char *name)
{
    char path[4096];
    struct bytes b = {0};
    long len;
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0 || (len = ftell(f)) < 0) {
        perror(path);
        exit(1);
    }
    rewind(f);
    b.len = (size_t)len;
    b.p = malloc(b.len + 1);
    if (!b.p || fread(b.p, 1, b.len, f) != b.len)
        exit(1);
    fclose(f);
    return b;
}

void head(const char *measure, const char *input, size_t stem, const char *unit)
{
    printf("ydoc %s %.*s %s", measure, (int)stem, input, unit);
}
