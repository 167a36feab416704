#include "store/store.h"

void cr_doc_state_clear(struct cr_doc_state *st)
{
    cr_buf_clear(&st->vector);
    cr_buf_clear(&st->packed);
    free(st->checkpoints);
    memset(st, 0, sizeof *st);
}
