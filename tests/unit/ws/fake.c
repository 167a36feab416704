#include "tests/unit/ws/fake.h"

#include "base/clock.h"
#include "crypt/token.h"
#include "lang/lang.h"
#include "log/log.h"
#include "proto/doc_batch.h"
#include "ws/join.h"
#include "ws/metrics.h"
#include "ws/service.h"
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
    bool ran;
};
static char lease_pool_place;
static struct cr_pool *const lease_pool = (struct cr_pool *)(void *)&lease_pool_place;
static struct job jobs[256];
static size_t job_count;

int cr_pool_submit(struct cr_pool *p, void (*run)(void *worker, void *job), void (*done)(void *job),
                   void *job, struct cr_error *err)
{
    if ((fake.pool_full && p != lease_pool) || job_count == CR_COUNT(jobs))
        return cr_fail(err, CR_ERR_UNAVAILABLE, "full");
    jobs[job_count++] = (struct job){run, done, job, false};
    return 0;
}

static struct job take_job(void)
{
    struct job j = jobs[0];

    assert_true(job_count > 0);
    job_count--;
    for (size_t i = 0; i < job_count; i++) /* valgrind takes glibc's memmove for memcpy */
        jobs[i] = jobs[i + 1];
    if (!j.ran)
        j.run(NULL, j.job);
    j.ran = true;
    return j;
}

void fake_done(void)
{
    struct job j = take_job();

    j.done(j.job);
}

void fake_half(void)
{
    struct job j = take_job();

    jobs[job_count++] = j;
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

void fake_heal(void)
{
    fake.append_error = CR_ERR_NONE;
    cr_hub_save(&fake.hub, cr_mono_ms() + 10000); /* no back-off holds so long */
    fake_work();
}

static void arm(void *ctx, int64_t ms)
{
    (void)ctx, (void)ms;
    fake.armed++;
}

/* ---- set-up ---- */

static const char *const extensions[] = {"py", NULL};
static struct cr_lang python = {.id = "python", .name = "Python", .extensions = extensions};
static struct cr_lang_set languages = {&python, 1};

int fake_setup(void **state)
{
    static bool metrics; /* they are the process's */
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
    if (!metrics)
        cr_ws_metrics_init();
    metrics = true;
    fake.room_exists = fake.file_b_exists = true;
    fake.rev = fake.tree_rev = 1;
    fake.role_a = CR_ROLE_OWNER;
    fake.role_b = CR_ROLE_EDITOR;
    cr_hub_init(&fake.hub, &o, NULL, NULL, arm, arm, NULL);
    return 0;
}

void fake_own(void)
{
    cr_lease_init(&fake.lease, NULL, lease_pool, "here");
    fake.hub.lease = &fake.lease;
    cr_lease_tick(&fake.hub);
    fake_work();
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
    fake_work();
    if (fake.hub.lease)
        cr_lease_clear(&fake.lease);
    for (int f = 0; f < 2; f++)
        for (size_t i = 0; i < CR_COUNT(fake.log[f]); i++)
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
    (void)c;
}

static void paused(struct cr_conn *c, int64_t ms)
{
    struct fake_conn *f = (struct fake_conn *)c;

    f->paused_ms += ms;
}

static void held(struct cr_conn *c)
{
    struct fake_conn *f = (struct fake_conn *)c;

    f->held++;
}

static const struct cr_conn_net net_ops = {.wake = woken, .pause = paused, .held = held};

struct fake_conn *fake_bare(void)
{
    struct fake_conn *f = cr_calloc(1, sizeof *f);

    cr_conn_init(&f->conn, &net_ops);
    conns[conn_count++] = f;
    return f;
}

struct fake_conn *fake_knock(const char *room_id, const char *token)
{
    struct fake_conn *f = fake_bare();
    struct cr_handshake h = {0};

    snprintf(h.path, sizeof h.path, "/ws/v1/room/%s", room_id);
    snprintf(h.query, sizeof h.query, "token=%s", token);
    cr_join(&fake.hub, &f->conn, &h);
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

struct fake_conn *fake_service(void)
{
    struct fake_conn *s = fake_bare();
    struct cr_error err = CR_ERROR_INIT;

    assert_int_equal(cr_service_attach(&fake.hub, &s->conn, "Bearer secret", &err), 0);
    fake_say(s, "{\"type\":\"hello\",\"runner\":\"r\",\"languages\":[\"python\"]}");
    return s;
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

void fake_assert_closed(const struct fake_conn *c, enum cr_error_code code)
{
    assert_true(c->conn.closing);
    assert_int_equal(c->conn.close_code, code);
}

struct yd_message fake_expect_message(struct fake_conn *c, enum yd_message_type type)
{
    const struct cr_frame *f = fake_next(c);
    struct yd_message m;

    assert_non_null(f);
    assert_int_equal(yd_message_parse(f->data, f->len, &m), 0);
    assert_int_equal(m.type, type);
    return m;
}

int fake_take(struct fake_conn *c, struct yd_doc *doc)
{
    const struct cr_frame *f = fake_next(c);
    struct yd_message m;

    if (!f)
        return 0;
    assert_int_equal(yd_message_parse(f->data, f->len, &m), 0);
    if (doc && (m.type == YD_MSG_SYNC_UPDATE || m.type == YD_MSG_SYNC_STEP2))
        assert_int_equal(yd_apply_update(doc, m.payload, m.payload_len, NULL), 0);
    return (int)m.type;
}

int64_t fake_saved_count(struct fake_conn *c)
{
    const struct cr_frame *f;
    int64_t count = -1;

    while ((f = fake_next(c)) != NULL) {
        struct yd_message m;

        assert_int_equal(yd_message_parse(f->data, f->len, &m), 0);
        if (m.type == YD_MSG_SAVED)
            count = (int64_t)m.count;
    }
    return count;
}
