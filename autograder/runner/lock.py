"""The lock that a student's process puts on itself before it runs a line of theirs (Linux).

New namespaces hide the network, the other processes and the file system; what is left is a
read-only view of the folders that Python needs, and a small scratch folder in memory. Privileges
are dropped last, for good. Needs user namespaces, or root; no program and no library beside libc.
"""

from __future__ import annotations

import ctypes
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
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
SYSTEM_FOLDERS = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime")


class LockError(Exception):
    """The machine cannot provide the lock; the message says what is missing."""


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

    Its next child is the first process of the new process space. Raises LockError.
    """
    if sys.platform != "linux":
        raise LockError("the lock is made of Linux namespaces, and this is not Linux")
    _limit_memory(plan)
    as_root = os.geteuid() == 0
    user, group = os.getuid(), os.getgid()
    flags = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET
    _call("unshare", flags if as_root else flags | CLONE_NEWUSER)
    if not as_root:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
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

    Where this process is root it becomes `user`, whom nobody else is.
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
        _call("syscall", SYS_MOUNT_SETATTR, AT_FDCWD, path, AT_RECURSIVE, block, size)


def _swap_root(root: str) -> None:
    """Make `root` the root folder; with both arguments "." the old root ends up under it."""
    number = SYS_PIVOT_ROOT.get(os.uname().machine)
    if number is None:
        raise LockError(f"the lock does not know machines of type {os.uname().machine}")
    os.chdir(root)
    _call("syscall", number, ctypes.c_char_p(b"."), ctypes.c_char_p(b"."))
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


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) == -1:
        error = os.strerror(ctypes.get_errno())
        raise LockError(f"the kernel refused {name}: {error}")
