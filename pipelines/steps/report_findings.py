"""The findings that one report speaks of: those that are open, and what people explained."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pipelines.steps.open_findings import OpenFinding
from transforms.report.inputs import ReportExplanation, ReportFinding
from transforms.schema.tables import SEVERITIES


def concerning_findings(
    findings: Sequence[OpenFinding],
    lines: Mapping[str, str],
    period_id: str,
    audiences: Collection[str],
) -> tuple[OpenFinding, ...]:
    """Those of the report's units (``lines``: unit → line it counts for) and of its period or of none."""
    return tuple(
        finding
        for finding in findings
        if finding.unit_code in lines
        and finding.period_id in ("", period_id)
        and finding.audience in audiences
    )


def report_findings(findings: Sequence[OpenFinding], lines: Mapping[str, str]) -> tuple[ReportFinding, ...]:
    """What the report is stamped with and lists as open: nothing that was explained in full."""
    return tuple(
        ReportFinding(
            each.severity, each.code, lines[each.unit_code], each.sentence, each.remedy, each.finding_id
        )
        for each in findings
        if not each.is_explained
    )


def report_explanations(
    findings: Sequence[OpenFinding], lines: Mapping[str, str]
) -> tuple[ReportExplanation, ...]:
    """Every explanation of one of the findings, by unit, the gravest first.

    Explanations of single rows in the same words are one line: units answer row by row.
    """
    found: list[ReportExplanation] = []
    for finding in findings:
        alike: dict[tuple[object, ...], ReportExplanation] = {}
        for part in finding.coverage.parts:
            said = part.explanation
            words = (said.reason, said.author, said.decided_on, said.expires_on)
            if first := alike.get(words):
                alike[words] = replace(
                    first, count=first.count + part.count, subjects=(*first.subjects, *part.subjects)
                )
                continue
            alike[words] = ReportExplanation(
                finding_id=finding.finding_id,
                decision_id=said.decision_id,
                severity=finding.severity,
                code=finding.code,
                unit_code=lines[finding.unit_code],
                sentence=finding.sentence,
                count=part.count,
                subjects=part.subjects,
                reason=said.reason,
                author=said.author,
                decided_on=said.decided_on,
                expires_on=said.expires_on,
                is_full=finding.is_explained,
                is_whole=not said.rows,
            )
        found.extend(alike.values())
    return tuple(
        sorted(
            found,
            key=lambda each: (each.unit_code, SEVERITIES.index(each.severity), each.code, each.finding_id),
        )
    )
