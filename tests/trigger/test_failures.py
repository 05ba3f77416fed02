"""Functions that fail, answers that are none, targets that are not there."""
import socket
import threading

from function import DROP, ERROR, OK, Function, answer, failed_items, poison, raw, wait
from triggers import Disk, Magneto, failures_of, numbered


def trigger(function, *options):
    return ",".join([f"things={function.url}", *options])


def run(function, keys, *options, args=()):
    """Puts the keys at once behind a first one, "first", during whose call they come; what the trigger says then."""
    with Magneto(trigger(function, *options), args=args) as magneto:
        magneto.create()
        magneto.put("first")
        function.until_calls(1)
        magneto.put(*keys)
        function.release.set()
        figures, = magneto.until_idle()
        return figures, magneto.lines()


class Held(Function):
    """Its first call is answered when the test releases it."""

    def __init__(self, *script, **more):
        self.release = threading.Event()
        super().__init__(wait(self.release), *script, **more)


# --- function errors ----------------------------------------------------------------------------------------------------

def test_every_form_of_a_function_error_is_tried_again():
    forms = [answer(ERROR), answer(b"null", headers="X-Amz-Function-Error: Unhandled\r\n"),
             answer(b"oops", headers="x-amz-function-error: Handled\r\n"), answer(b"Task timed out after 3.00 seconds"),
             answer(b"bad", status=400)]
    with Held(*forms) as function:
        figures, lines = run(function, ["a", "b"])
        assert [call.keys for call in function.calls] == [["first"]] + [["a", "b"]] * 6
        assert (figures["invocations"], figures["failures"], figures["records"]) == (7, 5, 3)
        assert [line["result"] for line in lines] == ["ok"] + ["error"] * 5 + ["ok"]
        assert [line["tries"] for line in lines] == ["1", "1", "2", "3", "4", "5", "6"]
        assert figures["LastProcessingResult"] == "OK"


def test_every_form_of_success():
    forms = [answer(b""), answer(b"null"), answer(b"plain text"), answer({"statusCode": 500}), answer(b"", status=204),
             answer(b"{}", status=202), answer({"batchItemFailures": [{"itemIdentifier": "x"}]}),
             answer({"errorMessage": "alone"})]
    with Function(*forms) as function, Magneto(trigger(function, "batchSize=1")) as magneto:
        magneto.create()
        keys = numbered(len(forms))
        magneto.put(*keys)
        figures, = magneto.until_idle()
        assert function.keys == keys and figures["failures"] == 0, magneto.lines()


def test_retries_end_in_the_file():
    with Disk() as disk, Held(otherwise=poison("b")) as function:
        path = disk.file("failed")
        figures, _ = run(function, ["a", "b", "c"], "retries=2", f"onFailure={path}")
        assert [call.keys for call in function.calls] == [["first"]] + [["a", "b", "c"]] * 3
        assert (figures["records"], figures["failures"]) == (1, 3)
        assert figures["LastProcessingResult"] == "PROBLEM: Function call failed"
        line, = failures_of(path)
        assert line["requestContext"]["condition"] == "RetryAttemptsExhausted"
        assert line["requestContext"]["approximateInvokeCount"] == 3
        assert line["requestContext"]["functionArn"].endswith(":function:reply")
        info = line["DDBStreamBatchInfo"]
        assert info["batchSize"] == 3
        assert info["startSequenceNumber"] == function.calls[1].sequence[0]
        assert info["endSequenceNumber"] == function.calls[1].sequence[-1]
        assert line["responsePayload"] == ERROR
        assert line["payload"].encode() == function.calls[1].body


def test_without_a_file_the_trigger_goes_on():
    with Held(otherwise=poison("a")) as function:
        run(function, ["a", "b"], "retries=0", "batchSize=1")
        assert function.keys == ["first", "a", "b"]


def test_a_file_that_cannot_be_written_is_told():
    with Function(otherwise=poison("a")) as function:
        with Magneto(trigger(function, "retries=0", "onFailure=/nowhere/failed")) as magneto:
            magneto.create()
            magneto.put("a")
            magneto.put("b")
            magneto.until_idle()
            assert "/nowhere/failed" in magneto.server.stderr()
            assert "error: trigger things: 1 records" in magneto.server.stderr()


# --- what does not count as an attempt ------------------------------------------------------------------------------------

def test_refusals_and_broken_connections_do_not_count():
    cut = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"cut\":")
    cut_chunk = raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"cut\":")
    forms = [answer(b"", status=429), answer(b"", status=500), answer(b"no", status=503, headers="Connection: close\r\n"), DROP, cut, cut_chunk,
             raw(b"220 mail.example.com ready\r\n")]
    with Held(*forms) as function:
        figures, lines = run(function, ["a"], "retries=0")
        again = [call.keys for call in function.calls[1:]]
        assert set(map(tuple, again)) == {("a",)}
        assert [line["result"] for line in lines] == ["ok"] + ["unreachable"] * len(forms) + ["ok"], lines
        assert figures["records"] == 2 and figures["LastProcessingResult"] == "OK"


def test_a_target_that_is_not_up_yet():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    target = f"things=http://127.0.0.1:{port}/2015-03-31/functions/reply/invocations,retries=0"
    with Magneto(target) as magneto:
        magneto.create()
        keys = numbered(30)
        magneto.put(*keys)
        while magneto.triggers()[0]["failures"] < 2:
            pass
        with Function(port=port) as function:
            magneto.until_idle()
            assert function.keys == keys
        assert magneto.results()[0] == "unreachable" and magneto.results()[-1] == "ok"
        warned = [line for line in magneto.server.stderr().splitlines() if "unreachable" in line and "warning" in line]
        assert len(warned) == 1, "the first attempt warns, the others inform"


def test_a_host_without_an_address():
    with Magneto("things=http://nowhere.invalid:1/2015-03-31/functions/reply/invocations") as magneto:
        magneto.create()
        magneto.put("a")
        while magneto.triggers()[0]["failures"] < 1:
            pass
        assert magneto.results()[0] == "unreachable"
        assert magneto.server.is_alive()


def test_a_host_that_has_a_name():
    with Function() as function:
        with Magneto("things=" + function.url.replace("127.0.0.1", "localhost")) as magneto:
            magneto.create()
            magneto.put("a", "b")
            magneto.until_idle()
            assert function.keys == ["a", "b"]
            assert function.calls[0].header("Host") == f"localhost:{function.port}"


def test_no_answer_in_time_is_a_failed_attempt():
    forever = threading.Event()
    with Disk() as disk, Function(wait(forever)) as function:
        path = disk.file("failed")
        with Magneto(trigger(function, "retries=0", "timeout=1", f"onFailure={path}")) as magneto:
            magneto.create()
            magneto.put("a")
            magneto.until_idle()
            magneto.put("b")
            magneto.until_idle()
            forever.set()
            assert function.keys == ["a", "b"] and magneto.results() == ["error", "ok"]
            assert function.calls[1].connection != function.calls[0].connection, "it was ended"
            line, = failures_of(path)
            assert line["requestContext"]["approximateInvokeCount"] == 1


# --- halves and reported records ------------------------------------------------------------------------------------------

def test_bisecting_finds_the_bad_record():
    keys = numbered(20)
    with Disk() as disk, Held(otherwise=poison(keys[13])) as function:
        path = disk.file("failed")
        figures, _ = run(function, keys, "retries=0", "bisect", f"onFailure={path}")
        line, = failures_of(path)
        assert line["DDBStreamBatchInfo"]["batchSize"] == 1
        assert f'"{keys[13]}"' in line["payload"]
        assert line["requestContext"]["approximateInvokeCount"] == 1
        done = [key for call in function.calls if keys[13] not in call.keys for key in call.keys]
        assert done == ["first"] + keys[:13] + keys[14:]
        assert figures["records"] == 20


def test_bisecting_uses_up_no_attempt():
    with Held(otherwise=poison("c")) as function:
        run(function, ["a", "b", "c", "d"], "retries=1", "bisect")
        tried = [call.keys for call in function.calls[1:]]
        assert tried == [["a", "b", "c", "d"], ["a", "b"], ["c", "d"], ["c"], ["c"], ["d"]], tried


def test_reported_records_are_tried_again_and_those_before_are_done():
    with Held(failed_items(2, 1), failed_items(0)) as function:
        figures, lines = run(function, ["a", "b", "c"], "reportBatchItemFailures")
        assert [call.keys for call in function.calls[1:]] == [["a", "b", "c"], ["b", "c"], ["b", "c"]]
        assert [line["result"] for line in lines] == ["ok", "partial", "partial", "ok"]
        assert figures["records"] == 4 and figures["failures"] == 2


def test_attempts_go_on_behind_a_partial_success():
    with Disk() as disk, Held(failed_items(1), failed_items(1), otherwise=failed_items(0)) as function:
        path = disk.file("failed")
        run(function, ["a", "b", "c", "d"], "reportBatchItemFailures", "retries=1", f"onFailure={path}")
        tried = [call.keys for call in function.calls[1:]]
        assert tried == [["a", "b", "c", "d"], ["b", "c", "d"]], tried
        line, = failures_of(path)
        assert line["DDBStreamBatchInfo"]["batchSize"] == 2
        assert line["requestContext"]["approximateInvokeCount"] == 2


def test_a_failed_rest_is_halved():
    with Held(failed_items(1)) as function:
        run(function, ["a", "b", "c", "d", "e"], "reportBatchItemFailures", "bisect", "retries=0")
        tried = [call.keys for call in function.calls[1:]]
        assert tried == [["a", "b", "c", "d", "e"], ["b", "c"], ["d", "e"]], tried


def test_reports_that_fail_the_whole_batch():
    forms = [answer({"batchItemFailures": [{"itemIdentifier": ""}]}),
             answer({"batchItemFailures": [{"itemIdentifier": None}]}),
             answer({"batchItemFailures": [{"itemIdentifier": "300000000000000009999"}]}),
             answer({"batchItemFailures": [{"sequence": "x"}]})]
    with Held(*forms) as function:
        _, lines = run(function, ["a", "b"], "reportBatchItemFailures")
        assert [line["result"] for line in lines] == ["ok"] + ["error"] * 4 + ["ok"], lines


def test_reports_that_say_nothing_failed():
    forms = [answer({"batchItemFailures": []}), answer({"batchItemFailures": None}), answer({}), answer(b"")]
    with Held(*forms) as function:
        figures, _ = run(function, ["a", "b", "c", "d"], "reportBatchItemFailures", "batchSize=1")
        assert figures["failures"] == 0 and function.keys == ["first", "a", "b", "c", "d"]


def test_later_records_wait_for_a_failing_batch():
    with Held(answer(ERROR), answer(ERROR)) as function:
        run(function, numbered(30), "batchSize=10")
        assert function.keys == ["first"] + numbered(10) * 2 + numbered(30)


# --- HTTP -----------------------------------------------------------------------------------------------------------------

def test_answers_in_all_their_forms():
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nnu\r\n2\r\nll\r\n0\r\nX: y\r\n\r\n"
    until_end = b"HTTP/1.1 200 OK\r\n\r\nnull"
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + chunked
    old = b"HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nnull"
    said_close = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nnull"
    forms = [raw(form) for form in (chunked, until_end, interim, old, said_close)]
    with Function(*forms) as function, Magneto(trigger(function, "batchSize=1")) as magneto:
        magneto.create()
        keys = numbered(len(forms) + 1)
        magneto.put(*keys)
        magneto.until_idle()
        assert function.keys == keys, magneto.lines()
        assert magneto.results() == ["ok"] * len(keys)


def test_a_chunked_report_counts():
    def say(call, sock):
        text = b'{"batchItemFailures":[{"itemIdentifier":"%s"}]}' % call.sequence[1].encode()
        sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for i in range(0, len(text), 7):
            sock.sendall(b"%x\r\n%s\r\n" % (len(text[i:i + 7]), text[i:i + 7]))
        sock.sendall(b"0\r\n\r\n")
        return True
    with Held(say) as function:
        run(function, ["a", "b"], "reportBatchItemFailures")
        assert [call.keys for call in function.calls[1:]] == [["a", "b"], ["b"]]
        assert function.calls[2].connection == function.calls[1].connection


def test_a_connection_that_the_target_closed_in_between():
    def close_behind(_, sock):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull")
        return False
    with Function(otherwise=close_behind) as function, Magneto(trigger(function)) as magneto:
        magneto.create()
        for key in numbered(10):
            magneto.put(key)
            magneto.until_idle()
        assert function.keys == numbered(10)
        assert set(magneto.results()) == {"ok"}, magneto.lines()


def test_an_answer_without_end_is_a_failed_attempt():
    def endless(_, sock):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        while True:
            sock.sendall(b"x" * (1 << 20))
    with Held(endless) as function:
        _, lines = run(function, ["a"], "retries=1")
        assert [line["result"] for line in lines] == ["ok", "error", "ok"], lines


def test_an_answer_that_comes_before_the_request_is_read():
    def early(sock):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull")

    class Hasty(Function):
        def serve(self, sock, number):
            sock.recv(10)
            early(sock)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(1 << 20):
                pass

    with Hasty() as function, Magneto(trigger(function, "batchSize=3")) as magneto:
        magneto.create()
        magneto.put(*numbered(12), v={"S": "x" * 380_000})
        figures, = magneto.until_idle()
        assert figures["records"] == 12 and figures["failures"] == 0, magneto.lines()


def test_the_first_answer_counts_of_two():
    twice = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull" * 2
    with Function(raw(twice), OK) as function, Magneto(trigger(function)) as magneto:
        magneto.create()
        magneto.put("a")
        magneto.until_idle()
        magneto.put("b")
        magneto.until_idle()
        assert function.keys == ["a", "b"] and magneto.results() == ["ok", "ok"], magneto.lines()
