"""What a user is told when a command cannot go on: one Vietnamese sentence and a stable exit code."""

from __future__ import annotations

import errno

EXIT_USAGE = 2
EXIT_CONFIGURATION = 10
EXIT_UNREADABLE = 11
EXIT_CRITICAL = 12
EXIT_RENDERING = 13
EXIT_LOCKED = 14
EXIT_STORE = 15
EXIT_BUG = 70
EXIT_STOPPED = 130
"""Ended by Ctrl+C, the shell's own convention."""


_REASONS = {
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.ENOSPC: "hết dung lượng đĩa",
    errno.EDQUOT: "hết hạn mức đĩa",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.ENOTDIR: "một phần của đường dẫn không phải thư mục",
    errno.EISDIR: "đây là thư mục",
    errno.EIO: "ổ đĩa báo lỗi",
    errno.ENOTCONN: "mất kết nối với ổ đĩa mạng",
    errno.ESTALE: "mất kết nối với ổ đĩa mạng",
    errno.EMFILE: "mở quá nhiều tệp cùng lúc",
    errno.ENAMETOOLONG: "tên quá dài",
}


def reason_of(problem: OSError) -> str:
    """Why the disk refused, in Vietnamese where it is one of the usual reasons."""
    return _REASONS.get(problem.errno or 0, problem.strerror or str(problem))


class UserError(Exception):
    """A sentence that says what, where and what to do; printed without a traceback."""

    exit_code = EXIT_CONFIGURATION


class UsageProblemError(UserError):
    """An argument that cannot be meant."""

    exit_code = EXIT_USAGE


class ConfigurationError(UserError):
    """Settings, catalogue or templates that contradict themselves."""

    exit_code = EXIT_CONFIGURATION


class UnreadableInputError(UserError):
    """A single file that was asked for and cannot be read."""

    exit_code = EXIT_UNREADABLE


class RenderingError(UserError):
    """A report that could not be written out."""

    exit_code = EXIT_RENDERING


class WorkspaceLockedError(UserError):
    """Another run holds the workspace."""

    exit_code = EXIT_LOCKED


class StoreUnreachableError(UserError):
    """Disk or store cannot be read or written."""

    exit_code = EXIT_STORE


class ClusterError(UserError):
    """Machines that were to take parts of a run cannot be reached, or not used."""

    exit_code = EXIT_STORE
