"""What a host looks like, to tell whether a run has changed it: processes of cell users, mounts, abstract
sockets, System V memory, containers. What is others' is left out, since other installations and programs work
at the same time: what belongs to a container that lives now, and sockets that no cell user holds."""
import json
import os
import re
import subprocess
import time

CELL_USERS = range(10000, 20000)
BOX = re.compile(r"docker[/-]([0-9a-f]{64})")
LABEL = "coderoom.instance"


def words_of(path, first=0):
    """The words of each line; a file that is gone has none."""
    try:
        with open(path, errors="replace") as f:
            return [line.split() for line in f][first:]
    except OSError:
        return []


def boxes():
    """Docker's containers, running or not: id -> what docker inspect says."""
    ids = subprocess.run(["docker", "ps", "-aq", "--no-trunc"], capture_output=True, text=True, check=True).stdout.split()
    # No check: one may be gone meanwhile, the others are told all the same.
    told = subprocess.run(["docker", "inspect", "--type", "container", *ids], capture_output=True, text=True).stdout if ids else ""
    return {box["Id"]: box for box in json.loads(told or "[]")}


def status_of(pid):
    return {w[0]: w[1:] for w in words_of("/proc/%s/status" % pid) if w}


def is_cell_user(status):
    """Whether a process has a cell's user id in any form: real, effective, saved, of files."""
    return any(int(u) in CELL_USERS for u in status.get("Uid:", []))


def has_a_shim(status):
    """Whether a container's keeper is among its ancestors; who has escaped or outlived its container has none."""
    while status and status["PPid:"][0] != "0":
        status = status_of(status["PPid:"][0])
        if status and status["Name:"][0].startswith("containerd-shim"):
            return True
    return False


def cell_processes():
    """(id of its container or None, whether that is kept, what it is) of each process of a cell user."""
    found = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        status = status_of(pid)
        if is_cell_user(status):
            box = BOX.search(" ".join(w[-1] for w in words_of("/proc/%s/cgroup" % pid) if w))
            what = "process %s %s of users %s" % (pid, " ".join(status["Name:"]), "/".join(status["Uid:"]))
            found.add((box and box.group(1), has_a_shim(status), what))
    return found


def mounts():
    """(where, what kind) of each mount that this process sees."""
    found = {(w[4], w[w.index("-") + 1]) for w in words_of("/proc/self/mountinfo")}
    # The host's own network, by Docker's name: mounted once, when a container first shares it.
    return {m for m in found if not m[0].endswith("/docker/netns/default")}


def belongs_to(box, where):
    """Whether Docker has mounted this for a container."""
    merged = ((box.get("GraphDriver") or {}).get("Data") or {}).get("MergedDir")
    network = box["NetworkSettings"].get("SandboxKey") or "none"
    return where in (merged, os.path.realpath(network)) or "/%s/" % box["Id"] in where


def sockets():
    """(name, inode) of each abstract socket."""
    return {(w[7], w[6]) for w in words_of("/proc/net/unix", first=1) if len(w) > 7 and w[7].startswith("@")}


def held_by_cells(found):
    """Those of the sockets that a process of a cell user has open."""
    held = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        if not found or not is_cell_user(status_of(pid)):
            continue
        try:
            held.update(os.readlink("/proc/%s/fd/%s" % (pid, fd)) for fd in os.listdir("/proc/%s/fd" % pid))
        except OSError:
            continue  # it has ended
    return {s for s in found if "socket:[%s]" % s[1] in held}


def shared_memory():
    """System V segments, semaphores and queues of cell users."""
    found = set()
    for kind in ("shm", "sem", "msg"):
        lines = words_of("/proc/sysvipc/" + kind)
        for w in lines[1:]:
            row = dict(zip(lines[0], w))
            if int(row["uid"]) in CELL_USERS or int(row["cuid"]) in CELL_USERS:
                found.add("%s key %s of user %s" % (kind, row["key"], row["uid"]))
    return found


class Host:
    """Made while the instance has nothing here yet."""

    def __init__(self, instance):
        self.instance = instance
        self.idle = self.look()[1]

    def look(self):
        """Our containers, each with its processes; and everything that must be as it was while idle."""
        processes, places = cell_processes(), mounts()
        alive = boxes()
        # What came or went while Docker was asked may be of a container that it told nothing of.
        processes &= cell_processes()
        places &= mounts()
        ours = {i: [] for i, box in alive.items() if (box["Config"]["Labels"] or {}).get(LABEL) == self.instance}
        strays = set()
        for box, kept, what in processes:
            if box in ours:
                ours[box].append(what)
            elif not box or box not in alive and not kept:  # kept: of another Docker on this machine
                strays.add(what)
        lasting = {
            "processes": strays,
            "mounts": {m for m in places if not any(belongs_to(box, m[0]) for box in alive.values())},
            "abstract sockets": held_by_cells(sockets()),
            "System V memory": shared_memory(),
        }
        return ours, lasting

    def changes(self, most):
        """What is not as it was while idle, in words; "" when all is. most: cells that may wait."""
        ours, lasting = self.look()
        found = []
        if len(ours) > most:
            found.append("%d containers, at most %d wait" % (len(ours), most))
        for box, processes in ours.items():
            if len(processes) > 1:  # a cell that waits is its agent
                found.append("in %s: %s" % (box[:12], ", ".join(sorted(processes))))
        for what, now in lasting.items():
            new = now - self.idle[what]
            if what == "mounts":
                new |= {("gone: " + m[0], m[1]) for m in self.idle[what] - now}
            if new:
                found.append("%s: %s" % (what, ", ".join(map(str, sorted(new)))))
        return "; ".join(found)

    def unchanged(self, most, seconds=30):
        """Wait until the host is as it was while idle; what is not by then, or ""."""
        deadline = time.monotonic() + seconds
        while True:
            left = self.changes(most)
            if not left or time.monotonic() > deadline:
                return left
            time.sleep(0.1)
