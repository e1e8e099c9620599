"""A real night over files in which people stand everywhere: afterwards they stand nowhere but in the senders' own files.

Law 7 and the scan that a security officer would make: store, drafts, publications, pages, logs, alerts, run folders
and Prefect's own database are searched for every value, packed files and tables opened.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from tests.support.plain_night import SAMPLES

PROGRAM = Path(sys.executable).with_name("motcua")
LIST_UNIT, CSV_UNIT = "16204", "16207"
NAME, OFFICER, PLACE = "Nguyễn Thị Giả Định", "Trần Văn Giả Lập", "Thôn Giả Định số 7"
IDENTITY, PHONE, MAIL = "038299000123", "0912000123", "gia.dinh@example.invalid"
PEOPLE = (NAME, OFFICER, PLACE, IDENTITY, PHONE, MAIL)
SENT_BY_UNITS = ("inbox", "quarantine", "outbox")

pytestmark = pytest.mark.slow


def motcua(*arguments: str, workspace: Path) -> str:
    done = subprocess.run(
        [PROGRAM, *arguments, "--workspace", workspace],
        capture_output=True, text=True, check=False, timeout=300, env={**os.environ, "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode in (0, 12), done.stderr
    return done.stdout + done.stderr


def write_list(folder: Path) -> None:
    """The list of the sample with people of ours, a date that cannot be read and a row without a code."""
    (source,) = (SAMPLES / "inbox" / LIST_UNIT).glob("Danh sach*.xls")
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    for number, line in enumerate(lines[4:60], start=4):
        cells = line.replace("</td>", "<td>").split("<td>")
        if len(cells) > 20:
            cells[11], cells[13], cells[15] = f"{PLACE}, {PHONE}", NAME, f"{NAME} ({IDENTITY})"
            if number % 7 == 0:
                cells[19] = f"sai ngày {PHONE}"
            if number % 11 == 0:
                cells[7] = ""
            lines[number] = "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells[1:-1:2]) + "</tr>\n"
    (folder / source.name).write_text("".join(lines), encoding="utf-8")


def write_csv(folder: Path) -> None:
    """A list of another software: officers, identity numbers, phones, mail and free text in columns of their own."""
    header = "Mã hồ sơ;Mã thủ tục;Tên thủ tục;Lĩnh vực;Hình thức nộp;Trạng thái;Ngày nộp;Ngày tiếp nhận;Ngày hẹn trả;Ngày kết thúc xử lý;Ngày trả kết quả;Cán bộ thụ lý;Người nộp;Số CCCD;Điện thoại;Email;Nội dung"
    rows = [
        f"000.10.42.H56-2108{day:02d}-{number:04d};2.000635.000.00.00.H56;Cấp bản sao Trích lục hộ tịch;Hộ tịch;Trực tiếp;"
        f"{'Đang xử lý' if number % 3 else 'Trạng thái lạ'};{day:02d}/08/2021;{day:02d}/08/2021;{day:02d}/08/2021;;;"
        f"{OFFICER};{NAME};{IDENTITY};{PHONE};{MAIL};Ông {NAME}, {PLACE}, xin trích lục"
        for day in range(2, 12)
        for number in range(1, 6)
    ]
    (folder / "danh-sach 05-09-2021.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8-sig")


def write_register(folder: Path) -> None:
    """Outgoing register whose summaries and notes name people."""
    (source,) = (SAMPLES / "inbox" / LIST_UNIT).glob("So van ban di*.xlsx")
    book = openpyxl.load_workbook(source)
    for row in list(book.active.iter_rows(min_row=7))[:40]:
        row[2].value = f"{row[2].value} cho ông {NAME}, CCCD {IDENTITY}"
        row[3].value = OFFICER
        row[7].value = f"Liên hệ {PHONE}, {MAIL}"
    book.save(folder / source.name)


def write_unknown_layout(folder: Path) -> None:
    """A layout that no profile knows, so that a profile is proposed from its values."""
    header = "So thu tu,Ma bien nhan XYZ,Ho ten cong dan,So giay to,Dien thoai lien he,Noi cu tru"
    rows = [f"{n},BN-{n:05d},{NAME},{IDENTITY},{PHONE},{PLACE}" for n in range(1, 40)]
    (folder / "bang-la.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A workspace after two nights, a publication and the commands that read, and all that they printed."""
    workspace = tmp_path_factory.mktemp("people") / "ws"
    for unit in (LIST_UNIT, CSV_UNIT):
        (workspace / "inbox" / unit).mkdir(parents=True)
    inbox = workspace / "inbox"
    write_list(inbox / LIST_UNIT)
    write_register(inbox / LIST_UNIT)
    write_csv(inbox / CSV_UNIT)
    write_unknown_layout(inbox / CSV_UNIT)
    (inbox / CSV_UNIT / "hong.xlsx").write_bytes(b"PK\x03\x04" + f"{NAME} {PHONE}".encode() * 50)
    (workspace / "catalogue").mkdir()
    (workspace / "catalogue" / "officers.csv").write_text(
        f"Mã đơn vị,Họ tên cán bộ,Mã cán bộ\n{CSV_UNIT},{OFFICER},CB01\n", encoding="utf-8"
    )
    (workspace / "catalogue" / "owners.csv").write_text(
        "Mã đơn vị,Mã quy tắc,Cấp nhận,Người nhận,Kênh,Ngày nghỉ,Báo tiếp cho,Sau số ngày làm việc\n"
        "*,*,đơn vị,Một cửa,file://mot-cua,,,\n*,*,cấp trên,Huyện,file://huyen,,,\n*,*,công nghệ thông tin,IT,file://it,ngay,,\n",
        encoding="utf-8",
    )
    said = motcua("nightly", "--as-of", "2021-09-06", workspace=workspace)
    shutil.copy(inbox / CSV_UNIT / "danh-sach 05-09-2021.csv", inbox / CSV_UNIT / "danh-sach 06-09-2021.csv")
    said += motcua("nightly", "--as-of", "2021-09-07", workspace=workspace)
    about = ("--unit", LIST_UNIT, "--period", "2021-9T")
    said += motcua("publish", *about, "--number", "45/BC-UBND", "--date", "2021-09-07", workspace=workspace)
    said += motcua("check", "--all", workspace=workspace)
    said += motcua("todo", "--unit", CSV_UNIT, "--as-of", "2021-08-10", workspace=workspace)
    said += motcua("delivery", "list", workspace=workspace)
    return workspace, said


def texts(path: Path) -> Iterator[str]:
    """Whatever a person could read out of a file, archives and tables opened."""
    content = path.read_bytes()
    if path.suffix == ".parquet":
        for column in pq.ParquetFile(path).read().columns:
            yield "\n".join(str(value) for value in column.to_pylist())
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode("utf-8", "replace")
    else:
        yield content.decode("utf-8", "replace")
        yield content.decode("utf-16-le", "replace")


def test_people_stand_in_what_the_units_sent(after: tuple[Path, str]) -> None:
    workspace, _ = after
    sent = "".join(
        text for path in (workspace / "inbox").rglob("*") if path.is_file() for text in texts(path)
    )
    assert [value for value in PEOPLE if value not in sent] == []


def test_people_stand_nowhere_else(after: tuple[Path, str]) -> None:
    workspace, _ = after
    searched = [
        path
        for path in workspace.rglob("*")
        if path.is_file()
        and not path.is_symlink()
        and path.relative_to(workspace).parts[0] not in SENT_BY_UNITS
        and path.name != "officers.csv"  # the office's own map from names to codes
    ]
    places = {path.relative_to(workspace).parts[0] for path in searched}
    assert {"store", "drafts", "publications", "runs", "alerts", "engine"} <= places
    found = [
        (str(path.relative_to(workspace)), value)
        for path in searched
        for text in texts(path)
        for value in PEOPLE
        if value in text
    ]
    assert found == []


def test_people_are_not_printed(after: tuple[Path, str]) -> None:
    _, said = after
    assert "hong.xlsx" in said
    assert [value for value in PEOPLE if value in said] == []


def test_what_the_officers_name_was_for_is_kept_as_a_code(after: tuple[Path, str]) -> None:
    _, said = after
    assert "CB01" in said


def test_folders_of_the_senders_are_closed_to_others(after: tuple[Path, str]) -> None:
    workspace, _ = after
    for name in SENT_BY_UNITS:
        folder = workspace / name
        assert folder.stat().st_mode & 0o077 == 0
