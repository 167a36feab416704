/* What the unit tests of ws/ have for a database. */
#include "tests/unit/ws/fake.h"

int cr_store_ping(struct cr_store *s, struct cr_error *err)
{
    (void)s, (void)err;
    return 0;
}

int cr_store_room_get(struct cr_store *s, const char *room_id, struct cr_room *out,
                      struct cr_error *err)
{
    (void)s;
    if (!fake.room_exists)
        return cr_fail(err, CR_ERR_NOT_FOUND, "no room");
    memset(out, 0, sizeof *out);
    memcpy(out->id, room_id, CR_ID_SIZE);
    out->name = cr_strdup("Lab");
    out->language = cr_strdup("");
    out->rev = fake.rev;
    return 0;
}

static void put_file(struct cr_tree *t, const char *id, const char *name)
{
    t->files = cr_realloc(t->files, (t->count + 1) * sizeof *t->files);
    t->files[t->count] = (struct cr_file){.name = cr_strdup(name)};
    memcpy(t->files[t->count].id, id, CR_ID_SIZE);
    t->count++;
}

int cr_store_tree_get(struct cr_store *s, const char *room_id, struct cr_tree *out,
                      struct cr_error *err)
{
    (void)s, (void)err;
    memset(out, 0, sizeof *out);
    memcpy(out->room_id, room_id, CR_ID_SIZE);
    out->rev = fake.tree_rev;
    put_file(out, FILE_A, "a.py");
    if (fake.file_b_exists)
        put_file(out, FILE_B, "b.py");
    return 0;
}

static void put_member(struct cr_member_list *l, const char *user, enum cr_role role)
{
    if (role == CR_ROLE_NONE)
        return;
    l->items = cr_realloc(l->items, (l->count + 1) * sizeof *l->items);
    l->items[l->count] = (struct cr_member){.name = cr_strdup(user), .role = role};
    memcpy(l->items[l->count].user_id, user, CR_ID_SIZE);
    l->count++;
}

int cr_store_member_list(struct cr_store *s, const char *room_id, struct cr_member_list *out,
                         struct cr_error *err)
{
    (void)s, (void)room_id, (void)err;
    memset(out, 0, sizeof *out);
    put_member(out, USER_A, fake.role_a);
    put_member(out, USER_B, fake.role_b);
    return 0;
}

int cr_store_grant_list(struct cr_store *s, enum cr_grant_kind k, const char *room_id,
                        int64_t now_ms, struct cr_grant_list *out, struct cr_error *err)
{
    (void)s, (void)k, (void)room_id, (void)now_ms, (void)err;
    memset(out, 0, sizeof *out);
    return 0;
}

int cr_store_room_revs(struct cr_store *s, const char (*room_ids)[CR_ID_SIZE], size_t count,
                       int64_t *revs, struct cr_error *err)
{
    (void)s, (void)room_ids, (void)err;
    for (size_t i = 0; i < count; i++)
        revs[i] = fake.room_exists ? fake.rev : 0;
    return 0;
}

int cr_store_chat_insert(struct cr_store *s, const struct cr_chat *c, struct cr_error *err)
{
    (void)s, (void)c, (void)err;
    return 0;
}

int cr_store_chat_last(struct cr_store *s, const char *room_id, int limit, struct cr_chat_list *out,
                       struct cr_error *err)
{
    (void)s, (void)room_id, (void)limit, (void)err;
    memset(out, 0, sizeof *out);
    return 0;
}

static void stored_run(struct cr_run *run)
{
    memset(run, 0, sizeof *run);
    memcpy(run->id, RUN_1, CR_ID_SIZE);
    memcpy(run->room_id, ROOM, CR_ID_SIZE);
    run->user_name = cr_strdup("a");
    run->request_id = cr_strdup("r");
    run->language = cr_strdup("python");
    run->entry = cr_strdup("a.py");
    run->stdin_open = true;
    run->state = fake.stored_state;
    run->attempt = fake.stored_attempt;
    run->created_ms = 1;
}

int cr_store_run_active(struct cr_store *s, const char *room_id, struct cr_run_list *out,
                        struct cr_error *err)
{
    (void)s, (void)room_id, (void)err;
    memset(out, 0, sizeof *out);
    if (fake.stored_state != CR_RUN_RUNNING)
        return 0;
    out->items = cr_calloc(1, sizeof *out->items);
    out->count = 1;
    stored_run(&out->items[0]);
    return 0;
}

int cr_store_run_list(struct cr_store *s, const char *room_id, const char *cursor, int limit,
                      struct cr_run_list *out, struct cr_error *err)
{
    (void)s, (void)room_id, (void)cursor, (void)limit, (void)err;
    memset(out, 0, sizeof *out);
    return 0;
}

int cr_store_run_get(struct cr_store *s, const char *room_id, const char *run_id,
                     struct cr_run *out, struct cr_error *err)
{
    (void)s, (void)room_id, (void)run_id, (void)err;
    stored_run(out);
    out->result.verdict = CR_VERDICT_OK;
    return 0;
}

static int file_index(const char *file_id)
{
    return strcmp(file_id, FILE_A) == 0 ? 0 : 1;
}

static void append(struct cr_doc_batch *b)
{
    int f = file_index(b->file_id);

    b->result = fake.batch_error[f];
    if (b->result != CR_ERR_NONE)
        return;
    assert_int_equal(b->seq, fake.log_count[f] + 1);
    assert_true((size_t)fake.log_count[f] < CR_COUNT(fake.log[f]));
    cr_buf_append(&fake.log[f][fake.log_count[f]++], b->data, b->len);
}

int cr_store_doc_append_many(struct cr_store *s, const char *room_id, struct cr_doc_batch *batches,
                             size_t count, int64_t now_ms, struct cr_error *err)
{
    (void)s, (void)room_id, (void)now_ms;
    fake.appends++;
    fake.batches_in_last = count;
    for (size_t i = 0; i < count; i++) {
        cr_buf_reset(&fake.last_bytes);
        cr_buf_append(&fake.last_bytes, batches[i].data, batches[i].len);
        fake.last_seq = batches[i].seq;
        if (fake.append_error == CR_ERR_NONE)
            append(&batches[i]);
    }
    return fake.append_error == CR_ERR_NONE ? 0 : cr_fail(err, fake.append_error, "as told");
}

int cr_store_doc_read_range(struct cr_store *s, const char *room_id, const char *file_id,
                            int64_t after_seq, int64_t upto_seq,
                            int (*each)(void *ctx, int64_t seq, const uint8_t *data, size_t len),
                            void *ctx, struct cr_error *err)
{
    int f = file_index(file_id);

    (void)s, (void)room_id, (void)err;
    for (int64_t i = after_seq; i < fake.log_count[f] && i < upto_seq; i++)
        if (each(ctx, i + 1, fake.log[f][i].data, fake.log[f][i].len) != 0)
            return -1;
    return 0;
}

static void copy_state(struct cr_doc_state *to, const struct cr_doc_state *from)
{
    *to = (struct cr_doc_state){
        .seq = from->seq, .updates = from->updates, .log_bytes = from->log_bytes};
    cr_buf_append(&to->vector, from->vector.data, from->vector.len);
    cr_buf_append(&to->packed, from->packed.data, from->packed.len);
}

int cr_store_doc_head(struct cr_store *s, const char *room_id, const char *file_id,
                      struct cr_doc_state *out, struct cr_error *err)
{
    (void)s, (void)room_id, (void)err;
    copy_state(out, &fake.heads[file_index(file_id)]);
    return 0;
}

int cr_store_doc_head_brief(struct cr_store *s, const char *room_id, const char *file_id,
                            struct cr_doc_state *out, struct cr_error *err)
{
    return cr_store_doc_head(s, room_id, file_id, out, err);
}

int cr_store_doc_heads(struct cr_store *s, const char *room_id, const char (*file_ids)[CR_ID_SIZE],
                       size_t count, struct cr_doc_state *out, struct cr_error *err)
{
    fake.texts_read += count;
    for (size_t i = 0; i < count; i++)
        cr_store_doc_head(s, room_id, file_ids[i], &out[i], err);
    return 0;
}

int cr_store_doc_tails(struct cr_store *s, const char *room_id, const char (*file_ids)[CR_ID_SIZE],
                       const struct cr_doc_state *heads, size_t count,
                       int (*each)(void *ctx, size_t file, int64_t seq, const uint8_t *data,
                                   size_t len),
                       void *ctx, struct cr_error *err)
{
    (void)s, (void)room_id, (void)err;
    for (size_t i = 0; i < count; i++) {
        int f = file_index(file_ids[i]);

        for (int64_t k = heads[i].seq; k < fake.log_count[f]; k++)
            if (each(ctx, i, k + 1, fake.log[f][k].data, fake.log[f][k].len) != 0)
                return -1;
    }
    return 0;
}

int cr_store_doc_checkpoint(struct cr_store *s, const char *room_id, const char *file_id,
                            int64_t seq, struct cr_doc_state *out, struct cr_error *err)
{
    (void)s, (void)room_id, (void)file_id, (void)seq, (void)out;
    return cr_fail(err, CR_ERR_NOT_FOUND, "no checkpoint");
}

int cr_store_doc_head_put(struct cr_store *s, const char *room_id, const char *file_id,
                          const struct cr_doc_state *st, int64_t now_ms, struct cr_error *err)
{
    struct cr_doc_state *head = &fake.heads[file_index(file_id)];

    (void)s, (void)room_id, (void)now_ms, (void)err;
    cr_doc_state_clear(head);
    copy_state(head, st);
    return 0;
}

int cr_store_doc_checkpoint_put(struct cr_store *s, const char *room_id, const char *file_id,
                                const struct cr_doc_state *st, int64_t now_ms, struct cr_error *err)
{
    (void)s, (void)room_id, (void)file_id, (void)st, (void)now_ms, (void)err;
    return 0;
}

int cr_store_doc_sweep(struct cr_store *s, const char *room_id, const char *file_id, int64_t now_ms,
                       struct cr_error *err)
{
    (void)s, (void)room_id, (void)file_id, (void)now_ms, (void)err;
    return 0;
}

int cr_store_job_insert(struct cr_store *s, struct cr_run *run, const char *key, bool *existing,
                        struct cr_error *err)
{
    (void)s, (void)key, (void)existing, (void)err;
    fake.inserted++;
    if (fake.insert_id[0])
        memcpy(run->id, fake.insert_id, CR_ID_SIZE);
    cr_run_clear(&fake.last_job);
    memset(&fake.last_job, 0, sizeof fake.last_job);
    fake.last_job.file_count = run->file_count;
    fake.last_job.files = cr_calloc(run->file_count + 1, sizeof *run->files);
    for (size_t i = 0; i < run->file_count; i++) {
        fake.last_job.files[i].path = cr_strdup(run->files[i].path);
        fake.last_job.files[i].data =
            (uint8_t *)cr_strndup((char *)run->files[i].data, run->files[i].len);
        fake.last_job.files[i].len = run->files[i].len;
    }
    return 0;
}

int cr_store_job_queue(struct cr_store *s, char (*ids)[CR_ID_SIZE], size_t max, size_t *count,
                       struct cr_error *err)
{
    (void)s, (void)err;
    assert_true(max > 10);
    *count = 0;
    for (int i = 0; i < fake.queue_before; i++)
        cr_id_new(ids[(*count)++]);
    memcpy(ids[(*count)++], RUN_1, CR_ID_SIZE);
    return 0;
}

int cr_store_run_output(struct cr_store *s, const char *run_id, struct cr_output *out,
                        struct cr_error *err)
{
    (void)s, (void)run_id, (void)err;
    memset(out, 0, sizeof *out);
    if (!fake.stored_output)
        return 0;
    out->pieces = cr_calloc(1, sizeof *out->pieces);
    out->pieces[out->count++] =
        (struct cr_output_piece){.stream = CR_STREAM_STDOUT,
                                 .data = (uint8_t *)cr_strdup(fake.stored_output),
                                 .len = strlen(fake.stored_output)};
    return 0;
}

int cr_store_job_stop(struct cr_store *s, const char *room_id, const char *job_id, int64_t now_ms,
                      bool *finished, struct cr_error *err)
{
    (void)s, (void)room_id, (void)job_id, (void)now_ms, (void)err;
    *finished = false;
    return 0;
}
