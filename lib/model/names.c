/* Names of roles, states and verdicts: what clients and the database see. Never renamed. */
#include "model/model.h"

static const char *const role_names[] = {
    [CR_ROLE_NONE] = "",         [CR_ROLE_VIEWER] = "viewer", [CR_ROLE_COMMENTER] = "commenter",
    [CR_ROLE_EDITOR] = "editor", [CR_ROLE_OWNER] = "owner",
};

static const char *const state_names[] = {
    [CR_RUN_QUEUED] = "queued",
    [CR_RUN_RUNNING] = "running",
    [CR_RUN_FINISHED] = "finished",
};

static const char *const verdict_names[] = {
    [CR_VERDICT_NONE] = "",
    [CR_VERDICT_OK] = "ok",
    [CR_VERDICT_EXIT] = "exit",
    [CR_VERDICT_SIGNAL] = "signal",
    [CR_VERDICT_WALL_TIME] = "wall_time",
    [CR_VERDICT_CPU_TIME] = "cpu_time",
    [CR_VERDICT_MEMORY] = "memory",
    [CR_VERDICT_OUTPUT] = "output",
    [CR_VERDICT_COMPILE_ERROR] = "compile_error",
    [CR_VERDICT_STOPPED] = "stopped",
    [CR_VERDICT_INTERNAL_ERROR] = "internal_error",
};

#define COUNT(names) (sizeof(names) / sizeof((names)[0]))

static const char *name_of(const char *const *names, size_t count, size_t value)
{
    return value < count ? names[value] : "";
}

/* -1 when s is no name of the table. */
static int value_of(const char *const *names, size_t count, const char *s)
{
    if (!s)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(names[i], s))
            return (int)i;
    return -1;
}

const char *cr_role_name(enum cr_role role)
{
    return name_of(role_names, COUNT(role_names), (size_t)role);
}

enum cr_role cr_role_parse(const char *name)
{
    int value = value_of(role_names, COUNT(role_names), name);

    return value < 0 ? CR_ROLE_NONE : (enum cr_role)value;
}

const char *cr_run_state_name(enum cr_run_state s)
{
    return name_of(state_names, COUNT(state_names), (size_t)s);
}

int cr_run_state_parse(const char *s, enum cr_run_state *out)
{
    int value = value_of(state_names, COUNT(state_names), s);

    if (value < 0)
        return -1;
    *out = (enum cr_run_state)value;
    return 0;
}

const char *cr_verdict_name(enum cr_verdict v)
{
    return name_of(verdict_names, COUNT(verdict_names), (size_t)v);
}

int cr_verdict_parse(const char *s, enum cr_verdict *out)
{
    int value = value_of(verdict_names, COUNT(verdict_names), s);

    if (value < 0)
        return -1;
    *out = (enum cr_verdict)value;
    return 0;
}
