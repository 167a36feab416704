"""The main job through a running installation: journey.py URL. Signs up, makes a Python room, runs its program over
the room socket and prints the output; exits with 1 and a sentence when anything is not as it should be."""

import asyncio
import json
import secrets
import sys
import urllib.error
import urllib.request

import websockets

LIMIT_S = 60


def call(url, path, body=None, token=None):
    """A POST to the API; the decoded answer."""
    request = urllib.request.Request(url + "/api/v1" + path, method="POST")
    request.add_header("Origin", url)
    if token:
        request.add_header("Authorization", "Bearer " + token)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"POST {path} answered {error.code}: {error.read().decode()}")


async def run_program(url, room, token):
    """Run main.py of the room; returns (verdict, output)."""
    ticket = call(url, f"/rooms/{room}/ticket", token=token)["ticket"]
    address = "ws" + url[4:] + f"/ws/v1/room/{room}?ticket={ticket}"
    output = b""
    async with websockets.connect(address, origin=url, max_size=None) as socket:
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
    signed = call(url, "/auth/sign-up", {"email": email, "name": "Ada", "password": secrets.token_hex(16)})
    token = signed["access_token"]
    room = call(url, "/rooms", {"name": "Journey", "language": "python"}, token)
    verdict, output = asyncio.run(asyncio.wait_for(run_program(url, room["id"], token), LIMIT_S))
    print(output)
    if verdict != "ok" or "Hello, world!" not in output:
        sys.exit(f"the run ended as {verdict} with the output {output!r}")


if __name__ == "__main__":
    main()
