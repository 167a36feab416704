/* The tables of the sockets' JSON messages (messages.def: browser to room, service.def: runner to
 * ws daemon) as C: a struct for each message and a row that checks it. Any thread. */
#ifndef CR_PROTO_MESSAGES_H
#define CR_PROTO_MESSAGES_H

#include "base/buf.h"
#include "base/limits.h"
#include "model/model.h"
#include "json/fields.h"

enum cr_phase { CR_PHASE_NONE, CR_PHASE_COMPILE, CR_PHASE_RUN };
extern const char *const cr_phase_names[]; /* "", "compile", "run" */

/* How a run ended, as `result` says it on both sockets. */
struct cr_msg_result {
    const char *verdict; /* cr_verdict_name(); checked by cr_msg_result_read() */
    int64_t exit_code, signal, wall_ms, cpu_ms, compile_ms, memory_bytes, stdout_bytes,
        stderr_bytes;
    bool truncated;
    const char *message; /* may be NULL */
};
extern const struct cr_json_field cr_msg_result_fields[];
/* Errors: INVALID, field "result.verdict". *out owns its message afterwards. */
int cr_msg_result_read(const struct cr_msg_result *m, struct cr_run_result *out,
                       struct cr_error *err);

#define CR_ID(T, m, f) const char *m;
#define CR_STR(T, m, lo, hi, f) const char *m;
#define CR_INT(T, m, lo, hi, f) int64_t m;
#define CR_BOOL(T, m, f) bool m;
#define CR_STRS(T, m, lo, hi, each, f) const char *const *m;
#define CR_ENUM(T, m, list, f) int m;
#define CR_OBJ(T, m, type, table, f) type m;
#define CR_MESSAGE(name, wire, role, fields)                                                       \
    struct cr_msg_##name {                                                                         \
        const char *ref; /* the sender's word for the answer; may be NULL */                       \
        fields                                                                                     \
    };
#include "proto/messages.def"
#include "proto/service.def"
#undef CR_MESSAGE
#undef CR_ID
#undef CR_STR
#undef CR_INT
#undef CR_BOOL
#undef CR_STRS
#undef CR_ENUM
#undef CR_OBJ

enum cr_msg_type {
#define CR_MESSAGE(name, wire, role, fields) CR_MSG_##name,
#include "proto/messages.def"
#undef CR_MESSAGE
    CR_MSG_COUNT
};

enum cr_service_msg_type {
#define CR_MESSAGE(name, wire, role, fields) CR_SERVICE_MSG_##name,
#include "proto/service.def"
#undef CR_MESSAGE
    CR_SERVICE_MSG_COUNT
};

/* Storage for any of them. */
union cr_msg {
#define CR_MESSAGE(name, wire, role, fields) struct cr_msg_##name name;
#include "proto/messages.def"
#include "proto/service.def"
#undef CR_MESSAGE
};

struct cr_msg_row {
    const char *wire;
    enum cr_role least; /* role that may send it */
    const struct cr_json_field *fields;
};
extern const struct cr_msg_row cr_msg_rows[CR_MSG_COUNT];
extern const struct cr_msg_row cr_service_msg_rows[CR_SERVICE_MSG_COUNT];

/* Find the row by the object's `type`: its index, or -1 with INVALID, field "type". */
int cr_msg_find(const struct cr_msg_row *rows, int count, const struct cr_json_node *object,
                struct cr_error *err);
/* The message's ref when it is a usable one, also of a message that is wrong elsewhere; else NULL.
 */
const char *cr_msg_ref(const struct cr_json_node *object);

/* The binary frames (docs/PROTOCOL.md). */
#define CR_FRAME_OUTPUT 0x10
#define CR_FRAME_STDIN 0x11
#define CR_FRAME_OUTPUT_HEAD (1 + CR_ID_LEN + 1 + 8)                 /* to the room */
#define CR_FRAME_SERVICE_OUTPUT_HEAD (1 + 2 * CR_ID_LEN + 8 + 1 + 8) /* from the runner */
#define CR_FRAME_STDIN_HEAD (1 + CR_ID_LEN)

struct cr_output_frame {
    char run[CR_ID_SIZE];
    char room[CR_ID_SIZE]; /* "" in a room's frame */
    int64_t attempt;       /* 0 in a room's frame */
    enum cr_stream stream;
    uint64_t offset; /* of the first byte in the run's output */
    const uint8_t *data;
    size_t len;
};
/* Parse a runner's output frame; data is borrowed. Errors: INVALID. */
int cr_output_frame_parse(const uint8_t *frame, size_t len, struct cr_output_frame *out,
                          struct cr_error *err);
/* Append a runner's (service) or a room's output frame. */
void cr_output_frame_write(struct cr_buf *out, const struct cr_output_frame *f, bool service);
/* Parse an input frame: the run and the bytes (borrowed). Errors: INVALID. */
int cr_stdin_frame_parse(const uint8_t *frame, size_t len, char run[CR_ID_SIZE],
                         const uint8_t **data, size_t *data_len, struct cr_error *err);
void cr_stdin_frame_write(struct cr_buf *out, const char *run, const void *data, size_t len);

#endif
