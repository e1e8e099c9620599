"""How a long run tells somebody how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with a step's Vietnamese name, how many of its parts are done, and how many there are."""


def no_progress(_step: str, _done: int, _total: int) -> None:
    """Show nothing: for runs without a terminal."""


class HereOnly:
    """Shows progress in this process; a copy that travels to another one shows nothing."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, step: str, done: int, total: int) -> None:
        """Tell how far a step is."""
        self._progress(step, done, total)

    def __reduce__(self) -> tuple[type[HereOnly], tuple[Progress]]:
        """Where it arrives it is silent."""
        return HereOnly, (no_progress,)
