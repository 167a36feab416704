"""What everything here stands on: failures, cores, processes, building the C programs."""

import json
import os
import shutil
import signal
import subprocess
import time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCE = os.path.abspath(os.path.join(HERE, "../../.."))
CFLAGS = "-std=c11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Wshadow -Wstrict-prototypes -Wconversion -Wmissing-prototypes -Werror"


class Failure(Exception):
    """The benchmark cannot go on, or something was lost: the message says what."""


class Missing(Exception):
    """A rival that cannot be had on this machine: the message says why."""


def say(text):
    print(time.strftime("%H:%M:%S ") + text, flush=True, file=__import__("sys").stderr)


def cores():
    """The core of the server and that of the client."""
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        raise Failure("two processor cores are needed: one for the server, one for the client")
    return usable[0], usable[1]


def pin(pid, core):
    """Pin all threads of a process; those that they make inherit it."""
    for thread in os.listdir(f"/proc/{pid}/task"):
        os.sched_setaffinity(int(thread), {core})


def wait_for(what, condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Failure(f"waited in vain for {what}")
        time.sleep(0.02)


def run(command, **options):
    """Run to the end; a failure shows the last lines of what it said."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    if done.returncode != 0:
        lines = "\n".join(done.stdout.splitlines()[-15:])
        raise Failure(f"{' '.join(command)} ended with {done.returncode}:\n{lines}")
    return done.stdout


def start(command, core, log, **options):
    """A server process, pinned."""
    with open(log, "ab") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, **options)
    os.sched_setaffinity(process.pid, {core})
    return process


def end(process, seconds=20):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def build(cache):
    """Compile the load client and the floor."""
    for program, sources in (("load", sorted(os.listdir(f"{HERE}/load"))), ("floor", ["../floor.c"])):
        sources = [f"{HERE}/load/{name}" for name in sources if name.endswith(".c")]
        run([os.environ.get("CC", "cc"), *CFLAGS.split(), "-o", f"{cache}/{program}", *sources])


def need(program, why):
    path = shutil.which(program)
    if not path:
        raise Missing(f"{program} is not installed ({why})")
    return path


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)
