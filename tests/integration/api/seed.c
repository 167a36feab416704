/* What the API tests need from the database and no route gives: a finished run, a document's text,
 * what is really stored.
 *   seed URI DATABASE run ROOM               insert a run of main.py, finish it; prints its id
 *   seed URI DATABASE doc ROOM FILE          print the document's text
 *   seed URI DATABASE grant ROOM USER TOKEN EXPIRES_MS  insert an invitation for viewers
 *   seed URI DATABASE row COLLECTION FIELD VALUE  print the row as JSON */
#include "base/clock.h"
#include "proto/doc_batch.h"
#include "proto/secret.h"
#include "store/mongo/testing.h"
#include "ydoc/ydoc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int add_run(struct cr_store *s, const char *room, struct cr_error *err)
{
    const char *args[] = {"--fast", NULL};
    struct cr_job_file file = {"main.py", (uint8_t[]){'1'}, 1};
    struct cr_output_piece pieces[] = {
        {CR_STREAM_STDOUT, (uint8_t *)"gr\xc3", 3},
        {CR_STREAM_STDOUT, (uint8_t *)"\xbc\n\0", 3},
        {CR_STREAM_STDERR, (uint8_t *)"\xff\x00z", 3},
    };
    struct cr_output out = {pieces, 3};
    struct cr_run_result result = {.verdict = CR_VERDICT_EXIT, .exit_code = 3, .wall_ms = 40};
    struct cr_run run = {.user_name = "Ada",
                         .request_id = "seeded-request",
                         .language = "seed",
                         .entry = "main.py",
                         .args = (char **)args,
                         .files = &file,
                         .file_count = 1,
                         .created_ms = cr_wall_ms()};
    struct cr_run claimed;
    const char *languages[] = {"seed", NULL};
    bool existing = false, found = false;

    cr_id_new(run.id);
    snprintf(run.room_id, sizeof(run.room_id), "%s", room);
    if (cr_store_job_insert(s, &run, run.id, &existing, err) < 0 ||
        cr_store_job_claim(s, "seed", languages, cr_wall_ms(), 10000, &found, &claimed, err) < 0)
        return -1;
    if (!found)
        return cr_fail(err, CR_ERR_INTERNAL, "nothing to claim");
    if (cr_store_job_finish(s, claimed.id, claimed.attempt, &result, &out, cr_wall_ms(), err) < 0)
        return -1;
    printf("%s\n", claimed.id);
    cr_run_clear(&claimed);
    return 0;
}

static int apply_batch(void *ctx, int64_t seq, const uint8_t *data, size_t len)
{
    struct cr_doc_batch_reader r;
    const uint8_t *update;
    size_t update_len;

    (void)seq;
    if (cr_doc_batch_open(&r, data, len, NULL) < 0)
        return -1;
    while (cr_doc_batch_next(&r, &update, &update_len)) {
        if (yd_apply_update(ctx, update, update_len, NULL) != YD_OK)
            return -1;
    }
    return 0;
}

static int print_doc(struct cr_store *s, const char *room, const char *file, struct cr_error *err)
{
    struct yd_doc *doc = yd_doc_new(NULL);
    struct yd_buf text = {0};
    int rc = cr_store_doc_read(s, room, file, 0, apply_batch, doc, err);

    yd_text(doc, "text", 4, &text);
    if (text.len > 0)
        fwrite(text.data, 1, text.len, stdout);
    yd_buf_free(&text);
    yd_doc_free(doc);
    return rc;
}

/* An invitation of which the API would have told the token; it may have ended. */
static int add_grant(struct cr_store *s, char **what, struct cr_error *err)
{
    struct cr_grant g = {.label = (char[]){""}, .role = CR_ROLE_VIEWER}; /* never cleared */
    char hash[CR_SHA256_HEX_SIZE];

    cr_id_new(g.id);
    snprintf(g.room_id, sizeof(g.room_id), "%s", what[0]);
    snprintf(g.created_by, sizeof(g.created_by), "%s", what[1]);
    cr_secret_hash(what[2], hash);
    g.expires_ms = strtoll(what[3], NULL, 10);
    g.created_ms = g.expires_ms - 300000;
    return cr_store_grant_insert(s, CR_GRANT_INVITATION, &g, hash, err);
}

static int print_row(struct cr_store *s, char **what, struct cr_error *err)
{
    cr_auto_free char *text = cr_store_document_text(s, what[0], what[1], what[2], err);

    if (!text)
        return -1;
    puts(text);
    return 0;
}

int main(int argc, char **argv)
{
    struct cr_error err = CR_ERROR_INIT;
    struct cr_store_options o = {argc > 2 ? argv[1] : "", argc > 2 ? argv[2] : "", 2, 5000, "seed"};
    struct cr_store *s = cr_store_open(&o, &err);
    int rc = -1;

    if (s && argc == 5 && strcmp(argv[3], "run") == 0)
        rc = add_run(s, argv[4], &err);
    else if (s && argc == 6 && strcmp(argv[3], "doc") == 0)
        rc = print_doc(s, argv[4], argv[5], &err);
    else if (s && argc == 8 && strcmp(argv[3], "grant") == 0)
        rc = add_grant(s, argv + 4, &err);
    else if (s && argc == 7 && strcmp(argv[3], "row") == 0)
        rc = print_row(s, argv + 4, &err);
    if (rc != 0)
        fprintf(stderr, "seed: %s\n", err.message[0] ? err.message : "see the head of seed.c");
    if (s)
        cr_store_close(s);
    return rc == 0 ? 0 : 1;
}
