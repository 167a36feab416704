/* Writes the hostile updates of tests/unit/ydoc as inputs: hostile_inputs FOLDER
 * hostile-NAME.updates: the update that comes first, if there is one, and the hostile one. */
#include "tests/unit/ydoc/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct yd_buf *list, void (*make)(struct yd_buf *out))
{
    struct yd_buf update = {0};

    make(&update);
    yd_buf_put_bytes(list, update.data, update.len);
    yd_buf_free(&update);
}

static void write_file(const char *folder, const char *name, const struct yd_buf *list)
{
    char path[4096];
    size_t n = (size_t)snprintf(path, sizeof(path), "%s/hostile-", folder);
    FILE *f;

    for (; *name; name++) {
        if (*name != ',')
            path[n++] = *name == ' ' ? '-' : *name;
    }
    snprintf(path + n, sizeof(path) - n, ".updates");
    f = fopen(path, "wb");
    if (!f || fwrite(list->data, 1, list->len, f) != list->len || fclose(f) != 0) {
        perror(path);
        exit(1);
    }
}

static void write_all(const char *folder, const struct hostile *h)
{
    for (; h->name; h++) {
        struct yd_buf list = {0};
        if (h->before)
            add(&list, h->before);
        add(&list, h->make);
        write_file(folder, h->name, &list);
        yd_buf_free(&list);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: hostile_inputs FOLDER\n");
        return 2;
    }
    write_all(argv[1], hostile_updates);
    write_all(argv[1], hostile_contests);
    return 0;
}
