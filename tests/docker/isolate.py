#!/usr/bin/env python3
"""What an engine's runtime does for a container, as far as a server notices: namespaces, mounts, user, capabilities.

  isolate.py run SPEC            process 1 of a new container; ends with its status
  isolate.py exec SPEC ARG...    one more process in it

SPEC is a file: JSON with the members of container.spec()."""
import ctypes
import json
import os
import signal
import socket
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWUTS, NEWIPC, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 24, 38
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}[os.uname().machine]
CAPABILITIES = ("CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE "
                "NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT "
                "SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE "
                "AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ "
                "PERFMON BPF CHECKPOINT_RESTORE").split()


def call(name, *arguments):
    """A function of libc, whose failure is an OSError."""
    arguments = [argument.encode() if isinstance(argument, str) else argument for argument in arguments]
    if getattr(LIBC, name)(*arguments) == -1:
        fault = ctypes.get_errno()
        raise OSError(fault, f"{name}{tuple(arguments)}: {os.strerror(fault)}")


def mount(source, target, kind=None, flags=0, data=None):
    call("mount", source, target, kind, ctypes.c_ulong(flags), data)


# --- mounts -----------------------------------------------------------------------------------------------------------


def make_target(path, like):
    if os.path.isdir(like):
        os.makedirs(path, exist_ok=True)
    elif not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").close()


def mount_dev(root):
    dev = root + "/dev"
    os.makedirs(dev, exist_ok=True)
    mount("tmpfs", dev, "tmpfs", MS_NOSUID, "mode=755")
    for name, number in {"null": 3, "zero": 5, "full": 7, "random": 8, "urandom": 9}.items():
        os.mknod(f"{dev}/{name}", 0o20666, os.makedev(1, number))
        os.chmod(f"{dev}/{name}", 0o666)
    for name, target in {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}.items():
        os.symlink("/proc/self/fd" + target, f"{dev}/{name}")
    os.mkdir(dev + "/shm")
    mount("shm", dev + "/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=1777,size=64m")


def mount_tmpfs(root, target, options):
    """`/tmp:noexec,size=16m`; as an engine has it, noexec unless `exec` is asked for."""
    os.makedirs(root + target, exist_ok=True)
    options = [option for option in options.split(",") if option]
    data = ",".join(option for option in options if "=" in option)
    flags = MS_NOSUID | MS_NODEV | (0 if "exec" in options else MS_NOEXEC) | (MS_RDONLY if "ro" in options else 0)
    mount("tmpfs", root + target, "tmpfs", flags, data or None)


def bind(root, source, target, read_only):
    make_target(root + target, source)
    mount(source, root + target, None, MS_BIND | MS_REC)
    if read_only:
        mount(None, root + target, None, MS_BIND | MS_REMOUNT | MS_RDONLY)


def mount_root(spec):
    """The files of the image. The machine's own, for images that are not ours, below a layer that takes the changes."""
    root = spec["root"]
    layer = spec["layer"]
    if layer:
        mount("tmpfs", layer, "tmpfs", 0)
        os.mkdir(layer + "/upper")
        os.mkdir(layer + "/work")
        mount("overlay", root, "overlay", 0, f"lowerdir=/,upperdir={layer}/upper,workdir={layer}/work")
    else:
        mount(root, root, None, MS_BIND | MS_REC)


def enter_root(spec):
    root = spec["root"]
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    mount_root(spec)
    os.makedirs(root + "/proc", exist_ok=True)
    mount("proc", root + "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount_dev(root)
    for target, options in spec["tmpfs"]:
        mount_tmpfs(root, target, options)
    for source, target, read_only in spec["binds"]:
        bind(root, source, target, read_only)
    os.makedirs(root + spec["cwd"], exist_ok=True)
    os.chdir(root)
    call("syscall", SYS_PIVOT_ROOT, ".", ".")
    call("umount2", ".", MNT_DETACH)
    os.chdir("/")
    if spec["read_only"]:
        mount(None, "/", None, MS_BIND | MS_REMOUNT | MS_RDONLY)


# --- who the process is -----------------------------------------------------------------------------------------------


def look_up(path, name):
    """A line of passwd or group, by name or number, as its fields."""
    try:
        with open(path) as lines:
            for fields in (line.rstrip("\n").split(":") for line in lines):
                if name in (fields[0], fields[2]):
                    return fields
    except FileNotFoundError:
        pass
    if not name.isdigit():
        sys.exit(f"unable to find user {name}: no matching entries in {path}")
    return None


def become(user, keep):
    """`user`: name or uid, and perhaps :group. `keep`: the capabilities that root has left."""
    name, _, group = user.partition(":")
    entry = look_up("/etc/passwd", name)
    uid = int(entry[2] if entry else name)
    gid = int(entry[3]) if entry else 0
    if group:
        entry_of_group = look_up("/etc/group", group)
        gid = int(entry_of_group[2] if entry_of_group else group)
    for number, capability in enumerate(CAPABILITIES):
        if capability not in keep:
            try:
                call("prctl", PR_CAPBSET_DROP, number, 0, 0, 0)
            except OSError:
                pass  # a kernel that does not have it
    os.setgroups([gid])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    return entry[5] if entry else "/"


def execute(spec, arguments, user):
    environment = dict(spec["env"])
    home = become(user, spec["capabilities"])
    environment.setdefault("HOME", home)
    if spec["no_new_privileges"]:
        call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    os.chdir(spec["cwd"])
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    fault = FileNotFoundError(0, "not found in $PATH")
    for path in candidates(arguments[0], environment["PATH"]):
        try:
            os.execve(path, arguments, environment)
        except OSError as failed:
            fault = fault if isinstance(failed, FileNotFoundError) else failed
    os.write(2, f'exec: "{arguments[0]}": {fault.strerror}\n'.encode())
    os._exit(127 if isinstance(fault, FileNotFoundError) else 126)


def candidates(program, path):
    return [program] if "/" in program else [f"{folder}/{program}" for folder in path.split(":")]


def status_of(pid):
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return status if status >= 0 else 128 - status


# --- commands ---------------------------------------------------------------------------------------------------------


def run(spec):
    call("unshare", NEWPID)  # of the children
    pid = os.fork()
    if pid == 0:
        call("unshare", NEWNS | NEWUTS | NEWIPC)
        call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        socket.sethostname(spec["hostname"])
        enter_root(spec)
        execute(spec, spec["arguments"], spec["user"])
    with open(spec["pid_file"] + ".new", "w") as out:
        out.write(str(pid))
    os.rename(spec["pid_file"] + ".new", spec["pid_file"])
    return status_of(pid)


def execute_in(spec, arguments):
    with open(spec["pid_file"]) as pid_file:
        pid = pid_file.read()
    for name in ("ipc", "uts", "pid", "mnt"):
        namespace = os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY)
        call("setns", namespace, 0)
    child = os.fork()
    if child == 0:
        execute(spec, arguments, spec["user"])
    return status_of(child)


if __name__ == "__main__":
    with open(sys.argv[2]) as file:
        SPEC = json.load(file)
    sys.exit(run(SPEC) if sys.argv[1] == "run" else execute_in(SPEC, sys.argv[3:]))
