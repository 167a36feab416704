/* Frames of the cell stream, for both sides. Pure functions. */
#include "runner/agent/protocol.h"

void cr_cell_put(uint8_t *p, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        p[i] = (uint8_t)(value >> (8 * i));
}

uint64_t cr_cell_get(const uint8_t *p, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value |= (uint64_t)p[i] << (8 * i);
    return value;
}

long cr_cell_scan(const uint8_t *buf, size_t len, struct cr_cell_frame *out)
{
    if (len < CR_CELL_HEADER)
        return 0;
    size_t payload = (size_t)cr_cell_get(buf, 4);
    if (payload > CR_CELL_FRAME_MAX)
        return -1;
    if (len - CR_CELL_HEADER < payload)
        return 0;
    out->type = buf[4];
    out->data = buf + CR_CELL_HEADER;
    out->len = payload;
    return (long)(CR_CELL_HEADER + payload);
}

void cr_cell_header(uint8_t out[CR_CELL_HEADER], uint8_t type, size_t len)
{
    cr_cell_put(out, len, 4);
    out[4] = type;
}

/* What is on the wire, in this order: field and bytes. */
#define START_FIELDS(F)                                                                            \
    F(version, 2)                                                                                  \
    F(wall_ms, 4)                                                                                  \
    F(cpu_ms, 4)                                                                                   \
    F(compile_wall_ms, 4)                                                                          \
    F(compile_cpu_ms, 4)                                                                           \
    F(output_bytes, 8)                                                                             \
    F(compile_output_bytes, 8)                                                                     \
    F(file_bytes, 8)                                                                               \
    F(stack_bytes, 8)

#define RESULT_FIELDS(F)                                                                           \
    F(phase, 1)                                                                                    \
    F(reason, 1)                                                                                   \
    F(truncated, 1)                                                                                \
    F(wait_status, 4)                                                                              \
    F(exec_errno, 4)                                                                               \
    F(oom_kills, 4)                                                                                \
    F(wall_us, 8)                                                                                  \
    F(cpu_us, 8)                                                                                   \
    F(compile_us, 8)                                                                               \
    F(memory_bytes, 8)                                                                             \
    F(stdout_bytes, 8)                                                                             \
    F(stderr_bytes, 8)                                                                             \
    F(compile_bytes, 8)

#define SIZE(field, bytes) +bytes
_Static_assert(0 START_FIELDS(SIZE) == CR_CELL_START_SIZE, "protocol.h tells another size");
_Static_assert(0 RESULT_FIELDS(SIZE) == CR_CELL_RESULT_SIZE, "protocol.h tells another size");

#define PUT(field, bytes)                                                                          \
    cr_cell_put(at, (uint64_t)from->field, bytes);                                                 \
    at += (bytes);
#define GET(field, bytes)                                                                          \
    out->field = (__typeof__(out->field))cr_cell_get(at, bytes);                                   \
    at += (bytes);

void cr_cell_start_write(const struct cr_cell_start *from, uint8_t out[CR_CELL_START_SIZE])
{
    uint8_t *at = out;
    START_FIELDS(PUT)
}

int cr_cell_start_read(const uint8_t *p, size_t len, struct cr_cell_start *out)
{
    const uint8_t *at = p;
    if (len != CR_CELL_START_SIZE)
        return -1;
    START_FIELDS(GET)
    return out->version == CR_CELL_VERSION ? 0 : -1;
}

void cr_cell_result_write(const struct cr_cell_result *from, uint8_t out[CR_CELL_RESULT_SIZE])
{
    uint8_t *at = out;
    RESULT_FIELDS(PUT)
}

int cr_cell_result_read(const uint8_t *p, size_t len, struct cr_cell_result *out)
{
    const uint8_t *at = p;
    if (len != CR_CELL_RESULT_SIZE)
        return -1;
    RESULT_FIELDS(GET)
    bool phase_ok = out->phase == CR_CELL_PHASE_COMPILE || out->phase == CR_CELL_PHASE_RUN;
    return phase_ok && out->reason <= CR_CELL_REASON_LAST ? 0 : -1;
}

static bool part_ok(const uint8_t *part, size_t len)
{
    if (len == 0 || len > 255)
        return false;
    if (part[0] == '.' && (len == 1 || (len == 2 && part[1] == '.')))
        return false;
    for (size_t i = 0; i < len; i++) {
        if (part[i] == '\0')
            return false;
    }
    return true;
}

bool cr_cell_path_ok(const uint8_t *path, size_t len)
{
    if (len == 0 || len > CR_CELL_PATH_MAX)
        return false;
    size_t start = 0;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && path[i] != '/')
            continue;
        if (!part_ok(path + start, i - start))
            return false;
        start = i + 1;
    }
    return true;
}
