/* What an applied update changed, for each shared type: as the events of Yjs's observeDeep.
 *
 * Types that came with the update have no event of their own: they are part of what was inserted.
 * Types that it deleted have none either.  Memory: malloc; for an update of 1 MiB 32 MiB at most,
 * but for long paths.  Cost: the size of the change, and of a list with formats; for each event
 * also its path, with its keys: a change in many deeply nested types costs their depths.  Nothing
 * is spent when an update is applied without asking for events. Thread: as the document.  Source:
 * Yjs 13, utils/YEvent.js. */
#ifndef YD_EVENTS_H
#define YD_EVENTS_H

#include "ydoc/edit.h"

#pragma GCC visibility push(default)

enum yd_change_kind { YD_CHANGE_RETAIN, YD_CHANGE_INSERT, YD_CHANGE_DELETE };

/* One step through a list, from left to right; the retain at its end is left out.  Inserts and
 * deletes are split where the author changes. */
struct yd_change {
    enum yd_change_kind kind;
    uint32_t index;   /* in the list as it is now; of a delete: where it was */
    uint32_t len;     /* UTF-16 units or elements */
    uint64_t client;  /* who wrote what was inserted or deleted */
    uint32_t clock;   /* and its first unit's id */
    char *attributes; /* JSON object: of inserted text its attributes, of retained text those that
                         changed (null: taken away); NULL: none */
};

enum yd_key_action { YD_KEY_ADDED, YD_KEY_UPDATED, YD_KEY_DELETED };

struct yd_key_change {
    enum yd_key_action action; /* updated, deleted: there was a value before */
    char *key;                 /* UTF-8, with a NUL behind its end */
    size_t key_len;
    uint64_t client; /* who wrote the new value; of a deleted one: the old value */
};

/* One step down from a root: a key, or (key NULL) an index as it is now. */
struct yd_step {
    char *key;
    size_t key_len;
    uint32_t index;
};

struct yd_event {
    char *root; /* its name, with a NUL behind its end */
    size_t root_len;
    struct yd_step *path; /* from the root to the type */
    size_t path_len;
    struct yd_change *changes; /* of its list */
    size_t change_count;
    struct yd_key_change *keys;
    size_t key_count;
};

struct yd_events {
    struct yd_event *v; /* the nearer to a root, the earlier */
    size_t n;
};

/* yd_apply_update() that also tells what changed; free with yd_events_clear(), also when it failed.
 * res: may be NULL. */
int yd_apply_update_events(struct yd_doc *doc, const uint8_t *update, size_t len,
                           struct yd_result *res, struct yd_events *out);
void yd_events_clear(struct yd_events *events);

#pragma GCC visibility pop

#endif
