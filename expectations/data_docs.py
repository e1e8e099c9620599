"""Great Expectations' Data Docs of one run, with pages of our own: in Vietnamese, and asking for nothing from outside.

The site is built by Great Expectations from its own validation results; renderer and view are the places
where it lets others in. Its own pages load styles and scripts from eight addresses and are empty without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from expectations.checkpoints import (
    FAILED,
    PASSED,
    STATES,
    UNEVALUATED,
    CheckpointRecord,
    count_states,
    ephemeral_context,
)
from expectations.messages import Messages
from transforms.report.numbers_vi import percent, thousands
from transforms.schema.tables import RECORD_TABLES, SEVERITIES, SEVERITY_NAMES

INDEX_PAGE = "index.html"
_INDEX_TEMPLATE = "page/run_checks.html.j2"
_TABLE_TEMPLATE = "page/run_check.html.j2"
_WAY_HOME = "../../../../"
"""From ``validations/<table>/<run>/<instant>/<batch>.html`` to the first page."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule on the page of its table."""

    code: str
    sentence: str
    why: str
    severity: str
    state: str
    """passed, failed or unevaluated."""
    failing: str = ""
    share: str = ""
    """Of the rows that the rule looked at; empty where it looked at none."""
    error: str = ""


def build_data_docs(
    records: Sequence[CheckpointRecord],
    messages: Messages,
    templates: Mapping[str, str],
    run_id: str,
    folder: str,
) -> tuple[str, ...]:
    """Labels of the tables that have a page; the site lies in ``folder``, its first page is ``INDEX_PAGE``.

    A table whose checkpoint broke off has no page; the first page says so, and which tables are empty.
    ``templates``: texts of the files below ``report_templates/`` by relative name. Great Expectations writes
    the files and copies assets beside them (``static/``) that no page of ours asks for.
    """
    from great_expectations.core.expectation_validation_result import (
        expectationSuiteValidationResultSchema,
    )
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )
    from great_expectations.render.renderer.site_builder import SiteBuilder

    finished = [record for record in records if record.result]
    context = ephemeral_context()
    for record in finished:
        result = expectationSuiteValidationResultSchema.load(_with_words(record, messages))
        run = RunIdentifier(run_name=run_id, run_time=result.meta["run_id"]["run_time"])
        key = ValidationResultIdentifier(ExpectationSuiteIdentifier(record.kind), run, record.kind)
        context.validation_results_store.set(key, result)
    index_view, table_view = (
        _ours("View", templates=dict(templates), page=page) for page in (_INDEX_TEMPLATE, _TABLE_TEMPLATE)
    )
    SiteBuilder(
        context,
        {"class_name": "TupleFilesystemStoreBackend", "base_directory": folder},
        site_name=run_id,
        show_how_to_buttons=False,
        site_index_builder={
            "class_name": "DefaultSiteIndexBuilder",
            "renderer": _ours("IndexRenderer", tables=[_table_facts(record) for record in records]),
            "view": index_view,
        },
        site_section_builders={
            "expectations": "None",
            "profiling": "None",
            "validations": {"renderer": _ours("TableRenderer"), "view": table_view},
        },
    ).build()
    return tuple(RECORD_TABLES[record.kind].label for record in finished)


def _ours(class_name: str, **arguments: Any) -> dict[str, Any]:
    """A class of this module as Great Expectations wants it named."""
    return {"module_name": __name__, "class_name": class_name, **arguments}


def _with_words(record: CheckpointRecord, messages: Messages) -> dict[str, Any]:
    """The validation result with what the registry knows of each rule: how grave it is, and why it matters."""
    return {**record.result, "results": [_worded(item, messages) for item in record.result["results"]]}


def _worded(item: Mapping[str, Any], messages: Messages) -> dict[str, Any]:
    configuration = dict(item["expectation_config"])
    code = configuration["meta"]["code"]
    if code in messages:
        message = messages[code]
        grounds = f" Căn cứ: {message.regulation}." if message.regulation else ""
        configuration |= {"severity": message.severity, "notes": f"{message.why}{grounds}"}
    return {**item, "expectation_config": configuration}


def _table_facts(record: CheckpointRecord) -> dict[str, Any]:
    counts = count_states(record.verdicts)
    return {
        "kind": record.kind,
        "label": RECORD_TABLES[record.kind].label,
        "row_count": thousands(record.row_count),
        "is_broken": not record.result,
        **{state: thousands(counts[state]) for state in STATES},
        "failing": thousands(sum(verdict.unexpected_count for verdict in record.verdicts.values())),
    }


class IndexRenderer:
    """The links that Great Expectations gathered, as the values of the first page."""

    def __init__(self, tables: Sequence[Mapping[str, Any]]) -> None:
        self._tables = tables

    def render(self, links: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the first page: tables in the order of the schema, each with the path of its page."""
        paths = {
            link["expectation_suite_name"]: link["filepath"] for link in links.get("validations_links", ())
        }
        checked = {table["kind"] for table in self._tables}
        return {
            "run_id": links["site_name"],
            "tables": [{**table, "path": paths.get(table["kind"])} for table in self._tables],
            "empty": [table.label for kind, table in RECORD_TABLES.items() if kind not in checked],
        }


class TableRenderer:
    """A validation result as the values of its page."""

    def render(self, result: Any) -> dict[str, Any]:
        """Values of the page of one table: what was not evaluated first, then what failed, gravest first."""
        lines = [_line(item) for item in result.results]
        lines.sort(key=lambda line: (STATES.index(line.state), SEVERITIES.index(line.severity)))
        return {
            "label": RECORD_TABLES[result.suite_name].label,
            "lines": lines,
            "counts": {state: sum(line.state == state for line in lines) for state in STATES},
            "home": _WAY_HOME + INDEX_PAGE,
        }


class View:
    """A page from its values; Great Expectations hands over more, which no page of ours needs."""

    def __init__(self, templates: Mapping[str, str], page: str) -> None:
        self._environment = Environment(
            loader=DictLoader(dict(templates)),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["severity_names"] = SEVERITY_NAMES
        self._page = page

    def render(self, document: Mapping[str, Any], **_given: Any) -> str:
        """The page as text."""
        return self._environment.get_template(self._page).render(document).rstrip("\n") + "\n"


def _line(item: Any) -> RuleLine:
    configuration, counts = item.expectation_config, item.result
    failing = counts.get("unexpected_count")
    state = UNEVALUATED if failing is None else PASSED if item.success else FAILED
    return RuleLine(
        code=configuration.meta["code"],
        sentence=configuration.description,
        why=str(configuration.notes or ""),
        severity=str(getattr(configuration.severity, "value", configuration.severity)),
        state=state,
        failing=thousands(failing) if failing else "",
        share=(percent(failing, counts.get("element_count", 0)) or "") if failing else "",
        error=str(item.exception_info.get("exception_message") or "") if failing is None else "",
    )
