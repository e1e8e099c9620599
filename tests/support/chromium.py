"""The system's Chromium, driven by playwright, for tests marked ``browser``."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

DESKTOP = (1280, 1400)


@contextmanager
def opened_page(size: tuple[int, int] = DESKTOP, *, is_offline: bool = False) -> Iterator[Page]:
    """An empty page of a headless browser; ``is_offline``: without any network."""
    # As root, as in a container, the browser's own sandbox cannot be set up.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, offline=is_offline, accept_downloads=True
        )
        try:
            yield context.new_page()
        finally:
            browser.close()
