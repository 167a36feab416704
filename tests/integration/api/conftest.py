import os
import pathlib
import subprocess
import sys
import time

import pytest

sys.path.insert(0, os.path.dirname(__file__))

from stack import Stack, wait_for  # noqa: E402


@pytest.fixture(scope="session")
def mongodb_uri(tmp_path_factory):
    given = os.environ.get("CR_MONGODB_URI")
    if given:
        yield given
        return
    folder = pathlib.Path("/tmp") / f"cr-api-{os.getpid()}"
    name = f"coderoom-api-test-{os.getpid()}"
    (folder / "data").mkdir(parents=True)
    (folder / "socket").mkdir()
    user = f"{os.getuid()}:{os.getgid()}" if os.getuid() else "101:101"
    if not os.getuid():
        for each in ("data", "socket"):
            os.chown(folder / each, 101, 101)
    tmpfs = f"uid={user.split(':')[0]},gid={user.split(':')[1]},mode=0770"
    subprocess.run(["docker", "run", "-d", "--rm", "--name", name, "--network", "none", "--user",
                    user, "--read-only", "--shm-size", "128m", "--tmpfs", f"/run/pg:{tmpfs}",
                    "--tmpfs", f"/tmp:{tmpfs}", "-v", f"{folder}/data:/data", "-v",
                    f"{folder}/socket:/socket", "coderoom/db"], check=True,
                   stdout=subprocess.DEVNULL)
    try:
        wait_for("the database", (folder / "socket/ferretdb.sock").exists, 90)
        yield "mongodb://" + f"{folder}/socket/ferretdb.sock".replace("/", "%2F") + "/"
    finally:
        subprocess.run(["docker", "rm", "-f", "-v", name], stdout=subprocess.DEVNULL, check=True)
        subprocess.run(["rm", "-rf", folder], check=True)


@pytest.fixture(scope="session")
def database_name():
    return f"api_test_{os.getpid()}_{int(time.time())}"


@pytest.fixture(scope="session")
def stack(tmp_path_factory, mongodb_uri, database_name):
    s = Stack(tmp_path_factory.mktemp("s"), mongodb_uri, database_name)
    try:
        yield s.start()
    finally:
        s.stop()


@pytest.fixture
def own_stack(tmp_path_factory, mongodb_uri, database_name):
    """Makes stacks with other settings, for one test."""
    made = []

    def make(settings=None, base_path="/"):
        s = Stack(tmp_path_factory.mktemp("o"), mongodb_uri, database_name, settings, base_path)
        made.append(s)
        return s.start()

    yield make
    for s in made:
        s.stop()


@pytest.fixture(scope="session")
def cast(stack):
    """A room with somebody in each role, and somebody outside."""

    class Cast:
        owner, editor = stack.person("Olga"), stack.person("Edo")
        viewer, outsider = stack.person("Vera"), stack.person("Otto")

    Cast.room = Cast.owner.room()
    Cast.owner.invite(Cast.room, "editor", Cast.editor)
    Cast.owner.invite(Cast.room, "viewer", Cast.viewer)
    return Cast
