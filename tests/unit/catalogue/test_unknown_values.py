"""Unknown values: counted, with nearest candidates, listed for a clerk, mended and taken in."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.catalogue.aliases import parse_aliases
from transforms.catalogue.classify import classify
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue
from transforms.catalogue.problems import CatalogueError, Problems
from transforms.catalogue.procedure_code import procedure_key
from transforms.catalogue.unknown import (
    UnknownItem,
    build_unknown_items,
    check_unknown,
    name_counts,
    read_mended_list,
    unknown_items,
    write_unknown_list,
)
from transforms.schema.tables import DOSSIER
from transforms.text_cells import shield, unshield
from transforms.text_vi import tidy

DAY = date(2021, 9, 6)
HEADER = "Loại,Giá trị trong tệp,Số hồ sơ,Gợi ý 1,Gợi ý 2,Gợi ý 3,Xếp vào\n"

# unit | row | file | procedure name | code | status | status label | field
ROWS = """
16204 | 5 | a.xls | Xác nhận đơn xin học nghề    |          | 10 | Đã trả kết quả |
16204 | 6 | a.xls | XÁC NHẬN ĐƠN XIN HỌC NGHỀ    |          | 10 | Đã trả kết quả |
16204 | 7 | a.xls | Xác nhận đơn xin học nghề    |          |    | Đã ký số       |
16204 | 8 | a.xls | Đăng ký kai sinh             |          | 4  | Đang xử lý     |
16204 | 9 | a.xls |                              | 1.999990 | 4  | Đang xử lý     |
16204 | 10| a.xls |                              |          | 4  | Đang xử lý     |
16204 | 11| a.xls | Đăng ký khai sinh            |          | 4  | Đang xử lý     | Tư pháp xã
16186 | 5 | b.xls | Xác nhận đơn xin học nghề    |          | 4  | Đang xử lý     |
99999 | 6 | c.xls | Đăng ký khai sinh            |          | 4  | Đang xử lý     |
"""


def read_dossiers(pipe_table: str) -> pa.Table:
    names = (
        "unit_code",
        "_row",
        "_file",
        "procedure_name",
        "procedure_code",
        "status_code",
        "status_label",
        "field_name",
    )
    rows = []
    for line in pipe_table.strip().splitlines():
        cells = [cell.strip() or None for cell in line.split("|")]
        row = dict(zip(names, cells, strict=True))
        row["dossier_code"] = f"H-{row['unit_code']}-{row['_row']}"
        row["_row"] = int(row["_row"])
        row["status_code"] = int(row["status_code"]) if row["status_code"] else None
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=DOSSIER.arrow_schema())


@pytest.fixture(scope="module")
def found() -> pa.Table:
    return read_dossiers(ROWS)


def test_unknown_values_are_counted_over_their_spellings(catalogue: Catalogue, found: pa.Table) -> None:
    assert [(item.kind, item.text, item.count) for item in unknown_items(found, catalogue)] == [
        ("procedure", "Xác nhận đơn xin học nghề", 4),
        ("procedure", "1.999990", 1),
        ("procedure", "Đăng ký kai sinh", 1),
        ("status", "Đã ký số", 1),
        ("field", "Tư pháp xã", 1),
        ("unit", "99999", 1),
    ]


def test_nearest_candidate_of_a_misspelt_name_is_the_name(catalogue: Catalogue, found: pa.Table) -> None:
    item = next(item for item in unknown_items(found, catalogue) if item.text == "Đăng ký kai sinh")
    assert item.candidates[0][:2] == ("1.001193", "Thủ tục đăng ký khai sinh")
    assert 1 <= len(item.candidates) <= 3
    scores = [score for _, _, score in item.candidates]
    assert scores == sorted(scores, reverse=True)
    assert len({target for target, _, _ in item.candidates}) == len(item.candidates)


def test_unit_names_found_by_readers_get_candidates(catalogue: Catalogue) -> None:
    (item,) = build_unknown_items("unit", {"UBND xã Bình Lươg": 3}, catalogue)
    assert item.candidates[0][:2] == ("16204", "xã Bình Lương")


# --- findings ----------------------------------------------------------------------------------------


def test_unknown_procedures_of_a_unit_are_one_finding_with_every_row(
    catalogue: Catalogue, found: pa.Table
) -> None:
    findings = {
        finding.code: finding for finding in check_unknown(classify(found, catalogue), catalogue, "16204")
    }
    assert set(findings) == {"dossier.procedure.unknown", "dossier.field.unknown"}
    unknown = findings["dossier.procedure.unknown"]
    assert (unknown.unit_code, unknown.file, unknown.column) == ("16204", "a.xls", "procedure_name")
    assert unknown.count == 6
    assert [place.row for place in unknown.places] == [5, 6, 7, 8, 9, 10]
    assert unknown.places[0].subject == "H-16204-5"
    assert unknown.places[0].value == "Xác nhận đơn xin học nghề"
    assert dict(unknown.params)["names"] == (
        "“Xác nhận đơn xin học nghề” (2), “1.999990” (1), “XÁC NHẬN ĐƠN XIN HỌC NGHỀ” (1),"
        " “không ghi tên thủ tục” (1), “Đăng ký kai sinh” (1)"
    )
    assert [place.value for place in findings["dossier.field.unknown"].places] == ["Tư pháp xã"]


def test_rows_of_several_files_name_their_file_each(catalogue: Catalogue, found: pa.Table) -> None:
    findings = check_unknown(found, catalogue, "")
    unknown = next(finding for finding in findings if finding.code == "dossier.procedure.unknown")
    assert unknown.file == "a.xls, b.xls"
    assert [(place.file, place.row) for place in unknown.places][-2:] == [("a.xls", 10), ("b.xls", 5)]


def test_known_dossiers_raise_nothing(catalogue: Catalogue, found: pa.Table) -> None:
    assert check_unknown(found, catalogue, "99999") == ()
    assert check_unknown(found.slice(0, 0), catalogue, "16204") == ()


def test_most_frequent_names_stand_in_the_sentence_and_the_rest_is_counted() -> None:
    counts = {"A": 1200, "B": 7, "C": 7, "D": 1}
    assert name_counts(counts, limit=2) == "“A” (1.200), “B” (7) và 2 tên khác (8)"
    assert name_counts({"A" * 200: 1}) == f"“{'A' * 119}…” (1)"


# --- the list and back -------------------------------------------------------------------------------


def test_list_opens_in_excel_with_its_headers(catalogue: Catalogue, found: pa.Table) -> None:
    content = write_unknown_list(unknown_items(found, catalogue))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == HEADER.strip().split(",")
    by_text = {row[1]: row for row in rows[1:]}
    assert by_text["Đăng ký kai sinh"][0] == "Thủ tục"
    assert by_text["Đăng ký kai sinh"][3] == "Thủ tục đăng ký khai sinh [1.001193]"
    assert by_text["Mã thủ tục 1.999990"][2] == "1"  # a bare code would lose its last zero in a spreadsheet
    assert all(row[-1] == "" for row in rows[1:])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "'=", "''-"])
def test_cell_like_a_formula_is_neutralised_and_comes_back(catalogue: Catalogue, start: str) -> None:
    text = f"{start}Xác nhận lạ"
    content = write_unknown_list([UnknownItem("procedure", text, 1)]).decode("utf-8-sig")
    cell = list(csv.reader(io.StringIO(content)))[1][1]
    assert cell == f"'{text}"
    mended = read_mended_list(content.replace(",,,,\r\n", ",,,,dat_dai\r\n").encode(), catalogue, DAY, "X")
    stored = list(csv.reader(io.StringIO(mended.decode())))[1][1]
    assert stored == shield(text.strip()), "the overlay may be opened in a spreadsheet too"
    (alias,) = parse_aliases(mended, "aliases.csv", Problems())
    assert alias.value.text == text.strip()


@pytest.mark.parametrize(
    ("kind", "target", "stored"),
    [
        ("Thủ tục", "1.001193", "1.001193"),
        ("Thủ tục", "1.001193.000.00.00.H56", "1.001193"),
        ("Thủ tục", "Đăng ký khai sinh", "1.001193"),
        ("Thủ tục", "Thủ tục đăng ký khai sinh [1.001193]", "1.001193"),
        ("Thủ tục", "dat_dai", "dat_dai"),
        ("Thủ tục", "Đất đai", "dat_dai"),
        ("thu tuc", "Công chứng, chứng thực", "chung_thuc"),
        ("Trạng thái", "9", "9"),
        ("Trạng thái", "Đã xử lý xong", "9"),
        ("Trạng thái", "Đã xử lý xong [9]", "9"),
        ("Lĩnh vực", "Hộ tịch", "ho_tich"),
        ("Đơn vị", "16204", "16204"),
        ("Đơn vị", "xã Bình Lương", "16204"),
    ],
)
def test_mended_cell_takes_code_or_name(catalogue: Catalogue, kind: str, target: str, stored: str) -> None:
    content = HEADER + f'{kind},Giá trị lạ,3,,,,"{target}"\n'
    mended = list(
        csv.DictReader(
            io.StringIO(read_mended_list(content.encode(), catalogue, DAY, "Người Mẫu 0001").decode())
        )
    )
    assert [(row["text"], row["target"], row["decided_on"], row["decided_by"]) for row in mended] == [
        ("Giá trị lạ", stored, "2021-09-06", "Người Mẫu 0001")
    ]


def test_unknown_targets_are_named_with_their_lines_and_nothing_is_decided(catalogue: Catalogue) -> None:
    content = HEADER + (
        "Thủ tục,Thủ tục A,3,,,,ho_tich\nThủ tục,Thủ tục B,3,,,,Lâm nghiệp\nTrạng thái,Chờ ký,1,,,,12\n"
        "Hồ sơ,C,1,,,,ho_tich\nThủ tục,Thủ tục a,3,,,,dat_dai\n"
    )
    with pytest.raises(CatalogueError) as caught:
        read_mended_list(content.encode(), catalogue, DAY, "X", file="sua.csv")
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "sua.csv dòng 3", "sua.csv dòng 4", "sua.csv dòng 5", "sua.csv dòng 6",
    ]  # fmt: skip
    assert "“Lâm nghiệp” không có trong danh mục" in caught.value.problems[0]


def test_list_without_its_columns_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError) as caught:
        read_mended_list(b"a,b\n1,2\n", catalogue, DAY, "X")
    assert len(caught.value.problems) == 3


def test_list_saved_by_excel_with_semicolons_is_read(catalogue: Catalogue) -> None:
    content = (HEADER + "Thủ tục,Thủ tục A,3,,,,ho_tich\n").replace(",", ";").encode("utf-8-sig")
    assert b"ho_tich" in read_mended_list(content, catalogue, DAY, "X")


def test_new_decisions_join_the_old_ones_and_replace_their_own(catalogue: Catalogue) -> None:
    first = read_mended_list(
        (HEADER + "Thủ tục,A,3,,,,ho_tich\nThủ tục,B,1,,,,dat_dai\nThủ tục,C,1,,,,\n").encode(),
        catalogue,
        DAY,
        "X",
    )
    second = read_mended_list(
        (HEADER + "Thủ tục,thủ tục a,3,,,,chung_thuc\n").encode(), catalogue, DAY, "Y", existing=first
    )
    rows = [(row["text"], row["target"]) for row in csv.DictReader(io.StringIO(second.decode()))]
    assert rows == [("B", "dat_dai"), ("thủ tục a", "chung_thuc")]
    assert read_mended_list(HEADER.encode(), catalogue, DAY, "Z", existing=second) == second


def test_mended_list_classifies_what_was_unknown(
    files: Mapping[str, bytes], catalogue: Catalogue, found: pa.Table
) -> None:
    listed = write_unknown_list(unknown_items(found, catalogue)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(listed)))
    targets = {
        "Thủ tục": "Giáo dục và đào tạo",
        "Trạng thái": "Đã xử lý xong",
        "Lĩnh vực": "Hộ tịch",
        "Đơn vị": "",
    }
    text = io.StringIO()
    csv.writer(text).writerows([rows[0], *([*row[:-1], targets[row[0]]] for row in rows[1:])])
    overlay = {"aliases.csv": read_mended_list(text.getvalue().encode("utf-8-sig"), catalogue, DAY, "X")}
    mended = load_catalogue(files, overlay)
    assert [(item.kind, item.text) for item in unknown_items(found, mended)] == [
        ("status", "Đã ký số"),
        ("unit", "99999"),
    ]
    fields = classify(found, mended)["field_id"].to_pylist()
    assert fields.count("giao_duc") == 6
    assert fields.count("chua_phan_loai") == 1  # names neither procedure nor code


NAMES = st.text(
    st.characters(categories=("L", "N", "P", "S"), include_characters=" "), min_size=1, max_size=40
)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        NAMES.filter(lambda text: any(c.isalnum() and c.isascii() for c in text)),
        min_size=1,
        max_size=5,
        unique=True,
    )
)
def test_any_name_that_can_be_compared_survives_the_round_trip(
    catalogue: Catalogue, names: list[str]
) -> None:
    content = write_unknown_list(UnknownItem("procedure", name, 1) for name in names)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    text = io.StringIO()
    csv.writer(text).writerows([rows[0], *([*row[:-1], "dat_dai"] for row in rows[1:])])
    mended = read_mended_list(text.getvalue().encode(), catalogue, DAY, "X").decode()
    kept = [unshield(row["text"]) for row in csv.DictReader(io.StringIO(mended))]
    assert set(kept) <= {tidy(name) for name in names}
    assert {procedure_key(text) for text in kept} == {procedure_key(name) for name in names}
