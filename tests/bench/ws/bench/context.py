"""One session: its options, its folders, the prepared documents, and a call of the load client."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile

from . import coderoom, servers, tools

BIG_MEGABYTES = 20
LOAD_LIMIT_S = 240 # the longest piece of work takes a third of it


class Context:
    def __init__(self, options):
        self.quick = options.quick
        self.port = options.port
        self.server_core, self.client_core = tools.cores()
        self.cache = os.path.abspath(options.cache)
        os.makedirs(self.cache, exist_ok=True)
        self.work = tempfile.mkdtemp(prefix="coderoom-bench-")
        self.installation = coderoom.Installation(self, os.path.abspath(options.data or f"{self.cache}/data"), options.port)
        self.trace = options.trace
        self.facts = None
        self.count = 0

    def close(self):
        self.installation.down()
        shutil.rmtree(self.work, ignore_errors=True)

    def prepare_documents(self):
        """The files of prepare.mjs, once for each trace."""
        what = hashlib.sha256()
        for path in filter(None, [self.trace, f"{tools.HERE}/prepare.mjs"]):
            with open(path, "rb") as file:
                what.update(file.read())
        self.documents = f"{self.cache}/documents-{what.hexdigest()[:12]}"
        if not os.path.exists(f"{self.documents}/facts.json"):
            tools.need("node", "Node.js 20 or newer")
            tools.say("making the documents")
            folder = servers.npm_install(self.cache, "y-websocket") # for its yjs
            tools.run(["node", f"{tools.HERE}/prepare.mjs", self.documents, str(BIG_MEGABYTES),
                       *([os.path.abspath(self.trace)] if self.trace else [])], cwd=folder)
        self.facts = tools.read_json(f"{self.documents}/facts.json")

    def fresh(self, server, count):
        """New documents, as (address, name)."""
        self.count += 1
        return server.documents(count, f"bench{os.getpid()}x{self.count}")

    def load(self, work, server, documents, **options):
        """Run the load client; its result. Something lost, or a closed connection, is a Failure."""
        paths = f"{self.work}/paths"
        with open(paths, "w", encoding="utf-8") as file:
            file.writelines(f"{address}\t{name}\n" for address, name in documents)
        command = [f"{self.cache}/load", work, "--connect", server.address, "--paths", paths, "--dialect", server.dialect,
                   "--pid", ",".join(map(str, server.pids()))]
        for key, value in options.items():
            if value is True:
                command.append("--" + key.replace("_", "-"))
            elif value is not None and value is not False:
                command += ["--" + key.replace("_", "-"), str(value)]
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                                  timeout=LOAD_LIMIT_S, preexec_fn=lambda: os.sched_setaffinity(0, {self.client_core}))
        except subprocess.TimeoutExpired as error:
            raise tools.Failure(f"LOST: no end after {LOAD_LIMIT_S} s") from error
        if done.returncode == 3:
            result = json.loads(done.stdout)
            raise tools.Failure(f"LOST: {result['lost']} deliveries of {result['sent']} edits never came")
        if done.returncode != 0:
            raise tools.Failure(done.stderr.strip() or f"the load client ended with {done.returncode}")
        return json.loads(done.stdout)
