"""The image itself (test_*.py), then every fixture: run.py BUILD [WORD...]"""
import concurrent.futures
import glob
import importlib
import inspect
import os
import subprocess
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
AT_ONCE = 3


def run_test(function, build):
    try:
        function(build)
        return ""
    except Exception:  # pylint: disable=broad-except
        return traceback.format_exc()


def run_fixture(path, build):
    try:
        done = subprocess.run([sys.executable, os.path.join(HERE, "replay.py"), build, path], text=True, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return "" if done.returncode == 0 else done.stdout or f"status {done.returncode}"
    except subprocess.TimeoutExpired as late:
        return f"no end after {late.timeout} s"


def all_tests():
    """(name, function of the build directory that gives what went wrong)"""
    for path in sorted(glob.glob(HERE + "/test_*.py")):
        module = importlib.import_module(os.path.basename(path)[:-3])
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("test_"):
                yield f"{module.__name__}.{name}", lambda build, function=function: run_test(function, build)
    for path in sorted(glob.glob(HERE + "/fixtures/*.yml")):
        yield os.path.basename(path)[:-4], lambda build, path=path: run_fixture(path, build)


def timed(test, build):
    began = time.monotonic()
    return test(build), time.monotonic() - began


def main():
    build, words = os.path.abspath(sys.argv[1]), sys.argv[2:]
    chosen = [(name, test) for name, test in all_tests() if not words or any(word in name for word in words)]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        running = [(name, pool.submit(timed, test, build)) for name, test in chosen]
        for name, future in running:
            wrong, took = future.result()
            print(f"{'FAILED' if wrong else 'ok'} {name} {took:.1f} s")
            if wrong:
                print("    " + wrong.rstrip().replace("\n", "\n    "))
                failed += 1
            sys.stdout.flush()
    print(f"{len(chosen) - failed} passed, {failed} failed")
    sys.exit(failed > 0 or not chosen)


if __name__ == "__main__":
    main()
