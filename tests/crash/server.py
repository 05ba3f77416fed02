"""A magneto on disk, started, killed and ended by the test."""
import signal
import subprocess
import tempfile
import threading

from runner.client import Client

START_S = 60
END_S = 30


class ServerError(Exception):
    pass


class Server:
    def __init__(self, program, folder, sync):
        self.output = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([program, "--port", "0", "--dbPath", folder, "--sync", sync, "-sharedDb"],
                                        stdout=subprocess.PIPE, stderr=self.output, text=True)
        self.port = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def wait(self):
        """Until it listens; the banner tells its port."""
        watch = threading.Timer(START_S, self.process.kill)
        watch.start()
        for line in self.process.stdout:
            if line.startswith("Port:"):
                self.port = int(line.split()[1])
            if line.startswith("magneto "):
                break
        watch.cancel()
        if self.process.poll() is not None or self.port is None:
            raise ServerError(f"does not start: status {self.process.wait()}, {self.errors()}")

    def errors(self):
        self.output.seek(0)
        return self.output.read()[-4000:]

    def client(self):
        return Client(f"http://127.0.0.1:{self.port}", "us-east-1", "crash", "crash")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(END_S)
        except subprocess.TimeoutExpired as slow:
            raise ServerError("does not end on SIGTERM") from slow
        if status != 0:
            raise ServerError(f"ends with {status}: {self.errors()}")
