/* Rules of the file tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "model/tree.h"

#define AUTO_TREE __attribute__((cleanup(cr_tree_clear))) struct cr_tree

static void add(struct cr_tree *t, const char *path, bool is_folder, char id[CR_ID_SIZE])
{
    char unused[CR_ID_SIZE];
    struct cr_error err = CR_ERROR_INIT;

    if (cr_tree_add(t, path, is_folder, 1000, id ? id : unused, &err) < 0)
        fail_msg("add %s: %s", path, err.message);
}

static void add_fails(struct cr_tree *t, const char *path, bool is_folder, enum cr_error_code code)
{
    char id[CR_ID_SIZE];
    struct cr_error err = CR_ERROR_INIT;
    size_t before = t->count;

    assert_int_equal(cr_tree_add(t, path, is_folder, 1000, id, &err), -1);
    assert_int_equal(err.code, code);
    assert_string_equal(err.field, "path");
    assert_int_equal(t->count, before);
}

static void move_fails(struct cr_tree *t, const char *id, const char *path, enum cr_error_code code)
{
    struct cr_error err = CR_ERROR_INIT;
    size_t before = t->count;
    cr_auto_free char *old = cr_tree_path(t, cr_tree_find(t, id));

    assert_int_equal(cr_tree_move(t, id, path, 2000, &err), -1);
    assert_int_equal(err.code, code);
    cr_auto_free char *now = cr_tree_path(t, cr_tree_find(t, id));
    assert_string_equal(old, now);
    assert_int_equal(t->count, before);
}

static void move(struct cr_tree *t, const char *id, const char *path)
{
    struct cr_error err = CR_ERROR_INIT;

    if (cr_tree_move(t, id, path, 2000, &err) < 0)
        fail_msg("move to %s: %s", path, err.message);
}

static void path_is(const struct cr_tree *t, const char *id, const char *want)
{
    cr_auto_free char *path = cr_tree_path(t, cr_tree_find(t, id));

    assert_string_equal(path, want);
    assert_ptr_equal(cr_tree_find_path(t, want), cr_tree_find(t, id));
}

static void add_makes_the_folders_on_the_way(void **state)
{
    AUTO_TREE t = {0};
    char id[CR_ID_SIZE];

    (void)state;
    add(&t, "src/lib/main.py", false, id);
    assert_int_equal(t.count, 3);
    path_is(&t, id, "src/lib/main.py");
    assert_true(cr_tree_find_path(&t, "src/lib")->is_folder);
    assert_false(cr_tree_find(&t, id)->is_folder);
    assert_int_equal(cr_tree_find(&t, id)->created_ms, 1000);
    add(&t, "src/lib/b.py", false, NULL);
    assert_int_equal(t.count, 4);
    assert_null(cr_tree_find_path(&t, "src/none"));
    assert_null(cr_tree_find_path(&t, ""));
    assert_null(cr_tree_find(&t, "none"));
}

static void add_refuses_traversal_and_empty_names(void **state)
{
    AUTO_TREE t = {0};

    (void)state;
    add_fails(&t, "", false, CR_ERR_INVALID);
    add_fails(&t, "/main.py", false, CR_ERR_INVALID);
    add_fails(&t, "src/", true, CR_ERR_INVALID);
    add_fails(&t, "a//b", false, CR_ERR_INVALID);
    add_fails(&t, "../a", false, CR_ERR_INVALID);
    add_fails(&t, "a/../../b", false, CR_ERR_INVALID);
    add_fails(&t, "a/./b", false, CR_ERR_INVALID);
    add_fails(&t, "a\\..\\b", false, CR_ERR_INVALID);
    add_fails(&t, "a/\x1b[2J", false, CR_ERR_INVALID);
}

static void names_in_a_folder_differ_when_case_is_folded(void **state)
{
    AUTO_TREE t = {0};

    (void)state;
    add(&t, "Main.py", false, NULL);
    add_fails(&t, "main.PY", false, CR_ERR_CONFLICT);
    add_fails(&t, "Main.py", true, CR_ERR_CONFLICT);
    add(&t,
        "stra\xc3\x9f"
        "e",
        false, NULL); /* folds to "strasse" */
    add_fails(&t, "STRASSE", false, CR_ERR_CONFLICT);
    add(&t, "\xc3\x89t\xc3\xa9", true, NULL);
    add_fails(&t, "e\xcc\x81te\xcc\x81", true, CR_ERR_CONFLICT); /* decomposed and lower case */
    add_fails(&t, "\xc3\xa9t\xc3\xa9/x", false, CR_ERR_CONFLICT);
    add(&t, "other/main.py", false, NULL);
}

static void a_file_cannot_be_a_folder_on_the_way(void **state)
{
    AUTO_TREE t = {0};

    (void)state;
    add(&t, "main", false, NULL);
    add_fails(&t, "main/a", false, CR_ERR_CONFLICT);
}

static void paths_are_found_in_any_normal_form(void **state)
{
    AUTO_TREE t = {0};

    (void)state;
    add(&t, "caf\xc3\xa9.py", false, NULL);
    assert_non_null(cr_tree_find_path(&t, "cafe\xcc\x81.py"));
    assert_null(cr_tree_find_path(&t, "CAF\xc3\xa9.py"));
}

static void count_is_limited(void **state)
{
    AUTO_TREE t = {0};
    char path[32];

    (void)state;
    for (int i = 0; i < CR_LIMIT_FILES_PER_ROOM - 1; i++) {
        snprintf(path, sizeof(path), "f%d", i);
        add(&t, path, false, NULL);
    }
    add_fails(&t, "folder/file", false, CR_ERR_LIMIT); /* would be two more */
    add(&t, "last", false, NULL);
    add_fails(&t, "more", false, CR_ERR_LIMIT);
    move_fails(&t, t.files[0].id, "new/f0", CR_ERR_LIMIT);
}

static void depth_is_limited(void **state)
{
    AUTO_TREE t = {0};
    char id[CR_ID_SIZE], two[CR_ID_SIZE];

    (void)state;
    add(&t, "1/2/3/4/5/6/7/8/9/10/11/12/file", false, NULL);
    add_fails(&t, "1/2/3/4/5/6/7/8/9/10/11/12/13/file", false, CR_ERR_LIMIT);
    add(&t, "a/b/c", false, NULL);
    memcpy(id, cr_tree_find_path(&t, "a")->id, CR_ID_SIZE);
    move_fails(&t, id, "1/2/3/4/5/6/7/8/9/10/11/a", CR_ERR_LIMIT);
    move(&t, id, "1/2/3/4/5/6/7/8/9/10/a");
    memcpy(two, cr_tree_find_path(&t, "1/2")->id, CR_ID_SIZE);
    move_fails(&t, two, "1/x/2", CR_ERR_LIMIT);
}

static void path_length_is_limited(void **state)
{
    AUTO_TREE t = {0};
    char path[1300], id[CR_ID_SIZE];
    size_t at = 0;

    (void)state;
    for (int folder = 0; folder < 8; folder++) {
        memset(path + at, 'a', 127);
        at += 127;
        path[at++] = '/';
    }
    path[at] = '\0'; /* 1024 bytes with the last slash */
    strcpy(path + at, "b");
    add_fails(&t, path, false, CR_ERR_LIMIT);
    path[at - 1] = '\0';
    add(&t, path, false, NULL);
    path[127] = '\0';
    memcpy(id, cr_tree_find_path(&t, path)->id, CR_ID_SIZE);
    move(&t, id, "a");
    path[127] = 'a'; /* a name of 128 bytes: the file below is at the limit, 1024 bytes */
    path[128] = '\0';
    move(&t, id, path);
    memcpy(path + 128, "/x", 3);
    move_fails(&t, id, path, CR_ERR_INVALID);
    memmove(path + 2, path, 129);
    memcpy(path, "x/", 2);
    path[130] = '\0';
    move_fails(&t, id, path, CR_ERR_LIMIT);
}

static void a_folder_takes_its_content_along(void **state)
{
    AUTO_TREE t = {0};
    char file[CR_ID_SIZE], folder[CR_ID_SIZE];

    (void)state;
    add(&t, "src/deep/main.py", false, file);
    memcpy(folder, cr_tree_find_path(&t, "src")->id, CR_ID_SIZE);
    move(&t, folder, "lib/code");
    path_is(&t, file, "lib/code/deep/main.py");
    path_is(&t, folder, "lib/code");
    assert_int_equal(cr_tree_find_path(&t, "lib")->created_ms, 2000);
    move(&t, file, "main.py");
    path_is(&t, file, "main.py");
}

static void a_move_never_makes_a_cycle(void **state)
{
    AUTO_TREE t = {0};
    char a[CR_ID_SIZE], file[CR_ID_SIZE];

    (void)state;
    add(&t, "a/b/c", true, NULL);
    memcpy(a, cr_tree_find_path(&t, "a")->id, CR_ID_SIZE);
    move_fails(&t, a, "a/x", CR_ERR_INVALID);
    move_fails(&t, a, "a/b/c/a", CR_ERR_INVALID);
    move_fails(&t, a, "A/x", CR_ERR_INVALID);
    add(&t, "file", false, file);
    move_fails(&t, file, "file/x", CR_ERR_INVALID);
}

static void a_move_can_change_case_and_keep_its_place(void **state)
{
    AUTO_TREE t = {0};
    char id[CR_ID_SIZE];

    (void)state;
    add(&t, "readme", false, id);
    add(&t, "other", false, NULL);
    move(&t, id, "README");
    path_is(&t, id, "README");
    move(&t, id, "README");
    move_fails(&t, id, "Other", CR_ERR_CONFLICT);
    move_fails(&t, id, "..", CR_ERR_INVALID);
}

static void move_and_remove_need_an_entry(void **state)
{
    AUTO_TREE t = {0};
    struct cr_error err = CR_ERROR_INIT;
    char(*removed)[CR_ID_SIZE];
    size_t count;

    (void)state;
    assert_int_equal(cr_tree_move(&t, "none", "x", 1, &err), -1);
    assert_int_equal(err.code, CR_ERR_NOT_FOUND);
    assert_int_equal(cr_tree_remove(&t, "none", &removed, &count, &err), -1);
    assert_int_equal(err.code, CR_ERR_NOT_FOUND);
}

static void remove_takes_everything_below_and_names_the_files(void **state)
{
    AUTO_TREE t = {0};
    char one[CR_ID_SIZE], two[CR_ID_SIZE], keep[CR_ID_SIZE];
    char(*removed)[CR_ID_SIZE] = NULL;
    size_t count = 0;
    struct cr_error err = CR_ERROR_INIT;

    (void)state;
    add(&t, "src/one", false, one);
    add(&t, "keep", false, keep);
    add(&t, "src/sub/two", false, two);
    assert_int_equal(cr_tree_remove(&t, cr_tree_find_path(&t, "src")->id, &removed, &count, &err),
                     0);
    assert_int_equal(count, 2);
    assert_string_equal(removed[0], one);
    assert_string_equal(removed[1], two);
    assert_int_equal(t.count, 1);
    path_is(&t, keep, "keep");
    free(removed);
}

/* A stored tree that was damaged must not hang a server. */
static void a_damaged_tree_ends_every_walk(void **state)
{
    AUTO_TREE t = {0};
    char a[CR_ID_SIZE], b[CR_ID_SIZE];
    char(*removed)[CR_ID_SIZE] = NULL;
    size_t count = 0;
    struct cr_error err = CR_ERROR_INIT;

    (void)state;
    add(&t, "a", true, a);
    add(&t, "b", true, b);
    memcpy(t.files[0].parent, b, CR_ID_SIZE);
    memcpy(t.files[1].parent, a, CR_ID_SIZE);
    cr_auto_free char *path = cr_tree_path(&t, &t.files[0]);
    assert_non_null(path);
    assert_int_equal(cr_tree_remove(&t, a, &removed, &count, &err), 0);
    free(removed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(add_makes_the_folders_on_the_way),
        cmocka_unit_test(add_refuses_traversal_and_empty_names),
        cmocka_unit_test(names_in_a_folder_differ_when_case_is_folded),
        cmocka_unit_test(a_file_cannot_be_a_folder_on_the_way),
        cmocka_unit_test(paths_are_found_in_any_normal_form),
        cmocka_unit_test(count_is_limited),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(path_length_is_limited),
        cmocka_unit_test(a_folder_takes_its_content_along),
        cmocka_unit_test(a_move_never_makes_a_cycle),
        cmocka_unit_test(a_move_can_change_case_and_keep_its_place),
        cmocka_unit_test(move_and_remove_need_an_entry),
        cmocka_unit_test(remove_takes_everything_below_and_names_the_files),
        cmocka_unit_test(a_damaged_tree_ends_every_walk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
