"""The words that a narrative template may use: everything that is counted, supplied or named.

Numbers leave here as marked figures only; ``value`` and its kin serve conditions, and the environment
refuses to print them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from transforms.indicators.measures import MEASURES, RATIOS
from transforms.indicators.model import ALL_FIELDS
from transforms.report.blocks import Figure, Run
from transforms.report.breaks import narrative_breaks
from transforms.report.cells import JOIN, Cells
from transforms.report.figures import FigureBook
from transforms.report.form_06 import occurring_fields
from transforms.report.inputs import ReportInputs
from transforms.report.names import (
    committee,
    issuer,
    join_names,
    rulebook_name,
    sentence_case,
    unit_kinds,
    window_range,
)
from transforms.report.numbers_vi import amount_in_words, date_long, date_short, money, padded, thousands
from transforms.report.ordering import (
    OTHER_DOCUMENTS,
    document_type_name,
    field_name,
    listed_fields,
    named_document_types,
)
from transforms.report.prose import list_lines, paragraph_lines
from transforms.report.restated import earlier_words, reason_words, restated_figure
from transforms.report.supplied import has_supplement, missing_words, supplement_lines

MISSING = "(chưa có số liệu)"
"""Printed where a template asks for a number that nobody gave; never 0 (law 2)."""
_WORST_UNITS = 5


class LexiconError(ValueError):
    """A template asked for something that does not exist; the text is Vietnamese."""


@dataclass(frozen=True, slots=True)
class Named:
    """A field, document type or unit: its id for the functions and its marked name for the text."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the node's units have some data, and which have not."""

    count: str
    total: str
    is_full: bool
    is_told: bool
    """True when all units without are those that sent nothing at all, which the report says once."""
    missing: str
    """Names of the units without, marked; empty when there are none."""


@dataclass(frozen=True, slots=True)
class RestatedWords:
    """What the report says of the publication that it takes the place of."""

    earlier: str
    cell_count: str
    reasons: str
    """How many records each reason changed; empty where only the presence of data changed."""


class Lexicon:
    """Functions over one report's inputs, bound to the book that keeps its figures."""

    def __init__(self, inputs: ReportInputs, cells: Cells, book: FigureBook, tables: frozenset[str]) -> None:
        self._inputs = inputs
        self._cells = cells
        self._book = book
        self._tables = tables

    def words(self) -> dict[str, object]:
        """Name → value or function, as templates see them."""
        return {**self._names(), **self._dates(), **self._counted(), **self._supplied(), **self._lists()}

    def _names(self) -> dict[str, object]:
        inputs, text = self._inputs, self._book.mark_text
        return {
            "is_rollup": inputs.is_rollup,
            "unit": text(inputs.node.full_name),
            "committee": text(
                committee(issuer(inputs.node, inputs.catalogue, inputs.table.reckoning.closing_day))
            ),
            "group": text(inputs.node.full_name) if inputs.node.is_group else "",
            "unit_kinds": text(unit_kinds(inputs.leaf_units)),
            "period": text(inputs.period_name),
            "rulebook": text(rulebook_name(inputs.table.reckoning.rulebook)),
            "has_table": lambda table_id: table_id in self._tables,
            "restated": self._restated(),
            "breaks": tuple(text(sentence) for sentence in narrative_breaks(inputs)),
        }

    def _dates(self) -> dict[str, object]:
        reckoning, data_date = self._inputs.table.reckoning, self._inputs.data_date
        return {
            "window": window_range(self._inputs.window_words),
            "first_day": date_long(reckoning.start),
            "last_day": date_long(reckoning.end),
            "closing_day": date_long(reckoning.closing_day),
            "is_closed_early": reckoning.closing_day < reckoning.end,
            "data_day": date_short(data_date) if data_date else "",
            "is_data_older": data_date is not None and data_date < reckoning.closing_day,
        }

    def _counted(self) -> dict[str, object]:
        return {
            "has": lambda measure: self._value(measure) is not None,
            "value": self._value,
            "count": self._printer(padded),
            "number": self._printer(thousands),
            "amount": self._printer(money),
            "amount_words": self._printer(amount_in_words),
            "share": self._share,
            "coverage": self._coverage,
        }

    def _supplied(self) -> dict[str, object]:
        inputs, code = self._inputs, self._inputs.node.code

        def marked(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(self._book.mark_text(line) for line in texts)

        return {
            "has_supplement": has_supplement(inputs, code),
            "missing_supplement": self._book.mark_text(missing_words(inputs, code)),
            "lines": lambda item: marked(list_lines(supplement_lines(inputs, code, self._item(item)))),
            "paragraphs": lambda item: marked(
                paragraph_lines(supplement_lines(inputs, code, self._item(item)))
            ),
            "own_value": lambda item: self._cells.supplement_value(self._item(item), code),
            "own_number": lambda item: self._print(self._cells.supplement_figure(self._item(item), code)),
            "total_value": self._total_value,
            "total_number": lambda item: self._print(self._cells.supplement_figure(self._item(item))),
            "total_share": lambda part, whole: self._print(
                self._cells.supplement_rate_figure(self._item(part), self._item(whole))
            ),
            "has_share": lambda part, whole: (
                self._cells.supplement_rate_figure(self._item(part), self._item(whole)) is not None
            ),
            "supplement_coverage": lambda item: self._covered(
                f"supplement.{item}", self._cells.supplied_by(self._item(item))
            ),
        }

    def _lists(self) -> dict[str, object]:
        return {
            "fields": self._fields(),
            "document_types": self._document_types,
            "sent": self._sent(),
            "worst_units": self._worst_units(),
        }

    def _restated(self) -> RestatedWords | None:
        restated = self._inputs.restated
        if restated is None or not restated.ledger.changes:
            return None

        def printed(name: str, count: int) -> str:
            figure = restated_figure(self._inputs, restated, name, count)
            return self._book.mark(replace(figure, text=padded(count)))

        return RestatedWords(
            self._book.mark_text(earlier_words(restated)),
            printed("cells", len(restated.ledger.changes)),
            reason_words(restated.ledger, printed),
        )

    def _value(self, measure: str, facet: str = ALL_FIELDS, unit: str = "") -> int | None:
        return self._cells.value(_known(measure), facet, unit)

    def _printer(self, write: Callable[[int], str]) -> Callable[..., str]:
        def printed(measure: str, facet: str = ALL_FIELDS, unit: str = "") -> str:
            return self._print(self._cells.figure(_known(measure), facet, unit, write))

        return printed

    def _share(self, rate_id: str, facet: str = ALL_FIELDS, unit: str = "") -> str:
        if rate_id not in RATIOS:
            raise LexiconError(f"không có tỷ lệ {rate_id}; các tỷ lệ: {', '.join(RATIOS)}")
        return self._print(self._cells.rate_figure(rate_id, facet, unit))

    def _print(self, figure: Figure | None) -> str:
        return self._book.mark(figure if figure is not None else Run(MISSING))

    def _item(self, item_id: str) -> str:
        if not any(item.item_id == item_id for item in self._inputs.catalogue.supplement_items):
            raise LexiconError(f"không có mục số liệu bổ sung {item_id}")
        return item_id

    def _total_value(self, *item_ids: str) -> int | None:
        """Sum of the items over the units; None as soon as one of them is missing everywhere."""
        figures = [self._cells.supplement_figure(self._item(item)) for item in item_ids]
        values = [int(figure.value) for figure in figures if figure is not None]
        return sum(values) if len(values) == len(figures) else None

    def _coverage(self, measure: str) -> Coverage:
        return self._covered(_known(measure), self._cells.units_with(measure))

    def _sent(self) -> Coverage:
        missing = {unit.code for unit in self._inputs.missing_units}
        return self._covered("sent", tuple(code for code in self._cells.leaf_codes if code not in missing))

    def _covered(self, name: str, codes: tuple[str, ...]) -> Coverage:
        without = tuple(unit for unit in self._inputs.leaf_units if unit.code not in codes)
        return Coverage(
            self._print(self._cells.coverage_figure(name, len(codes))),
            self._print(self._cells.coverage_figure("units", len(self._cells.leaf_codes))),
            not without,
            {unit.code for unit in without} <= {unit.code for unit in self._inputs.missing_units},
            self._book.mark_text(join_names(without)),
        )

    def _fields(self) -> tuple[Named, ...]:
        catalogue = self._inputs.catalogue
        listed = listed_fields(catalogue, occurring_fields(self._cells))
        return tuple(Named(each, self._book.mark_text(field_name(catalogue, each))) for each in listed)

    def _document_types(self, measure: str) -> tuple[Named, ...]:
        catalogue = self._inputs.catalogue
        occurring = frozenset(each for each in self._cells.facets(measure) if self._value(measure, each))
        named, others = named_document_types(catalogue, occurring)
        listed = [(each, document_type_name(catalogue, each)) for each in named]
        if others:
            listed.append((JOIN.join(others), document_type_name(catalogue, OTHER_DOCUMENTS)))
        return tuple(Named(facet, self._book.mark_text(name)) for facet, name in listed)

    def _worst_units(self) -> tuple[Named, ...]:
        """Units with the most dossiers out of time, resolved late or still open; at most five."""
        overdue = [
            (self._cells.value("late+pending_overdue", unit=unit.code) or 0, unit)
            for unit in self._inputs.leaf_units
        ]
        worst = sorted((pair for pair in overdue if pair[0]), key=lambda pair: (-pair[0], pair[1].code))
        return tuple(
            Named(unit.code, self._book.mark_text(sentence_case(unit.full_name)))
            for _, unit in worst[:_WORST_UNITS]
        )


def _known(measure: str, measures: Mapping[str, object] = MEASURES) -> str:
    """The measure itself; LexiconError when any part of it is not a counted measure."""
    for part in measure.split(JOIN):
        if part not in measures or part in RATIOS:
            raise LexiconError(f"không có chỉ tiêu {part}")
    return measure
