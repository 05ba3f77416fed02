"""Runs a Lambda function of a Python file: python3 runtime.py FILE HANDLER HOST PORT

Answers POST /2015-03-31/functions/NAME/invocations, one invocation at a time: the result as JSON, or what was raised as
errorMessage, errorType and stackTrace with the header X-Amz-Function-Error. The file is loaded again when it has changed.
"""
import http.server
import importlib.util
import json
import os
import re
import sys
import threading
import time
import traceback
import uuid

PATH = re.compile(r"/2015-03-31/functions/([^/?]+)/invocations")
TIMEOUT_S = 900
MEMORY_MB = 128


class Context:
    """What a handler gets as its second argument."""

    def __init__(self, name):
        self.aws_request_id = str(uuid.uuid4())
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = "$LATEST"
        self.invoked_function_arn = f"arn:aws:lambda:{os.environ['AWS_REGION']}:000000000000:function:{name}"
        self.memory_limit_in_mb = str(MEMORY_MB)
        self.log_group_name = f"/aws/lambda/{self.function_name}"
        self.log_stream_name = "local"
        self.identity = self.client_context = None
        self.deadline = time.monotonic() + TIMEOUT_S

    def get_remaining_time_in_millis(self):
        return max(0, int((self.deadline - time.monotonic()) * 1000))


class Function:
    def __init__(self, path, handler):
        self.path, self.handler = os.path.abspath(path), handler
        self.loaded, self.module = None, None
        self.one_at_a_time = threading.Lock()  # connections have threads of their own, which may rest in keep-alive
        sys.path.insert(0, os.path.dirname(self.path))

    def load(self):
        """The file as a module, anew when it was written to since."""
        changed = os.stat(self.path).st_mtime_ns
        if self.loaded != changed:
            name = os.path.splitext(os.path.basename(self.path))[0]
            spec = importlib.util.spec_from_file_location(name, self.path)
            module = sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            self.loaded, self.module = changed, module
        return getattr(self.module, self.handler)

    def invoke(self, event, context):
        """(answer, whether it is an error)"""
        try:
            with self.one_at_a_time:
                return json.dumps(self.load()(event, context)), False
        except Exception as error:  # pylint: disable=broad-except # a function may raise anything
            error.__traceback__ = error.__traceback__.tb_next or error.__traceback__  # without this place
            traceback.print_exception(error)
            return json.dumps({"errorMessage": str(error), "errorType": type(error).__name__,
                               "requestId": context.aws_request_id,
                               "stackTrace": traceback.format_tb(error.__traceback__)}), True


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    function = None

    def do_POST(self):  # pylint: disable=invalid-name # the library's name
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = PATH.fullmatch(self.path)
        if not path:
            self.answer(404, json.dumps({"errorMessage": f"no function at {self.path}"}))
            return
        try:
            event = json.loads(body or b"{}")
        except ValueError as error:
            self.answer(400, json.dumps({"errorMessage": f"the event is not JSON: {error}"}))
            return
        answer, failed = self.function.invoke(event, Context(path[1]))
        sys.stdout.flush()
        self.answer(200, answer, failed)

    def answer(self, status, text, failed=False):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if failed:
            self.send_header("X-Amz-Function-Error", "Unhandled")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin # the library's name
        """The function's own lines are enough."""


def main():
    path, handler, host, port = sys.argv[1:]
    Handler.function = Function(path, handler)
    try:
        if not callable(Handler.function.load()):
            raise TypeError(f"{handler} is not a function")
    except Exception as error:  # pylint: disable=broad-except
        traceback.print_exc()
        sys.exit(f"magneto: {path} could not be loaded: {type(error).__name__}: {error}")
    try:
        server = http.server.ThreadingHTTPServer((host, int(port)), Handler)
    except OSError as error:
        sys.exit(f"magneto: cannot listen on {host}, port {port}: {error.strerror}; choose another with -listen")
    print(f"magneto lambda: {os.path.basename(path)} answers at http://{host}:{server.server_port}"
          f"/2015-03-31/functions/{os.environ['AWS_LAMBDA_FUNCTION_NAME']}/invocations", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


main()
