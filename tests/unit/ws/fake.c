#include "tests/unit/ws/fake.h"

#include "base/clock.h"
#include "crypt/token.h"
#include "lang/lang.h"
#include "log/log.h"
#include "proto/doc_batch.h"
#include "ws/metrics.h"
#include "ydoc/yprotocol.h"

#include <stdlib.h>

struct fake fake;
static struct fake_conn *conns[256];
static size_t conn_count;
static struct cr_frame *current;

/* ---- workers ---- */

struct job {
    void (*run)(void *worker, void *job);
    void (*done)(void *job);
    void *job;
};
static struct job jobs[256];
static size_t job_count;

int cr_pool_submit(struct cr_pool *p, void (*run)(void *worker, void *job), void (*done)(void *job),
                   void *job, struct cr_error *err)
{
    (void)p;
    if (fake.pool_full || job_count == CR_COUNT(jobs))
        return cr_fail(err, CR_ERR_UNAVAILABLE, "full");
    jobs[job_count++] = (struct job){run, done, job};
    return 0;
}

void fake_done(void)
{
    struct job j = jobs[0];

    assert_true(job_count > 0);
    memmove(jobs, jobs + 1, --job_count * sizeof *jobs);
    j.run(NULL, j.job);
    j.done(j.job);
}

void fake_work(void)
{
    while (job_count > 0)
        fake_done();
}

void fake_save_start(void)
{
    cr_hub_save(&fake.hub, cr_mono_ms());
}

void fake_save(void)
{
    fake_save_start();
    fake_work();
}

static void arm(void *ctx, int64_t ms)
{
    (void)ctx, (void)ms;
    fake.armed++;
}

/* ---- the store ---- */

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

int cr_store_doc_append_many(struct cr_store *s, const char *room_id, struct cr_doc_batch *batches,
                             size_t count, int64_t now_ms, struct cr_error *err)
{
    (void)s, (void)room_id, (void)now_ms;
    fake.appends++;
    fake.batches_in_last = count;
    for (size_t i = 0; i < count; i++) {
        int f = file_index(batches[i].file_id);

        cr_buf_reset(&fake.last_bytes);
        cr_buf_append(&fake.last_bytes, batches[i].data, batches[i].len);
        fake.last_seq = batches[i].seq;
        batches[i].result = fake.append_error;
        if (fake.append_error != CR_ERR_NONE)
            continue;
        assert_int_equal(batches[i].seq, fake.log_count[f] + 1);
        cr_buf_append(&fake.log[f][fake.log_count[f]++], batches[i].data, batches[i].len);
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

/* Ownership is tested with real processes in tests/integration/ws; a hub without a lease owns all.
 */
int cr_store_process_insert(struct cr_store *s, const char *id, const char *address,
                            struct cr_error *err)
{
    (void)s, (void)id, (void)address, (void)err;
    return 0;
}

int cr_store_process_beat(struct cr_store *s, const char *id, int64_t beat, struct cr_error *err)
{
    (void)s, (void)id, (void)beat, (void)err;
    return 0;
}

int cr_store_process_list(struct cr_store *s, struct cr_process_list *out, struct cr_error *err)
{
    (void)s, (void)err;
    memset(out, 0, sizeof *out);
    return 0;
}

void cr_process_list_clear(struct cr_process_list *l)
{
    (void)l;
}

int cr_store_process_get(struct cr_store *s, const char *id, struct cr_process *out, bool *found,
                         struct cr_error *err)
{
    (void)s, (void)id, (void)out, (void)err;
    *found = false;
    return 0;
}

int cr_store_process_remove(struct cr_store *s, const char *id, int64_t beat, struct cr_error *err)
{
    (void)s, (void)id, (void)beat, (void)err;
    return 0;
}

int cr_store_owner_get(struct cr_store *s, const char *room_id, struct cr_owner *out,
                       struct cr_error *err)
{
    (void)s, (void)room_id, (void)err;
    memset(out, 0, sizeof *out);
    return 0;
}

int cr_store_owner_put(struct cr_store *s, const char *room_id, const struct cr_owner *from,
                       const char *process, bool fence, struct cr_error *err)
{
    (void)s, (void)room_id, (void)from, (void)process, (void)fence, (void)err;
    return 0;
}

int cr_store_owner_release(struct cr_store *s, const char *room_id, const char *process,
                           int64_t epoch, struct cr_error *err)
{
    (void)s, (void)room_id, (void)process, (void)epoch, (void)err;
    return 0;
}

int cr_store_owner_release_all(struct cr_store *s, const char *process, struct cr_error *err)
{
    (void)s, (void)process, (void)err;
    return 0;
}

int cr_store_doc_append(struct cr_store *s, const char *room_id, const char *file_id, int64_t seq,
                        const uint8_t *data, size_t len, int64_t now_ms, struct cr_error *err)
{
    (void)s, (void)room_id, (void)file_id, (void)seq, (void)data, (void)len, (void)now_ms;
    return cr_fail(err, CR_ERR_INTERNAL, "no fences here");
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

/* The handshake's part; tests of it are in tests/integration/ws. */
int cr_store_use_once(struct cr_store *s, const char *key, int64_t expires_ms, struct cr_error *err)
{
    (void)s, (void)key, (void)expires_ms, (void)err;
    return 0;
}

int cr_store_member_role(struct cr_store *s, const char *room_id, const char *user_id,
                         enum cr_role *out, struct cr_error *err)
{
    (void)s, (void)room_id, (void)user_id, (void)err;
    *out = CR_ROLE_EDITOR;
    return 0;
}

int cr_store_user_by_id(struct cr_store *s, const char *id, struct cr_user *out,
                        struct cr_error *err)
{
    (void)s, (void)id, (void)out;
    return cr_fail(err, CR_ERR_NOT_FOUND, "no user");
}

int cr_store_grant_by_hash(struct cr_store *s, enum cr_grant_kind k, const char *secret_hash,
                           int64_t now_ms, struct cr_grant *out, struct cr_error *err)
{
    (void)s, (void)k, (void)secret_hash, (void)now_ms, (void)out;
    return cr_fail(err, CR_ERR_NOT_FOUND, "no grant");
}

/* ---- set-up ---- */

static const char *const extensions[] = {"py", NULL};
static struct cr_lang python = {.id = "python", .name = "Python", .extensions = extensions};
static struct cr_lang_set languages = {&python, 1};

int fake_setup(void **state)
{
    struct cr_hub_options o = {.save_interval_ms = 20,
                               .run_wall_ms = 10000,
                               .run_wall_max_ms = 180000,
                               .output_limit_bytes = 1024,
                               .runs_per_minute = 2,
                               .public_origin = "https://x",
                               .service_token = "secret",
                               .languages = &languages};

    (void)state;
    memset(&fake, 0, sizeof fake);
    cr_log_init("test", CR_LOG_ERROR);
    cr_ws_metrics_init();
    fake.room_exists = fake.file_b_exists = true;
    fake.rev = fake.tree_rev = 1;
    fake.role_a = CR_ROLE_OWNER;
    fake.role_b = CR_ROLE_EDITOR;
    cr_hub_init(&fake.hub, &o, NULL, NULL, arm, arm, NULL);
    return 0;
}

int fake_teardown(void **state)
{
    (void)state;
    fake.pool_full = false;
    fake_work();
    while (conn_count > 0)
        fake_close(conns[0]);
    fake_work();
    cr_hub_clear(&fake.hub);
    for (int f = 0; f < 2; f++)
        for (int i = 0; i < 16; i++)
            cr_buf_clear(&fake.log[f][i]);
    for (int f = 0; f < 2; f++)
        cr_doc_state_clear(&fake.heads[f]);
    cr_buf_clear(&fake.last_bytes);
    cr_run_clear(&fake.last_job);
    cr_frame_free(current);
    current = NULL;
    return 0;
}

/* ---- connections ---- */

static void woken(struct cr_conn *c)
{
    struct fake_conn *f = (struct fake_conn *)c;

    f->wakes++;
}

static void paused(struct cr_conn *c, int64_t ms)
{
    struct fake_conn *f = (struct fake_conn *)c;

    f->paused_ms += ms;
}

static const struct cr_conn_net net_ops = {.wake = woken, .pause = paused};

struct fake_conn *fake_bare(void)
{
    struct fake_conn *f = cr_calloc(1, sizeof *f);

    cr_conn_init(&f->conn, &net_ops);
    conns[conn_count++] = f;
    return f;
}

struct fake_conn *fake_open(enum cr_socket_kind kind, const char *file, const char *user,
                            enum cr_role role, bool saved)
{
    struct fake_conn *f = fake_bare();
    struct cr_access a = {.role = role, .rev = fake.rev, .want_saved = saved};

    cr_conn_hold(&f->conn);
    memcpy(a.room_id, ROOM, CR_ID_SIZE);
    memcpy(a.user_id, user, CR_ID_SIZE);
    if (file)
        memcpy(a.file_id, file, CR_ID_SIZE);
    snprintf(a.name, sizeof a.name, "%s", user);
    cr_room_join(&fake.hub, &f->conn, kind, &a);
    return f;
}

struct fake_conn *fake_doc(const char *file, const char *user, enum cr_role role, bool saved)
{
    struct fake_conn *f = fake_open(CR_SOCKET_DOC, file, user, role, saved);

    fake_work();
    fake_flush(f);
    return f;
}

struct fake_conn *fake_room(const char *user, enum cr_role role)
{
    struct fake_conn *f = fake_open(CR_SOCKET_ROOM, NULL, user, role, false);

    fake_work();
    return f;
}

void fake_close(struct fake_conn *c)
{
    size_t i = 0;

    while (conns[i] != c)
        i++;
    conns[i] = conns[--conn_count];
    cr_conn_ended(&c->conn);
    cr_conn_clear(&c->conn);
    free(c);
}

void fake_feed(struct fake_conn *c, const void *data, size_t len)
{
    cr_conn_feed(&c->conn, false, data, len);
}

void fake_say(struct fake_conn *c, const char *json)
{
    cr_conn_feed(&c->conn, true, (const uint8_t *)json, strlen(json));
}

const struct cr_frame *fake_next(struct fake_conn *c)
{
    cr_frame_free(current);
    current = cr_conn_pop(&c->conn);
    if (current && c->conn.count == 0 && !c->conn.closing && c->conn.user->drained)
        c->conn.user->drained(&c->conn);
    return current;
}

void fake_flush(struct fake_conn *c)
{
    while (fake_next(c))
        ;
}

void fake_expect(struct fake_conn *c, const char *words)
{
    const struct cr_frame *f;

    while ((f = fake_next(c)) != NULL)
        if (f->text && memmem(f->data, f->len, words, strlen(words)))
            return;
    fail_msg("nobody said %s", words);
}

void fake_update(struct yd_buf *out, uint64_t client, const char *text, bool as_step2)
{
    struct yd_buf update = {0};

    assert_int_equal(yd_encode_text_insert(client, "text", 4, text, strlen(text), &update), 0);
    if (as_step2)
        yd_message_sync_step2(out, update.data, update.len);
    else
        yd_message_sync_update(out, update.data, update.len);
    yd_buf_free(&update);
}

void fake_send_text(struct fake_conn *c, uint64_t client, const char *text)
{
    struct yd_buf frame = {0};

    fake_update(&frame, client, text, false);
    fake_feed(c, frame.data, frame.len);
    yd_buf_free(&frame);
}

struct cr_live_doc *fake_live(const char *file)
{
    struct cr_live_room *r = cr_hub_find(&fake.hub, ROOM);
    struct cr_live_doc *d = r ? r->docs : NULL;

    while (d && strcmp(d->id, file) != 0)
        d = d->next;
    return d;
}

void fake_assert_text(const char *file, const char *text)
{
    CR_AUTO_BUF got = {0};

    struct cr_live_doc *d = fake_live(file);
    struct yd_doc *cold = NULL;

    assert_non_null(d);
    if (!d->doc)
        assert_int_equal(cr_doclog_unpack(&d->packed, &cold, NULL), 0);
    assert_int_equal(cr_doc_text(d->doc ? d->doc : cold, 1024, &got, NULL), 0);
    yd_doc_free(cold);
    assert_string_equal(cr_buf_cstr(&got), text);
}
