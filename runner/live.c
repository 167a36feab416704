#include "runner/live.h"

#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"

#include <sys/eventfd.h>

struct cr_lives {
    pthread_mutex_t lock;
    struct cr_live **items;
    size_t count;
};

struct cr_lives *cr_lives_new(void)
{
    struct cr_lives *l = cr_calloc(1, sizeof(*l));
    pthread_mutex_init(&l->lock, NULL);
    return l;
}

void cr_lives_free(struct cr_lives *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->count; i++)
        cr_live_unref(l->items[i]);
    free(l->items);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

struct cr_live *cr_lives_add(struct cr_lives *l, struct cr_run *run)
{
    struct cr_live *v = cr_calloc(1, sizeof(*v));
    v->run = *run;
    *run = (struct cr_run){0};
    v->refs = 2;
    v->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&v->lock, NULL);
    if (v->run.stop_requested)
        v->wishes |= CR_LIVE_STOP;

    pthread_mutex_lock(&l->lock);
    l->items = cr_realloc(l->items, (l->count + 1) * sizeof(struct cr_live *));
    l->items[l->count++] = v;
    pthread_mutex_unlock(&l->lock);
    return v;
}

static struct cr_live *ref(struct cr_live *v)
{
    pthread_mutex_lock(&v->lock);
    v->refs++;
    pthread_mutex_unlock(&v->lock);
    return v;
}

void cr_live_unref(struct cr_live *v)
{
    if (!v)
        return;
    pthread_mutex_lock(&v->lock);
    int left = --v->refs;
    pthread_mutex_unlock(&v->lock);
    if (left > 0)
        return;
    if (v->wake_fd >= 0)
        close(v->wake_fd);
    cr_run_clear(&v->run);
    cr_run_result_clear(&v->result);
    cr_output_log_clear(&v->output);
    cr_buf_clear(&v->input);
    pthread_mutex_destroy(&v->lock);
    free(v);
}

struct cr_live *cr_lives_find(struct cr_lives *l, const char *run_id)
{
    struct cr_live *found = NULL;
    pthread_mutex_lock(&l->lock);
    for (size_t i = l->count; i-- > 0 && !found;) {
        /* The newest attempt of a run is the last in the list. */
        if (strcmp(l->items[i]->run.id, run_id) == 0)
            found = ref(l->items[i]);
    }
    pthread_mutex_unlock(&l->lock);
    return found;
}

size_t cr_lives_all(struct cr_lives *l, struct cr_live ***out)
{
    pthread_mutex_lock(&l->lock);
    size_t count = l->count;
    *out = cr_calloc(count + 1, sizeof(struct cr_live *));
    for (size_t i = 0; i < count; i++)
        (*out)[i] = ref(l->items[i]);
    pthread_mutex_unlock(&l->lock);
    return count;
}

size_t cr_lives_running(struct cr_lives *l)
{
    size_t running = 0;
    pthread_mutex_lock(&l->lock);
    for (size_t i = 0; i < l->count; i++) {
        pthread_mutex_lock(&l->items[i]->lock);
        running += !l->items[i]->over;
        pthread_mutex_unlock(&l->items[i]->lock);
    }
    pthread_mutex_unlock(&l->lock);
    return running;
}

void cr_lives_drop(struct cr_lives *l, struct cr_live *v)
{
    bool found = false;
    pthread_mutex_lock(&l->lock);
    for (size_t i = 0; i < l->count; i++) {
        if (!found && l->items[i] == v)
            found = true;
        if (found && i + 1 < l->count)
            l->items[i] = l->items[i + 1];
    }
    l->count -= found;
    pthread_mutex_unlock(&l->lock);
    if (found)
        cr_live_unref(v);
}

static void wake(struct cr_live *v)
{
    uint64_t one = 1;
    if (write(v->wake_fd, &one, sizeof(one)) < 0) { /* full: it is awake already */
    }
}

void cr_live_wish(struct cr_live *v, enum cr_live_wish wish)
{
    pthread_mutex_lock(&v->lock);
    v->wishes |= (unsigned)wish;
    pthread_mutex_unlock(&v->lock);
    wake(v);
}

void cr_live_input(struct cr_live *v, const void *data, size_t len, bool eof)
{
    pthread_mutex_lock(&v->lock);
    bool fits = v->input.len + len <= CR_LIVE_STDIN_MAX;
    if (fits && !v->input_eof && len > 0)
        cr_buf_append(&v->input, data, len);
    v->input_eof = v->input_eof || eof;
    pthread_mutex_unlock(&v->lock);
    if (!fits)
        cr_log(CR_LOG_WARN, "standard input dropped: the program does not read",
               CR_S("job", v->run.id), CR_S("req", v->run.request_id));
    wake(v);
}
