#include "log/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/quote.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = {"debug", "info", "warn", "error"};
static const char *program_name = "coderoom";
static _Atomic int least_level = CR_LOG_INFO;

void cr_log_init(const char *program, enum cr_log_level least)
{
    program_name = program;
    atomic_store(&least_level, (int)least);
}

int cr_log_level_parse(const char *s, enum cr_log_level *out)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(s, names[i]) == 0) {
            *out = (enum cr_log_level)i;
            return 0;
        }
    }
    return -1;
}

static void put_str(struct cr_buf *line, const char *key, const char *value)
{
    cr_buf_append_byte(line, line->len ? ',' : '{');
    cr_quote_json(line, key, strlen(key));
    cr_buf_append_byte(line, ':');
    cr_quote_json(line, value, strlen(value));
}

/* One write for each line, so that lines of several threads and processes never mix. */
static void write_line(const struct cr_buf *line)
{
    size_t done = 0;

    while (done < line->len) {
        ssize_t n = write(STDERR_FILENO, line->data + done, line->len - done);
        if (n < 0 && errno != EINTR)
            return; /* nowhere left to say so */
        if (n > 0)
            done += (size_t)n;
    }
}

void cr_log_write(enum cr_log_level level, const char *msg, const struct cr_log_field *fields)
{
    int saved_errno = errno; /* logging must not change what the caller is about to report */
    char time[32];

    if ((int)level < atomic_load(&least_level))
        return;
    CR_AUTO_BUF line = {0};
    cr_wall_format(cr_wall_ms(), time, sizeof time);
    put_str(&line, "ts", time);
    put_str(&line, "level", names[level]);
    put_str(&line, "program", program_name);
    put_str(&line, "msg", msg);
    for (const struct cr_log_field *f = fields; f->key; f++) {
        if (f->str) {
            put_str(&line, f->key, f->str);
        } else {
            cr_buf_append_byte(&line, ',');
            cr_quote_json(&line, f->key, strlen(f->key));
            cr_buf_printf(&line, ":%lld", (long long)f->num);
        }
    }
    cr_buf_append_str(&line, "}\n");
    write_line(&line);
    errno = saved_errno;
}
