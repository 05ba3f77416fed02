"""Plays a fixture: brings its services up as `docker compose up` does, then takes the steps of its x-replay.

A step is a verb of Replay with what it needs. Everything runs in a network of its own, where the services and the
machine share 127.0.0.1; each name of a service leads there."""
import asyncio
import fcntl
import http.client
import json
import os
import re
import shlex
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import compose
import isolate
from container import Container, HERE, Image

MACHINE = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "us-east-1",
           "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": ""}
PATIENCE = 20  # seconds, for what is to happen at once


class Failure(Exception):
    pass


def expect(condition, text):
    if not condition:
        raise Failure(text)


def own_network():
    """A network and mounts for this process and its children; only loopback, which is up."""
    isolate.call("unshare", isolate.NEWNET | isolate.NEWNS)
    isolate.mount(None, "/", None, isolate.MS_REC | isolate.MS_PRIVATE)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 1 | 64))  # SIOCSIFFLAGS: IFF_UP, IFF_RUNNING


def forward(from_port, to_port):
    """`ports: [9000:8000]`, until the process ends. It listens when this returns."""
    async def copy(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def serve(reader, writer):
        try:
            to_reader, to_writer = await asyncio.open_connection("127.0.0.1", to_port)
        except OSError:
            return writer.close()
        return await asyncio.gather(copy(reader, to_writer), copy(to_reader, writer), return_exceptions=True)

    async def listen(listener):
        await (await asyncio.start_server(serve, sock=listener)).serve_forever()
    listener = socket.create_server(("127.0.0.1", from_port))
    threading.Thread(target=lambda: asyncio.run(listen(listener)), daemon=True).start()


class Replay:
    """`build`: the directory of tests/docker/build-image; `directory`: an empty one, for this fixture."""

    def __init__(self, path, build, directory):
        self.build, self.directory = build, directory
        self.project = directory + "/project"
        os.makedirs(self.project)
        self.services, self.plan = compose.load(path, {"PWD": self.project})
        self.volumes = compose.Volumes(self.project, directory + "/volumes")
        names = sorted({name for service in self.services for name in service.names})
        self.hosts = f"127.0.0.1\tlocalhost\n127.0.0.1\t{' '.join(names)}\n"
        self.containers = {}

    def play(self):
        own_network()
        self.name_services()
        try:
            if "prepare" in self.plan:
                self.machine(self.plan["prepare"])
            for service in self.services:
                self.up(service)
            for step in self.plan["steps"]:
                self.take(step)
        except Failure as failure:
            raise Failure(f"{failure}\n{self.all_logs()}") from None
        finally:
            for container in self.containers.values():
                container.kill()

    def name_services(self):
        with open(self.directory + "/hosts", "w") as file:
            file.write(self.hosts)
        isolate.mount(self.directory + "/hosts", "/etc/hosts", None, isolate.MS_BIND)

    def all_logs(self):
        return "\n".join(f"    {name}: {line}" for name, container in self.containers.items()
                         for line in container.logs().splitlines()[-8:])

    # --- up -------------------------------------------------------------------------------------------------------

    def up(self, service):
        for name, condition in service.depends_on.items():
            if condition == "service_healthy":
                self.healthy(name)
            elif condition == "service_completed_successfully":
                self.completed(name)
        image = self.image(service)
        if not image:
            return
        container = Container(image, service, f"{self.directory}/{service.name}", self.hosts, self.volumes)
        self.containers[service.name] = container
        for host, inner in service.ports:
            if host != inner:
                forward(host, inner)
        container.start()

    def image(self, service):
        if service.dockerfile:
            return self.derived(service)
        if service.is_ours():
            return Image.unpacked(self.build + "/image")
        entrypoint = service.other()
        return None if entrypoint is None else Image(None, {"Entrypoint": entrypoint, "Env": [
            f"{name}={value}" for name, value in MACHINE.items() if name == "AWS_EC2_METADATA_DISABLED"]})

    def derived(self, service):
        """An image that is built FROM amazon/dynamodb-local, with the name changed."""
        path = f"{self.directory}/Dockerfile.{service.name}"
        with open(path, "w") as file:
            file.write(re.sub(r"(?im)^(FROM\s+)amazon/dynamodb-local\S*", r"\1localhost/magneto", service.dockerfile))
        out = f"{self.directory}/image-{service.name}"
        done = subprocess.run([HERE + "/build-derived", self.build, path, self.project, out], capture_output=True,
                              text=True, check=False)
        expect(done.returncode == 0, "the derived image cannot be built: " + done.stdout + done.stderr)
        return Image.unpacked(out)

    # --- steps ----------------------------------------------------------------------------------------------------

    def take(self, step):
        (verb, what), = step.items()
        try:
            getattr(self, verb)(**what) if isinstance(what, dict) else getattr(self, verb)(what)
        except Failure as failure:
            raise Failure(f"{verb}: {json.dumps(what)}: {failure}") from None

    def until(self, test, within):
        """`test` gives (done, what it saw)."""
        end = time.monotonic() + within
        while True:
            done, seen = test()
            if done:
                return
            expect(time.monotonic() < end, seen)
            time.sleep(0.05)

    def healthy(self, service, within=PATIENCE):
        """The healthcheck of the service, or of the image, passes. (An engine would wait an interval first.)"""
        container = self.containers[service]

        def test():
            expect(container.process.poll() is None, f"{service} has ended")
            return container.is_healthy()
        self.until(test, within)

    def unhealthy(self, service):
        done, seen = self.containers[service].is_healthy()
        expect(not done, "it is healthy: " + seen)

    def completed(self, service):
        self.exited(service)

    def exited(self, service, status=0, says="", within=PATIENCE):
        container = self.containers[service]
        try:
            ended = container.wait(within)
        except subprocess.TimeoutExpired:
            raise Failure("it runs on") from None
        expect(ended == status, f"status {ended}, not {status}")
        expect(re.search(says, container.logs()), "it says nothing of the kind")

    def logs(self, service, line, within=5):
        """A line of stdout or stderr that the pattern matches from its beginning to its end."""
        container = self.containers[service]
        pattern = re.compile(line)
        self.until(lambda: (any(pattern.fullmatch(text) for text in container.logs().splitlines()), "no such line"),
                   within)

    def stdout(self, service, text):
        """stdout, to the last byte of `text`, is this; {version} is any."""
        pattern = re.escape(text).replace(r"\{version\}", r"\d+\.\d+\.\d+")
        seen = self.containers[service].output("stdout")
        expect(re.match(pattern, seen), "stdout is " + repr(seen))

    def silent(self, service, text):
        expect(text not in self.containers[service].logs(), "it says so")

    def port(self, number, within=PATIENCE):
        """Something listens there: a connection of the machine's is taken."""
        def test():
            try:
                socket.create_connection(("localhost", number), 1).close()
                return True, ""
            except OSError as fault:
                return False, str(fault)
        self.until(test, within)

    def http(self, url, status, method="GET", headers=None, says="", has=None, within=0):
        """One request; with `within`, until it is answered so. `has`: headers of the reply, null for absent."""
        def test():
            try:
                got, seen, body = request(method, url, headers or {}, None)
            except OSError as fault:
                return False, str(fault)
            right = all(seen.get(name) == value for name, value in (has or {}).items())
            return got == status and right and bool(re.search(says, body)), f"{got} {dict(seen)} {body}"
        self.until(test, within)

    def call(self, operation, url="http://localhost:8000", body=None, status=200, says="", key="local",
             region="us-east-1"):
        """One DynamoDB operation."""
        credential = f"AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/dynamodb/aws4_request"
        headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810." + operation,
                   "X-Amz-Date": "20260101T000000Z",
                   "Authorization": credential + ", SignedHeaders=host;x-amz-date, Signature=00"}
        got, _, reply = request("POST", url, headers, json.dumps(body or {}))
        expect(got == status and re.search(says, reply), f"{got} {reply}")

    def execute(self, service, command, status=0, says="", user=None, workdir=None, environment=None, within=0):
        """`docker exec`: a text is split as a shell would."""
        arguments = shlex.split(command) if isinstance(command, str) else command

        def test():
            done = self.containers[service].execute(arguments, user, workdir, environment)
            output = done.stdout + done.stderr
            return done.returncode == status and bool(re.search(says, output)), f"status {done.returncode}, {output}"
        self.until(test, within)

    def machine(self, script, says=""):
        """A script on the machine that runs the containers, in the project's directory."""
        done = subprocess.run(["bash", "-euc", script], cwd=self.project, env={**os.environ, **MACHINE}, text=True,
                              capture_output=True, timeout=60, check=False)
        output = done.stdout + done.stderr
        expect(done.returncode == 0 and re.search(says, output), f"status {done.returncode}, {output}")

    def stop(self, service, status=0, within=1, number="SIGTERM"):
        ended, took = self.containers[service].stop(getattr(signal, number))
        expect(ended == status, f"status {ended}")
        expect(took < within, f"it took {took:.2f} s")

    def start(self, service):
        """Again, with the same files and volumes."""
        self.containers[service].start()


def request(method, url, headers, body):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=5)
    try:
        connection.request(method, (parts.path or "/") + (parts.query and "?" + parts.query), body, headers)
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read().decode(errors="replace")
    finally:
        connection.close()


def main():
    build, path = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="magneto-fixture-") as directory:
        os.chmod(directory, 0o755)  # users of containers look into it
        try:
            Replay(path, build, directory).play()
        except Failure as failure:
            print(failure)
            sys.exit(1)


if __name__ == "__main__":
    main()
