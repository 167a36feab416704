#include "ws/net/server.h"

#include "base/clock.h"
#include "log/log.h"
#include "ws/lease.h"
#include "ws/net/internal.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define FILES_MAX 65536    /* libwebsockets keeps a table of so many entries */
#define HEADER_BYTES 8192  /* a ticket is up to 4 KiB of address */
#define SERVICE_BYTES 8192 /* libwebsockets reads requests into it */
#define DRAIN_MS 10000
#define DRAIN_SOCKETS_MS 2000 /* for clients to take their close frame */

static const struct lws_protocols protocols[] = {
    {.name = "coderoom", .callback = cr_net_handshake},
    {.name = "sockets", .callback = cr_net_sockets},
    {.name = "notify", .callback = cr_net_notify},
    {.name = "save", .callback = cr_net_save},
    {.name = "tick", .callback = cr_net_tick},
    {.name = "quarter_second", .callback = cr_net_quarter_second},
    {.name = NULL},
};

static void log_line(int level, const char *line)
{
    char text[512];
    size_t len = strcspn(line, "\n");

    snprintf(text, sizeof text, "%.*s", (int)(len < 500 ? len : 500), line);
    cr_log(level == LLL_ERR ? CR_LOG_ERROR : CR_LOG_WARN, "libwebsockets", CR_S("line", &text[0]));
}

/* ---- opening ---- */

/* libwebsockets sizes its tables by this limit. */
static void set_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max < FILES_MAX ? limit.rlim_max : FILES_MAX;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static int listen_on(struct cr_server *s, struct cr_error *err)
{
    struct lws_context_creation_info info = {
        .port = 0,
        .iface = s->o.socket_path,
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_UNIX_SOCK | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND,
        .vhost_name = "coderoom",
        .max_http_header_data = HEADER_BYTES,
        .pt_serv_buf_size = SERVICE_BYTES,
        .user = s,
    };
    mode_t old = umask(0117);

    s->context = lws_create_context(&info);
    if (s->context)
        s->vhost = lws_create_vhost(s->context, &info);
    umask(old);
    if (!s->vhost || chmod(s->o.socket_path, 0660) < 0)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "cannot listen on %s", s->o.socket_path);
    return 0;
}

static int adopt_notify(struct cr_server *s, struct cr_error *err)
{
    lws_sock_file_fd_type fd;

    s->notify_fd = cr_net_notify_open(s->o.notify_path, err);
    if (s->notify_fd < 0)
        return -1;
    fd.filefd = s->notify_fd;
    if (!lws_adopt_descriptor_vhost(s->vhost, LWS_ADOPT_RAW_FILE_DESC, fd, "notify", NULL))
        return cr_fail(err, CR_ERR_INTERNAL, "the doorbell cannot join the loop");
    return 0;
}

struct cr_server *cr_server_open(const struct cr_server_options *o, struct cr_error *err)
{
    struct cr_server *s = cr_calloc(1, sizeof *s);

    s->o = *o;
    s->notify_fd = s->epoll_fd = -1;
    lws_set_log_level(LLL_ERR | LLL_WARN, log_line);
    set_file_limit();
    if (cr_net_remove_stale(o->socket_path, SOCK_STREAM, err) < 0 || listen_on(s, err) < 0 ||
        cr_net_sockets_open(s, err) < 0 || adopt_notify(s, err) < 0 ||
        cr_net_timers_open(s, err) < 0) {
        cr_server_close(s);
        return NULL;
    }
    return s;
}

/* ---- running ---- */

void cr_server_wake(struct cr_server *s)
{
    lws_cancel_service(s->context);
}

void cr_server_stop(struct cr_server *s)
{
    atomic_store(&s->stopping, true);
    lws_cancel_service(s->context);
}

static bool drained(const struct cr_server *s, int64_t waited_ms)
{
    bool sockets = s->connections == 0 || waited_ms > DRAIN_SOCKETS_MS;

    /* Others may have the rooms as soon as everything is stored. */
    bool given_up = cr_hub_is_saved(s->o.hub) && cr_lease_release_all(s->o.hub);

    return (sockets && given_up) || waited_ms > DRAIN_MS;
}

int cr_server_run(struct cr_server *s)
{
    int64_t start;

    while (!atomic_load(&s->stopping) && lws_service(s->context, 0) >= 0)
        ;
    cr_log(CR_LOG_INFO, "stopping", CR_I("sockets", (int64_t)s->connections));
    cr_hub_drain(s->o.hub);
    start = cr_mono_ms();
    /* The timer of the quarter second wakes the loop at the latest. */
    while (!drained(s, cr_mono_ms() - start) && lws_service(s->context, 0) >= 0)
        ;
    return cr_hub_is_saved(s->o.hub) ? 0 : -1;
}

void cr_server_close(struct cr_server *s)
{
    if (!s)
        return;
    cr_net_close_all(s);
    if (s->context)
        lws_context_destroy(s->context);
    if (s->notify_fd >= 0) {
        unlink(s->o.notify_path);
        unlink(s->o.socket_path);
    }
    free(s);
}
