"""The pictures of the guides, taken anew from a night over the sample inbox: ``make screenshots``.

Needs LibreOffice, poppler-utils and Chromium. The sample people are artificial, so no picture shows anybody. A picture
shows what the text beside it speaks of and no more: from one heading of a page to another, or a part of a printed page.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import FloatRect, Page, sync_playwright

from tests.support.served import PROGRAM, Server, served
from tests.support.server_form import choose, open_form

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PICTURES = HERE / "anh"
UNIT, DISTRICT, PERIOD, AS_OF = "16204", "402", "2021-9T", "2021-09-05"
MENDED_UNIT = "16180"
"""Its list of things to mend starts with one of each severity."""
RERUN = "Chạy lại kỳ báo cáo"
_POINTS = 72
_DPI = 125
_SCALE = 1.25
_MARGIN = 12
_DESKTOP, _WIDE, _PHONE, _SERVER = (960, 700), (1180, 700), (390, 760), (1000, 720)
_MOST_BYTES = 1_500_000

Box = tuple[int, int, int, int]
"""Left, top, width, height of a part of a printed page, in points."""


def main() -> None:
    """Run the sample night, take every picture, say where they lie and how much they weigh."""
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        workspace = root / "ws"
        _run("nightly", "--inbox", ROOT / "sample_exports" / "inbox", "--as-of", AS_OF, workspace=workspace)
        _documents(workspace, root)
        _pages(workspace, root)
        with served(root, "--workspace", workspace, environment={}) as server:
            _forms(server)
    _lighten()
    taken = list(PICTURES.glob("*.png"))
    size = sum(picture.stat().st_size for picture in taken)
    print(f"{len(taken)} pictures in {PICTURES.relative_to(ROOT)}, {size >> 10} KB")
    if size > _MOST_BYTES:
        sys.exit("The pictures are too heavy for the repository; show less in them.")


def _documents(workspace: Path, root: Path) -> None:
    """Parts of the Word report and of a workbook that goes back."""
    report = _printed(workspace / "drafts" / UNIT / PERIOD / "bao-cao.docx", root)
    _part_of_page(report, 1, (70, 35, 500, 330), "du-thao")
    mend = _printed(next((workspace / "outbox" / MENDED_UNIT).glob("*-can-sua.xlsx")), root)
    _part_of_page(mend, 1, (30, 38, 775, 216), "can-sua")
    _part_of_page(mend, _last_page(mend), (50, 386, 735, 78), "o-to-mau")


def _pages(workspace: Path, root: Path) -> None:
    """The pages that a night writes, and the evidence behind a number."""
    unit_page = workspace / "pages" / f"{UNIT}.html"
    with _browser(_DESKTOP) as page:
        _open(page, unit_page)
        _between(page, "trang-don-vi", "Phát hiện cần xử lý", "Nên sửa trước")
        _open(page, workspace / "drafts" / UNIT / PERIOD / "bao-cao.html")
        _between(page, "bao-cao", None, "Biểu đồ")
        _open(page, (workspace / "runs" / "latest").resolve() / "index.html")
        _between(page, "luot-chay", None, "Dự thảo")
    with _browser(_WIDE) as page:
        _open(page, workspace / "pages" / "index.html")
        _between(page, "trang-huyen", "Các đơn vị", "Đơn vị khác hẳn các đơn vị khác")
    with _browser(_PHONE) as page:
        _open(page, unit_page)
        page.screenshot(path=PICTURES / "trang-don-vi-dien-thoai.png")
    with _browser(_SERVER) as page:
        _open(page, _evidence_pack(workspace, root))
        page.locator("a.n[data-cell^='late/402/*/']").first.click()
        page.locator("#bang-chung").wait_for()
        page.screenshot(path=PICTURES / "bang-chung.png")


def _evidence_pack(workspace: Path, root: Path) -> Path:
    """The first page of an unpacked evidence pack."""
    out = root / "bao-cao"
    _run(
        "report", "--unit", DISTRICT, "--period", PERIOD, "--as-of", AS_OF, "--formats", "pack", "--out", out,
        workspace=workspace,
    )  # fmt: skip
    with zipfile.ZipFile(next(out.glob("*.zip"))) as archive:
        archive.extractall(root / "goi")
    return next((root / "goi").rglob("index.html"))


def _forms(server: Server) -> None:
    """The server's page: what can be run, the form that reruns a period, and what the run leaves."""
    with _browser(_SERVER) as page:
        page.goto(f"{server.address}/deployments", wait_until="networkidle")
        page.get_by_text(RERUN).first.wait_for()
        _upper_part(page, "cac-bieu", 505)
        open_form(page, server, RERUN)
        choose(page, "Đơn vị", "16204 · xã Bình Lương")
        choose(page, "Kỳ báo cáo", "2021-9T · 9 tháng năm 2021")
        _upper_part(page, "bieu-chay-lai", 668)
        page.get_by_role("button", name="Submit").click()
        run = server.ended(RERUN)
        page.goto(f"{server.address}/runs/flow-run/{run['id']}?tab=Artifacts", wait_until="networkidle")
        page.get_by_text("Artifacts", exact=True).first.click()
        page.get_by_role("link", name="Mở báo cáo").first.wait_for()
        _upper_part(page, "ket-qua-chay-lai", 672)


def _lighten() -> None:
    """Fewer colours, which nobody sees on a page of text: half the size. Left as they are without ImageMagick."""
    if (program := shutil.which("convert")) is None:
        return
    for picture in PICTURES.glob("*.png"):
        subprocess.run([program, picture, "+dither", "-colors", "200", f"PNG8:{picture}"], check=True)


def _run(*arguments: str | Path, workspace: Path) -> None:
    subprocess.run([PROGRAM, *arguments, "--workspace", workspace], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _browser(size: tuple[int, int]) -> Iterator[Page]:
    # As root, as in a container, the browser's own sandbox cannot be set up.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield browser.new_page(
            viewport={"width": size[0], "height": size[1]},
            device_scale_factor=_SCALE,
            color_scheme="light",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        browser.close()


def _open(page: Page, path: Path) -> None:
    page.goto(path.as_uri())


def _between(page: Page, name: str, start: str | None, end: str) -> None:
    """The page from the heading ``start``, or from its top, down to the heading ``end``, without that one."""
    top = _height_of(page, start) - _MARGIN if start else 0.0
    width = page.evaluate("document.documentElement.clientWidth")
    clip: FloatRect = {
        "x": 0.0,
        "y": top,
        "width": float(width),
        "height": _height_of(page, end) - _MARGIN - top,
    }
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True, clip=clip)


def _upper_part(page: Page, name: str, height: int) -> None:
    """The upper part of what the browser shows."""
    width = page.evaluate("document.documentElement.clientWidth")
    clip: FloatRect = {"x": 0.0, "y": 0.0, "width": float(width), "height": float(height)}
    page.screenshot(path=PICTURES / f"{name}.png", clip=clip)


def _height_of(page: Page, heading: str) -> float:
    """How far below the top of the page a heading stands."""
    box = page.get_by_role("heading", name=heading, exact=True).first.bounding_box(timeout=5000)
    assert box is not None, f"no heading {heading}"
    return box["y"]


def _printed(document: Path, root: Path) -> Path:
    """An Office file as LibreOffice prints it."""
    home = f"-env:UserInstallation={(root / 'profile').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", root, document]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return root / f"{document.stem}.pdf"


def _last_page(printed: Path) -> int:
    said = subprocess.run(["pdfinfo", printed], check=True, capture_output=True, text=True).stdout
    return int(next(line.split()[1] for line in said.splitlines() if line.startswith("Pages:")))


def _part_of_page(printed: Path, page: int, box: Box, name: str) -> None:
    left, top, width, height = (str(round(points * _DPI / _POINTS)) for points in box)
    part = ["-x", left, "-y", top, "-W", width, "-H", height, "-f", str(page), "-l", str(page)]
    target = PICTURES / name
    subprocess.run(["pdftoppm", "-png", "-r", str(_DPI), *part, "-singlefile", printed, target], check=True)


if __name__ == "__main__":
    main()
