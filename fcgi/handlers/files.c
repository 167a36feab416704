#include "base/clock.h"
#include "base/limits.h"
#include "crypt/crypt.h"
#include "fcgi/handlers/common.h"
#include "fcgi/handlers/handlers.h"
#include "model/tree.h"

#include <string.h>
#include <unistd.h>

/* Others may change the tree at the same time; in each round one of them wins, the rest wait a
 * random moment that grows, so that dozens get in one after the other. */
#define TREE_TRIES 16
#define TREE_WAIT_MS 4

struct create_body {
    const char *path;
    const char *content;
    int kind;
};
static const char *const kinds[] = {"file", "folder", NULL};
static const struct cr_json_field create_fields[] = {
    CR_JSON_STR("path", struct create_body, path, 1, CR_LIMIT_FILE_PATH_BYTES, CR_JSON_REQUIRED),
    CR_JSON_ENUM("kind", struct create_body, kind, kinds, CR_JSON_REQUIRED),
    CR_JSON_STR("content", struct create_body, content, 0, CR_LIMIT_FILE_TEXT_BYTES, 0),
    CR_JSON_END};
const struct cr_body_table cr_body_file_create = {create_fields, sizeof(struct create_body), NULL};

struct move_body {
    const char *path;
};
static const struct cr_json_field move_fields[] = {
    CR_JSON_STR("path", struct move_body, path, 1, CR_LIMIT_FILE_PATH_BYTES, CR_JSON_REQUIRED),
    CR_JSON_END};
const struct cr_body_table cr_body_file_move = {move_fields, sizeof(struct move_body), NULL};

struct shown_file {
    char *path; /* owned */
    const struct cr_file *file;
};

static void put_file(struct cr_json_out *w, const struct cr_file *f, const char *path)
{
    cr_json_open_object(w, NULL);
    cr_json_put_str(w, "id", f->id);
    cr_json_put_str(w, "path", path);
    cr_json_put_str(w, "kind", kinds[f->is_folder]);
    cr_json_put_int(w, "created_at", f->created_ms);
    cr_json_close(w);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct shown_file *)a)->path, ((const struct shown_file *)b)->path);
}

/* In the order of paths: so a folder stands before what is in it. */
static void put_tree(struct cr_json_out *w, const struct cr_tree *t)
{
    cr_auto_free struct shown_file *shown = cr_calloc(t->count + 1, sizeof(*shown));

    for (size_t i = 0; i < t->count; i++)
        shown[i] = (struct shown_file){cr_tree_path(t, &t->files[i]), &t->files[i]};
    qsort(shown, t->count, sizeof(*shown), by_path);
    cr_json_open_object(w, NULL);
    cr_json_open_array(w, "files");
    for (size_t i = 0; i < t->count; i++) {
        put_file(w, shown[i].file, shown[i].path);
        free(shown[i].path);
    }
    cr_json_close(w);
    cr_json_put_int(w, "rev", t->rev);
    cr_json_close(w);
}

int cr_on_files(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                struct cr_error *err)
{
    struct cr_tree tree = {0};

    if (cr_store_tree_get(app->store, cr_request_param(req, "room"), &tree, err) < 0)
        return -1;
    put_tree(&res->json, &tree);
    cr_tree_clear(&tree);
    return 0;
}

/* A change of the tree: reads it, lets change alter it, writes it if nobody else did meanwhile,
 * else begins again. */
struct tree_change {
    int (*change)(struct tree_change *c, struct cr_tree *tree, struct cr_error *err);
    struct cr_app *app;
    const char *room_id;
    const char *path;            /* add, move: where to */
    const char *author;          /* add: who writes the text */
    const char *text;            /* add: first text; NULL for none */
    bool is_folder;              /* add */
    char file_id[CR_ID_SIZE];    /* which; add: the new one */
    char (*removed)[CR_ID_SIZE]; /* remove: files that went; owned */
    size_t removed_count;
};

/* The text is stored before the tree shows the file: nobody opens it empty. */
static int add(struct tree_change *c, struct cr_tree *tree, struct cr_error *err)
{
    if (cr_tree_add(tree, c->path, c->is_folder, cr_wall_ms(), c->file_id, err) < 0)
        return -1;
    return c->text ? cr_doc_start(c->app, c->room_id, c->file_id, c->author, c->text, err) : 0;
}

static int move(struct tree_change *c, struct cr_tree *tree, struct cr_error *err)
{
    return cr_tree_move(tree, c->file_id, c->path, cr_wall_ms(), err);
}

static int take_out(struct tree_change *c, struct cr_tree *tree, struct cr_error *err)
{
    free(c->removed);
    c->removed = NULL;
    return cr_tree_remove(tree, c->file_id, &c->removed, &c->removed_count, err);
}

static int change_once(struct tree_change *c, struct cr_tree *tree, bool *again,
                       struct cr_error *err)
{
    struct cr_error odd = CR_ERROR_INIT;

    *again = false;
    if (cr_store_tree_get(c->app->store, c->room_id, tree, err) < 0 || c->change(c, tree, err) < 0)
        return -1;
    if (cr_store_tree_put(c->app->store, tree, cr_wall_ms(), err) == 0)
        return 0;
    *again = err->code == CR_ERR_CONFLICT;
    if (*again && c->text) /* the next round makes another id */
        (void)cr_store_doc_delete(c->app->store, c->room_id, c->file_id, &odd);
    return -1;
}

static void wait_for_turn(int round)
{
    uint32_t dice;

    cr_random_bytes(&dice, sizeof(dice));
    usleep((useconds_t)(dice % (uint32_t)(TREE_WAIT_MS * 1000 * (round + 1))));
}

/* *tree: what was written; the caller clears it, also after an error. */
static int change_tree(struct tree_change *c, struct cr_tree *tree, struct cr_error *err)
{
    bool again = true;
    int rc = -1;

    for (int i = 0; i < TREE_TRIES && again; i++) {
        cr_tree_clear(tree);
        memset(tree, 0, sizeof(*tree));
        rc = change_once(c, tree, &again, err);
        again = again && rc < 0;
        if (again)
            wait_for_turn(i);
    }
    if (rc == 0)
        cr_doorbell_ring(&c->app->doorbell, c->room_id);
    return rc;
}

static int change_and_answer(struct tree_change *c, struct cr_response *res, struct cr_error *err)
{
    struct cr_tree tree = {0};
    int rc = change_tree(c, &tree, err);

    if (rc == 0) {
        const struct cr_file *f = cr_tree_find(&tree, c->file_id);
        cr_auto_free char *path = f ? cr_tree_path(&tree, f) : NULL;

        if (path)
            put_file(&res->json, f, path);
        else
            rc = cr_fail(err, CR_ERR_INTERNAL, "the file is not in the tree that was written");
    }
    cr_tree_clear(&tree);
    return rc;
}

int cr_on_file_create(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                      struct cr_error *err)
{
    const struct create_body *in = req->body;
    struct tree_change c = {
        .change = add,
        .app = app,
        .room_id = cr_request_param(req, "room"),
        .path = in->path,
        .author = req->user_id,
        .text = in->content,
        .is_folder = in->kind == 1,
    };

    if (c.is_folder && c.text)
        return cr_fail_field(err, CR_ERR_INVALID, "content", "a folder has no text");
    res->status = 201;
    return change_and_answer(&c, res, err);
}

int cr_on_file_move(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                    struct cr_error *err)
{
    const struct move_body *in = req->body;
    struct tree_change c = {
        .change = move,
        .app = app,
        .room_id = cr_request_param(req, "room"),
        .path = in->path,
    };

    memcpy(c.file_id, cr_request_param(req, "file"), CR_ID_SIZE);
    return change_and_answer(&c, res, err);
}

int cr_on_file_delete(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                      struct cr_error *err)
{
    struct cr_tree tree = {0};
    struct tree_change c = {
        .change = take_out,
        .app = app,
        .room_id = cr_request_param(req, "room"),
    };
    int rc;

    memcpy(c.file_id, cr_request_param(req, "file"), CR_ID_SIZE);
    rc = change_tree(&c, &tree, err);
    for (size_t i = 0; rc == 0 && i < c.removed_count; i++)
        rc = cr_store_doc_delete(app->store, c.room_id, c.removed[i], err);
    free(c.removed);
    cr_tree_clear(&tree);
    return rc == 0 ? cr_answer_done(res) : -1;
}
