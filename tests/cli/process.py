"""Starting magneto as people start it: under the name of java, with variables, as another user, in a container."""
import contextlib
import os
import subprocess
import tempfile

import server as servers
from server import Server

JAR = ["-jar", "DynamoDBLocal.jar"]
IS_ROOT = os.geteuid() == 0


def environment(**variables):
    """Ours without MAGNETO_* and AWS_* variables, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAGNETO_", "AWS_"))}
    return {**kept, **variables}


@contextlib.contextmanager
def java():
    """A `java` that is magneto: its path."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        os.symlink(servers.PROGRAM, path := os.path.join(folder, "java"))
        yield path


def run(*args, program=None, env=None, **options):
    """A command that ends by itself."""
    return subprocess.run([program or servers.PROGRAM, *args], capture_output=True, text=True, timeout=20,
                          env=environment(**(env or {})), **options)


def start(*args, env=None, **options):
    """A server on a free port, which is its last argument."""
    return Server(*args, "-port", "0", command=[servers.PROGRAM], env=environment(**(env or {})), **options)


@contextlib.contextmanager
def start_java(*args, env=None, before=(), **options):
    """A server that is started by exactly these arguments; `before`: a command that runs it."""
    with java() as path, Server(*args, command=[*before, path], env=environment(**(env or {})), **options) as server:
        yield server


def settings(*args, env=None):
    """magneto config: {name: (value, where it is from)}"""
    result = run("config", *args, env=env)
    assert result.returncode == 0 and not result.stderr, result
    rows = [line.split(None, 2) for line in result.stdout.splitlines()]
    return {name: (value, origin) for name, value, origin in rows}


def wait_for(condition, seconds=5):
    """Until it holds."""
    import time
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)
