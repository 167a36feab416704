#include "ws/welcome.h"

#include "model/tree.h"
#include "ws/doc.h"
#include "ws/run.h"

void cr_json_put_room(struct cr_json_out *w, const struct cr_live_room *r)
{
    cr_json_open_object(w, "room");
    cr_json_put_str(w, "id", r->id);
    cr_json_put_str(w, "name", r->data.room.name);
    cr_json_put_str(w, "language", r->data.room.language ? r->data.room.language : "");
    cr_json_close(w);
}

void cr_json_put_files(struct cr_json_out *w, const struct cr_live_room *r)
{
    cr_json_open_array(w, "files");
    for (size_t i = 0; i < r->data.tree.count; i++) {
        const struct cr_file *f = &r->data.tree.files[i];
        cr_auto_free char *path = cr_tree_path(&r->data.tree, f);

        cr_json_open_object(w, NULL);
        cr_json_put_str(w, "id", f->id);
        cr_json_put_str(w, "path", path);
        cr_json_put_str(w, "kind", f->is_folder ? "folder" : "file");
        cr_json_close(w);
    }
    cr_json_close(w);
}

void cr_json_put_chat(struct cr_json_out *w, const struct cr_chat *c)
{
    cr_json_put_str(w, "id", c->id);
    cr_json_put_str(w, "user_id", c->user_id);
    cr_json_put_str(w, "name", c->name);
    cr_json_put_str(w, "text", c->text);
    cr_json_put_int(w, "at", c->created_ms);
}

static void put_person(struct cr_json_out *w, const struct cr_peer *p)
{
    cr_json_put_str(w, "conn", p->conn->id);
    cr_json_put_str(w, "user_id", p->access.user_id);
    cr_json_put_str(w, "name", p->access.name);
    cr_json_put_str(w, "role", cr_role_name(p->access.role));
    cr_json_put_int(w, "color", p->color);
}

static void put_file(struct cr_json_out *w, const struct cr_peer *p)
{
    cr_json_put_str(w, "file", p->file[0] ? p->file : NULL);
}

static void put_people(struct cr_json_out *w, const struct cr_live_room *r)
{
    cr_json_open_array(w, "people");
    for (const struct cr_peer *p = r->peers; p; p = p->next) {
        if (!p->welcomed || p->conn->closing)
            continue;
        cr_json_open_object(w, NULL);
        put_person(w, p);
        put_file(w, p);
        cr_json_close(w);
    }
    cr_json_close(w);
}

static void put_languages(struct cr_json_out *w, const struct cr_lang_set *set)
{
    cr_json_open_array(w, "languages");
    for (size_t i = 0; i < set->count; i++) {
        cr_json_open_object(w, NULL);
        cr_json_put_str(w, "id", set->items[i].id);
        cr_json_put_str(w, "name", set->items[i].name);
        cr_json_open_array(w, "extensions");
        for (const char *const *e = set->items[i].extensions; *e; e++)
            cr_json_put_str(w, NULL, *e);
        cr_json_close(w);
        cr_json_close(w);
    }
    cr_json_close(w);
}

static void put_limits(struct cr_json_out *w, const struct cr_hub *h)
{
    cr_json_open_object(w, "limits");
    cr_json_put_int(w, "wall_ms", h->o.run_wall_ms);
    cr_json_put_int(w, "wall_max_ms", h->o.run_wall_max_ms);
    cr_json_put_int(w, "output_bytes", h->o.output_limit_bytes);
    cr_json_put_int(w, "edit_bytes", CR_LIMIT_DOC_FRAME_BYTES);
    cr_json_put_int(w, "document_bytes", CR_DOC_MAX_BYTES);
    cr_json_put_int(w, "file_text_bytes", CR_LIMIT_FILE_TEXT_BYTES);
    cr_json_close(w);
}

static void presence(struct cr_peer *p, const char *type, const struct cr_peer *except)
{
    CR_AUTO_JSON_OUT w = {0};

    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "type", type);
    put_person(&w, p);
    put_file(&w, p);
    cr_json_close(&w);
    cr_room_broadcast_json(p->room, &w, except);
}

void cr_welcome_send(struct cr_peer *p)
{
    const struct cr_live_room *r = p->room;
    CR_AUTO_JSON_OUT w = {0};

    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "type", "welcome");
    cr_json_open_object(&w, "you");
    put_person(&w, p);
    put_file(&w, p);
    cr_json_close(&w);
    cr_json_put_room(&w, r);
    put_people(&w, r);
    cr_json_put_files(&w, r);
    cr_json_open_array(&w, "chat");
    for (size_t i = 0; i < r->chat.count; i++) {
        cr_json_open_object(&w, NULL);
        cr_json_put_chat(&w, &r->chat.items[i]);
        cr_json_close(&w);
    }
    cr_json_close(&w);
    cr_json_open_array(&w, "runs");
    cr_json_put_runs(&w, r);
    cr_json_close(&w);
    put_limits(&w, r->hub);
    put_languages(&w, r->hub->o.languages);
    cr_json_close(&w);
    cr_conn_send_bytes(p->conn, true, w.buf.data, w.buf.len);
    cr_run_replay(p);
    presence(p, "presence.joined", p);
}

void cr_presence_changed(struct cr_peer *p)
{
    presence(p, "presence.changed", NULL);
}
