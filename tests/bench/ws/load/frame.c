/* RFC 6455 as a client: frames out with a mask of zero, frames in from a stream of bytes. */
#include "load.h"

#include <string.h>

enum { OP_CONTINUE = 0, OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

static uint64_t frames_in;

uint64_t net_frames_in(void)
{
    return frames_in;
}

void frame_write(struct conn *c, unsigned opcode, const void *payload, size_t len)
{
    static struct bytes frame;
    uint8_t head[14] = {(uint8_t)(0x80 | opcode)};
    size_t n = 2;

    if (len < 126) {
        head[1] = (uint8_t)(0x80 | len);
    } else {
        size_t width = len < 65536 ? 2 : 8;

        head[1] = width == 2 ? 0x80 | 126 : 0x80 | 127;
        for (size_t i = 0; i < width; i++)
            head[n++] = (uint8_t)((uint64_t)len >> 8 * (width - 1 - i));
    }
    n += 4; /* a mask of zero leaves the payload as it is */
    frame.len = 0;
    bytes_add(&frame, head, n);
    bytes_add(&frame, payload, len);
    conn_write(c, frame.data, frame.len);
}

static struct reader body_of(const uint8_t *data, size_t len)
{
    struct reader r = {data, data + len};

    if (net_options->dialect == DIALECT_HOCUSPOCUS)
        read_blob(&r);
    return r;
}

static void control(struct conn *c, unsigned opcode, const uint8_t *data, size_t len)
{
    if (opcode == OP_PING)
        frame_write(c, OP_PONG, data, len);
    if (opcode == OP_CLOSE) {
        c->close_code = len >= 2 ? data[0] << 8 | data[1] : 1005;
        conn_lost(c);
    }
}

static void whole_frame(struct conn *c, uint8_t first, const uint8_t *data, size_t len)
{
    unsigned opcode = first & 15;

    if (opcode >= OP_CLOSE) {
        control(c, opcode, data, len);
        return;
    }
    if (!(first & 0x80) || opcode == OP_CONTINUE)
        die("the server sent a message in pieces");
    frames_in++;
    if (opcode == OP_BINARY)
        net_handler->message(c, body_of(data, len));
}

/* The header's length; 0: more is needed. */
static size_t parse_head(const uint8_t *data, size_t len, uint64_t *payload)
{
    size_t width;

    if (len < 2)
        return 0;
    width = (data[1] & 127) == 126 ? 2 : (data[1] & 127) == 127 ? 8 : 0;
    if (len < 2 + width)
        return 0;
    *payload = width ? 0 : data[1] & 127;
    for (size_t i = 0; i < width; i++)
        *payload = *payload << 8 | data[2 + i];
    return 2 + width;
}

#define STREAM_HEAD 64 /* enough for a document's name, two types and a length */

/* Deals with what is at the start; returns how much of it was taken, 0: more is needed. */
static size_t take(struct conn *c, const uint8_t *data, size_t len)
{
    uint64_t payload;
    size_t head = parse_head(data, len, &payload);

    if (head == 0)
        return 0;
    if (payload > KEEP_MAX) {
        if (len < head + STREAM_HEAD)
            return 0;
        frames_in++;
        c->stream_left = payload;
        net_handler->stream(c, body_of(data + head, STREAM_HEAD), payload, false);
        return head;
    }
    if (len - head < payload)
        return 0;
    whole_frame(c, data[0], data + head, (size_t)payload);
    return head + (size_t)payload;
}

static size_t stream(struct conn *c, size_t len)
{
    size_t n = c->stream_left < len ? (size_t)c->stream_left : len;

    c->stream_left -= n;
    if (c->stream_left == 0)
        net_handler->stream(c, (struct reader){0}, 0, true);
    return n;
}

static size_t take_all(struct conn *c, const uint8_t *data, size_t len)
{
    size_t at = 0;

    while (at < len && c->state == CONN_OPEN) {
        size_t n = c->stream_left > 0 ? stream(c, len - at) : take(c, data + at, len - at);

        if (n == 0)
            break;
        at += n;
    }
    return c->state == CONN_OPEN ? at : len;
}

void frame_received(struct conn *c, const uint8_t *data, size_t len)
{
    size_t taken;

    if (c->in.len == 0) {
        taken = take_all(c, data, len);
        if (taken < len)
            bytes_add(&c->in, data + taken, len - taken);
        return;
    }
    bytes_add(&c->in, data, len);
    taken = take_all(c, c->in.data, c->in.len);
    if (c->state != CONN_OPEN)
        return;
    memmove(c->in.data, c->in.data + taken, c->in.len - taken);
    c->in.len -= taken;
}
