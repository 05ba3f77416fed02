"""What the image is made of, and that an engine's own `run` starts it."""
import glob
import json
import os
import stat
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
BYTES_MOST = 12_000_000


def config(build):
    with open(build + "/image/config.json") as file:
        return json.load(file)["Docker"]["config"]


def stat_of(build, path):
    return os.lstat(build + "/image/rootfs" + path)


def text_of(build, path):
    with open(build + "/image/rootfs" + path) as file:
        return file.read()


def chrooted(build, *arguments):
    return subprocess.run(["chroot", build + "/image/rootfs", *arguments], capture_output=True, text=True, timeout=20,
                          check=False)


def test_size(build):
    sizes = {}
    for folder, _, files in os.walk(build + "/image/rootfs"):
        for name in files:
            found = os.lstat(os.path.join(folder, name))
            if stat.S_ISREG(found.st_mode):
                sizes[found.st_ino] = found.st_size
    assert 0 < sum(sizes.values()) <= BYTES_MOST, sum(sizes.values())


def test_configuration(build):
    got = config(build)
    assert got["Entrypoint"] == ["java"]
    assert got["Cmd"] == ["-jar", "DynamoDBLocal.jar", "-inMemory"]
    assert got["WorkingDir"] == "/home/dynamodblocal"
    assert got["User"] in ("", "0", "root")
    assert list(got["ExposedPorts"]) == ["8000/tcp"]
    assert "/usr/bin" in dict(line.split("=") for line in got["Env"])["PATH"].split(":")
    second = 1_000_000_000
    assert got["Healthcheck"] == {"Test": ["CMD", "/usr/bin/magneto", "healthcheck"], "Interval": second,
                                  "Timeout": 2 * second, "Retries": 5}, got["Healthcheck"]


def test_java_is_magneto(build):
    assert stat_of(build, "/usr/bin/java").st_ino == stat_of(build, "/usr/bin/magneto").st_ino


def test_bash_is_sh(build):
    assert stat_of(build, "/usr/bin/bash").st_ino == stat_of(build, "/usr/bin/sh").st_ino
    for shell in ("/bin/sh", "/bin/bash"):
        assert chrooted(build, shell, "-c", "[ a == a ]").returncode == 0
        assert chrooted(build, shell, "-c", "[ a == b ]").returncode == 1


def test_home(build):
    home = "/home/dynamodblocal"
    for path in (home, home + "/data", home + "/DynamoDBLocal_lib", home + "/DynamoDBLocal.jar"):
        found = stat_of(build, path)
        assert (found.st_uid, found.st_gid) == (1000, 1000), path
    assert stat.S_IMODE(stat_of(build, home + "/data").st_mode) == 0o1777
    assert stat.S_IMODE(stat_of(build, home).st_mode) == 0o755
    assert stat.S_IMODE(stat_of(build, "/tmp").st_mode) == 0o1777


def test_names(build):
    assert "dynamodblocal:x:1000:1000:" in text_of(build, "/etc/passwd")
    assert "dynamodblocal:x:1000:" in text_of(build, "/etc/group")
    assert text_of(build, "/etc/passwd").startswith("root:x:0:0:")


def test_every_program_finds_its_libraries(build):
    rootfs = build + "/image/rootfs"
    for path in glob.glob(rootfs + "/usr/bin/*"):
        with open(path, "rb") as file:
            is_program = file.read(4) == b"\x7fELF"
        if is_program:
            loader, = glob.glob(rootfs + "/lib*/ld-linux*")
            listed = chrooted(build, loader[len(rootfs):], "--list", path[len(rootfs):])
            assert listed.returncode == 0 and "not found" not in listed.stdout, path + listed.stdout + listed.stderr


def test_no_program_changes_the_user(build):
    for folder, _, files in os.walk(build + "/image/rootfs"):
        for name in files:
            mode = os.lstat(os.path.join(folder, name)).st_mode
            assert stat.S_ISLNK(mode) or not mode & (stat.S_ISUID | stat.S_ISGID), name


def test_licences(build):
    found = os.listdir(build + "/image/rootfs/usr/share/doc")
    for package in ("magneto", "bash", "busybox", "libc6", "netcat-openbsd", "liblmdb-dev", "libuv1-dev"):
        assert package in found, package


def test_no_architecture_is_named(_):
    """What builds for amd64 builds for arm64."""
    named = subprocess.run(["grep", "-rniE", "x86|amd64|aarch|arm64", HERE + "/../../docker"], capture_output=True,
                           text=True, check=False)
    assert named.stdout == "", named.stdout


def test_run_by_buildah(build):
    """The image's command in a container of buildah's, which has the machine's network: hence the port."""
    script = """
        java -jar DynamoDBLocal.jar -inMemory -port 0 >/tmp/out &
        until port=$(sed -n 's/^Port:\\t//p' /tmp/out) && [ "$port" ]; do sleep 0.1; done
        curl -s --retry 20 --retry-connrefused -o /dev/null -w '%{http_code}\\n' http://localhost:$port
        magneto healthcheck --port $port || echo ill
        kill %1; wait %1; echo "ended with $?"
    """
    done = subprocess.run([HERE + "/run-in", build, "localhost/magneto", "sh", "-c", script], capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.stdout.splitlines()[-2:] == ["400", "ended with 0"], done.stdout + done.stderr
