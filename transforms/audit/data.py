"""Counts of the report against the figures of the data, each with its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from transforms.audit.lists import ItemList, first_number, item_label
from transforms.audit.measures import clause_of, measure_of
from transforms.audit.model import BlockKind, Claim, ClaimKind, Judgement, KnownFigure, Role, Stated, Verdict
from transforms.audit.numbers import Quantity
from transforms.audit.reading import ReadBlock
from transforms.audit.wording import say
from transforms.text_vi import fold

_UNITS = {"ho_so", "don", "truong_hop"}
_DOCUMENT_UNITS = {"van_ban", "loai_van_ban", ""}
_OTHER_PERIOD = re.compile(
    r"cùng kỳ|kỳ trước|năm trước|tháng trước|quý trước|kế hoạch|chỉ tiêu|so với", re.IGNORECASE
)
_DOCUMENTS = "documents_issued"
_RECEIVED = ("received_total", "received_in_window")
"""What a report calls "tiếp nhận" may leave out what was carried over; either figure clears it."""
_MONEY: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("fee_total_amount", re.compile(r"tổng[^\d]{0,40}phí[^\d]{0,40}$", re.IGNORECASE)),
    ("fee_duty_amount", re.compile(r"(?<!phí, )lệ phí\s*(?:là|:)?\s*$", re.IGNORECASE)),
    ("fee_charge_amount", re.compile(r"(?<!lệ )phí\s*(?:là|:)?\s*$", re.IGNORECASE)),
)
_PAPERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("legal_documents_issued", re.compile(r"văn bản quy phạm pháp luật|vbqppl", re.IGNORECASE)),
    ("documents_received", re.compile(r"tiếp nhận|văn bản đến", re.IGNORECASE)),
    (_DOCUMENTS, re.compile(r"văn bản hành chính", re.IGNORECASE)),
)


def judge_data(
    reads: Sequence[ReadBlock], lists: Sequence[ItemList], figures: Sequence[KnownFigure]
) -> Iterator[Judgement]:
    """Agrees or disagrees for every count whose words name exactly one known figure.

    Items of a list take the measure of the paragraph above it: "tiếp nhận 1.363 hồ sơ, cụ thể:" makes its
    items received dossiers by field. A number that names no known figure is left alone.
    """
    if not figures:
        return
    wholes = {figure.measure_id: figure for figure in figures if not figure.facet}
    facets = {
        (figure.measure_id, fold(name)): figure
        for figure in figures
        if figure.facet
        for name in (figure.facet, *figure.facet_aliases)
    }
    items = dict(_items(lists, facets))
    for read in reads:
        if read.block.kind is BlockKind.TABLE_ROW:
            continue
        for quantity in read.quantities:
            if not quantity.is_count or quantity.below is not None:
                continue
            named = items.get((read.index, quantity.start)) or _wholes(read, quantity, wholes)
            if named:
                equal = next((figure for figure in named if figure.value == quantity.value), named[0])
                yield _judge(read, quantity, equal)


def _items(
    lists: Sequence[ItemList], facets: Mapping[tuple[str, str], KnownFigure]
) -> Iterator[tuple[tuple[int, int], list[KnownFigure]]]:
    for item_list in lists:
        measure = next(
            (m for q in reversed(item_list.parent.quantities) if (m := measure_of(item_list.parent, q))), ""
        )
        for read in item_list.items:
            quantity = first_number(read)
            if quantity is None:
                continue
            name = re.sub(r"^(?:linh vuc|so)\s+", "", fold(item_label(read, quantity)))
            measures = [*(_RECEIVED if measure in _RECEIVED else (measure,))]
            if quantity.unit in _DOCUMENT_UNITS:
                measures.append(_DOCUMENTS)
            found = [figure for candidate in measures if (figure := facets.get((candidate, name)))]
            if found:
                yield (read.index, quantity.start), found


def _wholes(read: ReadBlock, quantity: Quantity, wholes: Mapping[str, KnownFigure]) -> list[KnownFigure]:
    start, end = clause_of(read, quantity)
    words = read.text[start:end]
    measure = measure_of(read, quantity)
    if _OTHER_PERIOD.search(words) and measure != "carried_over":
        return []
    before = read.text[read.sentence_at(quantity.start)[0] : quantity.start]
    if quantity.unit == "dong":
        names = [name for name, pattern in _MONEY if pattern.search(before)][:1]
    elif quantity.unit == "van_ban":
        names = [name for name, pattern in _PAPERS if pattern.search(words)][:1]
    elif quantity.unit not in _UNITS or (read.marker and read.marker.rank >= 60):
        # An item speaks of its own field, not of the whole.
        names = []
    else:
        names = [*(_RECEIVED if measure in _RECEIVED else (measure,))]
    return [wholes[name] for name in names if name in wholes]


def _judge(read: ReadBlock, quantity: Quantity, figure: KnownFigure) -> Judgement:
    text = read.text[quantity.start : quantity.end]
    values = (Stated(Role.STATED, quantity.value, read.span_of(quantity)),)
    claim = Claim(ClaimKind.COUNT, read.index, quantity.start, quantity.end, text, values)
    off = quantity.value - figure.value
    name = f" ({figure.facet})" if figure.facet else ""
    if off == 0:
        return Judgement(
            claim,
            Verdict.AGREES_WITH_DATA,
            f"Khớp với dữ liệu{name}: {say(figure.value)}.",
            figure.value,
            off,
            figure.cell_id,
        )
    if abs(off) <= (quantity.precision / 2 if quantity.precision != 1 else 0) or (
        quantity.approximation and abs(off) * 20 <= figure.value
    ):
        return Judgement(
            claim,
            Verdict.WITHIN_ROUNDING,
            f"Dữ liệu{name} là {say(figure.value)}; số đã ghi chênh trong phạm vi làm tròn.",
            figure.value,
            off,
            figure.cell_id,
        )
    return Judgement(
        claim,
        Verdict.DISAGREES_WITH_DATA,
        f"Dữ liệu{name} là {say(figure.value)}, báo cáo ghi {say(quantity.value)}, chênh {say(abs(off))}.",
        figure.value,
        off,
        figure.cell_id,
    )
