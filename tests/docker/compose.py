"""Compose files: what the specification says of the members that the fixtures have."""
import os
import re
import shlex
import shutil

import yaml

OURS = re.compile(r"(^|/)(amazon/dynamodb-local|magneto)(:[\w.-]+)?(@.*)?$")

# Images that are not ours run on the machine's own files: name, and the program that is their entrypoint.
OTHERS = {"amazon/aws-cli": ["aws"], "python": [], "curlimages/curl": ["curl"], "node": []}


class Service:
    def __init__(self, name, members):
        self.name = name
        self.image = members.get("image", "")
        self.dockerfile = (members.get("build") or {}).get("dockerfile_inline")
        self.command = words(members.get("command"))
        self.entrypoint = words(members.get("entrypoint"))
        self.environment = pairs(members.get("environment"))
        self.user = str(members.get("user", ""))
        self.working_dir = members.get("working_dir")
        self.hostname = members.get("hostname", name)
        self.names = names(name, members)
        self.volumes = [Volume(entry) for entry in members.get("volumes", []) if not is_tmpfs(entry)]
        self.tmpfs = [[path, options] for path, _, options in (entry.partition(":") for entry in tmpfs(members))]
        self.read_only = members.get("read_only", False)
        self.cap_drop = members.get("cap_drop", [])
        self.cap_add = members.get("cap_add", [])
        self.no_new_privileges = any(option.startswith("no-new-privileges") and not option.endswith("false")
                                     for option in members.get("security_opt", []))
        self.healthcheck = members.get("healthcheck")
        self.ports = [ports(entry) for entry in members.get("ports", [])]
        self.depends_on = depends_on(members.get("depends_on", {}))

    def is_ours(self):
        return bool(self.dockerfile or OURS.search(self.image))

    def other(self):
        """The entrypoint of an image that is not ours, or None."""
        return OTHERS.get(self.image.split(":")[0])


class Volume:
    """SOURCE:TARGET[:ro], or the long form; a source without a slash is a named volume, none an unnamed one."""

    def __init__(self, entry):
        if isinstance(entry, dict):
            self.source, self.target = entry.get("source", ""), entry["target"]
            self.read_only = entry.get("read_only", False)
        else:
            parts = entry.split(":")
            self.source, self.target = (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])
            self.read_only = "ro" in (parts[2].split(",") if len(parts) > 2 else [])
        self.target = self.target.rstrip("/")

    def is_named(self):
        return not self.source.startswith((".", "/", "~"))


class Volumes:
    """Those of a project. A bind mount's directory is made as root when missing; a new volume gets what the image has at
    its place, mode and owner included: as Docker has it."""

    def __init__(self, project, directory):
        self.project, self.directory = project, directory

    def source(self, volume, image):
        if not volume.is_named():
            path = os.path.normpath(os.path.join(self.project, os.path.expanduser(volume.source)))
            os.makedirs(path, exist_ok=True) if not os.path.exists(path) else None
            return path
        path = os.path.join(self.directory, volume.source or "unnamed-" + volume.target.replace("/", "-"))
        if not os.path.exists(path):
            self.fill(path, image.files and image.files + volume.target)
        return path

    @staticmethod
    def fill(path, content):
        if not content or not os.path.isdir(content):
            os.makedirs(path)
            return
        shutil.copytree(content, path, symlinks=True)
        stat = os.stat(content)
        os.chown(path, stat.st_uid, stat.st_gid)
        os.chmod(path, stat.st_mode & 0o7777)


def words(value):
    return shlex.split(value) if isinstance(value, str) else value and [str(word) for word in value]


def pairs(value):
    if isinstance(value, list):
        value = dict(entry.partition("=")[::2] for entry in value)
    return {name: str(text) for name, text in (value or {}).items()}


def names(name, members):
    """What the service is called on the network."""
    networks = members.get("networks") or {}
    aliases = [network.get("aliases", []) for network in networks.values() if network] if isinstance(networks, dict) else []
    return [name, *filter(None, [members.get("container_name"), members.get("hostname")]), *sum(aliases, [])]


def is_tmpfs(entry):
    return isinstance(entry, dict) and entry.get("type") == "tmpfs"


def tmpfs(members):
    value = members.get("tmpfs", [])
    return ([value] if isinstance(value, str) else value) + [
        entry["target"] for entry in members.get("volumes", []) if is_tmpfs(entry)]


def ports(entry):
    """(host, container)"""
    if isinstance(entry, dict):
        return int(entry.get("published", entry["target"])), int(entry["target"])
    parts = str(entry).split("/")[0].split(":")
    return int(parts[-2] if len(parts) > 1 else parts[-1]), int(parts[-1])


def depends_on(value):
    """{name: condition}"""
    if isinstance(value, list):
        return {name: "service_started" for name in value}
    return {name: entry["condition"] for name, entry in value.items()}


def interpolate(text, variables):
    def value(match):
        if match[0] == "$$":
            return "$"
        name, default = match["name"] or match["bare"], match["default"]
        return variables.get(name) or default or ""
    return re.sub(r"\$\$|\$\{(?P<name>\w+)(:?-(?P<default>[^}]*))?\}|\$(?P<bare>\w+)", value, text)


def read(path, variables):
    """A compose file, and those that it includes."""
    with open(path) as file:
        document = yaml.safe_load(interpolate(file.read(), variables))
    for included in document.pop("include", []):
        other = read(os.path.join(os.path.dirname(path), included), variables)
        document["services"] = {**other["services"], **document.get("services", {})}
    return document


def load(path, variables):
    """The services in the order in which they start, and the x-replay. Its `services` are all that is started, or else
    those that have no profile."""
    with open(path) as file:
        replay = yaml.safe_load(file)["x-replay"]
    members = read(path, variables)["services"]
    wanted = replay.get("services") or [name for name in members if not members[name].get("profiles")]
    services = {name: Service(name, members[name]) for name in wanted}
    order = []

    def place(service):
        for name in service.depends_on:
            place(services[name])
        if service not in order:
            order.append(service)
    for service in services.values():
        place(service)
    return order, replay
