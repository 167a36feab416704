#include "ws/budget.h"

void cr_budget_init(struct cr_budget *b, int64_t now_ms)
{
    cr_rate_init(&b->bytes, CR_BUDGET_BYTES_BURST, now_ms);
    cr_rate_init(&b->asks, CR_BUDGET_ASKS_BURST, now_ms);
    cr_rate_init(&b->structs, CR_BUDGET_STRUCTS_BURST, now_ms);
    cr_rate_init(&b->clients, CR_BUDGET_CLIENTS_BURST, now_ms);
    cr_rate_init(&b->work, CR_BUDGET_WORK_US_BURST, now_ms);
    b->pending_bytes = b->pending_edits = 0;
}

int64_t cr_budget_message(struct cr_budget *b, size_t bytes, int64_t now_ms)
{
    return cr_rate_spend(&b->bytes, (int64_t)bytes, CR_BUDGET_BYTES_PER_S, CR_BUDGET_BYTES_BURST,
                         now_ms);
}

int64_t cr_budget_ask(struct cr_budget *b, int64_t now_ms)
{
    return cr_rate_spend(&b->asks, 1, CR_BUDGET_ASKS_PER_S, CR_BUDGET_ASKS_BURST, now_ms);
}

static int64_t longer(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t cr_budget_edit(struct cr_budget *b, size_t structs, size_t clients, int64_t work_us,
                       int64_t now_ms)
{
    int64_t wait = cr_rate_spend(&b->structs, (int64_t)structs, CR_BUDGET_STRUCTS_PER_S,
                                 CR_BUDGET_STRUCTS_BURST, now_ms);

    wait = longer(wait, cr_rate_spend(&b->clients, (int64_t)clients, CR_BUDGET_CLIENTS_PER_S,
                                      CR_BUDGET_CLIENTS_BURST, now_ms));
    return longer(wait, cr_rate_spend(&b->work, work_us, CR_BUDGET_WORK_US_PER_S,
                                      CR_BUDGET_WORK_US_BURST, now_ms));
}

bool cr_budget_pending(struct cr_budget *b, size_t before, size_t after)
{
    if (after == 0) {
        b->pending_bytes = b->pending_edits = 0;
    } else if (after > before) {
        b->pending_bytes += after - before;
        b->pending_edits++;
    }
    return b->pending_bytes <= CR_BUDGET_PENDING_BYTES &&
           b->pending_edits <= CR_BUDGET_PENDING_EDITS;
}
