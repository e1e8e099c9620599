"""Disks that are full, folders that may not be written, two runs at once and reports in the middle of a night.

Every function returns what it saw as JSON values: the exit code of the command that met the fault, and what differs
from an undisturbed run after the next one.
"""

from __future__ import annotations

import errno
import hashlib
import os
import pwd
import resource
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import EXIT_BUG, EXIT_STORE, UserError
from pipelines.snapshots import remember_snapshot
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.report import render_report
from tests.support.fault_cases import Command, State, copy_of, open_at, state_of
from tests.support.forked import ChildFailedError, Moment, answer_of, start_struck
from tests.support.published import PERIOD, SIGNED
from tests.support.sent_back import UNIT

_ORDINARY_USER = "nobody"
_PLENTY = "256m"


@dataclass(frozen=True, slots=True)
class Met:
    """``exit_code`` of the run that met the fault; ``differences`` after the next run, none when all is well."""

    fault: str
    exit_code: int
    differences: list[str]


def fill_disk(command: Command, template: Path, new: State, work: Path, room: int) -> Met:
    """Run with so many bytes left on a file system of its own; where none may be mounted, with no file larger than that."""
    work.mkdir(exist_ok=True)
    root = work / "w"
    is_mounted = _mount(work, "size=" + _PLENTY)
    try:
        copy_of(template, root)
        if is_mounted:
            _mount(work, f"remount,size={_used(work) + room}")
        code = answer_of(lambda: _exit_code(command, root, None if is_mounted else _limit_files(room)))
        if is_mounted:
            _mount(work, "remount,size=" + _PLENTY)
        how = "bytes left on the disk" if is_mounted else "bytes at most in a file"
        return Met(f"{command.name}, {room} {how}", code, _next_run(command, root, new))
    finally:
        if is_mounted:
            subprocess.run(["umount", str(work)], check=True)


def take_permission(command: Command, template: Path, new: State, root: Path, folder: str) -> Met:
    """Run as an ordinary user who may not write in one folder of the workspace; the next run may again."""
    copy_of(template, root)
    user = pwd.getpwnam(_ORDINARY_USER) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    if os.geteuid() == 0:
        for path in (root, *root.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    below = [
        root / folder,
        *(path for path in (root / folder).rglob("*") if path.is_dir() and not path.is_symlink()),
    ]
    modes = {path: path.stat().st_mode & 0o777 for path in below}
    for path in below:
        path.chmod(0o555)
        if os.geteuid() == 0:  # the owner of a private folder would open it again
            os.chown(path, 0, 0)
    code = answer_of(lambda: _exit_code(command, root, lambda: _become(user)))
    for path, mode in modes.items():
        if path.exists():
            path.chmod(mode)
            os.chown(path, user.pw_uid, user.pw_gid)
    return Met(
        f"{command.name}, no right to write in {folder}",
        code,
        _next_run(command, root, new, lambda: _become(user)),
    )


def run_two_at_once(command: Command, template: Path, new: State, root: Path, moment: Moment) -> Met:
    """Hold one run still at that moment, start another, let the first go on; the second must change nothing."""
    copy_of(template, root)
    child = _held_still(command, root, moment)
    before = _tree(root)
    code = answer_of(lambda: _exit_code(command, root, None))
    differences = ["the second run changed files"] if _tree(root) != before else []
    os.kill(child, signal.SIGCONT)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        differences.append("the first run failed")
    return Met(f"{command.name} twice at once, {moment}", code, [*differences, *_differences(root, new)])


def report_amid(
    command: Command, template: Path, done: Path, root: Path, moments: Sequence[Moment]
) -> list[str]:
    """``old``, ``new`` or ``neither`` for each moment: the report that is given while a run is held still at it."""
    old, new = (answer_of(lambda at=at: _report(at)) for at in (template, done))
    gave = []
    for moment in moments:
        copy_of(template, root)
        child = _held_still(command, root, moment)
        try:
            amid = answer_of(lambda: _report(root))
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        gave.append("old" if amid == old else "new" if amid == new else "neither")
    return gave


def _held_still(command: Command, root: Path, moment: Moment) -> int:
    child = start_struck(lambda begin: command.run(open_at(root), begin), root, moment, signal.SIGSTOP)
    _, status = os.waitpid(child, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        raise ChildFailedError(f"the run ended before {moment}")
    return child


def _report(root: Path) -> dict[str, str]:
    """SHA-256 of every file of the commune's report, asked for as ``motcua report`` does."""
    session = open_at(root)
    remember_snapshot(session)
    answer = answer_request(session, Request(UNIT, PERIOD, as_of=SIGNED))
    files = render_report(answer.context, ["json", "xlsx"])
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def _exit_code(command: Command, root: Path, first: Callable[[], object] | None) -> int:
    """With what code the command line would end."""
    if first:
        first()
    try:
        session = open_at(root)
        session.workspace.create()
        command.run(session, lambda: None)
    except UserError as problem:
        return problem.exit_code
    except OSError:
        return EXIT_STORE
    except Exception:
        return EXIT_BUG
    return 0


def _next_run(
    command: Command, root: Path, new: State, first: Callable[[], object] = lambda: None
) -> list[str]:
    def again() -> None:
        first()
        command.run(open_at(root), lambda: None)

    try:
        answer_of(again)
    except ChildFailedError as problem:
        return [f"the next run failed: {problem}"]
    return _differences(root, new)


def _differences(root: Path, new: State) -> list[str]:
    state: dict[str, Any] = answer_of(lambda: state_of(open_at(root)))
    return [f"{name} differs" for name in sorted({*state, *new}) if state.get(name) != new.get(name)]


def _limit_files(room: int) -> Callable[[], object]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))


def _become(user: pwd.struct_passwd) -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)


def _mount(folder: Path, options: str) -> bool:
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode and options.startswith("remount"):
        raise OSError(errno.EIO, done.stderr.decode())
    return done.returncode == 0


def _used(folder: Path) -> int:
    disk = os.statvfs(folder)
    return (disk.f_blocks - disk.f_bfree) * disk.f_frsize


def _tree(root: Path) -> dict[str, tuple[int, int, str]]:
    """Every path with its mode, time of change and content."""
    return {
        str(path.relative_to(root)): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else "",
        )
        for path in sorted(root.rglob("*"))
    }
