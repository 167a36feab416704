/* The cell stream: frames between coderoom-runner and coderoom-agent, over the container's attached
 * standard input and output. Version 1.
 *
 * A frame is u32 length of the payload (little endian), u8 type, payload. Both sides take lengths
 * up to CR_CELL_FRAME_MAX and end the conversation at anything else: a wrong length, an unknown
 * type, a type out of turn.
 *
 * One conversation is one job:
 *   agent   READY
 *   runner  START, [REQUEST], then COMPILE_ARG*, RUN_ARG+, ENV*, (FILE DATA*)*, STDIN*,
 * [STDIN_EOF], GO agent   PHASE compile, COMPILE*, PHASE run, (STDOUT | STDERR)*, RESULT      or
 * ERROR at any time runner  meanwhile STDIN*, STDIN_EOF, STOP The runner may have at most
 * CR_CELL_STDIN_WINDOW bytes of standard input on the way: TAKEN says how many the program's pipe
 * has taken since the last one. After RESULT or ERROR the cell is of no use any more. When the
 * runner's side closes, the agent ends, and the cell with it.
 *
 * Nothing that the program does can make a frame: it holds pipes to the agent, never the stream,
 * and the kernel keeps /proc/1 closed to it because the agent is not dumpable. */
#ifndef CR_RUNNER_AGENT_PROTOCOL_H
#define CR_RUNNER_AGENT_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CR_CELL_VERSION 1
#define CR_CELL_HEADER 5
#define CR_CELL_FRAME_MAX (64 * 1024) /* payload */
#define CR_CELL_STDIN_WINDOW                                                                       \
    (256 * 1024)                        /* what the agent keeps for a program that does not read */
#define CR_CELL_ARGS_MAX 1200           /* words of one command: every path of a room fits */
#define CR_CELL_ARENA_MAX (1024 * 1024) /* bytes of all words and variables together */
#define CR_CELL_PATH_MAX 1024           /* = CR_LIMIT_FILE_PATH_BYTES */
#define CR_CELL_DIR "/work"             /* work folder: tmpfs */
#define CR_CELL_OUT "/tmp/program"      /* where compilers put the program */
#define CR_CELL_AGENT "/usr/lib/coderoom/agent"
#define CR_CELL_REQUEST_MAX 128 /* bytes */

enum cr_cell_type {
    /* runner to agent */
    CR_CELL_START = 0x01,       /* struct cr_cell_start */
    CR_CELL_COMPILE_ARG = 0x02, /* one word of the compiler's command */
    CR_CELL_RUN_ARG = 0x03,     /* one word of the program's command; the first is a path */
    CR_CELL_ENV = 0x04,         /* NAME=value */
    CR_CELL_FILE = 0x05,        /* path of a new file in the work folder; folders are made */
    CR_CELL_DATA = 0x06,        /* more bytes of that file */
    CR_CELL_GO = 0x07,          /* empty: start */
    CR_CELL_STDIN = 0x08,
    CR_CELL_STDIN_EOF = 0x09, /* empty */
    CR_CELL_STOP = 0x0a,      /* empty: kill it; RESULT follows */
    CR_CELL_REQUEST = 0x0b,   /* text: the run's request id, which names it in every log */
    /* agent to runner */
    CR_CELL_READY = 0x81, /* u16 version */
    CR_CELL_PHASE = 0x82, /* u8 enum cr_cell_phase */
    CR_CELL_STDOUT = 0x83,
    CR_CELL_STDERR = 0x84,
    CR_CELL_COMPILE = 0x85, /* what the compiler says, both its streams */
    CR_CELL_RESULT = 0x86,  /* struct cr_cell_result */
    CR_CELL_ERROR = 0x87,   /* text: the job could not be tried */
    CR_CELL_TAKEN = 0x88,   /* u32 bytes of standard input */
};

enum cr_cell_phase { CR_CELL_PHASE_COMPILE = 1, CR_CELL_PHASE_RUN = 2 };

/* Why the agent ended a phase. */
enum cr_cell_reason {
    CR_CELL_REASON_NONE = 0, /* it ended by itself */
    CR_CELL_REASON_WALL = 1,
    CR_CELL_REASON_CPU = 2,
    CR_CELL_REASON_MEMORY = 3, /* the kernel killed something in the cell for memory */
    CR_CELL_REASON_OUTPUT = 4,
    CR_CELL_REASON_STOP = 5,
    CR_CELL_REASON_EXEC = 6, /* could not be started: exec_errno */
    CR_CELL_REASON_LAST = CR_CELL_REASON_EXEC,
};

struct cr_cell_start {
    uint16_t version;
    uint32_t wall_ms, cpu_ms;
    uint32_t compile_wall_ms, compile_cpu_ms;
    uint64_t output_bytes;         /* standard output and error together; then OUTPUT */
    uint64_t compile_output_bytes; /* more is counted, not sent */
    uint64_t file_bytes;           /* largest file that the program may write */
    uint64_t stack_bytes;
};
#define CR_CELL_START_SIZE 50

/* Facts, no judgement: the runner decides the verdict. */
struct cr_cell_result {
    uint8_t phase;  /* the one that ended last: compile when it failed */
    uint8_t reason; /* enum cr_cell_reason */
    bool truncated; /* bytes were written and not sent */
    int32_t wait_status;
    int32_t exec_errno;
    uint32_t oom_kills;
    uint64_t wall_us; /* of the phase */
    uint64_t cpu_us;  /* of the phase, everything in the cell */
    uint64_t compile_us;
    uint64_t memory_bytes; /* peak; 0: not known */
    uint64_t stdout_bytes, stderr_bytes, compile_bytes;
};
#define CR_CELL_RESULT_SIZE 71

struct cr_cell_frame {
    uint8_t type;
    const uint8_t *data; /* inside the buffer that was scanned */
    size_t len;
};

/* Look at the front of a buffer. Returns the frame's whole length, 0 when more bytes are needed, -1
 * when the length is out of bounds. */
long cr_cell_scan(const uint8_t *buf, size_t len, struct cr_cell_frame *out);
void cr_cell_header(uint8_t out[CR_CELL_HEADER], uint8_t type, size_t len);

void cr_cell_start_write(const struct cr_cell_start *from, uint8_t out[CR_CELL_START_SIZE]);
int cr_cell_start_read(const uint8_t *p, size_t len, struct cr_cell_start *out); /* -1: malformed */
void cr_cell_result_write(const struct cr_cell_result *from, uint8_t out[CR_CELL_RESULT_SIZE]);
int cr_cell_result_read(const uint8_t *p, size_t len, struct cr_cell_result *out);

void cr_cell_put(uint8_t *p, uint64_t value, unsigned bytes); /* little endian */
uint64_t cr_cell_get(const uint8_t *p, unsigned bytes);

/* True for a path that stays inside the work folder: relative, no empty, "." or ".." part, no NUL,
 * at most CR_CELL_PATH_MAX bytes, parts of at most 255. */
bool cr_cell_path_ok(const uint8_t *path, size_t len);

#endif
