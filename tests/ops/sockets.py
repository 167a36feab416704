"""nginx's limit on the sockets of one address: sockets.py URL LIMIT. Opens that many sockets of a room; one more is
refused with a problem, and let in when one has closed."""

import asyncio
import http.client
import json
import secrets
import sys
import urllib.parse

import websockets

from journey import call

LIMIT_S = 30


def address(url, room, token):
    ticket = call(url, f"/rooms/{room}/ticket", token=token)["ticket"]
    return f"/ws/v1/room/{room}?ticket={ticket}"


def refusal(url, path):
    """The answer to a handshake: status, type and body."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=10)
    connection.request("GET", path, headers={
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Origin": url})
    answer = connection.getresponse()
    found = answer.status, answer.getheader("Content-Type"), answer.getheader("Retry-After")
    body = answer.read() if answer.status != 101 else b""
    connection.close()
    return found, body


async def opened(url, path):
    socket = await websockets.connect("ws" + url[4:] + path, origin=url)
    welcome = json.loads(await socket.recv())
    if welcome["type"] != "welcome":
        raise ValueError(f"the room's first message is {welcome}")
    return socket


async def fill(url, limit, room, token, sockets):
    """What is wrong, or nothing. The sockets are the caller's to close."""
    for _ in range(limit):
        sockets.append(await opened(url, address(url, room, token)))
    found, body = refusal(url, address(url, room, token))
    if found != (429, "application/problem+json", "1"):
        return f"socket {limit + 1} of {limit} got {found}"
    problem = json.loads(body)
    if (problem["code"], problem["status"], problem["detail"]) != ("rate", 429, "Too many requests came from your address."):
        return f"the refusal is {problem}"
    await sockets.pop().close()
    # nginx counts a socket until it has seen its end.
    for _ in range(100):
        try:
            sockets.append(await opened(url, address(url, room, token)))
            return None
        except websockets.exceptions.InvalidStatusCode:
            await asyncio.sleep(0.1)
    return "nobody is let in after one has left"


async def fill_and_close(url, limit, room, token):
    sockets = []
    try:
        return await asyncio.wait_for(fill(url, limit, room, token, sockets), LIMIT_S)
    finally:
        for socket in sockets:
            await socket.close()


def main():
    url, limit = sys.argv[1].rstrip("/"), int(sys.argv[2])
    account = {"email": f"sockets-{secrets.token_hex(6)}@example.org", "name": "Ada", "password": secrets.token_hex(16)}
    token = call(url, "/auth/sign-up", account)["access_token"]
    room = call(url, "/rooms", {"name": "Sockets"}, token)["id"]
    sys.exit(asyncio.run(fill_and_close(url, limit, room, token)))


if __name__ == "__main__":
    main()
