"""The evidence pack in a browser without a network, from a folder such as a USB stick has: the lists are those of trace."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from pipelines.cli.root import motcua
from pipelines.session import Session
from pipelines.steps.nightly import NightResult
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.pack import build_pack
from tests.support.chromium import DESKTOP, opened_page
from tests.support.plain_night import AS_OF

PHONE = (360, 740)
TAIL = "2021-9T/nd09/2021-09-05/tt01"
RATE = f"rate/on_time_rate/402/*/{TAIL}"
LATE = f"late/402/*/{TAIL}"
FEES = f"fee_total_amount/402/*/{TAIL}"
UNIT_TOTAL = f"resolved_total/16204/*/{TAIL}"
CHANGE = "change/resolved_total/402/*/2021-09/nd09/2021-09-05/tt01/402/2021-08/2021-08-05"
_TRACED_COLUMNS = 11
_SIDE_COLUMN = 12

pytestmark = pytest.mark.browser

Row = list[str]


@pytest.fixture(scope="module")
def folder(sample_night: tuple[Session, NightResult], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two packs of the district, unpacked below a folder with spaces and Vietnamese letters."""
    session, _ = sample_night
    root = Path(tmp_path_factory.mktemp("usb")) / "Ổ đĩa của Phòng Nội vụ"
    for period in ("2021-9T", "2021-09"):
        answer = answer_request(session, Request("402", period, as_of=AS_OF))
        with zipfile.ZipFile(io.BytesIO(build_pack(session, answer))) as archive:
            archive.extractall(root / f"Gói bằng chứng {period}")
    return root


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all of it."""
    with opened_page() as page:
        found = page.context.browser
        assert found is not None
        yield found


@contextmanager
def shown(browser: Browser, path: Path, size: tuple[int, int] = DESKTOP, **options: Any) -> Iterator[Page]:
    """The page from the disk without a network; fails afterwards if it complained or asked for anything outside."""
    said: list[str] = []
    asked: list[str] = []
    with browser.new_context(
        viewport={"width": size[0], "height": size[1]}, offline=True, accept_downloads=True, **options
    ) as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda problem: said.append(str(problem)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        yield page
    assert said == []
    root = path.parents[2 if path.parent.parent.name == "units" else 0].as_uri()
    assert all(url.startswith((f"{root}/", "blob:")) for url in asked), asked


def open_cell(page: Page, cell_id: str) -> None:
    page.locator(f'a.n[data-cell="{cell_id}"]').first.click()
    expect(page.locator("#bang-chung")).to_be_visible()


def downloaded(page: Page) -> list[Row]:
    with page.expect_download() as download:
        page.click("#bc-csv")
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def traced(session: Session, cell_id: str, folder: Path) -> list[Row]:
    path = folder / "trace.csv"
    arguments = ["trace", cell_id, "--csv", str(path), "--workspace", str(session.workspace.root)]
    motcua.main(arguments, standalone_mode=False)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


@pytest.mark.parametrize(
    ("cell_id", "page_path"),
    [
        (RATE, "Gói bằng chứng 2021-9T/index.html"),
        (FEES, "Gói bằng chứng 2021-9T/index.html"),
        (UNIT_TOTAL, "Gói bằng chứng 2021-9T/units/16204/index.html"),
        (CHANGE, "Gói bằng chứng 2021-09/index.html"),
    ],
)
def test_downloaded_list_is_the_one_that_trace_writes(
    sample_night: tuple[Session, NightResult],
    browser: Browser,
    folder: Path,
    tmp_path: Path,
    cell_id: str,
    page_path: str,
) -> None:
    width = _SIDE_COLUMN if cell_id == CHANGE else _TRACED_COLUMNS
    with shown(browser, folder / page_path) as page:
        open_cell(page, cell_id)
        head, *rows = downloaded(page)
        assert "is-wrong" not in (page.locator("#bc-kiem").get_attribute("class") or "")
    expected_head, *expected = traced(sample_night[0], cell_id, tmp_path)
    assert head[:width] == expected_head
    assert [row[:width] for row in rows] == expected
    assert len(expected) > 100


def test_clicked_number_is_the_length_of_its_list_and_can_be_filtered_and_sorted(
    browser: Browser, folder: Path
) -> None:
    with shown(browser, folder / "Gói bằng chứng 2021-9T" / "index.html") as page:
        number = page.locator(f'a.n[data-cell="{LATE}"]').first
        printed = number.inner_text()
        number.click()
        expect(page.locator("#bc-kiem")).to_have_text(
            f"Danh sách có {printed} hồ sơ, đúng bằng số in trong báo cáo."
        )
        _, *everything = downloaded(page)
        assert f"{len(everything):,}".replace(",", ".") == printed

        page.fill("#bc-loc", "binh luong")
        page.fill("#bc-loc", "cat van")
        _, *some = downloaded(page)
        assert 0 < len(some) < len(everything)
        assert {row[11] for row in some} == {"xã Cát Vân"}

        page.fill("#bc-loc", "")
        page.click("thead th:has-text('Kết thúc') button")
        page.click("thead th:has-text('Kết thúc') button")
        _, *by_day = downloaded(page)
        days = ["".join(reversed(row[17].split("/"))) for row in by_day]
        assert days == sorted(days, reverse=True)
        assert sorted(by_day) == sorted(everything)

        page.keyboard.press("Escape")
        expect(page.locator("#bang-chung")).to_be_hidden()


def test_found_dossier_tells_which_numbers_count_it(browser: Browser, folder: Path) -> None:
    with shown(browser, folder / "Gói bằng chứng 2021-9T" / "index.html") as page:
        open_cell(page, LATE)
        code = page.locator("#bc-bang tbody tr").first.locator("button").inner_text()
        page.keyboard.press("Escape")
        page.fill("#bc-tim-ma", code.lower())
        page.press("#bc-tim-ma", "Enter")
        expect(page.locator("#bc-ten")).to_contain_text(code.lower())
        page.locator("#bc-bang tbody button", has_text=code).first.click()
        uses = page.locator(".bc-thuoc li")
        expect(uses.filter(has_text="Giải quyết quá hạn · huyện Như Xuân")).to_have_count(1)
        uses.filter(has_text="Giải quyết quá hạn · huyện Như Xuân").locator("button").click()
        expect(page.locator("#bc-o")).to_contain_text(LATE)
        page.keyboard.press("Escape")
        page.fill("#bc-tim-ma", "khong-co-ma-nay")
        page.press("#bc-tim-ma", "Enter")
        expect(page.locator("#bc-kiem")).to_contain_text("Không có hồ sơ nào mang mã này")


def test_every_number_of_the_page_opens_a_list_or_a_sentence_that_agrees(
    browser: Browser, folder: Path
) -> None:
    with shown(browser, folder / "Gói bằng chứng 2021-09" / "index.html") as page:
        wrong = page.evaluate(
            """() => {
              const cells = [...new Set([...document.querySelectorAll('[data-cell]')].map(e => e.dataset.cell))];
              const known = new Set(window.motcuaCells.map(cell => cell.id));
              return cells.map(id => {
                if (!known.has(id)) return id + ': unknown';
                document.querySelector(`[data-cell="${id}"]`).dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
                const check = document.getElementById('bc-kiem'), note = document.getElementById('bc-ghi-chu');
                const told = check.textContent || note.textContent;
                return !told || check.classList.contains('is-wrong') ? id + ': ' + told : '';
              }).filter(Boolean);
            }"""
        )
        assert wrong == []


def test_keyboard_opens_a_list_and_comes_back_to_the_number(browser: Browser, folder: Path) -> None:
    with shown(browser, folder / "Gói bằng chứng 2021-9T" / "index.html") as page:
        number = page.locator(f'a.n[data-cell="{LATE}"]').first
        number.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#bc-dong")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(page.locator("#bang-chung")).to_be_hidden()
        expect(number).to_be_focused()


def test_back_closes_the_list_and_forward_opens_it_again(browser: Browser, folder: Path) -> None:
    with shown(browser, folder / "Gói bằng chứng 2021-9T" / "index.html") as page:
        open_cell(page, LATE)
        page.evaluate("history.back()")
        expect(page.locator("#bang-chung")).to_be_hidden()
        page.evaluate("history.forward()")
        expect(page.locator("#bc-o")).to_contain_text(LATE)


def test_phone_shows_no_wider_page_and_a_readable_list(browser: Browser, folder: Path) -> None:
    wide = "element => element.scrollWidth - element.clientWidth"
    with shown(browser, folder / "Gói bằng chứng 2021-9T" / "index.html", PHONE) as page:
        assert page.locator("html").evaluate(wide) == 0
        open_cell(page, RATE)
        assert page.locator("#bc-noi-dung").evaluate(wide) == 0
        page.select_option("#bc-xep", label="Hẹn trả")
        expect(page.locator("#bc-bang td[data-label='Nguồn']").first).to_contain_text("dòng")


def test_units_are_linked_there_and_back(browser: Browser, folder: Path) -> None:
    pack = folder / "Gói bằng chứng 2021-9T"
    with shown(browser, pack / "index.html") as page:
        page.click(".pack-units summary")
        page.click("text=xã Bình Lương >> nth=0")
        expect(page.locator(".pack-of")).to_contain_text("xã Bình Lương")
        open_cell(page, UNIT_TOTAL)
        page.keyboard.press("Escape")
        page.click(".pack-of a")
        expect(page.locator(".pack-units")).to_be_visible()


def test_without_scripts_the_report_is_there_and_says_what_is_missing(browser: Browser, folder: Path) -> None:
    path = folder / "Gói bằng chứng 2021-9T" / "index.html"
    with shown(browser, path, java_script_enabled=False) as page:
        expect(page.locator("#bc-chua-mo")).to_be_visible()
        expect(page.locator("#bc-tim")).to_be_hidden()
        expect(page.locator("#noi-dung")).to_be_visible()
        assert page.locator("a.n").count() > 300
        expect(page.locator("#tep-nguon")).to_be_visible()
