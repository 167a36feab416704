"""The servers next to which ours is measured. Each starts fresh for each piece of work, on its own core.

name        in tables and --servers
address     what the load client connects to
base        the floor on the same kind of socket: what ratios are taken to
stores      documents outlive a restart
node        Node.js: its garbage is collected before memory is measured"""

import json
import os
import urllib.request

from . import tools
from .tools import HERE, Missing


class Server:
    dialect = "yws"
    base = "floor"
    stores = node = saved = False

    def __init__(self, context):
        self.context = context
        self.process = None
        self.log = f"{context.cache}/{self.name}.log"
        self.socket = f"{context.work}/{self.name}.sock"
        self.address = f"unix:{self.socket}"

    @classmethod
    def is_ours(cls):
        """Ours, or the floor that ours are held against: measured more often, and its failures count."""
        return cls.name.startswith(("coderoom", "floor"))

    def prepare(self):
        """Build or fetch what is needed; Missing when that cannot be."""

    def command(self):
        raise NotImplementedError

    def start(self):
        if os.path.exists(self.socket):
            os.unlink(self.socket)
        self.process = tools.start(self.command(), self.context.server_core, self.log)
        tools.wait_for(f"{self.name} to listen", self.listens, 60)

    def listens(self):
        if self.process.poll() is not None:
            raise tools.Failure(f"{self.name} ended at once; see {self.log}")
        return os.path.exists(self.socket)

    def stop(self):
        if self.process:
            tools.end(self.process)
            self.process = None

    def restart(self):
        self.stop()
        self.start()

    def settle(self):
        """What was put is stored by now; wait until what it makes of that in the background is, too."""

    def pids(self):
        return [self.process.pid]

    def documents(self, count, tag):
        """Addresses and names of documents that nobody used before."""
        return [(f"/{tag}-{i}", f"{tag}-{i}") for i in range(count)]


class Floor(Server):
    name = "floor"
    title = "bare epoll broadcaster"
    blob = None

    def command(self):
        return [f"{self.context.cache}/floor", self.address, *([self.blob] if self.blob else [])]


class FloorTcp(Floor):
    name = "floor-tcp"
    title = "the same over TCP"
    base = "floor-tcp"

    def __init__(self, context):
        super().__init__(context)
        self.address = f"tcp:{context.port + 10}"

    def listens(self):
        return port_answers(self.context.port + 10)


class FloorNginx(Floor):
    name = "floor-nginx"
    title = "the same behind nginx"
    base = "floor-nginx"
    nginx = None

    def prepare(self):
        tools.need("nginx", "Debian package nginx")

    def command(self):
        return [f"{self.context.cache}/floor", f"unix:{self.socket}", *([self.blob] if self.blob else [])]

    def start(self):
        super().start()
        port = self.context.port + 11
        conf = f"{self.context.work}/floor-nginx.conf"
        with open(conf, "w", encoding="ascii") as file:
            file.write(NGINX.format(work=self.context.work, socket=self.socket, port=port))
        self.nginx = tools.start(["nginx", "-c", conf], self.context.server_core, self.log)
        tools.wait_for("nginx before the floor", lambda: port_answers(port))
        self.address = f"tcp:{port}"

    def stop(self):
        if self.nginx:
            tools.end(self.nginx)
        self.nginx = None
        super().stop()

    def pids(self):
        return [self.process.pid, *children(self.nginx.pid)]


NGINX = """daemon off; user root; worker_processes auto; worker_rlimit_nofile 16384; pid {work}/floor-nginx.pid;
error_log stderr warn; events {{ worker_connections 4096; }}
http {{
    access_log off; client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/f;
    uwsgi_temp_path {work}/u; scgi_temp_path {work}/s;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://unix:{socket}; proxy_http_version 1.1; proxy_set_header Upgrade websocket;
            proxy_set_header Connection upgrade; proxy_buffering off; proxy_read_timeout 120s;
        }}
    }}
}}
"""


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]


def port_answers(port):
    import socket

    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class NodeServer(Server):
    node = True
    program = "node"

    def prepare(self):
        tools.need("node", "Node.js 20 or newer")
        tools.need("npm", "Node.js 20 or newer")
        self.folder = npm_install(self.context.cache, self.name)

    def command(self):
        return [self.program, "--expose-gc", f"{self.folder}/server.mjs", self.socket]


def npm_install(cache, name):
    """The rival's packages as its lock file names them, outside the source tree."""
    folder = f"{cache}/{name}"
    source = f"{HERE}/rivals/{name}"
    os.makedirs(folder, exist_ok=True)
    stamp = f"{folder}/installed"
    with open(f"{source}/package-lock.json", encoding="utf-8") as file:
        lock = file.read()
    for file in os.listdir(source):
        tools.run(["cp", f"{source}/{file}", folder])
    if not os.path.exists(stamp) or open(stamp, encoding="utf-8").read() != lock:
        try:
            tools.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, timeout=180)
        except (tools.Failure, OSError, __import__("subprocess").TimeoutExpired) as error:
            raise Missing(f"npm ci failed: {str(error).splitlines()[-1]}") from error
        with open(stamp, "w", encoding="utf-8") as file:
            file.write(lock)
    return folder


class YWebsocket(NodeServer):
    name = "y-websocket"
    title = "y-websocket 2.0.4's server"


class Hocuspocus3(NodeServer):
    name = "hocuspocus3"
    title = "Hocuspocus 3.4.4"
    dialect = "hocuspocus"

    def documents(self, count, tag):
        return [("/", f"{tag}-{i}") for i in range(count)]


class Hocuspocus4(Hocuspocus3):
    """Needs Node 22: npm's package `node` brings one."""

    name = "hocuspocus4"
    title = "Hocuspocus 4.7.0"

    def prepare(self):
        super().prepare()
        self.program = f"{self.folder}/node_modules/.bin/node"
        if not os.path.exists(os.path.realpath(self.program)):
            raise Missing("npm's package node, which brings Node 22, has none for this machine")


class YSweet(Server):
    name = "y-sweet"
    title = "y-sweet 0.9.1"
    base = "floor-tcp"
    stores = True

    def __init__(self, context):
        super().__init__(context)
        self.port = context.port + 12
        self.address = f"tcp:{self.port}"
        self.folder = f"{context.work}/y-sweet"

    def prepare(self):
        built = f"{self.context.cache}/y-sweet-target/release/y-sweet-server"
        if not os.path.exists(built):
            tools.need("cargo", "Rust")
            tools.say("building y-sweet (some minutes; once)")
            try:
                tools.run(["cargo", "build", "--release", "--locked", "--manifest-path", f"{HERE}/rivals/y-sweet/Cargo.toml"],
                          env={**os.environ, "CARGO_TARGET_DIR": f"{self.context.cache}/y-sweet-target"}, timeout=1200)
            except (tools.Failure, __import__("subprocess").TimeoutExpired) as error:
                raise Missing(f"it does not build here: {str(error).splitlines()[-1]}") from error
        self.binary = built

    def command(self):
        os.makedirs(self.folder, exist_ok=True)
        return [self.binary, str(self.port), self.folder]

    def listens(self):
        return port_answers(self.port)

    def documents(self, count, tag):
        for i in range(count):
            request = urllib.request.Request(f"http://127.0.0.1:{self.port}/doc/new", method="POST",
                                             data=json.dumps({"docId": f"{tag}-{i}"}).encode(),
                                             headers={"Content-Type": "application/json"})
            urllib.request.urlopen(request, timeout=20).close()
        return [(f"/d/{tag}-{i}/ws/{tag}-{i}", f"{tag}-{i}") for i in range(count)]
