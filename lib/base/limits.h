/* Limits with a reason. Units are in the names. */
#ifndef CR_BASE_LIMITS_H
#define CR_BASE_LIMITS_H

/* API */
#define CR_LIMIT_BODY_BYTES                                                                        \
    (1024 * 1024)                /* a JSON request body; a file's initial text is the largest */
#define CR_LIMIT_JSON_DEPTH 32   /* nesting of any JSON that comes from outside */
#define CR_LIMIT_EMAIL_BYTES 254 /* RFC 5321 path limit */
#define CR_LIMIT_NAME_CHARS 64   /* a person's or a room's name, code points */
#define CR_LIMIT_PASSWORD_MIN_CHARS 8   /* ASVS 6.2.1 */
#define CR_LIMIT_PASSWORD_MAX_BYTES 256 /* ASVS 6.2.9 asks for at least 64 */
#define CR_LIMIT_PAGE_ITEMS 100         /* largest page of a list */

/* Files of a room */
#define CR_LIMIT_FILES_PER_ROOM                                                                    \
    500                        /* entries of the tree, folders included: one document holds it */
#define CR_LIMIT_FILE_DEPTH 12 /* folders above a file */
#define CR_LIMIT_FILE_NAME_BYTES 128           /* one name; every file system takes it */
#define CR_LIMIT_FILE_PATH_BYTES 1024          /* whole path */
#define CR_LIMIT_FILE_TEXT_BYTES (1024 * 1024) /* text of one file when run or created */
#define CR_LIMIT_ROOM_TEXT_BYTES                                                                   \
    (8 * 1024 * 1024) /* all files of a run together: a job is one document of at most 16 MB */
#define CR_LIMIT_ROOMS_PER_USER 200 /* owned */
#define CR_LIMIT_MEMBERSHIPS_PER_USER                                                              \
    1000 /* owned and joined: a list of rooms is one bounded query */
#define CR_LIMIT_MEMBERS_PER_ROOM 500
#define CR_LIMIT_INVITATIONS_PER_ROOM 50
#define CR_LIMIT_TOKENS_PER_ROOM 50

/* Sockets */
#define CR_LIMIT_DOC_FRAME_BYTES                                                                   \
    (7 * 1024 * 1024) /* one y-protocols message: a paste of 5 MB, a rejoin after offline work; it \
                         has to fit into the edits that wait to be stored */
#define CR_LIMIT_ROOM_FRAME_BYTES (64 * 1024) /* one room message */
#define CR_LIMIT_CHAT_BYTES 4000              /* one chat message */
#define CR_LIMIT_CHAT_HISTORY 100             /* messages sent on joining */
#define CR_LIMIT_OUTBOX_BYTES                                                                      \
    (8 * 1024 * 1024) /* waiting for a slow reader before it is resynchronised or closed */

/* Runs */
#define CR_LIMIT_RUN_ARGS 64
#define CR_LIMIT_RUN_ARG_BYTES 1024
#define CR_LIMIT_RUN_STDIN_BYTES (256 * 1024) /* standard input given with the run */
#define CR_LIMIT_RUN_WALL_MS 180000           /* nobody may ask for more */
#define CR_LIMIT_RUNS_ACTIVE_PER_ROOM 4       /* queued or running at once */
#define CR_LIMIT_JOB_ATTEMPTS 3 /* a job that keeps killing its runner ends as internal_error */

#endif
