/* coderoom-runner */
#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"
#include "config/config.h"
#include "crypt/crypt.h"
#include "lang/lang.h"
#include "log/log.h"
#include "monitor/monitor.h"
#include "runner/health.h"
#include "runner/lease.h"
#include "runner/link.h"
#include "runner/net/client.h"
#include "runner/pool.h"
#include "runner/selftest.h"
#include "runner/worker.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#define GRACE_MS 5000 /* running jobs may end by themselves before they are given back */
#define RETRY_MS 1000 /* database, Docker or an image is not there yet */
#define PROFILE_MAX (256 * 1024)

struct runner {
    struct cr_config config;
    struct cr_lang_set langs;
    struct cr_cell_env env;
    char *seccomp;
    int instance_fd;
    char id[64]; /* names this process in the leases and to ws */
    struct cr_store *store;
    struct cr_lives *lives;
    struct cr_cells *cells;
    struct cr_link *link;
    struct cr_net *net;
    struct cr_leases *leases;
    struct cr_workers *workers;
    struct cr_monitor *monitor;
};

static sigset_t end_signals;
static pthread_mutex_t bell_lock = PTHREAD_MUTEX_INITIALIZER; /* r->workers, for who rings */

/* True when somebody asked us to end; waits at most so long for that. */
static bool told_to_end(int64_t ms)
{
    struct timespec wait = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    return sigtimedwait(&end_signals, NULL, &wait) > 0;
}

static void on_changed(void *ctx)
{
    struct runner *r = ctx;
    cr_net_wake(r->net);
}

static void on_ring(void *ctx)
{
    struct runner *r = ctx;
    pthread_mutex_lock(&bell_lock);
    if (r->workers)
        cr_workers_ring(r->workers);
    pthread_mutex_unlock(&bell_lock);
}

static void on_ready(void *ctx, struct cr_ready *out)
{
    struct runner *r = ctx;
    char why[256] = "not asked yet";
    struct cr_cells *cells = __atomic_load_n(&r->cells, __ATOMIC_ACQUIRE);
    bool ok = cells && cr_cells_healthy(cells, why, sizeof(why));
    cr_ready_add(out, "docker", ok, ok ? NULL : why);
    cr_health_report(out);
}

static int read_profile(struct runner *r, struct cr_error *err)
{
    const char *path = r->config.runner_seccomp_profile;
    if (path[0] == '\0')
        return 0;
    cr_auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0)
        return cr_fail(err, CR_ERR_INVALID, "runner.seccomp_profile: cannot read %s: %s", path,
                       strerror(errno));
    if (st.st_size > PROFILE_MAX)
        return cr_fail(err, CR_ERR_INVALID, "runner.seccomp_profile: %s is too large", path);
    r->seccomp = cr_calloc(1, (size_t)st.st_size + 1);
    if (read(fd, r->seccomp, (size_t)st.st_size) != st.st_size)
        return cr_fail(err, CR_ERR_INVALID, "runner.seccomp_profile: cannot read %s", path);
    return 0;
}

/* The sweep removes every cell of this instance that it does not know, so there must be no second
 * runner of the instance at this Docker. The kernel frees the name when we end, however we end. */
static int claim_instance(struct runner *r, struct cr_error *err)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "coderoom-runner-%s",
             r->config.runner_instance);
    r->instance_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (r->instance_fd < 0 || bind(r->instance_fd, (struct sockaddr *)&name, sizeof(name)) < 0)
        return cr_fail(
            err, CR_ERR_CONFLICT,
            "another coderoom-runner works here for the instance \"%s\": stop it, or give "
            "this one its own runner.instance (%s)",
            r->config.runner_instance, strerror(errno));
    return 0;
}

static int prepare(struct runner *r, struct cr_error *err)
{
    char host[32] = "", random[CR_ID_SIZE];
    struct cr_store_options so = {.uri = r->config.mongodb_uri,
                                  .database = r->config.mongodb_database,
                                  .pool_size = (int)r->config.mongodb_pool_size,
                                  .timeout_ms = (int)r->config.mongodb_timeout_ms,
                                  .app_name = "coderoom-runner"};
    gethostname(host, sizeof(host) - 1);
    cr_id_new(random);
    snprintf(r->id, sizeof(r->id), "%s-%s", host, random);
    if (claim_instance(r, err) < 0 || cr_crypt_init(err) < 0 ||
        cr_lang_load(r->config.runner_languages_dir, &r->langs, err) < 0 ||
        read_profile(r, err) < 0)
        return -1;
    r->store = cr_store_open(&so, err);
    if (!r->store)
        return -1;
    r->lives = cr_lives_new();
    r->env = (struct cr_cell_env){.docker = cr_docker_new(r->config.runner_docker_socket),
                                  .config = &r->config,
                                  .seccomp = r->seccomp};
    return 0;
}

static int start_monitor(struct runner *r, struct cr_error *err)
{
    struct cr_monitor_options mo = {.program = "coderoom-runner",
                                    .listen = r->config.runner_monitor,
                                    .ready = on_ready,
                                    .ctx = r};
    r->monitor = cr_monitor_start(&mo, err);
    return r->monitor ? 0 : -1;
}

static int start_link(struct runner *r, struct cr_error *err)
{
    size_t conns = 0;
    while (r->config.runner_ws_sockets[conns])
        conns++;
    struct cr_link_options lo = {.lives = r->lives,
                                 .langs = &r->langs,
                                 .runner_id = r->id,
                                 .conns = conns,
                                 .ring = on_ring,
                                 .ctx = r};
    r->link = cr_link_new(&lo);
    struct cr_net_options no = {.link = r->link,
                                .addresses = (const char *const *)r->config.runner_ws_sockets,
                                .token = r->config.auth_service_token};
    r->net = cr_net_start(&no, err);
    return r->net ? 0 : -1;
}

/* Try until it works or somebody ends us; says once what is missing. 0: it worked. */
static int insist(struct runner *r, const char *what,
                  int (*attempt)(struct runner *, struct cr_error *))
{
    char last[256] = "";
    for (;;) {
        struct cr_error err = CR_ERROR_INIT;
        if (attempt(r, &err) == 0)
            return 0;
        if (strcmp(last, err.message) != 0)
            cr_log(CR_LOG_ERROR, what, CR_S("error", err.message));
        memcpy(last, err.message, sizeof(last));
        if (told_to_end(RETRY_MS))
            return -1;
    }
}

static int reach_docker(struct runner *r, struct cr_error *err)
{
    char engine[32];
    if (cr_docker_hello(r->env.docker, engine, sizeof(engine), err) < 0)
        return -1;
    cr_log(CR_LOG_INFO, "Docker answers", CR_S("engine", &engine[0]),
           CR_S("runtime", r->config.runner_runtime[0] ? r->config.runner_runtime : "default"));
    return 0;
}

static int reach_database(struct runner *r, struct cr_error *err)
{
    if (cr_store_prepare(r->store, err) < 0) {
        cr_health_set(CR_HEALTH_DATABASE, false, err->message);
        return -1;
    }
    cr_health_set(CR_HEALTH_DATABASE, true, NULL);
    return 0;
}

static int check_limits(struct runner *r, struct cr_error *err)
{
    if (cr_selftest_run(&r->env, r->cells, &r->langs, err) < 0) {
        cr_health_set(CR_HEALTH_SELFTEST, false, err->message);
        return -1;
    }
    cr_log(CR_LOG_INFO, "memory, processes, output and network are limited as they should be");
    cr_health_set(CR_HEALTH_SELFTEST, true, NULL);
    return 0;
}

static int start_cells(struct runner *r, struct cr_error *err)
{
    struct cr_cells *cells =
        cr_cells_start(&r->env, &r->langs, (size_t)r->config.runner_pool_size, err);
    __atomic_store_n(&r->cells, cells, __ATOMIC_RELEASE);
    return cells ? 0 : -1;
}

static int start_work(struct runner *r, struct cr_error *err)
{
    struct cr_workers_options wo = {.env = &r->env,
                                    .langs = &r->langs,
                                    .store = r->store,
                                    .cells = r->cells,
                                    .lives = r->lives,
                                    .runner_id = r->id,
                                    .changed = on_changed,
                                    .ctx = r};
    r->leases = cr_leases_start(r->store, r->lives, r->config.runner_lease_ms, err);
    if (!r->leases)
        return -1;
    struct cr_workers *w = cr_workers_start(&wo, err);
    pthread_mutex_lock(&bell_lock);
    r->workers = w;
    pthread_mutex_unlock(&bell_lock);
    return w ? 0 : -1;
}

static int serve(struct runner *r, struct cr_error *err)
{
    if (prepare(r, err) < 0 || start_monitor(r, err) < 0 || start_link(r, err) < 0)
        return -1;
    if (insist(r, "Docker is not there", reach_docker) < 0)
        return 0;
    if (start_cells(r, err) < 0)
        return -1;
    if (insist(r, "the database is not there", reach_database) < 0 ||
        insist(r, "cells are not safe to use", check_limits) < 0)
        return 0;
    if (start_work(r, err) < 0)
        return -1;
    cr_log(CR_LOG_INFO, "ready", CR_S("runner", r->id),
           CR_I("concurrency", r->config.runner_concurrency),
           CR_I("pool_size", r->config.runner_pool_size));
    while (!told_to_end(RETRY_MS))
        cr_monitor_beat(r->monitor);
    cr_log(CR_LOG_INFO, "ending: no new jobs");
    return 0;
}

static void tear_down(struct runner *r)
{
    pthread_mutex_lock(&bell_lock);
    struct cr_workers *w = r->workers;
    r->workers = NULL;
    pthread_mutex_unlock(&bell_lock);
    cr_monitor_stop(r->monitor);
    cr_workers_stop(w, GRACE_MS);
    cr_leases_stop(r->leases);
    if (r->net) {
        cr_net_wake(r->net);
        usleep(100000); /* the last results reach ws, which would find them in the database too */
    }
    cr_net_stop(r->net);
    cr_cells_stop(r->cells);
    cr_link_free(r->link);
    cr_lives_free(r->lives);
    cr_docker_free(r->env.docker);
    if (r->store)
        cr_store_close(r->store);
    cr_lang_set_clear(&r->langs);
    cr_config_clear(&r->config);
    free(r->seccomp);
    if (r->instance_fd >= 0)
        close(r->instance_fd);
}

int main(int argc, char **argv)
{
    struct runner r = {.instance_fd = -1};
    struct cr_error err = CR_ERROR_INIT;
    enum cr_log_level level = CR_LOG_INFO;

    int rc = cr_config_main_args(argc, argv, "coderoom-runner",
                                 "runs the jobs of rooms in containers", &r.config);
    if (rc != CR_CONFIG_RUN)
        return rc;
    cr_log_level_parse(r.config.log_level, &level);
    cr_log_init("coderoom-runner", level);
    /* Blocked in every thread; the main thread takes them with sigtimedwait(). */
    sigemptyset(&end_signals);
    sigaddset(&end_signals, SIGTERM);
    sigaddset(&end_signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &end_signals, NULL);
    signal(SIGPIPE, SIG_IGN);

    rc = serve(&r, &err);
    if (rc < 0)
        cr_log(CR_LOG_ERROR, "cannot run", CR_S("error", err.message));
    tear_down(&r);
    return rc < 0 ? 1 : 0;
}
