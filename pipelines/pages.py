"""The workspace's reports over HTTP for the people who start runs from the server's page, on this machine only.

Only finished reports are shown: drafts, publications, pages and the reports and pages of runs. What the units sent,
the store and the logs are not reachable.
"""

from __future__ import annotations

import base64
import hmac
import os
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pipelines.errors import ConfigurationError
from pipelines.workspace import Workspace

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

ADDRESS = "MOTCUA_PAGES"
"""Environment variable in which the server tells its runs where the reports are shown."""
_SHOWN = ("drafts", "publications", "pages")
_OF_RUNS = ("index.html", "bao-cao", "data-docs")
_START_SECONDS = 30
_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-frame-options": b"DENY",
    b"cache-control": b"no-store",
}


def page_address(root: Path, path: Path) -> str:
    """Where a file or folder of the workspace is seen: over HTTP where the server shows it, else on the disk."""
    base = os.environ.get(ADDRESS)
    if not base:
        return path.resolve().as_uri()
    return f"{base}/{quote(str(path.resolve().relative_to(root.resolve())))}"


@contextmanager
def shown_pages(root: Path, host: str, port: int, password: str | None) -> Iterator[str]:
    """The address under which the workspace's reports are shown until the block ends.

    ``password``: "user:password" that the browser is asked for; None for nobody but this machine. Raises
    ConfigurationError when the port is taken.
    """
    import uvicorn

    config = uvicorn.Config(
        build_app(Workspace(root), password), host=host, port=port, log_level="critical", access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="motcua-pages", daemon=True)
    thread.start()
    for _ in range(_START_SECONDS * 10):
        if server.started or not thread.is_alive():
            break
        thread.join(0.1)
    if not server.started:
        raise ConfigurationError(
            f"Cổng {port} đã có chương trình khác dùng nên không mở được trang báo cáo; hãy chọn cổng khác bằng --port."
        )
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
    os.environ[ADDRESS] = address
    try:
        yield address
    finally:
        os.environ.pop(ADDRESS, None)
        server.should_exit = True
        thread.join(timeout=10)


def build_app(workspace: Workspace, password: str | None) -> ASGIApp:
    """The application: static files below the folders that are shown, nothing else."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse, RedirectResponse, Response
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    class Shown(StaticFiles):
        """Files of runs: only their page, their report and their Data Docs."""

        def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
            parts = Path(path).parts
            if len(parts) < 2 or parts[1] not in _OF_RUNS:
                return "", None
            return super().lookup_path(path)

    def start(_request: Request) -> Response:
        if (workspace.root / "pages" / "index.html").exists():
            return RedirectResponse("/pages/index.html")
        return PlainTextResponse("Chưa có trang nào; hãy chạy đêm trước.")

    folders = [
        Mount(f"/{name}", StaticFiles(directory=workspace.root / name, check_dir=False)) for name in _SHOWN
    ]
    runs = Mount("/runs", Shown(directory=workspace.runs, html=True, check_dir=False))
    app: ASGIApp = Starlette(routes=[Route("/", start), *folders, runs])
    return _guarded(app, password)


def _guarded(app: ASGIApp, password: str | None) -> ASGIApp:
    """The application behind a password, with headers that keep its pages to themselves."""
    wanted = b"Basic " + base64.b64encode(password.encode()) if password else None

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS.items()]
            await send(message)

        if scope["type"] == "http" and wanted is not None:
            given = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(given, wanted):
                head = [(b"www-authenticate", b'Basic realm="Mot Cua", charset="UTF-8"')]
                await send_with_headers({"type": "http.response.start", "status": 401, "headers": head})
                await send_with_headers({"type": "http.response.body", "body": b""})
                return
        await app(scope, receive, send_with_headers)

    return guarded
