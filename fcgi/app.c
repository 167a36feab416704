#include "fcgi/app.h"

#include "crypt/crypt.h"

#include <stdio.h>
#include <string.h>

#define RATE_BUCKETS 65536 /* 1 MiB: as many accounts and addresses in one minute */
#define HASH_WAIT_MS 5000  /* longer than that people give up */

/* Threads that hash or wait for their turn answer nothing else: some are always left. */
static int hash_queue(const struct cr_config *c)
{
    int64_t waiting = c->api_threads * 3 / 4 - c->auth_hash_concurrency;

    return waiting > 0 ? (int)waiting : 1;
}

int cr_app_open(struct cr_app *app, const struct cr_config *config, bool one_request,
                struct cr_error *err)
{
    struct cr_store_options store = {
        .uri = config->mongodb_uri,
        .database = config->mongodb_database,
        .pool_size = (int)config->mongodb_pool_size,
        .timeout_ms = (int)config->mongodb_timeout_ms,
        .app_name = "coderoom-api",
    };
    struct cr_hasher_options hashes = {
        .memory_bytes = config->auth_hash_memory_bytes,
        .passes = (int)config->auth_hash_passes,
        .concurrency = (int)config->auth_hash_concurrency,
        .max_waiting = hash_queue(config),
        .wait_ms = HASH_WAIT_MS,
        /* A file that is there, that only we may open, and that is ours for this installation. */
        .lock_path = one_request ? config->auth_signing_key : NULL,
    };

    memset(app, 0, sizeof(*app));
    app->config = config;
    app->doorbell.fd = -1;
    snprintf(app->api_base, sizeof(app->api_base), "%sapi/v1/", config->http_base_path);
    app->rate = cr_rate_new(RATE_BUCKETS);
    if (cr_crypt_init(err) < 0 ||
        !(app->signer = cr_token_signer_open(config->auth_signing_key, err)) ||
        !(app->verifier = cr_token_verifier_open(config->auth_signing_key, err)) ||
        !(app->hasher = cr_hasher_new(&hashes, err)) ||
        cr_lang_load(config->runner_languages_dir, &app->languages, err) < 0 ||
        !(app->store = cr_store_open(&store, err)))
        return -1;
    return cr_doorbell_open(&app->doorbell, config->ws_notify_socket, err);
}

void cr_app_clear(struct cr_app *app)
{
    cr_doorbell_close(&app->doorbell);
    if (app->store)
        cr_store_close(app->store);
    cr_lang_set_clear(&app->languages);
    cr_hasher_free(app->hasher);
    cr_token_verifier_free(app->verifier);
    cr_token_signer_free(app->signer);
    cr_rate_free(app->rate);
    memset(app, 0, sizeof(*app));
}
