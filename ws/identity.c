#include "ws/identity.h"

#include "json/write.h"

static bool is(const struct cr_json_node *n, const char *value)
{
    const char *s = cr_json_str(n);

    return s && strcmp(s, value) == 0;
}

/* The name that is shown for what the client wrote. Owned by the caller. */
static char *true_name(const struct cr_json_node *user, const struct cr_access *a)
{
    const char *wrote = cr_json_str(cr_json_get(user, "name"));

    if (!a->grant_id[0] || !wrote || strcmp(wrote, a->name) == 0)
        return cr_strdup(a->name);
    return cr_asprintf("%s (%s)", wrote, a->name);
}

static void put_user(struct cr_json_out *w, const struct cr_json_node *user,
                     const struct cr_access *a)
{
    cr_auto_free char *name = true_name(user, a);

    cr_json_open_object(w, "user");
    for (const struct cr_json_node *n = cr_json_first(user); n; n = cr_json_next(n))
        if (strcmp(cr_json_key(n), "name") != 0 && strcmp(cr_json_key(n), "id") != 0)
            cr_json_put_node(w, cr_json_key(n), n);
    cr_json_put_str(w, "name", name);
    cr_json_put_str(w, "id", a->user_id);
    cr_json_close(w);
}

static void put_state(struct cr_json_out *w, const struct cr_json_node *state,
                      const struct cr_access *a)
{
    cr_json_open_object(w, NULL);
    for (const struct cr_json_node *n = cr_json_first(state); n; n = cr_json_next(n)) {
        if (strcmp(cr_json_key(n), "user") == 0)
            put_user(w, n, a);
        else
            cr_json_put_node(w, cr_json_key(n), n);
    }
    cr_json_close(w);
}

int cr_identity_put(struct yd_buf *out, const uint8_t *json, size_t len, const struct cr_access *a)
{
    CR_AUTO(cr_json) *j = NULL;
    const struct cr_json_node *state, *user;
    CR_AUTO_JSON_OUT w = {0};

    if (!memmem(json, len, "user", 4) && !memchr(json, '\\', len)) {
        yd_buf_put_bytes(out, json, len); /* names nobody */
        return 0;
    }
    j = cr_json_parse(json, len, len, NULL);
    if (!j)
        return YD_ERR_JSON;
    state = cr_json_root(j);
    user = cr_json_get(state, "user");
    if (!user ||
        (is(cr_json_get(user, "name"), a->name) && is(cr_json_get(user, "id"), a->user_id))) {
        yd_buf_put_bytes(out, json, len);
        return 0;
    }
    put_state(&w, state, a);
    yd_buf_put_bytes(out, w.buf.data, w.buf.len);
    return 0;
}
