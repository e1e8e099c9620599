"""What a user is told when a command cannot go on: one Vietnamese sentence and a stable exit code."""

from __future__ import annotations

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
