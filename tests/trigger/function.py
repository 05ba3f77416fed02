"""A Lambda function at the end of a socket, with answers that a test has written for it: what the runtime interface
emulator, and worse targets, would say."""
import json
import socket
import threading

HEAD = "HTTP/1.1 %d It\r\nContent-Length: %d\r\n%s\r\n"


class Call:
    def __init__(self, raw_head, body, connection):
        self.raw_head, self.body, self.connection = raw_head, body, connection
        self.event = json.loads(body)
        self.records = self.event["Records"]
        self.keys = keys_of(self.records)
        self.sequence = [record["dynamodb"]["SequenceNumber"] for record in self.records]

    def header(self, name):
        for line in self.raw_head.split("\r\n")[1:]:
            key, _, value = line.partition(": ")
            if key.lower() == name.lower():
                return value
        return None


def keys_of(records):
    return [record["dynamodb"]["Keys"]["pk"]["S"] for record in records]


# --- answers: each is called with the call and its socket; True: the connection stays open ----------------------------

def answer(body=b"null", status=200, headers=""):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()

    def say(_, sock):
        sock.sendall((HEAD % (status, len(body), headers)).encode() + body)
        return True
    return say


def raw(data):
    """These bytes, then the end of the connection."""
    def say(_, sock):
        sock.sendall(data)
        return False
    return say


def failed_items(*places):
    """Reports the records at these places of the batch."""
    def say(call, sock):
        items = [{"itemIdentifier": call.sequence[place]} for place in places]
        return answer({"batchItemFailures": items})(call, sock)
    return say


def poison(*keys, otherwise=answer()):
    """A function error when one of the keys is in the batch."""
    def say(call, sock):
        bad = set(keys) & set(call.keys)
        return (answer(ERROR) if bad else otherwise)(call, sock)
    return say


def wait(event, then=answer()):
    """The answer comes when the test says so."""
    def say(call, sock):
        event.wait(60)
        return then(call, sock)
    return say


OK = answer()
DROP = raw(b"")
ERROR = {"errorMessage": "it broke", "errorType": "Broken", "stackTrace": []}


class Function:
    """Answers as `script` says, in order, then as `otherwise` does."""

    def __init__(self, *script, otherwise=OK, port=0):
        self.script, self.otherwise = list(script), otherwise
        self.calls, self.changed = [], threading.Condition()
        self.connections = self.running = self.most_running = 0
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/2015-03-31/functions/reply/invocations"
        self.sockets = set()
        self.socket.listen(50)
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        with self.changed:
            open_ones = [self.socket, *self.sockets]
            self.sockets = set()
        for sock in open_ones:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()

    # --- serving

    def accept(self):
        try:
            while True:
                sock, _ = self.socket.accept()
                with self.changed:
                    self.connections += 1
                    self.sockets.add(sock)
                    number = self.connections
                threading.Thread(target=self.serve, args=(sock, number), daemon=True).start()
        except OSError:
            pass

    def serve(self, sock, number):
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            buffer = b""
            while True:
                while b"\r\n\r\n" not in buffer:
                    data = sock.recv(1 << 20)
                    if not data:
                        return
                    buffer += data
                raw_head, buffer = buffer.split(b"\r\n\r\n", 1)
                raw_head = raw_head.decode("latin-1")
                length = next(int(line[16:]) for line in raw_head.split("\r\n") if line.startswith("Content-Length: "))
                while len(buffer) < length:
                    data = sock.recv(1 << 20)
                    if not data:
                        return
                    buffer += data
                body, buffer = buffer[:length], buffer[length:]
                if not self.respond(Call(raw_head, body, number), sock):
                    return
        except OSError:
            pass
        finally:
            with self.changed:
                self.sockets.discard(sock)
            sock.close()

    def respond(self, call, sock):
        with self.changed:
            self.calls.append(call)
            self.running += 1
            self.most_running = max(self.most_running, self.running)
            say = self.script.pop(0) if self.script else self.otherwise
            self.changed.notify_all()
        try:
            return say(call, sock)
        finally:
            with self.changed:
                self.running -= 1
                self.changed.notify_all()

    # --- for tests

    def until(self, condition, seconds=30):
        """Waits until the condition holds, which is asked after each call."""
        with self.changed:
            assert self.changed.wait_for(lambda: condition(self), seconds), [call.keys for call in self.calls]
        return self

    def until_calls(self, n, seconds=30):
        return self.until(lambda function: len(function.calls) >= n, seconds).calls

    @property
    def keys(self):
        """Of all calls, one behind the other."""
        with self.changed:
            return [key for call in self.calls for key in call.keys]
