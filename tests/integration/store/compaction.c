/* Compaction by a process that is killed (SIGKILL) after each of its messages to the database, and
 * in the middle of the next: at every instant the document and its history are what they were, and
 * the next compaction ends well. */
#include "proxy.h"
#include "suite.h"

#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "doclog/doclog.h"
#include "store/mongo/testing.h"
#include "ydoc/edit.h"

#define WRITER 7
#define LETTERS 20000     /* each an update of its own: so many make a checkpoint due */
#define LARGE 12000000    /* letters of 6 bits: 9 MB packed, so a state is in two pieces */
#define ADDED 2000000     /* an eighth of the state has to be new for another checkpoint */
#define PIECES 2          /* of each state */
#define LAST_SEQ 2        /* batches of the document */
#define PART_UPDATES 10   /* a moment inside the second batch */
#define DEADLINE_MS 60000 /* for one compaction */
#define HOUR_MS ((int64_t)3600 * 1000)
#define IDS const char *room, const char *file

static struct proxy *proxy;
static char *relayed;
static struct cr_buf batches[LAST_SEQ]; /* the document's log … */
static struct cr_buf texts[LAST_SEQ];   /* … its text behind each of them … */
static struct cr_buf part;              /* … and inside the second */

/* ---- the document ---- */

struct writing {
    struct yd_doc *doc;
    struct cr_doc_batch_writer batch;
};

static void write_text(struct writing *w, uint32_t at, const char *text, size_t len)
{
    struct yd_buf update = {0};
    struct yd_txn txn;

    assert_int_equal(yd_txn_begin(&txn, w->doc, WRITER), 0);
    assert_int_equal(yd_text_insert(&txn, yd_root("text"), at, text, len, NULL, 0), 0);
    assert_true(yd_txn_commit(&txn, &update));
    cr_doc_batch_add(&w->batch, update.data, update.len, "ada", T0);
    yd_buf_free(&update);
}

/* Letters that cannot be packed well, the same in each run. */
static void write_noise(struct writing *w, size_t len)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/";
    static uint64_t x = 88172645463325252;
    cr_auto_free char *text = cr_malloc(len);

    for (size_t i = 0; i < len; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        text[i] = letters[x >> 58];
    }
    write_text(w, yd_list_len(w->doc, yd_root("text")), text, len);
}

static void note_text(const struct yd_doc *doc, struct cr_buf *out)
{
    struct yd_buf text = {0};

    yd_text(doc, "text", 4, &text);
    cr_buf_append(out, text.data, text.len);
    yd_buf_free(&text);
}

static void make_log(void)
{
    struct writing w = {.doc = yd_doc_new(NULL)};

    for (uint32_t i = 0; i < LETTERS; i++)
        write_text(&w, i, "x", 1);
    write_noise(&w, LARGE);
    note_text(w.doc, &texts[0]);
    cr_doc_batch_finish(&w.batch, &batches[0]);
    for (int i = 0; i < LETTERS; i++) {
        write_text(&w, 0, "y", 1);
        if (i + 1 == PART_UPDATES)
            note_text(w.doc, &part);
    }
    write_noise(&w, ADDED);
    note_text(w.doc, &texts[1]);
    cr_doc_batch_finish(&w.batch, &batches[1]);
    cr_doc_batch_writer_clear(&w.batch);
    yd_doc_free(w.doc);
}

static void compact_here(IDS, int64_t last_seq)
{
    int64_t seq;
    size_t len;

    OK(cr_doclog_compact(store, room, file, cr_wall_ms(), &seq, &len, &err));
    assert_int_equal(seq, last_seq);
    assert_true(len > CR_DOC_STATE_PIECE);
}

static void store_document(char room[CR_ID_SIZE], char file[CR_ID_SIZE], bool with_head)
{
    cr_id_new(room);
    cr_id_new(file);
    for (int i = 0; i < LAST_SEQ; i++) {
        OK(cr_store_doc_append(store, room, file, i + 1, batches[i].data, batches[i].len, T0,
                               &err));
        if (i == 0 && with_head)
            compact_here(room, file, 1);
    }
}

/* ---- looking at it ---- */

static void assert_text(struct yd_doc *doc, const struct cr_buf *expected)
{
    CR_AUTO_BUF text = {0};

    note_text(doc, &text);
    assert_int_equal(text.len, expected->len);
    assert_true(memcmp(text.data, expected->data, text.len) == 0);
    yd_doc_free(doc);
}

static void assert_moment(IDS, int64_t seq, int64_t index, const struct cr_buf *expected)
{
    struct yd_doc *doc;

    OK(cr_doclog_moment(store, room, file, seq, index, &doc, &err));
    assert_text(doc, expected);
}

static void assert_whole(IDS)
{
    struct cr_doc_version_list versions;
    struct yd_doc *doc;
    int64_t seq;

    OK(cr_doclog_read_doc(store, room, file, &doc, &seq, &err));
    assert_int_equal(seq, LAST_SEQ);
    assert_text(doc, &texts[1]);
    assert_moment(room, file, 1, -1, &texts[0]);
    assert_moment(room, file, 2, PART_UPDATES - 1, &part);
    OK(cr_doclog_versions(store, room, file, 0, 10, &versions, &err));
    assert_int_equal(versions.count, 1);
    assert_int_equal(versions.items[0].updates, 2 * (LETTERS + 1));
    cr_doc_version_list_clear(&versions);
}

static int64_t count(const char *collection, const char *room)
{
    int64_t n = -1;

    OK(cr_store_count_of_room(store, collection, room, &n, &err));
    return n;
}

/* Whoever comes next finishes what the killed one began, and nothing stays behind. */
static void assert_heals(IDS)
{
    struct yd_doc *doc;
    int64_t seq;

    compact_here(room, file, LAST_SEQ);
    OK(cr_store_doc_sweep(store, room, file, cr_wall_ms() + 2 * HOUR_MS, &err));
    assert_int_equal(count("doc_chunks", room), PIECES * count("doc_states", room));
    OK(cr_doclog_read_doc(store, room, file, &doc, &seq, &err));
    assert_text(doc, &texts[1]);
    OK(cr_store_doc_delete(store, room, file, &err));
}

/* ---- the process that is killed ---- */

int compact_once(const char *database, const char *room_id, const char *file_id)
{
    const struct cr_store_options o = {store_uri, database, 2, DEADLINE_MS, "store-test"};
    struct cr_error err = CR_ERROR_INIT;
    int64_t seq;
    size_t len;
    int rc = -1;

    store = cr_store_open(&o, &err);
    if (store)
        rc = cr_doclog_compact(store, room_id, file_id, cr_wall_ms(), &seq, &len, &err);
    if (rc < 0)
        fprintf(stderr, "test_store: %s\n", err.message);
    cr_store_close(store);
    return rc < 0;
}

static pid_t start(IDS)
{
    const char *const words[] = {"test_store", relayed, "--compact", store_database,
                                 room,         file,    NULL};
    char **argv = (char **)(intptr_t)words; /* which posix_spawn does not change */
    pid_t pid;

    assert_int_equal(posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ), 0);
    return pid;
}

/* The driver's counters of a process, in /dev/shm: it cannot take them away when it is killed. */
static void remove_counters(pid_t pid)
{
    char name[32];

    snprintf(name, sizeof name, "/mongoc-%d", (int)pid);
    shm_unlink(name);
}

/* Kill it when so many of its messages were answered. False: it came to its end before. */
static bool killed_after(int messages, IDS)
{
    int64_t end = cr_mono_ms() + DEADLINE_MS;
    int status;
    pid_t pid;

    proxy_stop_after(proxy, "doc_", messages);
    pid = start(room, file);
    while (!proxy_has_stopped(proxy) && cr_mono_ms() < end) {
        if (waitpid(pid, &status, WNOHANG) == pid) {
            assert_int_equal(status, 0);
            return false;
        }
        usleep(500);
    }
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    remove_counters(pid);
    assert_true(proxy_has_stopped(proxy));
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return true;
}

/* with_head: there is an older one, and a checkpoint. least: messages that it has at least. */
static void kill_at_each_message(bool with_head, int least)
{
    const int64_t states = with_head ? 2 : 0;
    char room[CR_ID_SIZE], file[CR_ID_SIZE];
    int messages = 0;

    store_document(room, file, with_head);
    assert_int_equal(count("doc_states", room), states);
    while (killed_after(messages, room, file)) {
        assert_whole(room, file);
        messages++;
        /* Pieces that no state names change nothing for the next one. */
        if (count("doc_states", room) > states) {
            assert_heals(room, file);
            store_document(room, file, with_head);
        }
    }
    assert_whole(room, file);
    assert_int_equal(count("doc_states", room), with_head ? 3 : 2);
    assert_heals(room, file);
    print_message("    killed after each of %d messages\n", messages);
    assert_true(messages >= least);
}

static void a_first_compaction_is_safe_at_every_instant(void **state)
{
    (void)state;
    /* Head, log, two pieces and the state of the checkpoint, the same and a look for the head, what
     * a sweep looks for and removes. */
    kill_at_each_message(false, 10);
}

static void a_later_compaction_is_safe_at_every_instant(void **state)
{
    (void)state;
    /* The same, with reading the old head's pieces and removing them. */
    kill_at_each_message(true, 12);
}

static int set_up(void **state)
{
    (void)state;
    relayed = proxy_uri(&proxy);
    make_log();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    proxy_stop(proxy);
    free(relayed);
    for (int i = 0; i < LAST_SEQ; i++) {
        cr_buf_clear(&batches[i]);
        cr_buf_clear(&texts[i]);
    }
    cr_buf_clear(&part);
    return 0;
}

int test_compaction(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_compaction_is_safe_at_every_instant),
        cmocka_unit_test(a_later_compaction_is_safe_at_every_instant),
    };

    return cmocka_run_group_tests_name("compaction", tests, set_up, tear_down);
}
