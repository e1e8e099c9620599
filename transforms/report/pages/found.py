"""Open findings of a page, the gravest first, each with its rows, its remedy and since when it is open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from transforms.report.numbers_vi import thousands
from transforms.report.pages.changes import STATE_NAMES
from transforms.report.pages.inputs import NightInputs, OpenCurve, PageFinding
from transforms.report.pages.model import FoundItem, FoundList, PageBlock, Trends
from transforms.report.pages.trends import finding_trend
from transforms.report.pages.wording import counted, day_words, paragraph
from transforms.report.words import Words, finding_source, joined_words, named
from transforms.schema.tables import SEVERITY_NAMES

UNIT, PARENT = "unit", "parent"
"""Audiences: what a unit is shown about itself, and what only the level above is shown."""


def findings_of(night: NightInputs, codes: Collection[str], audience: str) -> tuple[PageFinding, ...]:
    """Findings of these units for that audience, about no period or one of the night's.

    What one rule says of several periods of one unit is told once, for the main period or else the longest.
    """
    order = ["", *(report.table.reckoning.period.period_id for report in night.reports)]
    own = [
        each
        for each in night.findings
        if each.unit_code in codes and each.audience == audience and each.period_id in order
    ]
    kept: dict[tuple[str, ...], PageFinding] = {}
    for each in sorted(own, key=lambda each: order.index(each.period_id)):
        key = (each.finding_id,) if not each.period_id else (each.unit_code, each.code, each.state)
        kept.setdefault(key, each)
    return tuple(each for each in own if each in kept.values())


def found_blocks(
    night: NightInputs,
    findings: Sequence[PageFinding],
    curve: OpenCurve | None,
    unit_names: Mapping[str, str],
) -> tuple[PageBlock, ...]:
    """The open ones, then their history as a drawing; ``unit_names``: named beside a finding, empty to name none."""
    asking = [finding for finding in findings if finding.is_open and not finding.is_explained]
    explained = [finding for finding in findings if finding.is_explained]
    blocks: list[PageBlock] = []
    if asking:
        blocks.append(
            FoundList("Phát hiện đang mở", tuple(_item(each, unit_names) for each in _sorted(asking)))
        )
    else:
        blocks.append(paragraph("Không có phát hiện nào đang mở cần xử lý."))
    if explained:
        blocks.append(
            paragraph(
                Words(*counted(len(explained)).parts, " phát hiện đã được giải trình, không phải xử lý.")
            )
        )
    trend = finding_trend(curve, "Số trường hợp đang mở theo ngày")
    if trend is not None:
        blocks.append(Trends((trend,)))
    return tuple(blocks)


def count_words(findings: Sequence[PageFinding]) -> str:
    """ "2 nghiêm trọng, 3 cảnh báo": open ones that ask for something, by severity."""
    asking = [finding.severity for finding in findings if finding.is_open and not finding.is_explained]
    parts = (
        Words(*counted(asking.count(severity)).parts, f" {name.lower()}")
        for severity, name in SEVERITY_NAMES.items()
        if severity in asking
    )
    return joined_words(", ", *parts)


def _sorted(findings: Sequence[PageFinding]) -> list[PageFinding]:
    order = list(SEVERITY_NAMES)
    return sorted(
        findings, key=lambda each: (order.index(each.severity), each.unit_code, each.code, each.finding_id)
    )


def _item(finding: PageFinding, unit_names: Mapping[str, str]) -> FoundItem:
    source = finding_source(finding.finding_id)
    remarks: list[str] = []
    if finding.unit_code in unit_names:
        remarks.append(unit_names[finding.unit_code])
    if finding.count > 1:
        remarks.append(named(f"{thousands(finding.count)} trường hợp", source))
    if finding.since is not None:
        remarks.append(Words("từ ngày ", *day_words(finding.since).parts))
    state = STATE_NAMES.get(finding.state, "")
    return FoundItem(
        finding.severity,
        state,
        named(finding.sentence, source),
        named(finding.remedy, source),
        joined_words(" · ", *remarks),
    )
