"""Kills, full disks, missing rights, two runs at once: the next run ends as if nothing had happened.

The short version of ``python -m benchmarks.faults``, in a process of its own: what forks must not have used the store.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import EXIT_LOCKED, EXIT_STORE

ROOT = Path(__file__).parents[2]
KILLS = 18
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found() -> Mapping[str, Any]:
    """What some kills of each command and every other fault left."""
    command = [sys.executable, "-m", "benchmarks.faults", "--kills", str(KILLS), "--others", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    told: Mapping[str, Any] = json.loads(done.stdout)
    return told


def others(found: Mapping[str, Any], about: str) -> list[dict[str, Any]]:
    chosen = [met for met in found["others"] if about in met["fault"]]
    assert chosen, about
    return chosen


@pytest.mark.parametrize("command", ["night", "publish", "compaction"])
def test_killed_command_run_again_ends_as_if_undisturbed(found: Mapping[str, Any], command: str) -> None:
    (tally,) = (tally for tally in found["kills"] if tally["command"] == command)
    assert tally["differences"] == []
    assert tally["kills"] == KILLS // 3
    assert tally["too_late"] < tally["kills"], "at least one kill must fall into the run"


def test_full_disk_is_told_as_such_and_the_next_run_completes(found: Mapping[str, Any]) -> None:
    full = [met for met in found["others"] if "bytes" in met["fault"]]
    assert [met for met in full if met["differences"]] == []
    assert {met["exit_code"] for met in full} <= {0, EXIT_STORE}
    assert any(met["exit_code"] == EXIT_STORE for met in full), "the disk was never full"


def test_missing_right_to_write_is_told_as_such_and_the_next_run_completes(found: Mapping[str, Any]) -> None:
    denied = others(found, "no right to write")
    assert [met for met in denied if met["differences"]] == []
    assert {met["exit_code"] for met in denied} <= {0, EXIT_STORE}
    assert [m["exit_code"] for m in denied if m["fault"].endswith("store")] == [EXIT_STORE, EXIT_STORE]


def test_second_run_at_once_is_refused_and_changes_nothing(found: Mapping[str, Any]) -> None:
    (met,) = others(found, "twice at once")
    assert (met["exit_code"], met["differences"]) == (EXIT_LOCKED, [])


def test_report_amid_a_night_shows_the_old_state_or_the_new(found: Mapping[str, Any]) -> None:
    amid = others(found, "report amid")
    assert [met["fault"] for met in amid if met["differences"]] == []
    assert {met["fault"].rpartition(": ")[2] for met in amid} == {"old", "new"}, (
        "stops lie on both sides of the commit"
    )
