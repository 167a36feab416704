/* lib0's encoding and as much of the update format as typed text needs. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

/* ---- writing ---- */

void bytes_add(struct bytes *b, const void *data, size_t len)
{
    if (b->len + len > b->cap) {
        b->cap = b->len + len + b->cap / 2;
        b->data = must(realloc(b->data, b->cap));
    }
    if (len > 0)
        memcpy(b->data + b->len, data, len);
    b->len += len;
}

void bytes_varint(struct bytes *b, uint64_t value)
{
    uint8_t out[10];
    size_t n = 0;

    for (; value > 127; value >>= 7)
        out[n++] = (uint8_t)(value | 128);
    out[n++] = (uint8_t)value;
    bytes_add(b, out, n);
}

void bytes_blob(struct bytes *b, const void *data, size_t len)
{
    bytes_varint(b, len);
    bytes_add(b, data, len);
}

#define KIND_STRING 4
#define HAS_ORIGIN 0x80
#define HAS_RIGHT_ORIGIN 0x40
#define HAS_KEY 0x20

void update_typed(struct bytes *b, uint64_t client, uint64_t clock, size_t len)
{
    static const char root[] = "text";
    uint8_t info = clock > 0 ? KIND_STRING | HAS_ORIGIN : KIND_STRING;

    bytes_varint(b, 1); /* clients */
    bytes_varint(b, 1); /* structs */
    bytes_varint(b, client);
    bytes_varint(b, clock);
    bytes_add(b, &info, 1);
    if (clock > 0) {
        bytes_varint(b, client);
        bytes_varint(b, clock - 1);
    } else {
        bytes_varint(b, 1); /* the parent is a root */
        bytes_blob(b, root, sizeof root - 1);
    }
    bytes_varint(b, len);
    for (size_t i = 0; i < len; i++) {
        char letter = (char)('a' + (clock + i) % 26);

        bytes_add(b, &letter, 1);
    }
    bytes_varint(b, 0); /* deletes nothing */
}

/* ---- reading ---- */

uint64_t read_varint(struct reader *r)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (r->at == r->end)
            die("the server sent a message that ends too early");
        value |= (uint64_t)(*r->at & 127) << shift;
        if (*r->at++ < 128)
            return value;
    }
    die("the server sent a number of more than 64 bits");
}

struct reader read_blob(struct reader *r)
{
    uint64_t len = read_varint(r);
    struct reader blob = {r->at, r->at + len};

    if (len > (uint64_t)(r->end - r->at))
        die("the server sent a message that ends too early");
    r->at += len;
    return blob;
}

static uint64_t utf16_len(struct reader text)
{
    uint64_t n = 0;

    for (; text.at < text.end; text.at++)
        n += (*text.at & 0xc0) == 0x80 ? 0 : *text.at >= 0xf0 ? 2 : 1;
    return n;
}

/* Skips what says where an item is. */
static void skip_place(struct reader *r, uint8_t info)
{
    if (info & HAS_ORIGIN) {
        read_varint(r);
        read_varint(r);
    }
    if (info & HAS_RIGHT_ORIGIN) {
        read_varint(r);
        read_varint(r);
    }
    if (info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN))
        return;
    if (read_varint(r) == 1) {
        read_blob(r);
    } else {
        read_varint(r);
        read_varint(r);
    }
    if (info & HAS_KEY)
        read_blob(r);
}

/* The clocks that the next struct takes. */
static uint64_t read_struct(struct reader *r)
{
    uint8_t info;

    if (r->at == r->end)
        die("the server sent an update that ends too early");
    info = *r->at++;
    switch (info & 31) {
    case 0:  /* collected */
    case 10: /* a gap */
        return read_varint(r);
    case 1: /* deleted */
        skip_place(r, info);
        return read_varint(r);
    case KIND_STRING:
        skip_place(r, info);
        return utf16_len(read_blob(r));
    default:
        die("the server sent a struct of kind %d, which nobody wrote", info & 31);
    }
}

void update_walk(struct reader r, void (*section)(void *, uint64_t, uint64_t, uint64_t), void *ctx)
{
    uint64_t clients = read_varint(&r);

    while (clients-- > 0) {
        uint64_t structs = read_varint(&r), client = read_varint(&r), from = read_varint(&r);
        uint64_t to = from;

        while (structs-- > 0)
            to += read_struct(&r);
        section(ctx, client, from, to);
    }
}
