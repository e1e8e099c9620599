"""The commands as staff meet them: Vietnamese sentences, stable exit codes, nothing lost."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from pipelines.session import Session
from pipelines.steps.nightly import NightResult
from tests.support.plain_night import SAMPLES, open_session, run_plain_night

PROGRAM = Path(sys.executable).with_name("motcua")


def motcua(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "124", "LANG": "C.UTF-8"}
    return subprocess.run(
        [PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment,
        timeout=240,
    )


def inbox_of(root: Path, *units: str) -> Path:
    for unit in units:
        shutil.copytree(SAMPLES / "inbox" / unit, root / "inbox" / unit)
    return root / "inbox"


def test_without_arguments_it_explains_itself() -> None:
    done = motcua()
    assert done.returncode == 0
    assert "Cách dùng: motcua" in done.stdout
    assert "nightly" in done.stdout
    assert "Usage" not in done.stdout


def test_help_pages_have_no_english_of_their_own() -> None:
    for command in ("report", "runs", "waive", "serve", "worker"):
        said = motcua(command, "--help").stdout
        for english in ("Usage", "Options", "required", "default", "x>=", "<=x"):
            assert english not in said, (command, english)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("lam-bao-cao",), 2, "Không có lệnh “lam-bao-cao”"),
        (("nightly", "--nhanh"), 2, "Không có tùy chọn --nhanh"),
        (("nightly", "--as-of", "5/9/2021"), 2, "ngày viết theo dạng 2021-09-05"),
        (("report", "--unit", "16204"), 2, "Thiếu tùy chọn --period"),
        (("report", "--unit", "16204", "--period", "2021-T9"), 2, "không đúng mẫu"),
        (("report", "--unit", "99999", "--period", "2021-9T"), 2, "Không có đơn vị mang mã 99999"),
        (
            ("report", "--unit", "16204", "--period", "2021-9T", "--formats", "odt"),
            2,
            "Không có định dạng odt",
        ),
        (("report", "--unit", "16204", "--period", "2021-9T", "--formats", ","), 2, "Chưa chọn định dạng"),
        (("report", "--unit", "16204", "--period", "2021-9T", "--known-at", "hôm qua"), 2, "không đúng dạng"),
        (("report", "--unit", "16204", "--period", "2021-9T", "--rulebook", "x"), 2, "Không có quy tắc đếm"),
        (("nightly", "--inbox", "khong-co"), 2, "Không có thư mục khong-co"),
        (("ingest", "khong-co.xls"), 2, "không tìm thấy tệp"),
        (("serve", "--port", "99"), 2, "cần một số nguyên từ 1024 đến 65534"),
        (("doctor", "--port", "cổng"), 2, "cần một số nguyên từ 1024 đến 65535"),
        (("runs", "--last", "0"), 2, "cần một số nguyên từ 1;"),
        (("waive", "--tolerance", "120"), 2, "cần một số nguyên từ 0 đến 100"),
        (("period", "list", "--unit", "16204", "--year", "nay"), 2, "cần một số nguyên"),
    ],
)
def test_wrong_call_gets_one_vietnamese_sentence(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = motcua(*arguments, cwd=tmp_path)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_workspace_that_cannot_be_written_is_the_disks_fault_and_no_bug(tmp_path: Path) -> None:
    (tmp_path / "tep").write_text("x", encoding="utf-8")
    done = motcua("nightly", "--inbox", str(tmp_path), "--workspace", str(tmp_path / "tep" / "w"))
    assert done.returncode == 15
    assert "một phần của đường dẫn không phải thư mục" in done.stderr
    assert "hãy kiểm tra" in done.stderr
    assert "Traceback" not in done.stderr


def test_night_through_prefect_ends_with_the_table_and_leaves_its_drafts(tmp_path: Path) -> None:
    inbox = inbox_of(tmp_path, "16180", "16195")
    (inbox / "16195" / "hong.xls").write_bytes(b"")
    done = motcua("nightly", "--inbox", str(inbox), "--as-of", "2021-09-05", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    row = next(line for line in done.stdout.splitlines() if "xã Xuân Hòa" in line)
    assert row.split()[3:13] == ["5", "0", "0", "993", "99", "894", "891", "0", "0", "3"]
    assert "Từ chối 16195/hong.xls" in done.stdout
    assert "Chưa gửi tệp nào" in done.stdout
    assert "Traceback" not in done.stderr
    folder = tmp_path / "workspace" / "drafts" / "16180" / "2021-9T"
    assert {path.name for path in folder.iterdir()} == {
        "bao-cao.docx",
        "bao-cao.html",
        "bieu-so-lieu.xlsx",
        "context.json",
    }
    index = json.loads(
        (tmp_path / "workspace" / "runs" / "latest" / "index.json").read_text(encoding="utf-8")
    )
    assert index["state"] == "success"
    # Law 7 reaches the engine's own database too.
    for path in (tmp_path / "workspace" / "engine").rglob("*"):
        if path.is_file():
            assert "Người Mẫu".encode() not in path.read_bytes(), path
    # The same workspace through the plain functions must give the same drafts: tasks add nothing.
    session = open_session(tmp_path / "plain")
    run_plain_night(session, inbox)
    for name in ("bao-cao.docx", "context.json"):
        assert (session.workspace.drafts / "16180" / "2021-9T" / name).read_bytes() == (
            folder / name
        ).read_bytes()


def test_second_run_at_the_same_time_is_turned_away(tmp_path: Path) -> None:
    session = open_session(tmp_path / "workspace")
    inbox = inbox_of(tmp_path, "16180")
    with session.workspace.lock():
        done = motcua("ingest", str(inbox), "--workspace", str(session.workspace.root))
    assert done.returncode == 14
    assert "Một lượt chạy khác đang dùng thư mục làm việc" in done.stderr


def test_ingest_of_an_unreadable_file_says_why_and_keeps_it(tmp_path: Path) -> None:
    bad = tmp_path / "16204" / "trong.xls"
    bad.parent.mkdir()
    bad.write_bytes(b"")
    done = motcua("ingest", str(bad), "--workspace", str(tmp_path / "workspace"))
    assert done.returncode == 11
    assert "trong.xls không có nội dung" in done.stderr
    assert len(list((tmp_path / "workspace" / "quarantine" / "16204").iterdir())) == 1


def test_ingest_of_the_same_file_again_says_unchanged(tmp_path: Path) -> None:
    inbox = inbox_of(tmp_path, "16180")
    file = str(next((inbox / "16180").glob("Danh sach*")))
    first = motcua("ingest", file, "--workspace", str(tmp_path / "w"), "--as-of", "2021-09-05", "--json")
    again = motcua("ingest", file, "--workspace", str(tmp_path / "w"), "--as-of", "2021-09-05", "--json")
    (before,), (after,) = json.loads(first.stdout), json.loads(again.stdout)
    assert before["state"] == "accepted"
    assert (after["state"], after["accepted"], after["unchanged"]) == ("unchanged", 0, before["accepted"])


def test_report_on_demand_writes_what_the_night_wrote(
    sample_night: tuple[Session, NightResult], tmp_path: Path
) -> None:
    session, _ = sample_night
    done = motcua(
        "report", "--unit", "16204", "--period", "2021-9T", "--as-of", "2021-09-05",
        "--workspace", str(session.workspace.root), "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    night = session.workspace.drafts / "16204" / "2021-9T"
    for name in ("bao-cao.docx", "bieu-so-lieu.xlsx", "bao-cao.html", "context.json"):
        assert (tmp_path / "out" / name).read_bytes() == (night / name).read_bytes(), name


def test_cutoff_and_calendar_basis_change_the_window(
    sample_night: tuple[Session, NightResult], tmp_path: Path
) -> None:
    session, _ = sample_night
    texts = {}
    for name, options in {"lich": ("--basis", "lich"), "chot": ("--cutoff", "2021-06-30")}.items():
        motcua(
            "report", "--unit", "16204", "--period", "2021-9T", "--as-of", "2021-09-05", *options, "--formats", "json",
            "--workspace", str(session.workspace.root), "--out", str(tmp_path / name),
        )  # fmt: skip
        texts[name] = (tmp_path / name / "context.json").read_text(encoding="utf-8")
    assert "01/01/2021" in texts["lich"]
    assert "30/6/2021" in texts["chot"]
    received = {name: json.loads(text)["cells"] for name, text in texts.items()}
    assert received["lich"] != received["chot"]


def test_check_exits_12_while_a_critical_finding_is_open(sample_night: tuple[Session, NightResult]) -> None:
    root = str(sample_night[0].workspace.root)
    assert motcua("check", "--unit", "16180", "--workspace", root).returncode == 12
    clean = motcua("check", "--unit", "16183", "--workspace", root)
    assert clean.returncode == 0
    listed = json.loads(motcua("check", "--workspace", root, "--json").stdout)
    assert {"dossier.code.missing", "file.profile.none"} <= {finding["code"] for finding in listed}


def test_status_names_what_each_unit_sent(sample_night: tuple[Session, NightResult]) -> None:
    listed = json.loads(motcua("status", "--workspace", str(sample_night[0].workspace.root), "--json").stdout)
    by_code = {unit["unit_code"]: unit for unit in listed["units"]}
    assert len(by_code) == 16
    assert by_code["16204"]["dossier"] == "05/09/2021"
    assert by_code["16210"]["dossier"] is None


def test_naming_the_unknown_procedures_reclassifies_without_reading_again(tmp_path: Path) -> None:
    session = open_session(tmp_path / "workspace")
    inbox = inbox_of(tmp_path, "16204")
    run_plain_night(session, inbox, units=set())
    root = ("--workspace", str(session.workspace.root))
    listed = tmp_path / "chua-biet.csv"
    assert motcua("catalogue", "unknown", "--out", str(listed), *root).returncode == 0
    header, *lines = list(csv.reader(listed.read_text(encoding="utf-8-sig").splitlines()))
    assert sum(int(line[2]) for line in lines if line[0] == "Thủ tục") == 505
    mended = [[*line[:-1], "Hộ tịch" if line[0] == "Thủ tục" else ""] for line in lines]
    with listed.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *mended])
    done = motcua("catalogue", "accept", str(listed), "--by", "Người Mẫu", *root)
    assert done.returncode == 0, done.stderr
    assert "Còn 0 hồ sơ chưa phân loại" in done.stdout
    report = motcua(
        "report",
        "--unit",
        "16204",
        "--period",
        "2021-9T",
        "--as-of",
        "2021-09-05",
        "--json",
        "--out",
        str(tmp_path / "o"),
        *root,
    )
    cells = {cell["cell_id"]: cell["value"] for cell in json.loads(report.stdout)["cells"].values()}
    assert cells["received_in_window/16204/ho_tich/2021-9T/nd09/2021-09-05/tt01"] == 277 + 505


def test_mended_list_with_an_unknown_target_is_refused_with_its_line(tmp_path: Path) -> None:
    listed = tmp_path / "sai.csv"
    listed.write_text(
        "Loại,Giá trị trong tệp,Số hồ sơ,Gợi ý 1,Gợi ý 2,Gợi ý 3,Xếp vào\nThủ tục,Tên lạ,3,,,,Lĩnh vực bay\n",
        encoding="utf-8-sig",
    )
    done = motcua("catalogue", "accept", str(listed), "--workspace", str(tmp_path / "w"))
    assert done.returncode == 10
    assert "dòng 2" in done.stderr
    assert not (tmp_path / "w" / "catalogue" / "aliases.csv").exists()


def test_init_makes_a_workspace_for_other_units(tmp_path: Path) -> None:
    units = tmp_path / "don-vi.csv"
    units.write_text(
        "Mã đơn vị;Tên;Loại;Mã cấp trên;Mã định danh\n900;Mẫu;huyện;;000.00.90.H99\n90001;Mẫu Một;xã;900;000.01.90.H99\n",
        encoding="utf-8-sig",
    )
    done = motcua("init", "--units", str(units), "--workspace", str(tmp_path / "w"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "w" / "inbox" / "90001").is_dir()
    assert (tmp_path / "w").joinpath("inbox").stat().st_mode & 0o077 == 0
    again = motcua("init", "--units", str(units), "--workspace", str(tmp_path / "w"))
    assert again.returncode == 10
    assert motcua("catalogue", "check", "--workspace", str(tmp_path / "w")).returncode == 0


def test_supplement_template_is_prefilled_from_the_period_before(
    sample_night: tuple[Session, NightResult], tmp_path: Path
) -> None:
    root = ("--workspace", str(sample_night[0].workspace.root))
    target = tmp_path / "mau.xlsx"
    done = motcua(
        "templates", "supplement", "--unit", "16204", "--period", "2022-9T", "--out", str(target), *root
    )
    assert done.returncode == 0, done.stderr
    assert "điền sẵn từ kỳ trước" in done.stdout
    rows = list(openpyxl.load_workbook(target)["Số liệu"].iter_rows(values_only=True))
    values = {row[0]: row[3] for row in rows if row[0]}
    assert values["staff_total_count"] in (22, "22")


def test_night_stopped_by_hand_says_so_at_once_and_leaves_the_workspace_usable(tmp_path: Path) -> None:
    inbox = inbox_of(tmp_path, "16180")
    running = subprocess.Popen(
        [PROGRAM, "nightly", "--inbox", inbox, "--as-of", "2021-09-05", "--workspace", tmp_path / "w"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list((tmp_path / "w" / "runs").glob("*/index.json")) and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(1)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Đã dừng theo yêu cầu" in said
    assert "Traceback" not in said
    (index,) = (tmp_path / "w" / "runs").glob("*/index.json")
    assert json.loads(index.read_text(encoding="utf-8"))["state"] == "stopped"
    again = motcua("ingest", str(inbox), "--as-of", "2021-09-05", "--workspace", str(tmp_path / "w"))
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize(("folder", "options"), [("16204", ()), ("tep-moi", ("--unit", "16204"))])
def test_folder_of_one_unit_is_taken_in_as_that_units(
    tmp_path: Path, folder: str, options: tuple[str, ...]
) -> None:
    name = "So van ban den 05-09-2021.xlsx"
    (tmp_path / folder / "thang 9").mkdir(parents=True)
    for place in (tmp_path / folder, tmp_path / folder / "thang 9"):
        shutil.copy(SAMPLES / "inbox" / "16204" / name, place / name)
    done = motcua(
        "ingest", str(tmp_path / folder), *options, "--as-of", "2021-09-05", "--json",
        "--workspace", str(tmp_path / "w"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [row["unit_code"] for row in rows] == ["16204", "16204"]
    assert "refused" not in {row["state"] for row in rows}
