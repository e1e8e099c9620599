"""Which rules there are, and what they take from the catalogue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from expectations.params import build_rule_params
from expectations.registry import finding_codes
from expectations.schema_rules import derive_rules
from transforms.catalogue.model import Catalogue, Unit

OLD = Unit(
    "16204",
    "Bình Lương",
    "xã",
    "xa",
    "402",
    date(2004, 1, 1),
    date(2025, 6, 30),
    "000.09.42.H56",
)


def _catalogue(*units: Unit) -> Catalogue:
    return Catalogue("v", units, (), (), (), (), (), (), (), (), {})


def test_schema_constraints_become_rules_in_column_order() -> None:
    assert [rule.code for rule in derive_rules("fee")] == [
        "fee.unit_code.missing",
        "fee.dossier_code.missing",
        "fee.channel_code.not_in_list",
        "fee.charge_amount.too_small",
        "fee.duty_amount.too_small",
        "fee.total_amount.missing",
        "fee.total_amount.too_small",
    ]


def test_provenance_columns_have_no_rule() -> None:
    assert not [code for code in finding_codes() if "._" in code]


def test_codes_are_unique() -> None:
    assert len(set(finding_codes())) == len(finding_codes())


def test_unknown_kind_raises() -> None:
    with pytest.raises(KeyError):
        derive_rules("quotation")


def test_agency_code_is_that_of_the_unit_valid_on_the_day() -> None:
    new = replace(OLD, valid_from=date(2025, 7, 1), valid_to=None, agency_code="H56.42.09")

    assert build_rule_params(_catalogue(new, OLD), date(2021, 9, 5)).agency_codes == {
        "16204": "000.09.42.H56"
    }
    assert build_rule_params(_catalogue(new, OLD), date(2026, 1, 1)).agency_codes == {"16204": "H56.42.09"}


def test_unit_without_agency_code_is_not_judged() -> None:
    params = build_rule_params(_catalogue(replace(OLD, agency_code="")), date(2021, 9, 5))

    assert params.agency_codes == {}
    assert params.as_of == date(2021, 9, 5)
