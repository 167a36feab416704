/* What the tests need in the database and could not get without the API: people, a room, tickets,
 * changes behind the daemon's back, and a runner's side of the queue.
 *   seed URI DATABASE KEY COMMAND [ARGUMENTS]      prints one JSON object or a ticket a line */
#include "base/clock.h"
#include "crypt/crypt.h"
#include "crypt/token.h"
#include "model/tree.h"
#include "proto/doc_batch.h"
#include "proto/secret.h"
#include "store/store.h"
#include "ydoc/ydoc.h"
#include "json/write.h"

#include <stdio.h>

static struct cr_store *store;
static const char *key_path;
static struct cr_error err;

static void must(int rc, const char *what)
{
    if (rc == 0)
        return;
    fprintf(stderr, "seed: %s: %s %s\n", what, err.field, err.message);
    exit(1);
}

static void print_json(struct cr_json_out *w)
{
    cr_json_close(w);
    printf("%s\n", cr_buf_cstr(&w->buf));
    cr_json_out_clear(w);
}

static void add_user(struct cr_json_out *w, const char *name, char id[CR_ID_SIZE])
{
    struct cr_user u = {0};
    cr_auto_free char *email = NULL;

    cr_id_new(u.id);
    email = cr_asprintf("%s-%s@example.org", name, u.id);
    u.email = email;
    u.name = (char *)name;
    u.password_hash = (char *)"x";
    u.created_ms = cr_wall_ms();
    must(cr_store_user_insert(store, &u, &err), "user");
    memcpy(id, u.id, CR_ID_SIZE);
    cr_json_put_str(w, name, u.id);
}

static void add_token(struct cr_json_out *w, const char *name, const char *room, const char *user,
                      enum cr_role role, int64_t ttl_ms)
{
    struct cr_grant g = {0};
    char secret[CR_SECRET_SIZE], hash[CR_SHA256_HEX_SIZE];
    cr_auto_free char *token = NULL, *id_name = NULL;

    cr_random_secret(secret);
    token = cr_asprintf("%s%s", CR_ROOM_TOKEN_PREFIX, secret);
    cr_secret_hash(token, hash);
    cr_id_new(g.id);
    memcpy(g.room_id, room, CR_ID_SIZE);
    memcpy(g.created_by, user, CR_ID_SIZE);
    g.label = (char *)"script";
    g.role = role;
    g.created_ms = cr_wall_ms();
    g.expires_ms = g.created_ms + ttl_ms;
    must(cr_store_grant_insert(store, CR_GRANT_TOKEN, &g, hash, &err), "token");
    cr_json_put_str(w, name, token);
    id_name = cr_asprintf("%s_id", name);
    cr_json_put_str(w, id_name, g.id);
}

static void add_file(struct cr_json_out *w, struct cr_tree *t, const char *path)
{
    char id[CR_ID_SIZE];

    must(cr_tree_add(t, path, false, cr_wall_ms(), id, &err), "file");
    cr_json_put_str(w, path, id);
}

/* room: three people with three roles, two files and tokens. */
static void cmd_room(char **args)
{
    struct cr_json_out w = {0};
    struct cr_room r = {0};
    struct cr_tree t = {0};
    char owner[CR_ID_SIZE], editor[CR_ID_SIZE], viewer[CR_ID_SIZE], stranger[CR_ID_SIZE];

    (void)args;
    cr_json_open_object(&w, NULL);
    add_user(&w, "owner", owner);
    add_user(&w, "editor", editor);
    add_user(&w, "viewer", viewer);
    add_user(&w, "stranger", stranger);
    cr_id_new(r.id);
    cr_json_put_str(&w, "room", r.id);
    memcpy(r.owner_id, owner, CR_ID_SIZE);
    r.name = (char *)"Lab 🙂";
    r.language = (char *)"python";
    r.rev = 1;
    r.created_ms = r.updated_ms = cr_wall_ms();
    memcpy(t.room_id, r.id, CR_ID_SIZE);
    cr_json_open_object(&w, "files");
    add_file(&w, &t, "main.py");
    add_file(&w, &t, "src/util.py");
    cr_json_close(&w);
    must(cr_store_room_create(store, &r, &t, &err), "room");
    must(cr_store_member_put(store, r.id, editor, CR_ROLE_EDITOR, false, r.created_ms, &err),
         "member");
    must(cr_store_member_put(store, r.id, viewer, CR_ROLE_VIEWER, false, r.created_ms, &err),
         "member");
    add_token(&w, "token", r.id, owner, CR_ROLE_EDITOR, 3600000);
    add_token(&w, "second_token", r.id, owner, CR_ROLE_EDITOR, 3600000);
    add_token(&w, "viewer_token", r.id, owner, CR_ROLE_VIEWER, 3600000);
    add_token(&w, "short_token", r.id, owner, CR_ROLE_EDITOR, 3000);
    print_json(&w);
    cr_tree_clear(&t);
}

/* tickets ROOM USER COUNT */
static void cmd_tickets(char **args)
{
    struct cr_token_signer *s = cr_token_signer_open(key_path, &err);

    must(s ? 0 : -1, "key");
    for (int i = 0; i < atoi(args[2]); i++) {
        struct cr_token_claims c = {0};
        cr_auto_free char *ticket = NULL;

        snprintf(c.sub, sizeof c.sub, "%s", args[1]);
        snprintf(c.room, sizeof c.room, "%s", args[0]);
        ticket = cr_token_sign(s, CR_TOKEN_AUD_WS, &c, 30000, &err);
        must(ticket ? 0 : -1, "ticket");
        printf("%s\n", ticket);
    }
    cr_token_signer_free(s);
}

/* role ROOM USER ROLE|none */
static void cmd_role(char **args)
{
    if (strcmp(args[2], "none") == 0)
        must(cr_store_member_remove(store, args[0], args[1], &err), "remove");
    else
        must(cr_store_member_put(store, args[0], args[1], cr_role_parse(args[2]), false,
                                 cr_wall_ms(), &err),
             "role");
}

/* withdraw ROOM TOKEN-ID */
static void cmd_withdraw(char **args)
{
    must(cr_store_grant_delete(store, CR_GRANT_TOKEN, args[0], args[1], &err), "withdraw");
}

/* remove-file ROOM PATH | add-file ROOM PATH */
static void cmd_tree(char **args, bool remove)
{
    struct cr_tree t;
    const struct cr_file *f;
    char(*removed)[CR_ID_SIZE] = NULL;
    char id[CR_ID_SIZE];
    size_t count = 0;

    must(cr_store_tree_get(store, args[0], &t, &err), "tree");
    if (remove) {
        f = cr_tree_find_path(&t, args[1]);
        must(f ? 0 : -1, "no such file");
        must(cr_tree_remove(&t, f->id, &removed, &count, &err), "remove");
    } else {
        must(cr_tree_add(&t, args[1], false, cr_wall_ms(), id, &err), "add");
    }
    must(cr_store_tree_put(store, &t, cr_wall_ms(), &err), "tree");
    free(removed);
    cr_tree_clear(&t);
}

static void cmd_remove_file(char **args)
{
    cmd_tree(args, true);
}

static void cmd_add_file(char **args)
{
    cmd_tree(args, false);
}

static void cmd_rename(char **args)
{
    must(cr_store_room_rename(store, args[0], args[1], cr_wall_ms(), &err), "rename");
}

static void cmd_delete_room(char **args)
{
    must(cr_store_room_delete(store, args[0], &err), "delete");
}

/* owner ROOM */
static void cmd_owner(char **args)
{
    struct cr_json_out w = {0};
    struct cr_owner o;

    must(cr_store_owner_get(store, args[0], &o, &err), "owner");
    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "process", o.process);
    cr_json_put_int(&w, "epoch", o.epoch);
    print_json(&w);
}

/* steal ROOM FILE SEQ: write a batch as another writer would. */
static void cmd_steal(char **args)
{
    struct yd_buf update = {0};
    struct cr_doc_batch_writer w = {0};
    CR_AUTO_BUF batch = {0};

    must(yd_encode_text_insert(77, "text", 4, "stolen ", 7, &update), "update");
    cr_doc_batch_add(&w, update.data, update.len, "", cr_wall_ms());
    cr_doc_batch_finish(&w, &batch);
    must(cr_store_doc_append(store, args[0], args[1], atoll(args[2]), batch.data, batch.len,
                             cr_wall_ms(), &err),
         "append");
    yd_buf_free(&update);
}

/* claim: what a runner gets. */
static void cmd_claim(char **args)
{
    static const char *const languages[] = {"python", NULL};
    struct cr_json_out w = {0};
    struct cr_run run = {0};
    bool found = false;

    (void)args;
    must(cr_store_job_claim(store, "test-runner", languages, cr_wall_ms(), 15000, &found, &run,
                            &err),
         "claim");
    cr_json_open_object(&w, NULL);
    cr_json_put_bool(&w, "found", found);
    if (found) {
        cr_json_put_str(&w, "id", run.id);
        cr_json_put_int(&w, "attempt", run.attempt);
        cr_json_put_str(&w, "entry", run.entry);
        cr_json_put_str(&w, "request_id", run.request_id);
        cr_json_put_bool(&w, "stdin_open", run.stdin_open);
        cr_json_open_object(&w, "files");
        for (size_t i = 0; i < run.file_count; i++)
            cr_json_put_strn(&w, run.files[i].path, run.files[i].data, run.files[i].len);
        cr_json_close(&w);
    }
    print_json(&w);
    cr_run_clear(&run);
}

/* finish RUN ATTEMPT */
static void cmd_finish(char **args)
{
    struct cr_run_result r = {.verdict = CR_VERDICT_OK, .wall_ms = 12};
    struct cr_output_piece piece = {CR_STREAM_STDOUT, (uint8_t *)"done\n", 5};
    struct cr_output out = {&piece, 1};

    must(cr_store_job_finish(store, args[0], atoll(args[1]), &r, &out, cr_wall_ms(), &err),
         "finish");
}

static const struct {
    const char *name;
    void (*run)(char **args);
    int args;
} commands[] = {
    {"room", cmd_room, 0},         {"tickets", cmd_tickets, 3},
    {"role", cmd_role, 3},         {"withdraw", cmd_withdraw, 2},
    {"add-file", cmd_add_file, 2}, {"remove-file", cmd_remove_file, 2},
    {"rename", cmd_rename, 2},     {"delete-room", cmd_delete_room, 1},
    {"steal", cmd_steal, 3},       {"claim", cmd_claim, 0},
    {"finish", cmd_finish, 2},     {"owner", cmd_owner, 1},
};

int main(int argc, char **argv)
{
    struct cr_store_options o = {.pool_size = 2, .timeout_ms = 20000, .app_name = "seed"};

    if (argc < 5)
        return 2;
    must(cr_crypt_init(&err), "crypt");
    o.uri = argv[1];
    o.database = argv[2];
    key_path = argv[3];
    store = cr_store_open(&o, &err);
    must(store ? 0 : -1, "store");
    must(cr_store_prepare(store, &err), "prepare");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, argv[4]) != 0 || argc - 5 != commands[i].args)
            continue;
        commands[i].run(argv + 5);
        cr_store_close(store);
        return 0;
    }
    return 2;
}
