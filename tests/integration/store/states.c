/* Compacted states of documents. */
#include "tests/integration/store/suite.h"

#include "store/mongo/testing.h"

static void make_ids(char room[CR_ID_SIZE], char file[CR_ID_SIZE])
{
    cr_id_new(room);
    cr_id_new(file);
}

static struct cr_doc_state make_state(int64_t seq, size_t len, uint8_t fill)
{
    struct cr_doc_state st = {.seq = seq, .updates = seq * 10, .log_bytes = seq * 100};

    memset(cr_buf_reserve(&st.packed, len), fill, len);
    st.packed.len = len;
    cr_buf_append_str(&st.vector, "vector");
    return st;
}

static void put_head(const char *room, const char *file, int64_t seq, size_t len, uint8_t fill)
{
    struct cr_doc_state st = make_state(seq, len, fill);

    OK(cr_store_doc_head_put(store, room, file, &st, cr_wall_ms(), &err));
    cr_doc_state_clear(&st);
}

static void assert_head(const char *room, const char *file, int64_t seq, size_t len, uint8_t fill)
{
    struct cr_doc_state got;

    OK(cr_store_doc_head(store, room, file, &got, &err));
    assert_int_equal(got.seq, seq);
    assert_int_equal(got.updates, seq * 10);
    assert_int_equal(got.packed.len, len);
    for (size_t i = 0; i < len; i += 997)
        assert_int_equal(got.packed.data[i], fill);
    if (seq > 0)
        assert_memory_equal(got.vector.data, "vector", 6);
    cr_doc_state_clear(&got);
}

static int64_t chunk_count(const char *room)
{
    int64_t n = -1;

    OK(cr_store_count_of_room(store, "doc_chunks", room, &n, &err));
    return n;
}

static void a_head_is_replaced_by_newer_ones_only(void **state)
{
    char room[CR_ID_SIZE], file[CR_ID_SIZE];

    (void)state;
    make_ids(room, file);
    assert_head(room, file, 0, 0, 0);
    put_head(room, file, 5, 100, 'a');
    assert_head(room, file, 5, 100, 'a');
    put_head(room, file, 9, 200, 'b');
    put_head(room, file, 7, 300, 'c');
    put_head(room, file, 9, 300, 'd');
    assert_head(room, file, 9, 200, 'b');
}

static void large_states_come_back_whole(void **state)
{
    const size_t large = 20 * 1024 * 1024;
    char room[CR_ID_SIZE], file[CR_ID_SIZE];

    (void)state;
    make_ids(room, file);
    put_head(room, file, 1, large, 'a');
    assert_head(room, file, 1, large, 'a');
    assert_int_equal(chunk_count(room), 3);
    put_head(room, file, 2, large + 1, 'b');
    assert_head(room, file, 2, large + 1, 'b');
    assert_int_equal(chunk_count(room), 3);
    put_head(room, file, 1, large, 'c'); /* late: its pieces go again */
    assert_head(room, file, 2, large + 1, 'b');
    assert_int_equal(chunk_count(room), 3);
    put_head(room, file, 3, 10, 'd');
    assert_head(room, file, 3, 10, 'd');
    assert_int_equal(chunk_count(room), 0);
}

static void checkpoints_are_listed_by_the_head(void **state)
{
    char room[CR_ID_SIZE], file[CR_ID_SIZE];
    struct cr_doc_state st, got;
    int64_t seqs[] = {100, 2000};

    (void)state;
    make_ids(room, file);
    for (int i = 0; i < 2; i++) {
        st = make_state(seqs[i], i == 0 ? 100 : 9 * 1024 * 1024, 'x');
        OK(cr_store_doc_checkpoint_put(store, room, file, &st, cr_wall_ms(), &err));
        OK(cr_store_doc_checkpoint_put(store, room, file, &st, cr_wall_ms(), &err)); /* repeated */
        cr_doc_state_clear(&st);
    }
    assert_int_equal(chunk_count(room), 2);
    st = make_state(2000, 50, 'y');
    st.checkpoints = seqs;
    st.checkpoint_count = 2;
    OK(cr_store_doc_head_put(store, room, file, &st, cr_wall_ms(), &err));
    st.checkpoints = NULL;
    cr_doc_state_clear(&st);
    OK(cr_store_doc_head(store, room, file, &got, &err));
    assert_int_equal(got.checkpoint_count, 2);
    assert_int_equal(got.checkpoints[0], 100);
    assert_int_equal(got.checkpoints[1], 2000);
    cr_doc_state_clear(&got);
    OK(cr_store_doc_head_brief(store, room, file, &got, &err));
    assert_int_equal(got.seq, 2000);
    assert_int_equal(got.checkpoint_count, 2);
    assert_int_equal(got.packed.len, 0);
    cr_doc_state_clear(&got);
    OK(cr_store_doc_checkpoint(store, room, file, 2000, &got, &err));
    assert_int_equal(got.packed.len, 9 * 1024 * 1024);
    cr_doc_state_clear(&got);
    FAILS(CR_ERR_NOT_FOUND, cr_store_doc_checkpoint(store, room, file, 101, &got, &err));
    OK(cr_store_doc_delete(store, room, file, &err));
    assert_head(room, file, 0, 0, 0);
    assert_int_equal(chunk_count(room), 0);
    FAILS(CR_ERR_NOT_FOUND, cr_store_doc_checkpoint(store, room, file, 100, &got, &err));
}

/* What a process that was killed while it wrote left behind. */
static void unfinished_states_are_swept(void **state)
{
    const int64_t hour_ms = 3600 * 1000;
    char room[CR_ID_SIZE], file[CR_ID_SIZE];
    struct cr_doc_state st;
    int64_t now = cr_wall_ms();

    (void)state;
    make_ids(room, file);
    put_head(room, file, 1, 9 * 1024 * 1024, 'a');
    st = make_state(2, 9 * 1024 * 1024, 'b');
    /* Pieces that no state names: those of a checkpoint whose document is taken away. */
    OK(cr_store_doc_checkpoint_put(store, room, file, &st, now - 2 * hour_ms, &err));
    st.seq = 3;
    OK(cr_store_doc_checkpoint_put(store, room, file, &st, now, &err));
    cr_doc_state_clear(&st);
    OK(cr_store_remove_seq(store, "doc_states", room, 2, &err));
    OK(cr_store_remove_seq(store, "doc_states", room, 3, &err));
    assert_int_equal(chunk_count(room), 6);
    OK(cr_store_doc_sweep(store, room, file, now, &err));
    assert_int_equal(chunk_count(room), 4); /* one may be being written */
    OK(cr_store_doc_sweep(store, room, file, now + 2 * hour_ms, &err));
    assert_int_equal(chunk_count(room), 2);
    assert_head(room, file, 1, 9 * 1024 * 1024, 'a');
}

static void the_end_of_a_log_is_found(void **state)
{
    char room[CR_ID_SIZE], file[CR_ID_SIZE];
    int64_t seq = 9;

    (void)state;
    make_ids(room, file);
    OK(cr_store_doc_last_seq(store, room, file, &seq, &err));
    assert_int_equal(seq, 0);
    for (int64_t i = 1; i <= 11; i++)
        OK(cr_store_doc_append(store, room, file, i, (const uint8_t *)"x", 1, 1, &err));
    OK(cr_store_doc_last_seq(store, room, file, &seq, &err));
    assert_int_equal(seq, 11);
}

static int note_batch(void *ctx, size_t file, int64_t seq, const uint8_t *data, size_t len)
{
    char(*told)[128] = ctx;
    size_t used = strlen(*told);

    snprintf(*told + used, sizeof *told - used, "%zu:%lld%.*s ", file, (long long)seq, (int)len,
             (const char *)data);
    return 0;
}

static void many_files_are_read_together(void **state)
{
    char room[CR_ID_SIZE], files[4][CR_ID_SIZE], told[128] = "";
    const char(*ids)[CR_ID_SIZE] = (const char(*)[CR_ID_SIZE])files;
    struct cr_doc_state heads[4];

    (void)state;
    cr_id_new(room);
    for (size_t i = 0; i < 4; i++)
        cr_id_new(files[i]);
    qsort(files, 4, CR_ID_SIZE, (int (*)(const void *, const void *))strcmp);
    put_head(room, files[0], 2, 100, 'a');
    put_head(room, files[1], 1, 9 * 1024 * 1024, 'b'); /* in pieces */
    for (int64_t i = 1; i <= 3; i++) {
        OK(cr_store_doc_append(store, room, files[0], i, (const uint8_t *)"x", 1, 1, &err));
        OK(cr_store_doc_append(store, room, files[2], i, (const uint8_t *)"y", 1, 1, &err));
    }
    OK(cr_store_doc_heads(store, room, ids, 4, heads, &err));
    assert_int_equal(heads[0].seq, 2);
    assert_int_equal(heads[0].packed.len, 100);
    assert_int_equal(heads[1].seq, 1);
    assert_true(heads[1].unread);
    assert_int_equal(heads[1].packed.len, 0);
    assert_false(heads[0].unread || heads[2].unread);
    assert_int_equal(heads[2].seq, 0);
    assert_int_equal(heads[3].packed.len, 0);
    OK(cr_store_doc_tails(store, room, ids, heads, 4, note_batch, &told, &err));
    assert_string_equal(told, "0:3x 2:1y 2:2y 2:3y ");
    for (size_t i = 0; i < 4; i++)
        cr_doc_state_clear(&heads[i]);
}

int test_states(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_is_replaced_by_newer_ones_only),
        cmocka_unit_test(large_states_come_back_whole),
        cmocka_unit_test(checkpoints_are_listed_by_the_head),
        cmocka_unit_test(unfinished_states_are_swept),
        cmocka_unit_test(the_end_of_a_log_is_found),
        cmocka_unit_test(many_files_are_read_together),
    };

    return cmocka_run_group_tests_name("states", tests, NULL, NULL);
}
