#include "runner/net/client.h"

#include "base/mem.h"
#include "log/log.h"

#include <libwebsockets.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#define PATH "/ws/v1/service"
#define MESSAGE_MAX (128 * 1024) /* standard input arrives in frames below 64 kB */
#define BACKOFF_FIRST_MS 100
#define BACKOFF_MAX_MS 2000
#define TIDY_MS 1000

struct conn {
    struct cr_net *net;
    size_t index;
    char *host; /* "+/path" for a unix socket, as libwebsockets wants it */
    int port;
    struct lws *wsi;
    bool open;
    int64_t backoff_ms;
    bool warned;  /* its absence was logged */
    bool waiting; /* the next attempt is scheduled */
    lws_sorted_usec_list_t again;
    struct cr_buf in;  /* a message that is not whole yet */
    struct cr_buf out; /* LWS_PRE bytes, then the message */
};

struct cr_net {
    struct cr_link *link;
    char *bearer;
    struct lws_context *context;
    struct conn *conns;
    size_t count;
    pthread_t thread;
    lws_sorted_usec_list_t tidy;
    struct cr_buf message;
    atomic_bool stopping;
    atomic_bool woken;
};

static const lws_retry_bo_t idle_policy = {.secs_since_valid_ping = 30,
                                           .secs_since_valid_hangup = 60};

static void on_closed(struct conn *c, const char *why);

static void connect_now(lws_sorted_usec_list_t *sul)
{
    struct conn *c = lws_container_of(sul, struct conn, again);
    struct lws_client_connect_info i = {
        .context = c->net->context,
        .address = c->host,
        .host = "localhost",
        .port = c->port,
        .path = PATH,
        .pwsi = &c->wsi,
        .opaque_user_data = c,
        .local_protocol_name = "coderoom-service",
        .retry_and_idle_policy = &idle_policy,
    };
    c->waiting = false;
    /* Most failures are told to the callback; a socket that is not there only to us. */
    if (!lws_client_connect_via_info(&i) && !c->waiting)
        on_closed(c, "cannot connect");
}

static void connect_later(struct conn *c)
{
    c->waiting = true;
    lws_sul_schedule(c->net->context, 0, &c->again, connect_now,
                     (lws_usec_t)c->backoff_ms * LWS_US_PER_MS);
    c->backoff_ms = 2 * c->backoff_ms < BACKOFF_MAX_MS ? 2 * c->backoff_ms : BACKOFF_MAX_MS;
}

static void on_open(struct conn *c)
{
    c->open = true;
    c->warned = false;
    c->backoff_ms = BACKOFF_FIRST_MS;
    cr_buf_reset(&c->in);
    cr_log(CR_LOG_INFO, "connected to ws", CR_S("address", c->host));
    cr_link_opened(c->net->link, c->index);
    lws_callback_on_writable(c->wsi);
}

static void on_closed(struct conn *c, const char *why)
{
    if (c->open || !c->warned)
        cr_log(CR_LOG_WARN, "no connection to ws", CR_S("address", c->host), CR_S("error", why));
    c->warned = true;
    if (c->open)
        cr_link_closed(c->net->link, c->index);
    c->open = false;
    c->wsi = NULL;
    connect_later(c);
}

static int on_writable(struct conn *c)
{
    bool binary = false;
    struct cr_buf *m = &c->net->message;
    if (!cr_link_next(c->net->link, c->index, m, &binary))
        return 0;
    cr_buf_reset(&c->out);
    uint8_t *p = cr_buf_reserve(&c->out, LWS_PRE + m->len);
    memcpy(p + LWS_PRE, m->data, m->len);
    if (lws_write(c->wsi, p + LWS_PRE, m->len, binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT) <
        (int)m->len)
        return -1;
    lws_callback_on_writable(c->wsi);
    return 0;
}

static int on_receive(struct conn *c, const void *data, size_t len)
{
    if (c->in.len + len > MESSAGE_MAX)
        return -1;
    cr_buf_append(&c->in, data, len);
    if (!lws_is_final_fragment(c->wsi) || lws_remaining_packet_payload(c->wsi) > 0)
        return 0;
    cr_link_message(c->net->link, c->index, c->in.data, c->in.len, lws_frame_is_binary(c->wsi));
    cr_buf_reset(&c->in);
    lws_callback_on_writable(c->wsi); /* it may have asked for output */
    return 0;
}

static int add_bearer(struct conn *c, unsigned char **p, unsigned char *end)
{
    return lws_add_http_header_by_name(
        c->wsi, (const unsigned char *)"authorization:", (const unsigned char *)c->net->bearer,
        (int)strlen(c->net->bearer), p, end);
}

static void on_wake(struct cr_net *n)
{
    atomic_store(&n->woken, false);
    for (size_t i = 0; i < n->count; i++) {
        if (n->conns[i].open)
            lws_callback_on_writable(n->conns[i].wsi);
    }
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
    struct conn *c = wsi ? lws_get_opaque_user_data(wsi) : NULL;
    (void)user;
    if (reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED) {
        struct cr_net *n = lws_context_user(lws_get_context(wsi));
        if (n)
            on_wake(n);
        return 0;
    }
    if (!c)
        return 0;
    switch (reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER: {
        unsigned char **p = in;
        c->wsi = wsi;
        return add_bearer(c, p, *p + len) ? -1 : 0;
    }
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        c->wsi = wsi;
        on_open(c);
        return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        return on_receive(c, in, len);
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return on_writable(c);
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        on_closed(c, in ? in : "cannot connect");
        return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
        on_closed(c, "closed");
        return 0;
    default:
        return 0;
    }
}

static const struct lws_protocols protocols[] = {
    {.name = "coderoom-service", .callback = callback, .rx_buffer_size = 64 * 1024},
    {0},
};

static void on_tidy(lws_sorted_usec_list_t *sul)
{
    struct cr_net *n = lws_container_of(sul, struct cr_net, tidy);
    cr_link_tidy(n->link);
    lws_sul_schedule(n->context, 0, &n->tidy, on_tidy, TIDY_MS * LWS_US_PER_MS);
}

static void *net_main(void *ctx)
{
    struct cr_net *n = ctx;
    for (size_t i = 0; i < n->count; i++)
        lws_sul_schedule(n->context, 0, &n->conns[i].again, connect_now, 1);
    lws_sul_schedule(n->context, 0, &n->tidy, on_tidy, TIDY_MS * LWS_US_PER_MS);
    while (!atomic_load(&n->stopping) && lws_service(n->context, 0) >= 0) {
    }
    return NULL;
}

static int parse_address(struct conn *c, const char *address, struct cr_error *err)
{
    if (address[0] == '/') {
        c->host = cr_asprintf("+%s", address);
        c->port = 1; /* not used */
        return 0;
    }
    char host[256];
    int port = 80, end = 0;
    if (sscanf(address, "ws://%255[^:/]%n:%d", host, &end, &port) < 1 || port < 1 || port > 65535)
        return cr_fail_field(err, CR_ERR_INVALID, "runner.ws_sockets",
                             "runner.ws_sockets: \"%s\" is neither a path nor ws://host:port",
                             address);
    c->host = cr_strdup(host);
    c->port = port;
    return 0;
}

static void lws_line(int level, const char *line)
{
    size_t len = strcspn(line, "\n");
    cr_auto_free char *text = cr_strndup(line, len);
    cr_log(level & LLL_ERR ? CR_LOG_ERROR : CR_LOG_WARN, "libwebsockets", CR_S("text", text));
}

static void release(struct cr_net *n)
{
    if (n->context)
        lws_context_destroy(n->context);
    for (size_t i = 0; i < n->count; i++) {
        free(n->conns[i].host);
        cr_buf_clear(&n->conns[i].in);
        cr_buf_clear(&n->conns[i].out);
    }
    cr_buf_clear(&n->message);
    free(n->conns);
    free(n->bearer);
    free(n);
}

struct cr_net *cr_net_start(const struct cr_net_options *o, struct cr_error *err)
{
    struct cr_net *n = cr_calloc(1, sizeof(*n));
    struct lws_context_creation_info info = {.port = CONTEXT_PORT_NO_LISTEN,
                                             .protocols = protocols,
                                             .user = n,
                                             .pt_serv_buf_size = 65536};
    int rc = 0;
    n->link = o->link;
    n->bearer = cr_asprintf("Bearer %s", o->token);
    while (o->addresses[n->count])
        n->count++;
    n->conns = cr_calloc(n->count + 1, sizeof(*n->conns));
    for (size_t i = 0; i < n->count && rc == 0; i++) {
        n->conns[i] = (struct conn){.net = n, .index = i, .backoff_ms = BACKOFF_FIRST_MS};
        rc = parse_address(&n->conns[i], o->addresses[i], err);
    }
    lws_set_log_level(LLL_ERR, lws_line);
    if (rc == 0 && !(n->context = lws_create_context(&info)))
        rc = cr_fail(err, CR_ERR_UNAVAILABLE, "libwebsockets does not start");
    if (rc == 0 && pthread_create(&n->thread, NULL, net_main, n) != 0)
        rc = cr_fail(err, CR_ERR_UNAVAILABLE, "no thread for the connections to ws");
    if (rc == 0)
        return n;
    release(n);
    return NULL;
}

void cr_net_wake(struct cr_net *n)
{
    if (!atomic_exchange(&n->woken, true))
        lws_cancel_service(n->context);
}

void cr_net_stop(struct cr_net *n)
{
    if (!n)
        return;
    atomic_store(&n->stopping, true);
    lws_cancel_service(n->context);
    pthread_join(n->thread, NULL);
    release(n);
}
