"""Our own server: an installation made by scripts/up, its rooms, files and room tokens made through its API."""

import json
import os
import secrets
import subprocess
import time
import urllib.error
import urllib.request

from . import mongo, servers, tools

# The bench is one person that does what hundreds would.
SETTINGS = {"limits.requests_per_minute": "1000000", "limits.signins_per_address": "100000"}
FILES_PER_ROOM = 250


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

    def stored_bytes(self, file):
        """(log, compacted state, earlier states kept for history) of a document, as the database counts."""
        def rows(collection):
            return mongo.sizes(f"{self.data}/run/db/ferretdb.sock", "coderoom", collection, {"file": file})
        states, chunks = rows("doc_states"), rows("doc_chunks")
        head = next((row for row in states if row["_id"].endswith(":" + file)), {"n": 0})
        of_head = sum(row["n"] for row in chunks if row.get("state") == head.get("state"))
        everything = sum(row["n"] for row in states + chunks)
        return sum(row["n"] for row in rows("doc_updates")), head["n"] + of_head, everything - head["n"] - of_head


class Coderoom(servers.Server):
    name = "coderoom"
    title = "Coderoom"
    stores = saved = True

    def prepare(self):
        self.home = self.context.installation
        try:
            self.home.up()
        except (subprocess.CalledProcessError, tools.Failure) as error:
            raise tools.Failure(f"no installation to measure: {error}") from error
        self.address = f"unix:{self.home.data}/run/ws/ws.sock"

    def start(self):
        self.home.restart_ws()

    restart = start

    def stop(self):
        pass

    def pids(self):
        return [self.home.pid("ws")]

    def documents(self, count, tag):
        return self.home.documents(count, tag)

    def stored_bytes(self, file):
        return self.home.stored_bytes(file)


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
