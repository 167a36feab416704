/* JSON-line logs on standard error: {"ts":…,"level":…,"program":…,"msg":…,"req":…, …}.
 * Text that users control is escaped; secrets, tokens and source code are never logged. Any thread.
 */
#ifndef CR_LOG_LOG_H
#define CR_LOG_LOG_H

#include <stddef.h>
#include <stdint.h>

enum cr_log_level { CR_LOG_DEBUG, CR_LOG_INFO, CR_LOG_WARN, CR_LOG_ERROR };

/* program: static text, "coderoom-ws". Call once before threads start. */
void cr_log_init(const char *program, enum cr_log_level least);
int cr_log_level_parse(const char *s,
                       enum cr_log_level *out); /* "debug" … "error"; -1 when unknown */

/* One line. msg is static text that says what happened, then fields:
 *   cr_log(CR_LOG_INFO, "room opened", CR_S("req", req), CR_S("room", id), CR_I("docs", n)); */
struct cr_log_field {
    const char *key; /* NULL ends the list */
    const char *str; /* NULL: num counts */
    int64_t num;
};
#define CR_S(key, str) ((struct cr_log_field){(key), (str) ? (str) : "", 0})
#define CR_I(key, num) ((struct cr_log_field){(key), NULL, (int64_t)(num)})
#define CR_LOG_FIELDS(...)                                                                         \
    ((const struct cr_log_field[]){__VA_ARGS__ __VA_OPT__(, ){NULL, NULL, 0}})
#define cr_log(level, msg, ...) cr_log_write((level), (msg), CR_LOG_FIELDS(__VA_ARGS__))

void cr_log_write(enum cr_log_level level, const char *msg, const struct cr_log_field *fields);

#endif
