"""PDF through LibreOffice: a program of its own that may be missing, hang or die, so it is held at arm's length.

PDF is outside law 3: the same document gives other bytes on another machine, another font or another day.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from pipelines.errors import RenderingError

PROGRAMS = ("soffice", "libreoffice")
TIMEOUT_SECONDS = 180
"""A report of ten pages takes about five seconds, the first start of a day three times as long."""
_ADVICE = "bỏ pdf khỏi --formats rồi mở bao-cao.docx bằng Word và lưu thành PDF"


def find_office() -> str | None:
    """Path of LibreOffice; None where it is not installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def convert_to_pdf(document: bytes, *, timeout_seconds: float = TIMEOUT_SECONDS) -> bytes:
    """The Word document as PDF.

    Each conversion has a profile folder of its own, so that neither an open LibreOffice nor a profile left broken
    stands in its way; after the time limit it is ended with everything that it started. Raises RenderingError
    where LibreOffice is missing, does not finish or writes nothing.
    """
    program = find_office()
    if program is None:
        raise RenderingError(
            "Không xuất được PDF vì máy này chưa cài LibreOffice; hãy cài gói libreoffice-writer của hệ điều hành, "
            f"hoặc {_ADVICE}."
        )
    with tempfile.TemporaryDirectory(prefix="motcua-pdf-") as name:
        folder = Path(name)
        (folder / "report.docx").write_bytes(document)
        _run(program, folder, timeout_seconds)
        target = folder / "report.pdf"
        content = target.read_bytes() if target.is_file() else b""
    if not content.startswith(b"%PDF-"):
        raise RenderingError(
            f"LibreOffice ({program}) đã chạy nhưng không viết ra tệp PDF; hãy chạy “motcua doctor” để kiểm tra, "
            f"hoặc {_ADVICE}."
        )
    return content


def _run(program: str, folder: Path, timeout_seconds: float) -> None:
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault"),
        *("--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder), str(folder / "report.docx")),
    ]
    # soffice is a script around the program proper: a group of its own, so that both can be ended
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | {"HOME": str(folder), "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout_seconds)
    except subprocess.TimeoutExpired as problem:
        raise RenderingError(
            f"LibreOffice không xuất xong PDF trong {timeout_seconds:g} giây nên đã bị dừng; hãy đóng LibreOffice đang "
            f"mở rồi chạy lại, hoặc {_ADVICE}."
        ) from problem
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
