"""Everything that is measured, in one call: ``python -m benchmarks [--only csv,xlsx] [--scale 0.1]``, or ``make bench``.

Each row runs in a process of its own: it writes its data into a temporary folder, lets ours and the others run
in turn, and ends with medians and ratios. A row that fails or takes too long is named, and the next one begins.
At full scale the results are kept in ``benchmarks/results`` and compared with the committed ones: a number that
grew by more than a fifth is named, and the exit code is then 1.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import results
from benchmarks.measured import Measured
from benchmarks.rows import ROWS, measure_row

_LONGEST = 420.0
"""Seconds that one row may take at full scale."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0; 1 where something got worse, 2 where a row failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(ROWS), help="names of rows, joined by commas")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the rows of data, for a small run")
    parser.add_argument(
        "--out", type=Path, help="where results are kept (default: benchmarks/results at full scale)"
    )
    parser.add_argument("--folder", type=Path, help="where the data is written, and left")
    parser.add_argument("--seconds", type=float, default=_LONGEST, help="the longest that one row may take")
    parser.add_argument("--row", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.row:
        print(json.dumps(measure_row(options.row, options.folder, options.scale).as_json()))
        return 0
    names = [name.strip() for name in options.only.split(",") if name.strip()]
    if unknown := [name for name in names if name not in ROWS]:
        parser.error(f"no row {', '.join(unknown)}; there are {', '.join(ROWS)}")
    out = options.out or (results.FOLDER if options.scale == 1 else None)
    return _measure_all(names, options.scale, out, options.folder, options.seconds)


def _measure_all(
    names: Sequence[str], scale: float, out: Path | None, folder: Path | None, longest: float
) -> int:
    found: list[Measured] = []
    failed: list[str] = []
    worse: list[str] = []
    for name in names:
        began = time.monotonic()
        try:
            row = _in_own_process(name, scale, folder, longest)
        except (subprocess.SubprocessError, ValueError) as problem:
            failed.append(name)
            _say(f"{name}: failed after {time.monotonic() - began:.0f} s ({type(problem).__name__})")
            continue
        found.append(row)
        worse += results.find_worse(row, results.committed_row(name))
        told = "; ".join(f"{figure.name} {results.shown(figure)}" for figure in row.figures)
        _say(f"{name}: {time.monotonic() - began:.0f} s — {told}")
        if out is not None:
            results.write_row(out, row)
    print(results.render_table(found))
    if out is not None:
        kept = [row for name in ROWS if (row := results.read_row(out, name)) is not None]
        (out / results.TABLE).write_text(results.render_table(kept), encoding="utf-8")
        results.write_plot(out / results.PLOT, kept)
        print(f"Kept in {out}.")
    print(*(f"WORSE by more than a fifth: {sentence}" for sentence in worse), sep="\n")
    print(*(f"FAILED: {name}" for name in failed), sep="\n")
    return 2 if failed else 1 if worse else 0


def _in_own_process(name: str, scale: float, folder: Path | None, longest: float) -> Measured:
    """The row from a process of its own, so that neither memory nor threads nor caches of another count."""
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as temporary:
        place = folder / name if folder else Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "benchmarks", "--row", name, "--scale", str(scale)]
        done = subprocess.run(
            [*command, "--folder", str(place)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=longest,
            env={**os.environ, "TMPDIR": temporary},
        )
        return Measured.from_json(json.loads(done.stdout.splitlines()[-1]))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
