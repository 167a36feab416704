/* Facts to verdicts: one cause each, in order. */
#include "../unit.h"

#include "runner/verdict.h"

#define EXITED(code) ((code) << 8)

static const struct {
    struct cr_cell_result facts;
    enum cr_verdict want;
    int exit_code, signal;
    const char *message; /* part of it; NULL: none */
} cases[] = {
    {{.phase = 2}, CR_VERDICT_OK, 0, 0, NULL},
    {{.phase = 2, .wait_status = EXITED(3)}, CR_VERDICT_EXIT, 3, 0, NULL},
    {{.phase = 2, .wait_status = EXITED(255)}, CR_VERDICT_EXIT, 255, 0, NULL},
    {{.phase = 2, .wait_status = 11}, CR_VERDICT_SIGNAL, 0, 11, NULL},
    {{.phase = 2, .wait_status = 11 | 0x80}, CR_VERDICT_SIGNAL, 0, 11, NULL},
    /* killed by us: the limit counts, not the signal */
    {{.phase = 2, .wait_status = 9, .reason = CR_CELL_REASON_WALL},
     CR_VERDICT_WALL_TIME,
     0,
     0,
     NULL},
    {{.phase = 2, .wait_status = 9, .reason = CR_CELL_REASON_CPU}, CR_VERDICT_CPU_TIME, 0, 0, NULL},
    {{.phase = 2, .wait_status = 9, .reason = CR_CELL_REASON_OUTPUT},
     CR_VERDICT_OUTPUT,
     0,
     0,
     NULL},
    {{.phase = 2, .wait_status = 9, .reason = CR_CELL_REASON_MEMORY},
     CR_VERDICT_MEMORY,
     0,
     0,
     NULL},
    {{.phase = 2, .wait_status = 9, .reason = CR_CELL_REASON_STOP}, CR_VERDICT_STOPPED, 0, 0, NULL},
    /* the program noticed nothing: a child was killed for memory */
    {{.phase = 2, .oom_kills = 1}, CR_VERDICT_MEMORY, 0, 0, NULL},
    {{.phase = 2, .wait_status = 9, .oom_kills = 1}, CR_VERDICT_MEMORY, 0, 0, NULL},
    {{.phase = 2, .oom_kills = 1, .reason = CR_CELL_REASON_WALL}, CR_VERDICT_MEMORY, 0, 0, NULL},
    {{.phase = 2, .oom_kills = 1, .reason = CR_CELL_REASON_STOP}, CR_VERDICT_STOPPED, 0, 0, NULL},
    /* the limit was passed in the last moment of a program that ended well */
    {{.phase = 2, .wait_status = 0, .reason = CR_CELL_REASON_OUTPUT},
     CR_VERDICT_OUTPUT,
     0,
     0,
     NULL},
    {{.phase = 2, .reason = CR_CELL_REASON_EXEC, .exec_errno = 2},
     CR_VERDICT_INTERNAL_ERROR,
     0,
     0,
     "/bin/x could not be started: No such file"},
    {{.phase = 1, .wait_status = EXITED(1)}, CR_VERDICT_COMPILE_ERROR, 1, 0, NULL},
    {{.phase = 1, .wait_status = 11}, CR_VERDICT_COMPILE_ERROR, 0, 0, "crashed"},
    {{.phase = 1, .wait_status = 9, .reason = CR_CELL_REASON_CPU},
     CR_VERDICT_COMPILE_ERROR,
     0,
     0,
     "too long"},
    {{.phase = 1, .wait_status = EXITED(1), .oom_kills = 1},
     CR_VERDICT_COMPILE_ERROR,
     0,
     0,
     "memory"},
    {{.phase = 1, .wait_status = 9, .reason = CR_CELL_REASON_STOP}, CR_VERDICT_STOPPED, 0, 0, NULL},
};

static void every_cause_has_its_verdict(void **state)
{
    (void)state;
    for (size_t i = 0; i < CR_COUNT(cases); i++) {
        struct cr_run_result r = {0};
        cr_verdict_decide(&cases[i].facts, "/bin/x", &r);
        if (r.verdict != cases[i].want)
            fail_msg("case %zu: %s, not %s", i, cr_verdict_name(r.verdict),
                     cr_verdict_name(cases[i].want));
        assert_int_equal(r.exit_code, cases[i].exit_code);
        assert_int_equal(r.signal, cases[i].signal);
        assert_true((r.message != NULL) == (cases[i].message != NULL));
        if (r.message)
            assert_non_null(strstr(r.message, cases[i].message));
        cr_run_result_clear(&r);
    }
}

static void times_are_rounded_up(void **state)
{
    (void)state;
    struct cr_run_result r = {0};
    cr_verdict_decide(&(struct cr_cell_result){.phase = 2, .wall_us = 1, .cpu_us = 1000}, "", &r);
    assert_int_equal(r.wall_ms, 1);
    assert_int_equal(r.cpu_ms, 1);
    cr_run_result_clear(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cause_has_its_verdict),
        cmocka_unit_test(times_are_rounded_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
