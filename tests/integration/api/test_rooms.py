"""Rooms and their members."""
import concurrent.futures
import json

import pytest

from stack import SOURCE

LANGUAGES = sorted((SOURCE / "conf/languages").glob("*.json"))


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_room_begins_with_its_languages_program(stack, path):
    language, person = json.loads(path.read_text()), stack.person()
    room = person.room(path.stem)
    file, = person.call("GET", f"/rooms/{room}/files").json["files"]
    assert (file["path"], file["kind"]) == (language["default_entry"], "file")
    assert stack.seed("doc", room, file["id"]).rstrip("\n") == "\n".join(language["template"])


def test_a_room_without_language_is_empty(stack):
    person = stack.person()
    room = person.call("POST", "/rooms", {"name": "Plain"}).json
    assert room["language"] == ""
    assert person.call("GET", f"/rooms/{room['id']}/files").json["files"] == []


def test_unknown_language_is_named(stack):
    for language in ("cobol", "../python", "Python", "{}"):
        answer = stack.person().call("POST", "/rooms", {"name": "x", "language": language})
        assert (answer.status, answer.json["field"]) == (400, "language")


def test_life_of_a_room(stack):
    person = stack.person()
    room = person.room()
    stack.rings()
    renamed = person.call("PATCH", f"/rooms/{room}", {"name": " Caf\u0065\u0301 "})
    assert renamed.json["name"] == "Caf\u00e9" and stack.rings() == [room]
    assert person.call("GET", f"/rooms/{room}").json == renamed.json
    assert person.call("DELETE", f"/rooms/{room}").status == 204 and stack.rings() == [room]
    assert person.call("GET", f"/rooms/{room}").status == 404
    assert person.call("GET", "/rooms").json["rooms"] == []


def test_list_has_pages_and_each_room_once(stack):
    person = stack.person()
    made = {person.room() for _ in range(7)}
    seen, cursor = [], None
    while True:
        page = person.call("GET", "/rooms?limit=3" + (f"&cursor={cursor}" if cursor else "")).json
        assert len(page["rooms"]) <= 3
        seen += [r["id"] for r in page["rooms"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert len(seen) == 7 and set(seen) == made


def test_list_shows_rooms_that_i_was_let_into(cast):
    rooms = cast.viewer.call("GET", "/rooms").json["rooms"]
    assert [(r["id"], r["role"]) for r in rooms] == [(cast.room, "viewer")]


@pytest.mark.parametrize("query,field", [
    ("limit=0", "query.limit"), ("limit=101", "query.limit"), ("limit=", "query.limit"),
    ("limit=1e1", "query.limit"), ("limit=99999999999999999999", "query.limit"),
    ("limit=1&limit=2", "query.limit"), ("limit[$gt]=1", "query.limit[$gt]"),
    ("page=2", "query.page"), ("cursor=%00", "query.cursor"), ("cursor=%ff", "query.cursor"),
    ("cursor=nonsense", "query.cursor"), ("cursor=", "query.cursor"),
    ("cursor=" + "x" * 500, "query.cursor")])
def test_wrong_query_is_named(cast, query, field):
    answer = cast.owner.call("GET", f"/rooms?{query}")
    assert (answer.status, answer.json.get("field")) == (400, field)


def test_query_where_none_is_taken(cast):
    assert cast.owner.call("GET", f"/rooms/{cast.room}?x=1").json["field"] == "query.x"


def test_owners_see_addresses_others_do_not(cast):
    for who in (cast.owner, cast.editor, cast.viewer):
        members = who.call("GET", f"/rooms/{cast.room}/members").json["members"]
        assert {m["user_id"]: m["role"] for m in members} == {
            cast.owner.id: "owner", cast.editor.id: "editor", cast.viewer.id: "viewer"}
        assert all(("email" in m) == (who is cast.owner) for m in members)


def test_roles_change_at_once(stack):
    owner, other = stack.person(), stack.person()
    room = owner.room()
    owner.invite(room, "viewer", other)
    body = {"path": "a", "kind": "folder"}
    assert other.call("POST", f"/rooms/{room}/files", body).status == 403
    stack.rings()
    changed = owner.call("PATCH", f"/rooms/{room}/members/{other.id}", {"role": "editor"})
    assert changed.json["role"] == "editor" and stack.rings() == [room]
    assert other.call("POST", f"/rooms/{room}/files", body).status == 201
    assert owner.call("DELETE", f"/rooms/{room}/members/{other.id}").status == 204
    assert other.call("GET", f"/rooms/{room}").status == 404


def test_members_may_leave_and_not_remove_others(stack):
    owner, editor, viewer = (stack.person() for _ in range(3))
    room = owner.room()
    owner.invite(room, "editor", editor)
    owner.invite(room, "viewer", viewer)
    assert editor.call("DELETE", f"/rooms/{room}/members/{viewer.id}").status == 403
    assert editor.call("PATCH", f"/rooms/{room}/members/{editor.id}", {"role": "owner"}).status == 403
    assert editor.call("DELETE", f"/rooms/{room}/members/{editor.id}").status == 204


def test_the_last_owner_stays(stack):
    owner, other = stack.person(), stack.person()
    room = owner.room()
    me = f"/rooms/{room}/members/{owner.id}"
    assert owner.call("PATCH", me, {"role": "editor"}).status == 409
    assert owner.call("DELETE", me).status == 409
    owner.invite(room, "viewer", other)
    owner.call("PATCH", f"/rooms/{room}/members/{other.id}", {"role": "owner"})
    assert owner.call("DELETE", me).status == 204
    assert other.call("DELETE", f"/rooms/{room}/members/{other.id}").status == 409


def test_two_owners_who_lower_each_other_leave_one(stack):
    for _ in range(5):
        one, two = stack.person(), stack.person()
        room = one.room()
        one.invite(room, "editor", two)
        one.call("PATCH", f"/rooms/{room}/members/{two.id}", {"role": "owner"})
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda p: p[0].call("PATCH", f"/rooms/{room}/members/{p[1].id}",
                                              {"role": "viewer"}), ((one, two), (two, one))))
        members = one.call("GET", f"/rooms/{room}/members").json["members"]
        assert any(m["role"] == "owner" for m in members)


def test_number_of_rooms_is_limited(stack):
    person = stack.person()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: person.call("POST", "/rooms", {"name": "r"}).status,
                             range(200)))
    assert set(made) <= {201}
    answer = person.call("POST", "/rooms", {"name": "one more"})
    assert (answer.status, answer.json["code"]) == (422, "limit")
