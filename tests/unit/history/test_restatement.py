"""Why a dossier counts otherwise than in the earlier publication: one reason for each, told by an example."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.history.restated_counts import compared, counted, reasons_of, values_of
from tests.unit.indicators.small_catalogue import CATALOGUE, TT01, reckoning_of
from transforms.catalogue.model import Field
from transforms.catalogue.rulebook import Rulebook
from transforms.history.restatement import Ledger, LedgerContext, Reason, explain, roll_up
from transforms.indicators.contributions import dossier_contributions

HEADER = (
    "| dossier_code | status_code | received_date | due_date | resolved_date | field_name | _delivery_id |"
)
OPEN = "| HS-1 | 4 | 01/08/2021 | 30/08/2021 |            | Hộ tịch | lan-1 |"
CLOSED = "| HS-1 | 9 | 01/08/2021 | 30/08/2021 | 20/08/2021 | Hộ tịch | lan-1 |"
DECIDED = {"corrections": frozenset({"sua-doi"})}


def changed(before: str, after: str, **others: object) -> Ledger:
    """The ledger of two lists of one unit; delivery lan-1 was known to both sides."""
    sides = {
        name: {key.removeprefix(f"{name}_"): value for key, value in others.items() if key.startswith(name)}
        for name in ("before", "after")
    }
    decided = {key: value for key, value in others.items() if not key.startswith(("before", "after"))}
    return compared(
        counted(f"{HEADER}\n{before}" if before else "", deliveries=("lan-1",), **sides["before"]),  # type: ignore[arg-type]
        counted(f"{HEADER}\n{after}" if after else "", deliveries=("lan-1",), **sides["after"]),  # type: ignore[arg-type]
        **decided,
    )


# One reason for each dossier

MOVED_ON = {
    "result that a later list brought": (
        OPEN,
        "| HS-1 | 9 | 01/08/2021 | 30/08/2021 | 20/08/2021 | Hộ tịch | lan-2 |",
    ),
    "result and a promised day that was put off": (
        OPEN,
        "| HS-1 | 9 | 01/08/2021 | 15/08/2021 | 20/08/2021 | Hộ tịch | lan-2 |",
    ),
    "status that stops the work": (OPEN, "| HS-1 | 8 | 01/08/2021 | 30/08/2021 | | Hộ tịch | lan-2 |"),
    "reception of what was only filed": (
        "| HS-1 | 1 | | 30/08/2021 | | Hộ tịch | lan-1 |",
        "| HS-1 | 4 | 01/08/2021 | 30/08/2021 | | Hộ tịch | lan-2 |",
    ),
}
REWRITTEN = {
    "another end": (CLOSED, "| HS-1 | 9 | 01/08/2021 | 30/08/2021 | 31/08/2021 | Hộ tịch | lan-2 |"),
    "end taken back": (CLOSED, "| HS-1 | 4 | 01/08/2021 | 30/08/2021 | | Hộ tịch | lan-2 |"),
    "another promised day": (OPEN, "| HS-1 | 4 | 01/08/2021 | 30/09/2021 | | Hộ tịch | lan-2 |"),
    "another day of reception, together with a result": (
        OPEN,
        "| HS-1 | 9 | 01/12/2020 | 30/08/2021 | 20/08/2021 | Hộ tịch | lan-2 |",
    ),
    "result that a decision wrote": (
        OPEN,
        "| HS-1 | 9 | 01/08/2021 | 30/08/2021 | 20/08/2021 | Hộ tịch | sua-doi |",
    ),
}


@pytest.mark.parametrize(("before", "after"), MOVED_ON.values(), ids=MOVED_ON)
def test_dossier_that_went_on_is_closed_late(before: str, after: str) -> None:
    assert reasons_of(changed(before, after, **DECIDED)) == {"HS-1": {"closed_late"}}


@pytest.mark.parametrize(("before", "after"), REWRITTEN.values(), ids=REWRITTEN)
def test_dossier_whose_facts_read_otherwise_is_corrected(before: str, after: str) -> None:
    assert reasons_of(changed(before, after, **DECIDED)) == {"HS-1": {"corrected"}}


def test_dossier_that_the_citizen_took_back_is_withdrawn() -> None:
    ledger = changed(OPEN, "| HS-1 | 7 | 01/08/2021 | 30/08/2021 | 20/08/2021 | Hộ tịch | lan-2 |")
    assert reasons_of(ledger) == {"HS-1": {"withdrawn"}}
    assert values_of(ledger)["on_time"] == (0, 1)


def test_dossier_unknown_before_is_a_new_delivery() -> None:
    other = "| HS-2 | 4 | 01/08/2021 | 30/08/2021 | | Hộ tịch | lan-2 |"
    ledger = changed(OPEN, f"{OPEN}\n{other}")
    assert reasons_of(ledger) == {"HS-2": {"new_delivery"}}
    assert values_of(ledger)["received_total"] == (1, 2)


def test_row_that_was_set_apart_until_a_decision_mended_it_is_corrected() -> None:
    other = "| HS-2 | 4 | 01/08/2021 | 30/08/2021 | | Hộ tịch | sua-doi |"
    assert reasons_of(changed(OPEN, f"{OPEN}\n{other}", **DECIDED)) == {"HS-2": {"corrected"}}


def test_dossier_that_is_gone_is_retracted() -> None:
    other = "| HS-2 | 4 | 01/08/2021 | 30/08/2021 | | Hộ tịch | lan-2 |"
    assert reasons_of(changed(f"{OPEN}\n{other}", OPEN)) == {"HS-2": {"retracted"}}


def test_dossier_that_falls_back_to_an_older_list_is_retracted_with_the_newer_one() -> None:
    ledger = changed(CLOSED, OPEN.replace("lan-1", "lan-0"), retracted=frozenset({"lan-1"}))
    assert reasons_of(ledger) == {"HS-1": {"retracted"}}
    assert values_of(ledger)["early"] == (1, 0)


def test_dossier_that_names_another_procedure_is_reclassified_in_the_cells_of_its_fields_only() -> None:
    ledger = changed(OPEN, OPEN.replace("Hộ tịch", "Chứng thực").replace("lan-1", "lan-2"))
    assert reasons_of(ledger) == {"HS-1": {"reclassified"}}
    assert values_of(ledger) == {}, "the sums over fields stay"
    assert values_of(ledger, "ho_tich")["received_total"] == (1, 0)
    assert values_of(ledger, "chung_thuc")["received_total"] == (0, 1)


def test_dossier_that_changed_its_field_and_was_closed_has_each_reason_where_it_belongs() -> None:
    ledger = changed(OPEN, "| HS-1 | 9 | 01/08/2021 | 30/08/2021 | 20/08/2021 | Chứng thực | lan-2 |")
    reasons = {(c.measure, c.facet): [reason for reason, _, _ in c.reasons] for c in ledger.changes}
    assert reasons["resolved_total", "*"] == [Reason.CLOSED_LATE]
    assert reasons["pending_total", "*"] == [Reason.CLOSED_LATE]
    assert reasons["resolved_total", "chung_thuc"] == [Reason.RECLASSIFIED]
    assert reasons["pending_total", "ho_tich"] == [Reason.RECLASSIFIED]


RENAMED = replace(
    CATALOGUE, fields=(Field("tu_phap", "Tư pháp", ("Hộ tịch",), True, False, 1), *CATALOGUE.fields[1:])
)
EXCLUDED = replace(CATALOGUE, fields=(replace(CATALOGUE.fields[0], is_excluded=True), *CATALOGUE.fields[1:]))


@pytest.mark.parametrize("catalogue", [RENAMED, EXCLUDED], ids=["another field", "field left out"])
def test_same_row_under_another_catalogue_is_a_catalogue_change(catalogue: object) -> None:
    ledger = changed(OPEN, OPEN, after_catalogue=catalogue)
    assert reasons_of(ledger) == {"HS-1": {"catalogue_change"}}


def test_new_version_that_keeps_its_procedure_changes_its_field_with_the_catalogue() -> None:
    ledger = changed(
        OPEN,
        OPEN.replace("lan-1", "lan-2").replace("30/08/2021", "31/08/2021"),
        after_catalogue=RENAMED,
    )
    assert reasons_of(ledger) == {"HS-1": {"catalogue_change"}}


def test_unit_that_was_not_looked_at_before_comes_with_the_catalogue() -> None:
    ledger = changed("", OPEN, before_units=("16174",))
    assert reasons_of(ledger) == {"HS-1": {"catalogue_change"}}
    ledger = changed(OPEN, "", after_units=("16174",))
    assert reasons_of(ledger) == {"HS-1": {"catalogue_change"}}


def test_same_row_left_out_by_another_rulebook_is_a_rulebook_change() -> None:
    unknown = "| HS-1 | 4 | 01/08/2021 | 30/08/2021 | | Khác lạ | lan-1 |"
    strict = Rulebook("khac", TT01, leaves_out_unknown_procedures=True)
    ledger = changed(
        unknown,
        unknown,
        after_catalogue=replace(CATALOGUE, rulebooks={"khac": strict}),
        after_reckoning=replace(reckoning_of(), rulebook="khac"),
    )
    assert reasons_of(ledger) == {"HS-1": {"rulebook_change"}}


def test_same_row_placed_by_another_rulebook_is_a_rulebook_change() -> None:
    paused = "| HS-1 | 8 | 01/08/2021 | 30/08/2021 | | Hộ tịch | lan-1 |"
    rules = replace(
        CATALOGUE,
        rulebooks={
            "tt01": Rulebook("tt01", TT01),
            "khac": Rulebook("khac", {**TT01, "paused": "pending_overdue"}),
        },
    )
    ledger = changed(
        paused,
        paused,
        after_catalogue=rules,
        after_reckoning=replace(reckoning_of(), rulebook="khac"),
    )
    assert reasons_of(ledger) == {"HS-1": {"rulebook_change"}}
    assert values_of(ledger) == {"pending_overdue": (0, 1), "pending_within": (1, 0)}


def test_same_row_counted_up_to_a_later_day_changes_with_the_closing_day() -> None:
    late = "| HS-2 | 9 | 03/09/2021 | 30/09/2021 | 04/09/2021 | Hộ tịch | lan-1 |"
    rows = f"{OPEN}\n{late}"
    ledger = changed(rows, rows, before_reckoning=reckoning_of("2021-9T", date(2021, 8, 29)))
    assert reasons_of(ledger) == {"HS-1": {"closing_day"}, "HS-2": {"closing_day"}}
    assert values_of(ledger)["pending_overdue"] == (0, 1)
    assert values_of(ledger)["received_total"] == (1, 2)


def test_dossier_that_another_unit_resolves_moves_between_their_cells_and_nets_out_above() -> None:
    header = HEADER.replace("| dossier_code", "| unit_code | dossier_code")
    before = counted(f"{header}\n| 16204 {OPEN}", rollup="402")
    after = counted(f"{header}\n| 16174 {OPEN.replace('lan-1', 'lan-2')}", rollup="402")
    ledger = compared(before, after, rollup="402")
    assert reasons_of(ledger) == {"HS-1": {"corrected"}}
    assert values_of(ledger)["received_total"] == (1, None), "nothing is left of that unit's list"
    assert values_of(ledger, unit="16174")["received_total"] == (None, 1)
    assert values_of(ledger, unit="402") == {}


def test_dossier_whose_channel_a_receipt_tells_is_corrected() -> None:
    receipt = "| dossier_code | channel_code | total_amount | _delivery_id |\n| HS-1 | 2 | 0 | lan-2 |"
    ledger = compared(counted(f"{HEADER}\n{OPEN}"), counted(f"{HEADER}\n{OPEN}", receipt))
    (online,) = [
        change for change in ledger.changes if (change.measure, change.facet) == ("received_online", "*")
    ]
    (part,) = online.dossiers
    assert (online.old, online.new, part.code, part.reason) == (0, 1, "HS-1", Reason.CORRECTED)


def test_rows_that_differ_only_in_their_source_are_no_change() -> None:
    assert changed(OPEN, OPEN.replace("lan-1", "lan-2")).changes == ()


# Cells


def test_cell_that_only_one_side_has_is_missing_on_the_other_and_not_zero() -> None:
    ledger = changed("", OPEN)
    assert values_of(ledger)["received_total"] == (None, 1)
    assert values_of(ledger)["early"] == (None, 0), "no data became a true zero"
    assert values_of(changed(OPEN, ""))["received_total"] == (1, None)


def test_field_that_did_not_occur_where_others_were_counted_was_zero() -> None:
    land = "| HS-2 | 4 | 01/08/2021 | 30/08/2021 | | Đất đai | lan-2 |"
    ledger = changed(OPEN, f"{OPEN}\n{land}")
    assert values_of(ledger, "dat_dai")["received_total"] == (0, 1)
    assert "early" not in values_of(ledger, "dat_dai")


def test_what_the_records_do_not_account_for_is_said() -> None:
    before = counted(f"{HEADER}\n{OPEN}")
    after = replace(before, cells={**before.cells, ("late", "16204", "*"): 5})
    (change,) = explain(before, after, LedgerContext(dossier_contributions)).changes
    assert (change.old, change.new, change.unexplained, change.dossiers) == (0, 5, 5, ())


def test_sum_over_units_exists_where_any_of_them_has_the_cell() -> None:
    cells = {("early", "a", "*"): 2, ("early", "b", "*"): 3, ("late", "b", "*"): 0, ("early", "c", "*"): 9}
    assert roll_up(cells, "n", ("a", "b")) == {
        ("early", "a", "*"): 2,
        ("early", "b", "*"): 3,
        ("late", "b", "*"): 0,
        ("early", "n", "*"): 5,
        ("late", "n", "*"): 0,
    }
    assert roll_up(cells, "a", ("a",)) == {("early", "a", "*"): 2}


def test_ledger_tells_how_many_records_each_reason_changed() -> None:
    before = f"{OPEN}\n{OPEN.replace('HS-1', 'HS-2')}"
    after = "\n".join(
        line.replace("| 4 |", "| 9 |")
        .replace("30/08/2021 |            |", "30/08/2021 | 20/08/2021 |")
        .replace("lan-1", "lan-2")
        for line in before.splitlines()
    )
    ledger = changed(before, f"{after}\n{OPEN.replace('HS-1', 'HS-3').replace('lan-1', 'lan-2')}")
    assert ledger.reasons == {("dossier", Reason.CLOSED_LATE): 2, ("dossier", Reason.NEW_DELIVERY): 1}


# Cells that are not made of dossiers

FEES = (
    "| dossier_code | receipt_number | collected_date | total_amount | charge_amount | _delivery_id | _row |"
)
RECEIPT = "| HS-1 | 0007 | 02/08/2021 | 8000 | 8000 | lan-1 | 5 |"
LINES = "| direction | symbol | document_type_id | issued_date | _delivery_id | _row |"
DECISION = "| outgoing | 12/QĐ-UBND | quyet_dinh | 02/08/2021 | lan-1 | 6 |"
ITEMS = "| period_id | item_id | ordinal | number_value | _delivery_id |"
STAFF = "| 2021-9T | staff_total_count | 1 | 22 | lan-1 |"


def money(before: str, after: str, **decided: object) -> Ledger:
    return compared(
        counted(fees=f"{FEES}\n{before}" if before else "", deliveries=("lan-1",)),
        counted(fees=f"{FEES}\n{after}" if after else "", deliveries=("lan-1",)),
        **decided,
    )


def test_receipts_of_a_later_list_make_the_difference_in_money() -> None:
    other = "| HS-2 | 0008 | 03/08/2021 | 5000 | 5000 | lan-2 | 6 |"
    ledger = money(RECEIPT, f"{RECEIPT}\n{other}")
    assert values_of(ledger)["fee_total_amount"] == (8000, 13000)
    assert values_of(ledger)["fee_receipt_count"] == (1, 2)
    assert reasons_of(ledger) == {"HS-2, biên lai 0008": {"new_delivery"}}


def test_amount_of_a_receipt_that_reads_otherwise_is_corrected() -> None:
    ledger = money(RECEIPT, RECEIPT.replace("8000", "9000").replace("lan-1", "lan-2"))
    (part,) = next(c for c in ledger.changes if c.measure == "fee_total_amount").dossiers
    assert (part.code, part.before, part.after, part.reason.value) == (
        "HS-1, biên lai 0007",
        8000,
        9000,
        "corrected",
    )


def test_receipt_whose_day_moved_out_of_the_window_is_corrected_and_not_gone() -> None:
    ledger = money(RECEIPT, RECEIPT.replace("02/08/2021", "02/08/2020").replace("lan-1", "lan-2"))
    assert values_of(ledger)["fee_total_amount"] == (8000, 0)
    assert reasons_of(ledger) == {"HS-1, biên lai 0007": {"corrected"}}


def test_receipt_of_a_retracted_list_or_that_was_taken_out_is_retracted() -> None:
    name = ("fee", "16204", "HS-1, biên lai 0007")
    assert reasons_of(money(RECEIPT, "", retracted=frozenset({"lan-1"}))) == {name[2]: {"retracted"}}
    assert reasons_of(money(RECEIPT, "", removed=frozenset({name}))) == {name[2]: {"retracted"}}
    assert reasons_of(money(RECEIPT, "")) == {name[2]: {"corrected"}}


def test_register_line_whose_type_became_legal_changes_with_the_catalogue() -> None:
    legal = replace(
        CATALOGUE,
        document_types=tuple(
            replace(each, is_legal=each.is_legal or each.type_id == "quyet_dinh")
            for each in CATALOGUE.document_types
        ),
    )
    lines = f"{LINES}\n{DECISION}"
    ledger = compared(counted(documents=lines), counted(documents=lines, catalogue=legal))
    assert reasons_of(ledger) == {"12/QĐ-UBND": {"catalogue_change"}}
    assert values_of(ledger) == {"documents_issued": (1, 0), "legal_documents_issued": (0, 1)}


def test_register_line_after_the_earlier_closing_day_changes_with_the_day() -> None:
    lines = f"{LINES}\n{DECISION.replace('02/08/2021', '03/09/2021')}"
    ledger = compared(
        counted(documents=lines, reckoning=reckoning_of("2021-9T", date(2021, 9, 1))),
        counted(documents=lines),
    )
    assert reasons_of(ledger) == {"12/QĐ-UBND": {"closing_day"}}


def test_number_that_a_unit_filled_in_anew_is_corrected() -> None:
    ledger = compared(
        counted(supplement=f"{ITEMS}\n{STAFF}"),
        counted(supplement=f"{ITEMS}\n{STAFF.replace('22', '23').replace('lan-1', 'lan-2')}"),
    )
    assert values_of(ledger) == {"supplement.staff_total_count": (22, 23)}
    assert reasons_of(ledger) == {"staff_total_count": {"corrected"}}
    assert values_of(compared(counted(), counted(supplement=f"{ITEMS}\n{STAFF}"))) == {
        "supplement.staff_total_count": (None, 22)
    }
