/* What clients and runners may send, byte for byte, to a room that lives: the first byte chooses
 * the socket (room text, room binary, runner text, runner binary, document, address), the rest is
 * the message. Nothing may crash; a room socket is only closed for a flood. */
#include "base/clock.h"
#include "tests/unit/ws/fake.h"
#include "ws/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fake_conn *room, *runner, *doc;

/* Sockets that were closed are replaced. */
static void have_sockets(void)
{
    if (!room)
        room = fake_room(USER_A, CR_ROLE_OWNER);
    if (!doc)
        doc = fake_doc(FILE_A, USER_A, CR_ROLE_EDITOR, true);
    if (!runner)
        runner = fake_service();
}

static void drop_closed(struct fake_conn **c)
{
    if (!*c)
        return;
    if ((*c)->conn.closing) {
        fake_close(*c);
        *c = NULL;
    } else {
        fake_flush(*c);
    }
}

static void address(const uint8_t *data, size_t size)
{
    cr_auto_free char *text = cr_strndup((const char *)data, size);
    char *query = strchr(text, '?');
    struct cr_address a;
    struct cr_error err = CR_ERROR_INIT;

    if (query)
        *query++ = '\0';
    cr_address_parse(text, query ? query : "", &a, &err);
    cr_origin_is_ours(text, query ? query : "", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    fake_setup(NULL);
    fake.stored_state = CR_RUN_RUNNING;
    if (data[0] % 6 < 5)
        have_sockets();
    switch (data[0] % 6) {
    case 0:
        cr_conn_feed(&room->conn, true, data + 1, size - 1);
        if (room->conn.closing && size < 65536)
            abort();
        break;
    case 1:
        cr_conn_feed(&room->conn, false, data + 1, size - 1);
        break;
    case 2:
        cr_conn_feed(&runner->conn, true, data + 1, size - 1);
        break;
    case 3:
        cr_conn_feed(&runner->conn, false, data + 1, size - 1);
        break;
    case 4:
        cr_conn_feed(&doc->conn, false, data + 1, size - 1);
        break;
    default:
        address(data + 1, size - 1);
    }
    fake_work();
    cr_hub_watch(&fake.hub);
    cr_hub_second(&fake.hub, cr_mono_ms());
    fake_save();
    drop_closed(&room);
    drop_closed(&runner);
    drop_closed(&doc);
    fake_teardown(NULL);
    room = runner = doc = NULL;
    return 0;
}
