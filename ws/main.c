/* coderoom-ws: live rooms over WebSockets. */
#include "base/clock.h"
#include "config/config.h"
#include "crypt/crypt.h"
#include "log/log.h"
#include "monitor/monitor.h"
#include "ws/lease.h"
#include "ws/metrics.h"
#include "ws/net/server.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define POOL_QUEUE 10000    /* jobs for the database that may wait */
#define BEAT_LIMIT_MS 10000 /* a loop that is silent for longer hangs */

struct app {
    struct cr_config config;
    struct cr_lang_set languages;
    struct cr_token_verifier *verifier;
    struct cr_store *store;
    struct cr_pool *pool, *lease_pool;
    struct cr_server *server;
    struct cr_monitor *monitor;
    struct cr_hub hub;
    struct cr_lease lease;
    bool preparing, prepared; /* the database's indexes */
    unsigned ticks;
    atomic_bool database_ok;
};

static struct cr_server *stop_me; /* for the signal handler */

static void on_signal(int number)
{
    (void)number;
    cr_server_stop(stop_me);
}

/* ---- what the loop calls ---- */

static void drain(void *ctx)
{
    struct app *a = ctx;

    if (a->lease_pool)
        cr_pool_drain(a->lease_pool);
    if (a->pool)
        cr_pool_drain(a->pool);
}

static void wake(void *ctx)
{
    struct app *a = ctx;

    cr_server_wake(a->server);
}

static void prepare_work(void *worker, void *job)
{
    struct app *a = job;
    struct cr_error err = CR_ERROR_INIT;

    (void)worker;
    atomic_store(&a->database_ok, cr_store_prepare(a->store, &err) == 0);
}

static void prepare_done(void *job)
{
    struct app *a = job;

    a->preparing = false;
    a->prepared = atomic_load(&a->database_ok);
    if (a->prepared)
        cr_log(CR_LOG_INFO, "database is ready");
}

static void second(struct app *a)
{
    cr_hub_second(&a->hub, cr_mono_ms());
    if (a->prepared)
        atomic_store(&a->database_ok, a->hub.database_ok);
    else if (!a->preparing)
        a->preparing = cr_hub_submit(&a->hub, prepare_work, prepare_done, a);
    cr_monitor_beat(a->monitor);
}

static void quarter_second(void *ctx)
{
    struct app *a = ctx;

    cr_lease_tick(&a->hub);
    if (a->ticks % 2 == 0)
        cr_hub_watch(&a->hub);
    if (a->ticks++ % 4 == 0)
        second(a);
}

static void ready(void *ctx, struct cr_ready *r)
{
    struct app *a = ctx;
    bool ok = atomic_load(&a->database_ok);

    cr_ready_add(r, "database", ok, ok ? NULL : "the database does not answer");
}

/* ---- start ---- */

static int open_parts(struct app *a, struct cr_error *err)
{
    const struct cr_config *c = &a->config;
    struct cr_store_options store = {.uri = c->mongodb_uri,
                                     .database = c->mongodb_database,
                                     .pool_size = (int)c->mongodb_pool_size,
                                     .timeout_ms = (int)c->mongodb_timeout_ms,
                                     .app_name = "coderoom-ws"};

    if (cr_crypt_init(err) < 0 || cr_lang_load(c->runner_languages_dir, &a->languages, err) < 0)
        return -1;
    a->verifier = cr_token_verifier_open(c->auth_verify_key, err);
    if (!a->verifier)
        return cr_wrap(err, "auth.verify_key");
    a->store = cr_store_open(&store, err);
    return a->store ? 0 : cr_wrap(err, "mongodb.uri");
}

static struct cr_hub_options hub_options(const struct app *a)
{
    const struct cr_config *c = &a->config;

    return (struct cr_hub_options){
        .save_interval_ms = c->ws_save_interval_ms,
        .run_wall_ms = c->runner_wall_limit_ms,
        .run_wall_max_ms = c->runner_wall_limit_max_ms,
        .output_limit_bytes = c->runner_output_limit_bytes,
        .runs_per_minute = c->limits_runs_per_minute,
        .public_origin = c->http_public_url,
        .service_token = c->auth_service_token,
        .languages = &a->languages,
        .verifier = a->verifier,
    };
}

/* The address is what others call us by. */
static void start_lease(struct app *a)
{
    char address[CR_PROCESS_ADDRESS_SIZE], host[65] = "";

    gethostname(host, sizeof host - 1);
    if (a->config.ws_address[0])
        snprintf(address, sizeof address, "%s", a->config.ws_address);
    else
        snprintf(address, sizeof address, "%s:%s", host, a->config.ws_socket);
    cr_lease_init(&a->lease, a->store, a->lease_pool, address);
    a->hub.lease = &a->lease;
    cr_lease_tick(&a->hub);
}

static int open_loop(struct app *a, struct cr_error *err)
{
    struct cr_server_options server = {.socket_path = a->config.ws_socket,
                                       .notify_path = a->config.ws_notify_socket,
                                       .ping_interval_ms = a->config.ws_ping_interval_ms,
                                       .hub = &a->hub,
                                       .drain = drain,
                                       .quarter_second = quarter_second,
                                       .ctx = a};
    struct cr_pool_options pool = {.name = "ws-db",
                                   .threads = (int)a->config.ws_db_threads,
                                   .queue_max = POOL_QUEUE,
                                   .wake = wake,
                                   .ctx = a};
    struct cr_pool_options lease_pool = {
        .name = "ws-lease", .threads = 1, .queue_max = 1, .wake = wake, .ctx = a};
    struct cr_monitor_options monitor = {.program = "coderoom-ws",
                                         .listen = a->config.ws_monitor,
                                         .beat_limit_ms = BEAT_LIMIT_MS,
                                         .ready = ready,
                                         .ctx = a};
    struct cr_hub_options hub = hub_options(a);

    a->server = cr_server_open(&server, err);
    if (!a->server)
        return -1;
    a->pool = cr_pool_new(&pool, err);
    a->lease_pool = a->pool ? cr_pool_new(&lease_pool, err) : NULL;
    if (!a->lease_pool)
        return -1;
    cr_hub_init(&a->hub, &hub, a->store, a->pool, cr_server_arm_save, cr_server_arm_tick,
                a->server);
    start_lease(a);
    a->monitor = cr_monitor_start(&monitor, err);
    return a->monitor ? 0 : cr_wrap(err, "ws.monitor");
}

static void handle_signals(struct app *a)
{
    struct sigaction stop = {.sa_handler = on_signal};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    stop_me = a->server;
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

static void close_all(struct app *a)
{
    cr_monitor_stop(a->monitor);
    if (a->lease_pool) {
        cr_pool_shutdown(a->pool);
        cr_pool_shutdown(a->lease_pool);
        cr_hub_clear(&a->hub);
    }
    if (a->hub.lease)
        cr_lease_clear(&a->lease);
    cr_server_close(a->server);
    cr_pool_free(a->pool);
    cr_pool_free(a->lease_pool);
    cr_store_close(a->store);
    cr_token_verifier_free(a->verifier);
    cr_lang_set_clear(&a->languages);
    cr_config_clear(&a->config);
}

int main(int argc, char **argv)
{
    static struct app app; /* the signal handler's target outlives everything */
    struct cr_error err = CR_ERROR_INIT;
    enum cr_log_level level = CR_LOG_INFO;
    int rc = cr_config_main_args(argc, argv, "coderoom-ws", "Serves live rooms over WebSockets.",
                                 &app.config);

    if (rc != CR_CONFIG_RUN)
        return rc;
    cr_mem_return_large(); /* documents come and go */
    cr_log_level_parse(app.config.log_level, &level);
    cr_log_init("coderoom-ws", level);
    cr_ws_metrics_init();
    rc = 1;
    if (open_parts(&app, &err) < 0 || open_loop(&app, &err) < 0) {
        cr_log(CR_LOG_ERROR, "cannot start", CR_S("error", err.message));
    } else {
        handle_signals(&app);
        cr_log(CR_LOG_INFO, "listening", CR_S("socket", app.config.ws_socket));
        rc = cr_server_run(app.server) == 0 ? 0 : 1;
        cr_log(rc == 0 ? CR_LOG_INFO : CR_LOG_ERROR,
               rc == 0 ? "stopped" : "stopped with edits that could not be stored");
    }
    close_all(&app);
    return rc;
}
