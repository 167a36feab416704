#include "proto/messages.h"

const char *const cr_phase_names[] = {"", "compile", "run", NULL};

#define R struct cr_msg_result
const struct cr_json_field cr_msg_result_fields[] = {
    CR_JSON_STR("verdict", R, verdict, 1, 32, CR_JSON_REQUIRED),
    CR_JSON_INT("exit_code", R, exit_code, -255, 255, 0),
    CR_JSON_INT("signal", R, signal, 0, 128, 0),
    CR_JSON_INT("wall_ms", R, wall_ms, 0, INT64_MAX, 0),
    CR_JSON_INT("cpu_ms", R, cpu_ms, 0, INT64_MAX, 0),
    CR_JSON_INT("compile_ms", R, compile_ms, 0, INT64_MAX, 0),
    CR_JSON_INT("memory_bytes", R, memory_bytes, 0, INT64_MAX, 0),
    CR_JSON_INT("stdout_bytes", R, stdout_bytes, 0, INT64_MAX, 0),
    CR_JSON_INT("stderr_bytes", R, stderr_bytes, 0, INT64_MAX, 0),
    CR_JSON_BOOL("truncated", R, truncated, 0),
    CR_JSON_STR("message", R, message, 0, 1024, CR_JSON_NULLABLE),
    CR_JSON_END,
};
#undef R

int cr_msg_result_read(const struct cr_msg_result *m, struct cr_run_result *out,
                       struct cr_error *err)
{
    enum cr_verdict verdict;

    if (cr_verdict_parse(m->verdict, &verdict) < 0)
        return cr_fail_field(err, CR_ERR_INVALID, "result.verdict", "unknown verdict");
    out->verdict = verdict;
    out->exit_code = (int)m->exit_code;
    out->signal = (int)m->signal;
    out->wall_ms = m->wall_ms;
    out->cpu_ms = m->cpu_ms;
    out->compile_ms = m->compile_ms;
    out->memory_bytes = m->memory_bytes;
    out->stdout_bytes = m->stdout_bytes;
    out->stderr_bytes = m->stderr_bytes;
    out->truncated = m->truncated;
    free(out->message);
    out->message = cr_strdup(m->message);
    return 0;
}

#define CR_ID(T, m, f) CR_JSON_ID(#m, struct cr_msg_##T, m, f),
#define CR_STR(T, m, lo, hi, f) CR_JSON_STR(#m, struct cr_msg_##T, m, lo, hi, f),
#define CR_INT(T, m, lo, hi, f) CR_JSON_INT(#m, struct cr_msg_##T, m, lo, hi, f),
#define CR_BOOL(T, m, f) CR_JSON_BOOL(#m, struct cr_msg_##T, m, f),
#define CR_STRS(T, m, lo, hi, each, f) CR_JSON_STRS(#m, struct cr_msg_##T, m, lo, hi, each, f),
#define CR_ENUM(T, m, list, f) CR_JSON_ENUM(#m, struct cr_msg_##T, m, list, f),
#define CR_OBJ(T, m, type, table, f) CR_JSON_OBJECT(#m, struct cr_msg_##T, m, table, f),
#define CR_MESSAGE(name, wire, role, fields_)                                                      \
    static const struct cr_json_field name##_fields[] = {                                          \
        CR_JSON_SKIP("type"),                                                                      \
        CR_JSON_STR("ref", struct cr_msg_##name, ref, 1, 64, CR_JSON_NULLABLE),                    \
        fields_ CR_JSON_END,                                                                       \
    };
#include "proto/messages.def"
#include "proto/service.def"
#undef CR_MESSAGE

#define CR_MESSAGE(name, wire, role, fields_) {wire, CR_ROLE_##role, name##_fields},
const struct cr_msg_row cr_msg_rows[CR_MSG_COUNT] = {
#include "proto/messages.def"
};
const struct cr_msg_row cr_service_msg_rows[CR_SERVICE_MSG_COUNT] = {
#include "proto/service.def"
};
#undef CR_MESSAGE

int cr_msg_find(const struct cr_msg_row *rows, int count, const struct cr_json_node *object,
                struct cr_error *err)
{
    const char *type;

    if (cr_json_type_of(object) != CR_JSON_T_OBJECT)
        return cr_fail(err, CR_ERR_INVALID, "a message is one JSON object");
    type = cr_json_str(cr_json_get(object, "type"));
    if (!type)
        return cr_fail_field(err, CR_ERR_INVALID, "type", "is missing");
    for (int i = 0; i < count; i++)
        if (strcmp(rows[i].wire, type) == 0)
            return i;
    return cr_fail_field(err, CR_ERR_INVALID, "type", "there is no such message");
}

const char *cr_msg_ref(const struct cr_json_node *object)
{
    const char *ref = cr_json_str(cr_json_get(object, "ref"));

    return ref && *ref && strlen(ref) <= 64 ? ref : NULL;
}
