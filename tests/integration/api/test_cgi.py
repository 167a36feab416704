"""The same program as plain CGI: one request from the environment, then it ends."""
import concurrent.futures
import fcntl
import json
import subprocess

import pytest
import requests

import contract
import stack as harness


def cgi(stack, variables, body=b"", binary=None):
    """The same program as plain CGI: one request from the environment."""
    env = {"GATEWAY_INTERFACE": "CGI/1.1", "CODEROOM_CONFIG": str(stack.config), **variables}
    done = subprocess.run([binary or harness.binary(), "--odd", "arguments"], env=env, input=body,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20, check=True)
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    return int(headers["Status"]), headers, json.loads(content) if content else None


def test_answers_as_plain_cgi(stack, cast):
    status, headers, body = cgi(stack, {
        "REQUEST_METHOD": "GET", "REQUEST_URI": f"/api/v1/rooms/{cast.room}",
        "HTTP_AUTHORIZATION": f"Bearer {cast.owner.token}", "HTTP_X_REQUEST_ID": "cgi-request-1"})
    assert (status, body["id"], headers["X-Request-Id"]) == (200, cast.room, "cgi-request-1")
    data = b'{"name":"by CGI"}'
    status, _, body = cgi(stack, {
        "REQUEST_METHOD": "POST", "SCRIPT_NAME": "/api/v1", "PATH_INFO": "/rooms",
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(data)),
        "HTTP_AUTHORIZATION": f"Bearer {cast.owner.token}"}, data)
    assert (status, body["name"]) == (201, "by CGI")


@pytest.mark.parametrize("variables,status", [
    ({}, 404), ({"REQUEST_URI": ""}, 404), ({"REQUEST_URI": "/api/v1"}, 404),
    ({"REQUEST_URI": "/api/v1/languages", "REQUEST_METHOD": "get"}, 405),
    ({"REQUEST_URI": "/api/v1/languages", "QUERY_STRING": "%"}, 400),
    ({"REQUEST_URI": "/api/v1/languages", "CONTENT_LENGTH": "-1"}, 400),
    ({"REQUEST_URI": "/api/v1/languages", "CONTENT_LENGTH": "1x"}, 400),
    ({"REQUEST_URI": "/api/v1/languages", "CONTENT_LENGTH": "9" * 40}, 413),
    ({"REQUEST_URI": "/api/v1/auth/sign-in", "REQUEST_METHOD": "POST", "CONTENT_LENGTH": "10",
      "CONTENT_TYPE": "application/json"}, 400),
    ({"REQUEST_URI": "/api/v1/languages", "HTTP_X_REQUEST_ID": "short"}, 200),
    ({"REQUEST_URI": "/api/v1/languages", "HTTP_X_REQUEST_ID": "x" * 65}, 200),
    ({"REQUEST_URI": "/api/v1/languages", "HTTP_X_REQUEST_ID": "a\r\nSet-Cookie: b=c"}, 200),
    ({"REQUEST_URI": "/api/v1/languages", "REMOTE_ADDR": "::ffff:1.2.3.4"}, 200),
    ({"REQUEST_URI": "/api/v1/languages", "REMOTE_ADDR": "x" * 5000}, 200),
    ({"REQUEST_URI": "/api/v1/languages?%zz=1"}, 400), ({"REQUEST_URI": "/api/v1/languages%00"}, 404),
    ({"REQUEST_URI": "/api/v1/invitations/" + "%00" * 43}, 404),
    ({"REQUEST_URI": "/api/v1/" + "a" * 100000}, 404)], ids=range(18))
def test_odd_cgi_variables(stack, variables, status):
    answered, headers, _ = cgi(stack, {"REQUEST_METHOD": "GET", **variables})
    assert answered == status
    assert "Set-Cookie" not in headers
    assert headers["X-Request-Id"] != variables.get("HTTP_X_REQUEST_ID")


def test_cgi_processes_hash_one_after_another(stack):
    """Who holds the signing key's file has the turn; only what hashes waits for it."""
    person = stack.person()
    body = json.dumps({"email": person.email, "password": person.password}).encode()
    sign_in = {"REQUEST_METHOD": "POST", "REQUEST_URI": "/api/v1/auth/sign-in", "CONTENT_TYPE": "application/json",
               "CONTENT_LENGTH": str(len(body))}
    with open(stack.key, "rb") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        status, _, answer = cgi(stack, sign_in, body)
        assert (status, answer["code"]) == (429, "rate")
        assert cgi(stack, {"REQUEST_METHOD": "GET", "REQUEST_URI": "/api/v1/languages"})[0] == 200
        assert stack.call("POST", "/auth/sign-in", json.loads(body)).status == 200
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        assert {a[0] for a in pool.map(lambda _: cgi(stack, sign_in, body), range(12))} == {200}


@pytest.fixture(scope="module")
def lighttpd(stack, tmp_path_factory):
    """A web server that knows CGI and nothing of us."""
    folder, port = tmp_path_factory.mktemp("l"), harness.free_port()
    program = folder / "api"
    program.write_text(f"#!/bin/sh\nexec env CODEROOM_CONFIG={stack.config} {harness.binary()} 2>>{folder}/log\n")
    program.chmod(0o755)
    conf = folder / "lighttpd.conf"
    conf.write_text(f'''
server.modules = ("mod_alias", "mod_cgi")
server.bind = "127.0.0.1"
server.port = {port}
server.document-root = "{folder}"
alias.url = ("/api/v1" => "{program}")
cgi.assign = ("{program}" => "")
''')
    server = subprocess.Popen(["/usr/sbin/lighttpd", "-D", "-f", conf])

    def get(method, path, body=None, token=None):
        head = {"Authorization": f"Bearer {token}"} if token else {}
        response = requests.request(method, f"http://127.0.0.1:{port}/api/v1{path}", json=body,
                                    headers=head, timeout=20)
        answer = harness.Answer(response)
        contract.check_answer(method, path, answer)
        return answer

    def is_up():
        try:
            return requests.get(f"http://127.0.0.1:{port}/", timeout=5) is not None
        except requests.ConnectionError:
            return False

    harness.wait_for("lighttpd", is_up)
    yield get
    server.terminate()
    server.wait(10)


def test_lighttpd_serves_it_as_cgi(lighttpd, stack):
    made = lighttpd("POST", "/auth/sign-up", {"email": "cgi@example.org", "name": "Cgi",
                                              "password": "a long walk at noon"})
    assert made.status == 201 and made.cookie
    token = made.json["access_token"]
    room = lighttpd("POST", "/rooms", {"name": "By CGI", "language": "c"}, token).json["id"]
    assert lighttpd("GET", f"/rooms/{room}", None, token).json["name"] == "By CGI"
    assert lighttpd("GET", f"/rooms/{room}/files", None, token).json["files"][0]["path"] == "main.c"
    assert lighttpd("DELETE", f"/rooms/{room}", None, token).status == 204
    assert lighttpd("GET", f"/rooms/{room}", None, token).status == 404
    assert lighttpd("GET", "/auth/me").status == 401
