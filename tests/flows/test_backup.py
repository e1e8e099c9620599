"""A backup and what a new workspace gets from it."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import stat
import tarfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from pipelines.cli.root import motcua
from pipelines.clock import FixedClock
from pipelines.errors import (
    ConfigurationError,
    UnreadableInputError,
    UsageProblemError,
    UserError,
    WorkspaceLockedError,
)
from pipelines.publications.publish import Order, issue, prepare
from pipelines.publications.verify import verify
from pipelines.session import Session
from pipelines.steps.backup import MANIFEST, restore_backup, write_backup
from pipelines.steps.nightly import NightResult
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.report import render_report
from pipelines.store_format import FORMAT_FILE
from pipelines.workspace import Workspace
from tests.support.plain_night import AS_OF, NIGHT, open_session

CLOCK = FixedClock(NIGHT)
UNIT, PERIOD = "16204", "2021-9T"


@pytest.fixture(scope="module")
def full(sample_night: tuple[Session, NightResult], tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A workspace after a night, with a publication, an overlay and settings; no test changes it."""
    source, _ = sample_night
    root = tmp_path_factory.mktemp("full") / "workspace"
    shutil.copytree(source.workspace.root, root, symlinks=True)
    (root / "motcua.toml").write_text("keep_days = 10\n", encoding="utf-8")
    (root / "catalogue" / "templates").mkdir()
    (root / "catalogue" / "templates" / "rieng.md.j2").write_text("Câu riêng\n", encoding="utf-8")
    (root / "inbox" / UNIT).mkdir(parents=True, exist_ok=True)
    (root / "inbox" / UNIT / "goc.xls").write_bytes(b"Nguoi Mau 0001")
    session = open_session(root)
    order = Order(Request(UNIT, PERIOD, as_of=AS_OF), "45/BC-UBND", date(2021, 9, 5), "văn thư")
    issue(session, prepare(session, order))
    return session


@pytest.fixture(scope="module")
def archive(full: Session, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "sao-luu.tar.zst"
    write_backup(full.workspace, path, CLOCK)
    return path


def context_of(session: Session) -> bytes:
    known_at = session.store.last_commit()
    answer = answer_request(session, Request(UNIT, PERIOD, as_of=AS_OF, known_at=known_at))
    return b"".join(render_report(answer.context, ["json", "docx", "xlsx"]).values())


def test_restored_workspace_says_the_same_byte_for_byte(full: Session, archive: Path, tmp_path: Path) -> None:
    root = tmp_path / "moi"
    restore_backup(archive, root)
    again = open_session(root)
    assert context_of(again) == context_of(full)
    assert again.settings == full.settings
    assert (root / "catalogue" / "templates" / "rieng.md.j2").read_text(encoding="utf-8") == "Câu riêng\n"
    found = verify(again.workspace.publications, again.store)
    assert (len(found.publications), found.problems) == (1, ())
    assert os.readlink(again.workspace.publications / UNIT / PERIOD / "latest") == "1"


def test_senders_files_drafts_and_runs_are_not_in_it(archive: Path, tmp_path: Path) -> None:
    root = tmp_path / "moi"
    restore_backup(archive, root)
    for folder in ("inbox", "quarantine", "outbox", "drafts", "runs", "engine"):
        assert not [path for path in (root / folder).rglob("*") if path.is_file()], folder
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600, "it holds dossier codes"


def test_folder_without_any_data_is_not_backed_up_as_if_it_were_the_workspace(tmp_path: Path) -> None:
    session = open_session(tmp_path / "nham-cho")
    with pytest.raises(UsageProblemError, match="--workspace"):
        write_backup(session.workspace, tmp_path / "sao-luu.tar.zst", CLOCK)
    assert not (tmp_path / "sao-luu.tar.zst").exists()


def test_both_packings_hold_the_same(full: Session, archive: Path, tmp_path: Path) -> None:
    gzipped = tmp_path / "sao-luu.tar.gz"
    done = write_backup(full.workspace, gzipped, CLOCK)
    for number, path in enumerate((archive, gzipped)):
        assert restore_backup(path, tmp_path / str(number)) == done.file_count
    assert not list(full.workspace.root.glob(".sao-luu*")), "nothing is left lying about"


def test_what_a_night_adds_while_the_archive_is_packed_is_not_in_it(
    full: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock is held for a moment only; a night then compacts and clears files away."""
    from pipelines.steps import backup as step

    root = tmp_path / "workspace"
    shutil.copytree(full.workspace.root, root, symlinks=True)
    real = step._pack

    def busy(*arguments: object) -> int:
        with Workspace(root).lock():
            shutil.rmtree(root / "store" / "fee_versions")
            (root / "store" / "dossier_versions" / "la.parquet").write_bytes(b"x")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(step, "_pack", busy)
    write_backup(Workspace(root), tmp_path / "a.tar.gz", CLOCK)
    restore_backup(tmp_path / "a.tar.gz", tmp_path / "moi")
    assert context_of(open_session(tmp_path / "moi")) == context_of(full)


def test_backup_during_a_run_says_so(full: Session, tmp_path: Path) -> None:
    with full.workspace.lock(), pytest.raises(WorkspaceLockedError, match="Một lượt chạy khác"):
        write_backup(full.workspace, tmp_path / "a.tar.zst", CLOCK)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "said"), [("a.zip", "kết thúc bằng"), ("co.tar.gz", "Đã có tệp")])
def test_backup_to_a_wrong_or_taken_name_is_refused(
    full: Session, tmp_path: Path, name: str, said: str
) -> None:
    (tmp_path / "co.tar.gz").write_bytes(b"cu")
    with pytest.raises(UsageProblemError, match=said):
        write_backup(full.workspace, tmp_path / name, CLOCK)
    assert (tmp_path / "co.tar.gz").read_bytes() == b"cu"


def test_restore_into_a_used_folder_is_refused(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with pytest.raises(UsageProblemError, match="không trống"):
        restore_backup(archive, tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.99, 0.9999])
@pytest.mark.parametrize("suffix", [".tar.zst", ".tar.gz"])
def test_truncated_archive_restores_nothing(
    full: Session, archive: Path, tmp_path: Path, share: float, suffix: str
) -> None:
    content = archive.read_bytes()
    if suffix == ".tar.gz":
        content = gzip.compress(plain(archive), compresslevel=1)
    cut = tmp_path / f"cut{suffix}"
    cut.write_bytes(content[: int(len(content) * share)])
    assert_refused(cut, tmp_path)


def test_archive_of_which_one_file_was_altered_restores_nothing(archive: Path, tmp_path: Path) -> None:
    members = unpacked(archive)
    name = next(name for name in members if name.endswith(".parquet"))
    members[name] = members[name][:-1] + bytes([members[name][-1] ^ 1])
    assert_refused(packed(tmp_path, members), tmp_path, name)


def test_archive_lacking_or_having_too_much_restores_nothing(archive: Path, tmp_path: Path) -> None:
    members = unpacked(archive)
    name = next(name for name in members if name.endswith(".parquet"))
    assert_refused(packed(tmp_path, {n: c for n, c in members.items() if n != name}), tmp_path, name)
    assert_refused(
        packed(tmp_path, {n: c for n, c in members.items() if n != MANIFEST}), tmp_path, "thiếu phần cuối"
    )
    assert_refused(packed(tmp_path, {"store/la": b"x", **members}), tmp_path, "store/la")


@pytest.mark.parametrize(
    "name",
    ["../thoat", "/tmp/thoat", "store/../../thoat", "inbox/16204/x", "la.txt", "store//x", "./store/x"],
)
def test_archive_that_writes_elsewhere_is_refused(archive: Path, tmp_path: Path, name: str) -> None:
    members = unpacked(archive)
    manifest = json.loads(members[MANIFEST])
    manifest["files"][name] = {
        "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        "bytes": 1,
    }
    members[MANIFEST] = json.dumps(manifest).encode()
    inside = tmp_path / "sau" / "hai"
    inside.mkdir(parents=True)
    assert_refused(packed(tmp_path, {name: b"x", **members}), inside, "nằm ngoài")
    assert not list(tmp_path.rglob("thoat"))


def test_links_in_an_archive_are_refused(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "link.tar.gz"
    with tarfile.open(target, "w:gz") as tar:
        link = tarfile.TarInfo("store/x")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        tar.addfile(link)
    assert_refused(target, tmp_path, "không phải tệp thường")


def test_backup_of_a_newer_product_is_not_restored_by_an_older_one(full: Session, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(full.workspace.root, root, symlinks=True)
    (root / "store" / FORMAT_FILE).write_text('{"format": 99}', encoding="utf-8")
    write_backup(Workspace(root), tmp_path / "a.tar.gz", CLOCK)
    with pytest.raises(ConfigurationError, match="phiên bản phần mềm mới hơn"):
        restore_backup(tmp_path / "a.tar.gz", tmp_path / "moi")
    assert not (tmp_path / "moi").exists()


def test_commands_say_what_they_did(
    full: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, root = tmp_path / "a.tar.zst", tmp_path / "moi"
    motcua.main(["backup", str(path), "--workspace", str(full.workspace.root)], standalone_mode=False)
    said = capsys.readouterr().out
    assert said.startswith("Đã sao lưu")
    assert "SHA-256: " in said
    motcua.main(["restore", str(path), "--workspace", str(root)], standalone_mode=False)
    assert "Đã khôi phục" in capsys.readouterr().out
    assert (root / "store" / FORMAT_FILE).is_file()


def assert_refused(path: Path, folder: Path, said: str = "") -> None:
    with pytest.raises(UserError) as refused:
        restore_backup(path, folder / "moi")
    assert isinstance(refused.value, UnreadableInputError)
    assert said in str(refused.value)
    assert not (folder / "moi").exists()
    assert not list(folder.glob(".moi*")), "nothing half restored is left"


def plain(archive: Path) -> bytes:
    import pyarrow as pa

    with pa.CompressedInputStream(str(archive), "zstd") as stream:
        content: bytes = stream.read()
    return content


def unpacked(archive: Path) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(plain(archive))) as tar:
        return {m.name: content.read() for m in tar if (content := tar.extractfile(m)) is not None}


def packed(folder: Path, members: Mapping[str, bytes]) -> Path:
    path = folder / f"sua-{len(list(folder.iterdir()))}.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=1) as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path
