"""The edition that anybody may read: published beside the internal one, without small counts and without dossiers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.cli import main
from pipelines.editions import INTERNAL, PUBLIC
from pipelines.errors import ConfigurationError, UsageProblemError
from pipelines.publications.folder import find_series, publication_folder
from pipelines.publications.model import Publication, read_publications
from pipelines.publications.publish import prepare
from pipelines.publications.verify import verify
from pipelines.session import Session
from pipelines.settings import FILE_NAME, load_settings
from pipelines.steps.on_demand import Answer, answer_request
from tests.support.published import (
    FIRST_LIST,
    FIRST_NAME,
    LATER_LIST,
    SIGNED,
    open_at,
    order,
    publish,
    take_in,
)
from tests.support.sent_back import UNIT
from transforms.indicators import published_family
from transforms.render.anchors import context_figures

NEXT_MONTH = datetime(2021, 10, 15, 2, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    opened = open_at(tmp_path)
    fields = opened.workspace.catalogue / "fields.csv"
    fields.parent.mkdir(parents=True, exist_ok=True)
    fields.write_text(
        "field_id,name,is_listed_when_zero,is_sensitive\nho_tich,Hộ tịch,yes,yes\n", encoding="utf-8"
    )
    take_in(opened, FIRST_NAME, FIRST_LIST)
    return open_at(tmp_path)


def folder_of(session: Session, publication: Publication) -> Path:
    return publication_folder(session.workspace.publications, publication.series, publication.number)


def told(session: Session, publication: Publication) -> dict[str, tuple[str, int | None]]:
    """Measure of the sensitive field → kind and value in the publication's own cells."""
    rows = pq.read_table(folder_of(session, publication) / "cells.parquet").to_pylist()
    return {row["measure_id"]: (row["kind"], row["value"]) for row in rows if row["facet"] == "ho_tich"}


def _run(arguments: list[str]) -> object:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    return stopped.value.code


def test_both_editions_of_one_document_stand_side_by_side_and_are_verified(session: Session) -> None:
    inside, outside = publish(session, order()), publish(session, order(edition=PUBLIC))
    assert (inside.edition, outside.edition) == (INTERNAL, PUBLIC)
    assert (inside.number, outside.number) == (1, 1)
    assert inside.document_number == outside.document_number
    assert set(find_series(session.workspace.publications)) == {inside.series, outside.series}
    assert verify(session.workspace.publications, session.store).problems == ()
    page = folder_of(session, outside) / "bao-cao.html"
    page.chmod(0o644)
    page.write_bytes(b"x")
    assert [p.kind for p in verify(session.workspace.publications, session.store).problems] == [
        "file_changed"
    ]


def test_public_edition_holds_no_dossiers_no_evidence_and_no_withheld_value(session: Session) -> None:
    outside = publish(session, order(edition=PUBLIC))
    names = {path.name for path in folder_of(session, outside).iterdir()}
    assert names == {
        "bao-cao.docx", "bieu-so-lieu.xlsx", "bao-cao.html", "context.json", "manifest.json", "cells.parquet",
    }  # fmt: skip
    cells = told(session, outside)
    assert {cells[measure] for measure in ("early", "late", "pending_within")} == {("withheld", None)}
    rows = pq.read_table(folder_of(session, outside) / "cells.parquet").to_pylist()
    assert [row["value"] for row in rows if (row["measure_id"], row["facet"]) == ("received_total", "*")] == [
        3
    ]
    context = json.loads((folder_of(session, outside) / "context.json").read_text(encoding="utf-8"))
    assert not [cell for cell in context["cells"].values() if f"early/{UNIT}/ho_tich" in cell["cell_id"]]


def test_internal_edition_keeps_every_number(session: Session) -> None:
    inside = publish(session, order())
    cells = told(session, inside)
    assert (cells["early"], cells["late"], cells["pending_within"]) == (("count", 1),) * 3


def test_opening_stock_hidden_by_the_month_before_stays_hidden(session: Session) -> None:
    september = publish(session, order("1/BC-UBND", period="2021-09", edition=PUBLIC))
    assert told(session, september)["pending_total"] == ("withheld", None)
    later = open_at(session.workspace.root, NEXT_MONTH)
    take_in(later, "ds 14-10-2021.csv", LATER_LIST)
    later = open_at(session.workspace.root, NEXT_MONTH)
    october = publish(later, order("2/BC-UBND", signed=NEXT_MONTH.date(), period="2021-10", edition=PUBLIC))
    assert {kind for kind, _ in told(later, october).values()} == {"withheld"}


def test_list_from_before_the_period_is_no_data_of_a_public_edition_either(session: Session) -> None:
    later = open_at(session.workspace.root, NEXT_MONTH)
    october = publish(later, order("2/BC-UBND", signed=NEXT_MONTH.date(), period="2021-10", edition=PUBLIC))
    assert told(later, october) == {}


def test_second_public_version_tells_nothing_of_what_changed(session: Session) -> None:
    publish(session, order(edition=PUBLIC))
    prepared = prepare(session, order("46/BC-UBND", edition=PUBLIC))
    assert prepared.restatement is None
    assert "dieu-chinh.json" not in prepared.files


def test_publication_of_before_there_were_editions_is_internal(session: Session) -> None:
    publication = publish(session, order())
    row = {**publication.as_row(), "edition": None}
    assert Publication.from_row(row).edition == INTERNAL
    assert read_publications(session.store)[0].series.edition == INTERNAL


def test_evidence_pack_is_refused_for_a_public_edition(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "report",
        "--unit",
        UNIT,
        "--period",
        "2021-9T",
        "--as-of",
        "2021-09-15",
        "--edition",
        "public",
    ]
    code = _run([*arguments, "--formats", "html,pack", "--workspace", str(session.workspace.root)])
    assert code == UsageProblemError.exit_code
    assert "gói có mã hồ sơ" in capsys.readouterr().err


def test_command_writes_the_public_edition_apart(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["report", "--unit", UNIT, "--period", "2021-9T", "--as-of", SIGNED.isoformat()]
    root = str(session.workspace.root)
    assert _run([*arguments, "--edition", "public", "--formats", "html", "--workspace", root]) == 0
    page = tmp_path / "bao-cao" / UNIT / "2021-9T" / "cong-khai" / "bao-cao.html"
    assert "Bản công khai." in page.read_text(encoding="utf-8")
    assert "--edition public" in capsys.readouterr().out


def test_threshold_is_a_setting_of_the_workspace(session: Session, tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_text("public_threshold = 5\n", encoding="utf-8")
    outside = publish(open_at(tmp_path), order(edition=PUBLIC))
    assert told(session, outside)["received_total"] == ("withheld", None)
    path.write_text("public_threshold = 0\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="public_threshold"):
        load_settings(tmp_path)


MONTHS = """
    | Mã hồ sơ  | Ngày tiếp nhận | Ngày hẹn trả | Ngày kết thúc xử lý | Ngày trả kết quả | Hình thức nộp | Trạng thái     |
    | 01-0001   | 05/07/2021     | 09/07/2021   | 09/07/2021          | 09/07/2021       | Trực tiếp     | Đã trả kết quả |
    | 02-0002   | 02/08/2021     | 05/08/2021   | 05/08/2021          | 05/08/2021       | Trực tiếp     | Đã trả kết quả |
    | 02-0003   | 02/08/2021     | 05/08/2021   | 05/08/2021          | 05/08/2021       | Trực tiếp     | Đã trả kết quả |
    | 02-0004   | 02/08/2021     | 05/08/2021   | 05/08/2021          | 05/08/2021       | Trực tiếp     | Đã trả kết quả |
    | 02-0005   | 02/08/2021     | 05/08/2021   | 05/08/2021          | 05/08/2021       | Trực tiếp     | Đã trả kết quả |
"""
"""One dossier of the sensitive field in July, four in August."""


@pytest.fixture
def months(session: Session) -> Session:
    take_in(session, "ds 14-09-2021 lai.csv", MONTHS, "16204")
    return open_at(session.workspace.root)


def test_quarter_withholds_what_would_tell_the_month_that_is_withheld(months: Session) -> None:
    asked = order(unit="16204", period="2021-Q3", edition=PUBLIC).request
    cell = "on_time/16204/ho_tich/2021-Q3/nd09/2021-09-14/tt01"
    assert cell in _cells(answer_request(months, asked))
    outside = publish(months, order("2/BC-UBND", unit="16204", period="2021-08", edition=PUBLIC))
    assert told(months, outside)["on_time"] == ("count", 4)
    assert cell not in _cells(answer_request(months, asked))
    quarter = publish(months, order("3/BC-UBND", unit="16204", period="2021-Q3", edition=PUBLIC))
    assert told(months, quarter)["on_time"] == ("withheld", None), (
        "five less the four of August is July's one"
    )


def _cells(answer: Answer) -> set[str]:
    return {figure.cell_id for figure in context_figures(answer.context)}


def test_month_is_refused_where_its_published_quarter_leaves_no_other_field_for_it(months: Session) -> None:
    quarter = publish(months, order("3/BC-UBND", unit="16204", period="2021-Q3", edition=PUBLIC))
    assert told(months, quarter)["on_time"] == ("count", 5)
    with pytest.raises(
        UsageProblemError, match=r"quý III năm 2021 của xã Bình Lương, số 03/BC-UBND.*Hộ tịch ở xã"
    ):
        publish(months, order("1/BC-UBND", unit="16204", period="2021-07", edition=PUBLIC))


def test_district_withholds_what_would_tell_a_published_commune(months: Session) -> None:
    commune = publish(months, order("1/BC-UBND", unit=UNIT, period="2021-08", edition=PUBLIC))
    assert told(months, commune)["late"] == ("withheld", None)
    district = publish(months, order("9/BC-UBND", unit="402", period="2021-08", edition=PUBLIC))
    rows = pq.read_table(folder_of(months, district) / "cells.parquet").to_pylist()
    kinds = {(row["unit_code"], row["measure_id"]): row["kind"] for row in rows if row["facet"] == "ho_tich"}
    assert kinds[UNIT, "late"] == kinds["402", "late"] == "withheld"


def test_edition_beside_none_withholds_its_own_small_counts_only(months: Session) -> None:
    request = order(unit="16204", period="2021-08", edition=PUBLIC).request
    terms = answer_request(months, request).public
    assert terms is not None
    assert (terms.earlier, terms.own_versions) == ((), ())


def test_second_version_of_the_same_numbers_withholds_the_same(months: Session) -> None:
    first = publish(months, order("2/BC-UBND", unit="16204", period="2021-07", edition=PUBLIC))
    publish(months, order("3/BC-UBND", unit="16204", period="2021-Q3", edition=PUBLIC))
    second = publish(months, order("4/BC-UBND", unit="16204", period="2021-07", edition=PUBLIC))
    assert second.number == 2
    assert told(months, second) == told(months, first)


def test_quarter_beside_a_month_that_was_mended_heeds_what_still_holds(months: Session) -> None:
    publish(months, order("2/BC-UBND", unit="16204", period="2021-08", edition=PUBLIC))
    mended = MONTHS + MONTHS.splitlines()[-1].replace("02-0005", "02-0006") + "\n"
    take_in(months, "ds 15-09-2021 lai.csv", mended, "16204")
    later = open_at(months.workspace.root)
    month = publish(later, order("3/BC-UBND", unit="16204", period="2021-08", edition=PUBLIC))
    assert (month.number, told(later, month)["on_time"]) == (2, ("count", 5))
    quarter = publish(later, order("4/BC-UBND", unit="16204", period="2021-Q3", edition=PUBLIC))
    assert told(later, quarter)["on_time"] == ("withheld", None), "six less the five of August is July's one"


def test_edition_is_refused_where_the_numbers_of_an_earlier_one_are_gone(months: Session) -> None:
    month = publish(months, order("2/BC-UBND", unit="16204", period="2021-08", edition=PUBLIC))
    folder_of(months, month).chmod(0o755)
    (folder_of(months, month) / "cells.parquet").unlink()
    with pytest.raises(UsageProblemError, match=r"số 02/BC-UBND.*khôi phục tệp đó từ bản sao lưu"):
        publish(months, order("3/BC-UBND", unit="16204", period="2021-Q3", edition=PUBLIC))


def test_edition_is_refused_where_too_many_bear_on_it_to_be_checked(
    months: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(months, order("2/BC-UBND", unit="16204", period="2021-07", edition=PUBLIC))
    monkeypatch.setattr(published_family, "_MOST_DIRECTIONS", 1)
    with pytest.raises(UsageProblemError, match=r"có 1 bản công khai.*công khai từng đơn vị"):
        publish(months, order("3/BC-UBND", unit="16204", period="2021-Q3", edition=PUBLIC))


def test_withheld_zero_is_kept_as_withheld(session: Session) -> None:
    outside = publish(session, order(edition=PUBLIC))
    rows = pq.read_table(folder_of(session, outside) / "cells.parquet").to_pylist()
    withheld = {(row["facet"], row["measure_id"]) for row in rows if row["kind"] == "withheld"}
    assert all(row["value"] is None for row in rows if row["kind"] == "withheld")
    assert len({field for field, _ in withheld}) > 1, (
        "the field in which the small count is hidden has no dossier"
    )
