"""Roles and routes, and rooms that are not one's own."""
import pytest

import contract

MISSING = "0" * 20
BODIES = {
    "createRoom": {"name": "n"},
    "renameRoom": {"name": "renamed"},
    "setMemberRole": {"role": "viewer"},
    "createInvitation": {"role": "viewer"},
    "createRoomToken": {"label": "l", "role": "viewer"},
    "createFile": {"path": "folder", "kind": "folder"},
    "moveFile": {"path": "moved"},
}
# The least role; a request that gets past it ends with what is behind the colon (things named in the
# paths do not exist, so that nothing is changed).
LEAST = {
    "getRoom": "viewer:200", "renameRoom": "owner:200",
    "listMembers": "viewer:200", "setMemberRole": "owner:404", "removeMember": "owner:404",
    "listInvitations": "owner:200", "createInvitation": "owner:201", "deleteInvitation": "owner:404",
    "createTicket": "viewer:200",
    "listRoomTokens": "editor:200", "createRoomToken": "editor:201", "deleteRoomToken": "editor:404",
    "listFiles": "viewer:200", "createFile": "editor:201,409", "moveFile": "editor:404",
    "deleteFile": "editor:404", "listHistory": "viewer:404", "getMoment": "viewer:404", "listRuns": "viewer:200", "getRun": "viewer:404",
    "deleteRoom": "owner:204",
}
ROOM_OPERATIONS = [(m, p, o["operationId"]) for m, p, o in contract.operations() if "{room}" in p]
RANK = ["outsider", "viewer", "editor", "owner"]


def test_the_table_names_every_route_of_a_room():
    assert {o for _, _, o in ROOM_OPERATIONS} == set(LEAST)


def request(person, method, path, operation, room):
    for name in ("user", "file", "run", "invitation", "token"):
        path = path.replace("{%s}" % name, MISSING)
    path = path.replace("{seq}", "1")
    return person.call(method, path.replace("{room}", room), BODIES.get(operation))


@pytest.mark.parametrize("who", RANK)
@pytest.mark.parametrize("method,path,operation", ROOM_OPERATIONS, ids=lambda x: x.strip("/"))
def test_role_by_route(stack, cast, who, method, path, operation):
    role, expected = LEAST[operation].split(":")
    room = cast.room
    if operation == "deleteRoom" and who == "owner":
        room = cast.owner.room()
    answer = request(getattr(cast, who), method, path, operation, room)
    if who == "outsider":
        assert answer.status == 404
    elif RANK.index(who) < RANK.index(role):
        assert answer.status == 403
    else:
        assert str(answer.status) in expected.split(",")


@pytest.mark.parametrize("method,path,operation", ROOM_OPERATIONS, ids=lambda x: x.strip("/"))
def test_without_sign_in_nothing_of_a_room_is_there(stack, cast, method, path, operation):
    for name in ("user", "file", "run", "invitation", "token"):
        path = path.replace("{%s}" % name, MISSING)
    path = path.replace("{seq}", "1")
    for room in (cast.room, MISSING):
        answer = stack.call(method, path.replace("{room}", room), BODIES.get(operation))
        assert answer.status == 401


@pytest.mark.parametrize("method,path,operation", ROOM_OPERATIONS, ids=lambda x: x.strip("/"))
def test_a_foreign_room_and_a_missing_one_are_the_same(cast, method, path, operation):
    foreign = request(cast.outsider, method, path, operation, cast.room)
    missing = request(cast.outsider, method, path, operation, MISSING)
    for answer in (foreign, missing):
        answer.json.pop("request_id")
    assert foreign.json == missing.json


def test_things_of_another_room_cannot_be_reached_through_mine(stack, cast):
    """My role is checked for the room of the path; the thing must be in that room."""
    mine, theirs = cast.outsider.room(), cast.room
    file = cast.owner.call("GET", f"/rooms/{theirs}/files").json["files"][0]["id"]
    link = cast.owner.call("POST", f"/rooms/{theirs}/invitations", {"role": "viewer"}).json["id"]
    token = cast.owner.call("POST", f"/rooms/{theirs}/tokens",
                            {"label": "t", "role": "viewer"}).json["id"]
    run = stack.seed("run", theirs).strip()
    me = cast.outsider
    assert me.call("PATCH", f"/rooms/{mine}/files/{file}", {"path": "stolen"}).status == 404
    assert me.call("DELETE", f"/rooms/{mine}/files/{file}").status == 404
    assert me.call("DELETE", f"/rooms/{mine}/invitations/{link}").status == 404
    assert me.call("DELETE", f"/rooms/{mine}/tokens/{token}").status == 404
    assert me.call("DELETE", f"/rooms/{mine}/members/{cast.viewer.id}").status == 404
    assert me.call("GET", f"/rooms/{mine}/runs/{run}").status == 404
    assert cast.owner.call("GET", f"/rooms/{theirs}/runs/{run}").status == 200


@pytest.mark.parametrize("extra", ["owner_id", "id", "role", "rev", "created_at", "$set", "members"])
def test_no_route_takes_more_than_it_says(cast, extra):
    answer = cast.owner.call("PATCH", f"/rooms/{cast.room}", {"name": "x", extra: cast.outsider.id})
    assert (answer.status, answer.json["field"]) == (400, extra)
    answer = cast.owner.call("POST", "/rooms", {"name": "x", extra: cast.outsider.id})
    assert (answer.status, answer.json["field"]) == (400, extra)
