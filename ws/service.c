#include "ws/service.h"

#include "base/limits.h"
#include "crypt/crypt.h"
#include "log/log.h"
#include "proto/messages.h"
#include "ws/metrics.h"
#include "ws/run.h"
#include "json/write.h"

#include <stdio.h>

#define SERVICE_FRAME_BYTES (1024 * 1024) /* a runner sends its output in pieces */

/* ---- what a runner sends ---- */

static void free_languages(struct cr_service *s)
{
    for (char **l = s->languages; l && *l; l++)
        free(*l);
    free(s->languages);
    s->languages = NULL;
}

static void on_hello(struct cr_service *s, const struct cr_msg_hello *m)
{
    size_t count = 0;

    free_languages(s);
    while (m->languages[count])
        count++;
    s->languages = cr_calloc(count + 1, sizeof *s->languages);
    for (size_t i = 0; i < count; i++)
        s->languages[i] = cr_strdup(m->languages[i]);
    snprintf(s->runner, sizeof s->runner, "%s", m->runner);
    cr_log(CR_LOG_INFO, "runner connected", CR_S("runner", s->runner),
           CR_I("languages", (int64_t)count));
}

static int on_object(struct cr_service *s, struct cr_json *j, struct cr_error *err)
{
    const struct cr_json_node *root = cr_json_root(j);
    int type = cr_msg_find(cr_service_msg_rows, CR_SERVICE_MSG_COUNT, root, err);
    union cr_msg m;

    if (type < 0)
        return -1;
    memset(&m, 0, sizeof m);
    if (cr_json_bind(j, root, cr_service_msg_rows[type].fields, &m, err) < 0)
        return -1;
    if (type != CR_SERVICE_MSG_hello && !s->languages)
        return cr_fail(err, CR_ERR_INVALID, "hello comes first");
    switch ((enum cr_service_msg_type)type) {
    case CR_SERVICE_MSG_hello:
        on_hello(s, &m.hello);
        break;
    case CR_SERVICE_MSG_job_running:
        cr_run_on_running(s->hub, s, &m.job_running);
        break;
    case CR_SERVICE_MSG_job_finished:
        return cr_run_on_finished(s->hub, &m.job_finished, err);
    case CR_SERVICE_MSG_COUNT:
        break;
    }
    return 0;
}

static int on_text(struct cr_service *s, const uint8_t *data, size_t len, struct cr_error *err)
{
    CR_AUTO(cr_json) *j = cr_json_parse(data, len, SERVICE_FRAME_BYTES, err);

    return j ? on_object(s, j, err) : -1;
}

static int on_binary(struct cr_service *s, const uint8_t *data, size_t len, struct cr_error *err)
{
    struct cr_output_frame f;

    if (cr_output_frame_parse(data, len, &f, err) < 0)
        return -1;
    if (!s->languages)
        return cr_fail(err, CR_ERR_INVALID, "hello comes first");
    cr_run_on_output(s->hub, s, &f);
    return 0;
}

static void service_message(struct cr_conn *c, bool text, const uint8_t *data, size_t len)
{
    struct cr_service *s = c->ctx;
    struct cr_error err = CR_ERROR_INIT;
    int rc = text ? on_text(s, data, len, &err) : on_binary(s, data, len, &err);

    if (rc < 0) {
        cr_log(CR_LOG_ERROR, "runner sent nonsense", CR_S("runner", s->runner),
               CR_S("field", err.field), CR_S("error", err.message));
        cr_conn_close(c, err.code, "%s %s", err.field, err.message);
    }
}

static void service_closed(struct cr_conn *c)
{
    struct cr_service *s = c->ctx;
    struct cr_service **at = &s->hub->services;

    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    cr_run_runner_left(s->hub, s);
    cr_metric_add(cr_ws_metrics.runners, -1);
    cr_log(CR_LOG_INFO, "runner left", CR_S("runner", s->runner));
    free_languages(s);
    free(s);
}

static const struct cr_conn_user service_user = {service_message, service_closed};

/* ---- connections ---- */

int cr_service_attach(struct cr_hub *h, struct cr_conn *c, const char *authorization,
                      struct cr_error *err)
{
    const char *scheme = "Bearer ";
    struct cr_service *s;

    if (h->o.service_token[0] == '\0' || strncmp(authorization, scheme, strlen(scheme)) != 0 ||
        !cr_secret_equal(authorization + strlen(scheme), h->o.service_token))
        return cr_fail(err, CR_ERR_UNAUTHORIZED, "wrong service token");
    if (h->draining)
        return cr_fail(err, CR_ERR_RESTART, "the server restarts");
    s = cr_calloc(1, sizeof *s);
    s->hub = h;
    s->conn = c;
    s->next = h->services;
    h->services = s;
    c->user = &service_user;
    c->ctx = s;
    c->max_message = SERVICE_FRAME_BYTES;
    cr_metric_add(cr_ws_metrics.runners, 1);
    return 0;
}

void cr_service_close_all(struct cr_hub *h, enum cr_error_code code, const char *reason)
{
    for (struct cr_service *s = h->services; s; s = s->next)
        cr_conn_close(s->conn, code, "%s", reason);
}

/* ---- what a runner gets ---- */

static bool serves(const struct cr_service *s, const char *language)
{
    for (char **l = s->languages; l && *l; l++)
        if (language && strcmp(*l, language) == 0)
            return !s->conn->closing;
    return false;
}

bool cr_service_can_run(const struct cr_hub *h, const char *language)
{
    for (const struct cr_service *s = h->services; s; s = s->next)
        if (serves(s, language))
            return true;
    return false;
}

void cr_service_ring(struct cr_hub *h, const char *language, const char *run_id)
{
    for (struct cr_service *s = h->services; s; s = s->next)
        if (serves(s, language))
            cr_service_tell(s, "job.ready", run_id);
}

void cr_service_tell(struct cr_service *s, const char *type, const char *run_id)
{
    CR_AUTO_JSON_OUT w = {0};

    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "type", type);
    cr_json_put_str(&w, "run", run_id);
    cr_json_close(&w);
    cr_conn_send_bytes(s->conn, true, w.buf.data, w.buf.len);
}

void cr_service_tell_all(struct cr_hub *h, const char *type, const char *run_id)
{
    for (struct cr_service *s = h->services; s; s = s->next)
        cr_service_tell(s, type, run_id);
}

void cr_service_stdin(struct cr_service *s, const char *run_id, const void *data, size_t len)
{
    CR_AUTO_BUF out = {0};

    cr_stdin_frame_write(&out, run_id, data, len);
    cr_conn_send_bytes(s->conn, false, out.data, out.len);
}
