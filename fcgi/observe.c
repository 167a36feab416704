#include "fcgi/observe.h"

#include "log/log.h"
#include "monitor/metric.h"

static void count(const char *name, int status, int64_t took_us)
{
    char labels[80];

    snprintf(labels, sizeof(labels), "route=\"%s\",class=\"%dxx\"", name, status / 100);
    cr_metric_add(cr_metric_counter("coderoom_api_requests_total", "Requests answered.", labels),
                  1);
    snprintf(labels, sizeof(labels), "route=\"%s\"", name);
    cr_metric_observe_us(cr_metric_histogram("coderoom_api_request_seconds",
                                             "From the request's variables to the answer's end.",
                                             labels),
                         took_us);
}

static const char *room_of(const struct cr_request *req)
{
    return req->param_count > 0 && req->params[0].name[0] == 'r' ? req->params[0].text : "";
}

void cr_observe(const struct cr_route *route, const struct cr_request *req,
                const struct cr_response *res, const struct cr_error *err, int64_t took_us)
{
    const char *name = route ? route->name : "none";
    enum cr_log_level level = CR_LOG_INFO;

    if (err && !cr_error_is_public(err->code))
        level = CR_LOG_ERROR;
    count(name, res->status, took_us);
    if (err)
        cr_log(level, "request", CR_S("req", req->id), CR_S("method", cr_method_name(req->method)),
               CR_S("route", name), CR_I("status", res->status), CR_I("us", took_us),
               CR_S("user", req->user_id), CR_S("room", room_of(req)), CR_S("field", err->field),
               CR_S("error", err->message));
    else
        cr_log(level, "request", CR_S("req", req->id), CR_S("method", cr_method_name(req->method)),
               CR_S("route", name), CR_I("status", res->status), CR_I("us", took_us),
               CR_S("user", req->user_id), CR_S("room", room_of(req)));
}
