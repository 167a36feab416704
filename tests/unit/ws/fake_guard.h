/* What people do with a document of which parts are protected: they edit their copies of FILE_A
 * under a client id each, and send what they did. */
#ifndef FAKE_GUARD_H
#define FAKE_GUARD_H

#include "tests/unit/ws/fake.h"
#include "ydoc/edit.h"

struct yd_target guard_text_root(void);

/* Edits a client's copy: what it did is appended to *update. */
void guard_write_text(struct yd_doc *doc, uint64_t client, uint32_t at, const char *text,
                      struct yd_buf *update);
/* The same, and sends what it did. */
void guard_insert(struct fake_conn *c, struct yd_doc *doc, uint64_t client, uint32_t at,
                  const char *text);

/* Protect from .. to as that entry of the map: in a copy; and sent. */
void guard_write_entry(struct yd_doc *doc, uint64_t client, const char *key, uint32_t from,
                       uint32_t to, struct yd_buf *update);
void guard_protect(struct fake_conn *c, struct yd_doc *doc, uint64_t client, const char *key,
                   uint32_t from, uint32_t to);
void guard_delete_entry(struct yd_doc *doc, uint64_t client, const char *key,
                        struct yd_buf *update);

/* Take what the outbox holds into the copy. Returns the reason of the first refusal (to be freed;
 * NULL: there was none), *number: of the message that was refused. */
char *guard_refusal(struct fake_conn *c, struct yd_doc *doc, int *number);
/* The server's document has what the copy has. */
void guard_assert_same_state(const struct yd_doc *doc);

#endif
