"""A container: an image's files and configuration, with what a compose service says about it."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ISOLATE = [sys.executable, os.path.join(HERE, "isolate.py")]

# What Docker leaves root by default.
CAPABILITIES = ("CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE "
                "SYS_CHROOT KILL AUDIT_WRITE").split()


class Image:
    """`files`: a directory, or None for the files of the machine that this runs on."""

    def __init__(self, files, config):
        self.files, self.config = files, config

    @classmethod
    def unpacked(cls, directory):
        with open(directory + "/config.json") as file:
            return cls(directory + "/rootfs", json.load(file)["Docker"]["config"])

    def get(self, name, default):
        return self.config.get(name) or default


class Container:
    """Runs below `directory`. `service` is one of compose.Service; `hosts` the lines of /etc/hosts."""

    def __init__(self, image, service, directory, hosts, volumes):
        self.image, self.service, self.directory = image, service, directory
        os.makedirs(directory)
        self.spec_file = directory + "/spec.json"
        self.hosts = hosts
        self.volumes = volumes
        self.process = None
        self.outputs = []
        self.make_files()

    # --- what it is made of ---------------------------------------------------------------------------------------

    def make_files(self):
        if self.image.files:
            shutil.copytree(self.image.files, self.directory + "/root", symlinks=True, copy_function=copy_file)
            copy_owners(self.image.files, self.directory + "/root")
        else:
            os.mkdir(self.directory + "/root")
            os.mkdir(self.directory + "/layer")
        with open(self.directory + "/hosts", "w") as file:
            file.write(self.hosts)

    def capabilities(self):
        dropped = [name.upper() for name in self.service.cap_drop]
        kept = [] if "ALL" in dropped else [name for name in CAPABILITIES if name not in dropped]
        return kept + [name.upper() for name in self.service.cap_add]

    def environment(self):
        image = dict(line.split("=", 1) for line in self.image.get("Env", []))
        return {"PATH": os.environ["PATH"], "HOSTNAME": self.service.hostname, **image, **self.service.environment}

    def arguments(self):
        entrypoint = self.image.get("Entrypoint", []) if self.service.entrypoint is None else self.service.entrypoint
        command = self.service.command
        if command is None:
            command = self.image.get("Cmd", []) if self.service.entrypoint is None else []
        return [*entrypoint, *command]

    def spec(self):
        service = self.service
        binds = [[self.directory + "/hosts", "/etc/hosts", False]]
        if not self.image.files:  # what lies on another file system than / is not in the layer above it
            binds.append([repository(), repository(), True])
        for mount in service.volumes:
            binds.append([self.volumes.source(mount, self.image), mount.target, mount.read_only])
        return {
            "root": self.directory + "/root", "layer": None if self.image.files else self.directory + "/layer",
            "binds": binds, "tmpfs": service.tmpfs, "read_only": service.read_only,
            "arguments": self.arguments(), "env": self.environment(), "hostname": service.hostname,
            "cwd": service.working_dir or self.image.get("WorkingDir", "/"),
            "user": service.user or self.image.get("User", "root"),
            "capabilities": self.capabilities(), "no_new_privileges": service.no_new_privileges,
            "pid_file": self.directory + "/pid",
        }

    # --- its life -------------------------------------------------------------------------------------------------

    def start(self):
        if os.path.exists(self.directory + "/pid"):
            os.unlink(self.directory + "/pid")
        with open(self.spec_file, "w") as file:
            json.dump(self.spec(), file)
        self.outputs = [open(f"{self.directory}/{name}", "wb") for name in ("stdout", "stderr")]
        self.process = subprocess.Popen([*ISOLATE, "run", self.spec_file], stdin=subprocess.DEVNULL,
                                        stdout=self.outputs[0], stderr=self.outputs[1])
        while not os.path.exists(self.directory + "/pid") and self.process.poll() is None:
            time.sleep(0.005)

    def execute(self, arguments, user=None, workdir=None, environment=None, timeout=20):
        """`docker exec`: status and output of a further process."""
        with open(self.spec_file) as file:
            spec = json.load(file)
        spec["user"] = user or spec["user"]
        spec["cwd"] = workdir or spec["cwd"]
        spec["env"].update(environment or {})
        path = f"{self.directory}/exec-{time.monotonic_ns()}.json"
        with open(path, "w") as file:
            json.dump(spec, file)
        return subprocess.run([*ISOLATE, "exec", path, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=timeout, check=False)

    def send(self, number):
        with open(self.directory + "/pid") as file:
            os.kill(int(file.read()), number)

    def stop(self, number=signal.SIGTERM, timeout=10):
        """Its status and the seconds that it took."""
        began = time.monotonic()
        self.send(number)
        return self.wait(timeout), time.monotonic() - began

    def wait(self, timeout):
        status = self.process.wait(timeout)
        for output in self.outputs:
            output.close()
        return status

    def kill(self):
        if self.process and self.process.poll() is None:
            self.send(signal.SIGKILL)  # process 1 of the container: the others die with it
            self.process.wait()

    def output(self, name):
        with open(f"{self.directory}/{name}", errors="replace") as file:
            return file.read()

    def logs(self):
        return self.output("stdout") + self.output("stderr")

    # --- health ---------------------------------------------------------------------------------------------------

    def health_test(self):
        """Arguments of the check and seconds that it may take."""
        check = self.service.healthcheck or {}
        if check.get("test"):
            return shell_or_command(check["test"]), seconds(check.get("timeout", "30s"))
        image = self.image.get("Healthcheck", {})
        assert image, "no healthcheck, neither of the service nor of the image"
        return shell_or_command(image["Test"]), image["Timeout"] / 1e9

    def is_healthy(self):
        arguments, timeout = self.health_test()
        try:
            done = self.execute(arguments, timeout=timeout)
        except subprocess.TimeoutExpired:
            return False, f"{arguments} took more than {timeout} s"
        return done.returncode == 0, f"{arguments}: status {done.returncode}, {done.stdout}{done.stderr}"


def copy_file(source, target):
    shutil.copy2(source, target, follow_symlinks=False)


def copy_owners(source, target):
    """copytree leaves owners and hard links out."""
    first = {}
    for folder, folders, files in os.walk(source):
        copy = target + folder[len(source):]
        for name in [".", *folders, *files]:
            stat = os.lstat(f"{folder}/{name}")
            if name in files and stat.st_nlink > 1 and stat.st_ino in first:
                os.unlink(f"{copy}/{name}")
                os.link(first[stat.st_ino], f"{copy}/{name}")
            first.setdefault(stat.st_ino, f"{copy}/{name}")
            os.lchown(f"{copy}/{name}", stat.st_uid, stat.st_gid)
            if not os.path.islink(f"{copy}/{name}"):
                os.chmod(f"{copy}/{name}", stat.st_mode & 0o7777)


def repository():
    return os.path.dirname(os.path.dirname(HERE))


def shell_or_command(test):
    """What a healthcheck's test runs: a text and CMD-SHELL go to the shell."""
    if isinstance(test, str):
        return ["/bin/sh", "-c", test]
    return ["/bin/sh", "-c", test[1]] if test[0] == "CMD-SHELL" else test[1:]


def seconds(duration):
    """1m30s, 500ms, 2s."""
    units = {"h": 3600, "m": 60, "s": 1, "ms": 0.001}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"([\d.]+)(ms|h|m|s)", str(duration)))
