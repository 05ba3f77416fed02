#!/usr/bin/env python3
"""Tests of the HTTP server and of the command line, against a real magneto: run.py --server build/magneto [--only WORD]
[--tests FOLDER]

A test is a function test_* of a module test_*.py; one that takes `server` gets a server in memory with a table `things`,
which all of them share. Those of a module figures_* are left out for a sanitized program. Ends with "N passed,
N failed"."""
import argparse
import glob
import importlib
import inspect
import os
import sys
import time
import traceback

import server as servers


def modules(folder):
    sys.path.insert(0, folder)
    kinds = ["test"] if servers.is_sanitized() else ["test", "figures"]
    for path in sorted(path for kind in kinds for path in glob.glob(os.path.join(folder, kind + "_*.py"))):
        yield importlib.import_module(os.path.basename(path)[:-3])


def tests(folder, only):
    for module in modules(folder):
        for name, function in list(vars(module).items()):
            if name.startswith("test_") and inspect.isfunction(function) and only in f"{module.__name__}.{name}":
                yield f"{module.__name__}.{name}", function


class Shared:
    """The server of all tests that take one; a new one when a test has ended it."""
    server = None

    def get(self):
        if not self.server or self.server.process.poll() is not None:
            self.server = servers.with_table()
        return self.server


def run(name, function, shared):
    try:
        function(*([shared.get()] if inspect.signature(function).parameters else []))
        if shared.server and shared.server.process.poll() is not None:
            raise AssertionError("the server ended: " + shared.server.stderr())
        return True
    except Exception:  # pylint: disable=broad-except
        print(f"FAILED {name}")
        traceback.print_exc(file=sys.stdout)
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True, help="the program, build/magneto")
    parser.add_argument("--tests", default=os.path.dirname(os.path.abspath(__file__)), help="folder of the tests")
    parser.add_argument("--only", default="", help="tests whose name holds this")
    parser.add_argument("--times", action="store_true", help="seconds that each test takes")
    args = parser.parse_args()
    servers.PROGRAM = os.path.abspath(args.server)
    shared, passed, failed = Shared(), 0, 0
    for name, function in tests(args.tests, args.only):
        began = time.monotonic()
        if run(name, function, shared):
            passed += 1
        else:
            failed += 1
        if args.times:
            print(f"{time.monotonic() - began:6.2f} {name}", flush=True)
    if shared.server:
        shared.server.__exit__()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
