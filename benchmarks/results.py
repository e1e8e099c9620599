"""The results that are kept beside the code: one JSON a row, the table, and what got worse since."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.measured import Figure, Measured, Times

FOLDER = Path(__file__).parent / "results"
TABLE, PLOT = "table.md", "ratios.svg"
WORSE = 1.2
"""A number is named when it grew by more than a fifth."""
_ROOT = Path(__file__).parent.parent


def write_row(folder: Path, row: Measured) -> None:
    """Keep the row; the one before it is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(row.as_json(), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / f"{row.row}.json").write_text(text + "\n", encoding="utf-8")


def read_row(folder: Path, name: str) -> Measured | None:
    """The row as it is kept; None where there is none."""
    path = folder / f"{name}.json"
    return Measured.from_json(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def committed_row(name: str) -> Measured | None:
    """The row as it was last committed, as kept on disk where this is no clone; None where there is none."""
    path = (FOLDER / f"{name}.json").relative_to(_ROOT)
    shown = subprocess.run(
        ["git", "show", f"HEAD:{path.as_posix()}"], cwd=_ROOT, capture_output=True, text=True, check=False
    )
    if shown.returncode == 0:
        return Measured.from_json(json.loads(shown.stdout))
    return read_row(FOLDER, name)


def find_worse(now: Measured, before: Measured | None) -> list[str]:
    """A sentence for each number that grew by more than a fifth; nothing where the sizes differ."""
    if before is None or before.scale != now.scale:
        return []
    old = {figure.name: figure for figure in before.figures}
    return [
        f"{now.row}: {figure.name} was {shown(old[figure.name])}, is {shown(figure)}"
        for figure in now.figures
        if figure.name in old and figure.value > old[figure.name].value * WORSE
    ]


def render_table(rows: Iterable[Measured]) -> str:
    """Everything as Markdown: first the numbers against their targets, then every contestant's medians."""
    rows = list(rows)
    lines = ["| work | measured | | target | |", "|---|---|---|---|---|"]
    for row in rows:
        for place, figure in enumerate(row.figures):
            target = "" if figure.target is None else f"≤ {_number(figure.target, figure.unit)}"
            met = "" if figure.target is None else "met" if figure.is_met else "**not met**"
            work = row.work if place == 0 else ""
            lines.append(f"| {work} | {figure.name} | {shown(figure)} | {target} | {met} |")
    lines += ["", "| work | contestant | seconds | of the processor |", "|---|---|---|---|"]
    for row in rows:
        for place, (name, times) in enumerate(row.times.items()):
            work = row.work if place == 0 else ""
            lines.append(f"| {work} | {name} | {_seconds(times)} |")
    lines += ["", *(f"- {row.row}: {note}" for row in rows for note in row.notes)]
    lines += [
        "",
        *(
            f"- {row.row}: {row.cores} cores, load {row.load:.1f} at the start"
            + (f", scale {row.scale:g}" if row.scale != 1 else "")
            for row in rows
        ),
    ]
    return "\n".join(lines) + "\n"


def shown(figure: Figure) -> str:
    """The number with its unit."""
    return _number(figure.value, figure.unit)


def write_plot(path: Path, rows: Sequence[Measured]) -> None:
    """A bar for every number that has a target, as a share of the target; on a logarithmic axis."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    bars = [(f"{row.row}: {each.name}", each) for row in rows for each in row.figures if each.target]
    if not bars:
        return
    figure, axes = plt.subplots(figsize=(9, 0.42 * len(bars) + 1.2), layout="constrained")
    shares = [each.value / (each.target or 1) for _, each in bars]
    colours = ["#2b7a4b" if each.is_met else "#b3402a" for _, each in bars]
    drawn = axes.barh([name for name, _ in bars], shares, color=colours)
    axes.bar_label(
        drawn, [f"{shown(each)} of {_number(each.target or 0, each.unit)}" for _, each in bars], padding=4
    )
    axes.axvline(1, color="#333333", linewidth=1)
    axes.set_xscale("log")
    axes.set_xlim(min(0.1, *shares) * 0.8, max(2.0, *shares) * 4)
    axes.set_xlabel("share of the target, less is better")
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _seconds(times: Times) -> str:
    return f"{times.seconds:.2f} | {times.cpu:.2f}"


def _number(value: float, unit: str) -> str:
    text = f"{value:.2f}" if value < 10 else f"{value:.1f}"
    return f"{text} {unit}"
