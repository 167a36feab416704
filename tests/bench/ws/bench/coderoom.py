"""Our own server: an installation made by scripts/up, its rooms, files and room tokens made through its API."""

import json
import os
import secrets
import subprocess
import threading
import time
import urllib.error
import urllib.request

from . import mongo, servers, tools

# The bench is one person that does what hundreds would.
SETTINGS = {"limits.requests_per_minute": "1000000", "limits.signins_per_address": "100000"}
FILES_PER_ROOM = 250
CLOSED_WITHIN_S = 100 # rooms stay for a minute (ws/room.h)


class Installation:
    """One for both ways to it. Made on first use, stopped at the end unless it was running before."""

    def __init__(self, context, data, port):
        self.context, self.data, self.port = context, data, port
        self.url = f"http://localhost:{port}"
        self.token = None
        self.was_running = False

    def up(self):
        if self.token:
            return
        self.was_running = self.ready()
        tools.say(f"scripts/up --data {self.data} --port {self.port}")
        command = [f"{tools.SOURCE}/scripts/up", "--data", self.data, "--port", str(self.port), "--bind", "127.0.0.1"]
        tools.run(command)
        if self.add_settings():
            tools.run(command)
        account = {"email": f"bench-{secrets.token_hex(6)}@example.org", "name": "Bench", "password": secrets.token_hex(16)}
        self.token = self.call("/auth/sign-up", account)["access_token"]

    def down(self):
        if self.token and not self.was_running:
            tools.run([f"{tools.SOURCE}/scripts/down", "--data", self.data])

    def add_settings(self):
        path = f"{self.data}/coderoom.conf"
        with open(path, encoding="utf-8") as file:
            text = file.read()
        missing = [f"{key} = {value}\n" for key, value in SETTINGS.items() if f"\n{key} =" not in text]
        with open(path, "a", encoding="utf-8") as file:
            file.writelines(missing)
        return missing

    def ready(self):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port + 2}/readyz", timeout=2).status == 200
        except (OSError, urllib.error.URLError):
            return False

    def call(self, path, body=None):
        """A POST to the API; waits where it is asked to slow down."""
        request = urllib.request.Request(f"{self.url}/api/v1{path}", method="POST", data=json.dumps(body).encode())
        request.add_header("Origin", self.url)
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", "Bearer " + self.token)
        for _ in range(60):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 429:
                    raise tools.Failure(f"POST {path} answered {error.code}: {error.read().decode()}") from error
                time.sleep(float(error.headers.get("Retry-After", 1)))
        raise tools.Failure(f"POST {path}: refused for being too fast, again and again")

    def documents(self, count, tag):
        made = []
        while len(made) < count:
            room = self.call("/rooms", {"name": f"Bench {tag}", "language": "python"})["id"]
            token = self.call(f"/rooms/{room}/tokens", {"label": "bench", "role": "editor"})["token"]
            for i in range(min(count - len(made), FILES_PER_ROOM)):
                file = self.call(f"/rooms/{room}/files", {"path": f"{i}.txt", "kind": "file"})["id"]
                made.append((f"/ws/v1/doc/{room}/{file}?token={token}&saved=1", file))
        return made

    def pid(self, service):
        text = tools.run(["sv", "status", f"{self.data}/service/{service}"])
        return int(text.split("(pid ")[1].split(")")[0])

    def restart_ws(self):
        before = self.pid("ws")
        tools.run(["sv", "-w", "30", "force-restart", f"{self.data}/service/ws"])
        tools.wait_for("coderoom-ws to end", lambda: not os.path.exists(f"/proc/{before}"), 40)
        tools.wait_for("coderoom-ws to be ready", lambda: self.ready() and os.path.exists(f"{self.data}/run/ws/ws.sock"), 60)
        tools.pin(self.pid("ws"), self.context.server_core)

    def metric(self, name):
        """A counter of coderoom-ws, since it started."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port + 2}/metrics", timeout=10) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(name + " "):
                    return float(line.split()[1])
        raise tools.Failure(f"coderoom-ws does not tell {name}")

    def rows(self, collection, file):
        return mongo.sizes(f"{self.data}/run/db/ferretdb.sock", "coderoom", collection, {"file": file})

    def head(self, file):
        """(which, bytes of the compacted state, bytes of all states that are there)"""
        states, chunks = self.rows("doc_states", file), self.rows("doc_chunks", file)
        head = next((row for row in states if row["_id"].endswith(":" + file)), {"n": 0, "seq": 0})
        of_head = sum(row["n"] for row in chunks if row.get("state") == head.get("state"))
        return head["seq"], head["n"] + of_head, sum(row["n"] for row in states + chunks)

    def stored_bytes(self, file):
        """(log, compacted state, earlier states kept for history) of a document, as the database counts."""
        _, head, everything = self.head(file)
        return sum(row["n"] for row in self.rows("doc_updates", file)), head, everything - head


class Heads:
    """The compacted states that a document had while this runs. A new one takes the old one's place, so they are looked
    at now and then; how many there were is what the server counts."""

    def __init__(self, home, file):
        self.home, self.file = home, file
        self.seen, self.written = {}, 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def watch(self):
        while not self.ended.wait(0.25):
            try:
                which, size, _ = self.home.head(self.file)
            except (OSError, ValueError):
                continue # the database is busy: the next one will do
            if which:
                self.seen[which] = size

    def count(self):
        """Call before each restart of the server, and at the end."""
        self.written += self.home.metric("coderoom_ws_compactions_total")

    def bytes(self):
        if self.written and not self.seen:
            raise tools.Failure("states were written, but none was seen")
        return self.written * sum(self.seen.values()) / len(self.seen) if self.written else 0


class Coderoom(servers.Server):
    name = "coderoom"
    title = "Coderoom"
    stores = saved = True

    def prepare(self):
        self.home = self.context.installation
        try:
            self.home.up()
        except (OSError, subprocess.SubprocessError, tools.Failure) as error:
            raise tools.Failure(f"no installation to measure: {error}") from error
        self.address = f"unix:{self.home.data}/run/ws/ws.sock"

    def start(self):
        self.home.restart_ws()

    restart = start

    def stop(self):
        pass

    def settle(self):
        """Until what nobody has open is compacted and forgotten."""
        tools.wait_for("documents to be closed", lambda: self.home.metric("coderoom_ws_docs") == 0, CLOSED_WITHIN_S)

    def pids(self):
        return [self.home.pid("ws")]

    def documents(self, count, tag):
        return self.home.documents(count, tag)

    def stored_bytes(self, file):
        return self.home.stored_bytes(file)

    def heads_of(self, file):
        return Heads(self.home, file)


class CoderoomNginx(Coderoom):
    name = "coderoom-nginx"
    title = "Coderoom through nginx"
    base = "floor-nginx"

    def start(self):
        super().start()
        self.address = f"tcp:{self.home.port}"
        for pid in self.nginx():
            tools.pin(pid, self.context.server_core)

    def nginx(self):
        return servers.children(self.home.pid("nginx"))

    def pids(self):
        return [self.home.pid("ws"), *self.nginx()]


ALL = [servers.Floor, servers.YWebsocket, servers.Hocuspocus3, servers.Hocuspocus4, Coderoom, servers.FloorTcp, servers.YSweet,
       servers.FloorNginx, CoderoomNginx]
QUICK = ["floor", "y-websocket", "coderoom"]
