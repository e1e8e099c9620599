"""One Great Expectations checkpoint per table and run: verdicts, and a result that is fit to be kept.

Great Expectations is imported inside the functions: it takes seconds and the on-demand path has no use
for it. The caller sets ``GX_ANALYTICS_ENABLED=false`` in the environment before the first checkpoint: this
layer does not touch the environment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from expectations.compile import build_frame, compile_suite
from expectations.rule import Rule

if TYPE_CHECKING:
    from great_expectations.data_context import EphemeralDataContext

_COUNTS = (
    "element_count",
    "missing_count",
    "missing_percent",
    "unexpected_count",
    "unexpected_percent",
    "unexpected_percent_total",
    "unexpected_percent_nonmissing",
)
"""All that is kept of an expectation's result: no value of a row may stand in a run's folder (law 7)."""
_RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}
"""Counts only: the complete rows come from the masks, COMPLETE would cost 8-10 times as much."""


UNEVALUATED, FAILED, PASSED = STATES = ("unevaluated", "failed", "passed")
"""What a verdict comes to, what needs looking at first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Great Expectations says about one rule.

    ``is_evaluated`` is false where it raised or returned no count, as it does for a missing column:
    "the rule failed" and "the rule was not evaluated" are different things.
    """

    code: str
    is_evaluated: bool
    success: bool
    unexpected_count: int

    @property
    def state(self) -> str:
        """One of ``STATES``."""
        return UNEVALUATED if not self.is_evaluated else PASSED if self.success else FAILED


@dataclass(frozen=True, slots=True)
class CheckpointRecord:
    """What one checkpoint said: a verdict for every rule, and Great Expectations' own result without values."""

    kind: str
    row_count: int
    verdicts: Mapping[str, Verdict]
    result: Mapping[str, Any] = field(default_factory=dict)
    """The validation result as Great Expectations writes it to JSON; empty where the checkpoint broke off."""
    error: str = ""
    """Kind of the exception that broke the checkpoint off; its text might quote a row."""

    def as_json(self) -> dict[str, Any]:
        """The record as it is kept in the folder of its run."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> CheckpointRecord:
        """The record that ``as_json`` wrote."""
        verdicts = {code: Verdict(**verdict) for code, verdict in content["verdicts"].items()}
        return cls(**{**content, "verdicts": verdicts})


def count_states(verdicts: Mapping[str, Verdict]) -> dict[str, int]:
    """Rules by what their verdict comes to, every state named."""
    states = [verdict.state for verdict in verdicts.values()]
    return {state: states.count(state) for state in STATES}


def run_checkpoint(kind: str, table: pa.Table, rules: Sequence[Rule]) -> CheckpointRecord:
    """The record of one run of the checkpoint of a table, in an ephemeral context of its own.

    ``table`` must hold the derived columns that the rules compare (``expectations.runner.prepare_table``); a
    rule whose column is missing comes back as not evaluated, and so do all of them where Great Expectations
    itself breaks off. Raises CompileError for a rule that cannot be compiled.
    """
    suite = compile_suite(kind, rules)
    try:
        result = _validate(kind, table, rules, suite)
    except Exception as problem:
        # The masks name every failing row without Great Expectations: a night must not be lost to it.
        return CheckpointRecord(kind, table.num_rows, _verdicts(rules, ()), error=type(problem).__name__)
    kept = {**result, "results": [_without_values(item) for item in result["results"]]}
    return CheckpointRecord(kind, table.num_rows, _verdicts(rules, kept["results"]), kept)


def ephemeral_context() -> EphemeralDataContext:
    """A context in memory that writes no page, shows no progress bar and tells nobody."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    return gx.get_context(project_config=config, mode="ephemeral")


def _validate(kind: str, table: pa.Table, rules: Sequence[Rule], suite: Any) -> dict[str, Any]:
    import great_expectations as gx

    context = ephemeral_context()
    asset = context.data_sources.add_pandas(kind).add_dataframe_asset(kind)
    definition = gx.ValidationDefinition(
        name=kind, data=asset.add_batch_definition_whole_dataframe(kind), suite=context.suites.add(suite)
    )
    checkpoint = gx.Checkpoint(
        name=kind,
        validation_definitions=[context.validation_definitions.add(definition)],
        result_format=_RESULT_FORMAT,
    )
    done = context.checkpoints.add(checkpoint).run({"dataframe": build_frame(table, rules)})
    (result,) = done.run_results.values()
    # The context outlives this call in Great Expectations' own registry; the rows must not.
    context.data_sources.delete(kind)
    written: dict[str, Any] = result.to_json_dict()
    return written


def _without_values(item: Mapping[str, Any]) -> dict[str, Any]:
    counts = {name: item["result"][name] for name in _COUNTS if name in item["result"]}
    return {**item, "result": counts, "exception_info": _kind_of_exception(item.get("exception_info") or {})}


def _kind_of_exception(info: Mapping[str, Any]) -> dict[str, Any]:
    """What was raised, by kind alone; Great Expectations keeps one entry, or one for each metric that raised."""
    raised = [entry for entry in (info, *info.values()) if isinstance(entry, Mapping)]
    traces = [entry["exception_traceback"] for entry in raised if entry.get("exception_traceback")]
    kind = traces[0].strip().splitlines()[-1].partition(":")[0].rpartition(".")[2] if traces else None
    return {
        "raised_exception": any(entry.get("raised_exception") for entry in raised),
        "exception_message": kind,
        "exception_traceback": None,
    }


def _verdicts(rules: Sequence[Rule], results: Sequence[Mapping[str, Any]]) -> dict[str, Verdict]:
    """Rule code → verdict; a rule without any result is as little evaluated as one that raised."""
    found = {verdict.code: verdict for verdict in map(_verdict, results)}
    return {rule.code: found.get(rule.code, Verdict(rule.code, False, False, 0)) for rule in rules}


def _verdict(item: Mapping[str, Any]) -> Verdict:
    code = str(item["expectation_config"]["meta"]["code"])
    count = item["result"].get("unexpected_count")
    if count is None:
        return Verdict(code, False, False, 0)
    return Verdict(code, True, bool(item["success"]), int(count))
