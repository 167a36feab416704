#include "runner/cell.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>

#define READY_MS 20000 /* a machine under load takes seconds to start a container */
#define FIRST_UID 10000
#define UID_SLOTS 10000
#define READ_SIZE (64 * 1024)

/* Every living cell has a user id of its own: were two ever to see each other, they could not touch
 * each other. */
static pthread_mutex_t slots_lock = PTHREAD_MUTEX_INITIALIZER;
static bool slots[UID_SLOTS];
static int last_slot;

static int slot_take(void)
{
    int found = -1;
    pthread_mutex_lock(&slots_lock);
    for (int i = 1; i <= UID_SLOTS && found < 0; i++) {
        int slot = (last_slot + i) % UID_SLOTS;
        if (!slots[slot])
            found = slot;
    }
    if (found >= 0) {
        slots[found] = true;
        last_slot = found;
    }
    pthread_mutex_unlock(&slots_lock);
    return found;
}

static void slot_give(int slot)
{
    if (slot < 0)
        return;
    pthread_mutex_lock(&slots_lock);
    slots[slot] = false;
    pthread_mutex_unlock(&slots_lock);
}

void cr_cell_hang_up(struct cr_cell *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}

void cr_cell_free(struct cr_cell *c)
{
    if (!c)
        return;
    cr_cell_hang_up(c);
    slot_give(c->uid_slot);
    cr_buf_clear(&c->frames);
    free(c);
}

bool cr_cell_is_fresh(const struct cr_cell *c)
{
    struct pollfd p = {.fd = c->fd, .events = POLLIN};
    return c->frames.len == 0 && poll(&p, 1, 0) == 0;
}

void cr_cell_frame_append(struct cr_buf *buf, uint8_t type, const void *data, size_t len)
{
    const uint8_t *p = data;
    do {
        uint8_t head[CR_CELL_HEADER];
        size_t n = len < CR_CELL_FRAME_MAX ? len : CR_CELL_FRAME_MAX;
        cr_cell_header(head, type, n);
        cr_buf_append(buf, head, sizeof(head));
        if (n > 0)
            cr_buf_append(buf, p, n);
        p += n;
        len -= n;
    } while (len > 0);
}

int cr_cell_write(struct cr_cell *c, const void *data, size_t len, struct cr_error *err)
{
    const uint8_t *p = data;
    while (len > 0) {
        ssize_t n = send(c->fd, p, len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return cr_fail(err, CR_ERR_UNAVAILABLE, "cell %s does not take its job: %s", c->id,
                           strerror(errno));
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

struct reading {
    struct cr_cell *cell;
    int (*each)(void *ctx, const struct cr_cell_frame *f);
    void *ctx;
};

static void keep_stderr(struct cr_cell *c, const uint8_t *data, size_t len)
{
    size_t room = sizeof(c->stderr_text) - 1 - c->stderr_len;
    size_t n = len < room ? len : room;
    memcpy(c->stderr_text + c->stderr_len, data, n);
    c->stderr_len += n;
    c->stderr_text[c->stderr_len] = '\0';
}

static int on_piece(void *ctx, int stream, const uint8_t *data, size_t len)
{
    struct reading *r = ctx;
    struct cr_buf *b = &r->cell->frames;
    if (stream != 1) {
        keep_stderr(r->cell, data, len);
        return 0;
    }
    cr_buf_append(b, data, len);
    size_t used = 0;
    int stop = 0;
    while (!stop) {
        struct cr_cell_frame f;
        long n = cr_cell_scan(b->data + used, b->len - used, &f);
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        stop = r->each(r->ctx, &f);
        used += (size_t)n;
    }
    cr_buf_consume(b, used);
    return 0;
}

int cr_cell_read(struct cr_cell *c, int (*each)(void *ctx, const struct cr_cell_frame *f),
                 void *ctx, struct cr_error *err)
{
    uint8_t buf[READ_SIZE];
    struct reading r = {.cell = c, .each = each, .ctx = ctx};
    ssize_t n = recv(c->fd, buf, sizeof(buf), 0);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return 1;
    if (n < 0)
        return cr_fail(err, CR_ERR_UNAVAILABLE, "cell %s: %s", c->id, strerror(errno));
    if (n == 0)
        return 0;
    if (cr_demux_feed(&c->demux, buf, (size_t)n, on_piece, &r) < 0)
        return cr_fail(err, CR_ERR_INTERNAL, "cell %s sends what is no frame", c->id);
    return 1;
}

static int on_ready(void *ctx, const struct cr_cell_frame *f)
{
    bool *ready = ctx;
    *ready = f->type == CR_CELL_READY && f->len == 2 && cr_cell_get(f->data, 2) == CR_CELL_VERSION;
    return 1;
}

static int wait_ready(struct cr_cell *c, struct cr_error *err)
{
    int64_t deadline = cr_mono_ms() + READY_MS;
    bool ready = false;
    while (!ready) {
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        int64_t left = deadline - cr_mono_ms();
        if (left <= 0)
            return cr_fail(err, CR_ERR_UNAVAILABLE, "the agent in %s did not get ready in %d s",
                           c->lang->image, READY_MS / 1000);
        if (poll(&p, 1, (int)left) <= 0)
            continue;
        int rc = cr_cell_read(c, on_ready, &ready, err);
        if (rc < 0)
            return -1;
        if (rc == 0)
            return cr_fail(err, CR_ERR_UNAVAILABLE, "the agent in %s did not start: %s",
                           c->lang->image, c->stderr_len ? c->stderr_text : "no reason given");
    }
    return 0;
}

static int start(const struct cr_cell_env *env, struct cr_cell *c, struct cr_error *err)
{
    CR_AUTO_BUF spec = {0};
    cr_auto_free char *name = cr_asprintf("%s-cell-%s", env->config->runner_instance, c->id);
    struct cr_cell_spec s = {.cell = c->id, .lang = c->lang, .uid = FIRST_UID + c->uid_slot};
    cr_cell_spec_write(env, &s, &spec);
    if (cr_docker_create(env->docker, name, spec.data, spec.len, c->container, err) < 0)
        return -1;
    c->fd = cr_docker_attach(env->docker, c->container, err);
    if (c->fd < 0 || cr_docker_start(env->docker, c->container, err) < 0)
        return -1;
    return wait_ready(c, err);
}

int cr_cell_make(const struct cr_cell_env *env, const struct cr_lang *lang, struct cr_cell **out,
                 struct cr_error *err)
{
    struct cr_cell *c = cr_calloc(1, sizeof(*c));
    c->fd = -1;
    c->lang = lang;
    c->uid_slot = slot_take();
    cr_id_new(c->id);
    int rc =
        c->uid_slot < 0 ? cr_fail(err, CR_ERR_UNAVAILABLE, "too many cells") : start(env, c, err);
    if (rc < 0) {
        cr_cell_hang_up(c);
        if (c->container[0])
            cr_docker_remove(env->docker, c->container, NULL);
        cr_cell_free(c);
        return -1;
    }
    *out = c;
    return 0;
}
