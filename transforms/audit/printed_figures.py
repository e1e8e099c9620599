"""Figures of our own reports against the data: bookmarks in Word, ids in a web page say which cell each number is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from transforms.audit.documents.model import NamedSpan
from transforms.audit.model import Audit, Claim, ClaimKind, Judgement, ReportText, Role, Span, Stated, Verdict
from transforms.audit.numbers import parse_number
from transforms.text_vi import tidy

_WITH_DATA = (Verdict.AGREES_WITH_DATA, Verdict.DISAGREES_WITH_DATA)


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A figure as a report of ours prints it from the data."""

    text: str
    value: Decimal
    cell_id: str


def judge_printed_figures(
    report: ReportText, places: Iterable[NamedSpan], figures: Mapping[str, Sequence[PrintedFigure]]
) -> Iterator[Judgement]:
    """Agrees or disagrees for every bookmark or id that names a known figure.

    ``figures`` by the stem of that name, several where a report writes the same number in several ways (in
    digits with its unit, in words).
    """
    for place in places:
        written = figures.get(place.name.rpartition("_")[0])
        if not written:
            continue
        figure = written[0]
        text = report.blocks[place.span.block].text[place.span.start : place.span.end]
        printed = tidy(text)
        parsed = parse_number(printed.rstrip("% "))
        value = parsed[0] if parsed else Decimal(0)
        claim = Claim(
            ClaimKind.COUNT,
            place.span.block,
            place.span.start,
            place.span.end,
            text,
            (Stated(Role.STATED, value, place.span),),
        )
        if any(_is_same(printed, other.text) for other in written):
            yield Judgement(
                claim,
                Verdict.AGREES_WITH_DATA,
                f"Khớp với dữ liệu: {figure.text}.",
                figure.value,
                Decimal(0),
                figure.cell_id,
            )
        else:
            sentence = f"Dữ liệu là {figure.text}, báo cáo ghi {printed}."
            difference = value - figure.value
            yield Judgement(
                claim, Verdict.DISAGREES_WITH_DATA, sentence, figure.value, difference, figure.cell_id
            )


def with_data(audit: Audit, printed: Sequence[Judgement]) -> Audit:
    """The audit with what the bookmarks say, each number judged against the data once.

    Where the data show which number is wrong, every other contradiction that this number takes part in
    points to it.
    """
    spans = [judgement.claim.span for judgement in printed]
    kept = [
        judgement
        for judgement in audit.judgements
        if not (judgement.verdict in _WITH_DATA and _overlaps(judgement.claim.span, spans))
    ]
    found = [*kept, *printed]
    wrong = [j.claim.span for j in found if j.verdict is Verdict.DISAGREES_WITH_DATA]
    settled = (_pointed(judgement, wrong) for judgement in found)
    return replace(
        audit,
        judgements=tuple(sorted(settled, key=lambda j: (j.claim.block, j.claim.start, j.claim.kind))),
    )


def _is_same(printed: str, text: str) -> bool:
    if printed == text:
        return True
    one, other = parse_number(printed), parse_number(text)
    return one is not None and other is not None and one[0] == other[0]


def _overlaps(span: Span, spans: Iterable[Span]) -> bool:
    return any(span.overlaps(other) for other in spans)


def _pointed(judgement: Judgement, wrong: Sequence[Span]) -> Judgement:
    if judgement.verdict in _WITH_DATA or not wrong:
        return judgement
    for value in judgement.claim.values:
        for span in wrong:
            if value.span.overlaps(span):
                return replace(judgement, suspect=span)
    return judgement
