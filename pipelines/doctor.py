"""What of the machine and the workspace would spoil a night, found before the night does.

Each check asks one thing and answers in one sentence; none writes anything but a probe file that it removes.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from pipelines.clock import VIETNAM, Clock
from pipelines.errors import EXIT_CONFIGURATION, EXIT_STORE, UserError, reason_of
from pipelines.notify.heartbeat import read_heartbeat
from pipelines.object_store import is_remote
from pipelines.session import Session
from pipelines.settings import load_settings
from pipelines.store_probe import refuses_taken_names
from pipelines.workspace import Workspace
from transforms.catalogue.owners import OWNERS_FILE
from transforms.report.numbers_vi import thousands

NEEDED_BYTES = 2 << 30
"""Free space below which a night of sixty units may not end: spool, store and drafts together."""
SCARCE_BYTES = 10 << 30
SUPPORTED = ((3, 11), (3, 14))
_AHEAD = timedelta(minutes=5)
_LETTERS = ("Times New Roman", "Liberation Serif")
"""What the reports name, and what has the same widths."""
_PRIVATE = 0o077


class State(StrEnum):
    """How a check ended."""

    GOOD = "good"
    WARNING = "warning"
    """The night runs, something else does not."""
    TROUBLE = "trouble"
    """The night would fail or be wrong."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at; ``remedy`` is empty where there is nothing to do."""

    check: str
    state: State
    sentence: str
    remedy: str = ""
    exit_code: int = EXIT_CONFIGURATION
    """What the command ends with where this is a trouble."""


def examine(root: Path, clock: Clock, port: int) -> tuple[Diagnosis, ...]:
    """Every check, in the order in which a trouble would show; a check that fails itself is a trouble."""
    workspace = Workspace(root)
    checks: dict[str, Callable[[], Diagnosis]] = {
        "Python": _check_python,
        "Ổ đĩa": lambda: check_disk(root),
        "Quyền": lambda: check_rights(workspace),
        "Đồng hồ": lambda: check_clock(root, clock),
        "Cấu hình": lambda: check_settings(root, clock),
        "Kho dữ liệu": lambda: check_store(root, clock),
        "Khóa": lambda: check_lock(workspace),
        "Lượt chạy đêm": lambda: check_nights(workspace, clock),
        "Người nhận tin": lambda: check_owners(workspace),
        "Máy chủ": lambda: check_server(port),
        "LibreOffice": check_office,
        "Phông chữ": check_letters,
    }
    return tuple(_asked(name, check) for name, check in checks.items())


def _asked(name: str, check: Callable[[], Diagnosis]) -> Diagnosis:
    try:
        return check()
    except OSError as problem:
        where = f" {problem.filename}" if problem.filename else ""
        return Diagnosis(
            name,
            State.TROUBLE,
            f"Không đọc hoặc ghi được{where} ({reason_of(problem)}).",
            "Kiểm tra ổ đĩa, quyền của người dùng chạy phần mềm và thư mục --workspace.",
            EXIT_STORE,
        )


def _check_python() -> Diagnosis:
    version = ".".join(map(str, sys.version_info[:3]))
    if SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        return Diagnosis("Python", State.GOOD, f"Python {version}.")
    return Diagnosis(
        "Python",
        State.TROUBLE,
        f"Python {version} chưa được hỗ trợ.",
        "Cài Python 3.11, 3.12, 3.13 hoặc 3.14 rồi chạy lại “make nightly”.",
    )


def check_disk(root: Path) -> Diagnosis:
    """Free space where the workspace lies."""
    there = next(path for path in (root.resolve(), *root.resolve().parents) if path.exists())
    free = shutil.disk_usage(there).free
    words = f"Ổ đĩa của {there} còn trống {thousands(free >> 20)} MB."
    if free < NEEDED_BYTES:
        remedy = "Giải phóng ít nhất 2 GB: dọn bản sao lưu cũ, hoặc giảm keep_days và keep_inbox_days trong motcua.toml."
        return Diagnosis("Ổ đĩa", State.TROUBLE, words, remedy, EXIT_STORE)
    if free < SCARCE_BYTES:
        remedy = "Đủ cho đêm nay; hãy sớm thêm dung lượng hoặc dọn tệp cũ."
        return Diagnosis("Ổ đĩa", State.WARNING, words, remedy)
    return Diagnosis("Ổ đĩa", State.GOOD, words)


def check_rights(workspace: Workspace) -> Diagnosis:
    """The workspace can be written, and nobody else looks into what the units sent."""
    if not workspace.root.exists():
        return Diagnosis(
            "Quyền",
            State.WARNING,
            f"Chưa có thư mục làm việc {workspace.root}.",
            "Chạy “motcua init --units TỆP”, hoặc “motcua nightly” để tạo; nếu đã có, chỉ đúng nơi bằng --workspace.",
        )
    closed = [
        folder
        for folder in (workspace.root, *workspace.folders)
        if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    ]
    if closed:
        names = ", ".join(str(folder) for folder in closed)
        return Diagnosis(
            "Quyền",
            State.TROUBLE,
            f"Tài khoản đang chạy ({_account()}) không đọc và ghi được thư mục {names}.",
            f"Chạy lệnh bằng tài khoản của dịch vụ; nếu thư mục đã đổi chủ thì: chown -R motcua: {workspace.root}",
            EXIT_STORE,
        )
    with tempfile.NamedTemporaryFile(dir=workspace.root, prefix=".doctor-"):
        pass  # a disk that is read-only or full refuses though the rights are there
    open_to_others = [
        folder.name
        for folder in workspace.private_folders
        if folder.exists() and folder.stat().st_mode & _PRIVATE
    ]
    if open_to_others:
        names = ", ".join(open_to_others)
        return Diagnosis(
            "Quyền",
            State.WARNING,
            f"Người dùng khác của máy đọc được thư mục {names}, nơi có tệp gốc của các đơn vị.",
            f"Chạy: chmod -R go= {' '.join(str(workspace.root / name) for name in open_to_others)}",
        )
    if os.geteuid() == 0:
        return Diagnosis(
            "Quyền",
            State.WARNING,
            "Phần mềm đang chạy bằng tài khoản quản trị (root).",
            "Tạo một tài khoản riêng chỉ có quyền trên thư mục làm việc; xem docs/deploy/README.md.",
        )
    return Diagnosis(
        "Quyền", State.GOOD, "Thư mục làm việc ghi được; tệp gốc của đơn vị chỉ tài khoản này đọc được."
    )


def _account() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a number without a name, as in containers
        return str(os.geteuid())


def check_clock(root: Path, clock: Clock) -> Diagnosis:
    """The clock is not behind what the store already knows: instants only grow."""
    now = clock.now().astimezone(VIETNAM)
    words = f"Đồng hồ: {now:%H:%M ngày %d/%m/%Y}, giờ Việt Nam."
    try:
        last = Session(root, clock).store.last_commit()
    except UserError:
        last = None  # said by the check of the store
    if last is not None and last - clock.now() > _AHEAD:
        return Diagnosis(
            "Đồng hồ",
            State.TROUBLE,
            f"{words} Kho dữ liệu đã ghi đến {last.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}, muộn hơn đồng hồ của máy.",
            "Chỉnh lại đồng hồ và bật đồng bộ giờ (timedatectl set-ntp true).",
        )
    return Diagnosis("Đồng hồ", State.GOOD, words)


def check_settings(root: Path, clock: Clock) -> Diagnosis:
    """Settings, catalogue and overlay can be read and do not contradict themselves."""
    try:
        session = Session(root, clock)
        catalogue = session.catalogue
        session.corrections()
        _ = session.templates
    except UserError as problem:
        return Diagnosis(
            "Cấu hình", State.TROUBLE, str(problem), "Sửa theo câu trên rồi chạy lại “motcua doctor”."
        )
    return Diagnosis(
        "Cấu hình", State.GOOD, f"Cấu hình và danh mục đọc được; phiên bản danh mục {catalogue.version}."
    )


def check_store(root: Path, clock: Clock) -> Diagnosis:
    """The store answers, and the server of an object store refuses the second of two writers of one commit."""
    is_bucket = False
    try:
        is_bucket = is_remote(load_settings(root).store)
        store = Session(root, clock).store
        count = store.deliveries().num_rows
        if is_bucket and not refuses_taken_names(store.root, clock):
            return Diagnosis(
                "Kho dữ liệu",
                State.TROUBLE,
                f"Máy chủ của kho {store.root} không theo điều kiện khi ghi (If-None-Match): hai lượt ghi cùng lúc sẽ mất dữ liệu.",
                "Nâng cấp máy chủ kho đối tượng lên bản có ghi có điều kiện, hoặc bỏ khóa store để dùng thư mục.",
                EXIT_STORE,
            )
    except UserError as problem:
        remedy = (
            "Xem mục kho đối tượng trong docs/deploy/README.md."
            if is_bucket
            else "Khôi phục từ bản sao lưu: motcua restore."
        )
        return Diagnosis("Kho dữ liệu", State.TROUBLE, str(problem), remedy, EXIT_STORE)
    return Diagnosis("Kho dữ liệu", State.GOOD, f"Kho dữ liệu đọc được; đã nhận {count} tệp.")


def check_lock(workspace: Workspace) -> Diagnosis:
    """Whether a run is going on; a lock never outlives its process."""
    if workspace.is_held():
        return Diagnosis(
            "Khóa",
            State.WARNING,
            "Một lượt chạy đang dùng thư mục làm việc.",
            "Chờ lượt đó xong; nếu kéo dài bất thường, xem runs/ và dừng tiến trình đó, dữ liệu vẫn nguyên vẹn.",
        )
    return Diagnosis("Khóa", State.GOOD, "Không có lượt chạy nào đang giữ thư mục làm việc.")


def check_nights(workspace: Workspace, clock: Clock) -> Diagnosis:
    """The last good night is not over 26 hours old."""
    beat = read_heartbeat(workspace.runs, clock.now())
    if beat.last is None:
        return Diagnosis(
            "Lượt chạy đêm",
            State.WARNING,
            "Chưa có lượt chạy đêm nào hoàn thành.",
            "Chạy “motcua nightly” hoặc “motcua serve”.",
        )
    when = f"Lượt chạy đêm hoàn thành gần nhất: {beat.last.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}."
    if beat.is_good:
        return Diagnosis("Lượt chạy đêm", State.GOOD, when)
    return Diagnosis(
        "Lượt chạy đêm", State.WARNING, f"{when} Đã quá 26 giờ.", "Xem lượt chạy lỗi bằng “motcua runs”, rồi chạy “motcua nightly”."
    )  # fmt: skip


def check_owners(workspace: Workspace) -> Diagnosis:
    """Somebody is told."""
    if (workspace.catalogue / OWNERS_FILE).exists():
        return Diagnosis("Người nhận tin", State.GOOD, f"Có tệp người nhận tin catalogue/{OWNERS_FILE}.")
    return Diagnosis(
        "Người nhận tin",
        State.WARNING,
        f"Chưa có catalogue/{OWNERS_FILE} nên không ai nhận được tin nhắc.",
        "Lập tệp này theo docs/ALERTS.md.",
    )


def check_server(port: int) -> Diagnosis:
    """``motcua serve`` answers on this machine."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=2) as answer:
            is_there = answer.status == 200
    except (urllib.error.URLError, OSError):
        is_there = False
    if is_there:
        return Diagnosis("Máy chủ", State.GOOD, f"Máy chủ lịch chạy đang chạy ở cổng {port}.")
    return Diagnosis(
        "Máy chủ",
        State.WARNING,
        f"Không có máy chủ lịch chạy ở cổng {port}; đêm sẽ không tự chạy nếu không có lịch nào khác.",
        "Chạy “motcua serve”, tốt nhất như một dịch vụ của máy; xem docs/deploy/README.md.",
    )


def check_office() -> Diagnosis:
    """LibreOffice, for PDF only."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found:
        return Diagnosis("LibreOffice", State.GOOD, f"Có LibreOffice ({found}); xuất PDF được.")
    return Diagnosis(
        "LibreOffice",
        State.WARNING,
        "Chưa có LibreOffice nên không xuất được PDF; Word, Excel và trang web không bị ảnh hưởng.",
        "Cài gói libreoffice-writer của hệ điều hành nếu cần PDF.",
    )


def check_letters() -> Diagnosis:
    """A font with the widths of Times New Roman, for PDF only."""
    lister = shutil.which("fc-list")
    if lister is None:
        return Diagnosis(
            "Phông chữ",
            State.WARNING,
            "Không kiểm tra được phông chữ vì máy chưa có fc-list.",
            "Cài gói fontconfig nếu cần PDF.",
        )
    listed = subprocess.run(
        [lister, ":", "family"],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
    ).stdout
    found = next((name for name in _LETTERS if name in listed), None)
    if found:
        return Diagnosis("Phông chữ", State.GOOD, f"Có phông {found} cho bản PDF.")
    return Diagnosis(
        "Phông chữ",
        State.WARNING,
        "Máy chưa có phông Times New Roman hoặc Liberation Serif; bản PDF sẽ sai dòng, sai trang.",
        "Cài gói fonts-liberation của hệ điều hành.",
    )
