"""The owners and officers files: what they may say, and every line that cannot be used told by its number."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.catalogue_files import load_workspace_catalogue
from transforms.catalogue.load import CatalogueError
from transforms.catalogue.model import Unit
from transforms.catalogue.officers import OFFICERS_TEMPLATE, Officer, officer_codes, parse_officers
from transforms.catalogue.owners import (
    ESCALATE_DAYS,
    OwnerRow,
    build_owners_template,
    parse_owners,
)
from transforms.catalogue.problems import Problems

UNITS = {"402", "16204", "16174"}
CODES = ("dossier.due_date.missing", "dossier.code.missing", "fee.total.odd")
HEADER = "Mã đơn vị;Mã quy tắc;Cấp nhận;Người nhận;Kênh;Ngày nghỉ;Báo tiếp cho;Sau số ngày làm việc\n"


def parse(*lines: str) -> tuple[tuple[OwnerRow, ...], tuple[str, ...]]:
    problems = Problems()
    rows = parse_owners((HEADER + "\n".join(lines)).encode(), "owners.csv", UNITS, CODES, problems)
    return rows, problems.sentences


def test_lines_become_rows_with_their_defaults() -> None:
    rows, problems = parse(
        "16204;dossier.*;đơn vị;Công chức một cửa;KENH_BL | file://bl;ngay;Văn phòng huyện;2",
        "402;*;CẤP TRÊN;Văn phòng huyện;prefect:kenh-huyen;;;",
        "*;fee.total.odd;it;Quản trị;file://;chờ;;",
    )
    assert problems == ()
    assert rows == (
        OwnerRow(
            "16204", "dossier", "unit", "Công chức một cửa", ("KENH_BL", "file://bl"), True, "Văn phòng huyện", 2
        ),
        OwnerRow("402", "*", "parent", "Văn phòng huyện", ("prefect:kenh-huyen",)),
        OwnerRow("*", "fee.total.odd", "it", "Quản trị", ("file://",), False, "", ESCALATE_DAYS),
    )  # fmt: skip


def test_notes_and_lines_not_filled_in_are_no_rows() -> None:
    assert parse("# ghi chú; dài", "16204;*;đơn vị;;;;;", ";;;;;;;") == ((), ())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("99999;*;đơn vị;A;KENH;;;", "không có đơn vị mang mã 99999"),
        ("16204;phi;đơn vị;A;KENH;;;", "không có mã quy tắc nào là “phi”"),
        ("16204;dossier.due;đơn vị;A;KENH;;;", "“dossier.due”"),
        ("16204;*;xã;A;KENH;;;", "cột “Cấp nhận” chỉ nhận đơn vị, cấp trên, công nghệ thông tin"),
        ("16204;*;đơn vị;A;;;;", "cột “Kênh” bị bỏ trống"),
        ("16204;*;đơn vị;;KENH;;;", "cột “Người nhận” bị bỏ trống"),
        ("16204;*;đơn vị;A;KENH;mai;;", "cột “Ngày nghỉ” chỉ nhận ngay, chờ hoặc để trống"),
        ("16204;*;đơn vị;A;KENH;;B;0", "phải là số nguyên từ 1 trở lên"),
        ("16204;*;đơn vị;A;KENH;;;3", "có số ngày nhưng cột “Báo tiếp cho” bị bỏ trống"),
        ("16204;*;đơn vị;A;KENH;;Nguyễn;3", "“Nguyễn” ở cột “Báo tiếp cho” không phải người nhận"),
    ],
)
def test_line_that_cannot_be_used_is_named_and_left_out(line: str, said: str) -> None:
    rows, problems = parse(line, "*;*;công nghệ thông tin;Quản trị;file://;;;")
    assert [row.recipient for row in rows] == ["Quản trị"]
    assert any(said in sentence for sentence in problems), problems
    assert all(sentence.startswith("owners.csv dòng 2: ") for sentence in problems)


@pytest.mark.parametrize(
    "address",
    [
        "mailto://thu:MatKhau01@mau.example",
        "https://hook.example/MatKhau01",
        "MatKhau01",
        "file:///MatKhau01",
    ],
)
def test_address_in_place_of_a_name_is_refused_without_being_repeated(address: str) -> None:
    rows, (problem,) = parse(f"16204;*;đơn vị;A;{address};;;")
    assert rows == ()
    assert "TÊN biến môi trường" in problem
    assert "MatKhau01" not in problem


def test_name_shared_by_two_units_escalates_only_within_the_unit() -> None:
    shared = (
        "16204;*;cấp trên;Lãnh đạo;KENH_BL;;;",
        "16174;*;cấp trên;Lãnh đạo;KENH_YC;;;",
    )
    rows, problems = parse(
        "16204;*;đơn vị;A;KENH_A;;Lãnh đạo;1", "402;*;đơn vị;B;KENH_B;;Lãnh đạo;1", *shared
    )
    assert [row.recipient for row in rows] == ["A", "Lãnh đạo", "Lãnh đạo"]
    assert len(problems) == 1
    assert "dòng 3" in problems[0]


def test_unknown_column_makes_the_file_unusable() -> None:
    problems = Problems()
    content = "Mã đơn vị,Mã quy tắc,Cấp nhận,Người nhận,Kênh,Điện thoại\n*,*,it,A,KENH,0\n".encode()
    assert parse_owners(content, "owners.csv", UNITS, CODES, problems) == ()
    assert problems.sentences == ("owners.csv dòng 1: cột “Điện thoại” không có trong mẫu của tệp này.",)


def test_template_is_valid_and_asks_for_every_unit() -> None:
    units = (
        Unit("402", "Mẫu", "huyện", "huyen", "", date(1900, 1, 1), None, "H56.1"),
        Unit("16204", "Bình Mẫu", "xã", "xa", "402", date(1900, 1, 1), None, "H56.2"),
    )
    template = build_owners_template(units)
    problems = Problems()
    assert parse_owners(template.encode("utf-8-sig"), "owners.csv", UNITS, CODES, problems) == ()
    assert problems.sentences == ()
    filled = template.replace("16204,*,đơn vị,", "16204,*,đơn vị,Công chức một cửa,file://", 1)
    (row,) = parse_owners(filled.encode(), "owners.csv", UNITS, CODES, problems)
    assert (row.unit_code, row.audience, row.recipient) == ("16204", "unit", "Công chức một cửa")
    assert "402,*,cấp trên" in template
    assert template.rstrip().splitlines()[-1].startswith("*,*,công nghệ thông tin")


def officers(*lines: str) -> tuple[tuple[Officer, ...], tuple[str, ...]]:
    problems = Problems()
    content = "Mã đơn vị,Họ tên cán bộ,Mã cán bộ\n" + "\n".join(lines)
    return parse_officers(content.encode(), "officers.csv", UNITS, problems), problems.sentences


def test_names_become_codes_whatever_their_case_spaces_and_tone_places() -> None:
    found, problems = officers(
        "16204,Người Mẫu Hòa,CB01", "16204,Người Mẫu Hoa,CB02", "16174,Người Mẫu Hòa,CB09"
    )
    assert problems == ()
    names = pa.chunked_array([["người  mẫu hoà", "NGƯỜI MẪU HOA"], [None, "Người Mẫu Lạ", "Người Mẫu Hòa"]])
    assert officer_codes(names, "16204", found).to_pylist() == ["CB01", "CB02", None, None, "CB01"]
    assert officer_codes(pa.array([], pa.string()), "16204", found).to_pylist() == []


def test_officers_problems_and_values_never_show_a_name() -> None:
    found, problems = officers(
        "16204,Người Mẫu 0001,CB01",
        "16204,người mẫu 0001,CB02",
        "16204,Người Mẫu 0002,Người Mẫu",
        "99999,Người Mẫu 0003,CB03",
        "16204,Người Mẫu 0004,",
    )
    assert len(problems) == 4
    assert [sentence.split(": ")[0] for sentence in problems] == [
        f"officers.csv dòng {n}" for n in (3, 4, 5, 6)
    ]
    assert "mẫu" not in (" ".join(problems) + repr(found)).casefold().replace("trong mẫu của", "")


def test_officers_template_holds_no_officer() -> None:
    problems = Problems()
    assert parse_officers(OFFICERS_TEMPLATE.encode("utf-8-sig"), "officers.csv", UNITS, problems) == ()
    assert problems.sentences == ()


def test_neither_file_is_part_of_the_catalogue(tmp_path: Path) -> None:
    before = load_workspace_catalogue(tmp_path).version
    (tmp_path / "owners.csv").write_text("không đúng mẫu", encoding="utf-8")
    (tmp_path / "officers.csv").write_text("Người Mẫu 0001", encoding="utf-8")
    try:
        assert load_workspace_catalogue(tmp_path).version == before
    except CatalogueError as problem:
        pytest.fail(str(problem))
