/* coderoom-api: answers FastCGI on a socket of its own or one it inherits, or one request as plain
 * CGI. */
#include "fcgi/app.h"
#include "fcgi/dispatch.h"
#include "fcgi/http/server.h"
#include "fcgi/keeper.h"
#include "fcgi/routes.h"
#include "log/log.h"
#include "monitor/monitor.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define PROGRAM "coderoom-api"
#define STOP_MS 4000 /* supervisors kill after 5 s */

static void add_readiness(void *ctx, struct cr_ready *r)
{
    const char *missing = cr_keeper_missing(ctx);

    cr_ready_add(r, "database", missing == NULL, missing);
}

static int fail(const char *what, const struct cr_error *err)
{
    cr_log(CR_LOG_ERROR, what, CR_S("error", err->message));
    return 1;
}

/* Blocked before any thread starts, so that they all inherit it and only wait_for_end() sees them.
 */
static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    pthread_sigmask(SIG_BLOCK, set, NULL);
}

static int serve_until_told(struct cr_app *app, int listen_fd, struct cr_keeper *keeper,
                            const sigset_t *ends, struct cr_error *err)
{
    struct cr_server_options so = {listen_fd, (int)app->config->api_threads, cr_dispatch, app};
    struct cr_monitor_options mo = {PROGRAM, app->config->api_monitor, 0, add_readiness, keeper};
    struct cr_monitor *monitor = cr_monitor_start(&mo, err);
    struct cr_server *server = monitor ? cr_server_start(&so, err) : NULL;
    int sig;

    if (!server) {
        cr_monitor_stop(monitor);
        return -1;
    }
    cr_log(CR_LOG_INFO, "ready for requests", CR_I("threads", so.threads));
    sigwait(ends, &sig);
    cr_log(CR_LOG_INFO, "ending", CR_S("signal", strsignal(sig)));
    if (!cr_server_stop(server, STOP_MS)) {
        cr_log(CR_LOG_WARN, "some requests did not end in time");
        _exit(0); /* their threads still use everything */
    }
    cr_monitor_stop(monitor);
    return 0;
}

static int run_daemon(struct cr_app *app, enum cr_server_mode mode)
{
    struct cr_error err = CR_ERROR_INIT;
    struct cr_keeper *keeper;
    sigset_t ends;
    int rc, fd = 0;

    block_signals(&ends);
    if (mode == CR_SERVER_DAEMON && (fd = cr_server_listen(app->config->api_socket, &err)) < 0)
        return fail("cannot listen", &err);
    keeper = cr_keeper_start(app->store, &err);
    if (!keeper)
        return fail("cannot start", &err);
    rc = serve_until_told(app, fd, keeper, &ends, &err);
    cr_keeper_stop(keeper);
    return rc < 0 ? fail("cannot start", &err) : 0;
}

int main(int argc, char **argv)
{
    enum cr_server_mode mode = cr_server_detect();
    enum cr_log_level level = CR_LOG_INFO;
    struct cr_config config;
    struct cr_app app;
    struct cr_error err = CR_ERROR_INIT;
    int rc;

    if (argc == 2 && strcmp(argv[1], "--list-routes") == 0) {
        cr_routes_print(stdout);
        return 0;
    }
    /* A CGI's arguments come from the query string (RFC 3875 section 4.4): they are not ours. */
    rc = cr_config_main_args(mode == CR_SERVER_CGI ? 1 : argc, argv, PROGRAM,
                             "answers Coderoom's HTTP API as FastCGI or CGI", &config);
    if (rc != CR_CONFIG_RUN)
        return rc;
    if (cr_log_level_parse(config.log_level, &level) < 0)
        level = CR_LOG_INFO;
    cr_log_init(PROGRAM, level);
    if (cr_app_open(&app, &config, mode == CR_SERVER_CGI, &err) < 0) {
        rc = fail("cannot start", &err);
    } else if (mode == CR_SERVER_CGI) {
        cr_server_cgi(cr_dispatch, &app);
        rc = 0;
    } else {
        rc = run_daemon(&app, mode);
    }
    cr_app_clear(&app);
    cr_config_clear(&config);
    return rc;
}
