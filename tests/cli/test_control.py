"""The commands that make control calls."""
import json

from process import run, start


def magneto(server, *words, status=0):
    done = run(*words, "-port", str(server.port))
    assert done.returncode == status, (done.stdout, done.stderr)
    return json.loads(done.stdout) if status == 0 else done.stderr


def test_clock():
    with start("-inMemory") as server:
        assert magneto(server, "clock")["frozen"] is False
        assert magneto(server, "clock", "set=2031-01-01T00:00:00Z", "freeze=true")["now"] == "2031-01-01T00:00:00.000Z"
        assert magneto(server, "clock", "advance=48h")["now"] == "2031-01-03T00:00:00.000Z"
        assert magneto(server, "clock", "advance=0.5")["now"] == "2031-01-03T00:00:00.500Z"
        assert magneto(server, "clock", "reset=true")["offset"] == 0
        assert "advance must be a duration" in magneto(server, "clock", "advance=soon", status=1)
        assert "write NAME=VALUE" in magneto(server, "clock", "forward", status=1)


def test_files_that_are_not_there():
    done = run("namespaces", "-dbPath", "/nowhere")
    assert done.returncode == 1 and "no magneto.mdb" in done.stderr


def test_no_server():
    done = run("clock", "-port", "1")
    assert done.returncode == 1 and "refused" in done.stderr, done.stderr
