#include "fcgi/http/problem.h"

#define TYPE_PREFIX "urn:coderoom:problem:"
#include <stdio.h>

void cr_problem_set(struct cr_response *res, const struct cr_request *req,
                    const struct cr_error *err)
{
    enum cr_error_code code = err->code == CR_ERR_NONE ? CR_ERR_INTERNAL : err->code;
    const char *text = cr_error_public_text(code);
    char type[64];

    snprintf(type, sizeof(type), TYPE_PREFIX "%s", cr_error_wire(code));
    cr_response_reset(res);
    res->status = cr_error_http_status(code);
    res->content_type = "application/problem+json";
    cr_json_open_object(&res->json, NULL);
    cr_json_put_str(&res->json, "type", type);
    cr_json_put_str(&res->json, "title", text);
    cr_json_put_int(&res->json, "status", res->status);
    cr_json_put_str(&res->json, "detail",
                    cr_error_is_public(code) && err->message[0] ? err->message : text);
    cr_json_put_str(&res->json, "code", cr_error_wire(code));
    if (err->field[0])
        cr_json_put_str(&res->json, "field", err->field);
    cr_json_put_str(&res->json, "request_id", req->id);
    cr_json_close(&res->json);
}
