/* What a room is made of, read on a worker. */
#include "ws/room.h"

#include "base/clock.h"

void cr_room_data_clear(struct cr_room_data *d)
{
    cr_room_clear(&d->room);
    cr_tree_clear(&d->tree);
    cr_member_list_clear(&d->members);
    cr_grant_list_clear(&d->tokens);
    memset(d, 0, sizeof *d);
}

int cr_room_data_read(struct cr_store *s, const char *room_id, struct cr_room_data *out,
                      struct cr_error *err)
{
    memset(out, 0, sizeof *out);
    if (cr_store_room_get(s, room_id, &out->room, err) < 0)
        return -1;
    if (cr_store_tree_get(s, room_id, &out->tree, err) < 0 ||
        cr_store_member_list(s, room_id, &out->members, err) < 0 ||
        cr_store_grant_list(s, CR_GRANT_TOKEN, room_id, cr_wall_ms(), &out->tokens, err) < 0) {
        cr_room_data_clear(out);
        return -1;
    }
    return 0;
}
