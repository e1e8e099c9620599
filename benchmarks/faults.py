"""Kills ingest, publishing and compaction at random moments; the next run must end as if nothing had happened.

Every kill works on a copy of the same small workspace: a child of this process is killed in the middle of the
command, another looks at what a reader would see then, runs the command again and compares everything with an
undisturbed run. A third of the kills falls on a change to the disk, a third into an append to the store, a third
on any moment.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.support.disk_faults import Met, fill_disk, report_amid, run_two_at_once, take_permission
from tests.support.fault_cases import (
    COMMANDS,
    Command,
    State,
    copy_of,
    faults_between,
    first_evening,
    hidden_leftovers,
    lay_out,
    open_at,
    state_of,
)
from tests.support.forked import ChildFailedError, Measured, Moment, answer_of, kill_at, measure, warm_up

FULL_AT = (8_192, 65_536)
"""Bytes that are left on the disk."""
NIGHT_FOLDERS = ("store", "drafts", "outbox", "quarantine", "runs")


@dataclass(frozen=True, slots=True)
class Stage:
    """One command with the workspace that it starts from, what an undisturbed run makes of it and how long it takes."""

    command: Command
    template: Path
    old: State
    new: State
    old_progress: int
    new_progress: int
    measured: Measured


@dataclass(slots=True)
class Tally:
    """What the kills of one command left. ``by_moment``: kills by what they fell on."""

    command: str
    kills: int = 0
    too_late: int = 0
    before_commit: int = 0
    after_commit: int = 0
    leftovers: int = 0
    seconds: float = 0.0
    by_moment: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when no kill made a difference, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300, help="over all commands")
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after that time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--others", action="store_true", help="full disk, no permission, two runs, reports amid"
    )
    parser.add_argument("--json", action="store_true", help="print what was found as one JSON object")
    parser.add_argument("--keep", type=Path, help="folder that receives each workspace with a difference")
    options = parser.parse_args(arguments)
    root = Path(tempfile.mkdtemp(prefix="motcua-faults-"))
    try:
        stages = prepare_stages(root)
        kills = Kills(stages, options.seed, root / "struck", options.keep)
        ends = time.monotonic() + 60 * options.minutes
        for number in range(options.kills):
            if time.monotonic() < ends:
                kills.next(number)
        tallies = kills.tallies
        others = meet_others(stages, root / "met") if options.others else []
    finally:
        shutil.rmtree(root, ignore_errors=True)
    if options.json:
        told = {"kills": [asdict(tally) for tally in tallies], "others": [asdict(met) for met in others]}
        print(json.dumps(told))
    else:
        print(render_table(tallies))
        print(
            "\n".join(
                f"- {met.fault}: exit {met.exit_code}; {met.differences or 'no difference'}" for met in others
            )
        )
    return 1 if any(found.differences for found in (*tallies, *others)) else 0


def meet_others(stages: Sequence[Stage], work: Path) -> list[Met]:
    """Every fault but a kill, each once in some places."""
    night, publication = stages[0], stages[1]
    work.parent.chmod(0o711)  # an ordinary user has to get through
    met = [
        fill_disk(stage.command, stage.template, stage.new, work.with_name("disk"), room)
        for stage in stages
        for room in FULL_AT
    ]
    met += [
        take_permission(stage.command, stage.template, stage.new, work, folder)
        for stage, folders in ((night, NIGHT_FOLDERS), (publication, ("publications", "store")))
        for folder in folders
    ]
    middle = Moment(call=max(1, night.measured.calls // 2))
    met.append(run_two_at_once(night.command, night.template, night.new, work, middle))
    done = publication.template
    moments = [Moment(append=number + 1) for number in range(len(night.measured.appends))]
    moments.append(Moment(call=night.measured.calls))
    for moment, gave in zip(
        moments, report_amid(night.command, night.template, done, work, moments), strict=True
    ):
        told = ["the report is neither the old nor the new one"] if gave == "neither" else []
        met.append(Met(f"report amid a night, {moment}: {gave}", 0, told))
    return met


def prepare_stages(root: Path) -> list[Stage]:
    """The commands in the order of a working day, each over what the undisturbed one before it left."""
    template = root / "evening"
    lay_out(template)
    warm_up(lambda: _rehearse(copy_of(template, root / "rehearsal")))
    answer_of(lambda: first_evening(template))
    stages = []
    for command in COMMANDS:
        done = copy_of(template, root / f"after {command.name}")
        measured = measure(lambda begin, at=done, run=command.run: run(open_at(at), begin), done)
        stages.append(Stage(command, template, *_seen(command, template, done), measured))
        template = done
    return stages


class Kills:
    """Kills of every command in turn, each with the run after it compared with an undisturbed one."""

    def __init__(self, stages: Sequence[Stage], seed: int, work: Path, keep: Path | None = None) -> None:
        self._stages, self._seed, self._work, self._keep = stages, seed, work, keep
        self._chosen = random.Random(seed)
        self.tallies = [Tally(stage.command.name) for stage in stages]

    def next(self, number: int) -> None:
        """One more kill; the same seed gives the same moments, which a loaded machine may reach elsewhere."""
        turn, place = divmod(number, len(self._stages))
        stage, tally, work = self._stages[place], self.tallies[place], self._work
        started = time.perf_counter()
        what, moment = choose_moment(stage.measured, turn, self._chosen)
        copy_of(stage.template, work)
        if not kill_at(lambda begin: stage.command.run(open_at(work), begin), work, moment):
            tally.too_late += 1
        tally.kills += 1
        tally.by_moment[what] = tally.by_moment.get(what, 0) + 1
        struck = copy_of(work, work.with_name("as struck")) if self._keep else work
        seen = _judge(stage, work)
        tally.before_commit += seen["progress"] == stage.old_progress
        tally.after_commit += seen["progress"] != stage.old_progress
        tally.leftovers += len(seen["leftovers"])
        tally.seconds += time.perf_counter() - started
        if not seen["differences"]:
            return
        name = f"{stage.command.name}-{number}"
        tally.differences.append(
            f"seed {self._seed}, kill {name}, {moment}: {'; '.join(seen['differences'])}"
        )
        print(tally.differences[-1], file=sys.stderr)
        if self._keep:
            self._keep.mkdir(parents=True, exist_ok=True)
            copy_of(struck, self._keep / f"{name}-struck")
            copy_of(work, self._keep / f"{name}-after")


def choose_moment(measured: Measured, number: int, chosen: random.Random) -> tuple[str, Moment]:
    """In turn a change to the disk, an append to the store, and any moment of the run."""
    kinds = ["moment"]
    if measured.calls:
        kinds.append("change")
    if measured.appends:
        kinds.append("append")
    kind = kinds[number % len(kinds)]
    if kind == "change":
        return kind, Moment(call=chosen.randint(1, measured.calls))
    if kind == "append":
        append = chosen.randint(1, len(measured.appends))
        return kind, Moment(append=append, seconds=chosen.uniform(0, measured.appends[append - 1]))
    return kind, Moment(seconds=chosen.uniform(0, measured.seconds))


def render_table(tallies: Sequence[Tally]) -> str:
    """Markdown: a line a command, then every difference."""
    lines = [
        "| command | kills | at a change / in an append / at any moment | ended before | before commit | after commit | "
        "hidden leftovers | differences | seconds |",
        "|---" * 9 + "|",
    ]
    for tally in tallies:
        where = " / ".join(str(tally.by_moment.get(kind, 0)) for kind in ("change", "append", "moment"))
        kills = tally.kills or 1
        lines.append(
            f"| {tally.command} | {tally.kills} | {where} | {tally.too_late} | {tally.before_commit / kills:.0%} | "
            f"{tally.after_commit / kills:.0%} | {tally.leftovers} | {len(tally.differences)} | {tally.seconds:.0f} |"
        )
    return "\n".join([*lines, "", *(f"- {told}" for tally in tallies for told in tally.differences)])


def _judge(stage: Stage, root: Path) -> dict[str, Any]:
    """How far the killed run came, what differs after the next one, and what is left lying unseen."""

    def judged() -> dict[str, Any]:
        progress = stage.command.progress(open_at(root))
        differences = faults_between(open_at(root), stage.old, stage.new)
        stage.command.run(open_at(root), lambda: None)
        session = open_at(root)
        state = state_of(session)
        differences += [
            f"{name}: {state.get(name)} instead of {stage.new.get(name)}"
            for name in sorted({*state, *stage.new})
            if state.get(name) != stage.new.get(name)
        ]
        return {"progress": progress, "differences": differences, "leftovers": hidden_leftovers(session)}

    try:
        answer: dict[str, Any] = answer_of(judged)
    except ChildFailedError as problem:
        return {"progress": -1, "differences": [f"the next run failed: {problem}"], "leftovers": []}
    return answer


def _rehearse(root: Path) -> None:
    first_evening(root)
    for command in COMMANDS:
        command.run(open_at(root), lambda: None)
    state_of(open_at(root))


def _seen(command: Command, before: Path, after: Path) -> tuple[State, State, int, int]:
    def seen(root: Path) -> list[Any]:
        session = open_at(root)
        return [state_of(session), command.progress(session)]

    old, old_progress = answer_of(lambda: seen(before))
    new, new_progress = answer_of(lambda: seen(after))
    return old, new, old_progress, new_progress


if __name__ == "__main__":
    sys.exit(main())
