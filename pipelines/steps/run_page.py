"""The page of a run: what was done, by when, what was found, where everything lies. Also of a run that failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from expectations.life import FIXED, NEW, REOPENED
from pipelines import package_files
from pipelines.clock import VIETNAM
from pipelines.durable import write_whole
from pipelines.run_records import (
    BROKEN_OFF,
    DATA_DOCS,
    DELIVERIES,
    FAILED,
    FINDINGS,
    LOG,
    PAGE,
    RUNNING,
    STOPPED,
    SUCCESS,
    TIMINGS,
    UNREADABLE,
    RunRecord,
    read_run,
)
from transforms.calendar.day_words import official_date
from transforms.report.numbers_vi import thousands
from transforms.schema.tables import RECORD_TABLES, SEVERITIES, SEVERITY_NAMES

TEMPLATE = "page/run.html.j2"
COMMAND_NAMES = {
    "nightly": "Chạy đêm",
    "ingest": "Nhận tệp",
    "publish": "Công bố",
    "report": "Viết báo cáo",
    "backfill": "Nạp lại",
    "retract": "Thu hồi tệp",
}
STATE_NAMES = {
    SUCCESS: "hoàn thành",
    FAILED: "không hoàn thành",
    STOPPED: "được dừng",
    RUNNING: "đang chạy",
    BROKEN_OFF: "bị ngắt",
    UNREADABLE: "không đọc được",
}
STEP_NAMES = {
    "plan": "Xem thư mục tệp nhận",
    "read": "Đọc tệp",
    "commit": "Ghi vào kho",
    "count": "Đếm các kỳ",
    "check": "Kiểm tra dữ liệu",
    "draft": "Viết dự thảo",
    "outbox": "Viết tệp trả lại đơn vị",
    "pages": "Dựng trang của huyện và các đơn vị",
    "data_docs": "Dựng trang kết quả kiểm tra",
    "finish": "Ghi kết quả và soạn tin báo",
}
DELIVERY_NAMES = {"accepted": "đã nhận", "refused": "từ chối", "unchanged": "không đổi"}
_ROW_COUNTS = (
    ("sheet_rows", "Dòng tệp"),
    ("structural", "Cấu trúc"),
    ("data_rows", "Dữ liệu"),
    ("accepted", "Nhận"),
    ("unchanged", "Như cũ"),
    ("superseded", "Thay thế"),
    ("quarantined", "Cách ly"),
)
_CAUSES = {
    "ConfigurationError": "cấu hình hoặc danh mục có lỗi",
    "RenderingError": "không dựng được báo cáo",
    "StoreUnreachableError": "không đọc hoặc ghi được đĩa hay kho dữ liệu",
    "UnreadableInputError": "không đọc được tệp được chỉ định",
    "UsageProblemError": "tham số của lệnh không dùng được",
}
_DISK_TROUBLES = frozenset(
    {"OSError", "PermissionError", "FileNotFoundError", "NotADirectoryError", "IsADirectoryError"}
)
_FILES = ((LOG, "Nhật ký"), (DELIVERIES, "Các tệp (JSON)"), (FINDINGS, "Các phát hiện (JSON)"), (TIMINGS, "Thời gian (JSON)"))  # fmt: skip
_DRAFT_FILES = (("bao-cao.html", "trang"), ("bao-cao.docx", "Word"), ("bieu-so-lieu.xlsx", "Excel"))


_MINUTE = 59.95
"""Seconds from which a tenth of a second rounds up to a minute."""


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    time: str
    state: str
    width: int
    """Share of the longest step, in whole percent."""


def write_run_page(folder: Path) -> None:
    """Write ``index.html`` into the folder of a run, from the other files there; OSError where the disk refuses."""
    write_whole(folder / PAGE, render_run_page(read_run(folder)))


def render_run_page(record: RunRecord) -> bytes:
    """The page in UTF-8: nothing in it asks for another file or address, links lead to files beside it only."""
    environment = Environment(
        loader=DictLoader(dict(package_files.page_templates())),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["thousands"] = thousands
    return (environment.get_template(TEMPLATE).render(_values(record)).rstrip("\n") + "\n").encode()


def say_outcome(record: RunRecord) -> str:
    """What became of the run, in one sentence."""
    broken = record.broken_step
    where = f" ở bước “{STEP_NAMES.get(broken.step, broken.step)}”" if broken else ""
    kept = "không có báo cáo nào được công bố và các bản đã công bố giữ nguyên"
    if record.state == SUCCESS:
        return "Lượt chạy đã hoàn thành."
    if record.state == FAILED:
        return f"Lượt chạy không hoàn thành{where} vì {_cause(record.error)}; {kept}."
    if record.state == STOPPED:
        return f"Lượt chạy được dừng theo yêu cầu{where}; {kept}, lượt sau sẽ làm tiếp phần còn lại."
    if record.state == UNREADABLE:
        return "Không đọc được thông tin của lượt chạy này."
    if record.state == BROKEN_OFF:
        return f"Lượt chạy bị ngắt giữa chừng{where}; {kept}, lượt sau sẽ làm tiếp phần còn lại."
    return f"Lượt chạy chưa kết thúc{where}; nếu không còn chạy thì lượt này đã bị ngắt, {kept}."


def say_seconds(seconds: float | None) -> str:
    """ "12,3 giây", "1 phút 37 giây", "2 giờ 05 phút"; empty for None."""
    if seconds is None:
        return ""
    if seconds < _MINUTE:
        return f"{seconds:.1f} giây".replace(".", ",")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} phút {rest:02d} giây"
    return f"{minutes // 60} giờ {minutes % 60:02d} phút"


def say_instant(instant: datetime | None) -> str:
    """ "13:44 ngày 23/11/2026" in Vietnam; empty for None."""
    if instant is None:
        return ""
    local = instant.astimezone(VIETNAM)
    return f"{local:%H:%M} ngày {official_date(local.date())}"


def _cause(error: str) -> str:
    if error in _DISK_TROUBLES:
        return "đĩa hoặc quyền truy cập có trục trặc"
    return _CAUSES.get(error, f"phần mềm gặp lỗi không lường trước ({error})")


def _values(record: RunRecord) -> dict[str, Any]:
    names: Mapping[str, str] = record.summary.get("units", {})
    deliveries, findings = record.deliveries or (), record.findings or ()
    return {
        "run_id": record.run_id,
        "command": COMMAND_NAMES.get(record.command, record.command),
        "state": record.state,
        "outcome": say_outcome(record),
        "started": say_instant(record.started_at),
        "duration": say_seconds(record.seconds),
        "as_of": _day(record.summary.get("as_of") or record.parameters.get("as_of")),
        "catalogue": record.parameters.get("catalogue", ""),
        "known_at": record.known_at,
        "steps": _steps(record),
        "state_names": STATE_NAMES,
        "row_counts": _ROW_COUNTS,
        "delivery_names": DELIVERY_NAMES,
        "delivery_states": Counter(delivery["state"] for delivery in deliveries),
        "deliveries": [
            {**delivery, "unit": _unit(delivery["unit_code"], names), "kind_name": _kind(delivery["kind"])}
            for delivery in deliveries
        ],
        "totals": {name: sum(d[name] for d in deliveries) for name, _ in _ROW_COUNTS},
        "has_findings": record.findings is not None,
        "severities": _severities(record),
        "critical": [
            {"unit": _unit(finding["unit_code"], names), "sentence": finding["sentence"]}
            for finding in findings
            if finding["severity"] == SEVERITIES[0] and not finding.get("is_explained")
        ],
        "drafts": _drafts(record, names),
        "outbox": record.summary.get("outbox"),
        "data_docs": f"{DATA_DOCS}/index.html"
        if (record.folder / DATA_DOCS / "index.html").is_file()
        else "",
        "files": [(name, label) for name, label in _FILES if (record.folder / name).is_file()],
    }


def _steps(record: RunRecord) -> list[_Step]:
    longest = max((step.seconds or 0 for step in record.steps), default=0) or 1
    return [
        _Step(
            STEP_NAMES.get(step.step, step.step),
            say_seconds(step.seconds),
            step.state,
            round(100 * (step.seconds or 0) / longest),
        )
        for step in record.steps
    ]


def _severities(record: RunRecord) -> list[dict[str, Any]]:
    """One line a severity; new and fixed are None where an older version did not count them."""
    lives: Mapping[str, Mapping[str, int]] = record.summary.get("findings", {})
    findings = record.findings or ()
    open_now = Counter(finding["severity"] for finding in findings)
    explained = Counter(finding["severity"] for finding in findings if finding.get("is_explained"))
    return [
        {
            "name": SEVERITY_NAMES[severity],
            "open": open_now[severity],
            "explained": explained[severity],
            "new": lives[severity][NEW] + lives[severity][REOPENED] if severity in lives else None,
            "fixed": lives[severity][FIXED] if severity in lives else None,
        }
        for severity in SEVERITIES
    ]


def _drafts(record: RunRecord, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """One line a unit and period, with the paths of its files from the run's folder."""
    return [
        {
            "unit_code": draft["unit_code"],
            "unit": _unit(draft["unit_code"], names),
            "period": draft["period_id"],
            "is_new": draft["is_new"],
            "files": [
                (f"../../drafts/{draft['unit_code']}/{draft['period_id']}/{name}", label)
                for name, label in _DRAFT_FILES
            ],
        }
        for draft in record.summary.get("drafts", ())
    ]


def _day(text: str | None) -> str:
    return official_date(date.fromisoformat(text)) if text else ""


def _unit(code: str, names: Mapping[str, str]) -> str:
    return names.get(code, code) or "(chưa rõ đơn vị)"


def _kind(kind: str) -> str:
    return RECORD_TABLES[kind].label if kind in RECORD_TABLES else ""
