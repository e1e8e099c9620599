"""Zip archives in the inbox: each table in one is a delivery of its own."""

from __future__ import annotations

import csv
import io
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipelines.errors import ConfigurationError
from pipelines.settings import load_settings
from tests.support.container_files import zip_file
from tests.support.export_files import xlsx_file
from tests.support.plain_night import open_session, run_plain_night
from transforms.readers.limits import Limits

PROGRAM = Path(sys.executable).with_name("motcua")
HEADER = (
    "Mã hồ sơ;Mã thủ tục;Tên thủ tục;Lĩnh vực;Hình thức nộp;Trạng thái;Ngày nộp;Ngày tiếp nhận;Ngày hẹn trả;"
    "Ngày kết thúc xử lý;Ngày trả kết quả\n"
)


def _list(*numbers: int) -> bytes:
    """A small list of dossiers of xã Bình Lương with those running numbers."""
    day = ";".join(["01/09/2021"] * 5)
    rows = (
        f"000.09.42.H56-210901-{number:04};1.001193;Đăng ký khai sinh;Hộ tịch;Trực tiếp;Đã trả kết quả;{day}\n"
        for number in numbers
    )
    return (HEADER + "".join(rows)).encode("utf-8-sig")


def _archive(folder: Path, name: str, members: dict[str, bytes | str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(zip_file(members))
    return path


def _outcomes(result: object) -> list[tuple[str, str, str, str]]:
    return [(o.unit_code, o.file, o.state, o.refusal_code) for o in result.outcomes]  # type: ignore[attr-defined]


def test_every_table_of_an_archive_is_a_delivery_and_unchanged_the_next_night(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    members = {
        "ho so/Danh sach ho so 05-09-2021 16-30.xls": _list(1, 2, 3),
        "Thu phi.xls": _list(4),
    }
    _archive(inbox / "16204", "gui 06-09-2021.zip", members)
    session = open_session(tmp_path / "workspace")
    first = run_plain_night(session, inbox, units=set())
    names = [
        "gui 06-09-2021.zip › Thu phi.xls",
        "gui 06-09-2021.zip › ho so/Danh sach ho so 05-09-2021 16-30.xls",
    ]
    assert _outcomes(first) == [("16204", name, "accepted", "") for name in names]
    for outcome in first.outcomes:
        counts = outcome.counts
        assert counts.data_rows == counts.accepted + counts.superseded + counts.quarantined
        assert counts.accepted > 0
    second = run_plain_night(session, inbox, units=set())
    assert _outcomes(second) == [("16204", name, "unchanged", "") for name in names]
    assert [o.counts.data_rows for o in second.outcomes] == [o.counts.data_rows for o in first.outcomes]
    assert session.store.deliveries().num_rows == 2


def test_date_in_the_name_of_the_table_wins_over_the_day_of_sending(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    _archive(inbox / "16204", "gui 03-09-2021.zip", {"Thu phi 01-09-2021.xls": _list(4)})
    session = open_session(tmp_path / "workspace")
    (outcome,) = run_plain_night(session, inbox, units=set()).outcomes
    assert outcome.exported_at is not None
    assert outcome.exported_at.date().isoformat() == "2021-09-01"


def test_archive_gives_the_same_rows_as_its_files_lying_open(tmp_path: Path) -> None:
    _archive(tmp_path / "zip" / "16204", "gui.zip", {"Danh sach 05-09-2021.csv": _list(1, 2, 3)})
    (tmp_path / "open" / "16204").mkdir(parents=True)
    (tmp_path / "open" / "16204" / "Danh sach 05-09-2021.csv").write_bytes(_list(1, 2, 3))
    counts = [
        run_plain_night(open_session(tmp_path / f"{name} workspace"), tmp_path / name, units=set())
        .outcomes[0]
        .counts
        for name in ("zip", "open")
    ]
    assert counts[0] == counts[1]


def test_bad_member_costs_only_itself_and_is_kept(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    good = xlsx_file({"A": list(csv.reader(io.StringIO(_list(4).decode("utf-8-sig")), delimiter=";"))})
    _archive(
        inbox / "16204",
        "gui.zip",
        {
            "../thoat ra.xls": good,
            "cut.xls": good[: len(good) // 2],
            "nested.zip": zip_file({"a.xls": good}),
            "tot.xls": good,
            "trong.csv": "",
        },
    )
    session = open_session(tmp_path / "workspace")
    result = run_plain_night(session, inbox, units=set())
    assert _outcomes(result) == [
        ("16204", "gui.zip › cut.xls", "refused", "file.broken"),
        ("16204", "gui.zip › nested.zip", "refused", "file.archive.nested"),
        ("16204", "gui.zip › thoat ra.xls", "refused", "file.archive.path"),
        ("16204", "gui.zip › tot.xls", "accepted", ""),
        ("16204", "gui.zip › trong.csv", "refused", "file.empty"),
    ]
    kept = sorted((session.workspace.quarantine / "16204").iterdir(), key=lambda path: path.name[17:])
    assert [path.name[17:] for path in kept] == [
        "gui.zip › cut.xls",
        "gui.zip › nested.zip",
        "gui.zip › thoat ra.xls",
        "gui.zip › trong.csv",
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert kept[0].read_bytes() == good[: len(good) // 2]
    assert zipfile.is_zipfile(kept[2]), "what cannot be taken out is kept inside its archive"


def test_same_table_twice_is_a_copy_wherever_it_lies(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    content = _list(4)
    _archive(inbox / "16204", "gui.zip", {"a.xls": content, "b.xls": content})
    (inbox / "16204" / "z.xls").write_bytes(content)
    result = run_plain_night(open_session(tmp_path / "workspace"), inbox, units=set())
    assert _outcomes(result) == [
        ("16204", "gui.zip › a.xls", "accepted", ""),
        ("16204", "gui.zip › b.xls", "unchanged", ""),
        ("16204", "z.xls", "unchanged", ""),
    ]
    repeated = [finding.file for finding in result.findings if finding.code == "file.repeated"]
    assert sorted(repeated) == ["gui.zip › b.xls", "z.xls"]


def test_other_documents_in_an_archive_are_named_in_one_finding(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    members = {
        "Thu phi.xls": _list(4),
        "cong van.pdf": "%PDF-1.7 x",
        "anh.jpg": b"\xff\xd8\xff\xe0",
        "bao cao.docx": zip_file({"word/document.xml": "<w/>"}),
        "~$Thu phi.xls": "x",
        "README.md": "x",
    }
    _archive(inbox / "16204", "gui.zip", members)
    result = run_plain_night(open_session(tmp_path / "workspace"), inbox, units=set())
    assert _outcomes(result) == [("16204", "gui.zip › Thu phi.xls", "accepted", "")]
    (other,) = [finding for finding in result.findings if finding.code == "file.archive.other"]
    assert (other.file, other.severity) == ("gui.zip", "info")
    assert "anh.jpg; bao cao.docx; cong van.pdf" in other.sentence
    assert [f.file for f in result.findings if f.code == "file.temporary"] == ["gui.zip › ~$Thu phi.xls"]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"cong van.pdf": "%PDF-1.7 x"}, "file.archive.no_table"),
        ({}, "file.empty"),
        ({"README.md": "x"}, "file.empty"),
    ],
)
def test_archive_without_any_table_is_refused_and_kept(
    members: dict[str, bytes | str], code: str, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    path = _archive(inbox / "16204", "gui.zip", members)
    session = open_session(tmp_path / "workspace")
    result = run_plain_night(session, inbox, units=set())
    assert _outcomes(result) == [("16204", "gui.zip", "refused", code)]
    (kept,) = (session.workspace.quarantine / "16204").iterdir()
    assert kept.read_bytes() == path.read_bytes()
    path.unlink()
    assert code not in {finding.code for finding in run_plain_night(session, inbox, units=set()).findings}


def test_archive_beyond_the_limits_of_the_settings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "motcua.toml").write_text(
        "max_archive_files = 2\nmax_file_mb = 1\n", encoding="utf-8"
    )
    inbox = tmp_path / "inbox"
    _archive(inbox / "16204", "nhieu.zip", {f"{number}.xls": _list(4) for number in range(3)})
    _archive(inbox / "16207", "to.zip", {"to.csv": bytes(2_000_000)})
    result = run_plain_night(open_session(tmp_path / "workspace"), inbox, units=set())
    assert _outcomes(result) == [
        ("16204", "nhieu.zip", "refused", "file.archive.members"),
        ("16207", "to.zip › to.csv", "refused", "file.too_large"),
    ]


def test_folders_of_a_district_archive_name_the_units(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    other = _list(5).replace(b"000.09.42", b"000.10.42")
    _archive(
        inbox,
        "ca huyen.zip",
        {f"16204/{'a.csv'}": _list(4), "16207/b.csv": other},
    )
    result = run_plain_night(open_session(tmp_path / "workspace"), inbox, units=set())
    assert [(unit, state) for unit, _, state, _ in _outcomes(result)] == [
        ("16204", "accepted"),
        ("16207", "accepted"),
    ]


def test_archive_that_is_named_xls_is_opened_all_the_same(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    _archive(inbox / "16204", "gui.xls", {"Thu phi.xls": _list(4)})
    result = run_plain_night(open_session(tmp_path / "workspace"), inbox, units=set())
    assert _outcomes(result) == [("16204", "gui.xls › Thu phi.xls", "accepted", "")]


def test_ingest_of_an_archive_takes_each_table_and_exits_11_when_one_is_refused(tmp_path: Path) -> None:
    archive = _archive(
        tmp_path, "gui.zip", {"05-09-2021.csv": _list(1), "a.xls": b"<table><tr><td>", "b.csv": _list(2)}
    )
    options = ["--workspace", str(tmp_path / "workspace"), "--as-of", "2021-09-05", "--unit", "16204"]
    done = subprocess.run(
        [PROGRAM, "ingest", str(archive), *options], capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 11
    assert "gui.zip › a.xls" in done.stderr
    assert open_session(tmp_path / "workspace").store.versions("dossier").num_rows == 2


@pytest.mark.parametrize("value", ["0", "-1", "1.5", '"10"', "true"])
def test_ceiling_that_is_no_positive_whole_number_is_a_configuration_error(
    value: str, tmp_path: Path
) -> None:
    (tmp_path / "motcua.toml").write_text(f"max_cells = {value}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="max_cells"):
        load_settings(tmp_path)


def test_settings_become_the_limits_of_the_readers(tmp_path: Path) -> None:
    text = "max_file_mb = 1\nmax_unpacked_mb = 2\nmax_cells = 3\nmax_archive_files = 4\n"
    (tmp_path / "motcua.toml").write_text(text, encoding="utf-8")
    assert load_settings(tmp_path).limits == Limits(1 << 20, 2 << 20, 3, 4)
    assert load_settings(tmp_path / "none").limits == Limits()
