"""The server's forms as somebody fills them in with a browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.served import Server


def open_form(page: Page, server: Server, name: str) -> None:
    """The page on which the form of that deployment is filled in."""
    page.goto(
        f"{server.address}/deployments/deployment/{server.deployment(name)['id']}/run",
        wait_until="networkidle",
    )


def choose(page: Page, title: str, choice: str) -> None:
    """Open the drop-down under that title and take a line of it; long lists show a part of their lines at a time."""
    line = page.locator(".schema-form-property", has=page.get_by_text(title, exact=True)).first
    line.locator(".p-select-button__control").press("ArrowDown")
    option = page.locator(".p-select-option", has_text=choice).first
    options = page.locator(".p-select-options")
    expect(options).to_be_visible()
    while not option.count():
        options.hover()
        page.mouse.wheel(0, 150)
        page.wait_for_timeout(100)
    option.click()
