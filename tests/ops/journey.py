"""The main job through a running installation: journey.py URL. Signs up, comes back by the cookie, makes a Python room,
runs its program over the room socket and prints the output; exits with 1 and a sentence when anything is not as it should be."""

import asyncio
import json
import secrets
import sys
import urllib.error
import urllib.parse
import urllib.request
from http.cookies import SimpleCookie

import websockets

LIMIT_S = 60


def origin_of(url):
    """What a browser calls the origin of a page there: no path."""
    return urllib.parse.urljoin(url, "/").rstrip("/")


def post(url, path, body=None, headers=()):
    """A POST to the API; its answer's headers and the decoded body."""
    request = urllib.request.Request(url + "/api/v1" + path, method="POST", headers=dict(headers))
    request.add_header("Origin", origin_of(url))
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.headers, json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"POST {path} answered {error.code}: {error.read().decode()}")


def call(url, path, body=None, token=None):
    """The same for an account's token; the decoded body."""
    return post(url, path, body, {"Authorization": "Bearer " + token} if token else {})[1]


def come_back(url, headers):
    """A page that is opened anew has the cookie alone; returns the access token it gets. A browser sends the cookie to
    the addresses below its path."""
    path = urllib.parse.urlsplit(url).path + "/api/v1/auth/refresh"
    cookies = [c for c in SimpleCookie(headers["Set-Cookie"]).values() if path.startswith(c["path"])]
    if not cookies:
        sys.exit(f"no cookie would come back to {path}: {headers['Set-Cookie']}")
    cookie = "; ".join(f"{c.key}={c.value}" for c in cookies)
    return post(url, "/auth/refresh", headers={"Cookie": cookie})[1]["access_token"]


async def run_program(url, room, token):
    """Run main.py of the room; returns (verdict, output)."""
    ticket = call(url, f"/rooms/{room}/ticket", token=token)["ticket"]
    address = "ws" + url[4:] + f"/ws/v1/room/{room}?ticket={ticket}"
    output = b""
    async with websockets.connect(address, origin=origin_of(url), max_size=None) as socket:
        welcome = json.loads(await socket.recv())
        if welcome["type"] != "welcome":
            sys.exit(f"the room's first message is {welcome}")
        start = {"type": "run.start", "key": secrets.token_hex(8), "entry": "main.py", "stdin": ""}
        await socket.send(json.dumps(start))
        async for message in socket:
            if isinstance(message, bytes):
                if message[0] == 0x10:
                    output += message[30:]
                continue
            message = json.loads(message)
            if message["type"] == "error":
                sys.exit(f"run.start was refused: {message}")
            if message["type"] == "run.status" and message["run"]["state"] == "finished":
                return message["run"]["result"]["verdict"], output.decode()
    sys.exit("the room's socket closed before the run had finished")


def main():
    url = sys.argv[1].rstrip("/")
    email = f"journey-{secrets.token_hex(6)}@example.org"
    headers, _ = post(url, "/auth/sign-up", {"email": email, "name": "Ada", "password": secrets.token_hex(16)})
    token = come_back(url, headers)
    room = call(url, "/rooms", {"name": "Journey", "language": "python"}, token)
    verdict, output = asyncio.run(asyncio.wait_for(run_program(url, room["id"], token), LIMIT_S))
    print(output)
    if verdict != "ok" or "Hello, world!" not in output:
        sys.exit(f"the run ended as {verdict} with the output {output!r}")


if __name__ == "__main__":
    main()
