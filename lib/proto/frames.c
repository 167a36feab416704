/* The binary frames of the room and service sockets. */
#include "proto/messages.h"

static void put_u64(struct cr_buf *out, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        cr_buf_append_byte(out, (uint8_t)(v >> (8 * i)));
}

static uint64_t get_u64(const uint8_t *p)
{
    uint64_t v = 0;

    for (int i = 7; i >= 0; i--)
        v = v << 8 | p[i];
    return v;
}

static int get_id(const uint8_t *p, const char *what, char out[CR_ID_SIZE], struct cr_error *err)
{
    memcpy(out, p, CR_ID_LEN);
    out[CR_ID_LEN] = '\0';
    if (!cr_id_is_valid(out))
        return cr_fail_field(err, CR_ERR_INVALID, what, "is not an id");
    return 0;
}

int cr_output_frame_parse(const uint8_t *frame, size_t len, struct cr_output_frame *out,
                          struct cr_error *err)
{
    const uint8_t *p = frame + 1;
    uint64_t attempt;

    if (len < CR_FRAME_SERVICE_OUTPUT_HEAD || frame[0] != CR_FRAME_OUTPUT)
        return cr_fail(err, CR_ERR_INVALID, "not an output frame");
    if (get_id(p, "run", out->run, err) < 0 ||
        get_id(p + CR_ID_LEN + 8, "room", out->room, err) < 0)
        return -1;
    attempt = get_u64(p + CR_ID_LEN);
    p += 2 * CR_ID_LEN + 8;
    if (*p < CR_STREAM_STDOUT || *p > CR_STREAM_COMPILE)
        return cr_fail_field(err, CR_ERR_INVALID, "stream", "is not 1, 2 or 3");
    out->stream = (enum cr_stream) * p;
    out->offset = get_u64(p + 1);
    if (attempt > INT64_MAX || out->offset > INT64_MAX)
        return cr_fail(err, CR_ERR_INVALID, "attempt or offset out of range");
    out->attempt = (int64_t)attempt;
    out->data = p + 9;
    out->len = len - CR_FRAME_SERVICE_OUTPUT_HEAD;
    return 0;
}

void cr_output_frame_write(struct cr_buf *out, const struct cr_output_frame *f, bool service)
{
    cr_buf_append_byte(out, CR_FRAME_OUTPUT);
    cr_buf_append(out, f->run, CR_ID_LEN);
    if (service) {
        put_u64(out, (uint64_t)f->attempt);
        cr_buf_append(out, f->room, CR_ID_LEN);
    }
    cr_buf_append_byte(out, (uint8_t)f->stream);
    put_u64(out, f->offset);
    cr_buf_append(out, f->data, f->len);
}

int cr_stdin_frame_parse(const uint8_t *frame, size_t len, char run[CR_ID_SIZE],
                         const uint8_t **data, size_t *data_len, struct cr_error *err)
{
    if (len < CR_FRAME_STDIN_HEAD || frame[0] != CR_FRAME_STDIN)
        return cr_fail(err, CR_ERR_INVALID, "not an input frame");
    if (get_id(frame + 1, "run", run, err) < 0)
        return -1;
    *data = frame + CR_FRAME_STDIN_HEAD;
    *data_len = len - CR_FRAME_STDIN_HEAD;
    return 0;
}

void cr_stdin_frame_write(struct cr_buf *out, const char *run, const void *data, size_t len)
{
    cr_buf_append_byte(out, CR_FRAME_STDIN);
    cr_buf_append(out, run, CR_ID_LEN);
    cr_buf_append(out, data, len);
}
