"""The words that a narrative template may use: everything that is counted, supplied or named.

Numbers leave here as marked figures only; ``value`` and its kin serve conditions, and the environment
refuses to print them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from transforms.catalogue.model import LIST_KINDS
from transforms.indicators.measures import MEASURES, RATIOS
from transforms.indicators.model import ALL_FIELDS
from transforms.report.blocks import Figure, Run
from transforms.report.breaks import narrative_breaks
from transforms.report.cells import JOIN, Cells
from transforms.report.comparison_words import ComparisonWords
from transforms.report.coverage import (
    Share,
    age_sentence,
    find_share,
    is_expected,
    share_of,
    supplement_share,
)
from transforms.report.figures import FigureBook
from transforms.report.form_06 import occurring_fields
from transforms.report.inputs import ReportInputs
from transforms.report.names import (
    committee,
    issuer,
    join_names,
    rulebook_name,
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
from transforms.report.outline_words import OutlineWords
from transforms.report.prose import list_lines, paragraph_lines
from transforms.report.public_edition import WITHHELD_MARK
from transforms.report.ranking_words import RankingWords
from transforms.report.restated import earlier_words, reason_words, restated_figure
from transforms.report.supplied import has_supplement, missing_words, supplement_lines
from transforms.report.words import Source

MISSING = "(chưa có số liệu)"
"""Printed where a template asks for a number that nobody gave; never 0 (law 2)."""
_OTHER_WORDS = (ComparisonWords, OutlineWords, RankingWords)


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
    codes: tuple[str, ...] = ()
    """Codes of the units with data, to compare two coverages."""
    age: str = ""
    """Up to which day the lists tell, marked; empty where they tell everything that is counted."""


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
        parts = (self._names(), self._dates(), self._counted(), self._supplied(), self._lists())
        others = (words(self._inputs, self._cells, self._book).words() for words in _OTHER_WORDS)
        return {name: value for part in (*parts, *others) for name, value in part.items()}

    def _names(self) -> dict[str, object]:
        inputs, text = self._inputs, self._book.mark_text
        return {
            "is_rollup": inputs.is_rollup,
            "unit": text(inputs.node.full_name, Source.CATALOGUE),
            "committee": text(
                committee(issuer(inputs.node, inputs.catalogue, inputs.table.reckoning.closing_day)),
                Source.CATALOGUE,
            ),
            "group": text(inputs.node.full_name, Source.CATALOGUE) if inputs.node.is_group else "",
            "unit_kinds": text(unit_kinds(inputs.leaf_units)),
            "period": text(inputs.period_name, Source.PERIOD),
            "rulebook": text(rulebook_name(inputs.table.reckoning, inputs.catalogue), Source.FORM),
            "has_table": lambda table_id: table_id in self._tables,
            "restated": self._restated(),
            "breaks": tuple(text(sentence, Source.CATALOGUE) for sentence in narrative_breaks(inputs)),
        }

    def _dates(self) -> dict[str, object]:
        reckoning, data_date = self._inputs.table.reckoning, self._inputs.data_date

        def day(words: str) -> str:
            return self._book.mark_text(words, Source.DATE)

        return {
            "window": day(window_range(self._inputs.window_words)),
            "first_day": day(date_long(reckoning.start)),
            "last_day": day(date_long(reckoning.end)),
            "closing_day": day(date_long(reckoning.closing_day)),
            "is_closed_early": reckoning.closing_day < reckoning.end,
            "data_day": day(date_short(data_date)) if data_date else "",
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
            "is_asked": self._is_asked,
        }

    def _supplied(self) -> dict[str, object]:
        inputs, code = self._inputs, self._inputs.node.code

        def marked(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(self._book.mark_text(line, Source.SUPPLEMENT) for line in texts)

        return {
            "has_supplement": has_supplement(inputs, code),
            "missing_supplement": self._book.mark_text(missing_words(inputs, code), Source.CATALOGUE),
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
                supplement_share(inputs, self._cells, self._item(item))
            ),
        }

    def _lists(self) -> dict[str, object]:
        return {
            "fields": self._fields(),
            "document_types": self._document_types,
            "sent": self._sent(),
        }

    def _restated(self) -> RestatedWords | None:
        restated = self._inputs.restated
        if restated is None or not restated.ledger.changes:
            return None

        def printed(name: str, count: int) -> str:
            figure = restated_figure(self._inputs, restated, name, count)
            return self._book.mark(replace(figure, text=padded(count)))

        return RestatedWords(
            self._book.mark_text(earlier_words(restated), Source.DOCUMENT),
            printed("cells", len(restated.ledger.changes)),
            reason_words(restated.ledger, printed),
        )

    def _value(self, measure: str, facet: str = ALL_FIELDS, unit: str = "") -> int | None:
        return self._cells.value(_known(measure), facet, unit)

    def _printer(self, write: Callable[[int], str]) -> Callable[..., str]:
        def printed(measure: str, facet: str = ALL_FIELDS, unit: str = "") -> str:
            if self._cells.is_withheld(_known(measure), facet, unit):
                return self._book.mark(Run(WITHHELD_MARK))
            return self._print(self._cells.figure(measure, facet, unit, write))

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
        covered = self._covered(share_of(self._inputs, self._cells, _known(measure)))
        age = age_sentence(self._inputs, self._cells, measure)
        return replace(covered, age=self._book.mark_text(age))

    def _is_asked(self, kind: str) -> bool:
        """True when some unit is to send that kind of list; LexiconError for a kind that there is not."""
        if kind not in LIST_KINDS:
            raise LexiconError(f"không có loại dữ liệu {kind}")
        return any(is_expected(self._inputs, code, kind) for code in self._cells.leaf_codes)

    def _sent(self) -> Coverage:
        missing = {unit.code for unit in self._inputs.missing_units}
        codes = tuple(code for code in self._cells.leaf_codes if code not in missing)
        return self._covered(find_share(self._inputs, self._cells, "sent", "", codes))

    def _covered(self, share: Share) -> Coverage:
        without = {unit.code for unit in share.lacking}
        return Coverage(
            self._print(share.count),
            self._print(share.total),
            not without,
            without <= {unit.code for unit in self._inputs.missing_units},
            self._book.mark_text(join_names(share.lacking), Source.CATALOGUE),
            share.codes,
        )

    def _fields(self) -> tuple[Named, ...]:
        catalogue = self._inputs.catalogue
        listed = listed_fields(catalogue, occurring_fields(self._cells))
        return tuple(
            Named(each, self._book.mark_text(field_name(catalogue, each), Source.CATALOGUE))
            for each in listed
        )

    def _document_types(self, measure: str) -> tuple[Named, ...]:
        catalogue = self._inputs.catalogue
        occurring = frozenset(each for each in self._cells.facets(measure) if self._value(measure, each))
        named, others = named_document_types(catalogue, occurring)
        listed = [(each, document_type_name(catalogue, each)) for each in named]
        if others:
            listed.append((JOIN.join(others), document_type_name(catalogue, OTHER_DOCUMENTS)))
        return tuple(Named(facet, self._book.mark_text(name, Source.CATALOGUE)) for facet, name in listed)


def _known(measure: str, measures: Mapping[str, object] = MEASURES) -> str:
    """The measure itself; LexiconError when any part of it is not a counted measure."""
    for part in measure.split(JOIN):
        if part not in measures or part in RATIOS:
            raise LexiconError(f"không có chỉ tiêu {part}")
    return measure
