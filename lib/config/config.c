#include "config/config.h"

#include "base/mem.h"
#include "config/table.h"

static int check_public_url(const char *url, struct cr_error *err)
{
    const char *host = strncmp(url, "https://", 8) == 0  ? url + 8
                       : strncmp(url, "http://", 7) == 0 ? url + 7
                                                         : NULL;

    if (!host || !*host || strpbrk(host, "/?#@ "))
        return cr_fail(err, CR_ERR_INVALID,
                       "http.public_url takes scheme, host and port only, like "
                       "https://code.example.org, not \"%.80s\"",
                       url);
    return 0;
}

static int check_secret(const char *key, const char *value, struct cr_error *err)
{
    if (*value && strlen(value) < 32)
        return cr_fail(err, CR_ERR_INVALID, "%s must have at least 32 characters", key);
    return 0;
}

int cr_config_check(const struct cr_config *c, struct cr_error *err)
{
    const char *level = c->log_level;
    const char *path = c->http_base_path;

    if (strcmp(level, "debug") != 0 && strcmp(level, "info") != 0 && strcmp(level, "warn") != 0 &&
        strcmp(level, "error") != 0)
        return cr_fail(err, CR_ERR_INVALID,
                       "log.level takes debug, info, warn or error, not \"%s\"", level);
    if (path[0] != '/' || path[strlen(path) - 1] != '/')
        return cr_fail(err, CR_ERR_INVALID,
                       "http.base_path starts and ends with a slash, unlike \"%.80s\"", path);
    if (c->runner_wall_limit_ms > c->runner_wall_limit_max_ms)
        return cr_fail(err, CR_ERR_INVALID, "runner.wall_limit is above runner.wall_limit_max");
    if (check_public_url(c->http_public_url, err) < 0)
        return -1;
    return check_secret("auth.service_token", c->auth_service_token, err);
}

static int set_defaults(struct cr_config *c, struct cr_error *err)
{
    for (size_t i = 0; i < CR_OPTION_COUNT; i++) {
        if (cr_option_set(&cr_options[i], c, cr_options[i].def, err) < 0)
            return cr_wrap(err, "default");
    }
    return 0;
}

int cr_config_load(const char *path, char *const *env, struct cr_config *out, struct cr_error *err)
{
    struct cr_config c = {0};

    if (set_defaults(&c, err) < 0 || (path && cr_config_read_file(path, &c, err) < 0) ||
        cr_config_read_env(env, &c, err) < 0 || cr_config_check(&c, err) < 0) {
        cr_config_clear(&c);
        return -1;
    }
    *out = c;
    return 0;
}

void cr_config_clear(struct cr_config *c)
{
    for (size_t i = 0; i < CR_OPTION_COUNT; i++)
        cr_option_clear(&cr_options[i], c);
    *c = (struct cr_config){0};
}
