#include "crypt/pem.h"

#include "base/mem.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdbool.h>
#include <string.h>

/* A key with a pass phrase must fail: OpenSSL would ask for it on the terminal. */
static int no_pass_phrase(char *buf, int size, int rwflag, void *ctx)
{
    (void)buf, (void)size, (void)rwflag, (void)ctx;
    return -1;
}

static EVP_PKEY *read_key(BIO *in, bool private_only)
{
    EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, no_pass_phrase, NULL);

    if (key || private_only)
        return key;
    (void)BIO_reset(in);
    return PEM_read_bio_PUBKEY(in, NULL, no_pass_phrase, NULL);
}

static bool is_p256(const EVP_PKEY *key)
{
    char group[64];

    return EVP_PKEY_is_a(key, "EC") &&
           EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
           strcmp(group, "prime256v1") == 0;
}

/* libjwt takes keys as PEM text only, so what was read is written again in one known form. */
static char *write_key(const EVP_PKEY *key, bool private_key)
{
    BIO *out = BIO_new(BIO_s_mem());
    char *text = NULL;
    char *data;

    if (!out)
        return NULL;
    int ok = private_key ? PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL)
                         : PEM_write_bio_PUBKEY(out, key);
    if (ok == 1) {
        long len = BIO_get_mem_data(out, &data);
        text = cr_strndup(data, (size_t)len);
    }
    BIO_free(out);
    return text;
}

static char *read_pem(const char *path, bool private_key, struct cr_error *err)
{
    char *text = NULL;
    BIO *in = BIO_new_file(path, "r");

    if (!in) {
        cr_fail(err, CR_ERR_INVALID, "cannot read the key file %s: %s", path, strerror(errno));
        return NULL;
    }
    EVP_PKEY *key = read_key(in, private_key);
    BIO_free(in);
    if (!key)
        cr_fail(err, CR_ERR_INVALID, "%s holds no %skey in PEM form without a pass phrase", path,
                private_key ? "private " : "");
    else if (!is_p256(key))
        cr_fail(err, CR_ERR_INVALID, "the key in %s is not one on the curve P-256", path);
    else if (!(text = write_key(key, private_key)))
        cr_fail(err, CR_ERR_INTERNAL, "OpenSSL cannot write the key from %s", path);
    EVP_PKEY_free(key);
    return text;
}

char *cr_pem_read_private(const char *path, struct cr_error *err)
{
    return read_pem(path, true, err);
}

char *cr_pem_read_public(const char *path, struct cr_error *err)
{
    return read_pem(path, false, err);
}
