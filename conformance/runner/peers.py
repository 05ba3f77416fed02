"""Servers to play against: ours, and the peers, which are installed under build/peers when first asked for."""
import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PEERS = os.path.join(ROOT, "build", "peers")
LOCKED = os.path.join(ROOT, "conformance", "peers")
DYNOXIDE = "3.2.0"  # the crate's; the program calls itself 1.5.0
START_S, HANGS_S = 20, 10


class PeerError(Exception):
    pass


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        raise PeerError(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout.strip()


class Magneto:
    """In memory; build/magneto, unless another build is asked for."""

    name, program = "magneto", os.path.join(ROOT, "build", "magneto")

    def install(self):
        if not os.path.exists(self.program):
            raise PeerError(f"there is no {self.program}; ./check build makes build/magneto")

    def version(self):
        return run([self.program, "-version"])

    def command(self, port, layer):
        return [self.program, "-inMemory", "-host", "127.0.0.1", "-port", str(port), "-validation", layer]


class Dynalite:
    """The versions are those of conformance/peers/package-lock.json."""

    name, folder = "dynalite", os.path.join(PEERS, "dynalite")

    def install(self):
        lock, done = os.path.join(LOCKED, "package-lock.json"), os.path.join(self.folder, "installed")
        if os.path.exists(done) and read(done) == read(lock):
            return
        os.makedirs(self.folder, exist_ok=True)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(os.path.join(LOCKED, file), self.folder)
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", self.folder])
        shutil.copy(lock, done)

    def version(self):
        return run(["node", "-p", "require('dynalite/package.json').version"], cwd=self.folder)

    def command(self, port, layer):
        script = os.path.join(self.folder, "node_modules", "dynalite", "cli.js")
        return ["node", script, "--host", "127.0.0.1", "--port", str(port),
                "--createTableMs", "0", "--deleteTableMs", "0", "--updateTableMs", "0"]


class Dynoxide:
    """A Rust crate; installing it takes some minutes."""

    name, program = "dynoxide", os.path.join(PEERS, "bin", "dynoxide")

    def install(self):
        run(["cargo", "install", "dynoxide-rs", "--version", DYNOXIDE, "--locked", "--root", PEERS, "--quiet",
             "--no-default-features", "--features", "native-sqlite,http-server,cli"])

    def version(self):
        return f"{run([self.program, '--version']).split()[-1]} (crate {DYNOXIDE})"

    def command(self, port, layer):
        return [self.program, "serve", "--host", "127.0.0.1", "--port", str(port)]


SERVERS = {server.name: server for server in (Magneto(), Dynalite(), Dynoxide())}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def responds(port):
    """Whether any reply to anything comes within a time: a server that turns in circles takes connections too."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANGS_S)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Serving:
    """A server that was started here: its URL, and whether it lives."""

    def __init__(self, server, layer, folder):
        self.server, self.folder = server, folder
        self.port = free_port()
        self.command = server.command(self.port, layer)
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        output = os.path.join(self.folder, "output")
        with open(output, "wb") as file:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=file, stderr=file,
                                            stdin=subprocess.DEVNULL, start_new_session=True)
        end = time.monotonic() + START_S
        while not answers(self.port):
            if self.process.poll() is not None or time.monotonic() > end:
                raise PeerError(f"{self.server.name} did not start: {read(output)[-2000:].decode('utf-8', 'replace')}")
            time.sleep(0.02)

    def revive(self):
        """Starts it again if it has ended or hangs; says whether it did."""
        if responds(self.port):
            return False
        self.restart()
        return True

    def restart(self):
        self.end()
        self.start()

    def end(self):
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def serving(name, layer="classic"):
    """A server of that name, which ends with the block."""
    server = SERVERS[name]
    server.install()
    with tempfile.TemporaryDirectory() as folder:
        served = Serving(server, layer, folder)
        try:
            yield served
        finally:
            served.end()
