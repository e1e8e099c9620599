"""What counts as a change between two looks at the findings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from expectations.changes import finding_changes
from expectations.life import FindingState

ONE = FindingState("a", "dossier.due_date.missing", "16204", "warning", "unit", 3)
NOTE = replace(ONE, severity="info")
EXPLAINED = replace(ONE, is_explained=True)
CRITICAL = replace(ONE, severity="critical")


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, ONE, "new"),
        (None, EXPLAINED, None),
        (ONE, ONE, None),
        (ONE, replace(ONE, count=4), "worse"),
        (ONE, replace(ONE, count=2), "better"),
        (ONE, CRITICAL, "worse"),
        (CRITICAL, replace(ONE, count=9), "better"),
        (ONE, EXPLAINED, "explained"),
        (EXPLAINED, replace(EXPLAINED, count=9), None),
        (EXPLAINED, ONE, "reopened"),
        (EXPLAINED, None, "fixed"),
        (ONE, None, "fixed"),
        (NOTE, replace(NOTE, count=90), None),
        (NOTE, None, "fixed"),
    ],
)
def test_change_of_one_finding(
    before: FindingState | None, after: FindingState | None, kind: str | None
) -> None:
    found = finding_changes({"a": before} if before else {}, {"a": after} if after else {})
    assert [change.kind for change in found] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("before", "after", "is_urgent"),
    [
        (None, CRITICAL, True),
        (ONE, CRITICAL, True),
        (replace(CRITICAL, is_explained=True), CRITICAL, True),
        (CRITICAL, replace(CRITICAL, count=9), False),
        (CRITICAL, None, False),
        (None, ONE, False),
    ],
)
def test_only_what_newly_became_critical_is_urgent(
    before: FindingState | None, after: FindingState | None, is_urgent: bool
) -> None:
    (change,) = finding_changes({"a": before} if before else {}, {"a": after} if after else {})
    assert change.is_newly_critical is is_urgent
