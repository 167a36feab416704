#include "fcgi/http/response.h"

#include "base/utf.h"

#include <assert.h>
#include <string.h>

void cr_response_init(struct cr_response *res)
{
    memset(res, 0, sizeof(*res));
    res->status = 200;
    res->content_type = "application/json";
}

void cr_response_clear(struct cr_response *res)
{
    cr_json_out_clear(&res->json);
    cr_buf_clear(&res->headers);
}

void cr_response_reset(struct cr_response *res)
{
    cr_json_out_reset(&res->json);
    cr_buf_reset(&res->headers);
    res->status = 200;
    res->content_type = "application/json";
}

void cr_response_header(struct cr_response *res, const char *name, const char *value)
{
    assert(!cr_utf8_has_control(value, strlen(value)));
    cr_buf_printf(&res->headers, "%s: %s\r\n", name, value);
}

int cr_response_send(struct cr_response *res, const struct cr_request *req,
                     const struct cr_gateway *gw)
{
    CR_AUTO_BUF head = {0};

    /* CGI's own status header; the web server makes the status line and its phrase. */
    cr_buf_printf(&head, "Status: %d\r\n", res->status);
    cr_buf_append(&head, res->headers.data, res->headers.len);
    cr_buf_printf(&head, "X-Request-Id: %s\r\n", req->id);
    cr_buf_append_str(&head, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
    if (res->json.buf.len > 0) {
        cr_buf_printf(&head, "Content-Type: %s\r\nContent-Length: %zu\r\n", res->content_type,
                      res->json.buf.len);
    }
    cr_buf_append_str(&head, "\r\n");
    if (gw->write(gw->ctx, head.data, head.len) < 0)
        return -1;
    if (req->head_only || res->json.buf.len == 0)
        return 0;
    return gw->write(gw->ctx, res->json.buf.data, res->json.buf.len);
}
