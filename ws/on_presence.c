/* presence.set: which file somebody looks at. */
#include "ws/message.h"
#include "ws/welcome.h"

int cr_on_presence_set(const struct cr_request *q, const struct cr_msg_presence_set *m,
                       struct cr_error *err)
{
    struct cr_peer *p = q->peer;

    if (m->file && !cr_room_file(p->room, m->file))
        return cr_fail_field(err, CR_ERR_NOT_FOUND, "file", "there is no such file");
    if (strcmp(p->file, m->file ? m->file : "") == 0)
        return 0;
    if (m->file)
        memcpy(p->file, m->file, CR_ID_SIZE);
    else
        p->file[0] = '\0';
    cr_presence_changed(p);
    return 0;
}
