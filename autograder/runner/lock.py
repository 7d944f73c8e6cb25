"""The lock that a student's process puts on itself before it runs a line of theirs (Linux).

New namespaces hide the network, the other processes and the file system; what is left is a
read-only view of the folders that Python needs, and a small scratch folder in memory. Privileges
are dropped last, for good. Needs Linux 5.12, and user namespaces or root; no program, and no
library beside libc.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from dataclasses import dataclass
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 4096, 16384, 1 << 18
MNT_DETACH = 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 1, 2, 4
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
# Not every libc wraps these two. The first has one number everywhere, the second one a machine.
SYS_MOUNT_SETATTR = 442
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41}
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
CAPABILITY_VERSION_3 = 0x20080522
# Above every real user and group; with the process number added, each session is a user of its
# own, so that sessions cannot signal one another or use up one another's processes.
FIRST_USER = 2**30
LARGEST_PROCESS = 2**22
# The only user of a namespace made by who may not make others: itself, under a name that is not 0.
NOBODY = 65534
# What forbids namespaces to an ordinary user: a switch of the kernel, its value that does, and one
# that does not. The first two are Ubuntu's and Debian's own.
SWITCHES = (
    ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
    ("kernel.unprivileged_userns_clone", "0", "1"),
    ("user.max_user_namespaces", "0", "10000"),
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
SYSTEM_FOLDERS = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime")


class LockError(Exception):
    """No lock on this machine: `reason` says what it lacks, `remedy` what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True)
class LockPlan:
    """What the locked process may see and use.

    `mount_point` is an empty folder, `readable` the folders it sees at their own paths,
    `replaced` pairs of (folder shown, path at which it hides what stands there).
    Memory is beyond what the process has when it is locked.
    """

    mount_point: str
    readable: tuple[str, ...]
    replaced: tuple[tuple[str, str], ...] = ()
    devices: tuple[str, ...] = ()
    scratch_bytes: int = 64 * 2**20
    memory_bytes: int = 2 * 2**30
    file_bytes: int = 32 * 2**20
    processes: int = 64


def enter_namespaces(plan: LockPlan) -> None:
    """Move this process to namespaces of its own and swap the root folder for the plan's.

    Its next child is the first process of the new process space.

    Raises:
        LockError, OSError: this machine cannot.
    """
    if sys.platform != "linux":
        raise LockError(
            "it is made of Linux namespaces, and this is not Linux",
            "use Linux (on Windows WSL 2, on macOS a virtual machine)",
        )
    _limit_memory(plan)
    _unshare()
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    root = plan.mount_point
    _mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, f"size={plan.scratch_bytes},mode=755")
    for folder in SYSTEM_FOLDERS:
        _show_system_folder(root, folder)
    for path in (*SYSTEM_FILES, *plan.readable):
        if os.path.exists(path):
            _bind(path, root + path, read_only=True)
    for shown, hidden in plan.replaced:
        _bind(shown, root + hidden, read_only=True)
    for device in (*DEVICES, *plan.devices):
        if os.path.exists(device):
            _bind(device, root + device, read_only=False)
    os.makedirs(root + "/tmp", exist_ok=True)
    os.chmod(root + "/tmp", 0o1777)
    _swap_root(root)


def drop_privileges(plan: LockPlan, user: int, keep: int) -> None:
    """Give up every privilege and every open file but `keep` and the standard three.

    Where this process is root it becomes `user`, whom nobody else is. The limit on processes counts
    those of this session alone: a user of its own has no others, and in a user namespace Linux
    counts apart. The root of a container that may not mount is the one whom it does not limit.

    Raises:
        LockError, OSError: this machine cannot.
    """
    import resource  # Unix only, and this module must import anywhere

    os.setsid()
    os.closerange(3, keep)
    os.closerange(max(keep + 1, 3), 65536)
    for limit, value in (
        (resource.RLIMIT_FSIZE, plan.file_bytes),
        (resource.RLIMIT_NPROC, plan.processes),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    _drop_capabilities()
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # Last: the kernel forgets this wish when the user changes.
    _call("prctl", PR_SET_PDEATHSIG, 9, 0, 0, 0)


def _unshare() -> None:
    """Enter new namespaces: as root where that is worth something, else with a user namespace."""
    flags = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET
    if os.geteuid() == 0 and _has_users_to_spare() and _libc().unshare(flags) == 0:
        return
    user, group = os.geteuid(), os.getegid()
    _call("unshare", flags | CLONE_NEWUSER)
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{NOBODY} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{NOBODY} {group} 1")
    except OSError as error:
        raise _refusal("a user of its own", error.errno) from error


def _has_users_to_spare() -> bool:
    """Return whether each session can be a user of its own; root of a container often has few."""
    lines = Path("/proc/self/uid_map").read_text().splitlines()
    ranges = [tuple(map(int, line.split())) for line in lines]
    last = FIRST_USER + LARGEST_PROCESS
    return any(first <= FIRST_USER and last < first + count for first, _, count in ranges)


def _refusal(what: str, code: int | None) -> LockError:
    """Return what a refusal of the kernel means, which seldom says itself what is in the way."""
    for switch, closed, opened in SWITCHES:
        path = Path("/proc/sys", *switch.split("."))
        if path.is_file() and path.read_text().strip() == closed:
            return LockError(
                f"it needs user namespaces, and {switch}={closed} forbids them",
                f"run `sudo sysctl -w {switch}={opened}`",
            )
    if code == errno.ENOSYS:
        return LockError(f"this kernel has no {what}", "use Linux 5.12 or newer")
    return LockError(
        f"the kernel refused {what} ({os.strerror(code or 0)})",
        "start the container, if this is one, with `--security-opt seccomp=unconfined`",
    )


def _limit_memory(plan: LockPlan) -> None:
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    allowed = pages * os.sysconf("SC_PAGE_SIZE") + plan.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))


def _show_system_folder(root: str, folder: str) -> None:
    if os.path.islink(folder):  # /lib -> usr/lib on most distributions
        os.symlink(os.readlink(folder), root + folder)
    elif os.path.isdir(folder):
        _bind(folder, root + folder, read_only=True)


def _bind(source: str, target: str, *, read_only: bool) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    elif not os.path.exists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        Path(target).touch()
    _mount(source, target, None, MS_BIND | MS_REC)
    if read_only:
        attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV
        block = (ctypes.c_uint64 * 4)(attributes, 0, 0, 0)
        size = ctypes.sizeof(block)
        path = ctypes.c_char_p(target.encode())
        arguments = (AT_FDCWD, path, AT_RECURSIVE, block, size)
        _call("syscall", SYS_MOUNT_SETATTR, *arguments, name="mount_setattr")


def _swap_root(root: str) -> None:
    """Make `root` the root folder; with both arguments "." the old root ends up under it."""
    number = SYS_PIVOT_ROOT.get(os.uname().machine)
    if number is None:
        known = ", ".join(SYS_PIVOT_ROOT)
        raise LockError(f"this is a machine of type {os.uname().machine}", f"use one of {known}")
    os.chdir(root)
    here = ctypes.c_char_p(b".")
    _call("syscall", number, here, here, name="pivot_root")
    _call("umount2", ctypes.c_char_p(b"."), MNT_DETACH)
    os.chdir("/tmp")


def _drop_capabilities() -> None:
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    _call("capset", header, none)


def _mount(
    source: str | None, target: str, kind: str | None, flags: int, options: str | None = None
) -> None:
    def text(value: str | None) -> ctypes.c_char_p:
        return ctypes.c_char_p(None if value is None else value.encode())

    _call("mount", text(source), text(target), text(kind), ctypes.c_ulong(flags), text(options))


def _call(function: str, *arguments: object, name: str = "") -> None:
    """Call a function of libc; `name` is what an error calls it, where that is another name."""
    if getattr(_libc(), function)(*arguments) == -1:
        raise _refusal(name or function, ctypes.get_errno())


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
