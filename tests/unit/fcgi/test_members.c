/* Taking a role away takes the tokens that it made, however the database behaves meanwhile. */
#include "tests/unit/unit.h"

#include "base/mem.h"
#include "fcgi/handlers/handlers.h"

#define ROOM "room0000000000000000"
#define OWNER "owner000000000000000"
#define EDITOR "editor00000000000000"
#define TOKEN "token000000000000000"

static struct {
    enum cr_role role; /* of EDITOR */
    bool token;        /* EDITOR's, with his role */
    int lists_fail;    /* how many of the next looks at grants fail */
} db;

int cr_store_member_role(struct cr_store *s, const char *room_id, const char *user_id,
                         enum cr_role *out, struct cr_error *err)
{
    (void)s, (void)room_id, (void)err;
    *out = strcmp(user_id, EDITOR) == 0 ? db.role : CR_ROLE_OWNER;
    return 0;
}

int cr_store_member_list(struct cr_store *s, const char *room_id, struct cr_member_list *out,
                         struct cr_error *err)
{
    (void)s, (void)room_id, (void)err;
    *out = (struct cr_member_list){.items = cr_calloc(1, sizeof(*out->items)), .count = 1};
    memcpy(out->items[0].user_id, EDITOR, CR_ID_SIZE);
    out->items[0].role = db.role;
    return 0;
}

int cr_store_member_put(struct cr_store *s, const char *room_id, const char *user_id,
                        enum cr_role role, bool only_raise, int64_t now_ms, struct cr_error *err)
{
    (void)s, (void)room_id, (void)user_id, (void)only_raise, (void)now_ms, (void)err;
    db.role = role;
    return 0;
}

int cr_store_member_remove(struct cr_store *s, const char *room_id, const char *user_id,
                           struct cr_error *err)
{
    (void)s, (void)room_id, (void)user_id, (void)err;
    db.role = CR_ROLE_NONE;
    return 0;
}

int cr_store_grant_list(struct cr_store *s, enum cr_grant_kind k, const char *room_id,
                        int64_t now_ms, struct cr_grant_list *out, struct cr_error *err)
{
    (void)s, (void)room_id, (void)now_ms;
    if (db.lists_fail > 0) {
        db.lists_fail--;
        return cr_fail(err, CR_ERR_UNAVAILABLE, "as told");
    }
    if (k != CR_GRANT_TOKEN || !db.token)
        return 0;
    *out = (struct cr_grant_list){.items = cr_calloc(1, sizeof(*out->items)), .count = 1};
    memcpy(out->items[0].id, TOKEN, CR_ID_SIZE);
    memcpy(out->items[0].created_by, EDITOR, CR_ID_SIZE);
    out->items[0].role = CR_ROLE_EDITOR;
    return 0;
}

int cr_store_grant_delete(struct cr_store *s, enum cr_grant_kind k, const char *room_id,
                          const char *grant_id, struct cr_error *err)
{
    (void)s, (void)k, (void)room_id, (void)grant_id, (void)err;
    db.token = false;
    return 0;
}

int cr_store_room_get(struct cr_store *s, const char *room_id, struct cr_room *out,
                      struct cr_error *err)
{
    (void)s, (void)room_id, (void)out;
    return cr_fail(err, CR_ERR_NOT_FOUND, "not asked for here");
}

int cr_store_doc_append(struct cr_store *s, const char *room_id, const char *file_id, int64_t seq,
                        const uint8_t *data, size_t len, int64_t now_ms, struct cr_error *err)
{
    (void)s, (void)room_id, (void)file_id, (void)seq, (void)data, (void)len, (void)now_ms;
    return cr_fail(err, CR_ERR_UNAVAILABLE, "not asked for here");
}

typedef int handler(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                    struct cr_error *err);

static int ask(handler *on, int role_index)
{
    struct cr_app app = {.doorbell = {.fd = -1}};
    struct cr_request req = {.role = CR_ROLE_OWNER, .user_id = OWNER, .param_count = 2};
    struct cr_error err = CR_ERROR_INIT;
    struct cr_response res;
    int rc;

    req.params[0] = (struct cr_path_value){.name = "room", .text = ROOM};
    req.params[1] = (struct cr_path_value){.name = "user", .text = EDITOR};
    req.body = &role_index; /* all that the body has */
    cr_response_init(&res);
    rc = on(&app, &req, &res, &err);
    cr_response_clear(&res);
    return rc;
}

static int set_up(void **state)
{
    (void)state;
    db.role = CR_ROLE_EDITOR;
    db.token = true;
    db.lists_fail = 1;
    return 0;
}

/* Who leaves by himself is let in for the repeat only while he is a member. */
static void removal_that_failed_can_be_repeated(void **state)
{
    (void)state;
    assert_int_equal(ask(cr_on_member_remove, 0), -1);
    assert_int_equal(db.role, CR_ROLE_EDITOR);
    assert_int_equal(ask(cr_on_member_remove, 0), 0);
    assert_int_equal(db.role, CR_ROLE_NONE);
    assert_false(db.token);
}

static void lowering_that_failed_halfway_can_be_repeated(void **state)
{
    (void)state;
    assert_int_equal(ask(cr_on_member_role, 0), -1);
    assert_int_equal(ask(cr_on_member_role, 0), 0);
    assert_int_equal(db.role, CR_ROLE_VIEWER);
    assert_false(db.token);
}

static void raising_keeps_the_tokens(void **state)
{
    (void)state;
    db.lists_fail = 0;
    assert_int_equal(ask(cr_on_member_role, 2), 0);
    assert_true(db.token);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(removal_that_failed_can_be_repeated, set_up),
        cmocka_unit_test_setup(lowering_that_failed_halfway_can_be_repeated, set_up),
        cmocka_unit_test_setup(raising_keeps_the_tokens, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
