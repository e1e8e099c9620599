"""A period published twice: what reads otherwise, which dossiers did it, and where that is said."""

from __future__ import annotations

import io
import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.cli.root import motcua
from pipelines.errors import StoreUnreachableError, UsageProblemError
from pipelines.publications.folder import Series, publication_folder
from pipelines.publications.model import read_publications
from pipelines.publications.publish import prepare
from pipelines.publications.verify import verify
from pipelines.session import Session
from pipelines.steps.published_sides import published_side
from pipelines.steps.restating import compare_sides
from tests.support.published import PERIOD, SIGNED, everything_below, open_at, order, publish, take_in
from tests.support.sent_back import CODE, UNIT
from tests.support.word_text import word_text
from transforms.render.anchors import cell_stem

FIRST = """
    | Mã hồ sơ | Ngày tiếp nhận | Ngày hẹn trả | Ngày kết thúc xử lý | Ngày trả kết quả | Trạng thái     | Mã thủ tục | Tên thủ tục                | Lĩnh vực |
    | 02-0001  | 02/08/2021     | 05/08/2021   | 04/08/2021          | 04/08/2021       | Đã trả kết quả |            |                            |          |
    | 02-0002  | 02/08/2021     | 05/08/2021   | 09/08/2021          | 09/08/2021       | Đã trả kết quả |            |                            |          |
    | 03-0003  | 03/08/2021     | 30/09/2021   | -                   | -                | Đang xử lý     |            |                            |          |
    | 03-0004  | 03/08/2021     | 06/08/2021   | -                   | -                | Đang xử lý     |            |                            |          |
    | 05-0005  | 05/08/2021     | 09/08/2021   | 06/08/2021          | 06/08/2021       | Đã trả kết quả | -          | Việc lạ của riêng xã       | -        |
    | 06-0006  | 06/08/2021     | 09/08/2021   | 07/08/2021          | 07/08/2021       | Đã trả kết quả |            |                            |          |
    | 07-0007  | 07/08/2021     | 09/08/2021   | 09/08/2021          | 09/08/2021       | Đã trả kết quả |            |                            |          |
"""
LATER = """
    | Mã hồ sơ | Ngày tiếp nhận | Ngày hẹn trả | Ngày kết thúc xử lý | Ngày trả kết quả | Trạng thái     | Mã thủ tục | Tên thủ tục                | Lĩnh vực |
    | 02-0001  | 02/08/2021     | 05/08/2021   | 04/08/2021          | 04/08/2021       | Đã trả kết quả |            |                            |          |
    | 02-0002  | 02/08/2021     | 05/08/2021   | 05/08/2021          | 05/08/2021       | Đã trả kết quả |            |                            |          |
    | 03-0003  | 03/08/2021     | 30/09/2021   | 10/09/2021          | 10/09/2021       | Đã trả kết quả |            |                            |          |
    | 03-0004  | 03/08/2021     | 06/08/2021   | 09/09/2021          | -                | Rút hồ sơ      |            |                            |          |
    | 05-0005  | 05/08/2021     | 09/08/2021   | 06/08/2021          | 06/08/2021       | Đã trả kết quả | -          | Việc lạ của riêng xã       | -        |
    | 06-0006  | 06/08/2021     | 09/08/2021   | 07/08/2021          | 07/08/2021       | Đã trả kết quả | -          | Việc lạ thứ hai của xã     | -        |
    | 07-0007  | 07/08/2021     | 09/08/2021   | 09/08/2021          | 09/08/2021       | Đã trả kết quả |            |                            |          |
    | 08-0008  | 08/08/2021     | 11/08/2021   | 10/08/2021          | 10/08/2021       | Đã trả kết quả |            |                            |          |
"""
"""03-0003 has its result, 03-0004 was withdrawn, the end of 02-0002 is another, 06-0006 names another procedure,
08-0008 was unknown."""
ALIASES = (
    "kind,text,target,reason,decided_on,decided_by\n"
    "procedure,Việc lạ của riêng xã,chung_thuc,Văn phòng xác định,2021-09-16,Văn phòng HĐND và UBND\n"
)
CORRECTIONS = (
    f'- match: {{unit: "{UNIT}", kind: "Hồ sơ", Mã hồ sơ: "{CODE}07-0007"}}\n'
    '  column: "Ngày hẹn trả"\n  was: "09/08/2021"\n  set: "12/08/2021"\n'
    '  reason: "Giấy hẹn ghi ngày khác"\n  owner: "Văn phòng HĐND và UBND"\n  date: "16/09/2021"\n'
)
REASONS = {
    "03-0003": {"closed_late"},
    "03-0004": {"withdrawn"},
    "02-0002": {"corrected"},
    "05-0005": {"catalogue_change"},
    "06-0006": {"reclassified"},
    "07-0007": {"corrected"},
    "08-0008": {"new_delivery"},
}
SECOND_NIGHT = datetime(2021, 9, 16, 2, tzinfo=UTC)
SERIES = Series(UNIT, PERIOD, "nd09")


def second_night(root: Path) -> Session:
    """A later list, an entry of corrections.yml, and a name that the office decided on."""
    session = open_at(root, SECOND_NIGHT)
    (session.workspace.catalogue / "aliases.csv").write_text(ALIASES, encoding="utf-8")
    (session.workspace.catalogue / "corrections.yml").write_text(CORRECTIONS, encoding="utf-8")
    take_in(session, "ds 15-09-2021.csv", LATER)
    return open_at(root, SECOND_NIGHT)


@pytest.fixture(scope="module")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("once") / "w"
    session = open_at(root)
    take_in(session, "ds 14-09-2021.csv", FIRST)
    publish(session, order())
    second_night(root)
    return root


@pytest.fixture(scope="module")
def published_twice(published_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("twice") / "w"
    shutil.copytree(published_once, root, symlinks=True)
    publish(open_at(root, SECOND_NIGHT), order("52/BC-UBND"))
    return root


@pytest.fixture
def copied(published_once: Path, tmp_path: Path) -> Path:
    shutil.copytree(published_once, tmp_path / "w", symlinks=True)
    return tmp_path / "w"


def folder_of(root: Path, number: int) -> Path:
    return publication_folder(root / "publications", SERIES, number)


def ledger_of(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder_of(root, 2) / "dieu-chinh.json").read_bytes())
    return found


def run(root: Path, *arguments: str) -> Result:
    """``motcua diff`` of the sample commune; its output without line breaks of the table."""
    command = ["diff", "--unit", UNIT, "--period", PERIOD, "--workspace", str(root), *arguments]
    return CliRunner().invoke(motcua, command, catch_exceptions=False)


def cell(ledger: dict[str, Any], measure: str, facet: str = "") -> tuple[int | None, int | None]:
    """(old, new) of a changed cell, named in words."""
    (found,) = [c for c in ledger["cells"] if (c["measure"], c["facet"]) == (measure, facet)]
    return found["old"], found["new"]


# The ledger of a publication


def test_every_dossier_of_the_ledger_has_the_reason_that_the_two_nights_gave_it(
    published_twice: Path,
) -> None:
    reasons: dict[str, set[str]] = {}
    for changed in ledger_of(published_twice)["cells"]:
        for part in changed["records"]:
            reasons.setdefault(part["code"].removeprefix(CODE), set()).add(part["reason"])
    assert reasons == REASONS


def test_cells_of_the_ledger_are_those_that_differ_between_the_two_publications(
    published_twice: Path,
) -> None:
    ledger = ledger_of(published_twice)
    assert cell(ledger, "Số hồ sơ tiếp nhận trong kỳ") == (7, 8)
    assert cell(ledger, "Giải quyết trước hạn") == (3, 6)
    assert cell(ledger, "Giải quyết đúng hạn") == (1, 2)
    assert cell(ledger, "Giải quyết quá hạn") == (1, 0)
    assert cell(ledger, "Đang giải quyết, trong hạn") == (1, 0)
    assert cell(ledger, "Đang giải quyết, quá hạn") == (1, 0)
    assert cell(ledger, "Giải quyết trước hạn", "Chứng thực") == (0, 1)
    assert cell(ledger, "Giải quyết trước hạn", "Hộ tịch") == (2, 4)
    published = [context_cells(folder_of(published_twice, number)) for number in (1, 2)]
    differing = {
        cell_id
        for cell_id in published[0].keys() & published[1].keys()
        if published[0][cell_id] != published[1][cell_id] and not cell_id.startswith("rate/")
    }
    listed = {each["cell_id"] for each in ledger["cells"]}
    # Figures of the form; sums like "early+on_time" follow from them.
    assert {cell_id for cell_id in differing if "+" not in cell_id} <= listed


def context_cells(folder: Path) -> dict[str, float]:
    """Cell id → value of what a publication prints."""
    cells = json.loads((folder / "context.json").read_bytes())["cells"].values()
    return {each["cell_id"]: each["value"] for each in cells}


def test_records_of_every_cell_add_up_to_its_difference(published_twice: Path) -> None:
    cells = ledger_of(published_twice)["cells"]
    assert len(cells) > 20
    for changed in cells:
        parts = sum(part["after"] - part["before"] for part in changed["records"])
        assert changed["unexplained"] == 0
        assert parts == (changed["new"] or 0) - (changed["old"] or 0), changed["cell_id"]


def test_ledger_says_what_it_restates_and_where_each_dossier_stands(published_twice: Path) -> None:
    ledger = ledger_of(published_twice)
    assert (ledger["restates"]["number"], ledger["restates"]["document_number"]) == (1, "45/BC-UBND")
    (closed,) = [each for each in ledger["records"] if each["code"] == f"{CODE}03-0003"]
    assert (closed["state"], closed["file"], closed["row"]) == (["within", "early"], "ds 15-09-2021.csv", 4)
    (moved,) = [each for each in ledger["records"] if each["code"] == f"{CODE}05-0005"]
    assert moved["field"] == ["chua_phan_loai", "chung_thuc"]
    (mended,) = [each for each in ledger["records"] if each["code"] == f"{CODE}07-0007"]
    assert mended["file"] == "corrections.yml"


def test_second_publication_is_whole_and_the_first_stays_as_it_was(
    published_once: Path, published_twice: Path
) -> None:
    assert everything_below(folder_of(published_twice, 1)) == everything_below(folder_of(published_once, 1))
    assert not (folder_of(published_once, 1) / "dieu-chinh.json").exists()
    session = open_at(published_twice, SECOND_NIGHT)
    assert verify(session.workspace.publications, session.store).problems == ()
    second = read_publications(session.store)[1]
    assert (second.restates, "dieu-chinh.json" in second.files) == (1, True)


def test_publishing_the_same_document_again_writes_nothing_and_gives_the_same_bytes(
    published_twice: Path,
) -> None:
    again = prepare(open_at(published_twice, SECOND_NIGHT), order("52/BC-UBND"))
    assert again.same_as is not None
    assert again.same_as.number == 2
    kept = {path.name: path.read_bytes() for path in folder_of(published_twice, 2).iterdir()}
    assert {name: kept[name] for name in again.files} == dict(again.files)


def test_figures_that_did_not_change_are_said_to_be_unchanged_and_print_no_note(
    published_twice: Path, tmp_path: Path
) -> None:
    root = tmp_path / "w"
    shutil.copytree(published_twice, root, symlinks=True)
    publish(open_at(root, SECOND_NIGHT), order("60/BC-UBND"))
    assert json.loads((folder_of(root, 3) / "dieu-chinh.json").read_bytes())["cells"] == []
    assert "điều chỉnh" not in (folder_of(root, 3) / "bao-cao.html").read_text(encoding="utf-8")
    assert run(root).output == (
        "Không có ô số liệu nào thay đổi giữa bản số 2 (số 52/BC-UBND ngày 15/9/2021) "
        "và bản số 3 (số 60/BC-UBND ngày 15/9/2021).\n"
    )


# The report


def test_report_says_what_was_restated_with_figures_that_lead_back(published_twice: Path) -> None:
    folder = folder_of(published_twice, 2)
    text = word_text((folder / "bao-cao.docx").read_bytes())
    count = len(ledger_of(published_twice)["cells"])
    assert (
        f"Số liệu đã điều chỉnh so với bản số 1 (Báo cáo số 45/BC-UBND ngày 15/9/2021): {count} ô số liệu thay đổi"
        in text
    )
    assert "01 hồ sơ có kết quả hoặc trạng thái mới sau bản trước" in text
    assert "02 hồ sơ được sửa thông tin" in text
    assert f"và {count - 20} ô khác, xem dieu-chinh.json." in text
    context = json.loads((folder / "context.json").read_bytes())
    form = f"early/{UNIT}/*/{PERIOD}/nd09/2021-09-14/tt01"
    assert context["cells"][cell_stem(form)]["value"] == 6
    assert context["cells"][cell_stem(f"published/1/{form}")]["value"] == 3
    assert 'id="' + cell_stem(f"published/1/{form}") in (folder / "bao-cao.html").read_text(encoding="utf-8")


def test_workbook_lists_restated_cells_as_numbers(published_twice: Path) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO((folder_of(published_twice, 2) / "bieu-so-lieu.xlsx").read_bytes())
    )
    (sheet,) = [
        sheet
        for sheet in book
        if any("điều chỉnh" in str(row[0] or "") for row in sheet.iter_rows(max_row=4, values_only=True))
    ]
    rows = [row for row in sheet.iter_rows(values_only=True) if "Giải quyết trước hạn" in row]
    assert rows[0][3:6] == (3, 6, 3)


def test_draft_never_prints_the_note(copied: Path) -> None:
    from pipelines.steps.on_demand import answer_request

    answer = answer_request(open_at(copied, SECOND_NIGHT), order().request)
    assert "điều chỉnh" not in repr(answer.context)


# motcua diff


def test_diff_prints_cells_in_words_with_old_new_and_reasons(published_twice: Path) -> None:
    output = run(published_twice).output
    assert re.search(r"Giải quyết quá hạn +tổng số +xã Thanh Quân +1 → 0 +được sửa thông tin: 1", output)
    assert "giữa bản số 1 (số 45/BC-UBND ngày 15/9/2021) và bản số 2" in output
    assert "1 hồ sơ do công dân rút" in output


def test_diff_against_the_store_says_before_publishing_what_the_publication_will_say(
    published_once: Path, published_twice: Path
) -> None:
    asked = json.loads(run(published_once, "--as-of", SIGNED.isoformat(), "--json").output)
    assert asked["cells"] == ledger_of(published_twice)["cells"]
    draft = run(published_twice, "--from", "1", "--to", "draft", "--as-of", SIGNED.isoformat(), "--json")
    assert json.loads(draft.output) == asked


def test_diff_lists_the_dossiers_on_request(published_twice: Path) -> None:
    output = run(published_twice, "--dossiers").output
    assert f"{CODE}03-0003" in output
    assert f"{CODE}02-0001" not in output
    squeezed = re.sub(r"\s+", " ", output)
    assert "+1 Giải quyết trước hạn" in squeezed
    assert "đang giải quyết" in squeezed


def test_diff_of_a_period_never_published_is_refused_with_a_sentence(published_once: Path) -> None:
    with pytest.raises(UsageProblemError, match="Chưa có lần công bố nào"):
        CliRunner().invoke(
            motcua,
            ["diff", "--unit", UNIT, "--period", "2021-08", "--workspace", str(published_once)],
            catch_exceptions=False,
        )
    with pytest.raises(SystemExit) as left:
        main(["diff", "--unit", UNIT, "--period", "2021-08", "--workspace", str(published_once)])
    assert left.value.code == 2


@pytest.mark.parametrize(("option", "value"), [("--from", "7"), ("--to", "9"), ("--to", "sau")])
def test_diff_with_a_version_that_is_not_is_refused(published_twice: Path, option: str, value: str) -> None:
    with pytest.raises(UsageProblemError):
        run(published_twice, option, value)


def test_publication_that_was_changed_on_disk_is_not_compared(copied: Path) -> None:
    path = folder_of(copied, 1) / "population.parquet"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(StoreUnreachableError, match="đã bị thay đổi"):
        run(copied)


# publish --dry-run


def test_dry_run_prints_the_ledger_and_writes_nothing(copied: Path) -> None:
    before = everything_below(copied)
    result = CliRunner().invoke(
        motcua,
        ["publish", "--unit", UNIT, "--period", PERIOD, "--number", "52/BC-UBND", "--date", "2021-09-15",
         "--as-of", "2021-09-15", "--dry-run", "--workspace", str(copied)],
        catch_exceptions=False,
    )  # fmt: skip
    assert "ô số liệu thay đổi giữa bản số 1" in result.output
    assert re.search(r"Giải quyết trước hạn +tổng số +xã Thanh Quân +3 → 6", result.output)
    assert everything_below(copied) == before


# Both ways


def test_comparing_backwards_gives_the_opposite_differences(published_twice: Path) -> None:
    session = open_at(published_twice, SECOND_NIGHT)
    one, two = (published_side(session, each) for each in read_publications(session.store))
    there, back = compare_sides(session, one, two), compare_sides(session, two, one)
    assert {(c.measure, c.facet): c.difference for c in there.changes} == {
        (c.measure, c.facet): -c.difference for c in back.changes
    }
    assert not there.unexplained
    assert not back.unexplained


def test_retracted_delivery_takes_back_what_it_brought(published_twice: Path, tmp_path: Path) -> None:
    root = tmp_path / "w"
    shutil.copytree(published_twice, root, symlinks=True)
    session = open_at(root, SECOND_NIGHT)
    (later,) = [
        row["delivery_id"]
        for row in session.store.deliveries().to_pylist()
        if row["file"] == "ds 15-09-2021.csv"
    ]
    CliRunner().invoke(
        motcua,
        ["delivery", "retract", later, "--reason", "Tệp của xã khác", "--workspace", str(root)],
        catch_exceptions=False,
    )
    ledger = json.loads(run(root, "--to", "draft", "--as-of", SIGNED.isoformat(), "--json").output)
    reasons = {
        (part["code"].removeprefix(CODE), part["reason"]) for c in ledger["cells"] for part in c["records"]
    }
    brought = ("02-0002", "03-0003", "03-0004", "06-0006", "08-0008")
    assert reasons == {(code, "retracted") for code in brought}
    assert cell(ledger, "Số hồ sơ tiếp nhận trong kỳ") == (8, 7)
    assert (
        json.loads(run(root, "--from", "1", "--to", "2", "--json").output)["cells"]
        == (ledger_of(published_twice)["cells"])
    ), "what was published stays explained"


def test_district_published_again_lists_its_sums_before_the_units(
    published_once: Path, tmp_path: Path
) -> None:
    root = tmp_path / "w"
    session = open_at(root)
    take_in(session, "ds 14-09-2021.csv", FIRST)
    publish(session, order(unit="402"))
    take_in(open_at(root, SECOND_NIGHT), "ds 15-09-2021.csv", LATER, "16207")
    other = "\n".join(LATER.splitlines()[:4]).replace("02-000", "22-000")
    take_in(open_at(root, SECOND_NIGHT), "ds 15-09-2021.csv", other, "16204")
    publish(open_at(root, SECOND_NIGHT), order("52/BC-UBND", unit="402"))

    folder = publication_folder(root / "publications", Series("402", PERIOD, "nd09"), 2)
    ledger = json.loads((folder / "dieu-chinh.json").read_bytes())
    received = {
        c["unit_code"]: (c["old"], c["new"])
        for c in ledger["cells"]
        if (c["measure"], c["facet"]) == ("Số hồ sơ tiếp nhận trong kỳ", "")
    }
    assert received == {"402": (7, 10), "16207": (7, 8), "16204": (None, 2)}
    units = [c["unit_code"] for c in ledger["cells"] if not c["cell_id"].startswith("note/")]
    assert units == sorted(units, key=lambda code: (code != "402", code))
    for changed in ledger["cells"]:
        assert changed["unexplained"] == 0
        parts = sum(part["after"] - part["before"] for part in changed["records"])
        assert parts == (changed["new"] or 0) - (changed["old"] or 0), changed["cell_id"]
    assert "không có số liệu" in run(root, "--unit", "402").output
