"""The tree of files, and stored runs."""
import base64
import concurrent.futures

import pytest


@pytest.fixture
def room(stack):
    person = stack.person()
    made = person.call("POST", "/rooms", {"name": "Files"}).json["id"]

    class Room:
        id = made
        files = f"/rooms/{made}/files"

        def paths(self):
            return [f["path"] for f in person.call("GET", self.files).json["files"]]

        def make(self, path, kind="file", **more):
            return person.call("POST", self.files, {"path": path, "kind": kind, **more})

    Room.person = person
    return Room()


def test_life_of_a_file(stack, room):
    made = room.make("src/main.py", content="print('grüße 👋')\r\n")
    assert made.status == 201 and made.json["path"] == "src/main.py"
    assert stack.rings()[-1] == room.id
    assert room.paths() == ["src", "src/main.py"]
    assert stack.seed("doc", room.id, made.json["id"]) == "print('grüße 👋')\n"
    moved = room.person.call("PATCH", f"{room.files}/{made.json['id']}", {"path": "lib/new.py"})
    assert moved.json == dict(made.json, path="lib/new.py")
    assert room.paths() == ["lib", "lib/new.py", "src"]
    assert room.person.call("DELETE", f"{room.files}/{made.json['id']}").status == 204
    assert room.paths() == ["lib", "src"]
    assert stack.seed("doc", room.id, made.json["id"]) == ""
    assert room.person.call("DELETE", f"{room.files}/{made.json['id']}").status == 404


def test_a_folder_takes_along_what_is_in_it(stack, room):
    inner = room.make("a/b/c.txt", content="deep").json["id"]
    files = room.person.call("GET", room.files).json["files"]
    folder = next(f["id"] for f in files if f["path"] == "a")
    room.person.call("PATCH", f"{room.files}/{folder}", {"path": "z"})
    assert room.paths() == ["z", "z/b", "z/b/c.txt"]
    answer = room.person.call("PATCH", f"{room.files}/{folder}", {"path": "z/b/inside"})
    assert answer.status in (400, 409)
    assert room.person.call("DELETE", f"{room.files}/{folder}").status == 204
    assert room.paths() == [] and stack.seed("doc", room.id, inner) == ""


def test_taken_names_are_a_conflict(room):
    assert room.make("Readme.md").status == 201
    for path in ("Readme.md", "README.md"):
        assert room.make(path).status == 409
    assert room.make("Readme.md/x").status in (400, 409)


@pytest.mark.parametrize("path", [
    "", "/", "/etc/passwd", "../up", "a/../b", "a/./b", ".", "..", "a//b", "a/", "back\\slash",
    "new\nline", "tab\t", "del\x7f", "rtl\u202egnp", " lead", "trail ", "x" * 129,
    "/".join(["d"] * 14), "y/" * 520 + "z"])
def test_wrong_paths_are_refused(room, path):
    answer = room.make(path)
    assert answer.status in (400, 422), answer
    assert answer.json.get("field", "path") == "path"
    assert room.paths() == []


def test_names_are_normalised(room):
    assert room.make("cafe\u0301.py").json["path"] == "caf\u00e9.py"
    assert room.make("caf\u00e9.py").status == 409


@pytest.mark.parametrize("body,field", [
    ({"path": "x"}, "kind"), ({"kind": "file"}, "path"), ({"path": "x", "kind": "link"}, "kind"),
    ({"path": ["x"], "kind": "file"}, "path"), ({"path": "x", "kind": "file", "id": "y"}, "id"),
    ({"path": "x", "kind": "folder", "content": "t"}, "content"),
    ({"path": "x", "kind": "file", "content": 1}, "content")])
def test_wrong_bodies_are_named(room, body, field):
    answer = room.person.call("POST", room.files, body)
    assert (answer.status, answer.json["field"]) == (400, field)


def test_many_at_once_all_get_in(room):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda i: room.make(f"f{i}", content=f"{i}").status, range(24)))
    assert made == [201] * 24 and len(room.paths()) == 24


def test_number_of_files_is_limited(room):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda i: room.make("/".join(f"d{i}-{j}" for j in range(10)), "folder"),
                      range(50)))
    assert len(room.paths()) == 500
    answer = room.make("one-more")
    assert (answer.status, answer.json["code"]) == (422, "limit")


def test_a_large_file_is_taken_and_a_larger_one_refused(stack, room):
    text = "x" * (1024 * 1024 - 200)
    made = room.make("big.txt", content=text)
    assert made.status == 201
    assert stack.seed("doc", room.id, made.json["id"]) == text
    assert room.make("bigger.txt", content="x" * 1024 * 1024).status == 413


def test_runs_are_listed_and_shown_with_output(stack, room):
    ids = [stack.seed("run", room.id).strip() for _ in range(3)]
    listed = room.person.call("GET", f"/rooms/{room.id}/runs").json["runs"]
    assert [r["id"] for r in listed] == ids[::-1]
    page = room.person.call("GET", f"/rooms/{room.id}/runs?limit=1").json
    older = room.person.call("GET", f"/rooms/{room.id}/runs?cursor={page['next_cursor']}").json
    assert [r["id"] for r in page["runs"] + older["runs"]] == ids[::-1]
    assert older["next_cursor"] is None
    bad = room.person.call("GET", f"/rooms/{room.id}/runs?cursor=yesterday")
    assert (bad.status, bad.json["field"]) == (400, "query.cursor")
    run = room.person.call("GET", f"/rooms/{room.id}/runs/{ids[0]}").json
    assert (run["state"], run["args"], run["user_name"]) == ("finished", ["--fast"], "Ada")
    assert (run["result"]["verdict"], run["result"]["exit_code"]) == ("exit", 3)
    out, bad = run["output"]
    assert out == {"stream": "stdout", "data": "grü\n\0"}
    assert (bad["stream"], base64.b64decode(bad["data"])) == ("stderr", b"\xff\0z")


def test_history_of_a_file(stack, room):
    made = room.make("notes.txt", content="one 👋\n").json["id"]
    history = f"{room.files}/{made}/history"
    page = room.person.call("GET", history).json
    version, = page["versions"]
    assert page["next_before"] is None
    assert (version["seq"], version["from_seq"], version["updates"]) == (1, 1, 1)
    assert version["authors"] == [room.person.id] and version["started_at"] == version["ended_at"] > 0
    assert room.person.call("GET", f"{history}/1").json == {"seq": 1, "text": "one 👋\n"}
    assert room.person.call("GET", f"{history}/1?index=0").json["text"] == "one 👋\n"
    for absent in ("2", "1?index=1", "0", "01", "-1", "9007199254740992", "x"):
        assert room.person.call("GET", f"{history}/{absent}").status == 404
    assert room.person.call("GET", f"{history}?before=1").json == {"versions": [], "next_before": None}
    empty = room.make("empty.txt").json["id"]
    assert room.person.call("GET", f"{room.files}/{empty}/history").json["versions"] == []
    folder = room.make("folder", kind="folder").json["id"]
    assert room.person.call("GET", f"{room.files}/{folder}/history").status == 404
