"""Explanations from the command line, for what is open now or ahead of it."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from expectations.explained import (
    BOTH_WAYS,
    Band,
    ExplainedRow,
    Explanation,
    default_band,
    finding_value,
    own_subject,
    value_mark,
)
from pipelines.errors import UsageProblemError
from pipelines.session import Session
from pipelines.steps.decisions import WAIVER, Row, decision_table, masked
from pipelines.steps.explanations import (
    explanation_lines,
    is_withdrawn,
    parse_explanation,
)
from transforms.calendar.day_words import official_date
from transforms.indicators.period import PeriodError, parse_period
from transforms.report.numbers_vi import thousands
from transforms.schema.tables import DECISION

_SOURCE = "motcua waive"


@dataclass(frozen=True, slots=True)
class Waiver:
    """What somebody wants to explain; None and empty where nothing was said."""

    unit_code: str
    rule_code: str
    reason: str
    author: str
    period_id: str = ""
    subjects: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    tolerance: int | None = None
    """Percent by which the present number may still move."""
    expires_on: date | None = None

    @property
    def has_band(self) -> bool:
        """True where a number was given that the finding's own number may reach."""
        return (self.low, self.high, self.tolerance) != (None, None, None)


def accept(session: Session, waiver: Waiver, day: date, is_ahead: bool = False) -> tuple[Explanation, ...]:
    """The explanations as they were put on record, one for each open finding that is meant.

    Without subjects and without a band every present row is explained, or the present number (``default_band``).
    ``is_ahead`` also takes an explanation of what is not open yet. UsageProblemError for a rule, unit or
    period that is none, for nothing open, for a subject that no open row bears, for a present number outside
    the band, and for a last day in the past. The workspace's lock must be held.
    """
    _check(session, waiver, day)
    found = _open_rows(session, waiver)
    if found:
        rows = [_line(waiver, day, finding, *_scope(waiver, finding)) for finding in found]
    elif is_ahead:
        rows = [_line_ahead(waiver, day)]
    else:
        raise UsageProblemError(_nothing_open(session, waiver))
    store = session.store
    standing = {row["decision_id"] for row in explanation_lines(store.decisions()) if not is_withdrawn(row)}
    instant = store.next_instants(session.clock.now(), 1)[0]
    store.append(DECISION, decision_table(rows, standing, instant))
    return tuple(parse_explanation(row) for row in rows)


def _check(session: Session, waiver: Waiver, day: date) -> None:
    session.unit(waiver.unit_code)
    if waiver.rule_code not in session.messages:
        near = difflib.get_close_matches(waiver.rule_code, list(session.messages), n=3, cutoff=0.5)
        hint = f"gần giống: {', '.join(near)}" if near else "xem mã quy tắc bằng lệnh motcua check"
        raise UsageProblemError(f"Không có quy tắc mang mã “{waiver.rule_code}”; {hint}.")
    if waiver.period_id:
        try:
            parse_period(waiver.period_id)
        except PeriodError as problem:
            raise UsageProblemError(str(problem)) from problem
    if not waiver.reason.strip() or not waiver.author.strip():
        raise UsageProblemError(
            "Lý do (--reason) hoặc người giải trình (--author) bị bỏ trống; hãy ghi đủ cả hai."
        )
    if waiver.expires_on is not None and waiver.expires_on < day:
        raise UsageProblemError(
            f"Ngày hết hiệu lực {official_date(waiver.expires_on)} đứng trước ngày làm việc {official_date(day)}; "
            "hãy chọn ngày muộn hơn."
        )
    if waiver.tolerance is not None and (waiver.low, waiver.high) != (None, None):
        raise UsageProblemError("Chỉ ghi một trong hai: --tolerance, hoặc --from và --to.")
    if waiver.low is not None and waiver.high is not None and waiver.low > waiver.high:
        raise UsageProblemError(
            f"Khoảng từ {thousands(waiver.low)} đến {thousands(waiver.high)} không có số nào; hãy đổi --from và --to."
        )


def _open_rows(session: Session, waiver: Waiver) -> list[Row]:
    """Open findings of the unit and rule that the period and the subjects mean."""
    own = [
        row
        for row in session.store.findings().to_pylist()
        if (row["state"], row["unit_code"], row["code"]) == ("open", waiver.unit_code, waiver.rule_code)
    ]
    if waiver.period_id and own:
        # A finding about a month of the past carries it as its subject.
        periods = {row["period_id"] or own_subject(row) for row in own} - {""}
        own = [row for row in own if waiver.period_id in (row["period_id"], own_subject(row))]
        if not own:
            hint = (
                f"các kỳ đang có phát hiện: {', '.join(sorted(periods))}"
                if periods
                else "quy tắc này không gắn với kỳ báo cáo nào, hãy bỏ --period"
            )
            raise UsageProblemError(
                f"Quy tắc {waiver.rule_code} không có phát hiện nào đang mở về kỳ {waiver.period_id}; {hint}."
            )
    if not waiver.subjects or not own:
        return own
    known = {subject for row in own for subject in (*_subjects(row), own_subject(row))}
    if missing := [subject for subject in waiver.subjects if subject not in known]:
        raise UsageProblemError(
            f"Phát hiện {waiver.rule_code} đang mở không có đối tượng {', '.join(missing[:3])}; "
            "xem các dòng trong tệp trả lại hoặc bằng lệnh motcua check --json."
        )
    wanted = set(waiver.subjects)
    return [row for row in own if wanted & {*_subjects(row), own_subject(row)}]


def _scope(waiver: Waiver, finding: Row) -> tuple[tuple[ExplainedRow, ...], Band]:
    """The rows that are explained, else the band."""
    meant = [
        place
        for place in finding["places"] or ()
        if not waiver.subjects or place["subject"] in waiver.subjects
    ]
    if meant and (waiver.subjects or not waiver.has_band):
        if waiver.has_band:
            raise UsageProblemError(
                "--from, --to và --tolerance nói về số lượng của cả phát hiện nên không đi cùng --subject của từng dòng."
            )
        rows = (
            ExplainedRow(
                place["subject"] or "",
                place["sheet"] or "",
                place["row"] or 0,
                value_mark(place["value"] or ""),
            )
            for place in meant
        )
        return tuple(dict.fromkeys(rows)), Band()
    value = finding_value(finding)
    band = _band(waiver, finding, value)
    if not band.holds(value):
        raise UsageProblemError(
            f"Số hiện nay của phát hiện {waiver.rule_code} là {thousands(value)}, nằm ngoài khoảng đã ghi; "
            "hãy sửa --from, --to cho gồm cả số này."
        )
    return (), band


def _band(waiver: Waiver, finding: Row, value: int) -> Band:
    if waiver.tolerance is None:
        return Band(waiver.low, waiver.high) if waiver.has_band else default_band(finding)
    room = value * waiver.tolerance // 100
    is_both_ways = waiver.rule_code.startswith(BOTH_WAYS)
    return Band(value - room if is_both_ways else None, value + room)


def _line(waiver: Waiver, day: date, finding: Row, rows: Sequence[ExplainedRow], band: Band) -> Row:
    about = own_subject(finding)
    subjects = list(dict.fromkeys(row.subject for row in rows if row.subject))
    return _decision(
        waiver,
        day,
        period_id=finding["period_id"] or None,
        record_kind=finding["kind"] or None,
        subject=about or (subjects[0] if len(subjects) == 1 else None),
        column_name=finding["column_name"] or None,
        details={
            "finding_id": finding["finding_id"],
            "about": about,
            "rows": [asdict(row) for row in rows],
            "low": band.low,
            "high": band.high,
        },
    )


def _line_ahead(waiver: Waiver, day: date) -> Row:
    if waiver.tolerance is not None or not (waiver.subjects or waiver.has_band):
        raise UsageProblemError(
            "Giải trình trước (--ahead) cần --subject, hoặc --from và --to, vì chưa có phát hiện nào để lấy số."
        )
    if waiver.has_band and len(waiver.subjects) > 1:
        raise UsageProblemError("Giải trình trước theo khoảng số chỉ nhận một --subject.")
    about = waiver.subjects[0] if waiver.has_band and waiver.subjects else ""
    rows = () if waiver.has_band else tuple(ExplainedRow(subject) for subject in waiver.subjects)
    return _decision(
        waiver,
        day,
        period_id=waiver.period_id or None,
        record_kind=None,
        subject=waiver.subjects[0] if len(waiver.subjects) == 1 else None,
        column_name=None,
        details={
            "about": about,
            "rows": [asdict(row) for row in rows],
            "low": waiver.low,
            "high": waiver.high,
        },
    )


def _decision(waiver: Waiver, day: date, details: dict[str, Any], **about: str | None) -> Row:
    author, reason = masked(waiver.author.strip()), masked(waiver.reason.strip())
    expires = waiver.expires_on.isoformat() if waiver.expires_on else ""
    told = {name: value for name, value in details.items() if name != "finding_id"}
    identity = [WAIVER, waiver.unit_code, waiver.rule_code, about, told, author, reason, expires]
    text = json.dumps(identity, ensure_ascii=False, sort_keys=True)
    return {
        "decision_id": hashlib.sha256(text.encode()).hexdigest()[:16],
        "kind": WAIVER,
        "unit_code": waiver.unit_code,
        "rule_code": waiver.rule_code,
        **about,
        "author": author,
        "reason": reason,
        "details_json": json.dumps(details, ensure_ascii=False),
        "source": _SOURCE,
        "decided_on": day,
        "expires_on": waiver.expires_on,
    }


def _nothing_open(session: Session, waiver: Waiver) -> str:
    unit = session.unit(waiver.unit_code)
    return (
        f"{unit.full_name[:1].upper()}{unit.full_name[1:]} không có phát hiện {waiver.rule_code} nào đang mở nên chưa có gì "
        "để giải trình; muốn giải trình trước, hãy thêm --ahead cùng --subject, hoặc --from và --to."
    )


def _subjects(finding: Row) -> set[str]:
    return {place["subject"] for place in finding["places"] or () if place["subject"]}
