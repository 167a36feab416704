"""What the database holds of secrets: enough to know them again, not enough to use them."""
import hashlib
import json


def sha256(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def row_of(stack, collection, field, value):
    """The row as text and as JSON."""
    text = stack.seed("row", collection, field, value)
    return text, json.loads(text)


def test_a_refresh_token_is_stored_hashed(stack):
    person = stack.person()
    cookies = [person.cookie, stack.call("POST", "/auth/refresh", cookie=person.cookie).cookie]
    family, = {c.split("=")[1].split(".")[0] for c in cookies}
    secrets = [c.split(".")[1] for c in cookies]
    text, row = row_of(stack, "sessions", "_id", family)
    assert row["user"] == person.id and row["token"] == sha256(secrets[1])
    assert not any(s in text for s in secrets + [person.password])


def test_invitations_and_room_tokens_are_stored_hashed(stack):
    owner = stack.person()
    room = owner.room()
    for collection, body in (("invitations", {"role": "viewer"}), ("tokens", {"role": "viewer", "label": "vim"})):
        made = owner.call("POST", f"/rooms/{room}/{collection}", body).json
        text, row = row_of(stack, collection, "id", made["id"])
        assert row["room"] == room and row["_id"] == sha256(made["token"])
        assert made["token"].removeprefix("crt_") not in text


def test_a_password_is_stored_as_its_argon2id_hash(stack):
    person = stack.person()
    text, row = row_of(stack, "users", "_id", person.id)
    assert row["email"] == person.email and row["password"].startswith("$argon2id$v=19$m=")
    assert person.password not in text
