"""A store on an S3-compatible server: conditional puts, several writers, and the same results as in a folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from pyarrow.fs import FileSelector

from pipelines.clock import SystemClock
from pipelines.doctor import State, check_store
from pipelines.errors import EXIT_STORE, ConfigurationError, StoreUnreachableError, WorkspaceLockedError
from pipelines.object_store import Access, open_bucket
from pipelines.publications.publish import issue, prepare
from pipelines.publications.verify import verify
from pipelines.session import Session
from pipelines.settings import FILE_NAME
from pipelines.steps.backup import lay_apart, restore_backup, write_backup
from pipelines.steps.maintenance import keep_small
from pipelines.store import Store
from pipelines.store_probe import refuses_taken_names, signed_headers
from tests.support.fault_cases import state_of
from tests.support.object_server import (
    BUCKET,
    KEY,
    SECRET,
    create_object,
    running_object_store,
    without_conditions,
)
from tests.support.plain_night import AS_OF, SAMPLES, open_session, run_plain_night
from tests.support.published import order
from transforms.schema.tables import ALL_TABLES, DECISION, DELIVERY, DOSSIER

UNITS = ("16186",)
WRITERS, APPENDS = 5, 4
_WRITER = """
import sys
from datetime import UTC, datetime
import pyarrow as pa
from pipelines.store import Store
from pipelines.store_probe import refuses_taken_names, signed_headers
from transforms.schema.tables import DECISION
root, number, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for step in range(count):
    line = {"decision_id": f"{number}-{step}", "kind": "waiver", "known_from": datetime.now(UTC)}
    Store(root).append(DECISION, pa.Table.from_pylist([line], schema=DECISION.arrow_schema()))
"""


_KILLED = """
import os, signal, sys
from pathlib import Path
from pipelines.store import Store
from tests.support.plain_night import open_session, run_plain_night
append = Store.append
def dying(self, table, rows, since=None):
    if table.name == "deliveries":
        os.kill(os.getpid(), signal.SIGKILL)
    append(self, table, rows, since)
Store.append = dying
run_plain_night(open_session(Path(sys.argv[1])), Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Mapping[str, str]]:
    with running_object_store() as environment:
        yield environment


@pytest.fixture(autouse=True)
def _reachable(server: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in server.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def nights(
    server: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Session, Session]]:
    """The same night and publication twice: store in a folder, store in a bucket."""
    root = tmp_path_factory.mktemp("stores")
    for unit in UNITS:
        shutil.copytree(SAMPLES / "inbox" / unit, root / "inbox" / unit)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.items():
            patch.setenv(name, value)
        opened = []
        for name in ("folder", "bucket"):
            (root / name).mkdir()
            settings = f'store = "s3://{BUCKET}/huyen/kho"\n' if name == "bucket" else ""
            (root / name / FILE_NAME).write_text(settings, encoding="utf-8")
            session = open_session(root / name)
            run_plain_night(session, root / "inbox")
            issue(session, prepare(session, order("44/BC-UBND", AS_OF, formats=("json", "xlsx"))))
            opened.append(session)
        yield opened[0], opened[1]


def line(identity: str) -> pa.Table:
    row = {"delivery_id": identity, "state": "refused", "known_from": datetime(2021, 9, 5, tzinfo=UTC)}
    return pa.Table.from_pylist([row], schema=DELIVERY.arrow_schema())


# Conditional puts


def test_server_refuses_the_second_of_two_creations_of_one_object(server: Mapping[str, str]) -> None:
    address, name = server["AWS_ENDPOINT_URL"], "chung/_delta_log/00000000000000000001.json"
    with ThreadPoolExecutor(8) as writers:
        answers = list(
            writers.map(lambda number: create_object(address, name, str(number).encode()), range(8))
        )
    assert sorted(answers) == [200, *[412] * 7]


@pytest.mark.parametrize("is_new", [True, False], ids=["first commit", "later commit"])
def test_of_two_runs_that_decided_on_the_same_state_one_commits_and_the_other_is_told(is_new: bool) -> None:
    store = Store(f"s3://{BUCKET}/hai-luot-{is_new}")
    if not is_new:
        store.append(DELIVERY, line("trước"))
    since = store.version(DELIVERY)
    store.append(DELIVERY, line("một"), since=since)
    with pytest.raises(WorkspaceLockedError, match="hãy chạy lại"):
        store.append(DELIVERY, line("hai"), since=since)
    assert "một" in store.deliveries()["delivery_id"].to_pylist()
    assert "hai" not in store.deliveries()["delivery_id"].to_pylist()


def test_of_writers_at_the_same_moment_exactly_one_makes_the_next_commit() -> None:
    store = Store(f"s3://{BUCKET}/cung-luc")
    store.append(DELIVERY, line("trước"))
    since = store.version(DELIVERY)

    def commit(number: int) -> bool:
        try:
            store.append(DELIVERY, line(str(number)), since=since)
        except WorkspaceLockedError:
            return False
        return True

    with ThreadPoolExecutor(4) as writers:
        done = list(writers.map(commit, range(4)))
    assert sum(done) == 1
    assert store.deliveries().num_rows == 2
    assert store.version(DELIVERY) == since + 1


def test_writers_in_processes_of_their_own_lose_nothing(server: Mapping[str, str]) -> None:
    root = f"s3://{BUCKET}/nhieu-noi-ghi"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, root, str(number), str(APPENDS)], env=dict(os.environ)
        )
        for number in range(WRITERS)
    ]
    assert [writer.wait(300) for writer in writers] == [0] * WRITERS
    found = sorted(Store(root).decisions()["decision_id"].to_pylist())
    assert found == sorted(f"{number}-{step}" for number in range(WRITERS) for step in range(APPENDS))
    # Whoever loses a race for the table's first commit makes none of its own; every append is one commit.
    assert Store(root).version(DECISION) == WRITERS * APPENDS - 1


# The same results


def test_night_into_a_bucket_leaves_what_a_night_into_a_folder_leaves(
    nights: tuple[Session, Session],
) -> None:
    folder, bucket = nights
    expected, found = state_of(folder), state_of(bucket)
    assert found == expected
    assert any(name.startswith("draft 16186/2021-9T") for name in found)
    assert not any(bucket.workspace.store.iterdir()), "nothing of the store stays on this machine"


def test_night_killed_before_its_commit_leaves_nothing_that_counts_and_the_next_one_the_same(
    nights: tuple[Session, Session], tmp_path: Path
) -> None:
    folder, _ = nights
    (tmp_path / FILE_NAME).write_text(f'store = "s3://{BUCKET}/dut-doan"\n', encoding="utf-8")
    inbox = folder.workspace.root.parent / "inbox"
    command = [sys.executable, "-c", _KILLED, str(tmp_path), str(inbox)]
    assert subprocess.run(command, env=dict(os.environ), check=False).returncode == -signal.SIGKILL
    session = open_session(tmp_path)
    assert session.store.read(DOSSIER).num_rows > 0, "rows were written"
    assert session.store.versions("dossier").num_rows == 0, "and do not count"
    run_plain_night(session, inbox)
    expected, found = state_of(folder), state_of(session)
    of_night = [name for name in expected if "publi" not in name]
    assert {name for name in of_night if found.get(name) != expected[name]} == set()
    assert set(found) == set(of_night)


def test_second_night_and_compaction_in_a_bucket_change_no_answer(nights: tuple[Session, Session]) -> None:
    _, bucket = nights
    before = state_of(bucket)
    run_plain_night(open_session(bucket.workspace.root), bucket.workspace.root.parent / "inbox")
    for table in ALL_TABLES:
        bucket.store.compact(table)
        bucket.store.clear(table, 0)
    keep_small(bucket)
    assert {name for name, state in state_of(bucket).items() if state != before.get(name)} == set()
    assert bucket.store.file_count(DELIVERY) == 1


def test_past_catalogue_and_publications_are_found_and_verified_in_a_bucket(
    nights: tuple[Session, Session],
) -> None:
    _, bucket = nights
    instant = bucket.store.last_commit()
    assert instant is not None
    snapshot = bucket.snapshot_at(instant)
    assert snapshot is not None
    assert snapshot.is_exact
    assert bucket.catalogue_at(instant).version == bucket.catalogue.version
    found = verify(bucket.workspace.publications, bucket.store)
    assert (len(found.publications), found.problems) == (1, ())


def test_backup_of_a_bucket_restores_into_a_folder_with_the_same_answers(
    nights: tuple[Session, Session], tmp_path: Path
) -> None:
    _, bucket = nights
    write_backup(bucket.workspace, tmp_path / "a.tar.gz", bucket.clock)
    restore_backup(tmp_path / "a.tar.gz", tmp_path / "moi")
    restored = open_session(tmp_path / "moi")
    assert restored.store == Store.at(tmp_path / "moi" / "store")
    assert lay_apart(tmp_path / "moi")
    assert not lay_apart(bucket.workspace.root)
    for table in ALL_TABLES:
        assert restored.store.read(table).num_rows == bucket.store.read(table).num_rows, table.name
    assert verify(restored.workspace.publications, restored.store).problems == ()


# Keys, and what cannot be reached


def test_keys_are_in_no_file_of_the_workspace_and_in_no_value(nights: tuple[Session, Session]) -> None:
    _, bucket = nights
    files = [path for path in bucket.workspace.root.rglob("*") if path.is_file()]
    assert len(files) > 50
    for path in files:
        content = path.read_bytes()
        assert SECRET.encode() not in content, path
        assert KEY.encode() not in content, path
    assert SECRET not in repr(bucket.store)


def test_store_without_keys_in_the_environment_is_refused_by_name_of_the_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(ConfigurationError, match="AWS_SECRET_ACCESS_KEY"):
        Store(f"s3://{BUCKET}/x").deliveries()


def test_address_without_tls_is_refused_unless_it_was_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ALLOW_HTTP")
    with pytest.raises(ConfigurationError, match="TLS"):
        Store(f"s3://{BUCKET}/x").deliveries()


@pytest.mark.parametrize("store", ["s3://Kho/x", "http://kho/x", "s3://KEY:SECRET@kho/x", "../kho"])
def test_setting_that_is_no_bucket_is_refused(tmp_path: Path, store: str) -> None:
    (tmp_path / FILE_NAME).write_text(f'store = "{store}"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="s3://kho/thu-muc"):
        open_session(tmp_path)


def test_server_that_is_away_is_told_in_one_sentence_without_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    (tmp_path / FILE_NAME).write_text(f'store = "s3://{BUCKET}/x"\n', encoding="utf-8")
    with pytest.raises(StoreUnreachableError, match="kho đối tượng") as told:
        open_session(tmp_path)
    assert SECRET not in str(told.value)
    assert KEY not in str(told.value)
    with pytest.raises(StoreUnreachableError):
        Store(f"s3://{BUCKET}/x").deliveries()


def test_bucket_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('store = "s3://chua-tao/x"\n', encoding="utf-8")
    with pytest.raises(StoreUnreachableError, match=r"không có kho chua-tao .*hãy tạo kho này"):
        open_session(tmp_path)
    with pytest.raises(StoreUnreachableError, match=r"\(NoSuchBucket\); hãy kiểm tra máy chủ kho đối tượng"):
        Store("s3://chua-tao/x").deliveries()


def test_doctor_trusts_a_server_that_refuses_the_second_of_two_commits(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(f'store = "s3://{BUCKET}/thu"\n', encoding="utf-8")
    assert check_store(tmp_path, SystemClock()).state is State.GOOD
    assert refuses_taken_names(f"s3://{BUCKET}/thu", SystemClock())
    files, path = open_bucket(f"s3://{BUCKET}/thu")
    assert files.get_file_info(FileSelector(path, allow_not_found=True)) == [], "what it asked with is gone"


@pytest.mark.parametrize("token", ["", "TAM-THOI-0001"])
def test_request_of_the_doctor_is_signed_as_amazons_own_library_signs_it(token: str) -> None:
    access = Access("https://kho.xa:9000", "vn-1", KEY, SECRET, token)
    address, now = "https://kho.xa:9000/kho/huyen/_thu-1", datetime.now(UTC)
    theirs = AWSRequest("PUT", address, data=b"motcua")
    # Their library looks at the clock itself; within one second both sign the same instant.
    S3SigV4Auth(Credentials(KEY, SECRET, token or None), "s3", "vn-1").add_auth(theirs)
    instant = datetime.strptime(theirs.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert abs((instant - now).total_seconds()) < 60
    ours = signed_headers(access, "PUT", address, b"motcua", instant)
    assert ours["Authorization"] == theirs.headers["Authorization"]
    assert SECRET not in repr(access)


def test_doctor_names_a_server_that_takes_no_notice_of_conditions(
    server: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_conditions(server["AWS_ENDPOINT_URL"]) as careless:
        monkeypatch.setenv("AWS_ENDPOINT_URL", careless)
        (tmp_path / FILE_NAME).write_text(f'store = "s3://{BUCKET}/au"\n', encoding="utf-8")
        found = check_store(tmp_path, SystemClock())
    assert (found.state, found.exit_code) == (State.TROUBLE, EXIT_STORE)
    assert "If-None-Match" in found.sentence
    assert "ghi có điều kiện" in found.remedy


def test_empty_bucket_in_place_of_a_folder_with_content_is_refused(
    nights: tuple[Session, Session], tmp_path: Path
) -> None:
    folder, _ = nights
    shutil.copytree(folder.workspace.store, tmp_path / "store")
    (tmp_path / FILE_NAME).write_text(f'store = "s3://{BUCKET}/trong"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="đang trống"):
        open_session(tmp_path)
