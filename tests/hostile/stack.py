"""A runner of its own for a test: its instance label, its database, its doorbell."""
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time

from bell import Bell
from host import Host

HERE = os.path.dirname(os.path.abspath(__file__))
CONF = os.path.join(HERE, "../../conf")
OUTPUT_LIMIT = 65536
MEMORY_LIMIT = 128 << 20
CONFIG = """
runner.wall_limit = 3s
runner.cpu_limit = 500ms
runner.memory_limit = 128m
runner.pids_limit = 32
runner.output_limit = 64k
runner.work_size = 16m
runner.work_inodes = 256
runner.lease = 3s
runner.concurrency = 2
runner.pool_size = 2
auth.service_token = for-tests-only-for-tests-only-for-tests-only
"""


def languages_of(folder):
    """Every language file of a folder: id -> what it says."""
    files = sorted(n for n in os.listdir(folder) if n.endswith(".json"))
    return {n[:-5]: json.load(open(os.path.join(folder, n), encoding="utf-8")) for n in files}


LANGUAGES = languages_of(os.path.join(CONF, "languages"))
POOL = 2 * len(LANGUAGES)


def language_of(path):
    """The language whose files end like this one."""
    end = path.rsplit(".", 1)[1]
    return next(i for i, language in LANGUAGES.items() if end in language["extensions"])


def entry_of(path):
    """The file of a folder that is run."""
    return next(l["default_entry"] for l in LANGUAGES.values() if os.path.exists(os.path.join(path, l["default_entry"])))


class Stack:
    """One runner with its own instance, database and doorbell."""

    def __init__(self, args, start=True, docker=None, uri=None, config=CONFIG):
        self.args = args
        self.dir = tempfile.mkdtemp(prefix="coderoom-hostile-")
        self.instance = "hostile-%d" % os.getpid()
        self.database = "hostile_%d" % os.getpid()
        self.host = Host(self.instance)
        self.bell = Bell(os.path.join(self.dir, "ws.sock"))
        languages = os.path.join(self.dir, "languages")
        shutil.copytree(os.path.join(CONF, "languages"), languages)
        if args.images:
            for name in os.listdir(languages):
                if name.endswith(".json"):
                    path = os.path.join(languages, name)
                    text = open(path).read()
                    open(path, "w").write(re.sub(r'"coderoom/lang-[a-z]+"', '"%s"' % args.images, text))
        self.config = os.path.join(self.dir, "coderoom.conf")
        self.monitor = os.path.join(self.dir, "monitor.sock")
        with open(self.config, "w") as f:
            f.write(config)
            f.write("mongodb.uri = %s\nmongodb.database = %s\n" % (uri or args.uri, self.database))
            f.write("runner.ws_sockets = %s\nrunner.instance = %s\n" % (self.bell.path, self.instance))
            if docker:
                f.write("runner.docker_socket = %s\n" % docker)
            f.write("runner.languages_dir = %s\nrunner.monitor = %s\n" % (languages, self.monitor))
            f.write("runner.seccomp_profile = %s\n" % os.path.join(CONF, "seccomp/default.json"))
        self.log = open(os.path.join(self.dir, "runner.log"), "wb")
        self.runner = None
        if start:
            self.start()

    def start(self, wait=True, **settings):
        """settings: of the runner, over those of the file: lease="30s"."""
        self.runner = self.launch(**settings)
        if wait:
            self.wait_ready(self.runner, self.monitor)

    def launch(self, **settings):
        """One more runner on the same database and doorbell; two at once need an instance and a monitor each."""
        env = {"CODEROOM_RUNNER_" + name.upper(): value for name, value in settings.items()}
        return subprocess.Popen([os.path.join(self.args.build, "runner/coderoom-runner"), "--config", self.config],
                                stderr=self.log, stdout=self.log, env={**os.environ, **env})

    def wait_ready(self, runner, monitor):
        deadline = time.time() + 60
        while time.time() < deadline and runner.poll() is None:
            if self.ready(monitor):
                return
            time.sleep(0.05)
        raise SystemExit("the runner did not get ready; see " + self.log.name)

    def ready(self, monitor=None):
        r = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", monitor or self.monitor,
                            "http://x/readyz"], capture_output=True, text=True)
        return r.stdout == "200"

    def language(self, name, change):
        """Change a language's file for the next start; change: dict of keys."""
        path = os.path.join(self.dir, "languages", name + ".json")
        value = json.load(open(path))
        value.update(change)
        json.dump(value, open(path, "w"))

    def tool(self, *words):
        return [os.path.join(self.args.build, "tests/hostile/job_tool"), self.args.uri, self.database, *words]

    def submit(self, path, *options):
        """Put a job into the queue; returns its id."""
        entry = "main." + path.rsplit(".", 1)[1]
        job = subprocess.run(self.tool(language_of(path), entry, "--no-wait", *options, "--", entry + "=" + path),
                             capture_output=True, text=True, check=True)
        return job.stdout.strip()

    def result(self, run, seconds=60):
        with tempfile.TemporaryFile() as out:
            subprocess.run(self.tool("--wait", run), stdout=out, check=True, timeout=seconds)
            out.seek(0)
            return json.load(out)

    def run(self, path, head):
        """Run a program: a file, or a folder whose main.* is the entry."""
        if os.path.isdir(path):
            files = {os.path.relpath(os.path.join(d, n), path): os.path.join(d, n) for d, _, names in os.walk(path) for n in names}
            entry = entry_of(path)
        else:
            entry = "main." + path.rsplit(".", 1)[1]
            files = {entry: path}
        words = [language_of(entry), entry] + shlex.split(head.get("options", ""))
        if "stdin" in head:
            given = os.path.join(self.dir, "stdin")
            open(given, "wb").write(b"line of input\n" * (int(head["stdin"]) // 14) + b"x" * (int(head["stdin"]) % 14))
            words += ["--stdin", given]
        with tempfile.TemporaryFile() as out:
            job = subprocess.Popen(self.tool(*words, "--", *("%s=%s" % f for f in sorted(files.items()))), stdout=out)
            deadline = time.time() + 60
            while job.poll() is None and time.time() < deadline:
                self.bell.ring()
                time.sleep(0.02)
            job.kill()
            if job.wait() != 0:
                raise SystemExit("no result of %s; see %s" % (path, self.log.name))
            out.seek(0)
            return json.load(out)

    def told(self, what):
        """The lines that the runner has logged with this message."""
        self.log.flush()
        found = []
        for line in open(self.log.name, errors="replace"):
            if '"%s"' % what in line:
                found.append(json.loads(line))
        return found

    def stop(self):
        """End the runner: its exit status, and what is not as it was before it came, in words."""
        self.runner.terminate()
        code = self.runner.wait(30)
        left = self.host.unchanged(0)
        self.bell.close()
        return code, left
