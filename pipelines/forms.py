"""The forms of the server's deployments: Vietnamese titles, drop-downs of what there is, values held to them.

A form is the JSON schema of a deployment's parameters; the server checks what somebody fills in against it before
anything runs. Drop-downs print "16204 · xã Bình Lương"; the code is what stands before the dot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow.compute as pc

from pipelines.clock import today
from pipelines.session import Session
from pipelines.steps.draft import nodes_to_draft
from transforms.indicators.period import KINDS, PeriodError, period_name, periods_of_year, window

BASES = ("nd09 · Nghị định 09/2019/NĐ-CP, từ ngày 15 đến ngày 14", "lich · dương lịch")
EVERY_UNIT = "tất cả các đơn vị"
_DOT = " · "
_MOST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form. ``choices`` empty: typed in, as a text or, with ``format``, a date."""

    name: str
    title: str
    description: str
    choices: tuple[str, ...] = ()
    format: str = ""
    default: str | bool | None = None
    is_required: bool = False
    is_switch: bool = False


def chosen(choice: str) -> str:
    """The code of what was chosen from a drop-down."""
    return choice.split(_DOT, 1)[0].strip()


def schema_of(fields: Sequence[Field]) -> dict[str, Any]:
    """The JSON schema of a form, its lines in order."""
    return {
        "title": "Parameters",
        "type": "object",
        "properties": {field.name: _property(field, position) for position, field in enumerate(fields)},
        "required": [field.name for field in fields if field.is_required],
        "definitions": {},
    }


def _property(field: Field, position: int) -> dict[str, Any]:
    content: dict[str, Any] = {
        "title": field.title,
        "description": field.description,
        "position": position,
        "type": "boolean" if field.is_switch else "string",
    }
    if field.choices:
        content["enum"] = list(field.choices)
    if field.format:
        content["format"] = field.format
    if field.default is not None:
        content["default"] = field.default
    return content


def report_form(session: Session) -> tuple[Field, ...]:
    """“Chạy lại kỳ báo cáo”."""
    day = today(session.clock)
    return (
        Field("unit", "Đơn vị", "Huyện, tỉnh hoặc nhóm thì tổng hợp các đơn vị bên dưới.", _units(session, day), is_required=True),
        Field("period", "Kỳ báo cáo", "Các kỳ mà kho dữ liệu có hồ sơ.", _periods(session, day), is_required=True),
        Field("basis", "Cách tính ngày của kỳ", "Để trống: theo cấu hình.", BASES),
        Field("cutoff", "Chốt số liệu đến ngày", "Sớm hơn ngày cuối kỳ; để trống: đến hết kỳ.", format="date"),
        Field("rulebook", "Quy tắc đếm", "Để trống: theo cấu hình.", _rulebooks(session)),
        Field("known_at", "Theo dữ liệu đã biết đến", "Viết lại đúng báo cáo của thời điểm đó; để trống: mọi dữ liệu.", format="date-time"),
    )  # fmt: skip


def check_form(session: Session) -> tuple[Field, ...]:
    """“Kiểm tra dữ liệu”."""
    units = (EVERY_UNIT, *_units(session, today(session.clock)))
    return (
        Field("unit", "Đơn vị", "Liệt kê các phát hiện đang mở của đơn vị.", units, default=EVERY_UNIT),
    )  # fmt: skip


def backfill_form(session: Session) -> tuple[Field, ...]:
    """“Nạp lại khoảng thời gian”."""
    day = today(session.clock)
    periods, units = _periods(session, day), (EVERY_UNIT, *_units(session, day))
    return (
        Field("first", "Từ kỳ", "Kỳ đầu.", periods, is_required=True),
        Field("last", "Đến kỳ", "Kỳ cuối; mọi kỳ nằm giữa hai kỳ được viết lại theo thứ tự.", periods, is_required=True),
        Field("unit", "Đơn vị", "Một đơn vị, hoặc tất cả.", units, default=EVERY_UNIT),
        Field("is_writing", "Ghi dự thảo", "Tắt: chỉ xem sẽ thay đổi gì, không ghi.", is_switch=True, default=False),
    )  # fmt: skip


def night_form() -> tuple[Field, ...]:
    """“Chạy đêm” by hand."""
    return (
        Field("as_of", "Ngày làm việc", "Để trống: hôm nay.", format="date"),
    )  # fmt: skip


def _units(session: Session, day: date) -> tuple[str, ...]:
    """Roll-ups first, then units with data, those of the past too; before the first delivery every unit there is.

    A code that went to another unit stands once for each of its bearers: the period decides which is meant.
    """
    catalogue = session.catalogue
    stored = session.store.deliveries().select(["unit_code", "state"]).to_pylist()
    codes = {row["unit_code"] for row in stored if row["state"] == "accepted"}
    codes.update(session.store.carried().column("unit_code").to_pylist())
    known = [unit for unit in catalogue.units if unit.code in codes]
    above = {unit.parent_code for unit in known} | {node.code for node in nodes_to_draft(session, day)}
    found = [*known, *(unit for unit in catalogue.units if unit.code in above - codes)]
    found += [group.as_unit() for group in catalogue.groups if group.is_drafted]
    found = found or [unit for unit in catalogue.units if unit.is_valid_on(day)]
    parents = {unit.parent_code for unit in catalogue.units}
    ordered = sorted(found, key=lambda unit: (unit.code not in parents and not unit.is_group, unit.code))
    return tuple(dict.fromkeys(f"{unit.code}{_DOT}{unit.full_name}" for unit in ordered))


def _periods(session: Session, day: date) -> tuple[str, ...]:
    """Periods that had begun by the newest export, newest first, back to the year of the oldest dossier."""
    exported = pc.max(session.store.deliveries().column("exported_at")).as_py()
    day = min(day, exported.date()) if exported else day
    oldest = pc.min(session.store.versions("dossier").column("received_date")).as_py()
    first = oldest.year if oldest else day.year
    found: list[tuple[date, int, str]] = []
    for year in range(max(first, day.year - _MOST_YEARS), day.year + 1):
        for period in periods_of_year(year):
            try:
                start, end = window(period, session.settings.basis, session.catalogue.windows)
            except PeriodError:
                continue
            if start <= day:
                words = f"{period.period_id}{_DOT}{period_name(period)}"
                found.append((min(end, day), KINDS.index(period.kind), words))
    found.sort(key=lambda each: (each[0], each[1]), reverse=True)
    return tuple(words for _, _, words in found)


def _rulebooks(session: Session) -> tuple[str, ...]:
    rulebooks = session.catalogue.rulebooks
    return tuple(f"{name}{_DOT}{rulebooks[name].name or name}" for name in sorted(rulebooks))
