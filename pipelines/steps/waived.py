"""Explanations on record: listed with what they still cover, and withdrawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from expectations.explained import Explanation, Explanations
from pipelines.errors import UsageProblemError
from pipelines.session import Session
from pipelines.steps.decisions import decision_table, masked
from pipelines.steps.explanations import (
    explanation_lines,
    is_withdrawn,
    parse_explanation,
    parse_explanations,
    withdrawn_row,
)
from transforms.report.numbers_vi import thousands
from transforms.schema.tables import DECISION


@dataclass(frozen=True, slots=True)
class Listed:
    """One explanation with what became of it. ``covers``: rows and numbers of open findings that it explains now."""

    explanation: Explanation
    kind: str
    source: str
    is_withdrawn: bool
    is_in_force: bool
    covers: int


def withdraw(session: Session, decision_id: str, author: str, reason: str = "") -> Explanation:
    """The explanation that counts no more from now on; what was reported under it stays as it was.

    UsageProblemError for an id that is none, or that was withdrawn before. The workspace's lock must be held.
    """
    store = session.store
    lines = {row["decision_id"]: row for row in explanation_lines(store.decisions())}
    line = lines.get(decision_id)
    if line is None:
        raise UsageProblemError(
            f"Không có giải trình mang mã {decision_id}; xem các mã bằng lệnh motcua waive list."
        )
    if is_withdrawn(line):
        raise UsageProblemError(f"Giải trình {decision_id} đã được rút trước đó, không cần rút lại.")
    instant = store.next_instants(session.clock.now(), 1)[0]
    row = withdrawn_row(line, masked(author.strip()), masked(reason.strip()))
    store.append(DECISION, decision_table([row], frozenset(), instant))
    return parse_explanation(line)


def list_explanations(session: Session, day: date, unit_code: str = "") -> tuple[Listed, ...]:
    """Every explanation ever accepted, of one unit where given, in the order in which they were first made."""
    store = session.store
    decisions = store.decisions()
    in_force = Explanations(parse_explanations(decisions), day)
    covers: Counter[str] = Counter()
    for finding in store.findings().to_pylist():
        if finding["state"] == "open":
            for part in in_force.coverage(finding).parts:
                covers[part.explanation.decision_id] += part.count
    listed = []
    for row in explanation_lines(decisions):
        explanation = parse_explanation(row)
        if unit_code in ("", explanation.unit_code):
            gone = is_withdrawn(row)
            is_valid = not gone and explanation.is_in_force(day)
            listed.append(
                Listed(
                    explanation, row["kind"], row["source"], gone, is_valid, covers[explanation.decision_id]
                )
            )
    return tuple(listed)


def scope_words(explanation: Explanation) -> str:
    """What an explanation means: rows, or how far the number may move."""
    if explanation.rows:
        subjects = [row.subject for row in explanation.rows if row.subject]
        shown = f": {', '.join(subjects[:3])}{', …' if len(subjects) > 3 else ''}" if subjects else ""
        return f"{thousands(len(explanation.rows))} dòng{shown}"
    low, high = explanation.band.low, explanation.band.high
    about = f"{explanation.subject}, " if explanation.subject else ""
    if low is None and high is None:
        return f"{about}mọi giá trị"
    if low == high and low is not None:
        return f"{about}giá trị {thousands(low)}"
    parts = [f"từ {thousands(low)}"] if low is not None else []
    parts += [f"đến {thousands(high)}"] if high is not None else []
    return f"{about}giá trị {' '.join(parts)}"
