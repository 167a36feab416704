/* Collection doc_states: the head under _id "<room>:<file>", checkpoints under
 * "<room>:<file>:<seq, 19 digits>": room, file, seq, updates, log_bytes, vector, and the packed
 * state: in data, or in pieces (state, chunks). The head's: checkpoints, checkpoint_updates,
 * checkpoint_log_bytes. */
#include "base/clock.h"
#include "store/mongo/doc.h"

#define READ_TRIES 5 /* a new head may take the place of the one that is being read */
#define WRITE_TRIES 5
#define SWEEP_AGE_MS ((int64_t)60 * 60 * 1000)

/* ---- reading ---- */

static void read_checkpoints(const bson_t *doc, struct cr_doc_state *out)
{
    bson_t list;
    bson_iter_t it;

    if (!doc_sub(doc, "checkpoints", &list) || !bson_iter_init(&it, &list))
        return;
    out->checkpoints = cr_calloc(bson_count_keys(&list) + 1, sizeof(*out->checkpoints));
    while (bson_iter_next(&it))
        out->checkpoints[out->checkpoint_count++] = bson_iter_as_int64(&it);
}

static void append_bin(const bson_t *doc, const char *key, struct cr_buf *out)
{
    const uint8_t *data;
    size_t len;

    if (doc_bin(doc, key, &data, &len))
        cr_buf_append(out, data, len);
}

static void read_numbers(const bson_t *doc, struct cr_doc_state *out)
{
    out->seq = doc_int(doc, "seq");
    out->updates = doc_int(doc, "updates");
    out->log_bytes = doc_int(doc, "log_bytes");
    out->checkpoint_updates = doc_int(doc, "checkpoint_updates");
    out->checkpoint_log_bytes = doc_int(doc, "checkpoint_log_bytes");
    read_checkpoints(doc, out);
}

static int read_state(struct cr_store *s, const char *room_id, const char *file_id,
                      const bson_t *doc, struct cr_doc_state *out, struct cr_error *err)
{
    int64_t chunks = doc_int(doc, "chunks");

    read_numbers(doc, out);
    append_bin(doc, "vector", &out->vector);
    if (chunks == 0) {
        append_bin(doc, "data", &out->packed);
        return 0;
    }
    return doc_chunks_read(s, room_id, file_id, doc_str(doc, "state"), chunks, &out->packed, err);
}

static int get_once(struct cr_store *s, const char *room_id, const char *file_id, int64_t seq,
                    struct cr_doc_state *out, struct cr_error *err)
{
    AUTO_BSON doc;
    char key[DOC_KEY_SIZE];
    int rc;

    memset(out, 0, sizeof(*out));
    doc_state_key(key, room_id, file_id, seq);
    if (db_get(DB_CALL(s, "doc_states"), key, NULL, &doc, "state of the document", err) < 0)
        return -1;
    rc = read_state(s, room_id, file_id, &doc, out, err);
    if (rc < 0)
        cr_doc_state_clear(out);
    return rc;
}

static int get(struct cr_store *s, const char *room_id, const char *file_id, int64_t seq,
               struct cr_doc_state *out, struct cr_error *err)
{
    struct cr_error why = CR_ERROR_INIT;

    for (int i = 0; i < READ_TRIES; i++) {
        if (get_once(s, room_id, file_id, seq, out, &why) == 0)
            return 0;
        if (why.code != CR_ERR_GONE)
            break;
    }
    return cr_fail(err, why.code == CR_ERR_GONE ? CR_ERR_UNAVAILABLE : why.code, "%s", why.message);
}

int cr_store_doc_head(struct cr_store *s, const char *room_id, const char *file_id,
                      struct cr_doc_state *out, struct cr_error *err)
{
    struct cr_error why = CR_ERROR_INIT;

    if (get(s, room_id, file_id, 0, out, &why) == 0 || why.code == CR_ERR_NOT_FOUND)
        return 0; /* not found: *out is zero */
    return cr_fail(err, why.code, "%s", why.message);
}

int cr_store_doc_head_brief(struct cr_store *s, const char *room_id, const char *file_id,
                            struct cr_doc_state *out, struct cr_error *err)
{
    static const char *const numbers[] = {
        "seq", "updates", "log_bytes", "checkpoint_updates", "checkpoints", "checkpoint_log_bytes"};
    AUTO_BSON filter = BSON_INITIALIZER, fields = BSON_INITIALIZER, doc;
    char key[DOC_KEY_SIZE];
    bool found = false;

    memset(out, 0, sizeof(*out));
    doc_state_key(key, room_id, file_id, 0);
    doc_by_id(&filter, key);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        bson_append_int32(&fields, numbers[i], -1, 1);
    if (db_find_one(DB_CALL(s, "doc_states"), &filter, &fields, &doc, &found, err) < 0)
        return -1;
    if (found)
        read_numbers(&doc, out);
    return 0;
}

int cr_store_doc_checkpoint(struct cr_store *s, const char *room_id, const char *file_id,
                            int64_t seq, struct cr_doc_state *out, struct cr_error *err)
{
    return get(s, room_id, file_id, seq, out, err);
}

/* ---- writing ---- */

struct pieces { /* of the state that is being written; count 0: it is in data */
    char id[CR_ID_SIZE];
    int64_t count;
};

static void add_checkpoints(bson_t *doc, const struct cr_doc_state *st)
{
    bson_t list;

    BSON_APPEND_ARRAY_BEGIN(doc, "checkpoints", &list);
    for (size_t i = 0; i < st->checkpoint_count; i++) {
        char buf[16];
        const char *index;

        bson_uint32_to_string((uint32_t)i, &index, buf, sizeof(buf));
        BSON_APPEND_INT64(&list, index, st->checkpoints[i]);
    }
    bson_append_array_end(doc, &list);
    BSON_APPEND_INT64(doc, "checkpoint_updates", st->checkpoint_updates);
    BSON_APPEND_INT64(doc, "checkpoint_log_bytes", st->checkpoint_log_bytes);
}

/* All fields but _id, room and file; so a head that is replaced keeps nothing of the old one. */
static void add_fields(bson_t *doc, const struct cr_doc_state *st, const struct pieces *p,
                       bool head, int64_t now_ms)
{
    BSON_APPEND_INT64(doc, "seq", st->seq);
    BSON_APPEND_INT64(doc, "updates", st->updates);
    BSON_APPEND_INT64(doc, "log_bytes", st->log_bytes);
    doc_add_bin(doc, "vector", st->vector.data, st->vector.len);
    doc_add_bin(doc, "data", st->packed.data, p->count > 0 ? 0 : st->packed.len);
    BSON_APPEND_UTF8(doc, "state", p->count > 0 ? p->id : "");
    BSON_APPEND_INT64(doc, "chunks", p->count);
    BSON_APPEND_INT64(doc, "created_ms", now_ms);
    if (head)
        add_checkpoints(doc, st);
}

static int write_pieces(struct cr_store *s, const char *room_id, const char *file_id,
                        const struct cr_doc_state *st, int64_t now_ms, struct pieces *p,
                        struct cr_error *err)
{
    memset(p, 0, sizeof(*p));
    if (st->packed.len <= CR_DOC_STATE_PIECE)
        return 0;
    return doc_chunks_write(s, room_id, file_id, &st->packed, now_ms, p->id, &p->count, err);
}

static int drop_pieces(struct cr_store *s, const char *room_id, const char *file_id,
                       const char *state_id, struct cr_error *err)
{
    return state_id[0] ? doc_chunks_delete(s, room_id, file_id, state_id, err) : 0;
}

/* What a stored state says of itself, without its bytes. */
struct stored {
    bool found;
    int64_t seq;
    char state_id[CR_ID_SIZE];
};

static int look(struct cr_store *s, const char *key, struct stored *out, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, fields = BSON_INITIALIZER, doc;

    doc_by_id(&filter, key);
    BSON_APPEND_INT32(&fields, "seq", 1);
    BSON_APPEND_INT32(&fields, "state", 1);
    memset(out, 0, sizeof(*out));
    if (db_find_one(DB_CALL(s, "doc_states"), &filter, &fields, &doc, &out->found, err) < 0)
        return -1;
    if (out->found) {
        out->seq = doc_int(&doc, "seq");
        doc_id(&doc, "state", out->state_id);
    }
    return 0;
}

static int insert(struct cr_store *s, const char *key, const char *room_id, const char *file_id,
                  const struct cr_doc_state *st, const struct pieces *p, bool head, int64_t now_ms,
                  bool *done, struct cr_error *err)
{
    AUTO_BSON doc = BSON_INITIALIZER;
    bool duplicate = false;

    doc_by_id(&doc, key);
    BSON_APPEND_UTF8(&doc, "room", room_id);
    BSON_APPEND_UTF8(&doc, "file", file_id);
    add_fields(&doc, st, p, head, now_ms);
    if (db_insert(DB_CALL(s, "doc_states"), &doc, &duplicate, err) < 0)
        return -1;
    *done = !duplicate;
    return 0;
}

static int replace(struct cr_store *s, const char *key, const char *room_id,
                   const struct stored *old, const struct cr_doc_state *st, const struct pieces *p,
                   int64_t now_ms, bool *done, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER;
    int64_t matched = 0;
    bson_t set;

    doc_by_id(&filter, key);
    BSON_APPEND_UTF8(&filter, "room", room_id); /* for a sharded cluster */
    BSON_APPEND_INT64(&filter, "seq", old->seq);
    BSON_APPEND_UTF8(&filter, "state", old->state_id);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
    add_fields(&set, st, p, true, now_ms);
    bson_append_document_end(&update, &set);
    if (db_update(DB_CALL(s, "doc_states"), &filter, &update, &matched, err) < 0)
        return -1;
    *done = matched > 0;
    return 0;
}

int cr_store_doc_head_put(struct cr_store *s, const char *room_id, const char *file_id,
                          const struct cr_doc_state *st, int64_t now_ms, struct cr_error *err)
{
    char key[DOC_KEY_SIZE];
    struct stored old;
    struct pieces p;
    bool done = false;

    doc_state_key(key, room_id, file_id, 0);
    if (write_pieces(s, room_id, file_id, st, now_ms, &p, err) < 0)
        return -1;
    for (int i = 0; i < WRITE_TRIES && !done; i++) { /* again: somebody else's head came between */
        if (look(s, key, &old, err) < 0)
            return -1;
        if (old.found && old.seq >= st->seq) {
            bool own = p.count > 0 && strcmp(old.state_id, p.id) == 0; /* an answer got lost */

            return own ? 0 : drop_pieces(s, room_id, file_id, p.id, err);
        }
        if ((old.found ? replace(s, key, room_id, &old, st, &p, now_ms, &done, err)
                       : insert(s, key, room_id, file_id, st, &p, true, now_ms, &done, err)) < 0)
            return -1;
    }
    if (done)
        return drop_pieces(s, room_id, file_id, old.state_id, err);
    drop_pieces(s, room_id, file_id, p.id, NULL); /* what is left is swept */
    return cr_fail(err, CR_ERR_UNAVAILABLE, "the document's head cannot be replaced");
}

int cr_store_doc_checkpoint_put(struct cr_store *s, const char *room_id, const char *file_id,
                                const struct cr_doc_state *st, int64_t now_ms, struct cr_error *err)
{
    char key[DOC_KEY_SIZE];
    struct stored there;
    struct pieces p;
    bool done = false;

    doc_state_key(key, room_id, file_id, st->seq);
    if (write_pieces(s, room_id, file_id, st, now_ms, &p, err) < 0 ||
        insert(s, key, room_id, file_id, st, &p, false, now_ms, &done, err) < 0)
        return -1;
    if (done || p.count == 0)
        return 0;
    if (look(s, key, &there, err) < 0)
        return -1;
    return strcmp(there.state_id, p.id) == 0 ? 0 : drop_pieces(s, room_id, file_id, p.id, err);
}

/* ---- tidying up ---- */

struct named {
    char (*items)[CR_ID_SIZE];
    size_t count;
};

static int note_named(void *ctx, const bson_t *doc)
{
    struct named *n = ctx;

    doc_id(doc, "state", *LIST_ADD(n));
    return 0;
}

int cr_store_doc_sweep(struct cr_store *s, const char *room_id, const char *file_id, int64_t now_ms,
                       struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, opts = BSON_INITIALIZER;
    struct named n = {0};
    const char **ids;
    bson_t fields;
    int rc;

    doc_add_file_range(&filter, room_id, file_id);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "projection", &fields);
    BSON_APPEND_INT32(&fields, "state", 1);
    bson_append_document_end(&opts, &fields);
    rc = db_find(DB_CALL(s, "doc_states"), &filter, &opts, note_named, &n, err);
    ids = cr_calloc(n.count + 1, sizeof(*ids));
    for (size_t i = 0; i < n.count; i++)
        ids[i] = n.items[i];
    if (rc == 0)
        rc = doc_chunks_sweep(s, room_id, file_id, ids, n.count, now_ms - SWEEP_AGE_MS, err);
    free(ids);
    free(n.items);
    return rc;
}

int doc_states_delete(struct cr_store *s, const char *room_id, const char *file_id,
                      struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER;

    doc_add_file_range(&filter, room_id, file_id);
    if (db_delete(DB_CALL(s, "doc_states"), &filter, NULL, err) < 0)
        return -1;
    return db_delete(DB_CALL(s, "doc_chunks"), &filter, NULL, err);
}
