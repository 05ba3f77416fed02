"""magneto lambda: a function of Python beside the server."""
import contextlib
import json
import os
import subprocess
import tempfile
import urllib.error
import urllib.request

import server as servers
from process import environment, run, start

FUNCTION = '''
import json, os, urllib.request

def lambda_handler(event, context):
    if "raise" in event:
        raise KeyError(event["raise"])
    if "url" in event:
        return urllib.request.urlopen(event["url"]).read().decode()
    print("in the function", event)
    return {"event": event, "name": context.function_name, "left": context.get_remaining_time_in_millis() > 0,
            "arn": context.invoked_function_arn, "region": os.environ["AWS_REGION"], "root": os.environ["LAMBDA_TASK_ROOT"]}

def other(event, context):
    return "other"
'''


@contextlib.contextmanager
def function(*words, text=FUNCTION, env=None):
    """(file, invoke): invoke(event) is (answer, error header)."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(os.path.realpath(folder), "stream.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        process = subprocess.Popen([servers.PROGRAM, "lambda", path, *words, "-listen", "0"], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True, env=environment(**(env or {})))
        try:
            url = process.stdout.readline().split()[-1]
            assert url.endswith("/2015-03-31/functions/stream/invocations"), url

            def invoke(event, at=url):
                opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                with opener.open(urllib.request.Request(at, json.dumps(event).encode())) as reply:
                    return json.loads(reply.read()), reply.headers["X-Amz-Function-Error"]
            yield path, invoke
        finally:
            process.kill()
            process.communicate()


def test_answers():
    with function(env={"AWS_REGION": "eu-west-1"}) as (path, invoke):
        answer, error = invoke({"Records": []})
        assert error is None
        assert answer == {"event": {"Records": []}, "name": "stream", "left": True, "region": "eu-west-1",
                          "arn": "arn:aws:lambda:eu-west-1:000000000000:function:stream", "root": os.path.dirname(path)}


def test_errors():
    with function() as (_, invoke):
        answer, error = invoke({"raise": "pk"})
        assert error == "Unhandled" and answer["errorType"] == "KeyError" and answer["errorMessage"] == "'pk'", answer
        assert "lambda_handler" in answer["stackTrace"][0]
        assert invoke({})[1] is None


def test_every_endpoint_is_the_server():
    with start("-inMemory") as server, function("-port", str(server.port)) as (_, invoke):
        answer, _ = invoke({"url": "http://dynamodb.eu-west-1.amazonaws.com/"})
        assert answer.startswith("healthy: dynamodb."), answer


def test_handlers():
    with function("other") as (_, invoke):
        assert invoke({})[0] == "other"
    with function("stream.other") as (_, invoke):
        assert invoke({})[0] == "other"


def test_it_is_loaded_again():
    with function() as (path, invoke):
        for text, expected in ("def lambda_handler(event, context): return 2\n", 2), ("def broken(:\n", "SyntaxError"):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            os.utime(path, ns=(os.stat(path).st_mtime_ns + 10**9,) * 2)
            answer, error = invoke({})
            assert (answer["errorType"] if error else answer) == expected, answer


def test_refusals():
    for words, part in (([], "takes a Python file"), (["a", "b", "c"], "takes a Python file"),
                        (["nowhere.py"], "No such file"), ([os.devnull], "no attribute")):
        done = run("lambda", *words)
        assert done.returncode == 1 and part in done.stderr, done
    done = run("lambda", "-listen", "1", __file__, "test_answers", env={"PATH": "/nowhere"})
    assert done.returncode == 1 and "no python3" in done.stderr, done
