"""Goldens of text: one readable file a case, compared line by line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "golden"


def assert_golden(name: str, text: str, update: bool) -> None:
    """Compare with ``tests/golden/<name>``; a missing golden fails. ``--update-golden`` refuses to run under CI."""
    path = FOLDER / name
    if update:
        if os.environ.get("CI"):
            pytest.fail(
                "--update-golden is refused under CI: goldens are read by a person before they are kept"
            )
        path.write_text(text, encoding="utf-8")
    if not path.exists():
        pytest.fail(f"golden {name} is missing; look at the output, then run pytest with --update-golden")
    assert text.splitlines() == path.read_text(encoding="utf-8").splitlines()
