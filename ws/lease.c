#include "ws/lease.h"

#include "base/clock.h"
#include "log/log.h"
#include "ws/hub.h"
#include "ws/join.h"
#include "ws/room.h"

#include <stdio.h>

void cr_lease_init(struct cr_lease *l, struct cr_store *s, struct cr_pool *pool,
                   const char *address)
{
    memset(l, 0, sizeof *l);
    l->store = s;
    l->pool = pool;
    snprintf(l->address, sizeof l->address, "%s", address);
    pthread_mutex_init(&l->lock, NULL);
    for (size_t i = 0; i < CR_LEASE_TURNS; i++)
        pthread_mutex_init(&l->turns[i], NULL);
    cr_id_new(l->id);
    l->rooms = cr_calloc(CR_LEASE_ROOMS, sizeof *l->rooms);
}

void cr_lease_clear(struct cr_lease *l)
{
    free(l->known);
    free(l->rooms);
    pthread_mutex_destroy(&l->lock);
    for (size_t i = 0; i < CR_LEASE_TURNS; i++)
        pthread_mutex_destroy(&l->turns[i]);
}

void cr_lease_id(struct cr_lease *l, char out[CR_ID_SIZE])
{
    pthread_mutex_lock(&l->lock);
    memcpy(out, l->id, CR_ID_SIZE);
    pthread_mutex_unlock(&l->lock);
}

/* ---- the others ---- */

static struct cr_known_process *find_known(const struct cr_lease *l, const char *id)
{
    for (size_t i = 0; i < l->known_count; i++)
        if (strcmp(l->known[i].p.id, id) == 0)
            return &l->known[i];
    return NULL;
}

/* Locked. The time is that before the read: nobody is thought older than he is. */
static void learn(struct cr_lease *l, const struct cr_process_list *list, int64_t now_ms)
{
    struct cr_known_process *fresh = cr_calloc(list->count + 1, sizeof *fresh);
    bool gap = now_ms - l->read_ms > CR_LEASE_GAP_MS;

    for (size_t i = 0; i < list->count; i++) {
        const struct cr_known_process *old = find_known(l, list->items[i].id);
        bool still = old && old->p.beat == list->items[i].beat && !gap;

        fresh[i].p = list->items[i];
        fresh[i].changed_ms = still ? old->changed_ms : now_ms;
    }
    free(l->known);
    l->known = fresh;
    l->known_count = list->count;
    l->read_ms = now_ms;
}

/* Locked. How long its beat has stood still when we last looked. */
static int64_t silence_ms(const struct cr_lease *l, const char *id)
{
    const struct cr_known_process *k = find_known(l, id);

    return k ? l->read_ms - k->changed_ms : 0;
}

/* ---- the beat ---- */

struct beat {
    struct cr_hub *hub;
    struct cr_lease *lease;
    char id[CR_ID_SIZE];
    int64_t beat;
    bool registered;
    int64_t start_ms;
    struct cr_process_list list;
    struct cr_process dead[8];
    size_t dead_count, removed;
    bool ok;
    struct cr_error err;
};

static void remove_dead(struct beat *b)
{
    for (size_t i = 0; i < b->dead_count; i++) {
        cr_log(CR_LOG_WARN, "a process is silent: its rooms are free",
               CR_S("address", b->dead[i].address));
        if (cr_store_process_remove(b->lease->store, b->dead[i].id, b->dead[i].beat, &b->err) < 0)
            return; /* the next beat tries again */
        b->removed++;
    }
}

static void beat_work(void *worker, void *job)
{
    struct beat *b = job;
    struct cr_store *s = b->lease->store;
    int rc;

    (void)worker;
    if (b->registered)
        rc = cr_store_process_beat(s, b->id, b->beat, &b->err);
    else
        rc = cr_store_process_insert(s, b->id, b->lease->address, &b->err);
    if (rc == 0)
        remove_dead(b);
    b->start_ms = cr_mono_ms();
    b->ok = rc == 0 && cr_store_process_list(s, &b->list, &b->err) == 0;
}

/* Others own our rooms by now: what is here is not the truth. Clients come back, with all that they
 * know. */
static void lost(struct cr_hub *h)
{
    struct cr_lease *l = h->lease;

    cr_log(CR_LOG_ERROR, "this process was taken for dead: its rooms end here");
    pthread_mutex_lock(&l->lock);
    cr_id_new(l->id);
    pthread_mutex_unlock(&l->lock);
    l->registered = false;
    l->life++;
    for (size_t i = 0; i < CR_HUB_BUCKETS; i++)
        while (h->rooms[i])
            cr_room_lose(h->rooms[i], CR_ERR_RESTART, "another server has the room");
}

static bool is_dead(const struct cr_lease *l, const struct cr_known_process *k)
{
    return strcmp(k->p.id, l->id) != 0 && l->read_ms - k->changed_ms >= CR_LEASE_DEAD_MS;
}

static bool any_dead(const struct cr_lease *l)
{
    for (size_t i = 0; i < l->known_count; i++)
        if (is_dead(l, &l->known[i]))
            return true;
    return false;
}

static void note_dead(const struct cr_lease *l, struct beat *b)
{
    for (size_t i = 0; i < l->known_count && b->dead_count < 8; i++)
        if (is_dead(l, &l->known[i]))
            b->dead[b->dead_count++] = l->known[i].p;
}

static void submit(struct beat *b, void (*work)(void *worker, void *job), void (*done)(void *job))
{
    struct cr_lease *l = b->lease;

    l->beating = cr_pool_submit(l->pool, work, done, b, NULL) == 0;
    if (!l->beating)
        free(b);
}

static void beat_done(void *job)
{
    struct beat *b = job;
    struct cr_lease *l = b->lease;
    bool again = b->removed == b->dead_count; /* a database that refuses is not asked in a loop */

    l->beating = false;
    if (b->ok) {
        l->registered = true;
        pthread_mutex_lock(&l->lock);
        learn(l, &b->list, b->start_ms);
        pthread_mutex_unlock(&l->lock);
    } else if (b->err.code == CR_ERR_GONE) {
        lost(b->hub);
    }
    cr_process_list_clear(&b->list);
    cr_join_retry(b->hub);
    if (b->ok && again && any_dead(l))
        cr_lease_tick(b->hub); /* not at the next turn: somebody waits for his rooms */
    free(b);
}

void cr_lease_tick(struct cr_hub *h)
{
    struct cr_lease *l = h->lease;
    struct beat *b;

    if (!l || l->beating || l->released)
        return;
    b = cr_calloc(1, sizeof *b);
    b->hub = h;
    b->lease = l;
    b->beat = ++l->beat;
    b->registered = l->registered;
    cr_lease_id(l, b->id);
    note_dead(l, b);
    submit(b, beat_work, beat_done);
}

/* ---- rooms ---- */

static struct cr_lease_room *room_slot(const struct cr_lease *l, const char *room_id)
{
    return &l->rooms[cr_id_hash(room_id) % CR_LEASE_ROOMS];
}

static void remember(struct cr_lease *l, const char *room_id, const char *process)
{
    struct cr_lease_room *r = room_slot(l, room_id);

    pthread_mutex_lock(&l->lock);
    memcpy(r->room_id, room_id, CR_ID_SIZE);
    memcpy(r->process, process, CR_ID_SIZE);
    r->until_ms = cr_mono_ms() + CR_LEASE_ROOM_MS;
    pthread_mutex_unlock(&l->lock);
}

bool cr_lease_is_others(struct cr_lease *l, const char *room_id,
                        char address[CR_PROCESS_ADDRESS_SIZE])
{
    const struct cr_lease_room *r = room_slot(l, room_id);
    const struct cr_known_process *k = NULL;

    pthread_mutex_lock(&l->lock);
    if (strcmp(r->room_id, room_id) == 0 && cr_mono_ms() < r->until_ms &&
        silence_ms(l, r->process) < CR_LEASE_SILENT_MS)
        k = find_known(l, r->process);
    if (k)
        memcpy(address, k->p.address, CR_PROCESS_ADDRESS_SIZE);
    pthread_mutex_unlock(&l->lock);
    return k != NULL;
}

/* Locked. */
static bool has_beaten_since(const struct cr_lease *l, const char *id, int64_t since_ms)
{
    const struct cr_known_process *k = find_known(l, id);

    return k && k->changed_ms > since_ms;
}

/* What to do about a room that another process owns. *dead: it is no more. nginx asks the owner
 * first, so who comes here comes most likely because it is gone: only a beat proves that it is not.
 */
static int look_at_owner(struct cr_lease *l, const struct cr_owner *o, int64_t since_ms, bool *dead,
                         char address[CR_PROCESS_ADDRESS_SIZE], struct cr_error *err)
{
    struct cr_process p;
    bool found = false, lives;

    if (cr_store_process_get(l->store, o->process, &p, &found, err) < 0)
        return -1;
    *dead = !found;
    memcpy(address, p.address, CR_PROCESS_ADDRESS_SIZE);
    pthread_mutex_lock(&l->lock);
    lives = has_beaten_since(l, o->process, since_ms);
    pthread_mutex_unlock(&l->lock);
    return lives ? CR_LEASE_OTHERS : CR_LEASE_WAIT;
}

static int take_once(struct cr_lease *l, const char *room_id, const char *me, int64_t since_ms,
                     int64_t *epoch, bool *fence, char address[CR_PROCESS_ADDRESS_SIZE],
                     struct cr_error *err)
{
    struct cr_owner o;
    bool dead = false;

    if (cr_store_owner_get(l->store, room_id, &o, err) < 0)
        return -1;
    if (o.process[0] && strcmp(o.process, me) != 0) {
        int answer = look_at_owner(l, &o, since_ms, &dead, address, err);

        if (answer == CR_LEASE_OTHERS && !dead)
            remember(l, room_id, o.process);
        if (answer < 0 || !dead)
            return answer;
    }
    *fence = dead || (o.process[0] && o.fence);
    *epoch = o.epoch + 1;
    return cr_store_owner_put(l->store, room_id, &o, me, *fence, err) < 0 ? -1 : CR_LEASE_OURS;
}

int cr_lease_take(struct cr_lease *l, const char *room_id, int64_t since_ms, int64_t *epoch,
                  bool *fence, char address[CR_PROCESS_ADDRESS_SIZE], struct cr_error *err)
{
    pthread_mutex_t *turn = &l->turns[cr_id_hash(room_id) % CR_LEASE_TURNS];
    struct cr_error why;
    char me[CR_ID_SIZE];
    int answer = -1;

    cr_lease_id(l, me);
    pthread_mutex_lock(turn);
    for (int i = 0; i < 20 && answer < 0; i++) { /* other processes may take it as well */
        why = (struct cr_error)CR_ERROR_INIT;
        answer = take_once(l, room_id, me, since_ms, epoch, fence, address, &why);
        if (answer < 0 && why.code != CR_ERR_CONFLICT)
            break;
    }
    pthread_mutex_unlock(turn);
    if (answer < 0)
        cr_fail(err, why.code == CR_ERR_CONFLICT ? CR_ERR_UNAVAILABLE : why.code, "%s",
                why.message);
    return answer;
}

void cr_lease_give(struct cr_lease *l, const char *room_id, int64_t epoch)
{
    struct cr_error err = CR_ERROR_INIT;
    char me[CR_ID_SIZE];

    cr_lease_id(l, me);
    if (cr_store_owner_release(l->store, room_id, me, epoch, &err) < 0)
        cr_log(CR_LOG_WARN, "a room cannot be given up", CR_S("room", room_id),
               CR_S("error", err.message)); /* it stays ours, which does no harm */
}

/* ---- the end ---- */

static void release_work(void *worker, void *job)
{
    struct beat *b = job;

    (void)worker;
    b->ok = cr_store_owner_release_all(b->lease->store, b->id, &b->err) == 0 &&
            cr_store_process_remove(b->lease->store, b->id, -1, &b->err) == 0;
}

static void release_done(void *job)
{
    struct beat *b = job;

    b->lease->beating = false;
    b->lease->released = true; /* or the others find out by the silence */
    free(b);
}

bool cr_lease_release_all(struct cr_hub *h)
{
    struct cr_lease *l = h->lease;
    struct beat *b;

    if (!l || l->released)
        return true;
    if (l->beating)
        return false;
    b = cr_calloc(1, sizeof *b);
    b->lease = l;
    cr_lease_id(l, b->id);
    submit(b, release_work, release_done);
    return false;
}
