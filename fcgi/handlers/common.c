#include "fcgi/handlers/common.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/utf.h"
#include "crypt/crypt.h"
#include "proto/doc_batch.h"
#include "ydoc/ydoc.h"

#include <string.h>

#define DOC_ROOT "text" /* the root type that holds a file's text (docs/PROTOCOL.md) */

static size_t count_chars(const char *s)
{
    size_t n = 0;

    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

char *cr_name_check(const char *field, const char *name, struct cr_error *err)
{
    size_t len = strlen(name);
    char *nfc;

    while (len > 0 && name[len - 1] == ' ')
        len--;
    while (len > 0 && *name == ' ') {
        name++;
        len--;
    }
    nfc = cr_utf8_nfc(name, len);
    if (nfc && *nfc && count_chars(nfc) <= CR_LIMIT_NAME_CHARS)
        return nfc;
    free(nfc);
    cr_fail_field(err, CR_ERR_INVALID, field, "must have 1 to %d characters, not only blanks",
                  CR_LIMIT_NAME_CHARS);
    return NULL;
}

void cr_put_room(struct cr_json_out *w, const struct cr_room *r, enum cr_role role)
{
    cr_json_put_str(w, "id", r->id);
    cr_json_put_str(w, "name", r->name);
    cr_json_put_str(w, "language", r->language ? r->language : "");
    cr_json_put_str(w, "role", cr_role_name(role));
    cr_json_put_str(w, "owner_id", r->owner_id);
    cr_json_put_int(w, "created_at", r->created_ms);
    cr_json_put_int(w, "updated_at", r->updated_ms);
}

int cr_answer_room(struct cr_app *app, const char *room_id, enum cr_role role,
                   struct cr_response *res, struct cr_error *err)
{
    struct cr_room room = {0};

    if (cr_store_room_get(app->store, room_id, &room, err) < 0)
        return -1;
    cr_json_open_object(&res->json, NULL);
    cr_put_room(&res->json, &room, role);
    cr_json_close(&res->json);
    cr_room_clear(&room);
    return 0;
}

int cr_answer_done(struct cr_response *res)
{
    res->status = 204;
    return 0;
}

static int withdraw(struct cr_app *app, enum cr_grant_kind kind, const char *room_id,
                    const char *user_id, enum cr_role least_kept, struct cr_error *err)
{
    struct cr_grant_list list = {0};
    int rc = cr_store_grant_list(app->store, kind, room_id, cr_wall_ms(), &list, err);

    for (size_t i = 0; rc == 0 && i < list.count; i++) {
        struct cr_error gone = CR_ERROR_INIT;
        const struct cr_grant *g = &list.items[i];

        if (strcmp(g->created_by, user_id) != 0 || g->role <= least_kept)
            continue;
        rc = cr_store_grant_delete(app->store, kind, room_id, g->id, &gone);
        if (rc < 0 && gone.code == CR_ERR_NOT_FOUND)
            rc = 0;
        else if (rc < 0)
            *err = gone;
    }
    cr_grant_list_clear(&list);
    return rc;
}

int cr_withdraw_grants(struct cr_app *app, const char *room_id, const char *user_id,
                       enum cr_role role, struct cr_error *err)
{
    /* Viewers make no tokens, so theirs go as well. */
    enum cr_role tokens = role >= CR_ROLE_EDITOR ? role : CR_ROLE_NONE;
    enum cr_role links = role >= CR_ROLE_OWNER ? role : CR_ROLE_NONE;

    if (withdraw(app, CR_GRANT_TOKEN, room_id, user_id, tokens, err) < 0)
        return -1;
    return withdraw(app, CR_GRANT_INVITATION, room_id, user_id, links, err);
}

int cr_answer_grants(struct cr_app *app, const struct cr_request *req, enum cr_grant_kind kind,
                     const char *name,
                     bool (*visible)(const struct cr_request *req, const struct cr_grant *g),
                     void (*put)(struct cr_json_out *w, const struct cr_grant *g),
                     struct cr_response *res, struct cr_error *err)
{
    struct cr_grant_list list = {0};

    if (cr_store_grant_list(app->store, kind, cr_request_param(req, "room"), cr_wall_ms(), &list,
                            err) < 0)
        return -1;
    cr_json_open_object(&res->json, NULL);
    cr_json_open_array(&res->json, name);
    for (size_t i = 0; i < list.count; i++) {
        if (visible && !visible(req, &list.items[i]))
            continue;
        cr_json_open_object(&res->json, NULL);
        put(&res->json, &list.items[i]);
        cr_json_close(&res->json);
    }
    cr_json_close(&res->json);
    cr_json_close(&res->json);
    cr_grant_list_clear(&list);
    return 0;
}

int cr_check_grant_count(struct cr_app *app, const char *room_id, enum cr_grant_kind kind,
                         size_t most, const char *kind_name, struct cr_error *err)
{
    struct cr_grant_list list = {0};
    size_t count;

    if (cr_store_grant_list(app->store, kind, room_id, cr_wall_ms(), &list, err) < 0)
        return -1;
    count = list.count;
    cr_grant_list_clear(&list);
    if (count >= most)
        return cr_fail(err, CR_ERR_LIMIT, "A room has at most %zu %s: withdraw one first.", most,
                       kind_name);
    return 0;
}

const char *const cr_grant_role_names[] = {"viewer", "commenter", "editor", NULL};

enum cr_role cr_grant_role(int index)
{
    return cr_role_parse(cr_grant_role_names[index]);
}

/* Editors hold lines that end in LF and count positions so; CR would make them disagree. */
static void append_lf_text(struct cr_buf *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p != '\r')
            cr_buf_append_byte(out, (uint8_t)*p);
        else if (p[1] != '\n')
            cr_buf_append_byte(out, '\n');
    }
}

int cr_doc_start(struct cr_app *app, const char *room_id, const char *file_id, const char *author,
                 const char *text, struct cr_error *err)
{
    CR_AUTO_BUF lf = {0}, batch = {0};
    struct yd_buf update = {0};
    struct cr_doc_batch_writer w = {0};
    uint32_t client;
    int rc;

    append_lf_text(&lf, text);
    if (lf.len == 0)
        return 0; /* an empty document is one without batches */
    do
        cr_random_bytes(&client, sizeof(client)); /* 32 bits, as stock clients take */
    while (client == 0);
    rc = yd_encode_text_insert(client, DOC_ROOT, strlen(DOC_ROOT), (const char *)lf.data, lf.len,
                               &update);
    if (rc != YD_OK) {
        yd_buf_free(&update);
        return cr_fail_field(err, CR_ERR_INVALID, "content", "%s", yd_strerror(rc));
    }
    cr_doc_batch_add(&w, update.data, update.len, author, cr_wall_ms());
    cr_doc_batch_finish(&w, &batch);
    yd_buf_free(&update);
    return cr_store_doc_append(app->store, room_id, file_id, 1, batch.data, batch.len, cr_wall_ms(),
                               err);
}
