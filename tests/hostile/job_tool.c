/* Puts one job into the queue, waits for its end and prints it as JSON; for tests.
 *
 *   job_tool URI DATABASE LANGUAGE ENTRY [--stdin FILE] [--open] [--wall MS] [--arg TEXT]
 *            [--stop-after MS] [--no-wait] -- PATH=FILE...
 *   job_tool URI DATABASE --wait RUN
 *
 * Output pieces are given in hexadecimal: they need not be UTF-8. */
#include "base/clock.h"
#include "base/id.h"
#include "store/store.h"
#include "json/write.h"

#include <stdio.h>

#define ROOM "00000000000000000000"
#define WAIT_MS 240000

static void die(const char *what, const struct cr_error *err)
{
    fprintf(stderr, "job_tool: %s: %s\n", what, err ? err->message : "");
    exit(2);
}

static void slurp(const char *path, uint8_t **data, size_t *len)
{
    struct cr_buf b = {0};
    FILE *f = fopen(path, "rb");
    if (!f)
        die(path, NULL);
    for (;;) {
        size_t n = fread(cr_buf_reserve(&b, 65536), 1, 65536, f);
        if (n == 0)
            break;
        b.len += n;
    }
    fclose(f);
    *data = b.data;
    *len = b.len;
}

static void add_file(struct cr_run *run, const char *arg)
{
    const char *eq = strchr(arg, '=');
    if (!eq)
        die(arg, NULL);
    run->files = cr_realloc(run->files, (run->file_count + 1) * sizeof(*run->files));
    struct cr_job_file *f = &run->files[run->file_count++];
    f->path = cr_strndup(arg, (size_t)(eq - arg));
    slurp(eq + 1, &f->data, &f->len);
}

static void add_arg(struct cr_run *run, const char *text)
{
    size_t n = 0;
    while (run->args && run->args[n])
        n++;
    run->args = cr_realloc(run->args, (n + 2) * sizeof(char *));
    run->args[n] = cr_strdup(text);
    run->args[n + 1] = NULL;
}

static void put_hex(struct cr_json_out *w, const char *key, const struct cr_output *out,
                    enum cr_stream stream)
{
    CR_AUTO_BUF b = {0};
    for (size_t i = 0; i < out->count; i++) {
        for (size_t k = 0; out->pieces[i].stream == stream && k < out->pieces[i].len; k++)
            cr_buf_printf(&b, "%02x", out->pieces[i].data[k]);
    }
    cr_json_put_strn(w, key, b.data, b.len);
}

static void print(const struct cr_run *run, const struct cr_output *out)
{
    const struct cr_run_result *r = &run->result;
    CR_AUTO_JSON_OUT w = {0};
    cr_json_open_object(&w, NULL);
    cr_json_put_str(&w, "id", run->id);
    cr_json_put_int(&w, "attempt", run->attempt);
    cr_json_put_str(&w, "verdict", cr_verdict_name(r->verdict));
    cr_json_put_int(&w, "exit_code", r->exit_code);
    cr_json_put_int(&w, "signal", r->signal);
    cr_json_put_int(&w, "wall_ms", r->wall_ms);
    cr_json_put_int(&w, "cpu_ms", r->cpu_ms);
    cr_json_put_int(&w, "compile_ms", r->compile_ms);
    cr_json_put_int(&w, "memory_bytes", r->memory_bytes);
    cr_json_put_int(&w, "stdout_bytes", r->stdout_bytes);
    cr_json_put_int(&w, "stderr_bytes", r->stderr_bytes);
    cr_json_put_bool(&w, "truncated", r->truncated);
    cr_json_put_str(&w, "message", r->message);
    put_hex(&w, "stdout", out, CR_STREAM_STDOUT);
    put_hex(&w, "stderr", out, CR_STREAM_STDERR);
    put_hex(&w, "compile", out, CR_STREAM_COMPILE);
    cr_json_close(&w);
    printf("%.*s\n", (int)w.buf.len, (const char *)w.buf.data);
}

static void wait_for(struct cr_store *s, const char *id, int64_t stop_after_ms)
{
    int64_t begin = cr_mono_ms();
    for (;;) {
        struct cr_error err = CR_ERROR_INIT;
        struct cr_run run = {0};
        bool finished;
        if (cr_store_run_get(s, ROOM, id, &run, &err) == 0 && run.state == CR_RUN_FINISHED) {
            struct cr_output out = {0};
            if (cr_store_run_output(s, id, &out, &err) < 0)
                die("output", &err);
            print(&run, &out);
            cr_output_clear(&out);
            cr_run_clear(&run);
            return;
        }
        if (stop_after_ms > 0 && run.state == CR_RUN_RUNNING &&
            cr_mono_ms() - begin > stop_after_ms) {
            if (cr_store_job_stop(s, ROOM, id, cr_wall_ms(), &finished, &err) < 0)
                die("stop", &err);
            stop_after_ms = 0;
        }
        cr_run_clear(&run);
        if (cr_mono_ms() - begin > WAIT_MS)
            die("no end in time", &err);
        usleep(20000);
    }
}

int main(int argc, char **argv)
{
    struct cr_error err = CR_ERROR_INIT;
    if (argc < 5)
        die("see the top of job_tool.c", NULL);
    struct cr_store_options so = {.uri = argv[1],
                                  .database = argv[2],
                                  .pool_size = 2,
                                  .timeout_ms = 10000,
                                  .app_name = "job_tool"};
    struct cr_store *s = cr_store_open(&so, &err);
    if (!s || cr_store_prepare(s, &err) < 0)
        die("database", &err);
    if (strcmp(argv[3], "--wait") == 0) {
        wait_for(s, argv[4], 0);
        cr_store_close(s);
        return 0;
    }
    struct cr_run run = {.language = cr_strdup(argv[3]),
                         .entry = cr_strdup(argv[4]),
                         .user_name = cr_strdup("tester"),
                         .request_id = cr_strdup("hostile"),
                         .created_ms = cr_wall_ms()};
    int64_t stop_after_ms = 0;
    bool wait = true, existing;
    int i = 5;
    cr_id_new(run.id);
    strcpy(run.room_id, ROOM);
    for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--open") == 0)
            run.stdin_open = true;
        else if (strcmp(argv[i], "--no-wait") == 0)
            wait = false;
        else if (i + 1 < argc && strcmp(argv[i], "--stdin") == 0)
            slurp(argv[++i], &run.stdin_data, &run.stdin_len);
        else if (i + 1 < argc && strcmp(argv[i], "--wall") == 0)
            run.wall_limit_ms = atoll(argv[++i]);
        else if (i + 1 < argc && strcmp(argv[i], "--stop-after") == 0)
            stop_after_ms = atoll(argv[++i]);
        else if (i + 1 < argc && strcmp(argv[i], "--arg") == 0)
            add_arg(&run, argv[++i]);
        else
            die(argv[i], NULL);
    }
    for (i++; i < argc; i++)
        add_file(&run, argv[i]);
    if (cr_store_job_insert(s, &run, NULL, &existing, &err) < 0)
        die("insert", &err);
    if (wait)
        wait_for(s, run.id, stop_after_ms);
    else
        printf("%s\n", run.id);
    cr_run_clear(&run);
    cr_store_close(s);
    return 0;
}
