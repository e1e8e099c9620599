"""All rules of a kind of record, and all codes that validation can raise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from expectations.across import ACROSS_CODES
from expectations.deliveries import DELIVERY_CODES
from expectations.document import build_document_rules
from expectations.dossier import build_dossier_rules
from expectations.fee import build_fee_rules
from expectations.params import RuleParams
from expectations.rule import Rule
from expectations.schema_rules import derive_rules
from expectations.summary import build_summary_rules
from expectations.supplement import SUPPLEMENT_CODES
from transforms.schema.tables import RECORD_KINDS

RULE_DISAGREEMENT = "rule.disagreement"
RULE_NOT_EVALUATED = "rule.not_evaluated"

_CROSS_RULES: Mapping[str, Callable[[RuleParams], tuple[Rule, ...]]] = {
    "dossier": build_dossier_rules,
    "fee": build_fee_rules,
    "document": build_document_rules,
    "summary": build_summary_rules,
}


def rules_of(kind: str, params: RuleParams) -> tuple[Rule, ...]:
    """Schema rules, then cross-column rules, of one kind of record; KeyError for an unknown kind."""
    cross = _CROSS_RULES.get(kind)
    return (*derive_rules(kind), *(cross(params) if cross else ()))


def finding_codes() -> tuple[str, ...]:
    """Every code that validation can raise, in a fixed order; each needs a message."""
    any_day = RuleParams(date(2021, 1, 1))
    rules = (rule.code for kind in RECORD_KINDS for rule in rules_of(kind, any_day))
    return (*rules, *SUPPLEMENT_CODES, RULE_DISAGREEMENT, RULE_NOT_EVALUATED, *ACROSS_CODES, *DELIVERY_CODES)
