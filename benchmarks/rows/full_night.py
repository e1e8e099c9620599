"""A night of 60 units with 500 k dossiers in four kinds of file, and the same night again with nothing new."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path

from benchmarks.data import CSV_HEADER, unit_codes, write_inbox, write_units
from benchmarks.limits import read_with_arrow, read_with_fastexcel, read_with_lxml, read_with_lxml_xml
from benchmarks.measured import Figure, Measured, Times, load, peak_gb, take_turns, time_of
from benchmarks.stores import AS_OF, UNITS
from pipelines.inbox import InboxFile
from transforms.readers.limits import DEFAULT_LIMITS

_APART = ("outbox", "data_docs")
"""Steps that are timed apart: their own files back to the units, and the pages of Great Expectations."""


def measure(folder: Path, scale: float) -> Measured:
    """The row; the nights run once each, in processes of their own."""
    per_unit, began = max(10, int(500_000 * scale) // UNITS), load()
    codes = unit_codes(UNITS)
    workspace, inbox = folder / "workspace", folder / "inbox"
    write_units(workspace / "catalogue", codes)
    (workspace / "motcua.toml").write_text('period_kinds = ["nine_months"]\n', encoding="utf-8")
    paths = write_inbox(inbox, codes, per_unit)
    written = peak_gb()
    command = [
        *(str(Path(sys.executable).with_name("motcua")), "nightly", "--json", "--inbox", str(inbox)),
        *("--workspace", str(workspace), "--as-of", AS_OF.isoformat()),
    ]
    times: dict[str, Times] = {}
    steps: dict[str, Counter[str]] = {}
    for night in ("night", "unchanged night"):
        seconds, cpu = time_of(partial(subprocess.run, command, check=True, stdout=subprocess.DEVNULL))
        times[f"{night}, whole process"] = Times(round(seconds, 3), round(cpu, 3))
        steps[night] = _steps(workspace)
        for step, taken in steps[night].items():
            times[f"{night}: {step}"] = Times(taken, 0)
    peak = peak_gb()
    times |= take_turns(
        {
            "sum of the readers' limits": lambda: [_read_limit(path) for path in paths],
            "listing and hashing the files": lambda: [_hash(path) for path in paths],
        }
    )
    until_drafts, unchanged = (_without_apart(steps[night]) for night in ("night", "unchanged night"))
    return Measured(
        row="full_night",
        work=f"night, {UNITS} units, {per_unit * UNITS:,} dossiers in CSV, HTML, xlsx and XML 2003",
        times=times,
        figures=(
            Figure("until the drafts", until_drafts, "s", target=120),
            Figure("peak memory", peak, "GB", target=2),
            Figure("÷ the readers' limits", until_drafts / times["sum of the readers' limits"].seconds),
            Figure("unchanged night, without the engine's start", unchanged, "s", target=5),
        ),
        notes=(
            f"Steps have no processor time of their own; writing the data took up to {written:.1f} GB.",
            "Returned workbooks (outbox) and Data Docs are left out of “until the drafts”; packs are made on request.",
        ),
        scale=scale,
        load=began,
    )


def _steps(workspace: Path) -> Counter[str]:
    """Seconds of each step of the newest run."""
    timings = json.loads((workspace / "runs" / "latest" / "timings.json").read_text(encoding="utf-8"))
    return Counter({each["step"]: each["seconds"] for each in timings})


def _without_apart(steps: Counter[str]) -> float:
    return round(sum(seconds for step, seconds in steps.items() if step not in _APART), 3)


def _read_limit(path: Path) -> object:
    if path.suffix == ".csv":
        return read_with_arrow(path, len(CSV_HEADER))
    if path.suffix == ".xlsx":
        return read_with_fastexcel(path)
    with path.open("rb") as file:
        is_xml = file.read(5) == b"<?xml"
    return read_with_lxml_xml(path) if is_xml else read_with_lxml(path)


def _hash(path: Path) -> str:
    return InboxFile("", path).sha256(DEFAULT_LIMITS)
