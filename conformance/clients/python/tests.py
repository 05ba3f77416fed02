"""Tests of one program: a function under @test runs at once, done() ends with "N passed, N failed"."""
import contextlib
import sys
import traceback

ENDPOINT = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
counts = {"passed": 0, "failed": 0}


def test(function):
    """The function's docstring is the test's name."""
    try:
        function()
        counts["passed"] += 1
    except Exception:  # pylint: disable=broad-except
        counts["failed"] += 1
        print(f"FAILED {function.__doc__}")
        traceback.print_exc(file=sys.stdout)


def equal(got, want):
    assert got == want, f"{got!r}\nis not\n{want!r}"


class Failure:
    """What `fails` caught."""
    error = None


@contextlib.contextmanager
def fails(kind, text=None):
    """The block must raise this kind of exception, with this text in it."""
    failure = Failure()
    try:
        yield failure
    except kind as error:
        failure.error = error
        assert text is None or text in str(error), str(error)
        return
    raise AssertionError("it did not fail")


def done():
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    sys.exit(1 if counts["failed"] or not counts["passed"] else 0)
