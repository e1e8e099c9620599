"""The labelled report texts of ``tests/audit_texts``: reading them, and counting what an audit gets right.

A file is a report's text, a line ``---``, and one line per claim: ``letters of the report => verdict`` (or
the code of a remark); ``#2`` after the letters means their second occurrence. Figures of the data follow a
line ``--- dữ liệu`` as ``measure / facet: number``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from transforms.audit import (
    Audit,
    AuditFacts,
    KnownFigure,
    LegalDocument,
    ReportText,
    Span,
    audit_text,
    split_text,
)

FOLDER = Path(__file__).parents[1] / "audit_texts"
_LABEL = re.compile(r"(?P<text>.+?)(?:\s+#(?P<nth>\d+))?\s+=>\s+(?P<answer>[a-z_.]+)")
_FIGURE = re.compile(r"(?P<measure>[a-z_]+)(?:\s*/\s*(?P<facet>[^:]+?))?\s*:\s*(?P<value>[\d.]+)")


@dataclass(frozen=True)
class Label:
    """What a claim at a place must be judged as."""

    span: Span
    text: str
    answer: str


@dataclass(frozen=True)
class Case:
    """One labelled report."""

    name: str
    report: ReportText
    labels: tuple[Label, ...]
    figures: tuple[KnownFigure, ...]


@dataclass(frozen=True)
class Score:
    """How many were right, how many were said, how many there are."""

    right: int
    said: int
    labelled: int

    @property
    def precision(self) -> float:
        """Share of what was said that is right; 1 when nothing was said."""
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """Share of the labels that were found; 1 when there are none."""
        return self.right / self.labelled if self.labelled else 1.0


def read_cases(folder: Path = FOLDER) -> list[Case]:
    """Every labelled text, by file name."""
    return [read_case(path) for path in sorted(folder.glob("*.txt"))]


def read_case(path: Path) -> Case:
    """One labelled text; a label whose letters do not stand in the text fails."""
    text, _, rest = path.read_text("utf-8").partition("\n---\n")
    marked, _, data = rest.partition("--- dữ liệu\n")
    report = split_text(text)
    labels = tuple(_label(path.name, report, line) for line in marked.splitlines() if line.strip())
    figures = tuple(_figure(path.name, line) for line in data.splitlines() if line.strip())
    return Case(path.stem, report, labels, figures)


def audit_case(case: Case, documents: tuple[LegalDocument, ...] = ()) -> Audit:
    """The audit of a case with its own figures."""
    return audit_text(case.report, AuditFacts(documents=documents, figures=case.figures))


def score_cases(
    cases: Iterable[Case], documents: tuple[LegalDocument, ...]
) -> tuple[dict[str, Score], list[str]]:
    """Scores by verdict and by kind of remark, and a line for every miss and every false answer.

    A said answer is right when a label of the same answer overlaps it; a label counts once.
    """
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    labelled: Counter[str] = Counter()
    lines: list[str] = []
    for case in cases:
        open_labels = list(case.labels)
        labelled.update(label.answer for label in case.labels)
        for span, answer, sentence in _answers(audit_case(case, documents)):
            said[answer] += 1
            match = next(
                (label for label in open_labels if label.answer == answer and label.span.overlaps(span)), None
            )
            if match:
                open_labels.remove(match)
                right[answer] += 1
            else:
                letters = case.report.blocks[span.block].text[span.start : span.end]
                lines.append(f"{case.name}: said {answer} of “{letters}”: {sentence}")
        lines += [f"{case.name}: missed {label.answer} of “{label.text}”" for label in open_labels]
    answers = sorted(said.keys() | labelled.keys())
    return {answer: Score(right[answer], said[answer], labelled[answer]) for answer in answers}, lines


def _answers(audit: Audit) -> Iterator[tuple[Span, str, str]]:
    for judgement in audit.judgements:
        yield judgement.claim.span, judgement.verdict.value, judgement.sentence
    for remark in audit.remarks:
        yield remark.span, remark.code, remark.sentence


def _label(file: str, report: ReportText, line: str) -> Label:
    found = _LABEL.fullmatch(line.strip())
    if found is None:
        raise ValueError(f"{file}: not a label: {line!r}")
    places = [
        Span(index, match.start(), match.end())
        for index, block in enumerate(report.blocks)
        for match in re.finditer(rf"(?<![\d.,]){re.escape(found['text'])}(?![\d])", block.text)
    ]
    nth = int(found["nth"] or 1)
    if len(places) < nth:
        raise ValueError(f"{file}: “{found['text']}” does not stand in the text {nth} times")
    return Label(places[nth - 1], found["text"], found["answer"])


def _figure(file: str, line: str) -> KnownFigure:
    found = _FIGURE.fullmatch(line.strip())
    if found is None:
        raise ValueError(f"{file}: not a figure: {line!r}")
    facet = found["facet"] or ""
    return KnownFigure(
        found["measure"], Decimal(found["value"]), f"{found['measure']}/mau/{facet or '*'}", facet
    )
