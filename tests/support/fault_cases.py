"""A small district on its way through the commands that write, and everything that a run leaves behind."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable

from pipelines.clock import FixedClock
from pipelines.publications.model import MANIFEST, read_publications
from pipelines.publications.publish import issue, prepare
from pipelines.publications.verify import verify
from pipelines.session import Session
from pipelines.steps import nightly
from pipelines.steps.check import check_store
from tests.support.forked import Begin
from tests.support.plain_night import SAMPLES, run_plain_night
from tests.support.published import FIRST_LIST, FIRST_NAME, LATER_LIST, LATER_NAME, order
from tests.support.sent_back import CODE, UNIT, dossier_list, send
from transforms.history.as_known import latest_versions
from transforms.schema.tables import ALL_TABLES, CATALOGUE, RECORD_TABLES

SENT = {
    "16186": (
        "Danh sach ho so 05-09-2021 16-30.xls",
        "Thu phi le phi 05-09-2021 16-35.xls",
        "So lieu bo sung 2021-9T 05-09-2021.xlsx",
    ),
    "16195": ("So van ban den 05-09-2021.xlsx",),
}
"""What two communes of the sample district send beside the one whose software writes CSV."""
UNITS = {UNIT, "16186"}
"""Whose drafts are written: enough to see them change."""
_DAYS = (date(2021, 9, 14), date(2021, 9, 15))
_OLD_EXPORT = "Danh sach ho so 27-08-2021 17-00.xls"
_SETTINGS = 'period_kinds = ["month", "nine_months"]\nstable_seconds = 0.0\nkeep_inbox_days = 0\n'
_CORRECTION = (
    f'- match: {{unit: "{UNIT}", kind: "Hồ sơ", Mã hồ sơ: "{CODE}02-0002"}}\n'
    '  column: "Ngày hẹn trả"\n  was: "05/08/2021"\n  set: "10/08/2021"\n'
    '  reason: "Giấy hẹn ghi khác"\n  owner: "Văn phòng"\n  date: "15/09/2021"\n'
)
_OF_A_RUN = {"known_from", "_known_from", "run_id", "known_at"}
"""Columns that say when or in which run, which another try cannot repeat."""
_AFTER_A_CRASH = {"unfinished", "line_missing", "latest_wrong"}
"""What ``verify`` may say between a crash and the next run."""

State = dict[str, str]
_READ: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Command:
    """One command that writes, by its name, and how far the workspace has come by it."""

    name: str
    run: Callable[[Session, Begin], None]
    progress: Callable[[Session], int]


def open_at(root: Path, day: date = _DAYS[1]) -> Session:
    """A session over that folder on the evening of that day; its catalogue is read once for all children."""
    session = Session(root, FixedClock(datetime(day.year, day.month, day.day, 13, 30, tzinfo=UTC)))
    if not _READ:
        _READ.update(
            files=session.files,
            catalogue=session.catalogue,
            templates=session.templates,
            messages=session.messages,
        )
    vars(session).update(_READ)
    return session


def lay_out(root: Path) -> None:
    """A workspace where nothing was read yet, with the files of the first evening; needs no store."""
    root.mkdir(parents=True)
    (root / "motcua.toml").write_text(_SETTINGS, encoding="utf-8")
    (root / "catalogue").mkdir()
    (root / "catalogue" / "corrections.yml").write_text(_CORRECTION, encoding="utf-8")
    session = open_at(root)
    session.workspace.create()
    send(session, FIRST_NAME, dossier_list(FIRST_LIST))
    send(session, _OLD_EXPORT, (SAMPLES / "inbox" / "16186" / _OLD_EXPORT).read_bytes(), "16186")


def first_evening(root: Path) -> None:
    """One night and one publication; then the units send what the next night has to read."""
    session = open_at(root, _DAYS[0])
    _night(session, _DAYS[0])
    with session.workspace.lock():
        issue(session, prepare(session, order("44/BC-UBND", _DAYS[0], formats=("json", "xlsx"))))
    for unit, names in SENT.items():
        for name in names:
            send(session, name, (SAMPLES / "inbox" / unit / name).read_bytes(), unit)
    send(session, LATER_NAME, dossier_list(LATER_LIST))
    send(session, "hong.xls", b"PK\x03\x04 cut", "16195")


def night(session: Session, begin: Begin) -> None:
    """A whole night: read, commit, check, draft, send back, tidy."""
    begin()
    _night(session, _DAYS[1])


def publication(session: Session, begin: Begin) -> None:
    """The second version of the commune's nine months; said again, it writes nothing."""
    with session.workspace.lock():
        prepared = prepare(session, order("45/BC-UBND", _DAYS[1], formats=("json", "xlsx")))
        begin()
        if prepared.same_as is None:
            issue(session, prepared)
        else:
            nightly.tidy_publications(session)


def compaction(session: Session, begin: Begin) -> None:
    """Every table merged into few files and the old files taken away, as at the end of a night but all at once."""
    with session.workspace.lock():
        begin()
        for table in ALL_TABLES:
            session.store.compact(table)
            session.store.clear(table, 0)


COMMANDS = (
    Command("night", night, lambda session: session.store.deliveries().num_rows),
    Command("publish", publication, lambda session: len(read_publications(session.store))),
    Command(
        "compaction", compaction, lambda session: sum(DeltaTable(uri).version() for uri in _tables(session))
    ),
)


def state_of(session: Session) -> State:
    """Everything that a reader of the workspace can see, by what it is, without instants; equal states are equal."""
    store = session.store
    state = {}
    for kind, table in RECORD_TABLES.items():
        versions = store.versions(kind)
        state[f"latest {kind}"] = _digest(_lines(latest_versions(versions, table)))
        state[f"versions {kind}"] = _digest(_lines(versions))
        state[f"confirmed {kind}"] = _digest(_lines(store.confirmed(kind)))
    state["quarantined"] = _digest(_lines(store.quarantined()))
    state["deliveries"] = _digest(_lines(store.deliveries()))
    state["decisions"] = _digest(_lines(store.decisions()))
    state["catalogue versions"] = _digest(_lines(store.read(CATALOGUE)))
    state["open findings"] = _digest(_open_findings(session))
    for name, content in drafts_of(session).items():
        state[f"draft {name}"] = _digest([f"{file} {sha256}" for file, sha256 in content.items()])
    for name, path in _reachable(session.workspace.outbox):
        state[f"outbox {name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    for name, _ in _reachable(session.workspace.quarantine):
        state[f"refused {name}"] = ""
    for issued in read_publications(store):
        files = {name: sha256 for name, sha256 in issued.files.items() if name != MANIFEST}
        state[f"publication {issued.unit_code} {issued.period_id} {issued.number}"] = repr(
            sorted(files.items())
        )
    for name, path in _reachable(session.workspace.publications):
        state[f"published {name}"] = (
            "" if path.name == MANIFEST else hashlib.sha256(path.read_bytes()).hexdigest()
        )
    state["verify"] = repr(sorted(p.sentence for p in verify(session.workspace.publications, store).problems))
    state["spools"] = repr(sorted(path.name for path in session.workspace.runs.glob("*/spool")))
    return state


def faults_between(session: Session, old: State, new: State) -> list[str]:
    """What a reader finds between a crash and the next run that is neither the old state nor the new one."""
    found = []
    now = committed_state(session)
    if now not in (_committed(old), _committed(new)):
        found.append("records of a delivery that is not committed count, or the other way round")
    for name, content in drafts_of(session).items():
        digest = _digest([f"{file} {sha256}" for file, sha256 in content.items()])
        if digest not in (old.get(f"draft {name}"), new.get(f"draft {name}")):
            found.append(f"draft {name} is neither the old nor the new one")
    problems = verify(session.workspace.publications, session.store).problems
    found += [p.sentence for p in problems if p.kind not in _AFTER_A_CRASH]
    return found


def committed_state(session: Session) -> State:
    """The records that count, by kind."""
    store = session.store
    return {
        **{f"versions {kind}": _digest(_lines(store.versions(kind))) for kind in RECORD_TABLES},
        "quarantined": _digest(_lines(store.quarantined())),
        "deliveries": _digest(_lines(store.deliveries())),
    }


def hidden_leftovers(session: Session) -> list[str]:
    """Half-made files and folders under names that no reader looks at."""
    space = session.workspace
    return sorted(
        str(path.relative_to(space.root))
        for folder in (space.drafts, space.publications, space.outbox, space.store / "blobs", space.runs)
        for path in folder.rglob(".*")
        if path.name not in (".versions", ".da-viet.json") and not path.is_symlink()
    )


def drafts_of(session: Session) -> dict[str, dict[str, str]]:
    """``unit/period`` → file → SHA-256, of what the links of the drafts lead to."""
    root = session.workspace.drafts
    links = sorted(link for link in root.glob("*/*") if link.is_symlink())
    return {
        str(link.relative_to(root)): {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(link.iterdir())
        }
        for link in links
    }


def copy_of(template: Path, target: Path) -> Path:
    """The same workspace elsewhere, over whatever was there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(template, target, symlinks=True)
    return target


def _night(session: Session, day: date) -> None:
    # The second opinion of Great Expectations writes nothing and takes longer than all the rest.
    nightly.check_store = partial(check_store, with_great_expectations=False)
    with session.workspace.lock():
        run_plain_night(session, session.workspace.inbox, day, UNITS)


def _open_findings(session: Session) -> list[str]:
    """Code, unit, file, count and subjects of every finding that is open."""
    return sorted(
        repr((row["code"], row["unit_code"], row["file"], row["count"],
              sorted(place["subject"] or "" for place in row["places"] or [])))
        for row in session.store.findings().to_pylist()
        if row["state"] == "open"
    )  # fmt: skip


def _lines(rows: pa.Table) -> list[str]:
    kept = rows.select([name for name in rows.column_names if name not in _OF_A_RUN])
    return sorted(json.dumps(row, default=str, ensure_ascii=False) for row in kept.to_pylist())


def _digest(lines: Iterable[str]) -> str:
    listed = list(lines)
    return f"{len(listed)} {hashlib.sha256(chr(10).join(listed).encode()).hexdigest()[:16]}"


def _committed(state: State) -> State:
    names = {*(f"versions {kind}" for kind in RECORD_TABLES), "quarantined", "deliveries"}
    return {name: value for name, value in state.items() if name in names}


def _reachable(folder: Path) -> list[tuple[str, Path]]:
    found = ((str(path.relative_to(folder)), path) for path in sorted(folder.rglob("*")) if path.is_file())
    return [(name, path) for name, path in found if not any(part[0] == "." for part in Path(name).parts)]


def _tables(session: Session) -> list[str]:
    root = Path(session.store.root)
    return [str(root / table.name) for table in ALL_TABLES if (root / table.name / "_delta_log").is_dir()]
