/* Users, sign-in families, one-time keys. */
#include "suite.h"

static void user_is_found_by_email_and_id(void **state)
{
    struct cr_user u, got;
    cr_auto_free char *email = cr_asprintf("%s@example.org", fresh("u"));

    (void)state;
    u = (struct cr_user){.email = email,
                         .name = (char *)"Zoë 🙂",
                         .password_hash = (char *)"$argon2id$x",
                         .created_ms = 1234567890123};
    cr_id_new(u.id);
    OK(cr_store_user_insert(store, &u, &err));
    OK(cr_store_user_insert(store, &u, &err)); /* repeating it is success */
    OK(cr_store_user_by_email(store, email, &got, &err));
    assert_string_equal(got.id, u.id);
    assert_string_equal(got.name, u.name);
    assert_string_equal(got.password_hash, u.password_hash);
    assert_int_equal(got.created_ms, u.created_ms);
    cr_user_clear(&got);
    OK(cr_store_user_by_id(store, u.id, &got, &err));
    assert_string_equal(got.email, email);
    cr_user_clear(&got);
}

static void second_user_with_an_email_is_a_conflict(void **state)
{
    struct cr_error why = CR_ERROR_INIT;
    cr_auto_free char *email = cr_asprintf("%s@example.org", fresh("u"));
    struct cr_user u = {.email = email, .name = (char *)"", .password_hash = (char *)""};

    (void)state;
    cr_id_new(u.id);
    OK(cr_store_user_insert(store, &u, &err));
    cr_id_new(u.id);
    assert_int_equal(cr_store_user_insert(store, &u, &why), -1);
    assert_int_equal(why.code, CR_ERR_CONFLICT);
    assert_string_equal(why.field, "email");
}

static void unknown_user_is_not_found(void **state)
{
    struct cr_user u;

    (void)state;
    FAILS(CR_ERR_NOT_FOUND, cr_store_user_by_email(store, "{\"$ne\":1}", &u, &err));
    FAILS(CR_ERR_NOT_FOUND, cr_store_user_by_id(store, "$ne", &u, &err));
}

static void new_session(struct cr_session *se, const char *hash, int64_t expires_ms)
{
    memset(se, 0, sizeof(*se));
    cr_id_new(se->id);
    cr_id_new(se->user_id);
    snprintf(se->token_hash, sizeof(se->token_hash), "%s", hash);
    se->expires_ms = expires_ms;
    OK(cr_store_session_insert(store, se, &err));
}

static void rotation_gives_one_child_and_reuse_ends_the_family(void **state)
{
    struct cr_session se, got;
    bool reused = true;

    (void)state;
    new_session(&se, "one", T0 + 5000);
    OK(cr_store_session_rotate(store, se.id, "one", "two", T0 + 1000, T0 + 9000, &reused, &got,
                               &err));
    assert_false(reused);
    assert_string_equal(got.user_id, se.user_id);
    assert_string_equal(got.token_hash, "two");
    assert_int_equal(got.expires_ms, T0 + 9000);
    OK(cr_store_session_rotate(store, se.id, "one", "two", T0 + 1000, T0 + 9000, &reused, &got,
                               &err));
    assert_false(reused); /* the very same swap again: its answer may have been lost */
    FAILS(CR_ERR_UNAUTHORIZED, cr_store_session_rotate(store, se.id, "one", "x", T0 + 1000,
                                                       T0 + 9000, &reused, &got, &err));
    assert_true(reused);
    FAILS(CR_ERR_UNAUTHORIZED, cr_store_session_rotate(store, se.id, "two", "three", T0 + 1000,
                                                       T0 + 9000, &reused, &got, &err));
    assert_false(reused);
}

static void ended_expired_and_unknown_families_are_unauthorized(void **state)
{
    struct cr_session se, got;
    bool reused;

    (void)state;
    new_session(&se, "one", T0 + 5000);
    FAILS(CR_ERR_UNAUTHORIZED, cr_store_session_rotate(store, se.id, "one", "two", T0 + 5000,
                                                       T0 + 9000, &reused, &got, &err));
    assert_false(reused);
    OK(cr_store_session_end(store, se.id, &err));
    OK(cr_store_session_end(store, se.id, &err));
    FAILS(CR_ERR_UNAUTHORIZED, cr_store_session_rotate(store, se.id, "one", "two", T0 + 1000,
                                                       T0 + 9000, &reused, &got, &err));
    FAILS(CR_ERR_UNAUTHORIZED, cr_store_session_rotate(store, "none", "one", "two", T0 + 1000,
                                                       T0 + 9000, &reused, &got, &err));
    OK(cr_store_session_end(store, "none", &err));
}

static void a_key_is_used_once(void **state)
{
    cr_auto_free char *key = cr_strdup(fresh("ticket:"));

    (void)state;
    OK(cr_store_use_once(store, key, cr_wall_ms() + 60000, &err));
    FAILS(CR_ERR_CONFLICT, cr_store_use_once(store, key, cr_wall_ms() + 60000, &err));
}

int test_accounts(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(user_is_found_by_email_and_id),
        cmocka_unit_test(second_user_with_an_email_is_a_conflict),
        cmocka_unit_test(unknown_user_is_not_found),
        cmocka_unit_test(rotation_gives_one_child_and_reuse_ends_the_family),
        cmocka_unit_test(ended_expired_and_unknown_families_are_unauthorized),
        cmocka_unit_test(a_key_is_used_once),
    };

    return cmocka_run_group_tests_name("accounts", tests, NULL, NULL);
}
