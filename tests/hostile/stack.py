"""A runner of its own for a test: its instance label, its database, its doorbell."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

from bell import Bell

HERE = os.path.dirname(os.path.abspath(__file__))
OUTPUT_LIMIT = 65536
LANGUAGES = {"py": "python", "c": "c", "js": "javascript"}
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
auth.service_token = for-tests-only-for-tests-only-for-tests-only
"""



def host_facts(instance):
    """What a run must not change: processes of cell users, containers, mounts, abstract sockets."""
    users = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            uid = os.stat("/proc/" + pid).st_uid
            status = open("/proc/" + pid + "/status").read()
            real = int(re.search(r"^Uid:\t(\d+)", status, re.M).group(1))
            cgroup = open("/proc/" + pid + "/cgroup").read()
            if 10000 <= max(uid, real) < 20000:
                users.append(re.findall(r"docker[/-]([0-9a-f]{64})", cgroup)[:1])
        except (OSError, AttributeError):
            continue
    ids = subprocess.run(["docker", "ps", "-aq", "--no-trunc", "--filter", "label=coderoom.instance=" + instance],
                         capture_output=True, text=True, check=True).stdout.split()
    ours = [u for u in users if u and u[0] in ids]
    return {"processes": len(ours), "containers": len(ids)}


class Stack:
    """One runner with its own instance, database and doorbell."""

    def __init__(self, args, start=True, docker=None, uri=None, config=CONFIG):
        self.args = args
        self.dir = tempfile.mkdtemp(prefix="coderoom-hostile-")
        self.instance = "hostile-%d" % os.getpid()
        self.database = "hostile_%d" % os.getpid()
        self.bell = Bell(os.path.join(self.dir, "ws.sock"))
        languages = os.path.join(self.dir, "languages")
        shutil.copytree(os.path.join(HERE, "../../conf/languages"), languages)
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
            f.write("runner.seccomp_profile = %s\n" % os.path.join(HERE, "../../conf/seccomp/default.json"))
        self.log = open(os.path.join(self.dir, "runner.log"), "wb")
        self.runner = None
        if start:
            self.start()

    def start(self, wait=True, **settings):
        """settings: of the runner, over those of the file: lease="30s"."""
        env = {"CODEROOM_RUNNER_" + name.upper(): value for name, value in settings.items()}
        self.runner = subprocess.Popen([os.path.join(self.args.build, "runner/coderoom-runner"), "--config", self.config],
                                       stderr=self.log, stdout=self.log, env={**os.environ, **env})
        if not wait:
            return
        deadline = time.time() + 60
        while time.time() < deadline and self.runner.poll() is None:
            if self.ready():
                return
            time.sleep(0.05)
        raise SystemExit("the runner did not get ready; see " + self.log.name)

    def ready(self):
        r = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", self.monitor,
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
        end = path.rsplit(".", 1)[1]
        job = subprocess.run(self.tool(LANGUAGES[end], "main." + end, "--no-wait", *options, "--", "main.%s=%s" % (end, path)),
                             capture_output=True, text=True, check=True)
        return job.stdout.strip()

    def result(self, run, seconds=60):
        with tempfile.TemporaryFile() as out:
            subprocess.run(self.tool("--wait", run), stdout=out, check=True, timeout=seconds)
            out.seek(0)
            return json.load(out)

    def run(self, path, head):
        language = LANGUAGES[path.rsplit(".", 1)[1]]
        entry = "main." + path.rsplit(".", 1)[1]
        words = [language, entry] + head.get("options", "").split()
        if "stdin" in head:
            given = os.path.join(self.dir, "stdin")
            open(given, "wb").write(b"line of input\n" * (int(head["stdin"]) // 14) + b"x" * (int(head["stdin"]) % 14))
            words += ["--stdin", given]
        with tempfile.TemporaryFile() as out:
            job = subprocess.Popen(self.tool(*words, "--", entry + "=" + path), stdout=out)
            deadline = time.time() + 60
            while job.poll() is None and time.time() < deadline:
                self.bell.ring()
                time.sleep(0.02)
            job.kill()
            if job.wait() != 0:
                raise SystemExit("no result of %s; see %s" % (path, self.log.name))
            out.seek(0)
            return json.load(out)

    def stop(self):
        self.runner.terminate()
        code = self.runner.wait(30)
        left = host_facts(self.instance)
        self.bell.close()
        return code, left
