"""A magneto of the test's own: its arguments, its output, what it uses."""
import os
import resource
import signal
import subprocess
import tempfile
import time

from client import Client

PROGRAM = None  # set by run.py


def is_sanitized():
    """Then figures of memory and time say nothing."""
    with open(PROGRAM, "rb") as program:
        return b"__asan_init" in (text := program.read()) or b"__tsan_init" in text


def run(*args, **options):
    """Runs a magneto that is to end by itself."""
    return subprocess.run([PROGRAM, *args], capture_output=True, text=True, timeout=10, **options)


class Server:
    def __init__(self, *args, command=None, limit=None, **options):
        """`command` takes the place of the program with a free port; `limit`: (resource.RLIMIT_..., value) for the
        process; others are Popen's."""
        self.errors = tempfile.TemporaryFile("w+")
        self.began = time.monotonic()
        self.process = subprocess.Popen([*(command or [PROGRAM, "-port", "0"]), *args], stdout=subprocess.PIPE,
                                        stderr=self.errors, text=True, **options,
                                        preexec_fn=limit and (lambda: resource.setrlimit(limit[0], (limit[1],) * 2)))
        self.banner = []
        try:
            self.read_banner()
        except BaseException:
            self.__exit__()
            raise
        self.port = int(self.configured("Port"))

    def read_banner(self):
        while not self.banner or not self.banner[-1].startswith("magneto "):
            line = self.process.stdout.readline()
            assert line, "it ended: " + self.stderr()
            self.banner.append(line.rstrip("\n"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def configured(self, name):
        return next(line.split("\t")[1] for line in self.banner if line.startswith(name + ":\t"))

    def client(self, **options):
        return Client(self.port, **options)

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read()

    def end(self, number=signal.SIGTERM):
        """Seconds until it has ended, and its status."""
        began = time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(10)
        return time.monotonic() - began, status

    def resident_kb(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(next(line for line in status if line.startswith("VmRSS")).split()[1])

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def is_alive(self):
        """Answers as on the first day."""
        with self.client() as client:
            answer = client.ask("GET").body
            return self.process.poll() is None and (answer.startswith(b"healthy") or b"MissingAuthentication" in answer)


TABLE = {
    "TableName": "things",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def put(key, value=""):
    return {"TableName": "things", "Item": {"pk": {"S": key}, "v": {"S": value}}}


def get(key):
    return {"TableName": "things", "Key": {"pk": {"S": key}}}


def value_of(reply):
    return reply.json()["Item"]["v"]["S"]


def make_table(server):
    with server.client() as client:
        reply = client.call("CreateTable", TABLE)
        assert reply.status == 200, reply.body


def make_big_items(server, count=3, size=300_000):
    """A Scan of the table then answers with count * size bytes."""
    with server.client() as client:
        for i in range(count):
            assert client.call("PutItem", put(f"big{i}", "x" * size)).status == 200


def with_table(*args, **options):
    server = Server("-inMemory", *args, **options)
    try:
        make_table(server)
    except BaseException:
        server.__exit__()
        raise
    return server
