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

void cr_cell_start_write(const struct cr_cell_start *s, uint8_t out[CR_CELL_START_SIZE])
{
    cr_cell_put(out, s->version, 2);
    cr_cell_put(out + 2, s->wall_ms, 4);
    cr_cell_put(out + 6, s->cpu_ms, 4);
    cr_cell_put(out + 10, s->compile_wall_ms, 4);
    cr_cell_put(out + 14, s->compile_cpu_ms, 4);
    cr_cell_put(out + 18, s->output_bytes, 8);
    cr_cell_put(out + 26, s->compile_output_bytes, 8);
    cr_cell_put(out + 34, s->file_bytes, 8);
    cr_cell_put(out + 42, s->stack_bytes, 8);
}

int cr_cell_start_read(const uint8_t *p, size_t len, struct cr_cell_start *out)
{
    if (len != CR_CELL_START_SIZE)
        return -1;
    *out = (struct cr_cell_start){
        .version = (uint16_t)cr_cell_get(p, 2),
        .wall_ms = (uint32_t)cr_cell_get(p + 2, 4),
        .cpu_ms = (uint32_t)cr_cell_get(p + 6, 4),
        .compile_wall_ms = (uint32_t)cr_cell_get(p + 10, 4),
        .compile_cpu_ms = (uint32_t)cr_cell_get(p + 14, 4),
        .output_bytes = cr_cell_get(p + 18, 8),
        .compile_output_bytes = cr_cell_get(p + 26, 8),
        .file_bytes = cr_cell_get(p + 34, 8),
        .stack_bytes = cr_cell_get(p + 42, 8),
    };
    return out->version == CR_CELL_VERSION ? 0 : -1;
}

void cr_cell_result_write(const struct cr_cell_result *r, uint8_t out[CR_CELL_RESULT_SIZE])
{
    out[0] = r->phase;
    out[1] = r->reason;
    out[2] = r->truncated;
    cr_cell_put(out + 3, (uint32_t)r->wait_status, 4);
    cr_cell_put(out + 7, (uint32_t)r->exec_errno, 4);
    cr_cell_put(out + 11, r->oom_kills, 4);
    cr_cell_put(out + 15, r->wall_us, 8);
    cr_cell_put(out + 23, r->cpu_us, 8);
    cr_cell_put(out + 31, r->compile_us, 8);
    cr_cell_put(out + 39, r->memory_bytes, 8);
    cr_cell_put(out + 47, r->stdout_bytes, 8);
    cr_cell_put(out + 55, r->stderr_bytes, 8);
    cr_cell_put(out + 63, r->compile_bytes, 8);
}

int cr_cell_result_read(const uint8_t *p, size_t len, struct cr_cell_result *out)
{
    if (len != CR_CELL_RESULT_SIZE)
        return -1;
    *out = (struct cr_cell_result){
        .phase = p[0],
        .reason = p[1],
        .truncated = p[2] != 0,
        .wait_status = (int32_t)cr_cell_get(p + 3, 4),
        .exec_errno = (int32_t)cr_cell_get(p + 7, 4),
        .oom_kills = (uint32_t)cr_cell_get(p + 11, 4),
        .wall_us = cr_cell_get(p + 15, 8),
        .cpu_us = cr_cell_get(p + 23, 8),
        .compile_us = cr_cell_get(p + 31, 8),
        .memory_bytes = cr_cell_get(p + 39, 8),
        .stdout_bytes = cr_cell_get(p + 47, 8),
        .stderr_bytes = cr_cell_get(p + 55, 8),
        .compile_bytes = cr_cell_get(p + 63, 8),
    };
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
