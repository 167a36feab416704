"""Invitation links and room tokens."""
import secrets
import time

import pytest


def test_life_of_an_invitation(stack):
    owner, guest = stack.person("Olga"), stack.person()
    room = owner.room()
    made = owner.call("POST", f"/rooms/{room}/invitations", {"role": "editor"}).json
    assert made["url"] == f"{stack.origin}/join/{made['token']}"
    assert made["expires_at"] - made["created_at"] == 604800 * 1000
    listed = owner.call("GET", f"/rooms/{room}/invitations")
    assert [x["id"] for x in listed.json["invitations"]] == [made["id"]]
    assert made["token"].encode() not in listed.body
    seen = stack.call("GET", f"/invitations/{made['token']}").json
    assert seen == {"room_name": "A room", "role": "editor", "invited_by": "Olga",
                    "expires_at": made["expires_at"]}
    assert stack.call("POST", f"/invitations/{made['token']}/accept").status == 401
    stack.rings()
    joined = guest.call("POST", f"/invitations/{made['token']}/accept").json
    assert (joined["id"], joined["role"]) == (room, "editor") and stack.rings() == [room]
    assert owner.call("DELETE", f"/rooms/{room}/invitations/{made['id']}").status == 204
    assert stack.call("GET", f"/invitations/{made['token']}").status == 404
    late = stack.person()
    assert late.call("POST", f"/invitations/{made['token']}/accept").status == 404
    assert guest.call("GET", f"/rooms/{room}").status == 200


@pytest.mark.parametrize("ends_in_s,seen,accepted", [(300, 200, 200), (-1, 404, 404)])
def test_a_link_ends_at_its_time(stack, ends_in_s, seen, accepted):
    owner, guest = stack.person(), stack.person()
    room = owner.room()
    token = secrets.token_urlsafe(32)
    stack.seed("grant", room, owner.id, token, str(int((time.time() + ends_in_s) * 1000)))
    assert stack.call("GET", f"/invitations/{token}").status == seen
    assert guest.call("POST", f"/invitations/{token}/accept").status == accepted
    assert guest.call("GET", f"/rooms/{room}").status == accepted


def test_accepting_never_lowers_a_role(stack):
    owner, guest = stack.person(), stack.person()
    room = owner.room()
    owner.invite(room, "editor", guest)
    link = owner.invite(room, "viewer", guest)
    assert guest.call("GET", f"/rooms/{room}").json["role"] == "editor"
    own = owner.call("POST", f"/invitations/{link['token']}/accept").json
    assert own["role"] == "owner"


def test_link_of_a_deleted_room_is_gone(stack):
    owner, guest = stack.person(), stack.person()
    room = owner.room()
    token = owner.call("POST", f"/rooms/{room}/invitations", {"role": "viewer"}).json["token"]
    owner.call("DELETE", f"/rooms/{room}")
    assert stack.call("GET", f"/invitations/{token}").status == 404
    assert guest.call("POST", f"/invitations/{token}/accept").status == 404


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 44, "..%2f..", "A" * 42 + "%41"])
def test_unknown_links_are_not_there(stack, token):
    assert stack.call("GET", f"/invitations/{token}", check=False).status == 404


@pytest.mark.parametrize("body,field", [
    ({}, "role"), ({"role": "owner"}, "role"), ({"role": 2}, "role"),
    ({"role": "viewer", "expires_in": 299}, "expires_in"),
    ({"role": "viewer", "expires_in": 2592001}, "expires_in"),
    ({"role": "viewer", "expires_in": 300.5}, "expires_in"),
    ({"role": "viewer", "expires_in": "300"}, "expires_in"),
    ({"role": "viewer", "uses": 1}, "uses")])
def test_wrong_invitations_are_named(cast, body, field):
    answer = cast.owner.call("POST", f"/rooms/{cast.room}/invitations", body)
    assert (answer.status, answer.json["field"]) == (400, field)


def test_number_of_links_and_tokens_is_limited(stack):
    owner = stack.person()
    room = owner.room()
    for path, body in (("invitations", {"role": "viewer"}),
                       ("tokens", {"label": "t", "role": "viewer"})):
        for _ in range(50):
            assert owner.call("POST", f"/rooms/{room}/{path}", body).status == 201
        assert owner.call("POST", f"/rooms/{room}/{path}", body).status == 422


def test_life_of_a_room_token(stack):
    owner, editor = stack.person(), stack.person()
    room = owner.room()
    owner.invite(room, "editor", editor)
    theirs = owner.call("POST", f"/rooms/{room}/tokens", {"label": "ci", "role": "viewer"}).json
    mine = editor.call("POST", f"/rooms/{room}/tokens",
                       {"label": "my vim", "role": "editor", "expires_in": 300}).json
    assert mine["expires_at"] - mine["created_at"] == 300 * 1000
    assert theirs["expires_at"] - theirs["created_at"] == 28800 * 1000
    assert [t["id"] for t in editor.call("GET", f"/rooms/{room}/tokens").json["tokens"]] == [mine["id"]]
    listed = owner.call("GET", f"/rooms/{room}/tokens")
    assert {t["id"] for t in listed.json["tokens"]} == {mine["id"], theirs["id"]}
    assert b"crt_" not in listed.body
    assert editor.call("DELETE", f"/rooms/{room}/tokens/{theirs['id']}").status == 404
    stack.rings()
    assert owner.call("DELETE", f"/rooms/{room}/tokens/{mine['id']}").status == 204
    assert stack.rings() == [room]
    assert owner.call("DELETE", f"/rooms/{room}/tokens/{mine['id']}").status == 404


def tokens(owner, room):
    return {t["label"] for t in owner.call("GET", f"/rooms/{room}/tokens").json["tokens"]}


def test_tokens_end_with_the_role_that_made_them(stack):
    owner, editor = stack.person(), stack.person()
    room = owner.room()
    owner.invite(room, "editor", editor)
    owner.call("POST", f"/rooms/{room}/tokens", {"label": "stays", "role": "editor"})
    for role in ("editor", "viewer"):
        editor.call("POST", f"/rooms/{room}/tokens", {"label": role, "role": role})
    owner.call("PATCH", f"/rooms/{room}/members/{editor.id}", {"role": "viewer"})
    assert tokens(owner, room) == {"stays"}


def test_links_of_a_former_owner_end(stack):
    owner, other = stack.person(), stack.person()
    room = owner.room()
    owner.invite(room, "editor", other)
    owner.call("PATCH", f"/rooms/{room}/members/{other.id}", {"role": "owner"})
    token = other.call("POST", f"/rooms/{room}/invitations", {"role": "editor"}).json["token"]
    owner.call("DELETE", f"/rooms/{room}/members/{other.id}")
    assert other.call("POST", f"/invitations/{token}/accept").status == 404
