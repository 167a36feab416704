/* run.start: the text of every file as it is at this moment becomes a job. Documents in memory give
 * what they hold; the others are read, together, on the worker that inserts the job. */
#include "base/clock.h"
#include "base/limits.h"
#include "log/log.h"
#include "model/tree.h"
#include "ws/doc.h"
#include "ws/message.h"
#include "ws/metrics.h"
#include "ws/run.h"
#include "ws/waiter.h"

#include <stdio.h>

struct starting {
    struct cr_live_room *room;
    struct cr_store *store;
    struct cr_waiter waiter;
    char key[CR_RUN_KEY_SIZE];
    struct cr_run run; /* its files are filled as they are read */
    /* What a worker has still to make texts of, by the file's index: */
    struct cr_buf *packed;          /* from memory; empty: there is none */
    char (*stored_ids)[CR_ID_SIZE]; /* in the database, */
    size_t *stored;                 /* and which files they are */
    size_t packed_count, stored_count;
    bool existing;
    bool ok;
    struct cr_error err;
};

static void starting_free(struct starting *s)
{
    for (size_t i = 0; i < s->packed_count; i++)
        cr_buf_clear(&s->packed[i]);
    free(s->packed);
    free(s->stored_ids);
    free(s->stored);
    cr_run_clear(&s->run);
    cr_waiter_clear(&s->waiter);
    free(s);
}

/* ---- on a worker ---- */

static int take_text(struct cr_job_file *f, const struct yd_doc *doc, struct cr_error *err)
{
    CR_AUTO_BUF text = {0};

    if (cr_doc_text(doc, CR_LIMIT_FILE_TEXT_BYTES, &text, err) < 0)
        return cr_wrap(err, "%.150s", f->path);
    f->len = text.len;
    f->data = cr_memdup(text.data ? (const void *)text.data : "", text.len);
    return 0;
}

static int take_stored(void *ctx, size_t file, const struct yd_doc *doc, struct cr_error *err)
{
    struct starting *s = ctx;

    return take_text(&s->run.files[s->stored[file]], doc, err);
}

static int take_packed(struct starting *s)
{
    for (size_t i = 0; i < s->packed_count; i++) {
        struct yd_doc *doc = NULL;
        int rc;

        if (s->packed[i].len == 0)
            continue;
        if (cr_doclog_unpack(&s->packed[i], &doc, &s->err) < 0)
            return -1;
        rc = take_text(&s->run.files[i], doc, &s->err);
        yd_doc_free(doc);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int check_total(struct starting *s)
{
    size_t total = 0;

    for (size_t i = 0; i < s->run.file_count; i++) {
        total += s->run.files[i].len;
        if (total > CR_LIMIT_ROOM_TEXT_BYTES)
            return cr_fail(&s->err, CR_ERR_TOO_LARGE,
                           "the room's files are larger than %d MiB together (at %.100s)",
                           CR_LIMIT_ROOM_TEXT_BYTES / (1024 * 1024), s->run.files[i].path);
    }
    return 0;
}

static int read_files(struct starting *s)
{
    if (take_packed(s) < 0 ||
        cr_doclog_read_many(s->store, s->run.room_id, (const char(*)[CR_ID_SIZE])s->stored_ids,
                            s->stored_count, take_stored, s, &s->err) < 0)
        return -1;
    return check_total(s);
}

static void start_work(void *worker, void *job)
{
    struct starting *s = job;

    (void)worker;
    s->ok = read_files(s) == 0 &&
            cr_store_job_insert(s->store, &s->run, s->key, &s->existing, &s->err) == 0;
}

/* ---- on the loop ---- */

static void forget_content(struct cr_run *run)
{
    for (size_t i = 0; i < run->file_count; i++) {
        free(run->files[i].path);
        free(run->files[i].data);
    }
    free(run->files);
    run->files = NULL;
    run->file_count = 0;
    free(run->stdin_data);
    run->stdin_data = NULL;
    run->stdin_len = 0;
}

static void started(struct starting *s)
{
    struct cr_live_room *r = s->room;
    struct cr_live_run *run;

    if (s->run.state == CR_RUN_QUEUED) /* before all else: somebody waits for the program */
        cr_service_ring(r->hub, s->run.language, s->run.id);
    if (!s->existing) {
        cr_metric_add(cr_ws_metrics.runs, 1);
        cr_log(CR_LOG_INFO, "run queued", CR_S("req", s->run.request_id), CR_S("room", r->id),
               CR_S("job", s->run.id), CR_S("language", s->run.language),
               CR_S("user", s->run.user_id));
    }
    forget_content(&s->run);
    run = cr_run_put(r, &s->run);
    if (run) {
        memcpy(run->key, s->key, sizeof run->key);
        cr_run_tell(r, run);
        if (!s->existing) /* a runner may have been faster than our own answer from the database */
            cr_run_replay_to_all(r, run);
    }
}

static void start_done(void *job)
{
    struct starting *s = job;
    struct cr_live_room *r = s->room;

    r->starting_runs--;
    if (s->ok && !r->gone) {
        started(s);
    } else if (!s->ok && !r->gone) {
        struct cr_peer *p = cr_waiter_peer(r, &s->waiter);

        if (p)
            cr_message_error(p, s->waiter.ref, &s->err);
    }
    starting_free(s);
    cr_room_job_done(r);
}

static const struct cr_lang *pick_language(const struct cr_hub *h, const struct cr_msg_run_start *m,
                                           struct cr_error *err)
{
    const struct cr_lang *l = m->language ? cr_lang_by_id(h->o.languages, m->language)
                                          : cr_lang_for_path(h->o.languages, m->entry);

    if (!l && m->language)
        cr_fail_field(err, CR_ERR_INVALID, "language", "there is no such language");
    else if (!l)
        cr_fail_field(err, CR_ERR_INVALID, "language",
                      "no language goes with the name of the entry file: choose one");
    return l;
}

static int check_request(struct cr_live_room *r, const struct cr_msg_run_start *m,
                         struct cr_error *err)
{
    const struct cr_file *entry = cr_tree_find_path(&r->data.tree, m->entry);

    if (!entry || entry->is_folder)
        return cr_fail_field(err, CR_ERR_NOT_FOUND, "entry", "there is no such file");
    if (m->wall_limit_ms > r->hub->o.run_wall_max_ms)
        return cr_fail_field(err, CR_ERR_INVALID, "wall_limit_ms", "is at most %lld",
                             (long long)r->hub->o.run_wall_max_ms);
    if (cr_run_active_count(r) + r->starting_runs >= CR_LIMIT_RUNS_ACTIVE_PER_ROOM)
        return cr_fail(err, CR_ERR_LIMIT, "%d runs at once are enough for a room",
                       CR_LIMIT_RUNS_ACTIVE_PER_ROOM);
    return 0;
}

/* A document gives its text if it is decoded, else its packed bytes, to be decoded on a worker;
 * what is not in memory, or large, is read there. */
static int take_file(struct starting *s, size_t n, const struct cr_live_doc *d, const char *file_id,
                     struct cr_error *err)
{
    struct cr_job_file *f = &s->run.files[n];

    if (d && d->doc)
        return take_text(f, d->doc, err);
    if (d && d->loaded && !d->busy && d->packed.len <= CR_DOC_QUICK_BYTES) {
        if (d->packed.len == 0)
            f->data = cr_memdup("", 0);
        cr_buf_append(&s->packed[n], d->packed.data, d->packed.len);
        return 0;
    }
    if (d && d->busy && !cr_doc_is_saved(d)) /* a worker changes it: what it holds is not stored */
        return cr_fail(err, CR_ERR_UNAVAILABLE, "%.150s is being changed: run again", f->path);
    memcpy(s->stored_ids[s->stored_count], file_id, CR_ID_SIZE);
    s->stored[s->stored_count++] = n;
    return 0;
}

static int take_files(struct starting *s, struct cr_live_room *r, struct cr_error *err)
{
    const struct cr_tree *t = &r->data.tree;

    s->run.files = cr_calloc(t->count + 1, sizeof *s->run.files);
    s->packed = cr_calloc(t->count + 1, sizeof *s->packed);
    s->packed_count = t->count;
    s->stored_ids = cr_calloc(t->count + 1, sizeof *s->stored_ids);
    s->stored = cr_calloc(t->count + 1, sizeof *s->stored);
    for (size_t i = 0; i < t->count; i++) {
        const char *id = t->files[i].id;
        size_t n = s->run.file_count;

        if (t->files[i].is_folder)
            continue;
        s->run.files[n].path = cr_tree_path(t, &t->files[i]);
        s->run.file_count++;
        if (take_file(s, n, cr_doc_find(r, id), id, err) < 0)
            return -1;
    }
    return 0;
}

static char **copy_args(const char *const *args)
{
    size_t count = 0;
    char **copy;

    while (args && args[count])
        count++;
    copy = cr_calloc(count + 1, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = cr_strdup(args[i]);
    return copy;
}

/* Of its own for each run, and it tells the socket's, which is in nginx's log. */
static char *request_id(struct cr_conn *c, const char *run_id)
{
    return c->request_id ? cr_asprintf("%s.%u", c->request_id, ++c->requests) : cr_strdup(run_id);
}

static void fill_run(struct cr_run *run, const struct cr_request *q,
                     const struct cr_msg_run_start *m, const struct cr_lang *l)
{
    const struct cr_peer *p = q->peer;

    cr_id_new(run->id);
    memcpy(run->room_id, p->room->id, CR_ID_SIZE);
    memcpy(run->user_id, p->access.user_id, CR_ID_SIZE);
    run->user_name = cr_strdup(p->access.name);
    run->request_id = request_id(p->conn, run->id);
    run->language = cr_strdup(l->id);
    run->entry = cr_strdup(m->entry);
    run->args = copy_args(m->args);
    if (m->stdin) {
        run->stdin_len = strlen(m->stdin);
        run->stdin_data = cr_memdup(m->stdin, run->stdin_len);
    }
    run->stdin_open = cr_json_get(q->root, "stdin_open") ? m->stdin_open : !m->stdin;
    run->wall_limit_ms = m->wall_limit_ms;
    run->state = CR_RUN_QUEUED;
    run->created_ms = cr_wall_ms();
}

/* A repeat of a request that we have seen: the answer is the run's state. */
static bool answer_repeat(struct cr_live_room *r, const char *key)
{
    for (struct cr_live_run *run = r->runs; run; run = run->next) {
        if (strcmp(run->key, key) == 0) {
            cr_run_tell(r, run);
            return true;
        }
    }
    return false;
}

static const char *account(const struct cr_peer *p)
{
    return p->access.user_id[0] ? p->access.user_id : p->access.grant_id;
}

static int start(const struct cr_request *q, const struct cr_msg_run_start *m,
                 const struct cr_lang *l, const char *key, struct cr_error *err)
{
    struct cr_live_room *r = q->peer->room;
    struct starting *s = cr_calloc(1, sizeof *s);
    int rc;

    s->room = r;
    s->store = r->hub->store;
    snprintf(s->key, sizeof s->key, "%s", key);
    cr_waiter_init(&s->waiter, q);
    fill_run(&s->run, q, m, l);
    rc = take_files(s, r, err);
    if (rc == 0 && !cr_hub_submit(r->hub, start_work, start_done, s))
        rc = cr_fail(err, CR_ERR_UNAVAILABLE, "too much database work waits");
    if (rc < 0) {
        starting_free(s);
        return -1;
    }
    r->jobs++;
    r->starting_runs++;
    return 0;
}

int cr_on_run_start(const struct cr_request *q, const struct cr_msg_run_start *m,
                    struct cr_error *err)
{
    struct cr_live_room *r = q->peer->room;
    const struct cr_lang *l;
    char key[CR_RUN_KEY_SIZE];

    /* Two scripts with tokens of their own have no user that tells their keys apart. */
    snprintf(key, sizeof key, "%s:%s", account(q->peer), m->key);
    if (answer_repeat(r, key))
        return 0;
    if (check_request(r, m, err) < 0)
        return -1;
    l = pick_language(r->hub, m, err);
    if (!l)
        return -1;
    if (!cr_hub_take_run(r->hub, account(q->peer), cr_mono_ms()))
        return cr_fail(err, CR_ERR_RATE, "%lld runs a minute are enough for one account",
                       (long long)r->hub->o.runs_per_minute);
    return start(q, m, l, key, err);
}
