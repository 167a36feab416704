/* What people type to sign up: checked and brought into the form that is stored. Any thread. */
#ifndef CR_FCGI_CREDENTIALS_H
#define CR_FCGI_CREDENTIALS_H

#include "base/error.h"

#include <stdbool.h>

/* The stored form of an e-mail address (NFC, lower case); owned by the caller; NULL with INVALID
 * and field "email". Looks at the form only: one @, something on both sides, no blanks or
 * controls. Whether mail arrives is for a message to find out. */
char *cr_email_check(const char *email, struct cr_error *err);

/* The form in which a password is hashed (NFC, so that it is the same from every keyboard); owned
 * by the caller, wipe it; NULL when it is not valid UTF-8. */
char *cr_password_normal(const char *password);

/* Errors: INVALID with field "password": too short, too long, common, or the same as the address
 * or the name. password: its normal form. email: stored form. */
int cr_password_check(const char *password, const char *email, const char *name,
                      struct cr_error *err);

/* True for what attackers try first: a word of the list, alone or with some digits and signs
 * behind, also with the usual replacements (p4ssw0rd); one character repeated; a run of the
 * keyboard or the alphabet. */
bool cr_password_is_common(const char *password);

#endif
