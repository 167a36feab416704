/* Measures what the room server's answer costs for each further joiner of a version, on the inputs
 * that prepare.mjs makes: bench_answer FOLDER; prints the same lines as bench_ydoc.c.  It is
 * ws/doc_answer.c alone, beside a document that is decoded already. */
#include "bench_ydoc.h"

#include "pack/pack.h"
#include "ws/doc.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 100
#define JOINERS 1000 /* in a round: one takes less than the clock can tell */

/* ---- the server's parts that a decoded document does not need ---- */

bool cr_doc_heat(struct cr_peer *p, const uint8_t *data, size_t len)
{
    (void)data, (void)len;
    return p->doc->doc != NULL;
}

void cr_doc_cannot_decode(struct cr_live_doc *d, const struct cr_error *err)
{
    (void)d, (void)err;
    abort();
}

size_t cr_pack_plain_len(const void *packed, size_t len)
{
    (void)packed, (void)len;
    abort();
}

int cr_unpack_to(const void *packed, size_t len, void *to, size_t plain_len, struct cr_error *err)
{
    (void)packed, (void)len, (void)to, (void)plain_len, (void)err;
    abort();
}

/* ---- measuring ---- */

/* A joiner that has nothing; returns the bytes of its answer. */
static size_t join(struct cr_peer *p)
{
    static const uint8_t nothing[] = {0};
    struct cr_frame *f;

    if (cr_doc_step2(p, nothing, sizeof nothing, nothing, 0, &f) != 0 || !f) {
        fprintf(stderr, "bench_answer: no answer\n");
        exit(1);
    }
    return f->len;
}

static void measure(const char *folder, const char *file, size_t stem)
{
    struct bytes whole = read_file(folder, file);
    struct cr_live_doc live = {.doc = yd_doc_new(NULL)};
    struct cr_peer peer = {.doc = &live};

    if (yd_apply_update(live.doc, whole.p, whole.len, NULL) != 0 || join(&peer) < whole.len / 2) {
        fprintf(stderr, "bench_answer: %s is no document\n", file);
        exit(1);
    }
    head("answer-again", file, stem, "ms");
    for (int i = 0; i < ROUNDS; i++) {
        double t = cpu_ms();

        for (int k = 0; k < JOINERS; k++)
            join(&peer);
        printf(" %.6f", (cpu_ms() - t) / JOINERS);
    }
    printf("\n");
    cr_doc_answers_drop(&live);
    yd_doc_free(live.doc);
    free(whole.p);
}

int main(int argc, char **argv)
{
    struct dirent **names;
    int n = argc > 1 ? scandir(argv[1], &names, NULL, alphasort) : -1;

    if (n < 0) {
        fprintf(stderr, "usage: bench_answer FOLDER\n");
        return 2;
    }
    for (int i = 0; i < n; i++) {
        const char *name = names[i]->d_name, *dot = strrchr(name, '.');

        if (dot && strcmp(dot, ".doc") == 0)
            measure(argv[1], name, (size_t)(dot - name));
        free(names[i]);
    }
    free(names);
    return 0;
}
