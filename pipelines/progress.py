"""How a long run tells somebody how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with a step's Vietnamese name, how many of its parts are done, and how many there are."""


def no_progress(_step: str, _done: int, _total: int) -> None:
    """Show nothing: for runs without a terminal."""
