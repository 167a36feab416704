/* HTTP over Docker's unix socket. A handle for each call: connecting costs 0.1 ms and a thread that
 * waits for a slow call then blocks no other. */
#include "runner/docker/http.h"

#include "base/mem.h"
#include "json/json.h"

#include <curl/curl.h>
#include <strings.h>

#define REPLY_MAX ((size_t)4 * 1024 * 1024)

struct reply {
    struct cr_buf *body;
    char *api_version;
};

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    struct reply *r = ctx;
    size_t len = size * count;
    if (r->body->len + len > REPLY_MAX)
        return 0; /* ends the call with an error */
    cr_buf_append(r->body, data, len);
    return len;
}

static size_t on_header(char *data, size_t size, size_t count, void *ctx)
{
    static const char name[] = "api-version:";
    struct reply *r = ctx;
    size_t len = size * count;
    if (r->api_version && len > sizeof(name) && strncasecmp(data, name, sizeof(name) - 1) == 0) {
        size_t at = sizeof(name) - 1, n = 0;
        while (at < len && data[at] == ' ')
            at++;
        while (at < len && n < 15 && strchr("0123456789.", data[at]) && data[at])
            r->api_version[n++] = data[at++];
        r->api_version[n] = '\0';
    }
    return len;
}

static void set_up(CURL *c, struct cr_docker *d, const struct cr_http_call *call, struct reply *r,
                   const char *url, struct curl_slist *headers)
{
    curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, d->socket);
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, call->method);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, call->timeout_ms);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, r);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, r);
    if (strcmp(call->method, "POST") == 0) {
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)call->body_len);
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, call->body ? call->body : "");
    }
}

long cr_http(struct cr_docker *d, const struct cr_http_call *call, struct cr_buf *reply,
             char api_version[16], struct cr_error *err)
{
    struct reply r = {.body = reply, .api_version = api_version};
    long status = -1;
    CURL *c = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    cr_auto_free char *url =
        cr_asprintf("http://docker%s%s%s", d->version[0] ? "/" : "", d->version, call->path);

    if (!c || !headers) {
        cr_fail(err, CR_ERR_UNAVAILABLE, "no memory for a call to Docker");
    } else {
        set_up(c, d, call, &r, url, headers);
        CURLcode rc = curl_easy_perform(c);
        if (rc != CURLE_OK)
            cr_fail(err, CR_ERR_UNAVAILABLE, "Docker does not answer on %s: %s", d->socket,
                    curl_easy_strerror(rc));
        else
            curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(c);
    return status;
}

static int refused(long status, const struct cr_http_call *call, const struct cr_buf *reply,
                   struct cr_error *err)
{
    CR_AUTO(cr_json) *j = cr_json_parse(reply->data, reply->len, REPLY_MAX, NULL);
    const char *message = j ? cr_json_str(cr_json_get(cr_json_root(j), "message")) : NULL;
    return cr_fail(err, status == 404 ? CR_ERR_NOT_FOUND : CR_ERR_INTERNAL,
                   "Docker refuses %s %.60s (%ld): %s", call->method, call->path, status,
                   message ? message : "no reason given");
}

int cr_http_ok(struct cr_docker *d, const struct cr_http_call *call, struct cr_buf *reply,
               long accept, struct cr_error *err)
{
    long status = cr_http(d, call, reply, NULL, err);
    if (status < 0)
        return -1;
    if (status >= 400 && status != accept)
        return refused(status, call, reply, err);
    return 0;
}
