/* What one document socket may ask of the server. Who is over a budget is not read for as long as
 * it takes to be within it again: a client that sends too much feels a slow line, and nothing is
 * lost. Only what cannot end well closes. Thread: loop only. */
#ifndef CR_WS_BUDGET_H
#define CR_WS_BUDGET_H

#include "ws/rate.h"

#include <stddef.h>

/* Each: so much a second, and so much at once. */
#define CR_BUDGET_BYTES_PER_S (4 * 1024 * 1024)
#define CR_BUDGET_BYTES_BURST (32 * 1024 * 1024)
/* Step 1 and query awareness are short to ask and long to answer. A stock client asks when it
 * connects, and again at most once in some seconds. */
#define CR_BUDGET_ASKS_PER_S 2
#define CR_BUDGET_ASKS_BURST 30
#define CR_BUDGET_STRUCTS_PER_S 20000 /* typing makes some ten a second; an import many at once */
#define CR_BUDGET_STRUCTS_BURST 2000000
#define CR_BUDGET_CLIENTS_PER_S 2 /* client ids that a document did not know */
#define CR_BUDGET_CLIENTS_BURST 10000
#define CR_BUDGET_WORK_US_PER_S                                                                    \
    200000 /* a fifth of the loop's time, to integrate what it sends                               \
            */
#define CR_BUDGET_WORK_US_BURST 2000000
/* Edits of one socket that wait for others which did not come; the document holds four times this
 * (yd_limits). Beyond, the socket is closed with LIMIT. */
#define CR_BUDGET_PENDING_BYTES (1024 * 1024)
#define CR_BUDGET_PENDING_EDITS 256

struct cr_budget {
    struct cr_rate bytes, asks, structs, clients, work;
    size_t pending_bytes, pending_edits;
};

void cr_budget_init(struct cr_budget *b, int64_t now_ms);
/* Each takes from the budget and returns for how many ms the socket should not be read; 0: go on.
 */
int64_t cr_budget_message(struct cr_budget *b, size_t bytes, int64_t now_ms);
int64_t cr_budget_ask(struct cr_budget *b, int64_t now_ms);
int64_t cr_budget_edit(struct cr_budget *b, size_t structs, size_t clients, int64_t work_us,
                       int64_t now_ms);
/* An edit of the socket left the document with so many waiting bytes; before were so many. False:
 * too much of it is this socket's. */
bool cr_budget_pending(struct cr_budget *b, size_t before, size_t after);

#endif
