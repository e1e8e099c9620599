"""A planned message in Vietnamese: title, plain text and HTML from the same values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from expectations.changes import Change
from expectations.life import BETTER, EXPLAINED, FIXED, NEW, REOPENED, WORSE
from expectations.messages import NO_UNIT
from pipelines import package_files
from pipelines.notify.digest import PlannedAlert
from pipelines.notify.told import DIGEST
from pipelines.steps.decisions import masked
from transforms.calendar.day_words import official_date
from transforms.indicators.due_soon import DueCounts
from transforms.report.numbers_vi import thousands
from transforms.report.todo_words import due_words
from transforms.schema.tables import SEVERITIES

SHOWN_ITEMS = 8
"""Findings of one unit and severity that are written out; the others are counted."""
SHOWN_SUBJECTS = 3
SHOWN_WORKBOOKS = 3
SHOWN_UNITS = 2
_TALLY = (
    ((NEW, REOPENED), "việc mới"),
    ((WORSE,), "việc tăng"),
    ((BETTER,), "việc giảm"),
    ((EXPLAINED,), "việc đã giải trình"),
    ((FIXED,), "việc đã xong"),
)


@dataclass(frozen=True, slots=True)
class FindingText:
    """What a message says of a finding besides its state; never a value of a row."""

    sentence: str
    remedy: str
    file: str = ""
    subjects: tuple[str, ...] = ()
    """The first records concerned, usually dossier codes."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A message ready to be sent."""

    title: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the wording needs to know besides the changes."""

    day: date
    texts: Mapping[str, FindingText]
    unit_names: Mapping[str, str]
    workbooks: Mapping[str, Sequence[str]]
    """Paths in the workspace's outbox by unit."""
    opened_on: Callable[[str], date]
    due: Mapping[str, DueCounts] = field(default_factory=dict)
    """Dossiers that fall due soon by unit; told beside a digest that is sent anyway."""


def word_alert(alert: PlannedAlert, facts: Facts) -> Wording:
    """The message; a jinja2 error for a template that names what there is not."""
    by_unit: dict[str, list[Change]] = {}
    for change in alert.changes:
        by_unit.setdefault(change.finding.unit_code, []).append(change)
    names = {code: facts.unit_names.get(code, code) or NO_UNIT for code in by_unit}
    order = sorted(by_unit, key=lambda code: (code == "", names[code], code))
    units = [_unit(code, names[code], by_unit[code], alert, facts) for code in order]
    place = ", ".join(names[code] for code in order[:SHOWN_UNITS])
    rest = len(order) - SHOWN_UNITS
    values = {
        "kind": alert.kind,
        "recipient": alert.recipient.name,
        "is_first": alert.is_first,
        "day": official_date(facts.day),
        "place": f"{place} và {thousands(rest)} đơn vị khác" if rest > 0 else place,
        "count": thousands(len(alert.changes)),
        "tally": _tally(alert.changes),
        "units": units,
        "is_asking": any(unit["groups"] for unit in units),
        "has_workbook": any(unit["workbooks"] for unit in units),
    }
    plain, rich = _environments()
    title = plain.from_string('{% from "words.j2" import title with context %}{{ title() }}')
    return Wording(
        " ".join(title.render(values).split()),
        plain.get_template("message.txt.j2").render(values).strip() + "\n",
        rich.get_template("message.html.j2").render(values).strip() + "\n",
    )


def word_heartbeat(recipient: str, last: str, hours: int, workspace: str) -> Wording:
    """What IT is told when nights stay away; ``last``: the last good one in words, empty when there was none."""
    plain, _ = _environments()
    text = plain.get_template("heartbeat.txt.j2").render(
        recipient=recipient, last=last, hours=hours, workspace=workspace
    )
    html = "".join(f"<p>{part}</p>\n" for part in _escaped(text).split("\n\n"))
    return Wording("Một cửa: chưa có lượt chạy đêm nào hoàn thành", text.strip() + "\n", html)


def _unit(
    code: str, name: str, changes: Sequence[Change], alert: PlannedAlert, facts: Facts
) -> dict[str, Any]:
    closed = {kind: [c for c in changes if c.kind == kind] for kind in (EXPLAINED, FIXED)}
    asking = [change for change in changes if change.kind not in closed]
    groups = []
    for severity in SEVERITIES:
        same = [change for change in asking if change.finding.severity == severity]
        if same:
            groups.append(
                {
                    "severity": severity,
                    "findings": _items(same, facts),
                    "more": _rest(same, SHOWN_ITEMS),
                }
            )
    workbooks = list(facts.workbooks.get(code, ())) if asking and code in alert.own_units else []
    named = f"{name} ({code})" if code else name
    return {
        "name": named,
        "name_capital": named[:1].upper() + named[1:],
        "groups": groups,
        "explained": [_item(change, facts) for change in closed[EXPLAINED][:SHOWN_ITEMS]],
        "more_explained": _rest(closed[EXPLAINED], SHOWN_ITEMS),
        "fixed": [_item(change, facts) for change in closed[FIXED][:SHOWN_ITEMS]],
        "more_fixed": _rest(closed[FIXED], SHOWN_ITEMS),
        "due": _due(code, alert, facts),
        "workbooks": workbooks[:SHOWN_WORKBOOKS],
        "more_workbooks": _rest(workbooks, SHOWN_WORKBOOKS),
    }


def _due(code: str, alert: PlannedAlert, facts: Facts) -> str:
    counts = facts.due.get(code) if alert.kind == DIGEST and code in alert.own_units else None
    return due_words(counts) if counts is not None and counts != DueCounts() else ""


def _items(changes: Sequence[Change], facts: Facts) -> list[dict[str, Any]]:
    """The first ones by rule; what is mended in the same way says so once, under the last of them."""
    ordered = sorted(changes, key=lambda c: (c.finding.code, facts.texts[c.finding.finding_id].sentence))
    items = [_item(change, facts) for change in ordered[:SHOWN_ITEMS]]
    for item, following in pairwise(items):
        if item["remedy"] == following["remedy"]:
            item["remedy"] = ""
    return items


def _item(change: Change, facts: Facts) -> dict[str, Any]:
    state, text = change.finding, facts.texts[change.finding.finding_id]
    # What a finding about units is about stands in its sentence.
    subjects = [subject for subject in text.subjects if subject not in facts.unit_names]
    before = change.before.count if change.before and change.before.count != state.count else None
    return {
        "change": change.kind,
        "sentence": masked(text.sentence),
        "remedy": masked(text.remedy),
        "file": masked(text.file) if text.file and text.file not in text.sentence else "",
        "subjects": [masked(subject) for subject in subjects],
        "more_subjects": thousands(state.count - len(subjects))
        if subjects and state.count > len(subjects)
        else "",
        "count": thousands(state.count),
        "count_before": "" if before is None else thousands(before),
        "opened_on": official_date(facts.opened_on(state.finding_id)) if change.after else "",
    }


def _tally(changes: Sequence[Change]) -> list[str]:
    counts = [(sum(change.kind in kinds for change in changes), words) for kinds, words in _TALLY]
    return [f"{thousands(count)} {words}" for count, words in counts if count]


def _rest(items: Sequence[object], shown: int) -> str:
    return thousands(len(items) - shown) if len(items) > shown else ""


@lru_cache(maxsize=1)
def _environments() -> tuple[Environment, Environment]:
    """One for plain text, one that escapes for HTML."""
    loader = DictLoader(dict(package_files.alert_templates()))
    plain, rich = (
        Environment(
            loader=loader,
            autoescape=is_html,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        for is_html in (False, True)
    )
    return plain, rich


def _escaped(text: str) -> str:
    from markupsafe import escape

    return str(escape(text.strip()))
