/* The file tree and the logs of documents. */
#include "suite.h"

static void a_tree_is_written_by_who_read_it_last(void **state)
{
    char owner[CR_ID_SIZE], room[CR_ID_SIZE], id[CR_ID_SIZE];
    struct cr_tree a, b;

    (void)state;
    new_user(owner);
    new_room(owner, room);
    OK(cr_store_tree_get(store, room, &a, &err));
    OK(cr_store_tree_get(store, room, &b, &err));
    OK(cr_tree_add(&a, "src/größe.py", false, 42, id, &err));
    OK(cr_store_tree_put(store, &a, 99, &err));
    assert_int_equal(a.rev, 2);
    FAILS(CR_ERR_CONFLICT, cr_store_tree_put(store, &b, 99, &err));
    assert_int_equal(b.rev, 1);
    cr_tree_clear(&b);
    OK(cr_store_tree_get(store, room, &b, &err));
    assert_int_equal(b.rev, 2);
    assert_int_equal(b.count, 3);
    assert_int_equal(cr_tree_find(&b, id)->created_ms, 42);
    assert_string_equal(cr_tree_find(&b, id)->name, "größe.py");
    assert_true(cr_tree_find_path(&b, "src")->is_folder);
    assert_int_equal(room_rev(room), 2);
    memcpy(b.room_id, owner, CR_ID_SIZE);
    FAILS(CR_ERR_NOT_FOUND, cr_store_tree_put(store, &b, 99, &err));
    cr_tree_clear(&a);
    cr_tree_clear(&b);
}

static void the_largest_tree_fits(void **state)
{
    char owner[CR_ID_SIZE], room[CR_ID_SIZE], id[CR_ID_SIZE], name[CR_LIMIT_FILE_NAME_BYTES + 1];
    struct cr_tree t;

    (void)state;
    new_user(owner);
    new_room(owner, room);
    OK(cr_store_tree_get(store, room, &t, &err));
    while (t.count < CR_LIMIT_FILES_PER_ROOM) {
        snprintf(name, sizeof(name), "%0*zu", CR_LIMIT_FILE_NAME_BYTES, t.count);
        OK(cr_tree_add(&t, name, false, 1, id, &err));
    }
    OK(cr_store_tree_put(store, &t, 1, &err));
    cr_tree_clear(&t);
    OK(cr_store_tree_get(store, room, &t, &err));
    assert_int_equal(t.count, CR_LIMIT_FILES_PER_ROOM);
    cr_tree_clear(&t);
}

struct log {
    int64_t seqs[16];
    uint8_t first[16];
    size_t lens[16];
    int count;
    int stop_at;
};

static int note(void *ctx, int64_t seq, const uint8_t *data, size_t len)
{
    struct log *l = ctx;

    l->seqs[l->count] = seq;
    l->lens[l->count] = len;
    l->first[l->count++] = len ? data[0] : 0;
    return l->count == l->stop_at ? 7 : 0;
}

static void batches_are_read_in_order(void **state)
{
    char room[CR_ID_SIZE], file[CR_ID_SIZE], other[CR_ID_SIZE];
    struct log l = {.stop_at = -1};

    (void)state;
    cr_id_new(room);
    cr_id_new(file);
    cr_id_new(other);
    for (uint8_t i = 1; i <= 12; i++) { /* 10 must not sort before 2 */
        OK(cr_store_doc_append(store, room, file, i, &i, i > 1, 1, &err));
        OK(cr_store_doc_append(store, room, other, i, &i, 1, 1, &err));
    }
    OK(cr_store_doc_read(store, room, file, 0, note, &l, &err));
    assert_int_equal(l.count, 12);
    for (int i = 0; i < 12; i++) {
        assert_int_equal(l.seqs[i], i + 1);
        assert_int_equal(l.first[i], i > 0 ? i + 1 : 0);
        assert_int_equal(l.lens[i], i > 0);
    }
    l = (struct log){.stop_at = 2};
    assert_int_equal(cr_store_doc_read(store, room, file, 9, note, &l, NULL), 7);
    assert_int_equal(l.seqs[0], 10);
    assert_int_equal(l.count, 2);
}

static void a_taken_place_is_a_conflict_and_a_repeat_is_not(void **state)
{
    char room[CR_ID_SIZE], file[CR_ID_SIZE];
    const uint8_t *bytes = (const uint8_t *)"abc";

    (void)state;
    cr_id_new(room);
    cr_id_new(file);
    OK(cr_store_doc_append(store, room, file, 1, bytes, 3, 1, &err));
    OK(cr_store_doc_append(store, room, file, 1, bytes, 3, 2, &err));
    FAILS(CR_ERR_CONFLICT, cr_store_doc_append(store, room, file, 1, bytes, 2, 1, &err));
    FAILS(CR_ERR_CONFLICT,
          cr_store_doc_append(store, room, file, 1, (const uint8_t *)"abd", 3, 1, &err));
    FAILS(CR_ERR_TOO_LARGE,
          cr_store_doc_append(store, room, file, 2, bytes, 16 * 1024 * 1024, 1, &err));
    OK(cr_store_doc_delete(store, room, file, &err));
    OK(cr_store_doc_delete(store, room, file, &err));
    OK(cr_store_doc_append(store, room, file, 1, bytes, 2, 1, &err));
}

static void many_batches_have_results_of_their_own(void **state)
{
    enum { COUNT = 40 };
    char room[CR_ID_SIZE];
    struct cr_doc_batch b[COUNT] = {0};
    uint8_t bytes[COUNT];

    (void)state;
    cr_id_new(room);
    for (int i = 0; i < COUNT; i++) {
        bytes[i] = (uint8_t)i;
        b[i] = (struct cr_doc_batch){.seq = 1, .data = &bytes[i], .len = 1};
        cr_id_new(b[i].file_id);
    }
    OK(cr_store_doc_append(store, room, b[5].file_id, 1, (const uint8_t *)"other", 5, 1, &err));
    OK(cr_store_doc_append(store, room, b[9].file_id, 1, b[9].data, 1, 1, &err));
    OK(cr_store_doc_append_many(store, room, b, COUNT, 1, &err));
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(b[i].result, i == 5 ? CR_ERR_CONFLICT : CR_ERR_NONE);
    OK(cr_store_doc_append_many(store, room, b, COUNT, 1, &err)); /* all of it again */
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(b[i].result, i == 5 ? CR_ERR_CONFLICT : CR_ERR_NONE);
    OK(cr_store_doc_append_many(store, room, b, 0, 1, &err));
}

/* One in the middle: neither it nor those behind it may look stored when they are not. */
static void batch_that_is_too_large_harms_no_other(void **state)
{
    enum { COUNT = 3 };
    char room[CR_ID_SIZE];
    struct cr_doc_batch b[COUNT] = {0};
    cr_auto_free uint8_t *large = cr_calloc(1, 16 * 1024 * 1024);

    (void)state;
    cr_id_new(room);
    for (int i = 0; i < COUNT; i++) {
        b[i] = (struct cr_doc_batch){.seq = 1, .data = large, .len = 3};
        cr_id_new(b[i].file_id);
    }
    b[1].len = 16 * 1024 * 1024;
    OK(cr_store_doc_append_many(store, room, b, COUNT, 1, &err));
    for (int i = 0; i < COUNT; i++) {
        int64_t seq = 0;

        assert_int_equal(b[i].result, i == 1 ? CR_ERR_TOO_LARGE : CR_ERR_NONE);
        OK(cr_store_doc_last_seq(store, room, b[i].file_id, &seq, &err));
        assert_int_equal(seq, i == 1 ? 0 : 1);
    }
    b[1].result = CR_ERR_NONE;
    OK(cr_store_doc_append_many(store, room, &b[1], 1, 1, &err)); /* nothing is left to write */
    assert_int_equal(b[1].result, CR_ERR_TOO_LARGE);
}

/* Together more than one answer of the server holds. */
static void large_batches_come_back_whole(void **state)
{
    enum { COUNT = 5 };
    const size_t len = 8 * 1024 * 1024;
    char room[CR_ID_SIZE], file[CR_ID_SIZE];
    struct log l = {.stop_at = -1};
    cr_auto_free uint8_t *data = cr_malloc(len);

    (void)state;
    cr_id_new(room);
    cr_id_new(file);
    for (uint8_t i = 1; i <= COUNT; i++) {
        memset(data, i, len);
        OK(cr_store_doc_append(store, room, file, i, data, len, 1, &err));
        OK(cr_store_doc_append(store, room, file, i, data, len, 1, &err));
    }
    OK(cr_store_doc_read(store, room, file, 0, note, &l, &err));
    assert_int_equal(l.count, COUNT);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(l.lens[i], len);
        assert_int_equal(l.first[i], i + 1);
    }
}

int test_files(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_is_written_by_who_read_it_last),
        cmocka_unit_test(the_largest_tree_fits),
        cmocka_unit_test(batches_are_read_in_order),
        cmocka_unit_test(a_taken_place_is_a_conflict_and_a_repeat_is_not),
        cmocka_unit_test(many_batches_have_results_of_their_own),
        cmocka_unit_test(batch_that_is_too_large_harms_no_other),
        cmocka_unit_test(large_batches_come_back_whole),
    };

    return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
