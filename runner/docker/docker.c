/* Docker's calls by name. */
#include "runner/docker/docker.h"

#include "base/mem.h"
#include "runner/docker/http.h"
#include "json/json.h"

#include <curl/curl.h>
#include <stdio.h>

#define QUICK_MS 10000L /* answers in milliseconds unless the machine is in trouble */
#define SLOW_MS 60000L  /* create, start and delete wait for the disk and the kernel */
#define REPLY_MAX ((size_t)4 * 1024 * 1024)
#define NEWEST_MINOR 47 /* API 1.47: the newest that this was read against */

struct cr_docker *cr_docker_new(const char *socket)
{
    struct cr_docker *d = cr_calloc(1, sizeof(*d));
    curl_global_init(CURL_GLOBAL_DEFAULT);
    d->socket = cr_strdup(socket);
    return d;
}

void cr_docker_free(struct cr_docker *d)
{
    if (!d)
        return;
    free(d->socket);
    free(d);
    curl_global_cleanup();
}

static struct cr_json *parse(const struct cr_buf *reply, struct cr_error *err)
{
    struct cr_json *j = cr_json_parse(reply->data, reply->len, REPLY_MAX, err);
    if (!j)
        cr_wrap(err, "Docker's answer");
    return j;
}

int cr_docker_hello(struct cr_docker *d, char *engine, size_t size, struct cr_error *err)
{
    CR_AUTO_BUF reply = {0};
    char offered[16] = "";
    int major = 0, minor = 0;
    struct cr_docker plain = {.socket = d->socket};
    struct cr_http_call ping = {.method = "GET", .path = "/_ping", .timeout_ms = QUICK_MS};
    long status = cr_http(&plain, &ping, &reply, offered, err);
    if (status < 0)
        return -1;
    if (sscanf(offered, "%d.%d", &major, &minor) != 2 || major != 1 || minor < 24)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "Docker on %s answers %ld, API version \"%s\"",
                       d->socket, status, offered);
    if (d->version[0] == '\0')
        snprintf(d->version, sizeof(d->version), "v1.%d",
                 minor < NEWEST_MINOR ? minor : NEWEST_MINOR);

    struct cr_http_call version = {.method = "GET", .path = "/version", .timeout_ms = QUICK_MS};
    cr_buf_reset(&reply);
    if (cr_http_ok(d, &version, &reply, 0, err) < 0)
        return -1;
    CR_AUTO(cr_json) *j = parse(&reply, err);
    const char *name = j ? cr_json_str(cr_json_get(cr_json_root(j), "Version")) : NULL;
    snprintf(engine, size, "%s", name ? name : "?");
    return j ? 0 : -1;
}

int cr_docker_create(struct cr_docker *d, const char *name, const void *spec, size_t len,
                     char id[CR_DOCKER_ID_SIZE], struct cr_error *err)
{
    CR_AUTO_BUF reply = {0};
    cr_auto_free char *path = cr_asprintf("/containers/create?name=%s", name);
    struct cr_http_call call = {
        .method = "POST", .path = path, .body = spec, .body_len = len, .timeout_ms = SLOW_MS};
    if (cr_http_ok(d, &call, &reply, 0, err) < 0)
        return -1;
    CR_AUTO(cr_json) *j = parse(&reply, err);
    const char *made = j ? cr_json_str(cr_json_get(cr_json_root(j), "Id")) : NULL;
    if (!made || strlen(made) >= CR_DOCKER_ID_SIZE)
        return j ? cr_fail(err, CR_ERR_INTERNAL, "Docker's answer to create has no id") : -1;
    strcpy(id, made);
    return 0;
}

static int container_call(struct cr_docker *d, const char *method, const char *id, const char *what,
                          long accept, struct cr_error *err)
{
    CR_AUTO_BUF reply = {0};
    cr_auto_free char *path = cr_asprintf("/containers/%s%s", id, what);
    struct cr_http_call call = {.method = method, .path = path, .timeout_ms = SLOW_MS};
    return cr_http_ok(d, &call, &reply, accept, err);
}

int cr_docker_start(struct cr_docker *d, const char *id, struct cr_error *err)
{
    return container_call(d, "POST", id, "/start", 0, err);
}

int cr_docker_remove(struct cr_docker *d, const char *id, struct cr_error *err)
{
    struct cr_error why = CR_ERROR_INIT;
    /* 409: somebody else is removing it. */
    if (container_call(d, "DELETE", id, "?force=1&v=1", 409, &why) < 0 &&
        why.code != CR_ERR_NOT_FOUND) {
        if (err)
            *err = why;
        return -1;
    }
    return 0;
}

int cr_docker_inspect(struct cr_docker *d, const char *id, struct cr_docker_end *out,
                      struct cr_error *err)
{
    CR_AUTO_BUF reply = {0};
    cr_auto_free char *path = cr_asprintf("/containers/%s/json", id);
    struct cr_http_call call = {.method = "GET", .path = path, .timeout_ms = QUICK_MS};
    if (cr_http_ok(d, &call, &reply, 0, err) < 0)
        return -1;
    CR_AUTO(cr_json) *j = parse(&reply, err);
    if (!j)
        return -1;
    const struct cr_json_node *state = cr_json_get(cr_json_root(j), "State");
    int64_t code = 0;
    *out = (struct cr_docker_end){
        .running = cr_json_bool(cr_json_get(state, "Running"), false),
        .oom_killed = cr_json_bool(cr_json_get(state, "OOMKilled"), false),
    };
    if (cr_json_int(cr_json_get(state, "ExitCode"), &code))
        out->exit_code = (int)code;
    const char *error = cr_json_str(cr_json_get(state, "Error"));
    snprintf(out->error, sizeof(out->error), "%s", error ? error : "");
    return 0;
}

int cr_docker_list(struct cr_docker *d, const char *label, const char *also,
                   struct cr_docker_list *out, struct cr_error *err)
{
    CR_AUTO_BUF reply = {0};
    cr_auto_free char *filter = cr_asprintf("{\"label\":[\"%s\",\"%s\"]}", label, also);
    char *escaped = curl_easy_escape(NULL, filter, 0);
    cr_auto_free char *path = cr_asprintf("/containers/json?all=1&filters=%s", escaped);
    curl_free(escaped);
    struct cr_http_call call = {.method = "GET", .path = path, .timeout_ms = QUICK_MS};
    if (cr_http_ok(d, &call, &reply, 0, err) < 0)
        return -1;
    CR_AUTO(cr_json) *j = parse(&reply, err);
    if (!j)
        return -1;
    const struct cr_json_node *n = cr_json_first(cr_json_root(j));
    *out = (struct cr_docker_list){
        .ids = cr_calloc(cr_json_count(cr_json_root(j)) + 1, CR_DOCKER_ID_SIZE)};
    for (; n; n = cr_json_next(n)) {
        const char *id = cr_json_str(cr_json_get(n, "Id"));
        if (id && strlen(id) < CR_DOCKER_ID_SIZE)
            strcpy(out->ids[out->count++], id);
    }
    return 0;
}

void cr_docker_list_clear(struct cr_docker_list *l)
{
    free(l->ids);
    *l = (struct cr_docker_list){0};
}

int cr_docker_image_check(struct cr_docker *d, const char *image, struct cr_error *err)
{
    CR_AUTO_BUF reply = {0};
    cr_auto_free char *path = cr_asprintf("/images/%s/json", image);
    struct cr_http_call call = {.method = "GET", .path = path, .timeout_ms = QUICK_MS};
    return cr_http_ok(d, &call, &reply, 0, err);
}
