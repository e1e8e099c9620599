"""Slopes for docs/scale.md: ``python -m benchmarks.scale [--only nights,whole,reports,appends,writers] [--share 0.25]``.

Every night and report runs in a process of its own; told are seconds of the processor (the machine may be busy with
other things) and the most memory that the process held, with the straight line through the points.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.data import unit_codes, write_inbox, write_units
from benchmarks.stores import AS_OF, PERIOD, write_store
from pipelines.clock import SystemClock
from pipelines.session import Session
from pipelines.steps.maintenance import keep_small
from pipelines.store import Store
from tests.support.object_server import BUCKET, running_object_store
from transforms.schema.tables import ALL_TABLES, DECISION

_UNITS, _DOSSIERS = (4, 8, 16, 32), 2_000
_PER_UNIT, _AT_UNITS = (1_000, 4_000, 16_000), 8
_STORE_UNITS, _STORE_DOSSIERS = (50, 200, 800), 2_000
_COMMITS, _LINES = (1, 50, 100, 200, 400), 200
_WRITERS, _APPENDS = (1, 2, 4, 8), 12
_MOTCUA = str(Path(sys.executable).with_name("motcua"))
_WRITER = """
import sys
from datetime import UTC, datetime
import pyarrow as pa
from pipelines.store import Store
from transforms.schema.tables import DECISION
root, number, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
for step in range(count):
    line = {"decision_id": f"{number}-{step}", "kind": "waiver", "known_from": datetime.now(UTC)}
    Store(root).append(DECISION, pa.Table.from_pylist([line], schema=DECISION.arrow_schema()))
"""

_LAUNCHER = """
import os, sys
child = os.fork()
if not child:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execv(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(child, 0)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True, slots=True)
class Used:
    """What a process took: seconds of the processor, MB at its peak."""

    cpu: float
    peak: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was measured, one Markdown table a question."""
    parts: dict[str, Callable[[Path, float], None]] = {
        "nights": measure_nights,
        "whole": measure_whole_lists,
        "reports": measure_reports,
        "appends": measure_appends,
        "writers": measure_writers,
    }
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(parts), help="parts, joined by commas")
    parser.add_argument("--share", type=float, default=1.0, help="share of the dossiers, for a small run")
    options = parser.parse_args(arguments)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start, {date.today():%Y-%m}")  # noqa: DTZ011
    for name in options.only.split(","):
        with tempfile.TemporaryDirectory(prefix="motcua-scale-") as folder:
            parts[name](Path(folder), options.share)
    return 0


def measure_nights(folder: Path, share: float) -> None:
    """A first night, and a next one with the same lists and one dossier more in each, by units and by dossiers."""
    by_units = [(units, int(_DOSSIERS * share)) for units in _UNITS]
    by_size = [(_AT_UNITS, int(size * share)) for size in _PER_UNIT]
    found = {}
    for units, size in dict.fromkeys((*by_units, *by_size)):
        found[units, size] = _two_nights(folder / f"{units}-{size}", units, size)
    for night in (0, 1):
        name = "first night" if night == 0 else "next night, same lists with one dossier more each"
        _table(
            f"{name}: units of {by_units[0][1]:,} dossiers",
            ("units", "CPU s", "peak MB"),
            [(units, *_told(found[units, size][night])) for units, size in by_units],
        )
        _table(
            f"{name}: {_AT_UNITS} units",
            ("dossiers", "CPU s", "peak MB"),
            [(units * size, *_told(found[units, size][night])) for units, size in by_size],
        )
    _steps_table(folder, by_size[-1])
    _store_table(folder, by_size)


def measure_whole_lists(folder: Path, share: float) -> None:
    """The nights by dossiers again with lists that lack no column: two rows in a hundred have something to mend."""
    sizes = [int(size * share) for size in _PER_UNIT]
    found = [_two_nights(folder / f"{_AT_UNITS}-{size}", _AT_UNITS, size, is_csv_only=True) for size in sizes]
    for night, name in enumerate(("first", "next")):
        _table(
            f"{name} night: {_AT_UNITS} units, lists that lack no column",
            ("dossiers", "CPU s", "peak MB"),
            [(_AT_UNITS * size, *_told(used[night])) for size, used in zip(sizes, found, strict=True)],
        )
    _steps_table(folder, (_AT_UNITS, sizes[-1]))
    _store_table(folder, [(_AT_UNITS, size) for size in sizes])


def _two_nights(folder: Path, units: int, size: int, is_csv_only: bool = False) -> tuple[Used, Used]:
    codes, workspace = unit_codes(units), folder / "workspace"
    write_units(workspace / "catalogue", codes)
    used = []
    for night in (0, 1):
        day, inbox = AS_OF + timedelta(days=night), folder / f"inbox-{night}"
        write_inbox(inbox, codes, size + night, day, is_csv_only)
        command = [_MOTCUA, "nightly", "--json", "--inbox", str(inbox), "--workspace", str(workspace)]
        used.append(_run([*command, "--as-of", day.isoformat()]))
    _say(f"{units} units × {size}: {used}")
    return used[0], used[1]


def _steps_table(folder: Path, largest: tuple[int, int]) -> None:
    runs = sorted((folder / f"{largest[0]}-{largest[1]}" / "workspace" / "runs").glob("2*-nightly*"))
    timings = [
        {each["step"]: each["seconds"] for each in json.loads((run / "timings.json").read_text("utf-8"))}
        for run in runs
    ]
    rows = [(step, *(f"{night[step]:.1f}" for night in timings)) for step in timings[0]]
    _table(
        f"steps of the nights with {largest[0] * largest[1]:,} dossiers, seconds on the clock",
        ("step", "first", "next"),
        rows,
        is_line=False,
    )


def _store_table(folder: Path, by_size: Sequence[tuple[int, int]]) -> None:
    rows = []
    for units, size in by_size:
        workspace = folder / f"{units}-{size}" / "workspace"
        store = Store.at(workspace / "store")
        versions = sum(store.version(table) + 1 for table in ALL_TABLES)
        bytes_ = _bytes(workspace / "store")
        rows.append((units * size, f"{bytes_ / (units * size):.0f}", versions, f"{_bytes(workspace / 'drafts') / units / 1024:.0f}"))  # fmt: skip
    _table(
        "store after both nights",
        ("dossiers", "bytes a dossier", "commits", "KB of drafts a unit"),
        rows,
        is_line=False,
    )


def measure_reports(folder: Path, share: float) -> None:
    """One unit's report in a cold process, by what the other units have in the store."""
    rows = []
    for units in _STORE_UNITS:
        size, workspace = int(_STORE_DOSSIERS * share), folder / str(units)
        write_store(workspace, units * size, units)
        command = [_MOTCUA, "report", "--workspace", str(workspace), "--out", str(folder / "out")]
        unit = unit_codes(units)[units // 2]
        command += ["--unit", unit, "--period", PERIOD, "--as-of", AS_OF.isoformat()]
        runs = sorted((_run(command) for _ in range(3)), key=lambda used: used.cpu)
        rows.append((units * size, *_told(runs[1]), f"{_bytes(workspace / 'store') / (units * size):.0f}"))
        _say(f"report {rows[-1]}")
    _table(
        f"report of one unit with {int(_STORE_DOSSIERS * share):,} dossiers (median of three)",
        ("dossiers in store", "CPU s", "peak MB", "bytes a dossier"),
        rows,
    )


def measure_appends(folder: Path, share: float) -> None:
    """One more commit, and opening the table, after so many; then after a night's compaction."""
    store, last = Store.at(folder / "store"), max(_COMMITS)
    rows = []
    for number in range(1, last + 1):
        took = _cpu_of(lambda number=number: store.append(DECISION, _lines(number, int(_LINES * share))))
        if number in _COMMITS:
            opened = min(_cpu_of(lambda: store.read(DECISION)) for _ in range(3))
            rows.append((number, f"{took * 1000:.0f}", f"{opened * 1000:.0f}"))
    keep_small(Session(folder, SystemClock()))
    opened = min(_cpu_of(lambda: store.read(DECISION)) for _ in range(3))
    took = _cpu_of(lambda: store.append(DECISION, _lines(last + 1, int(_LINES * share))))
    _table(
        f"appending {int(_LINES * share)} lines to a table",
        ("commits", "CPU ms of the append", "CPU ms of reading all"),
        rows,
    )
    print(
        f"After compaction of {last} commits: append {took * 1000:.0f} ms, read {opened * 1000:.0f} ms, {store.file_count(DECISION)} files."
    )


def measure_writers(folder: Path, share: float) -> None:
    """Processes that append to one table of an object store at the same time: commits a second, refused commits."""
    rows = []
    with running_object_store(folder / "server.log") as environment:
        os.environ.update(environment)
        for writers in _WRITERS:
            root, before, began = f"s3://{BUCKET}/{writers}", _refused(folder), time.perf_counter()
            command = [sys.executable, "-c", _WRITER, root]
            started = [subprocess.Popen([*command, str(number), str(_APPENDS)]) for number in range(writers)]
            codes = [each.wait() for each in started]
            seconds = time.perf_counter() - began
            kept = Store(root).decisions().num_rows
            refused = _refused(folder) - before
            total = writers * _APPENDS
            rows.append((writers, total, total - kept, sum(map(bool, codes)), refused, f"{refused / total:.2f}", f"{total / seconds:.1f}"))  # fmt: skip
            _say(f"writers {rows[-1]}")
    _table(
        "appends to one table of an object store (moto), each writer a process that opens the store anew",
        ("writers", "appends", "lost", "writers failed", "refused puts", "refused an append", "appends a second"),
        rows,
        is_line=False,
    )  # fmt: skip


def _refused(folder: Path) -> int:
    log = (folder / "server.log").read_text(encoding="utf-8", errors="replace")
    return sum(" 412 " in line and "_delta_log" in line for line in log.splitlines())


def _lines(number: int, count: int) -> pa.Table:
    now = datetime.now(UTC)
    lines = [
        {"decision_id": f"{number}-{each}", "kind": "waiver", "known_from": now} for each in range(count)
    ]
    return pa.Table.from_pylist(lines, schema=DECISION.arrow_schema())


def _run(command: Sequence[str]) -> Used:
    # Through a small process: one that is forked from a large one begins with its peak.
    done = subprocess.run(
        [sys.executable, "-S", "-c", _LAUNCHER, *command], stdout=subprocess.PIPE, text=True, check=True
    )
    cpu, peak = done.stdout.splitlines()[-1].split()
    return Used(float(cpu), float(peak))


def _cpu_of(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _told(used: Used) -> tuple[str, str]:
    return f"{used.cpu:.1f}", f"{used.peak:.0f}"


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]], is_line: bool = True) -> None:
    print(f"\n{title}\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for row in rows:
        print(f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in row)} |")
    if is_line:
        places = [float(str(row[0])) for row in rows]
        for column in range(1, len(heads)):
            slope, start = np.polyfit(places, [float(str(row[column])) for row in rows], 1)
            print(f"\n{heads[column]} = {start:.4g} + {slope:.4g} × {heads[0]}")
    sys.stdout.flush()


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
