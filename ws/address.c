#include "ws/address.h"

#include <stdio.h>
#include <strings.h>

#define PREFIX "/ws/v1/"

static int take_id(const char **at, char out[CR_ID_SIZE], const char *what, struct cr_error *err)
{
    if (strnlen(*at, CR_ID_LEN) < CR_ID_LEN)
        return cr_fail_field(err, CR_ERR_INVALID, what, "is not an id");
    memcpy(out, *at, CR_ID_LEN);
    out[CR_ID_LEN] = '\0';
    if (!cr_id_is_valid(out))
        return cr_fail_field(err, CR_ERR_INVALID, what, "is not an id");
    *at += CR_ID_LEN;
    return 0;
}

static int parse_path(const char *path, struct cr_address *out, struct cr_error *err)
{
    const char *at = path + strlen(PREFIX);

    if (strncmp(path, PREFIX, strlen(PREFIX)) != 0)
        return cr_fail(err, CR_ERR_NOT_FOUND, "there is no such address");
    if (strcmp(at, "service") == 0) {
        out->kind = CR_SOCKET_SERVICE;
        return 0;
    }
    if (strncmp(at, "room/", 5) == 0) {
        at += 5;
        out->kind = CR_SOCKET_ROOM;
        if (take_id(&at, out->room_id, "room", err) < 0)
            return -1;
    } else if (strncmp(at, "doc/", 4) == 0) {
        at += 4;
        out->kind = CR_SOCKET_DOC;
        if (take_id(&at, out->room_id, "room", err) < 0)
            return -1;
        if (*at++ != '/')
            return cr_fail_field(err, CR_ERR_INVALID, "file", "is missing");
        if (take_id(&at, out->file_id, "file", err) < 0)
            return -1;
    }
    if (*at != '\0' || out->kind == CR_SOCKET_SERVICE)
        return cr_fail(err, CR_ERR_NOT_FOUND, "there is no such address");
    return 0;
}

static int take_secret(struct cr_address *out, const char *value, size_t len, bool is_token,
                       struct cr_error *err)
{
    if (len == 0 || len >= sizeof out->secret || out->secret[0])
        return cr_fail(err, CR_ERR_UNAUTHORIZED, "give one ticket or one token");
    memcpy(out->secret, value, len);
    out->secret[len] = '\0';
    out->is_token = is_token;
    return 0;
}

static bool starts(const char *s, size_t len, const char *prefix)
{
    return len >= strlen(prefix) && memcmp(s, prefix, strlen(prefix)) == 0;
}

/* Other parameters are ignored: stock providers add their own. */
static int parse_query(const char *query, struct cr_address *out, struct cr_error *err)
{
    while (*query) {
        size_t len = strcspn(query, "&");

        if (starts(query, len, "ticket=")) {
            if (take_secret(out, query + 7, len - 7, false, err) < 0)
                return -1;
        } else if (starts(query, len, "token=")) {
            if (take_secret(out, query + 6, len - 6, true, err) < 0)
                return -1;
        } else if (len == 7 && starts(query, len, "saved=1")) {
            out->want_saved = true;
        }
        query += len + (query[len] == '&');
    }
    return 0;
}

int cr_address_parse(const char *path, const char *query, struct cr_address *out,
                     struct cr_error *err)
{
    memset(out, 0, sizeof *out);
    if (parse_path(path, out, err) < 0)
        return -1;
    return parse_query(query, out, err);
}

/* "https://host:8443" gives "host:8443"; a scheme's own port is left out as browsers do. */
static const char *authority(const char *origin, const char **default_port)
{
    *default_port = "";
    if (strncasecmp(origin, "https://", 8) == 0) {
        *default_port = ":443";
        return origin + 8;
    }
    if (strncasecmp(origin, "http://", 7) == 0) {
        *default_port = ":80";
        return origin + 7;
    }
    return NULL;
}

static bool same_host(const char *a, size_t a_len, const char *b, const char *default_port)
{
    size_t b_len = strcspn(b, "/"), port = strlen(default_port);

    if (a_len > port && strncasecmp(a + a_len - port, default_port, port) == 0)
        a_len -= port;
    if (b_len > port && strncasecmp(b + b_len - port, default_port, port) == 0)
        b_len -= port;
    return a_len == b_len && a_len > 0 && strncasecmp(a, b, a_len) == 0;
}

bool cr_origin_is_ours(const char *origin, const char *host, const char *public_origin)
{
    const char *port, *public_port;
    const char *at = authority(origin, &port);
    const char *public_at = authority(public_origin, &public_port);

    if (!*origin)
        return true;
    if (!at || strchr(at, '/'))
        return false; /* "null", another scheme, or no origin at all */
    if (same_host(at, strlen(at), host, port))
        return true;
    return public_at && same_host(at, strlen(at), public_at, port);
}
