"""curl and wget of the image, against a small server that answers well and badly."""
import functools
import http.server
import os
import socket
import subprocess
import tempfile
import threading
import time


class Handler(http.server.BaseHTTPRequestHandler):
    """The path says how to answer."""
    protocol_version = "HTTP/1.1"
    flaky = 0

    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name = self.path.strip("/").split("?")[0] or "root"
        getattr(self, "on_" + name, self.on_code)(body)

    do_GET = do_POST = do_HEAD = do_PUT = answer

    def on_code(self, _):
        self.reply(int(self.path.strip("/")), b"body\n")

    def on_root(self, _):
        self.reply(200, b"hello\n", [("Content-Type", "text/plain")])

    def on_echo(self, body):
        lines = [f"{self.command} {self.path}", *(f"{name}: {value}" for name, value in self.headers.items())]
        self.reply(200, "\n".join(lines).encode() + b"\n\n" + body)

    def on_chunks(self, _):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"3\r\none\r\n4\r\n two\r\n0\r\n\r\n")

    def on_until_close(self, _):
        self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\nto the end")
        self.close_connection = True

    def on_cut(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        self.close_connection = True

    def on_nothing(self, _):
        self.close_connection = True

    def on_noise(self, _):
        self.wfile.write(b"SSH-2.0-none\r\n\r\n")
        self.close_connection = True

    def on_continue(self, _):
        self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.reply(200, b"then\n")

    def on_away(self, _):
        self.reply(302, b"not this", [("Location", "/echo?away")])

    def on_circle(self, _):
        self.reply(301, b"", [("Location", "circle")])

    def on_slow(self, _):
        time.sleep(3)
        self.close_connection = True

    def on_flaky(self, _):
        Handler.flaky += 1
        self.reply(200 if Handler.flaky % 3 == 0 else 503, b"at last\n" if Handler.flaky % 3 == 0 else b"")


@functools.cache
def url():
    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://localhost:{server.server_port}"


def closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def run(build, *arguments):
    done = subprocess.run(["chroot", build + "/image/rootfs", *arguments], capture_output=True, text=True, timeout=30,
                          check=False)
    return done.returncode, done.stdout, done.stderr


def says(build, status, stdout, *arguments):
    got = run(build, *arguments)
    assert got[:2] == (status, stdout), (arguments, got)
    return got[2]


def lines(build, *arguments):
    status, stdout, stderr = run(build, *arguments)
    assert status == 0, (arguments, status, stderr)
    return stdout.splitlines()


def test_curl_body(build):
    says(build, 0, "hello\n", "curl", "-s", url())
    says(build, 0, "hello\n", "curl", url())
    says(build, 0, "one two", "curl", "-s", url() + "/chunks")
    says(build, 0, "to the end", "curl", "-s", url() + "/until_close")
    says(build, 0, "then\n", "curl", "-s", url() + "/continue")
    says(build, 0, "hello\nhello\n", "curl", "-s", url(), url())
    says(build, 0, "", "curl", "-s", url() + "/204")


def test_curl_head(build):
    assert lines(build, "curl", "-sI", url())[0] == "HTTP/1.1 200 OK"
    assert lines(build, "curl", "-si", url())[-1] == "hello"
    assert lines(build, "curl", "-s", "-D", "-", "-o", "/dev/null", url())[0] == "HTTP/1.1 200 OK"


def test_curl_fail(build):
    assert says(build, 22, "", "curl", "-f", url() + "/400") == "curl: (22) The requested URL returned error: 400\n"
    assert says(build, 22, "", "curl", "-sf", url() + "/500") == ""
    assert "503" in says(build, 22, "", "curl", "-sSf", url() + "/503")
    says(build, 22, "body\n", "curl", "-s", "--fail-with-body", url() + "/404")
    says(build, 0, "body\n", "curl", "-s", url() + "/404")


def test_curl_write_out(build):
    says(build, 0, "400\n", "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}\\n", url() + "/400")
    says(build, 0, "400", "curl", "-s", "-o/dev/null", "-w%{response_code}", url() + "/400")
    says(build, 0, "200 6 text/plain %", "curl", "-so", "/dev/null", "-w",
         "%{http_code} %{size_download} %{content_type} %%", url())
    says(build, 7, "000", "curl", "-s", "-w", "%{http_code}", f"http://localhost:{closed_port()}")


def test_curl_request(build):
    got = lines(build, "curl", "-s", "-X", "PUT", "-H", "X-One: 1", "-H", "C: 3", "-H", "Content-Length: 9", "-H", "Accept:",
                "-HUser-Agent: me", "-d", "a=1", "--data", "b=2", url() + "/echo")
    assert got[0] == "PUT /echo"
    assert {"X-One: 1", "C: 3", "User-Agent: me", "Content-Length: 7", "Content-Type: application/x-www-form-urlencoded",
            "Host: " + url()[7:]} <= set(got), got
    assert not any(line.startswith("Accept:") for line in got)
    assert got[-1] == "a=1&b=2"
    got = lines(build, "curl", "-s", "--json", "{}", url() + "/echo")
    assert got[0] == "POST /echo" and "Content-Type: application/json" in got and got[-1] == "{}"
    assert lines(build, "curl", "-sG", "-d", "a=1", url() + "/echo?b=2")[0] == "GET /echo?b=2&a=1"


def test_curl_output_to_a_file(build):
    with tempfile.NamedTemporaryFile(dir=build + "/image/rootfs/tmp") as file:
        name = "/tmp/" + os.path.basename(file.name)
        says(build, 0, "", "curl", "-s", "-o", name, url())
        assert file.read() == b"hello\n"
        file.seek(0)
        file.write(b"line one\nline two\n")
        file.flush()
        assert lines(build, "curl", "-s", "-d", "@" + name, url() + "/echo")[-1] == "line oneline two"
        assert lines(build, "curl", "-s", "--data-binary", "@" + name, url() + "/echo")[-2:] == ["line one", "line two"]
    says(build, 23, "", "curl", "-s", "-o", "/no/such/place", url())


def test_curl_redirects(build):
    says(build, 0, "not this", "curl", "-s", url() + "/away")
    assert lines(build, "curl", "-sL", url() + "/away")[0] == "GET /echo?away"
    assert lines(build, "curl", "-sL", "-d", "x", url() + "/away")[0] == "GET /echo?away"
    assert lines(build, "curl", "-sL", "-X", "POST", "-d", "x", url() + "/away")[0] == "POST /echo?away"
    says(build, 47, "", "curl", "-sL", "--max-redirs", "3", url() + "/circle")


def test_curl_faults(build):
    says(build, 7, "", "curl", "-s", f"http://127.0.0.1:{closed_port()}")
    assert "(7)" in says(build, 7, "", "curl", "-sS", f"http://127.0.0.1:{closed_port()}")
    says(build, 6, "", "curl", "-s", "http://no.such.host.invalid/")
    says(build, 52, "", "curl", "-s", url() + "/nothing")
    says(build, 1, "", "curl", "-s", url() + "/noise")
    says(build, 18, "half", "curl", "-s", url() + "/cut")
    says(build, 28, "", "curl", "-s", "-m", "0.5", url() + "/slow")
    says(build, 3, "", "curl", "-s", "http://host:port/")
    says(build, 1, "", "curl", "-s", "https://localhost/")
    says(build, 2, "", "curl")
    assert "--nonsense" in says(build, 2, "", "curl", "--nonsense", url())
    says(build, 2, "", "curl", "-m", "soon", url())


def test_curl_retry(build):
    Handler.flaky = 0
    says(build, 0, "at last\n", "curl", "-sf", "--retry", "3", "--retry-delay", "0.1", url() + "/flaky")
    began = time.monotonic()
    says(build, 7, "", "curl", "-s", "--retry", "1", f"http://localhost:{closed_port()}")
    assert time.monotonic() - began < 0.9
    says(build, 7, "", "curl", "-s", "--retry", "1", "--retry-connrefused", f"http://localhost:{closed_port()}")
    assert time.monotonic() - began > 0.9


def test_wget(build):
    says(build, 0, "hello\n", "wget", "-qO-", url())
    says(build, 0, "hello\n", "wget", "-q", "--tries=1", "--timeout=3", "-O", "-", url())
    says(build, 0, "one two", "wget", "-nv", "--output-document=-", url() + "/chunks")
    says(build, 0, "", "wget", "-q", "--spider", url())
    says(build, 8, "", "wget", "--spider", url() + "/404")
    says(build, 8, "", "wget", "-qO-", url() + "/400")
    says(build, 8, "body\n", "wget", "-qO-", "--content-on-error", url() + "/400")
    assert "HTTP/1.1 400" in says(build, 8, "", "wget", "-S", "-q", "-O", "-", url() + "/400")
    says(build, 4, "", "wget", "-q", "-O", "-", f"http://localhost:{closed_port()}")
    says(build, 4, "", "wget", "-q", "-T", "0.3", "-t", "2", "-O", "-", url() + "/slow")
    assert lines(build, "wget", "-qO-", url() + "/away")[0] == "GET /echo?away"
    got = lines(build, "wget", "-qO-", "--header", "X-One: 1", "--post-data", "x=y", url() + "/echo")
    assert got[0] == "POST /echo" and "X-One: 1" in got and got[-1] == "x=y"
