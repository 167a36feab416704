#include "fcgi/http/origin.h"

#include <string.h>
#include <strings.h>

/* The part behind "http://" or "https://"; NULL for anything else ("null", extensions). */
static const char *authority(const char *url)
{
    if (strncasecmp(url, "http://", 7) == 0)
        return url + 7;
    if (strncasecmp(url, "https://", 8) == 0)
        return url + 8;
    return NULL;
}

static bool is_origin_of(const char *origin, const char *url)
{
    const char *host = authority(url);
    size_t len = host ? (size_t)(host - url) + strcspn(host, "/?#") : 0;

    return len > 0 && strlen(origin) == len && strncasecmp(origin, url, len) == 0;
}

int cr_origin_check(const struct cr_request *req, const char *public_url, struct cr_error *err)
{
    const char *host;

    if (req->origin) {
        host = authority(req->origin);
        if (!is_origin_of(req->origin, public_url) &&
            !(host && req->host && strcasecmp(host, req->host) == 0))
            return cr_fail(err, CR_ERR_FORBIDDEN, "this request came from another site");
    } else if (req->fetch_site && strcmp(req->fetch_site, "same-origin") != 0 &&
               strcmp(req->fetch_site, "none") != 0) {
        return cr_fail(err, CR_ERR_FORBIDDEN, "this request came from another site");
    }
    return 0;
}
