#include "runner/link.h"

#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"
#include "monitor/metric.h"
#include "proto/messages.h"
#include "proto/run_json.h"
#include "json/write.h"

#define PIECE_MAX (32 * 1024) /* of output in one message: below a room's frame limit */

#define RUNG_MAX 64 /* doorbells of jobs that are not here yet; older ones are forgotten */

struct rung {
    char run[CR_ID_SIZE]; /* "": none */
    size_t conn;
};

struct cr_link {
    struct cr_link_options o;
    bool open[CR_LINKS_MAX];
    bool hello_sent[CR_LINKS_MAX];
    size_t
        turn[CR_LINKS_MAX]; /* whose job is looked at first: one that prints a lot starves none */
    struct rung rung[RUNG_MAX];
    size_t rung_next;
    struct cr_metric *connections;
};

struct cr_link *cr_link_new(const struct cr_link_options *o)
{
    struct cr_link *l = cr_calloc(1, sizeof(*l));
    l->o = *o;
    l->connections = cr_metric_gauge("coderoom_runner_ws_connections",
                                     "Connections to coderoom-ws that are up.", "");
    return l;
}

void cr_link_free(struct cr_link *l)
{
    free(l);
}

/* A new connection knows nothing. */
static void forget(struct cr_link *l, size_t conn)
{
    struct cr_live **all = NULL;
    size_t count = cr_lives_all(l->o.lives, &all);
    for (size_t i = 0; i < count; i++) {
        all[i]->cursors[conn] = (struct cr_live_cursor){0};
        cr_live_unref(all[i]);
    }
    free(all);
}

static void stop_watching(struct cr_link *l, size_t conn)
{
    struct cr_live **all = NULL;
    size_t count = cr_lives_all(l->o.lives, &all);

    for (size_t i = 0; i < RUNG_MAX; i++)
        if (l->rung[i].conn == conn)
            l->rung[i].run[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        all[i]->cursors[conn].watches = false;
        cr_live_unref(all[i]);
    }
    free(all);
}

void cr_link_opened(struct cr_link *l, size_t conn)
{
    l->open[conn] = true;
    l->hello_sent[conn] = false;
    cr_metric_add(l->connections, 1);
    forget(l, conn);
}

void cr_link_closed(struct cr_link *l, size_t conn)
{
    if (l->open[conn])
        cr_metric_add(l->connections, -1);
    l->open[conn] = false;
    stop_watching(l, conn); /* its rooms may come back elsewhere */
}

/* ---- whose output it is ---- */

static void note_rung(struct cr_link *l, size_t conn, const char *run_id)
{
    struct rung *r = &l->rung[l->rung_next++ % RUNG_MAX];

    memcpy(r->run, run_id, CR_ID_SIZE);
    r->conn = conn;
}

/* The job is new here: who rang for it? */
static void look_for_ring(const struct cr_link *l, struct cr_live *v)
{
    for (size_t i = 0; i < RUNG_MAX; i++)
        if (strcmp(l->rung[i].run, v->run.id) == 0)
            v->cursors[l->rung[i].conn].watches = true;
}

static void watch(struct cr_live *v, size_t conn)
{
    struct cr_live_cursor *cursor = &v->cursors[conn];

    if (cursor->watches)
        return;
    cursor->watches = true;
    cursor->offset = 0; /* what came before it had the room may be gone there */
}

static bool gets_output(const struct cr_link *l, const struct cr_live *v, size_t conn)
{
    for (size_t i = 0; i < l->o.conns && !v->cursors[conn].watches; i++)
        if (v->cursors[i].watches)
            return false;
    return true;
}

/* ---- saying ---- */

static void write_hello(struct cr_link *l, struct cr_buf *out)
{
    CR_AUTO_JSON_OUT w = {0};
    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "type", "hello");
    cr_json_put_str(&w, "runner", l->o.runner_id);
    cr_json_open_array(&w, "languages");
    for (size_t i = 0; i < l->o.langs->count; i++)
        cr_json_put_str(&w, NULL, l->o.langs->items[i].id);
    cr_json_close(&w);
    cr_json_close(&w);
    cr_buf_append(out, w.buf.data, w.buf.len);
}

static void open_job(struct cr_json_out *w, const char *type, const struct cr_live *v)
{
    cr_json_open_object(w, NULL);
    cr_json_put_str(w, "type", type);
    cr_json_put_str(w, "run", v->run.id);
    cr_json_put_str(w, "room", v->run.room_id);
    cr_json_put_int(w, "attempt", v->run.attempt);
}

static void write_running(const struct cr_live *v, struct cr_buf *out)
{
    CR_AUTO_JSON_OUT w = {0};
    open_job(&w, "job.running", v);
    cr_json_put_str(&w, "phase", cr_phase_names[v->phase]);
    cr_json_put_int(&w, "started_at", v->run.started_ms);
    cr_json_close(&w);
    cr_buf_append(out, w.buf.data, w.buf.len);
}

static void write_finished(const struct cr_live *v, struct cr_buf *out)
{
    CR_AUTO_JSON_OUT w = {0};
    open_job(&w, "job.finished", v);
    cr_json_put_run_result(&w, &v->result);
    cr_json_put_int(&w, "finished_at", v->finished_ms);
    cr_json_close(&w);
    cr_buf_append(out, w.buf.data, w.buf.len);
}

/* Locked. Output that lies behind the cursor. */
static bool next_output(struct cr_live *v, struct cr_live_cursor *cursor, struct cr_buf *out)
{
    enum cr_stream stream = CR_STREAM_STDOUT;
    const uint8_t *data = NULL;
    size_t len = cr_output_log_at(&v->output, cursor->offset, PIECE_MAX, &stream, &data);
    if (len == 0)
        return false;
    struct cr_output_frame f = {.attempt = v->run.attempt,
                                .stream = stream,
                                .offset = cursor->offset,
                                .data = data,
                                .len = len};
    memcpy(f.run, v->run.id, sizeof(f.run));
    memcpy(f.room, v->run.room_id, sizeof(f.room));
    cr_output_frame_write(out, &f, true);
    cursor->offset += len;
    return true;
}

/* Locked. */
static bool next_of(struct cr_link *l, struct cr_live *v, size_t conn, struct cr_buf *out,
                    bool *binary)
{
    struct cr_live_cursor *cursor = &v->cursors[conn];

    *binary = false;
    if (v->discarded)
        return false;
    if (v->phase != CR_PHASE_NONE && cursor->phase != v->phase) {
        if (cursor->phase == CR_PHASE_NONE)
            look_for_ring(l, v);
        cursor->phase = v->phase;
        write_running(v, out);
        return true;
    }
    if (gets_output(l, v, conn) && next_output(v, cursor, out)) {
        *binary = true;
        return true;
    }
    if (v->finished && !cursor->finished) {
        cursor->finished = true;
        write_finished(v, out);
        return true;
    }
    return false;
}

bool cr_link_next(struct cr_link *l, size_t conn, struct cr_buf *out, bool *binary)
{
    cr_buf_reset(out);
    *binary = false;
    if (!l->hello_sent[conn]) {
        l->hello_sent[conn] = true;
        write_hello(l, out);
        return true;
    }
    struct cr_live **all = NULL;
    size_t count = cr_lives_all(l->o.lives, &all);
    bool found = false;
    size_t first = l->turn[conn]++;
    for (size_t i = 0; i < count && !found; i++) {
        struct cr_live *v = all[(first + i) % count];
        pthread_mutex_lock(&v->lock);
        found = next_of(l, v, conn, out, binary);
        pthread_mutex_unlock(&v->lock);
    }
    for (size_t i = 0; i < count; i++)
        cr_live_unref(all[i]);
    free(all);
    return found;
}

/* ---- hearing ---- */

static void on_input_frame(struct cr_link *l, const uint8_t *data, size_t len)
{
    char run[CR_ID_SIZE];
    const uint8_t *bytes = NULL;
    size_t bytes_len = 0;
    struct cr_error err = CR_ERROR_INIT;
    if (cr_stdin_frame_parse(data, len, run, &bytes, &bytes_len, &err) < 0) {
        cr_log(CR_LOG_WARN, "a frame from ws is not understood", CR_S("error", err.message));
        return;
    }
    struct cr_live *v = cr_lives_find(l->o.lives, run);
    if (v)
        cr_live_input(v, bytes, bytes_len, false);
    cr_live_unref(v);
}

static void on_json(struct cr_link *l, size_t conn, const struct cr_json_node *m)
{
    const char *type = cr_json_str(cr_json_get(m, "type"));
    const char *run = cr_json_str(cr_json_get(m, "run"));
    if (!type || !run || !cr_id_is_valid(run)) {
        cr_log(CR_LOG_WARN, "a message from ws has no type or run");
        return;
    }
    struct cr_live *v = cr_lives_find(l->o.lives, run); /* every runner hears of every run */
    if (strcmp(type, "job.ready") == 0) {
        if (v)
            watch(v, conn);
        else
            note_rung(l, conn, run);
        l->o.ring(l->o.ctx);
    } else if (v && strcmp(type, "job.watch") == 0)
        watch(v, conn);
    else if (v && strcmp(type, "job.stop") == 0)
        cr_live_wish(v, CR_LIVE_STOP);
    else if (v && strcmp(type, "job.stdin_close") == 0)
        cr_live_input(v, NULL, 0, true);
    else if (v)
        cr_log(CR_LOG_WARN, "a message from ws is of an unknown type", CR_S("type", type));
    cr_live_unref(v);
}

void cr_link_message(struct cr_link *l, size_t conn, const uint8_t *data, size_t len, bool binary)
{
    struct cr_error err = CR_ERROR_INIT;
    if (binary) {
        on_input_frame(l, data, len);
        return;
    }
    CR_AUTO(cr_json) *j = cr_json_parse(data, len, CR_LIMIT_ROOM_FRAME_BYTES, &err);
    if (j)
        on_json(l, conn, cr_json_root(j));
    else
        cr_log(CR_LOG_WARN, "a message from ws is not JSON", CR_S("error", err.message));
}

/* ---- letting go ---- */

/* Locked. */
static bool is_told(struct cr_link *l, const struct cr_live *v, int64_t now_ms)
{
    if (!v->over)
        return false;
    if (v->discarded || now_ms - v->over_mono_ms > CR_LIVE_LINGER_MS)
        return true;
    for (size_t i = 0; i < l->o.conns; i++) {
        if (!v->cursors[i].finished)
            return false;
    }
    return true;
}

void cr_link_tidy(struct cr_link *l)
{
    struct cr_live **all = NULL;
    size_t count = cr_lives_all(l->o.lives, &all);
    int64_t now = cr_mono_ms();
    for (size_t i = 0; i < count; i++) {
        pthread_mutex_lock(&all[i]->lock);
        bool told = is_told(l, all[i], now);
        pthread_mutex_unlock(&all[i]->lock);
        if (told)
            cr_lives_drop(l->o.lives, all[i]);
        cr_live_unref(all[i]);
    }
    free(all);
}
