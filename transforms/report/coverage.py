"""How much of the units stands behind a figure: shares, who is missing, how old lists are.

A figure that sums over units carries this wherever it is printed: on every page, under every table, after every
group of sentences. For a single unit only the age of a list is to be told here; what it did not send is told by
the sentence about it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from transforms.catalogue.expected import LIST_NAMES
from transforms.catalogue.model import SUPPLEMENT_LIST, Unit
from transforms.indicators.coverage import list_of_measure
from transforms.report.blocks import Figure, Run, Text
from transforms.report.cells import Cells
from transforms.report.inputs import ReportInputs
from transforms.report.names import join_names
from transforms.report.numbers_vi import date_short
from transforms.report.words import Source, Words, joined_words, parts_of, sourced

KIND_MEASURES = {
    "dossier": "received_total",
    "fee": "fee_total_amount",
    "document.outgoing": "documents_issued",
    "document.incoming": "documents_received",
}
"""Kind of list → the measure that every unit has that sent one."""
_QUIET_DAYS = 31
"""So long after a period's first day a small unit's first dossier may still come."""
LACKING_REMARK, UNASKED_REMARK = "chưa có số liệu", "không phải gửi"
_STAMP_NAMES = {**LIST_NAMES, SUPPLEMENT_LIST: "bổ sung"}


@dataclass(frozen=True, slots=True)
class Share:
    """The units behind a figure among those that are to send such a list."""

    count: Figure
    total: Figure
    codes: tuple[str, ...]
    lacking: tuple[Unit, ...]

    @property
    def text(self) -> Words:
        """ "14/16"."""
        return Words(self.count, "/", self.total)


def share_of(inputs: ReportInputs, cells: Cells, measure: str) -> Share:
    """The units that have a measure. Units without such software are counted only where they have it anyway."""
    return find_share(inputs, cells, measure, list_of_measure(measure), cells.units_with(measure))


def supplement_share(inputs: ReportInputs, cells: Cells, item_id: str = "") -> Share:
    """The units that filled in a supplement item, or any item at all."""
    if item_id:
        codes = cells.supplied_by(item_id)
    else:
        codes = tuple(code for code in cells.leaf_codes if any(inputs.supplement.get(code, {}).values()))
    name = f"supplement.{item_id}" if item_id else SUPPLEMENT_LIST
    return find_share(inputs, cells, name, SUPPLEMENT_LIST, codes)


def find_share(inputs: ReportInputs, cells: Cells, name: str, kind: str, codes: tuple[str, ...]) -> Share:
    """The share of those units under the name of what they have; ``kind``: the list that holds it."""
    having = set(codes)
    expected = [
        unit for unit in inputs.leaf_units if unit.code in having or is_expected(inputs, unit.code, kind)
    ]
    # One cell has one value: where fewer units are expected the total is another cell.
    total = "units" if len(expected) == len(inputs.leaf_units) else f"units.{kind}"
    return Share(
        cells.coverage_figure(name, len(having)),
        cells.coverage_figure(total, len(expected)),
        codes,
        tuple(unit for unit in expected if unit.code not in having),
    )


def is_expected(inputs: ReportInputs, unit_code: str, kind: str) -> bool:
    """False where the unit is known to have no software that such a list comes from."""
    return (unit_code, kind) not in inputs.not_expected


def share_note(share: Share, what: str = "Số liệu") -> Text:
    """ "Số liệu của 14/16 đơn vị; chưa có: xã A, xã B."; nothing where every unit has it."""
    if not share.lacking:
        return ()
    return (
        Run(f"{what} của "), share.count, Run("/"), share.total,
        Run(" đơn vị; chưa có: "), sourced(join_names(share.lacking), Source.CATALOGUE), Run("."),
    )  # fmt: skip


def table_notes(inputs: ReportInputs, cells: Cells, *measures: str) -> tuple[Text, ...]:
    """What stands at the foot of a table of those measures: the units behind it, and how old their lists are.

    Measures with the same units are told once; with different ones each names its list.
    """
    notes: list[Text] = []
    if inputs.is_rollup:
        shares = {list_of_measure(measure): share_of(inputs, cells, measure) for measure in measures}
        is_one = len({share.lacking for share in shares.values()}) == 1
        for kind, share in shares.items():
            what = "Số liệu" if is_one else f"Số liệu {LIST_NAMES[kind]}"
            if (note := share_note(share, what)) and not (is_one and notes):
                notes.append(note)
    ages = (age_sentence(inputs, cells, measure) for measure in measures)
    notes += [parts_of(sentence) for sentence in dict.fromkeys(ages) if sentence]
    return tuple(notes)


def supplement_notes(inputs: ReportInputs, cells: Cells) -> tuple[Text, ...]:
    """What stands at the foot of a table of supplement numbers."""
    note = share_note(supplement_share(inputs, cells)) if inputs.is_rollup else ()
    return (note,) if note else ()


def late_start_stamp(inputs: ReportInputs) -> Words | None:
    """Whose dossiers begin well after the period does; None where all reach back to its first day.

    Without it a period before the first list would read as one in which nothing happened.
    """
    first_day = inputs.table.reckoning.start
    late = tuple(
        unit
        for unit in inputs.leaf_units
        if (day := inputs.first_days.get((unit.code, "dossier"))) and (day - first_day).days > _QUIET_DAYS
    )
    if not late:
        return None
    if inputs.is_rollup:
        begins = Words(
            " của ", sourced(join_names(late), Source.CATALOGUE), " bắt đầu sau ngày đầu kỳ báo cáo"
        )
    else:
        day = inputs.first_days[inputs.node.code, "dossier"]
        begins = Words(" bắt đầu từ ", sourced(f"ngày {date_short(day)}", Source.DATE))
    return Words("Số liệu hồ sơ", *begins.parts, "; phần của kỳ báo cáo trước đó chưa có số liệu, ",
                 "không có nghĩa là không phát sinh.")  # fmt: skip


def age_sentence(inputs: ReportInputs, cells: Cells, measure: str) -> str:
    """Up to which day the lists tell, where one was exported before the last day counted; empty otherwise.

    "Số liệu hồ sơ tính đến ngày 03/9/2021, riêng xã A đến ngày 27/8/2021."
    """
    kind, closing_day = list_of_measure(measure), inputs.table.reckoning.closing_day
    with_data = set(cells.units_with(measure))
    days = {
        unit: min(day, closing_day)
        for unit in inputs.leaf_units
        if unit.code in with_data and (day := inputs.data_days.get((unit.code, kind))) is not None
    }
    if not days or min(days.values()) == closing_day:
        return ""
    counted = Counter(days.values())
    common = max(counted, key=lambda day: (counted[day], day))
    others = joined_words(
        "; ",
        *(
            Words(
                sourced(join_names(tuple(unit for unit in days if days[unit] == day)), Source.CATALOGUE),
                " đến ngày ",
                sourced(date_short(day), Source.DATE),
            )
            for day in sorted(set(days.values()) - {common}, reverse=True)
        ),
    )
    subject = f"Số liệu {LIST_NAMES[kind]}"
    if common == closing_day:
        return Words(f"{subject} chưa đủ đến ngày chốt số liệu: ", *others.parts, ".")
    lead = (
        f"{subject} tính đến ngày ",
        sourced(date_short(common), Source.DATE),
        ", ngày kết xuất danh sách",
    )
    return Words(*lead, "; riêng ", *others.parts, ".") if others else Words(*lead, ".")


def page_stamp(inputs: ReportInputs, cells: Cells) -> str:
    """The line on every page of a roll-up that lacks units; empty where nothing is lacking and for a single unit.

    "Thiếu số liệu 2/16 đơn vị", or list by list where they lack different units: "Thiếu số liệu: hồ sơ
    1/16 đơn vị; phí, lệ phí 5/16".
    """
    if not inputs.is_rollup:
        return ""
    shares = {kind: share_of(inputs, cells, measure) for kind, measure in KIND_MEASURES.items()}
    shares[SUPPLEMENT_LIST] = supplement_share(inputs, cells)
    lacking = {
        kind: Words(cells.coverage_figure(f"lacking.{kind}", len(share.lacking)), "/", share.total)
        for kind, share in shares.items()
        if share.lacking
    }
    if not lacking:
        return ""
    if len({(shares[kind].lacking, shares[kind].total.text) for kind in lacking}) == 1:
        count = next(iter(lacking.values()))
        if len(lacking) == len(shares):
            return Words("Thiếu số liệu ", *count.parts, " đơn vị")
    (kind, count), *rest = lacking.items()
    first = Words(f"{_STAMP_NAMES[kind]} ", *count.parts, " đơn vị")
    others = (Words(f"{_STAMP_NAMES[kind]} ", *count.parts) for kind, count in rest)
    return Words("Thiếu số liệu: ", *joined_words("; ", first, *others).parts)


def share_remark(inputs: ReportInputs, cells: Cells, measure: str) -> str:
    """ "số liệu của 14/16 đơn vị" beside a number or a title of a roll-up; empty where nothing is lacking."""
    share = share_of(inputs, cells, measure) if inputs.is_rollup else None
    return Words("số liệu của ", *share.text.parts, " đơn vị") if share and share.lacking else ""


def lacking_name(inputs: ReportInputs, unit: Unit, kind: str) -> str:
    """A unit's name in a line without figures, with the reason."""
    reason = LACKING_REMARK if is_expected(inputs, unit.code, kind) else UNASKED_REMARK
    return Words(sourced(unit.full_name, Source.CATALOGUE), f" ({reason})")
