/* The lease: claiming, renewing, giving back, finishing. attempt is the fencing number: it grows
 * with every claim and never comes back, and every write of a runner is filtered by it, so that one
 * which lost its lease changes nothing. tries is what the limit counts: giving a job back takes one
 * off. */
#include "base/limits.h"
#include "store/mongo/job.h"

/* How much the clocks of two machines may differ before a lease is taken over too early. */
#define CLOCK_SKEW_MS 2000

static int lost(struct cr_error *err, const char *job_id, int64_t attempt)
{
    return cr_fail(err, CR_ERR_GONE, "job %s: attempt %lld has lost its lease", job_id,
                   (long long)attempt);
}

static void add_claim(bson_t *update, const char *runner_id, int64_t now_ms, int64_t lease_ms)
{
    bson_t sub;

    BSON_APPEND_DOCUMENT_BEGIN(update, "$set", &sub);
    BSON_APPEND_UTF8(&sub, "state", cr_run_state_name(CR_RUN_RUNNING));
    BSON_APPEND_UTF8(&sub, "runner", runner_id);
    BSON_APPEND_INT64(&sub, "lease_until_ms", now_ms + lease_ms);
    BSON_APPEND_INT64(&sub, "started_ms", now_ms);
    bson_append_document_end(update, &sub);
    BSON_APPEND_DOCUMENT_BEGIN(update, "$inc", &sub);
    BSON_APPEND_INT64(&sub, "attempt", 1);
    BSON_APPEND_INT64(&sub, "tries", 1);
    bson_append_document_end(update, &sub);
}

static void add_languages(bson_t *filter, const char *const *languages)
{
    size_t count = 0;

    while (languages[count])
        count++;
    doc_add_in(filter, "language", languages, count);
}

/* expired: look among the running jobs whose lease ran out, not in the queue. */
static int take(struct cr_store *s, const char *runner_id, const char *const *languages,
                int64_t now_ms, int64_t lease_ms, bool expired, bson_t *doc, bool *found,
                struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER, sort = BSON_INITIALIZER;
    bson_t sub;

    BSON_APPEND_UTF8(&filter, "state", cr_run_state_name(expired ? CR_RUN_RUNNING : CR_RUN_QUEUED));
    if (expired) {
        BSON_APPEND_DOCUMENT_BEGIN(&filter, "lease_until_ms", &sub);
        BSON_APPEND_INT64(&sub, "$lt", now_ms - CLOCK_SKEW_MS);
        bson_append_document_end(&filter, &sub);
    }
    add_languages(&filter, languages);
    add_claim(&update, runner_id, now_ms, lease_ms);
    BSON_APPEND_INT32(&sort, "created_ms", 1);
    return db_find_modify(DB_CALL(s, "jobs"), &filter, &update, &sort, NULL, doc, found, err);
}

/* End a claimed job here, without a runner. */
static int end_claimed(struct cr_store *s, struct cr_run *run, enum cr_verdict verdict,
                       const char *message, int64_t now_ms, struct cr_error *err)
{
    const struct cr_output none = {0};

    run->result.verdict = verdict;
    run->result.message = cr_strdup(message);
    if (cr_store_job_finish(s, run->id, run->attempt, &run->result, &none, now_ms, err) < 0)
        return -1;
    run->state = CR_RUN_FINISHED;
    run->finished_ms = now_ms;
    return 0;
}

static int prepare_claimed(struct cr_store *s, const bson_t *doc, struct cr_run *run,
                           int64_t now_ms, struct cr_error *err)
{
    bool found = false;

    if (run->stop_requested)
        return end_claimed(s, run, CR_VERDICT_STOPPED, NULL, now_ms, err);
    if (doc_int(doc, "tries") > CR_LIMIT_JOB_ATTEMPTS)
        return end_claimed(s, run, CR_VERDICT_INTERNAL_ERROR,
                           "The run was started several times and never came to its end.", now_ms,
                           err);
    if (job_input_get(s, doc, run, &found, err) < 0) {
        cr_store_job_release(s, run->id, run->attempt, NULL);
        return -1;
    }
    return found ? 0
                 : end_claimed(s, run, CR_VERDICT_INTERNAL_ERROR, "The files of the run are gone.",
                               now_ms, err);
}

int cr_store_job_claim(struct cr_store *s, const char *runner_id, const char *const *languages,
                       int64_t now_ms, int64_t lease_ms, bool *found, struct cr_run *out,
                       struct cr_error *err)
{
    *found = false;
    for (int expired = 0; expired <= 1 && !*found; expired++) {
        AUTO_BSON doc;
        struct cr_run run;

        if (take(s, runner_id, languages, now_ms, lease_ms, expired, &doc, found, err) < 0)
            return -1;
        if (!*found)
            continue;
        job_read(&doc, &run);
        if (prepare_claimed(s, &doc, &run, now_ms, err) < 0) {
            cr_run_clear(&run);
            *found = false;
            return -1;
        }
        *out = run;
    }
    return 0;
}

int cr_store_job_renew(struct cr_store *s, const char *job_id, int64_t attempt, int64_t now_ms,
                       int64_t lease_ms, bool *stop, struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER, fields = BSON_INITIALIZER, doc;
    bool found = false;
    bson_t set;

    job_by_lease(&filter, job_id, attempt);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
    BSON_APPEND_INT64(&set, "lease_until_ms", now_ms + lease_ms);
    bson_append_document_end(&update, &set);
    BSON_APPEND_INT32(&fields, "stop", 1);
    if (db_find_modify(DB_CALL(s, "jobs"), &filter, &update, NULL, &fields, &doc, &found, err) < 0)
        return -1;
    if (!found)
        return lost(err, job_id, attempt);
    *stop = doc_bool(&doc, "stop");
    return 0;
}

int cr_store_job_release(struct cr_store *s, const char *job_id, int64_t attempt,
                         struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER;
    struct db_call *c = DB_CALL(s, "jobs");
    int64_t matched = 0;
    bson_t sub;

    job_by_lease(&filter, job_id, attempt);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &sub);
    BSON_APPEND_UTF8(&sub, "state", cr_run_state_name(CR_RUN_QUEUED));
    BSON_APPEND_INT64(&sub, "started_ms", 0);
    bson_append_document_end(&update, &sub);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$inc", &sub);
    BSON_APPEND_INT64(&sub, "tries", -1);
    bson_append_document_end(&update, &sub);
    if (db_update(c, &filter, &update, &matched, err) < 0)
        return -1;
    /* After a try with unknown outcome a missing match is most likely our own work. */
    return matched || c->retried ? 0 : lost(err, job_id, attempt);
}

struct place {
    char room_id[CR_ID_SIZE];
    bool mine;        /* this attempt holds it */
    bool done;        /* this attempt's result is stored */
    bool input_apart; /* in job_inputs */
};

/* Where the job stands. */
static int look(struct cr_store *s, const char *job_id, int64_t attempt, struct place *out,
                struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, fields = BSON_INITIALIZER, doc = BSON_INITIALIZER;
    bool found = false;

    doc_by_id(&filter, job_id);
    job_without_input(&fields);
    if (db_find_one(DB_CALL(s, "jobs"), &filter, &fields, &doc, &found, err) < 0)
        return -1;
    doc_id(&doc, "room", out->room_id);
    out->mine = found && doc_int(&doc, "attempt") == attempt &&
                !strcmp(doc_str(&doc, "state"), cr_run_state_name(CR_RUN_RUNNING));
    out->done = found && doc_int(&doc, "result_attempt") == attempt;
    out->input_apart = doc_bool(&doc, "input_apart");
    return 0;
}

static int write_result(struct cr_store *s, const char *job_id, int64_t attempt,
                        const struct cr_run_result *r, int64_t now_ms, int64_t *matched,
                        struct cr_error *err)
{
    AUTO_BSON filter = BSON_INITIALIZER, update = BSON_INITIALIZER;
    bson_t sub;

    job_by_lease(&filter, job_id, attempt);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &sub);
    job_add_result(&sub, r, attempt, now_ms);
    bson_append_document_end(&update, &sub);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$unset", &sub);
    BSON_APPEND_BOOL(&sub, "input", true);
    bson_append_document_end(&update, &sub);
    return db_update(DB_CALL(s, "jobs"), &filter, &update, matched, err);
}

int cr_store_job_finish(struct cr_store *s, const char *job_id, int64_t attempt,
                        const struct cr_run_result *r, const struct cr_output *out, int64_t now_ms,
                        struct cr_error *err)
{
    struct place p = {0};
    int64_t matched = 0;

    if (look(s, job_id, attempt, &p, err) < 0)
        return -1;
    if (p.done)
        return 0;
    if (!p.mine)
        return lost(err, job_id, attempt);
    /* The output first; the result makes it visible, in one step, or never. */
    if (output_insert(s, p.room_id, job_id, attempt, out, err) < 0 ||
        write_result(s, job_id, attempt, r, now_ms, &matched, err) < 0)
        return -1;
    if (!matched && look(s, job_id, attempt, &p, err) < 0)
        return -1;
    if (!matched && !p.done) {
        output_delete(s, p.room_id, job_id, attempt, NULL);
        return lost(err, job_id, attempt);
    }
    if (p.input_apart) /* tidying only: it is never read again */
        job_input_delete(s, job_id, NULL);
    return 0;
}
