#include "suite.h"

#include "proxy.h"

#include <pthread.h>

const char *fresh(const char *prefix)
{
    static _Thread_local char buf[128];
    char id[CR_ID_SIZE];

    cr_id_new(id);
    snprintf(buf, sizeof(buf), "%s%s", prefix, id);
    return buf;
}

void new_user(char id[CR_ID_SIZE])
{
    cr_auto_free char *email = cr_asprintf("%s@example.org", fresh("u"));
    struct cr_user u = {.email = email,
                        .name = (char *)"Ada",
                        .password_hash = (char *)"$argon2id$",
                        .created_ms = cr_wall_ms()};

    cr_id_new(u.id);
    OK(cr_store_user_insert(store, &u, &err));
    memcpy(id, u.id, CR_ID_SIZE);
}

void new_room(const char *owner, char id[CR_ID_SIZE])
{
    struct cr_room r = {.name = (char *)"Room",
                        .language = (char *)"python",
                        .created_ms = cr_wall_ms(),
                        .updated_ms = cr_wall_ms()};
    struct cr_tree t = {0};
    char file[CR_ID_SIZE];

    cr_id_new(r.id);
    memcpy(r.owner_id, owner, CR_ID_SIZE);
    OK(cr_tree_add(&t, "src/main.py", false, 1, file, &err));
    OK(cr_store_room_create(store, &r, &t, &err));
    cr_tree_clear(&t);
    memcpy(id, r.id, CR_ID_SIZE);
}

int64_t room_rev(const char *room_id)
{
    struct cr_room r;

    OK(cr_store_room_get(store, room_id, &r, &err));
    int64_t rev = r.rev;

    cr_room_clear(&r);
    return rev;
}

void new_job(const char *room_id, const char *language, int64_t created_ms, char id[CR_ID_SIZE])
{
    struct cr_job_file file = {(char *)"main.py", (uint8_t *)(char *)"print(1)", 8};
    struct cr_run run = {.user_name = (char *)"Ada",
                         .request_id = (char *)"req",
                         .language = (char *)(intptr_t)language,
                         .entry = (char *)"main.py",
                         .files = &file,
                         .file_count = 1,
                         .created_ms = created_ms};
    bool existing;

    cr_id_new(run.id);
    memcpy(run.room_id, room_id, CR_ID_SIZE);
    OK(cr_store_job_insert(store, &run, NULL, &existing, &err));
    assert_false(existing);
    memcpy(id, run.id, CR_ID_SIZE);
}

bool claim(const char *language, int64_t now_ms, int64_t lease_ms, struct cr_run *out)
{
    const char *const languages[] = {language, NULL};
    bool found = false;

    OK(cr_store_job_claim(store, "runner", languages, now_ms, lease_ms, &found, out, &err));
    return found;
}

void finish_ok(const char *job_id, int64_t attempt, const char *text)
{
    const struct cr_run_result r = {.verdict = CR_VERDICT_OK, .wall_ms = 5};
    struct cr_output_piece piece = {CR_STREAM_STDOUT, (uint8_t *)(intptr_t)text, strlen(text)};
    const struct cr_output out = {&piece, 1};

    OK(cr_store_job_finish(store, job_id, attempt, &r, &out, cr_wall_ms(), &err));
}

/* "mongodb://user:pw@HOST/db?options": HOST, and what is before and behind it. */
char *proxy_uri(struct proxy **proxy)
{
    const char *start = strstr(store_uri, "://") + 3;
    const char *end = start + strcspn(start, "/?");
    const char *at = memchr(start, '@', (size_t)(end - start));
    const char *from = at ? at + 1 : start;
    const char *query = strchr(end, '?');
    cr_auto_free char *host = cr_strndup(from, (size_t)(end - from));
    cr_auto_free char *before = cr_strndup(store_uri, (size_t)(from - store_uri));

    *proxy = proxy_start(host);
    assert_non_null(*proxy);
    /* directConnection: a member of a replica set would send us to its own address otherwise. */
    return cr_asprintf("%s127.0.0.1:%d%.*s?%s%sdirectConnection=true", before, proxy_port(*proxy),
                       query ? (int)(query - end) : (int)strlen(end), *end == '/' ? end : "/",
                       query ? query + 1 : "", query ? "&" : "");
}

void in_parallel(void *(*fn)(void *), void *args, size_t size)
{
    pthread_t threads[THREADS];

    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, fn, (char *)args + i * size), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}
