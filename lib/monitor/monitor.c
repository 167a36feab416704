#include "monitor/monitor.h"

#include "base/clock.h"
#include "base/mem.h"
#include "monitor/listen.h"
#include "monitor/metric.h"
#include "json/write.h"

#include <microhttpd.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>

#define CONNECTIONS_MAX 16U /* a scraper, a health check and a person */
#define IDLE_SECONDS 10U

struct cr_monitor {
    struct cr_monitor_options options;
    char *program;
    char *socket_path; /* unix socket to remove at the end, or NULL */
    struct MHD_Daemon *daemon;
    int port;
    _Atomic int64_t beat_ms;
};

struct cr_ready {
    struct cr_json_out json;
    bool ok;
};

void cr_ready_add(struct cr_ready *r, const char *name, bool ok, const char *detail)
{
    r->ok = r->ok && ok;
    cr_json_open_object(&r->json, name);
    cr_json_put_bool(&r->json, "ok", ok);
    if (!ok && detail)
        cr_json_put_str(&r->json, "detail", detail);
    cr_json_close(&r->json);
}

/* Answers with a copy of text. */
static enum MHD_Result answer(struct MHD_Connection *c, unsigned status, const char *type,
                              const void *text, size_t len)
{
    struct MHD_Response *r =
        MHD_create_response_from_buffer(len, (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);

    if (!r)
        return MHD_NO;
    MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(r, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    enum MHD_Result result = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return result;
}

static enum MHD_Result answer_text(struct MHD_Connection *c, unsigned status, const char *text)
{
    return answer(c, status, "text/plain; charset=utf-8", text, strlen(text));
}

static enum MHD_Result answer_health(struct cr_monitor *m, struct MHD_Connection *c)
{
    int64_t silent_ms = cr_mono_ms() - atomic_load(&m->beat_ms);
    char text[80];

    if (m->options.beat_limit_ms == 0 || silent_ms <= m->options.beat_limit_ms)
        return answer_text(c, 200, "ok\n");
    snprintf(text, sizeof text, "the main loop has been silent for %lld ms\n",
             (long long)silent_ms);
    return answer_text(c, 503, text);
}

static enum MHD_Result answer_ready(struct cr_monitor *m, struct MHD_Connection *c)
{
    struct cr_ready r = {.ok = true};

    cr_json_open_object(&r.json, NULL);
    cr_json_put_str(&r.json, "program", m->program);
    cr_json_open_object(&r.json, "checks");
    if (m->options.ready)
        m->options.ready(m->options.ctx, &r);
    cr_json_close(&r.json);
    cr_json_put_bool(&r.json, "ready", r.ok);
    cr_json_close(&r.json);
    cr_buf_append_byte(&r.json.buf, '\n');
    enum MHD_Result result =
        answer(c, r.ok ? 200 : 503, "application/json", r.json.buf.data, r.json.buf.len);
    cr_json_out_clear(&r.json);
    return result;
}

static enum MHD_Result answer_metrics(struct MHD_Connection *c)
{
    CR_AUTO_BUF text = {0};

    cr_metric_write(&text);
    return answer(c, 200, "text/plain; version=0.0.4; charset=utf-8", cr_buf_cstr(&text), text.len);
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_size, void **request)
{
    struct cr_monitor *m = ctx;

    (void)version, (void)data, (void)data_size, (void)request;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return answer_text(c, 405, "only GET\n");
    if (strcmp(url, "/healthz") == 0)
        return answer_health(m, c);
    if (strcmp(url, "/readyz") == 0)
        return answer_ready(m, c);
    if (strcmp(url, "/metrics") == 0)
        return answer_metrics(c);
    return answer_text(c, 404, "there are /healthz, /readyz and /metrics\n");
}

/* Signals belong to the program's own thread: the monitor's inherits this mask. */
static struct MHD_Daemon *start_daemon(struct cr_monitor *m, int fd)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, on_request, m,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_END);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return d;
}

struct cr_monitor *cr_monitor_start(const struct cr_monitor_options *o, struct cr_error *err)
{
    int fd = cr_monitor_listen(o->listen, err);

    if (fd < 0)
        return NULL;
    struct cr_monitor *m = cr_calloc(1, sizeof *m);
    m->options = *o;
    m->program = cr_strdup(o->program);
    m->socket_path = o->listen[0] == '/' ? cr_strdup(o->listen) : NULL;
    m->port = cr_monitor_bound_port(fd);
    atomic_store(&m->beat_ms, cr_mono_ms());
    m->daemon = start_daemon(m, fd);
    if (!m->daemon) {
        close(fd);
        cr_monitor_stop(m);
        cr_fail(err, CR_ERR_UNAVAILABLE, "cannot start the monitor on %s", o->listen);
        return NULL;
    }
    return m;
}

void cr_monitor_stop(struct cr_monitor *m)
{
    if (!m)
        return;
    if (m->daemon)
        MHD_stop_daemon(m->daemon); /* closes the socket, too */
    if (m->socket_path)
        unlink(m->socket_path);
    free(m->socket_path);
    free(m->program);
    free(m);
}

void cr_monitor_beat(struct cr_monitor *m)
{
    atomic_store(&m->beat_ms, cr_mono_ms());
}

int cr_monitor_port(const struct cr_monitor *m)
{
    return m->port;
}
