"""The first process of a container, and the healthcheck beside it. The container is a process namespace (needs root)."""
import os
import signal
import subprocess
import time

import server as servers
from process import IS_ROOT, environment, run, start, wait_for
from server import Server

CONTAINER = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]


def contained(*args, **variables):
    return Server(*args, command=[*CONTAINER, servers.PROGRAM], env=environment(**variables))


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]


def first_of(server):
    """Process 1 of the container, seen from outside."""
    return children(server.process.pid)[0]


def inside(server, *command, **variables):
    return subprocess.run(["nsenter", "--target", str(first_of(server)), "--pid", "--mount", *command],
                          capture_output=True, text=True, timeout=10, env=environment(**variables))


def test_orphans_are_reaped():
    if not IS_ROOT:
        return
    with contained("-inMemory", "-port", "0") as server:
        first = first_of(server)
        inside(server, "sh", "-c", "exec >/dev/null 2>&1; sleep 0.7 & sleep 0.8 & exit 0")
        wait_for(lambda: len(children(first)) == 3)
        wait_for(lambda: len(children(first)) == 1) # a zombie would stay a child
        assert server.is_alive()


def test_signals_reach_the_server():
    if not IS_ROOT:
        return
    for number in signal.SIGTERM, signal.SIGINT:
        with contained("-inMemory", "-port", "0") as server:
            began = time.monotonic()
            os.kill(first_of(server), number)
            assert server.process.wait(5) == 0 and time.monotonic() - began < 1


def test_status_of_the_server():
    if not IS_ROOT:
        return
    result = subprocess.run([*CONTAINER, servers.PROGRAM, "-foo"], capture_output=True, text=True, timeout=5)
    assert result.returncode == 1 and "usage" in result.stderr
    result = subprocess.run([*CONTAINER, servers.PROGRAM, "-dbPath", "/proc/x"], capture_output=True, timeout=5)
    assert result.returncode == 1


def test_healthcheck_finds_the_port():
    if not IS_ROOT:
        return
    settings = {"MAGNETO_PORT": "0", "MAGNETO_HOST": "::1"}
    with contained("-inMemory", **settings) as server:
        assert inside(server, servers.PROGRAM, "healthcheck", **settings).returncode == 0
        assert inside(server, servers.PROGRAM, "healthcheck").returncode == 1 # which listens on ::1 only
    with contained("-inMemory", "-port", "0") as server:
        assert inside(server, servers.PROGRAM, "healthcheck").returncode == 0
        (child,) = children(first_of(server))
        os.kill(child, signal.SIGSTOP)
        began = time.monotonic()
        result = inside(server, servers.PROGRAM, "healthcheck")
        assert result.returncode == 1 and "in time" in result.stderr and time.monotonic() - began < 2
        os.kill(child, signal.SIGCONT)


def test_healthcheck_of_one_that_listens_nowhere():
    if not IS_ROOT:
        return
    result = subprocess.run([*CONTAINER, servers.PROGRAM, "healthcheck"], capture_output=True, text=True, timeout=5,
                            env=environment())
    assert result.returncode == (0 if port_8000_answers() else 1)


def port_8000_answers():
    return run("healthcheck", "--port", "8000").returncode == 0


def test_healthcheck_is_told_where():
    with start("-inMemory") as server:
        port = str(server.port)
        for args, env in ((["--port", port], {}), ([], {"MAGNETO_PORT": port}), (["--port", port], {"MAGNETO_PORT": "1"}),
                          (["--endpoint", f"http://localhost:{port}"], {}), (["-host", "127.0.0.1", "-port", port], {})):
            result = run("healthcheck", *args, env=env)
            assert (result.returncode, result.stdout, result.stderr) == (0, "", ""), (args, result)
        server.end()
        for args, env in (["--port", port], {}), ([], {"MAGNETO_PORT": port}):
            result = run("healthcheck", *args, env=env)
            assert result.returncode == 1 and result.stderr.count("\n") == 1, result


def test_healthcheck_of_a_server_that_hangs():
    with start("-inMemory") as server:
        server.process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        assert run("healthcheck", "--port", str(server.port)).returncode == 1
        assert time.monotonic() - began < 2
        server.process.send_signal(signal.SIGCONT)
