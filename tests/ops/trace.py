"""One run's request id through an installation: trace.py URL DATA. Runs a program over the room socket and follows the
id that the run has from there: nginx's log, the ws daemon's, the runner's, and the process in the run's container."""

import asyncio
import glob
import json
import os
import secrets
import subprocess
import sys
import time

import websockets

from journey import call

PROGRAM = "import time\nprint('started', flush=True)\ntime.sleep(4)\n"
LIMIT_S = 30


def wait_for(what, look):
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    sys.exit(f"{what}: not within {LIMIT_S} s")


def lines(data, program):
    """Log lines of a daemon, those that its supervisor has put away included."""
    for path in glob.glob(os.path.join(data, "log", program, "*")):
        if os.path.basename(path) != "current" and not os.path.basename(path).startswith("@"):
            continue
        for line in open(path, encoding="utf-8", errors="replace"):
            try:
                yield json.loads(line[line.index("{"):])
            except ValueError:
                continue


def logged(data, program, **fields):
    """The first line that has these fields."""
    return next((l for l in lines(data, program) if all(l.get(k) == v for k, v in fields.items())), None)


def titles(cell):
    """Command lines of the processes in a cell."""
    found = subprocess.run(["docker", "ps", "-q", "--filter", "label=coderoom.cell=" + cell], capture_output=True, text=True,
                           check=True).stdout.split()
    if not found:
        return ""
    return subprocess.run(["docker", "top", found[0], "-o", "pid,args"], capture_output=True, text=True, check=True).stdout


async def start(socket):
    """Run main.py; returns its request id when it has printed."""
    await socket.send(json.dumps({"type": "run.start", "key": secrets.token_hex(8), "entry": "main.py"}))
    request = None
    async for message in socket:
        if isinstance(message, bytes) and request:
            return request
        if not isinstance(message, bytes) and json.loads(message)["type"] == "run.status":
            request = json.loads(message)["run"]["request_id"]


async def until_finished(socket):
    async for message in socket:
        if not isinstance(message, bytes) and json.loads(message).get("run", {}).get("state") == "finished":
            return


async def two_runs(url, data, room, token):
    """The second of two runs of one socket, and the cell it ran in."""
    ticket = call(url, f"/rooms/{room}/ticket", token=token)["ticket"]
    async with websockets.connect("ws" + url[4:] + f"/ws/v1/room/{room}?ticket={ticket}", origin=url) as socket:
        first = await start(socket)
        await until_finished(socket)
        second = await start(socket)
        if first == second or first.rpartition(".")[0] != second.rpartition(".")[0]:
            sys.exit(f"two runs of one socket are {first} and {second}")
        cell = wait_for("the runner's line", lambda: logged(data, "runner", req=second, msg="job starts"))["cell"]
        if f"coderoom-agent {second}" not in titles(cell):
            sys.exit(f"the container of {second} does not show it: {titles(cell)}")
        await until_finished(socket)
    return second


def main():
    url, data = sys.argv[1].rstrip("/"), sys.argv[2]
    account = {"email": f"trace-{secrets.token_hex(6)}@example.org", "name": "Ada", "password": secrets.token_hex(16)}
    token = call(url, "/auth/sign-up", account)["access_token"]
    room = call(url, "/rooms", {"name": "Trace"}, token)["id"]
    call(url, f"/rooms/{room}/files", {"path": "main.py", "kind": "file", "content": PROGRAM}, token)
    request = asyncio.run(asyncio.wait_for(two_runs(url, data, room, token), 2 * LIMIT_S))
    for program, message in (("ws", "run queued"), ("runner", "job starts"), ("runner", "job ended")):
        wait_for(f"{program}: {message}", lambda: logged(data, program, req=request, msg=message))
    # nginx writes its line when the socket closes.
    wait_for("nginx's line", lambda: logged(data, "nginx", req=request.rpartition(".")[0]))
    print(request)


if __name__ == "__main__":
    main()
