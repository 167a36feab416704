"""A coderoom-api behind nginx, with settings of its own, and what talks to it."""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time

import requests

import contract

SOURCE = pathlib.Path(__file__).resolve().parents[3]
DEADLINE_S = 20


def build_dir():
    return pathlib.Path(os.environ.get("CR_BUILD", SOURCE))


def binary():
    return build_dir() / "fcgi" / "coderoom-api"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, condition, seconds=DEADLINE_S):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what} did not happen within {seconds} s")


class Answer:
    def __init__(self, response):
        self.status = response.status_code
        self.headers = response.headers
        self.body = response.content
        self.json = response.json() if response.content else None
        cookie = response.headers.get("Set-Cookie")
        self.cookie = cookie.split(";")[0] if cookie else None

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Person:
    """Somebody signed in."""

    def __init__(self, stack, answer, password):
        self.stack = stack
        self.id = answer.json["user"]["id"]
        self.email = answer.json["user"]["email"]
        self.token = answer.json["access_token"]
        self.cookie = answer.cookie
        self.password = password

    def call(self, method, path, body=None, **more):
        return self.stack.call(method, path, body, token=self.token, **more)

    def room(self, language="python"):
        made = self.call("POST", "/rooms", {"name": "A room", "language": language})
        assert made.status == 201, made
        return made.json["id"]

    def invite(self, room, role, other):
        link = self.call("POST", f"/rooms/{room}/invitations", {"role": role})
        assert link.status == 201, link
        joined = other.call("POST", f"/invitations/{link.json['token']}/accept")
        assert joined.status == 200, joined
        return link.json


class Stack:
    def __init__(self, folder, uri, database, settings=None, base_path="/"):
        self.folder = pathlib.Path(folder)
        self.uri, self.database = uri, database
        self.port, self.monitor_port = free_port(), free_port()
        self.base = f"{base_path}api/v1"
        self.origin = f"http://localhost:{self.port}"
        self.key = self.folder / "key.pem"
        self.config = self.folder / "coderoom.conf"
        self.log = self.folder / "api.log"
        self.people = 0
        subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-out", self.key], check=True,
                       stderr=subprocess.DEVNULL)
        os.chmod(self.key, 0o600)
        values = {
            "http.public_url": self.origin,
            "http.base_path": base_path,
            "mongodb.uri": uri,
            "mongodb.database": database,
            "api.socket": self.folder / "api.sock",
            "api.monitor": f"127.0.0.1:{self.monitor_port}",
            "ws.notify_socket": self.folder / "notify.sock",
            "auth.signing_key": self.key,
            "auth.hash_memory": "8m",
            "auth.hash_passes": "1",
            "runner.languages_dir": SOURCE / "conf" / "languages",
            "limits.signins_per_minute": 10000,
            "limits.signins_per_address": 60000,
            "limits.requests_per_minute": 60000,
        }
        values.update(settings or {})
        self.config.write_text("".join(f"{k} = {v}\n" for k, v in values.items()))
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(self.folder / "notify.sock"))
        self.notify.settimeout(2)
        self.api = self.nginx = None

    def start(self):
        self.start_api()
        self.start_nginx()
        wait_for("readiness", self.is_ready)
        return self

    def start_api(self):
        with open(self.log, "ab") as log:
            self.api = subprocess.Popen([binary(), "--config", self.config], stderr=log)
        wait_for("the API's socket", (self.folder / "api.sock").exists)

    def start_nginx(self):
        # The parameters are those that installations use.
        lines = (SOURCE / "conf/nginx/api.conf.in").read_text().splitlines()
        fastcgi = "\n".join(line for line in lines if line.startswith("fastcgi_") and "hide_header" not in line)
        conf = self.folder / "nginx.conf"
        conf.write_text(f"""
daemon off; master_process off; pid {self.folder}/nginx.pid; error_log {self.folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_max_body_size 4m;
    client_body_temp_path {self.folder}/body; fastcgi_temp_path {self.folder}/fastcgi;
    proxy_temp_path {self.folder}/proxy; uwsgi_temp_path {self.folder}/uwsgi;
    scgi_temp_path {self.folder}/scgi;
    upstream coderoom_api {{ server unix:{self.folder}/api.sock; }}
    server {{
        listen 127.0.0.1:{self.port};
        location / {{
            {fastcgi}
        }}
    }}
}}
""")
        self.nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", conf, "-e", self.folder / "nginx.log"])
        wait_for("nginx", self.is_listening)

    def is_listening(self):
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", self.port)) == 0

    def is_ready(self):
        try:
            return requests.get(f"http://127.0.0.1:{self.monitor_port}/readyz", timeout=5).ok
        except requests.ConnectionError:
            return False

    def metrics(self):
        return requests.get(f"http://127.0.0.1:{self.monitor_port}/metrics", timeout=5).text

    def stop(self):
        for process in (self.nginx, self.api):
            if process and process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(10)
        self.notify.close()
        # Also how a sanitizer says that something was lost or wrong.
        assert not self.api or self.api.returncode == 0, self.log.exists() and self.log.read_text()[-4000:]

    def call(self, method, path, body=None, token=None, cookie=None, headers=None, data=None,
             check=True):
        """One request; the answer is held against docs/openapi.yaml unless check is False."""
        head = dict(headers or {})
        if body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            head.setdefault("Content-Type", "application/json")
        if token:
            head["Authorization"] = f"Bearer {token}"
        if cookie:
            head["Cookie"] = cookie
        response = requests.request(method, f"http://localhost:{self.port}{self.base}{path}",
                                    headers=head, data=data, timeout=30)
        assert response.headers["Cache-Control"] == "no-store"
        assert re.fullmatch(r"[0-9a-zA-Z_-]{8,64}", response.headers["X-Request-Id"])
        answer = Answer(response)
        if check:
            contract.check_answer(method, path.split("?")[0], answer)
        return answer

    def person(self, name="Ada", password="a long walk at noon"):
        self.people += 1
        email = f"p{self.people}-{os.getpid()}-{time.time_ns()}@example.org"
        made = self.call("POST", "/auth/sign-up",
                         {"email": email, "name": name, "password": password})
        assert made.status == 201, made
        return Person(self, made, password)

    def rings(self):
        """Room ids that the doorbell rang for since the last look."""
        rooms = []
        self.notify.setblocking(False)
        try:
            while True:
                rooms.append(self.notify.recv(100).decode())
        except BlockingIOError:
            return rooms

    def seed(self, *args):
        program = build_dir() / "tests/integration/api/seed"
        return subprocess.run([program, self.uri, self.database, *args], check=True,
                              stdout=subprocess.PIPE).stdout.decode()
