"""Documents by type and level, money collected."""

from __future__ import annotations

from tests.unit.indicators.small_catalogue import indicators_of
from transforms.indicators.model import IndicatorTable

REGISTERS = """
    | unit_code | direction | symbol          | document_type_id | issuer_level | issued_date | arrived_date |
    | 16204     | outgoing  | 1/QĐ-UBND       | quyet_dinh       |              | 15/12/2020  |              |
    | 16204     | outgoing  | 2/QĐ-UBND       | quyet_dinh       |              | 05/09/2021  |              |
    | 16204     | outgoing  | 3/QĐ-UBND       | quyet_dinh       |              | 06/09/2021  |              |
    | 16204     | outgoing  | 4/QĐ-UBND       | quyet_dinh       |              | 14/12/2020  |              |
    | 16204     | outgoing  | 5/BC-UBND       | bao_cao          |              | 01/03/2021  |              |
    | 16204     | outgoing  | 6               |                  |              | 01/03/2021  |              |
    | 16204     | outgoing  | 7/BC-UBND       | bao_cao          |              |             |              |
    | 16204     | outgoing  | 01/2021/NQ-HĐND | nghi_quyet_qppl  |              | 01/03/2021  |              |
    | 16204     | incoming  | 9/QĐ-UBND       | quyet_dinh       | tinh         | 01/12/2020  | 20/12/2020   |
    | 16204     | incoming  | 10/QĐ-UBND      | quyet_dinh       | huyen        | 01/03/2021  |              |
    | 16204     | incoming  | 11/QĐ-UBND      | quyet_dinh       | huyen        | 05/09/2021  | 06/09/2021   |
    | 16204     | incoming  | 02/2021/NQ-HĐND | nghi_quyet_qppl  | tinh         | 01/03/2021  | 02/03/2021   |
    | 16204     | incoming  | 12              |                  |              | 01/03/2021  | 02/03/2021   |
    | 16174     | outgoing  | 1/QĐ-UBND       | quyet_dinh       |              | 01/03/2020  |              |
    """


def cells_of(table: IndicatorTable, measure: str, unit: str) -> dict[str, int]:
    return {facet: n for (name, code, facet), n in table.cells.items() if (name, code) == (measure, unit)}


def test_issued_documents_count_by_type_and_by_the_date_they_bear() -> None:
    table = indicators_of(documents=REGISTERS)
    assert cells_of(table, "documents_issued", "16204") == {"quyet_dinh": 2, "bao_cao": 1, "khac": 1, "*": 4}


def test_legal_documents_are_a_measure_of_their_own() -> None:
    table = indicators_of(documents=REGISTERS)
    assert cells_of(table, "legal_documents_issued", "16204") == {"nghi_quyet_qppl": 1, "*": 1}


def test_received_documents_count_by_level_and_type_on_the_day_of_arrival() -> None:
    table = indicators_of(documents=REGISTERS)
    assert cells_of(table, "documents_received", "16204") == {
        "tinh:quyet_dinh": 1,
        "huyen:quyet_dinh": 1,
        "tinh:nghi_quyet_qppl": 1,
        "khac:khac": 1,
        "*": 4,
    }


def test_register_without_anything_in_the_window_is_zero_and_no_register_is_missing() -> None:
    table = indicators_of(documents=REGISTERS)
    assert cells_of(table, "documents_issued", "16174") == {"*": 0}
    assert cells_of(table, "legal_documents_issued", "16174") == {"*": 0}
    assert table.value("documents_received", ("16174",)) is None
    assert table.value("documents_issued", ("16174", "16204")) == 4
    assert table.value("received_total", ("16204",)) is None


def test_register_lines_without_a_date_are_noted() -> None:
    notes = indicators_of(documents=REGISTERS).notes
    assert (notes["undated_document", "16204"], notes["undated_document", "16174"]) == (1, 0)


RECEIPTS = """
    | unit_code | dossier_code | receipt_number | received_date | collected_date | charge_amount | duty_amount | total_amount |
    | 16204     | HS-1         | 1              | 01/03/2021    | 02/03/2021     | 8000          | 0           | 8000         |
    | 16204     | HS-2         | 2              | 01/03/2021    |                | 2000          |             | 2000         |
    | 16204     | HS-3         | 3              | 05/09/2021    | 06/09/2021     | 500           | 0           | 500          |
    | 16204     | HS-4         | 4              | 14/12/2020    | 15/12/2020     | 0             | 15000       | 15000        |
    | 16204     | HS-5         | 5              |               |                | 100           | 100         | 200          |
    | 16174     | HS-6         | 6              | 01/03/2020    | 01/03/2020     | 100           | 100         | 200          |
    | 16177     | HS-7         | 7              | 01/03/2021    | 01/03/2021     |               |             | 300          |
    """


def fee_cells(table: IndicatorTable, unit: str) -> list[int | None]:
    names = ("fee_charge_amount", "fee_duty_amount", "fee_total_amount", "fee_receipt_count")
    return [table.value(name, (unit,)) for name in names]


def test_money_counts_on_the_day_of_collection_else_of_reception() -> None:
    table = indicators_of(fees=RECEIPTS)
    assert fee_cells(table, "16204") == [10000, 15000, 25000, 3]
    assert table.notes["undated_fee", "16204"] == 1


def test_unit_that_collected_nothing_in_the_window_has_zeros() -> None:
    assert fee_cells(indicators_of(fees=RECEIPTS), "16174") == [0, 0, 0, 0]


def test_amount_that_no_receipt_states_is_missing_rather_than_zero() -> None:
    assert fee_cells(indicators_of(fees=RECEIPTS), "16177") == [None, None, 300, 1]


def test_unit_without_a_fee_list_has_no_cells_unless_an_empty_one_arrived() -> None:
    assert fee_cells(indicators_of(), "16204") == [None] * 4
    assert fee_cells(indicators_of(delivered={"fee": ("16204",)}), "16204") == [0, 0, 0, 0]
