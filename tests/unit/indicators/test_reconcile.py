"""Every dossier that makes a difference has one reason for it, and the reasons add up to the difference."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from tests.unit.history.version_rows import read_versions
from tests.unit.indicators.random_dossiers import Version, days, histories, table_of
from tests.unit.indicators.random_rulebooks import packaged, rulebooks
from tests.unit.indicators.small_catalogue import CATALOGUE, reckoning_of
from transforms.catalogue.rulebook import Rulebook
from transforms.history.as_known import known_dossiers
from transforms.indicators.build import build_indicators
from transforms.indicators.contributions import NOTE, ledger_cells
from transforms.indicators.model import ALL_FIELDS, Period, Reckoning
from transforms.indicators.population import RulebookError
from transforms.indicators.reconcile import reconcile
from transforms.indicators.reconcile_model import ON_TIME_PARTS, RECONCILED, Reconciliation
from transforms.indicators.reconcile_rules import SWITCHES, switches_between
from transforms.report.reconciled import REASON_TITLES, measure_label, reason_sentence
from transforms.schema.tables import DOCUMENT, DOSSIER, FEE

PACKAGED = {name: packaged(name) for name in ("tt01", "phan_mem", "qd766")}
UNITS = ("16174", "16204")


def reconciled(
    dossiers: object,
    reckoning: Reckoning,
    books: dict[str, Rulebook] = PACKAGED,
    units: tuple[str, ...] = UNITS,
) -> Reconciliation:
    catalogue = replace(CATALOGUE, rulebooks=books)
    return reconcile(known_dossiers(dossiers), FEE.empty(), reckoning, catalogue, units)


def reasons_of(text: str, other: str = "phan_mem") -> dict[str, dict[str, int]]:
    """Measure → reason → what it adds, of the sample night's nine months against tt01."""
    found = reconciled(read_versions(DOSSIER, text), reckoning_of(), units=("16204",))
    (comparison,) = (each for each in found.comparisons if each.other.rulebook_id == other)
    return {
        difference.measure_id: {reason.code: reason.amount for reason in difference.reasons}
        for difference in comparison.differences
        if not difference.measure_id.startswith(NOTE)
    }


def assert_adds_up(found: Reconciliation) -> None:
    """The law: for every measure the reasons, and the dossiers, make the difference, each dossier once."""
    for comparison in found.comparisons:
        base, other = (
            next(c for c in found.countings if c.rulebook == book)
            for book in (comparison.base, comparison.other)
        )
        told = {difference.measure_id: difference for difference in comparison.differences}
        parts: dict[str, Counter[str]] = {}
        seen: Counter[tuple[str, str, str]] = Counter()
        for dossier in found.dossiers:
            assert dossier.reasons
            for book, measure, code, sign in dossier.reasons:
                assert sign in (1, -1)
                if book == other.rulebook.rulebook_id:
                    parts.setdefault(measure, Counter())[code] += sign
                    seen[dossier.unit_code, dossier.dossier_code, measure] += 1
        assert set(seen.values()) <= {1}
        for measure in RECONCILED:
            amount = other.value(measure) - base.value(measure)
            difference = told.get(measure)
            assert sum(parts.get(measure, Counter()).values()) == amount
            if difference is None:
                assert amount == 0
                continue
            assert difference.amount == amount == sum(reason.amount for reason in difference.reasons)
            assert {reason.code: reason.amount for reason in difference.reasons} == dict(parts[measure])


@settings(max_examples=12, deadline=None)
@given(history=histories, first=days, last=days, one=rulebooks, other=rulebooks)
def test_reasons_add_up_to_the_difference_whatever_the_dossiers_the_days_and_the_rules(
    history: list[Version], first: date, last: date, one: Rulebook, other: Rulebook
) -> None:
    first, last = sorted((first, last))
    books = {"tt01": replace(one, rulebook_id="tt01"), "khac": other, "phan_mem": PACKAGED["phan_mem"]}
    reckoning = Reckoning(Period("2021", "year", 2021, None), "nd09", first, last, last, last)
    dossiers = table_of(history)
    whole = reconciled(dossiers, reckoning, books)
    assert_adds_up(whole)

    # A roll-up is the sum of its units, each of which adds up by itself.
    alone = [reconciled(dossiers, reckoning, books, (unit,)) for unit in UNITS]
    for found in alone:
        assert_adds_up(found)
    for number, counting in enumerate(whole.countings):
        for measure in RECONCILED:
            assert counting.value(measure) == sum(found.countings[number].value(measure) for found in alone)
    assert whole.dossiers == tuple(dossier for found in alone for dossier in found.dossiers)


@settings(max_examples=20, deadline=None)
@given(history=histories, first=days, last=days, book=rulebooks)
def test_figures_side_by_side_are_those_that_reports_print(
    history: list[Version], first: date, last: date, book: Rulebook
) -> None:
    first, last = sorted((first, last))
    books = {"tt01": PACKAGED["tt01"], "khac": book}
    catalogue = replace(CATALOGUE, rulebooks=books)
    reckoning = Reckoning(Period("2021", "year", 2021, None), "nd09", first, last, last, last)
    known = known_dossiers(table_of(history))
    found = reconcile(known, FEE.empty(), reckoning, catalogue, UNITS)
    for counting in found.countings:
        table = build_indicators(known, FEE.empty(), DOCUMENT.empty(), counting.reckoning, catalogue)
        cells = ledger_cells(table)
        for measure in RECONCILED:
            parts = measure.split("+")
            for unit in UNITS:
                printed = sum(cells.get((part, unit, ALL_FIELDS), 0) for part in parts)
                assert counting.by_unit[measure, unit] == printed, measure


def test_each_trap_of_the_software_is_named_by_its_own_code() -> None:
    assert reasons_of("""
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date |
        | la           | Khác lạ    | 10          | 01/03/2021    | 04/03/2021 | 04/03/2021    |
        """)["received_in_window"] == {"procedure_unknown_left_out": -1}
    assert reasons_of("""
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date |
        | ngay-dau     | Hộ tịch    | 10          | 01/12/2020    | 20/12/2020 | 15/12/2020    |
        """) == {
        "carried_over": {"window_start_excluded": -1},
        "received_total": {"window_start_excluded": -1},
    }
    assert reasons_of("""
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date |
        | dang-xu-ly   | Hộ tịch    | 4           | 01/03/2021    | 04/03/2021 | 03/03/2021    |
        """)["pending_overdue"] == {"status_of_latest_export": 1}
    assert reasons_of("""
        | dossier_code | field_name | status_code | received_date | due_date   | returned_date |
        | thieu-ngay   | Hộ tịch    | 10          | 01/03/2021    | 04/03/2021 | 03/03/2021    |
        """)["early"] == {"no_end_date": -1}
    assert reasons_of("""
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date |
        | ngay-sai     | Hộ tịch    | 10          | 01/03/2021    | 04/03/2021 | 01/03/2020    |
        """)["early"] == {"columns_counted_apart": -1}


def test_each_difference_of_the_index_is_named_by_its_own_code() -> None:
    assert reasons_of(
        """
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date |
        | rut          | Hộ tịch    | 7           | 01/03/2021    | 04/03/2021 | 04/03/2021    |
        """,
        "qd766",
    ) == {measure: {"withdrawn_elsewhere": -1} for measure in ("on_time", ON_TIME_PARTS, "resolved_total")}
    asked_twice = """
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date | exported   |
        | hai-lan      | Hộ tịch    | 5           | 01/03/2021    | 30/04/2021 |               | 05/03/2021 |
        | hai-lan      | Hộ tịch    | 4           | 01/03/2021    | 30/04/2021 |               | 10/03/2021 |
        | hai-lan      | Hộ tịch    | 5           | 01/03/2021    | 30/04/2021 |               | 15/03/2021 |
        | hai-lan      | Hộ tịch    | 10          | 01/03/2021    | 30/04/2021 | 20/04/2021    | 21/04/2021 |
        """
    assert reasons_of(asked_twice, "qd766") == {
        "early": {"supplement_twice_late": -1},
        "late": {"supplement_twice_late": 1},
        ON_TIME_PARTS: {"supplement_twice_late": -1},
    }


def test_dossier_with_two_reasons_gets_the_first_of_the_order() -> None:
    # Unknown procedure and no end date: it would be lost either way.
    both = """
        | dossier_code | field_name | status_code | received_date | due_date   | returned_date |
        | la           | Khác lạ    | 10          | 01/03/2021    | 04/03/2021 | 03/03/2021    |
        """
    assert reasons_of(both)["early"] == {"procedure_unknown_left_out": -1}


def test_differences_that_cancel_out_are_still_told() -> None:
    rows = """
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date |
        | dang-xu-ly   | Hộ tịch    | 4           | 01/03/2021    | 04/03/2021 | 03/03/2021    |
        | la           | Khác lạ    | 4           | 01/03/2021    | 04/03/2021 |               |
        """
    assert reasons_of(rows)["pending_overdue"] == {
        "procedure_unknown_left_out": -1,
        "status_of_latest_export": 1,
    }


def test_path_of_switches_leads_from_one_rulebook_to_the_other() -> None:
    for other in ("phan_mem", "qd766"):
        *_, (_, last) = switches_between(PACKAGED["tt01"], PACKAGED[other])
        base = PACKAGED["tt01"]
        told_only = (
            "rulebook_id",
            "name",
            "short_name",
            "sources",
            "scores",
            "applies_from",
            "is_of_software",
        )
        assert last == replace(PACKAGED[other], **{name: getattr(base, name) for name in told_only})
    assert list(switches_between(PACKAGED["tt01"], PACKAGED["tt01"])) == []


def test_every_reason_has_words_that_name_both_rulebooks() -> None:
    for switch in SWITCHES:
        assert REASON_TITLES[switch.code]
        for other in ("phan_mem", "qd766"):
            for pair in ((PACKAGED["tt01"], PACKAGED[other]), (PACKAGED[other], PACKAGED["tt01"])):
                sentence = reason_sentence(switch.code, *pair, date(2020, 12, 15))
                assert all(book.label in sentence for book in pair)
                assert sentence.endswith(".")
    assert all(measure_label(measure) for measure in RECONCILED)


def test_base_that_the_catalogue_lacks_is_refused() -> None:
    with pytest.raises(RulebookError, match="khong_co"):
        reconciled(DOSSIER.empty(), replace(reckoning_of(), rulebook="khong_co"))
