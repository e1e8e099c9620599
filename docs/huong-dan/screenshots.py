"""The pictures of the guides, taken anew from a night over the sample inbox: ``make screenshots``.

Needs LibreOffice, poppler-utils and Chromium. The sample people are artificial, so no picture shows anybody.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PICTURES = HERE / "anh"
UNIT, PERIOD, AS_OF = "16204", "2021-9T", "2021-09-05"
_DPI = "70"
_DESKTOP, _PHONE = (1100, 900), (390, 844)


def main() -> None:
    """Run the sample night, take every picture, say where they lie."""
    with tempfile.TemporaryDirectory() as temporary:
        workspace = Path(temporary) / "ws"
        command = ["nightly", "--inbox", ROOT / "sample_exports" / "inbox", "--as-of", AS_OF]
        subprocess.run(
            [Path(sys.executable).with_name("motcua"), *command, "--workspace", workspace], check=True
        )
        draft = workspace / "drafts" / UNIT / PERIOD
        returned = next((workspace / "outbox").glob("*/*.xlsx"))
        _first_page(draft / "bao-cao.docx", PICTURES / "du-thao.png")
        _first_page(returned, PICTURES / "can-sua.png")
        run = (workspace / "runs" / "latest").resolve()
        pages = {
            "bao-cao": (draft / "bao-cao.html", _DESKTOP),
            "luot-chay": (run / "index.html", _DESKTOP),
            "trang-don-vi": (workspace / "pages" / f"{UNIT}.html", _DESKTOP),
            "trang-don-vi-dien-thoai": (workspace / "pages" / f"{UNIT}.html", _PHONE),
            "trang-huyen": (workspace / "pages" / "index.html", _DESKTOP),
        }
        for name, (page, size) in pages.items():
            _with_browser(size, lambda opened, page=page, name=name: _take(opened, page, name))
    print(f"{len(list(PICTURES.glob('*.png')))} pictures in {PICTURES.relative_to(ROOT)}")


def _take(opened: Page, page: Path, name: str) -> None:
    opened.goto(page.as_uri())
    opened.screenshot(path=PICTURES / f"{name}.png")


def _with_browser(size: tuple[int, int], body: Callable[[Page], None]) -> None:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        body(browser.new_page(viewport={"width": size[0], "height": size[1]}))
        browser.close()


def _first_page(document: Path, picture: Path) -> None:
    """The first page of an Office file as a picture."""
    with tempfile.TemporaryDirectory() as folder:
        home = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        subprocess.run(
            ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", folder, document],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        made = Path(folder) / f"{document.stem}.pdf"
        subprocess.run(
            ["pdftoppm", "-png", "-r", _DPI, "-singlefile", made, picture.with_suffix("")], check=True
        )


if __name__ == "__main__":
    main()
