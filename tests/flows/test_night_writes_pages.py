"""The pages that a night writes: all there, linked, private, traced, and about what changed since the last night."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lxml import html

from pipelines.errors import UsageProblemError
from pipelines.session import Session
from pipelines.steps.nightly import NightResult
from pipelines.steps.tracing import trace_cell_id
from tests.support.plain_night import SAMPLES, open_session, run_plain_night

UNIT = "16207"
REGISTER = "So van ban di*"


def page_of(session: Session, name: str) -> html.HtmlElement:
    return html.document_fromstring((session.workspace.pages / f"{name}.html").read_text(encoding="utf-8"))


def section(page: html.HtmlElement, name: str) -> str:
    (found,) = page.xpath(f"//section[@aria-labelledby='{name}']")
    return " ".join("".join(found.itertext()).split())


def printed(page: html.HtmlElement) -> dict[str, str]:
    return {found.get("data-cell"): found.text for found in page.xpath("//span[@data-cell]")}


def test_every_unit_of_the_district_has_a_page_that_only_the_product_may_read(
    sample_night: tuple[Session, NightResult],
) -> None:
    session, _ = sample_night
    names = {path.stem for path in session.workspace.pages.glob("*.html")}
    assert len(names) == 17
    assert {"index", "16204", "16210"} <= names
    assert session.workspace.pages.stat().st_mode & 0o777 == 0o700


def test_every_link_of_every_page_leads_somewhere(sample_night: tuple[Session, NightResult]) -> None:
    session, _ = sample_night
    folder = session.workspace.pages
    for path in folder.glob("*.html"):
        page = html.document_fromstring(path.read_text(encoding="utf-8"))
        for href in page.xpath("//a/@href"):
            if href.startswith("#"):
                assert page.xpath(f"//*[@id='{href[1:]}']"), (path.name, href)
            else:
                assert (folder / href).is_file(), (path.name, href)


def test_pages_show_the_figures_of_the_drafts_and_who_is_missing(
    sample_night: tuple[Session, NightResult],
) -> None:
    session, _ = sample_night
    district = page_of(session, "index")
    assert "Chưa gửi tệp nào đọc được: xã Thanh Xuân (1/16 đơn vị)" in section(district, "luu-y")
    assert printed(district)["received_in_window/16204/*/2021-9T/nd09/2021-09-05/tt01"] == "1.363"
    assert (
        printed(page_of(session, "16204"))["received_in_window/16204/*/2021-9T/nd09/2021-09-05/tt01"]
        == "1.363"
    )
    draft = html.parse(session.workspace.drafts / "402" / "2021-9T" / "bao-cao.html")
    cell = "received_in_window/402/*/2021-9T/nd09/2021-09-05/tt01"
    assert draft.xpath(f"//*[@data-cell='{cell}']/text()")[0] == printed(district)[cell]


@pytest.mark.parametrize(
    "beginning", ["age.", "overdue.", "received_in_window/402/*/2021-07/", "early+on_time/402/*/2021-08/"]
)
def test_figures_that_only_pages_show_lead_to_their_dossiers(
    sample_night: tuple[Session, NightResult], beginning: str
) -> None:
    session, _ = sample_night
    cells = printed(page_of(session, "index"))
    cell = max(
        (each for each in cells if each.startswith(beginning)),
        key=lambda each: int(cells[each].replace(".", "")),
    )
    traced = trace_cell_id(session, cell)
    assert traced.value == len(traced.records) == int(cells[cell].replace(".", "")) > 0


def test_rows_under_findings_are_asked_for_elsewhere(sample_night: tuple[Session, NightResult]) -> None:
    session, _ = sample_night
    with pytest.raises(UsageProblemError, match="motcua check"):
        trace_cell_id(session, "findings/16204/unit/2021-09-05")
    with pytest.raises(UsageProblemError, match="không đúng dạng"):
        trace_cell_id(session, "known/hom-qua/received_total/16204/*/2021-9T/nd09/2021-09-05/tt01")


def test_no_page_of_a_unit_says_what_is_meant_for_the_level_above(
    sample_night: tuple[Session, NightResult],
) -> None:
    session, result = sample_night
    above = [each for each in result.findings if each.audience != "unit" and each.unit_code]
    assert above
    for each in above:
        path = session.workspace.pages / f"{each.unit_code}.html"
        if path.is_file() and each.unit_code != "402":
            assert (
                each.sentence not in html.document_fromstring(path.read_text(encoding="utf-8")).text_content()
            )


def test_second_night_tells_what_changed_and_a_third_that_nothing_did(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    shutil.copytree(SAMPLES / "inbox" / UNIT, inbox / UNIT)
    (later,) = (inbox / UNIT).glob(REGISTER)
    aside = later.rename(tmp_path / later.name)
    session = open_session(tmp_path / "workspace")
    run_plain_night(session, inbox)
    assert "Đây là đêm đầu tiên" in section(page_of(session, UNIT), "thay-doi")
    aside.rename(later)
    run_plain_night(session, inbox)
    changes = section(page_of(session, UNIT), "thay-doi")
    assert changes.startswith("Thay đổi so với đêm trước So với đêm của ngày làm việc 05/9/2021:")
    assert "phát hiện đã xử lý xong" in changes
    second = {path.name: path.read_bytes() for path in session.workspace.pages.iterdir()}
    run_plain_night(session, inbox)
    assert "không có gì thay đổi." in section(page_of(session, UNIT), "thay-doi")
    third = {path.name: path.read_bytes() for path in session.workspace.pages.iterdir()}
    run_plain_night(session, inbox)
    assert {path.name: path.read_bytes() for path in session.workspace.pages.iterdir()} == third
    assert second.keys() == third.keys()


def test_group_beside_the_district_gets_a_page_and_the_first_page_leads_to_both(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    shutil.copytree(SAMPLES / "inbox" / UNIT, inbox / UNIT)
    session = open_session(tmp_path / "workspace")
    (session.workspace.catalogue / "groups.csv").write_text(
        "group_code,name,unit_code,valid_from,valid_to,is_drafted,source\n"
        f"cum-bac,Cụm phía bắc,{UNIT},2020-01-01,,yes,mẫu\n"
        "cum-bac,Cụm phía bắc,16204,2020-01-01,,yes,mẫu\n",
        encoding="utf-8",
    )
    run_plain_night(session, inbox)
    names = {path.stem for path in session.workspace.pages.glob("*.html")}
    assert {"index", "402", "cum-bac", UNIT, "16204"} <= names
    assert page_of(session, "index").xpath("//main//a/@href") == ["402.html", "cum-bac.html"]
    assert "402.html" in page_of(session, UNIT).xpath("//header//a/@href")
    assert len(page_of(session, "cum-bac").xpath("//table[@id='bang-don-vi']/tbody/tr")) == 3
