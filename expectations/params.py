"""What the rules of one run depend on besides the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from transforms.catalogue.model import Catalogue


@dataclass(frozen=True, slots=True)
class RuleParams:
    """Frozen inputs of the rules.

    ``as_of``: the working day of the run; a later day is "in the future". ``agency_codes``: unit code →
    agency identifier that prefixes the unit's dossier codes; a unit that is absent is not judged.
    """

    as_of: date
    agency_codes: Mapping[str, str] = field(default_factory=dict)


def build_rule_params(catalogue: Catalogue, as_of: date) -> RuleParams:
    """The parameters of a run: agency identifiers of the catalogue's units.

    Unit codes are used again after mergers: the unit valid on ``as_of`` wins, else the latest.
    """
    agency_codes = {
        unit.code: unit.agency_code
        for unit in sorted(catalogue.units, key=lambda unit: (unit.is_valid_on(as_of), unit.valid_from))
        if unit.agency_code
    }
    return RuleParams(as_of, agency_codes)
