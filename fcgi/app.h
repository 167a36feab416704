/* What every handler works with; made once at start, shared by all threads. */
#ifndef CR_FCGI_APP_H
#define CR_FCGI_APP_H

#include "config/config.h"
#include "crypt/password.h"
#include "crypt/token.h"
#include "fcgi/doorbell.h"
#include "fcgi/rate.h"
#include "lang/lang.h"
#include "store/store.h"

struct cr_app {
    const struct cr_config *config;
    char api_base[320]; /* path of the API, slashes at both ends: "/code/api/v1/" */
    struct cr_store *store;
    struct cr_token_signer *signer;
    struct cr_token_verifier *verifier;
    struct cr_hasher *hasher;
    struct cr_rate *rate;
    struct cr_lang_set languages;
    struct cr_doorbell doorbell;
};

/* Open everything the settings name; connects to nothing. config is borrowed. one_request: this
 * process answers one and ends (CGI), beside others of its kind, with which it takes turns where
 * threads of one process would. Errors: INVALID, UNAVAILABLE; on an error clear it all the same. */
int cr_app_open(struct cr_app *app, const struct cr_config *config, bool one_request,
                struct cr_error *err);
void cr_app_clear(struct cr_app *app);

#endif
