"""The audit of a report: every rule over the same reading, results in reading order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from transforms.audit.breakdown import Breakdown, judge_breakdown
from transforms.audit.citations import check_citations, find_citations
from transforms.audit.comparisons import judge_comparisons
from transforms.audit.data import judge_data
from transforms.audit.dates import find_days
from transforms.audit.lists import find_list_totals, find_lists
from transforms.audit.model import Audit, AuditFacts, Judgement, PeriodFacts, ReportText, Role, TextRemark
from transforms.audit.money import judge_money
from transforms.audit.numbering import check_numbering
from transforms.audit.paragraphs import check_paragraphs
from transforms.audit.periods import check_periods
from transforms.audit.rates import judge_rates
from transforms.audit.reading import ReadBlock, read_blocks
from transforms.audit.repeats import judge_repeats
from transforms.audit.service import judge_balance, judge_on_time
from transforms.audit.suspects import name_suspects
from transforms.audit.table_numbers import Table, read_tables
from transforms.audit.table_shares import judge_shares
from transforms.audit.tables import judge_tables
from transforms.audit.title import read_title
from transforms.audit.totals import find_totals
from transforms.audit.units import check_units

NO_FACTS = AuditFacts()


def audit_text(report: ReportText, facts: AuditFacts | None = None) -> Audit:
    """Judgements and remarks of a report, in reading order.

    Without facts the report is judged by itself alone; the legal catalogue, the unit, the period and the
    figures of the data each open the rules that need them. Pure: the same text and facts give the same audit.
    """
    known = facts or NO_FACTS
    reads = read_blocks(report.blocks)
    title = report.title or read_title(report.blocks)
    period = known.period or title.period
    lists = tuple(find_lists(reads))
    tables = tuple(read_tables(reads))
    totals = _distinct([*find_totals(reads), *find_list_totals(lists)])
    judgements: list[Judgement] = [judge_breakdown(found) for found in totals]
    remarks: list[TextRemark] = []
    for found in judge_comparisons(reads):
        if isinstance(found, Judgement):
            judgements.append(found)
        else:
            remarks.append(found)
    changes = {
        value.span
        for judgement in judgements
        for value in judgement.claim.values
        if value.role is Role.CHANGE
    }
    judgements += judge_rates(reads, totals, changes)
    judgements += judge_money(reads)
    judgements += judge_balance(reads, lists, totals)
    judgements += judge_on_time(reads, lists)
    judgements += judge_tables(tables)
    judgements += judge_shares(tables)
    judgements += judge_repeats(reads, lists, tables)
    judgements += judge_data(reads, lists, known.figures)
    day = known.report_date or title.report_date or _day_of(reads, period)
    remarks += check_citations(reads, known.documents, day)
    remarks += check_units(reads, title, known.unit)
    remarks += check_periods(reads, period)
    remarks += check_numbering(reads)
    remarks += check_paragraphs(reads, known.others)
    return Audit(
        tuple(
            sorted(
                name_suspects(judgements, _said(reads, tables)),
                key=lambda j: (j.claim.block, j.claim.start, j.claim.kind),
            )
        ),
        tuple(sorted(remarks, key=lambda r: (r.block, r.start, r.code))),
    )


def _distinct(found: Iterable[Breakdown]) -> list[Breakdown]:
    """One breakdown for the same total and the same parts, however many cues led to it."""
    seen: set[object] = set()
    kept: list[Breakdown] = []
    for breakdown in found:
        key = (breakdown.read.span_of(breakdown.total), breakdown.part_spans)
        if key not in seen:
            seen.add(key)
            kept.append(breakdown)
    return kept


def _said(reads: Sequence[ReadBlock], tables: Sequence[Table]) -> Counter[Decimal]:
    """How often each number stands in the report, words and tables together."""
    said = Counter(quantity.value for read in reads for quantity in read.quantities)
    said.update(number.value for table in tables for row in table.rows for number in row.numbers.values())
    return said


def _day_of(reads: Sequence[ReadBlock], period: PeriodFacts | None) -> date | None:
    """The report's day where its head says none: the latest day named in it, inside its period's year.

    The day of a cited document counts too: a report is not older than what it cites.
    """
    days = [named.day for read in reads for named in find_days(read.text)]
    days += [c.day for read in reads for c in find_citations(read) if c.day]
    if period is not None:
        days = [day for day in days if period.start <= day <= period.end]
        return max(days, default=period.earliest_end)
    return None
