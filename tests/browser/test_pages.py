"""The pages of a night in a browser without a network: quiet, narrow enough for a phone, sorted and searched by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pipelines.package_files import page_templates
from tests.support.chromium import DESKTOP, opened_page
from tests.unit.report.page_case import large_night, night
from transforms.render.pages_html import render_page
from transforms.report.pages.rollup_page import build_rollup_page
from transforms.report.pages.unit_page import build_unit_page

PHONE = (360, 740)
UNITS = "#bang-don-vi"
NAMES = "rows => rows.filter(row => !row.hidden).map(row => row.querySelector('th').innerText)"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages of three units, and of a district of sixty."""
    folder = Path(tmp_path_factory.mktemp("pages"))
    small, large = night(), large_night()
    contexts = [build_rollup_page(small), *(build_unit_page(small, unit) for unit in small.units)]
    for context in contexts:
        (folder / f"{context.name}.html").write_bytes(render_page(context, page_templates()))
    (folder / "large.html").write_bytes(render_page(build_rollup_page(large), page_templates()))
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all of it."""
    with opened_page() as page:
        found = page.context.browser
        assert found is not None
        yield found


@contextmanager
def shown(browser: Browser, path: Path, size: tuple[int, int] = DESKTOP, **options: Any) -> Iterator[Page]:
    """The page opened from the disk without a network; fails afterwards if it complained or asked for anything."""
    said: list[str] = []
    asked: list[str] = []
    with browser.new_context(
        viewport={"width": size[0], "height": size[1]}, offline=True, **options
    ) as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda problem: said.append(str(problem)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        yield page
        assert said == []
        # Following a link asks for the page beside it, and for nothing else.
        assert all(url.startswith(path.parent.as_uri()) for url in asked)
        assert asked[0] == path.as_uri()


def shown_names(page: Page) -> list[str]:
    names: list[str] = page.eval_on_selector_all(f"{UNITS} tbody tr", NAMES)
    return names


@pytest.mark.parametrize("name", ["index", "16204", "16210", "large"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_page_is_quiet_and_never_wider_than_the_screen(
    browser: Browser, pages: Path, name: str, size: tuple[int, int]
) -> None:
    with shown(browser, pages / f"{name}.html", size) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert page.locator("main h2").count() >= 4


def test_units_are_sorted_by_a_click_and_the_sum_stays_at_the_foot(browser: Browser, pages: Path) -> None:
    with shown(browser, pages / "index.html") as page:
        assert shown_names(page) == ["Xã Bình Lương", "Thị trấn Yên Cát", "Xã Thanh Xuân", "Cộng"]
        received = page.locator(f"{UNITS} thead th").nth(2)
        received.get_by_role("button").click()
        assert received.get_attribute("aria-sort") == "descending"
        assert shown_names(page) == ["Xã Bình Lương", "Thị trấn Yên Cát", "Xã Thanh Xuân", "Cộng"]
        received.get_by_role("button").click()
        assert received.get_attribute("aria-sort") == "ascending"
        assert shown_names(page) == ["Thị trấn Yên Cát", "Xã Bình Lương", "Xã Thanh Xuân", "Cộng"]
        page.locator(f"{UNITS} thead th").nth(1).get_by_role("button").click()
        assert shown_names(page) == ["Thị trấn Yên Cát", "Xã Bình Lương", "Xã Thanh Xuân", "Cộng"]
        assert received.get_attribute("aria-sort") is None


def test_search_needs_no_tone_marks_and_tells_how_many_are_shown(browser: Browser, pages: Path) -> None:
    with shown(browser, pages / "large.html", PHONE) as page:
        tools = page.locator(".grid", has=page.locator(UNITS)).locator(".tools")
        tools.get_by_label("Tìm trong bảng").fill("mau 07")
        assert shown_names(page) == ["Xã Mẫu 07"]
        assert tools.get_by_role("status").inner_text() == "Có 1/60 dòng."
        tools.get_by_label("Tìm trong bảng").fill("")
        assert len(shown_names(page)) == 61


def test_page_is_whole_without_its_script(browser: Browser, pages: Path) -> None:
    with shown(browser, pages / "index.html", PHONE, java_script_enabled=False) as plain:
        assert plain.locator(f"{UNITS} tbody tr").count() == 4
        assert not plain.locator(".tools").first.is_visible()
        plain.locator("summary").first.click()
        assert plain.locator("details[open] table").first.is_visible()


def test_links_between_pages_are_followed_by_the_keyboard(browser: Browser, pages: Path) -> None:
    with shown(browser, pages / "index.html") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.get_by_role("link", name="Xã Bình Lương").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/16204.html")
        page.get_by_role("link", name="Trang của huyện Như Xuân").click()
        page.wait_for_url("**/index.html")


def test_print_shows_every_row_and_leaves_out_what_is_for_the_screen(browser: Browser, pages: Path) -> None:
    with shown(browser, pages / "large.html") as page:
        page.emulate_media(media="print")
        assert page.locator(f"{UNITS} tbody tr").count() == 61
        assert not page.locator("nav").is_visible()
        assert not page.locator(".tools").first.is_visible()
