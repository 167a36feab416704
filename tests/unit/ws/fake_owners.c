/* Processes, who owns which room, and who may come in: what the handshake asks the database. */
#include "tests/unit/ws/fake.h"

#include "proto/doc_batch.h"

#include <unistd.h>

/* ---- processes ---- */

static struct cr_process *find_process(const char *id)
{
    for (size_t i = 0; i < fake.process_count; i++)
        if (strcmp(fake.processes[i].id, id) == 0)
            return &fake.processes[i];
    return NULL;
}

int cr_store_process_insert(struct cr_store *s, const char *id, const char *address,
                            struct cr_error *err)
{
    struct cr_process *p = &fake.processes[fake.process_count++];

    (void)s, (void)err;
    assert_true(fake.process_count <= CR_COUNT(fake.processes));
    memset(p, 0, sizeof *p);
    memcpy(p->id, id, CR_ID_SIZE);
    snprintf(p->address, sizeof p->address, "%s", address);
    return 0;
}

int cr_store_process_beat(struct cr_store *s, const char *id, int64_t beat, struct cr_error *err)
{
    struct cr_process *p = find_process(id);

    (void)s;
    if (!p)
        return cr_fail(err, CR_ERR_GONE, "taken for dead");
    p->beat = beat;
    return 0;
}

int cr_store_process_list(struct cr_store *s, struct cr_process_list *out, struct cr_error *err)
{
    (void)s, (void)err;
    out->items = cr_calloc(fake.process_count + 1, sizeof *out->items);
    out->count = fake.process_count;
    memcpy(out->items, fake.processes, fake.process_count * sizeof *out->items);
    return 0;
}

void cr_process_list_clear(struct cr_process_list *l)
{
    free(l->items);
    memset(l, 0, sizeof *l);
}

int cr_store_process_get(struct cr_store *s, const char *id, struct cr_process *out, bool *found,
                         struct cr_error *err)
{
    const struct cr_process *p = find_process(id);

    (void)s, (void)err;
    memset(out, 0, sizeof *out);
    *found = p != NULL;
    if (p)
        *out = *p;
    return 0;
}

int cr_store_process_remove(struct cr_store *s, const char *id, int64_t beat, struct cr_error *err)
{
    struct cr_process *p = find_process(id);

    (void)s;
    fake.removals++;
    if (fake.remove_error != CR_ERR_NONE)
        return cr_fail(err, fake.remove_error, "as told");
    if (p && (beat < 0 || p->beat == beat))
        *p = fake.processes[--fake.process_count];
    return 0;
}

/* ---- owners: of ROOM; those of other rooms are only counted ---- */

static pthread_mutex_t owner_lock = PTHREAD_MUTEX_INITIALIZER; /* rooms are taken on any thread */

int cr_store_owner_get(struct cr_store *s, const char *room_id, struct cr_owner *out,
                       struct cr_error *err)
{
    (void)s, (void)err;
    memset(out, 0, sizeof *out);
    pthread_mutex_lock(&owner_lock);
    if (strcmp(room_id, ROOM) == 0)
        *out = fake.owner;
    pthread_mutex_unlock(&owner_lock);
    if (fake.owner_wait_us > 0)
        usleep(fake.owner_wait_us);
    return 0;
}

int cr_store_owner_put(struct cr_store *s, const char *room_id, const struct cr_owner *from,
                       const char *process, bool fence, struct cr_error *err)
{
    bool ours = strcmp(room_id, ROOM) == 0, same;

    (void)s;
    pthread_mutex_lock(&owner_lock);
    fake.owner_puts++;
    same = strcmp(fake.owner.process, from->process) == 0 && fake.owner.epoch == from->epoch;
    if (ours && same) {
        memcpy(fake.owner.process, process, CR_ID_SIZE);
        fake.owner.epoch++;
        fake.owner.fence = fence;
    }
    pthread_mutex_unlock(&owner_lock);
    return same || !ours ? 0 : cr_fail(err, CR_ERR_CONFLICT, "somebody else took the room");
}

int cr_store_owner_release(struct cr_store *s, const char *room_id, const char *process,
                           int64_t epoch, struct cr_error *err)
{
    (void)s, (void)room_id, (void)err;
    if (strcmp(fake.owner.process, process) == 0 && fake.owner.epoch == epoch) {
        fake.owner.process[0] = '\0';
        fake.owner.fence = false;
    }
    return 0;
}

int cr_store_owner_release_all(struct cr_store *s, const char *process, struct cr_error *err)
{
    return cr_store_owner_release(s, ROOM, process, fake.owner.epoch, err);
}

/* A fence. */
int cr_store_doc_append(struct cr_store *s, const char *room_id, const char *file_id, int64_t seq,
                        const uint8_t *data, size_t len, int64_t now_ms, struct cr_error *err)
{
    struct cr_doc_batch b = {.seq = seq, .data = data, .len = len};

    memcpy(b.file_id, file_id, CR_ID_SIZE);
    if (cr_store_doc_append_many(s, room_id, &b, 1, now_ms, err) < 0)
        return -1;
    return b.result == CR_ERR_NONE ? 0 : cr_fail(err, b.result, "as told");
}

/* ---- the handshake ---- */

int cr_store_use_once(struct cr_store *s, const char *key, int64_t expires_ms, struct cr_error *err)
{
    (void)s, (void)key, (void)expires_ms, (void)err;
    return 0;
}

int cr_store_member_role(struct cr_store *s, const char *room_id, const char *user_id,
                         enum cr_role *out, struct cr_error *err)
{
    (void)s, (void)room_id, (void)user_id, (void)err;
    *out = CR_ROLE_EDITOR;
    return 0;
}

int cr_store_user_by_id(struct cr_store *s, const char *id, struct cr_user *out,
                        struct cr_error *err)
{
    (void)s, (void)id, (void)out;
    return cr_fail(err, CR_ERR_NOT_FOUND, "no user");
}

int cr_store_grant_by_hash(struct cr_store *s, enum cr_grant_kind k, const char *secret_hash,
                           int64_t now_ms, struct cr_grant *out, struct cr_error *err)
{
    (void)s, (void)k, (void)secret_hash, (void)now_ms;
    if (!fake.token_is_good)
        return cr_fail(err, CR_ERR_NOT_FOUND, "no grant");
    memset(out, 0, sizeof *out);
    memcpy(out->room_id, ROOM, CR_ID_SIZE);
    memcpy(out->id, "grant000000000000000", CR_ID_SIZE);
    out->role = CR_ROLE_EDITOR;
    return 0;
}
