"""Who serves: root lets go where it can. Each test needs root itself, and for the image a /home of its own."""
import os
import subprocess
import tempfile

import server as servers
from process import IS_ROOT, environment, start

CAPLESS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
IN_IMAGE = """
mount -t tmpfs none /home && mkdir /home/dynamodblocal && chown 1000:1000 /home/dynamodblocal && cd /home/dynamodblocal
mkdir -m 1777 data && mkdir /home/roots && mkdir -p /home/mine && chown 777:778 /home/mine && umask 022
"""


def uid_of(server):
    with open(f"/proc/{server.process.pid}/status", encoding="utf-8") as status:
        return {line.split()[2] for line in status if line.startswith("Uid:")}.pop()


def in_image(*args, before=(), script="", program=None):
    """A server where the image's home is. Its process is the shell's."""
    program = program or servers.PROGRAM
    command = ["unshare", "--mount", "sh", "-ec", IN_IMAGE + script + 'exec "$@"', "sh", *before, program]
    return servers.Server(*args, "-port", "0", command=command, env=environment())


def folder_of(uid):
    folder = tempfile.TemporaryDirectory()
    os.chown(folder.name, uid, uid)
    return folder


def test_owner_of_the_directory():
    if not IS_ROOT:
        return
    with folder_of(1234) as folder:
        with start("-dbPath", folder) as server:
            assert uid_of(server) == "1234"
            assert server.end()[1] == 0
        with start("-dbPath", os.path.join(folder, "new")) as server:
            assert uid_of(server) == "1234"
        with start(cwd=folder) as server:
            assert uid_of(server) == "1234"
        assert os.stat(os.path.join(folder, "new/magneto.mdb")).st_uid == 1234


def test_ordinary_machine():
    if not IS_ROOT:
        return
    with folder_of(0) as folder, start("-dbPath", folder) as server:
        assert uid_of(server) == "0"
    with start("-inMemory") as server:
        assert uid_of(server) == "0"


def test_image():
    if not IS_ROOT:
        return
    for args, uid in ((["-inMemory"], "1000"), ([], "1000"), (["-dbPath", "./data"], "1000"),
                      (["-dbPath", "/home/roots"], "1000"), (["-dbPath", "/home/mine"], "777"),
                      (["-dbPath", "/home/roots/new/er"], "1000")):
        with in_image(*args) as server:
            assert uid_of(server) == uid, args
            assert server.is_alive() and server.end()[1] == 0


def test_file_of_roots():
    """Left by a magneto that served as root: it goes to who serves now."""
    if not IS_ROOT:
        return
    with folder_of(0) as folder, start("-dbPath", folder) as server:
        assert server.end()[1] == 0
        with in_image("-dbPath", "data", script=f"cp {folder}/magneto.mdb data;") as server:
            assert uid_of(server) == "1000" and server.is_alive()


def test_without_capabilities():
    if not IS_ROOT:
        return
    for before in CAPLESS, [*CAPLESS, "--no-new-privs"]:
        with in_image("-inMemory", before=before) as server:
            assert uid_of(server) == "0" and server.is_alive()
    with in_image("-inMemory", before=["setpriv", "--no-new-privs"]) as server:
        assert uid_of(server) == "1000"
    with in_image("-dbPath", "data", before=["setpriv", "--reuid=4321", "--regid=4321", "--clear-groups"]) as server:
        assert uid_of(server) == "4321"


def test_directory_that_may_not_be_written():
    if not IS_ROOT:
        return
    with folder_of(0) as folder:
        os.chmod(folder, 0o755)
        for path in folder, folder + "/new":
            result = subprocess.run(["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", servers.PROGRAM,
                                     "-dbPath", path, "-port", "0"], capture_output=True, text=True, timeout=5)
            assert result.returncode == 1 and not result.stdout and result.stderr.count("\n") == 1
            for part in path, "user 1000", f"chown -R 1000 {folder}":
                assert part in result.stderr, result.stderr


def test_read_only_root():
    if not IS_ROOT:
        return
    script = f"""cp {servers.PROGRAM} /home/magneto
        mount -t tmpfs -o ro,noexec none /tmp; mount -o remount,bind,ro /; ! touch /x 2>/dev/null; """
    for args in ["-inMemory"], ["-dbPath", "data"]:
        with in_image(*args, script=script, program="/home/magneto") as server:
            assert uid_of(server) == "1000" and server.is_alive()
