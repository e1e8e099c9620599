"""A store that an older product wrote: readable as it is, moved on request, never lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from deltalake import DeltaTable, write_deltalake

from pipelines.cli.root import motcua
from pipelines.errors import ConfigurationError, StoreUnreachableError, UsageProblemError
from pipelines.session import Session
from pipelines.steps.backup import restore_backup
from pipelines.steps.maintenance import upgrade_store
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.report import render_report
from pipelines.store import Store
from pipelines.store_format import FORMAT_FILE, PRESENT, StoreFormat, read_format
from tests.support.plain_night import AS_OF, open_session, run_plain_night
from tests.support.sent_back import UNIT, dossier_list, send
from transforms.schema.model import Table
from transforms.schema.tables import ALL_TABLES, DELIVERY, QUARANTINED, RECORD_TABLES

LIST = """
| Mã hồ sơ | Ngày hẹn trả |
| 02-0001  |              |
| 02-0002  | 31/09/2021   |
| 02-0003  | 10/08/2021   |
"""
FIRST_TABLES = {"dossier_versions", "fee_versions", "document_versions", "supplement_versions"} | {
    "quarantined_rows", "deliveries", "findings",
}  # fmt: skip
"""All that a store of the first layout had."""
YOUNGER = {
    **{table.name: ["_removal"] for table in (*RECORD_TABLES.values(), QUARANTINED)},
    DELIVERY.name: ["answers_delivery_id"],
}
"""Columns that the first layout lacked."""


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A workspace of today after one night."""
    session = open_session(tmp_path_factory.mktemp("present") / "workspace")
    send(session, "ds 05-08-2021.csv", dossier_list(LIST))
    run_plain_night(session, session.workspace.inbox, units=set())
    return session


@pytest.fixture
def old(present: Session, tmp_path: Path) -> Session:
    """The same night as a product of the first layout would have stored it."""
    root = tmp_path / "cu"
    (root / "store").mkdir(parents=True)
    for name in sorted(FIRST_TABLES):
        path = present.workspace.store / name
        if not path.is_dir():
            continue
        rows = DeltaTable(str(path)).to_pyarrow_table()
        rows = rows.drop_columns([column for column in YOUNGER.get(name, []) if column in rows.column_names])
        write_deltalake(str(root / "store" / name), rows)
    session = Session(root, present.clock)
    session.__dict__.update(catalogue=present.catalogue, messages=present.messages)
    return session


def context_of(session: Session) -> bytes:
    answer = answer_request(session, Request(UNIT, "2021-9T", as_of=AS_OF))
    return render_report(answer.context, ["json"])["context.json"]


def columns_of(session: Session, table: Table) -> set[str]:
    return {field.name for field in DeltaTable(str(session.workspace.store / table.name)).schema().fields}


def test_store_of_the_first_layout_reads_as_one_of_today(present: Session, old: Session) -> None:
    assert read_format(old.store.root).number == 1
    assert read_format(present.store.root) == StoreFormat(PRESENT)
    assert "_removal" not in columns_of(old, RECORD_TABLES["dossier"])
    assert context_of(old) == context_of(present)


def test_upgrade_backs_up_then_adds_what_is_missing_and_changes_no_figure(
    old: Session, tmp_path: Path
) -> None:
    before = context_of(old)
    done = upgrade_store(old)
    assert done.backup is not None
    assert {"dossier_versions._removal", "deliveries.answers_delivery_id"} <= set(done.columns)
    assert columns_of(old, RECORD_TABLES["dossier"]) == set(RECORD_TABLES["dossier"].names)
    assert context_of(old) == before
    after = read_format(old.store.root)
    assert after.number == PRESENT
    assert after.confirmed_since is not None, "what came before may have been confirmed without a record"
    restore_backup(done.backup.path, tmp_path / "khoi-phuc")
    restored = open_session(tmp_path / "khoi-phuc")
    assert read_format(restored.store.root).number == 1, "the backup is the store as it was"
    assert context_of(restored) == before


def test_second_upgrade_does_nothing(old: Session) -> None:
    upgrade_store(old)
    again = upgrade_store(old)
    assert again.backup is None
    assert len(list((old.workspace.root / "backups").iterdir())) == 1


def test_interrupted_upgrade_leaves_a_readable_store_and_is_finished_by_the_next(
    old: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = context_of(old)
    real, calls = Store.add_columns, 0

    def dies(store: Store, table: Table, names: Sequence[str]) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise StoreUnreachableError("đĩa đầy")
        real(store, table, names)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "add_columns", dies)
        with pytest.raises(StoreUnreachableError):
            upgrade_store(old, tmp_path / "mot.tar.gz")
    assert read_format(old.store.root).number == 1
    assert context_of(old) == before
    upgrade_store(old, tmp_path / "hai.tar.gz")
    assert read_format(old.store.root).number == PRESENT
    assert context_of(old) == before
    assert not [table for table in ALL_TABLES if old.store.missing_columns(table)]


def test_night_on_an_old_store_works_before_and_after_the_upgrade(old: Session) -> None:
    old.workspace.create()
    send(old, "ds 06-08-2021.csv", dossier_list(LIST + "| 02-0004  |              |\n"))
    first = run_plain_night(old, old.workspace.inbox, units=set())
    assert [outcome.state for outcome in first.outcomes] == ["accepted"]
    assert read_format(old.store.root).number == 1, "a night does not pretend that an old store is a new one"
    upgrade_store(old)
    second = run_plain_night(old, old.workspace.inbox, units=set())
    assert [outcome.state for outcome in second.outcomes] == ["unchanged"]


def test_store_that_is_newer_than_the_product_is_not_touched(present: Session, tmp_path: Path) -> None:
    root = tmp_path / "moi-hon"
    shutil.copytree(present.workspace.root / "store", root / "store")
    (root / "store" / FORMAT_FILE).write_text(json.dumps({"format": PRESENT + 1}), encoding="utf-8")
    for command in (["upgrade"], ["status"], ["nightly"], ["report", "--unit", UNIT, "--period", "2021-9T"]):
        with pytest.raises(ConfigurationError, match="phiên bản phần mềm mới hơn") as refused:
            motcua.main([*command, "--workspace", str(root)], standalone_mode=False)
        assert refused.value.exit_code == 10
    (root / "store" / FORMAT_FILE).write_text("hỏng", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="khôi phục tệp này"):
        Session(root, present.clock)


def test_command_upgrades_once_and_says_so(
    old: Session, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    root = ["--workspace", str(old.workspace.root)]
    taken = tmp_path / "co.tar.gz"
    taken.write_bytes(b"cu")
    with pytest.raises(UsageProblemError, match="Đã có tệp"):
        motcua.main(["upgrade", "--backup", str(taken), *root], standalone_mode=False)
    motcua.main(["upgrade", "--backup", str(tmp_path / "a.tar.zst"), *root], standalone_mode=False)
    assert "Đã sao lưu vào" in capsys.readouterr().out
    motcua.main(["upgrade", *root], standalone_mode=False)
    assert "không có gì phải chuyển" in capsys.readouterr().out
