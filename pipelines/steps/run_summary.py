"""What a run leaves about itself in its folder, for its page and for ``motcua runs``: codes, names of units, counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from datetime import date, timedelta
from typing import Any

from expectations.life import LIFE_STATES, life_states
from pipelines.clock import VIETNAM
from pipelines.run_records import DELIVERIES, FINDINGS, SUMMARY, read_run
from pipelines.runs import Run
from pipelines.session import Session
from pipelines.steps.draft import UnitDrafts
from pipelines.steps.model import DeliveryOutcome
from pipelines.steps.open_findings import OpenFinding, open_findings
from pipelines.steps.outbox import OutboxResult
from transforms.catalogue.model import Catalogue
from transforms.schema.tables import SEVERITIES

_TICK = timedelta(microseconds=1)


def write_deliveries(run: Run, outcomes: Sequence[DeliveryOutcome]) -> None:
    """Leave in the run's folder what became of each file: codes and counts."""
    run.write_json(DELIVERIES, [_outcome_json(outcome) for outcome in outcomes])


def write_results(
    session: Session,
    run: Run,
    as_of: date,
    outcomes: Sequence[DeliveryOutcome],
    findings: Sequence[OpenFinding],
    drafts: Sequence[UnitDrafts] = (),
    outbox: OutboxResult | None = None,
) -> None:
    """Leave in the run's folder the findings open at its end, and what its page says beside them."""
    write_deliveries(run, outcomes)
    run.write_json(FINDINGS, [finding.as_json() for finding in findings])
    run.write_json(SUMMARY, _summary(session, run, as_of, outcomes, findings, drafts, outbox))


def _summary(
    session: Session,
    run: Run,
    as_of: date,
    outcomes: Sequence[DeliveryOutcome],
    findings: Sequence[OpenFinding],
    drafts: Sequence[UnitDrafts],
    outbox: OutboxResult | None,
) -> dict[str, Any]:
    lines = [
        {"unit_code": unit.unit_code, "period_id": period, "is_new": period in unit.written}
        for unit in drafts
        for period in (*unit.written, *unit.same)
    ]
    lines.sort(key=lambda line: (line["unit_code"], line["period_id"]))
    codes = {str(line["unit_code"]) for line in lines}
    codes |= {outcome.unit_code for outcome in outcomes} | {finding.unit_code for finding in findings}
    content: dict[str, Any] = {
        "as_of": as_of.isoformat(),
        "units": _unit_names(session.catalogue, codes, as_of),
        "findings": count_lives(session, run, as_of, findings),
        "drafts": lines,
    }
    if outbox is not None:
        content["outbox"] = {"written": len(outbox.written), "same": len(outbox.same)}
    return content


def _unit_names(catalogue: Catalogue, codes: Set[str], day: date) -> dict[str, str]:
    """Code → name. Unit codes are used again after mergers: the unit valid on the day wins, else the latest."""
    groups = (group.as_unit() for group in catalogue.groups)
    units = sorted((*catalogue.units, *groups), key=lambda unit: (unit.is_valid_on(day), unit.valid_from))
    return {unit.code: unit.full_name for unit in units if unit.code in codes}


def count_lives(
    session: Session, run: Run, as_of: date, findings: Sequence[OpenFinding]
) -> dict[str, dict[str, int]]:
    """Severity → state of life (``expectations.life``) → how many, since the run began; every severity and state named."""
    began = read_run(run.folder).started_at
    known_at = began - _TICK if began else None
    day = min(began.astimezone(VIETNAM).date(), as_of) if began else as_of
    before = {
        finding.finding_id: finding for finding in open_findings(session.store, day=day, known_at=known_at)
    }
    now = {finding.finding_id: finding for finding in findings}
    states = life_states(
        {identity: finding.state() for identity, finding in before.items()},
        {identity: finding.state() for identity, finding in now.items()},
    )
    counts = Counter(
        ((now.get(identity) or before[identity]).severity, state) for identity, state in states.items()
    )
    return {severity: {state: counts[severity, state] for state in LIFE_STATES} for severity in SEVERITIES}


def _outcome_json(outcome: DeliveryOutcome) -> dict[str, str | int]:
    return {
        "delivery_id": outcome.delivery_id,
        "unit_code": outcome.unit_code,
        "file": outcome.file,
        "state": outcome.state,
        "kind": outcome.kind,
        "profile_id": outcome.profile_id,
        "refusal_code": outcome.refusal_code,
        "corrections": outcome.corrected_count,
        **outcome.counts.as_dict(),
    }
