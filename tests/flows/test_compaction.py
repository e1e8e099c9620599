"""Few files instead of many: every answer stays, whatever happens meanwhile."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from pipelines.clock import FixedClock
from pipelines.errors import StoreUnreachableError
from pipelines.session import Session
from pipelines.steps.commit import commit_deliveries
from pipelines.steps.maintenance import keep_small
from pipelines.steps.retraction import retract_delivery
from pipelines.store import Store
from tests.flows.test_commit import delivered
from transforms.schema.model import Table
from transforms.schema.tables import ALL_TABLES, DELIVERY, DOSSIER, FINDING

START = datetime(2021, 9, 1, 18, 30, tzinfo=UTC)
KINDS = ("dossier", "fee")


def many_nights(root: Path, seed: int, count: int = 6) -> tuple[Session, list[datetime]]:
    """A store that many small commits wrote, with a retraction among them, and an instant after each."""
    root.mkdir()
    (root / "motcua.toml").write_text("compact_files = 2\n", encoding="utf-8")
    session = Session(root, FixedClock(START))
    chance = random.Random(seed)
    instants: list[datetime] = []
    for number in range(count):
        rows = [
            ("16204", f"A{code}", chance.choice((4, 9, 10))) for code in range(6) if chance.random() < 0.7
        ]
        commit_deliveries(
            session.store,
            [delivered(root / "spool", f"d{number}", chance.randint(1, 9), rows)],
            START + timedelta(days=number),
        )
        if number == count // 2:
            retract_delivery(session, f"d{chance.randint(0, 2)}", "nhầm", "văn phòng")
        finding = {
            "finding_id": "một", "code": "x", "state": chance.choice(("open", "fixed")), "severity": "info",
            "audience": "it", "unit_code": "", "count": number, "sentence": "s", "remedy": "r", "run_id": "r",
            "known_from": session.store.next_instants(START + timedelta(days=number), 1)[0],
        }  # fmt: skip
        session.store.append(FINDING, pa.Table.from_pylist([finding], schema=FINDING.arrow_schema()))
        last = session.store.last_commit()
        assert last is not None
        instants.append(last)
    return session, instants


Grown = tuple[Path, list[datetime], list[Any]]


def answers(store: Store, instants: list[datetime]) -> list[Any]:
    """Everything that a command can ask, as known at every instant and now."""
    told: list[Any] = []
    for known_at in [*instants[::2], None]:
        told += [sorted(map(repr, store.versions(kind, known_at).to_pylist())) for kind in KINDS]
        told += [sorted(map(repr, store.confirmed(kind, known_at).to_pylist())) for kind in KINDS]
        told += [store.deliveries(known_at).to_pylist(), store.decisions(known_at).to_pylist()]
        told += [store.findings(known_at).to_pylist(), store.verdict(known_at)]
    return told


@pytest.fixture(scope="module", params=[1, 2])
def grown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Grown:
    """Such a store with its answers; tests work on copies."""
    session, instants = many_nights(tmp_path_factory.mktemp("grown") / "w", request.param)
    return session.workspace.root, instants, answers(session.store, instants)


@pytest.fixture
def session(grown: Grown, tmp_path: Path) -> Session:
    shutil.copytree(grown[0], tmp_path / "w")
    return Session(tmp_path / "w", FixedClock(START))


def test_compaction_changes_no_answer_and_leaves_few_files(session: Session, grown: Grown) -> None:
    _, instants, before = grown
    assert session.store.file_count(DELIVERY) > 2
    keep_small(session)
    assert all(session.store.file_count(table) <= 2 for table in ALL_TABLES)
    assert answers(session.store, instants) == before


def test_table_with_few_files_is_left_alone(tmp_path: Path) -> None:
    session, _ = many_nights(tmp_path / "w", 1, count=2)
    version = DeltaTable(str(session.workspace.store / DELIVERY.name)).version()
    keep_small(session)
    assert DeltaTable(str(session.workspace.store / DELIVERY.name)).version() == version


def test_reader_that_began_before_the_compaction_reads_to_its_end(session: Session) -> None:
    """Merged files stay for a day, so an opened table can still be read."""
    reader = DeltaTable(str(session.workspace.store / DOSSIER.name))
    count = reader.to_pyarrow_table().num_rows
    keep_small(session)
    assert reader.to_pyarrow_table().num_rows == count


def test_files_that_nobody_needs_are_deleted_after_a_day(session: Session, grown: Grown) -> None:
    _, instants, before = grown
    folder = session.workspace.store / DOSSIER.name
    old = time.time() - 3 * 86_400
    left = folder / "part-00000-of-a-run-that-died.snappy.parquet"
    left.write_bytes(b"never committed")
    os.utime(left, (old, old))
    keep_small(session)
    assert not left.exists()
    assert len(list(folder.glob("*.parquet"))) > 1, "merged away just now"
    session.store.clear(DOSSIER, 0)
    assert len(list(folder.glob("*.parquet"))) == 1
    assert answers(session.store, instants) == before


@pytest.mark.parametrize("dies_at", [2, 3])
def test_death_in_between_loses_nothing(
    session: Session, grown: Grown, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    _, instants, before = grown
    calls = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == dies_at:
                raise KeyboardInterrupt
            return real(*arguments)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(Store, "compact", counted(Store.compact))
        patch.setattr(Store, "clear", counted(Store.clear))
        with pytest.raises(KeyboardInterrupt):
            keep_small(session)
    assert answers(session.store, instants) == before
    keep_small(session)
    assert answers(session.store, instants) == before


def test_disk_that_refuses_costs_the_compaction_only(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Store.compact

    def refuses(store: Store, table: Table) -> None:
        if table is DOSSIER:
            raise StoreUnreachableError("đĩa đầy")
        real(store, table)

    monkeypatch.setattr(Store, "compact", refuses)
    keep_small(session)
    assert session.store.file_count(DELIVERY) == 1
    assert session.store.file_count(DOSSIER) > 2


def test_writing_goes_on_after_a_compaction(session: Session, tmp_path: Path) -> None:
    keep_small(session)
    (outcome,) = commit_deliveries(
        session.store,
        [delivered(tmp_path / "spool", "moi", 20, [("16204", "Z", 4)])],
        START + timedelta(days=60),
    )
    assert outcome.counts.accepted == 1
    assert "Z" in session.store.versions("dossier")["dossier_code"].to_pylist()
