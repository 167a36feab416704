#include "runner/limits.h"

static int64_t pick(int64_t first, int64_t otherwise)
{
    return first > 0 ? first : otherwise;
}

static int64_t at_most(int64_t value, int64_t max)
{
    return value < max ? value : max;
}

void cr_cell_limits_of(const struct cr_config *c, const struct cr_lang *l,
                       struct cr_cell_limits *out)
{
    *out = (struct cr_cell_limits){
        .memory_bytes = pick(l->limits.memory_bytes, c->runner_memory_limit_bytes),
        .pids = pick(l->limits.pids, c->runner_pids_limit),
        .cpu_percent = c->runner_cpu_percent,
        .work_bytes = pick(l->limits.work_bytes, c->runner_work_size_bytes),
        .work_inodes = c->runner_work_inodes,
    };
}

void cr_cell_start_of(const struct cr_config *c, const struct cr_lang *l, int64_t wall_limit_ms,
                      struct cr_cell_start *out)
{
    int64_t wall = pick(wall_limit_ms, pick(l->limits.wall_ms, c->runner_wall_limit_ms));
    int64_t work = pick(l->limits.work_bytes, c->runner_work_size_bytes);
    *out = (struct cr_cell_start){
        .version = CR_CELL_VERSION,
        .wall_ms = (uint32_t)at_most(wall, c->runner_wall_limit_max_ms),
        .cpu_ms = (uint32_t)pick(l->limits.cpu_ms, c->runner_cpu_limit_ms),
        .compile_wall_ms = (uint32_t)l->limits.compile_wall_ms,
        .compile_cpu_ms = (uint32_t)l->limits.compile_cpu_ms,
        .output_bytes = (uint64_t)c->runner_output_limit_bytes,
        .compile_output_bytes = CR_COMPILE_OUTPUT_BYTES,
        .file_bytes = (uint64_t)work,
        .stack_bytes = CR_STACK_BYTES,
    };
}
