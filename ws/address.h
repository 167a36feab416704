/* What a handshake asks for. Thread: any. */
#ifndef CR_WS_ADDRESS_H
#define CR_WS_ADDRESS_H

#include "base/error.h"
#include "crypt/token.h"
#include "ws/peer.h"

/* The parts of the handshake that count, as the network side copied them; "" when absent. */
struct cr_handshake {
    char path[128];
    char query[CR_TOKEN_MAX_BYTES + 256];
    char origin[512];
    char host[256];
    char authorization[640];
    char request_id[128];
};

struct cr_address {
    enum cr_socket_kind kind;
    char room_id[CR_ID_SIZE];
    char file_id[CR_ID_SIZE];            /* of a document socket */
    char secret[CR_TOKEN_MAX_BYTES + 1]; /* the ticket or room token; "" when there is none */
    bool is_token;                       /* a room token, not a ticket */
    bool want_saved;
};

/* Errors: NOT_FOUND (no such address), INVALID (an id or the query is malformed). */
int cr_address_parse(const char *path, const char *query, struct cr_address *out,
                     struct cr_error *err);

/* Whether a browser's Origin may open a socket: its host and port are those of the address that was
 * asked for or of the public address. Empty (no browser) is fine. */
bool cr_origin_is_ours(const char *origin, const char *host, const char *public_origin);

#endif
