"""Keeping the store small, erasing what has been kept long enough, and moving an old store to the present layout.

None of it changes an answer: reports as known at any instant and published files stay what they are.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.clock import VIETNAM, today
from pipelines.errors import StoreUnreachableError
from pipelines.session import Session
from pipelines.steps.backup import Backup, write_backup_locked
from pipelines.steps.corrections import mended_spots
from pipelines.steps.decisions import CORRECTION, EXPLANATION, WAIVER, decision_table, parse_correction
from pipelines.store import Store
from pipelines.store_format import PRESENT, mark_format, read_format
from transforms.canonical.mended import SetApart
from transforms.canonical.source import tidied_codes
from transforms.catalogue.model import Catalogue
from transforms.schema.model import Table
from transforms.schema.tables import ALL_TABLES, DECISION, FINDING, QUARANTINED, RECORD_TABLES

log = logging.getLogger("motcua.maintenance")

ERASED = "[đã xóa theo thời hạn lưu]"
"""Stands for words that were erased because they were old enough."""
ERASURE = "erasure"
_READERS_HOURS = 24
"""No report runs longer: files that were merged away before that are needed by nobody."""
_BY_SETTING = "keep_record_years"


def keep_small(session: Session) -> None:
    """Merge the files of tables that have many, and delete what no reader can need any more.

    What the disk refuses costs this alone and is in the log: a good night stays good, the next one tries again.
    The caller holds the workspace's lock.
    """
    most = session.settings.compact_files
    for table in ALL_TABLES:
        try:
            before = session.store.file_count(table)
            if before > most:
                session.store.compact(table)
                log.info("compacted %s", table.name, extra={"count": before})
            if deleted := session.store.clear(table, _READERS_HOURS):
                log.info("cleared %s", table.name, extra={"count": deleted})
        except StoreUnreachableError:
            log.warning("not compacted: %s", table.name, exc_info=True)


@dataclass(frozen=True, slots=True)
class Erased:
    """Rows in which something was erased."""

    quarantined: int = 0
    findings: int = 0
    explanations: int = 0

    def __bool__(self) -> bool:
        return bool(self.quarantined or self.findings or self.explanations)


def erase_when_due(session: Session) -> Erased:
    """What the setting ``keep_record_years`` asks for; nothing where it is 0. The caller holds the workspace's lock."""
    years = session.settings.keep_record_years
    if not years:
        return Erased()
    day = today(session.clock)
    last_day = day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)
    try:
        return erase_old(session.store, session.catalogue, last_day, session.clock.now())
    except StoreUnreachableError:
        log.warning("not erased", exc_info=True)  # the night is done; the next one tries again
        return Erased()


def erase_old(store: Store, catalogue: Catalogue, before: date, now: datetime) -> Erased:
    """Erase references to single records from what was known before that day (Vietnam); how many rows changed.

    - Set-apart rows keep nothing of their text but the code of a dossier that the store knows anyway: by it
      the row counts as mended. Rows that a correction is about stay, since it is matched against their text.
    - Findings that are over lose subjects and values of their places, open ones stay.
    - Explanations lose their words.

    Everything that is counted or printed stays: versions, counts, sentences, publications. One line of kind
    ``erasure`` in ``decisions`` says what was done. The old files are deleted with the next night's clearing, a
    day later; backups keep what they hold. Doing it twice changes nothing.
    """
    limit = datetime.combine(before, time(), VIETNAM).astimezone(UTC)
    apart, apart_count = _without_texts(store, catalogue, limit)
    findings, finding_count = _without_places(store, limit)
    decisions, explanation_count = _without_words(store, limit)
    done = Erased(apart_count, finding_count, explanation_count)
    if not done:
        return done
    if apart_count:
        store.replace(QUARANTINED, apart)
    if finding_count:
        store.replace(FINDING, findings)
    counts = {"quarantined": apart_count, "findings": finding_count, "explanations": explanation_count}
    line = {
        "decision_id": hashlib.sha256(f"{ERASURE}\n{before}\n{now.isoformat()}".encode()).hexdigest()[:16],
        "kind": ERASURE,
        "unit_code": "",
        "author": "motcua",
        "reason": f"Hết thời hạn lưu theo cấu hình {_BY_SETTING}",
        "details_json": json.dumps({"before": before.isoformat(), **counts}),
        "source": _BY_SETTING,
        "decided_on": now.astimezone(VIETNAM).date(),
    }
    told = decision_table([line], frozenset(), store.next_instants(now, 1)[0])
    # In one commit with what it tells of.
    store.replace(DECISION, pa.concat_tables([decisions, told]))
    log.info("erased", extra={"count": sum(counts.values())})
    return done


@dataclass(frozen=True, slots=True)
class Upgraded:
    """``backup`` is None where the store had the present layout already."""

    backup: Backup | None
    columns: tuple[str, ...] = ()
    """Added columns, as table.column."""


def upgrade_store(session: Session, target: Path | None = None) -> Upgraded:
    """Move the store to the present layout after a backup to ``target``, by default beside the workspace's folders.

    ``FORMAT`` is written last: after an interruption the store is read as the old one that it still is, and the
    next call does the rest, after a backup of its own. Raises UsageProblemError for a target that is taken. The
    caller holds the workspace's lock.
    """
    store = session.store
    if read_format(store.root).number == PRESENT:
        return Upgraded(None)
    moment = session.clock.now().astimezone(VIETNAM)
    target = target or session.workspace.root / "backups" / f"truoc-nang-cap-{moment:%Y%m%d-%H%M%S}.tar.gz"
    backup = write_backup_locked(session.workspace, target, session.clock)
    added: list[str] = []
    for table in ALL_TABLES:
        if missing := store.missing_columns(table):
            store.add_columns(table, missing)
            added += [f"{table.name}.{name}" for name in missing]
    mark_format(store.root, confirmed_since=store.next_instants(session.clock.now(), 1)[0])
    return Upgraded(backup, tuple(added))


def _without_texts(store: Store, catalogue: Catalogue, limit: datetime) -> tuple[pa.Table, int]:
    rows = store.read(QUARANTINED)
    is_old = _is_before(rows["_known_from"], limit)
    if not pc.any(is_old).as_py():
        return rows, 0
    lines = [row for row in store.decisions().to_pylist() if row["kind"] == CORRECTION]
    needed = mended_spots(store, tuple(map(parse_correction, lines)), catalogue)
    known = _known_codes(store)
    texts = rows["raw_json"].to_pylist()
    places = rows.select(["_delivery_id", "_sheet", "_row"]).to_pylist()
    codes = tidied_codes(
        pa.array([json.loads(text).get("dossier_code") for text in texts], pa.string())
    ).to_pylist()
    erased = [
        _kept_code(text, code if code in known else None)
        if old and SetApart(place["_delivery_id"], place["_sheet"] or "", place["_row"]) not in needed
        else text
        for text, code, place, old in zip(texts, codes, places, is_old.to_pylist(), strict=True)
    ]
    return _replaced(rows, QUARANTINED, "raw_json", erased), _count_differing(texts, erased)


def _known_codes(store: Store) -> set[str]:
    """Every dossier code that a version bears; erasing it elsewhere would hide nothing."""
    tables = [table for table in RECORD_TABLES.values() if "dossier_code" in table.names]
    instant = "_known_from"
    return {
        code
        for table in tables
        for code in store.read(table, columns=["dossier_code", instant])["dossier_code"].unique().to_pylist()
    }


def _kept_code(text: str, code: str | None) -> str:
    return (
        json.dumps({"dossier_code": json.loads(text)["dossier_code"]}, ensure_ascii=False) if code else "{}"
    )


def _without_places(store: Store, limit: datetime) -> tuple[pa.Table, int]:
    rows = store.read(FINDING)
    is_old = _is_before(rows["known_from"], limit)
    places = rows["places"].filter(is_old).combine_chunks().flatten()
    if all(places.field(name).null_count == len(places) for name in ("subject", "value")):
        return rows, 0
    open_now = {row["finding_id"] for row in store.findings().to_pylist() if row["state"] == "open"}
    before = rows["places"].to_pylist()
    after = [
        [{**place, "subject": None, "value": None} for place in places or ()]
        if old and identity not in open_now
        else places
        for places, identity, old in zip(
            before, rows["finding_id"].to_pylist(), is_old.to_pylist(), strict=True
        )
    ]
    return _replaced(rows, FINDING, "places", after), _count_differing(
        [p or [] for p in before], [p or [] for p in after]
    )


def _without_words(store: Store, limit: datetime) -> tuple[pa.Table, int]:
    rows = store.read(DECISION)
    is_worded = pc.is_in(rows["kind"], value_set=pa.array([EXPLANATION, WAIVER]))
    is_old = pc.and_(_is_before(rows["known_from"], limit), is_worded).to_pylist()
    before = rows["reason"].to_pylist()
    after = [ERASED if old else reason for reason, old in zip(before, is_old, strict=True)]
    return _replaced(rows, DECISION, "reason", after), _count_differing(before, after)


def _is_before(instants: pa.ChunkedArray, limit: datetime) -> pa.ChunkedArray:
    return pc.less(instants, pa.scalar(limit, instants.type))


def _replaced(rows: pa.Table, table: Table, name: str, values: Iterable[Any]) -> pa.Table:
    field = table.arrow_schema().field(name)
    return rows.set_column(rows.schema.get_field_index(name), field, pa.array(values, field.type))


def _count_differing(before: Iterable[Any], after: Iterable[Any]) -> int:
    return sum(old != new for old, new in zip(before, after, strict=True))
