"""From the name after --target to something to play against: a server started here, a URL, or the real service."""
import contextlib
import os

from .client import Client
from .peers import SERVERS, serving
from .target import RUN, Aws, Local, Pace, TargetError


class Run:
    """One run: a target for each worker, and what the workers share."""

    def __init__(self, make, where, version, pace):
        self.new_target, self.where, self.version, self.pace = make, where, version, pace


@contextlib.contextmanager
def opened(options):
    if options.target == "aws":
        with service(options) as run:
            yield run
    elif options.target in SERVERS:
        with serving(options.target, options.layer) as served:
            yield local(served.url, options, SERVERS[options.target].version(), served.revive)
    elif options.target.startswith(("http://", "https://")):
        yield local(options.target, options, "", lambda: False)
    else:
        raise TargetError(f"--target is {', '.join(SERVERS)}, aws or a URL")


def local(url, options, version, revive):
    pace = Pace()
    return Run(lambda: Local(Client(url, options.region, "conformance", "conformance"), options.prefix, pace, revive),
               url, version, pace)


@contextlib.contextmanager
def service(options):
    """Whatever ends the block, no table of this run is left behind."""
    keys = credentials()
    url = os.environ.get("AWS_ENDPOINT_URL_DYNAMODB", f"https://dynamodb.{options.region}.amazonaws.com")
    pace = Pace(options.rate)
    run = Run(lambda: Aws(Client(url, options.region, *keys), options.prefix, pace, options.lag), url, options.region, pace)
    try:
        yield run
    finally:
        left = run.new_target().sweep(f"{options.prefix}{RUN}-")
        if left:
            raise TargetError(f"tables that could not be deleted: {', '.join(left)}")


def credentials():
    try:
        keys = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    except KeyError as missing:
        raise TargetError(f"--target aws needs {missing.args[0]} in the environment") from None
    return *keys, os.environ.get("AWS_SESSION_TOKEN")
