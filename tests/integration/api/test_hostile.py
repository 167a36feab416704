"""Bodies, headers and variables that nobody means well with."""
import os
import time

import pytest

import stack as harness

ROOM = b'{"name":%s}'


def post(cast, data, **headers):
    return cast.owner.call("POST", "/rooms", data=data, headers=headers or None)


@pytest.mark.parametrize("data", [
    b"", b" ", b"{", b"[]", b"null", b'"x"', b"1", b"{}{}", b'{"name":"a"}x', b"\xef\xbb\xbf{}",
    b'{"name":"a",}', b"{'name':'a'}", b'{"name":"a","name":"b"}', b'{"name":"\\u0000"}',
    b'{"name":"\\ud800"}', b'{"name":"\\udc00\\ud800"}', b'{"name":"\xff"}',
    b'{"name":"\xed\xa0\x80"}', b'{"name":"\xc0\x80"}', b'{"name":"a\x00b"}', b'{"name":"a\nb"}',
    b'{"name":NaN}', b'{"name":1e999}', b'{"name":{"$ne":1}}', b'{"name":{"$gt":""}}',
    b'{"name":["a"]}', b'{"name":true}', b'{"$where":"1"}', b'{"name":"a","__proto__":{}}',
    b"[" * 100000, b'{"name":' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"a":' * 40 + b"1" + b"}" * 40,
], ids=range(32))
def test_bad_json_is_a_400(cast, data):
    assert post(cast, data).json["code"] == "invalid"


def test_oversized_bodies_are_a_413(cast):
    assert post(cast, ROOM % (b'"' + b"x" * (1024 * 1024) + b'"')).status == 413


@pytest.mark.parametrize("kind,status", [
    ("application/json", 201), ("application/json; charset=utf-8", 201),
    ("Application/JSON;charset=UTF-8", 201), ("text/plain", 415), ("", 415),
    ("application/json; charset=latin-1", 415), ("application/jsonx", 415),
    ("multipart/form-data", 415), ("application/x-www-form-urlencoded", 415)])
def test_media_type(cast, kind, status):
    assert post(cast, ROOM % b'"r"', **{"Content-Type": kind}).status == status


def test_body_where_none_is_taken(cast):
    assert cast.owner.call("POST", f"/rooms/{cast.room}/ticket", {"room": "x"}).status == 400
    assert cast.owner.call("DELETE", f"/rooms/{cast.room}", {"x": 1}).status == 400


@pytest.mark.parametrize("path", [
    "/rooms/{room}%2ffiles", "/rooms/%2e%2e/{room}", "/rooms/{room}/../{room}x",
    "/rooms/{room}%", "/rooms/{room}%f", "/rooms/{room}%ff", "//rooms", "/rooms;x=1",
    "/rooms/" + "a" * 3000])
def test_odd_paths_are_not_there(cast, path):
    answer = cast.owner.call("GET", path.replace("{room}", cast.room), check=False)
    assert answer.status in (400, 404)


def test_encoded_letters_are_the_same_address(cast):
    encoded = "".join(f"%{ord(c):02x}" for c in cast.room)
    assert cast.owner.call("GET", f"/rooms/{encoded}").status == 200


def test_broken_fastcgi_leaves_the_server_serving(stack):
    """Truncated records, wrong versions and roles, parameters that lie about their length."""
    import socket
    begin = bytes([1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    params = bytes([1, 4, 0, 1, 0, 8, 0, 0]) + b"\xff\xff\xff\xff\xff\xff\xff\xff"
    role = bytes([1, 1, 0, 1, 0, 8, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0])
    empty = bytes([1, 4, 0, 1, 0, 0, 0, 0]) + bytes([1, 5, 0, 1, 0, 0, 0, 0])
    odd = bytes([1, 4, 0, 1, 0, 8, 0, 0]) + b"\x03\x03A=BC\0D"
    for data in (b"", b"\0", begin, begin[:9], params, begin + params, role + empty, begin + empty,
                 begin + odd + empty, os.urandom(4000), b"GET / HTTP/1.0\r\n\r\n"):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(2)
            s.connect(str(stack.folder / "api.sock"))
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            try:
                while s.recv(65536):
                    pass
            except (TimeoutError, ConnectionError):
                pass
    assert stack.call("GET", "/languages").status == 200
    assert stack.api.poll() is None


def test_ends_within_seconds_and_finishes_what_it_began(own_stack):
    import threading
    slow = own_stack({"auth.hash_memory": "64m", "auth.hash_passes": "8"})
    answers = []
    thread = threading.Thread(target=lambda: answers.append(slow.person()))
    thread.start()
    harness.wait_for("the hash", lambda: "coderoom_api_password_hashes 1" in slow.metrics())
    start = time.monotonic()
    slow.api.terminate()
    assert slow.api.wait(5) == 0
    assert time.monotonic() - start < 5
    thread.join()
    assert answers


def test_a_flood_of_sign_ins_leaves_others_served(own_stack):
    import concurrent.futures
    slow = own_stack({"auth.hash_memory": "64m", "auth.hash_passes": "4", "api.threads": 8})
    person = slow.person()
    body = {"email": person.email, "password": "not the right one"}
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        flood = [pool.submit(slow.call, "POST", "/auth/sign-in", body) for _ in range(40)]
        harness.wait_for("hashing", lambda: "coderoom_api_password_hashes 0" not in slow.metrics())
        start = time.monotonic()
        assert person.call("GET", "/auth/me").status == 200
        took = time.monotonic() - start
        answers = [f.result() for f in flood]
    assert {a.status for a in answers} == {401, 429}
    assert all("Retry-After" in a.headers for a in answers if a.status == 429)
    assert took < 2, took


def test_takes_over_a_listening_socket(tmp_path, mongodb_uri, database_name):
    """As spawn-fcgi and systemd's socket units start it."""
    import socket
    import subprocess
    given = harness.Stack(tmp_path, mongodb_uri, database_name)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "api.sock"))
        listener.listen(64)
        given.api = subprocess.Popen([harness.binary(), "--config", given.config], stdin=listener,
                                     stderr=subprocess.DEVNULL)
        given.start_nginx()
        try:
            harness.wait_for("readiness", given.is_ready)
            assert given.person().call("GET", "/auth/me").status == 200
        finally:
            given.stop()


def test_a_new_process_takes_the_socket_over(own_stack):
    old = own_stack()
    first = old.api
    monitor = next(l for l in old.config.read_text().splitlines() if "api.monitor" in l)
    old.config.write_text(old.config.read_text().replace(
        monitor, f"api.monitor = 127.0.0.1:{harness.free_port()}"))
    before = os.stat(old.folder / "api.sock").st_ino
    old.start_api()
    harness.wait_for("the new socket", lambda: os.stat(old.folder / "api.sock").st_ino != before)
    first.terminate()
    assert first.wait(5) == 0
    assert old.call("GET", "/languages").status == 200


def test_without_a_database_it_says_so(tmp_path):
    away = harness.Stack(tmp_path, "mongodb://127.0.0.1:1/", "none", {"mongodb.timeout": "200ms"})
    try:
        away.start_api()
        away.start_nginx()
        assert not away.is_ready()
        answer = away.call("POST", "/auth/sign-up", {"email": "a@example.org", "name": "A",
                                                     "password": "a long walk at noon"})
        assert (answer.status, answer.json["code"]) == (503, "unavailable")
        assert b"127.0.0.1" not in answer.body
    finally:
        away.stop()
