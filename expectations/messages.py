"""Codes of findings into Vietnamese: the one registry of severity, audience and wording."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import groupby
from string import Formatter

import yaml

from transforms.findings import Finding, Place
from transforms.indicators.period import PeriodError, parse_period, period_name
from transforms.report.numbers_vi import thousands
from transforms.schema.tables import AUDIENCES, RECORD_TABLES, SEVERITIES
from transforms.yaml_text import parse_yaml

NO_UNIT = "toàn hệ thống"
"""Stands for {unit} in a finding that is about no single unit."""
SHOWN_ROWS = 3
IDENTITY_PARAMS = ("code", "period", "subject")
"""Params that say what a finding is about, apart from its place: a rule, a period, a named thing."""
_COMMON = ("file", "unit", "count", "rows", "column")


@dataclass(frozen=True, slots=True)
class Message:
    """What a code means to a reader; ``sentence``, ``why`` and ``remedy`` may hold placeholders."""

    code: str
    severity: str
    audience: str
    sentence: str
    why: str
    remedy: str
    regulation: str


_KEYS = tuple(item.name for item in fields(Message))
_NEEDS_TEXT = tuple(key for key in _KEYS if key != "regulation")
_TEMPLATES = ("sentence", "why", "remedy")


@dataclass(frozen=True, slots=True)
class Messages:
    """The registry: code → message."""

    by_code: Mapping[str, Message]

    def __getitem__(self, code: str) -> Message:
        return self.by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_code)

    def __len__(self) -> int:
        return len(self.by_code)


@dataclass(frozen=True, slots=True)
class DescribedFinding:
    """A finding with its severity, audience and finished sentences."""

    finding: Finding
    severity: str
    audience: str
    sentence: str
    why: str
    remedy: str
    regulation: str


class MessageError(Exception):
    """Message files that cannot be used; ``problems`` name file, entry and fault."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def parse_messages(files: Mapping[str, bytes]) -> Messages:
    """The registry of every file (name → YAML content), in code order.

    Raises MessageError with every problem found: no list of entries, a key missing, unknown or not text,
    an unknown severity or audience, a broken placeholder, a code written twice (also across files).
    """
    problems: list[str] = []
    found: dict[str, Message] = {}
    origin: dict[str, str] = {}
    for name in sorted(files):
        for message in _parse_file(name, files[name], problems):
            if message.code in origin:
                problems.append(f"{name}: {message.code} is already in {origin[message.code]}")
                continue
            origin[message.code] = name
            found[message.code] = message
    if problems:
        raise MessageError(tuple(problems))
    return Messages(dict(sorted(found.items())))


def _parse_file(name: str, content: bytes, problems: list[str]) -> Iterator[Message]:
    try:
        entries = parse_yaml(content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problems.append(f"{name}: not readable as YAML ({error})")
        return
    if not isinstance(entries, list):
        problems.append(f"{name}: not a list of messages")
        return
    for number, entry in enumerate(entries, start=1):
        faults = _faults(entry)
        label = entry.get("code", f"entry {number}") if isinstance(entry, dict) else f"entry {number}"
        problems.extend(f"{name}: {label}: {fault}" for fault in faults)
        if not faults:
            yield Message(**{key: entry[key].strip() for key in _KEYS})


def _faults(entry: object) -> list[str]:
    if not isinstance(entry, dict):
        return ["not a mapping"]
    faults = [f"key {key} is missing" for key in _KEYS if key not in entry]
    faults += [f"key {key} is unknown" for key in entry if key not in _KEYS]
    faults += [f"{key} is not text" for key in _KEYS if key in entry and not isinstance(entry[key], str)]
    if faults:
        return faults
    faults += [f"{key} is empty" for key in _NEEDS_TEXT if not entry[key].strip()]
    if entry["severity"] not in SEVERITIES:
        faults.append(f"severity {entry['severity']} is unknown")
    if entry["audience"] not in AUDIENCES:
        faults.append(f"audience {entry['audience']} is unknown")
    return faults + [fault for key in _TEMPLATES for fault in _template_faults(key, entry[key])]


def _template_faults(key: str, text: str) -> list[str]:
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        return [f"{key} has a broken placeholder ({error})"]
    return [
        f"{key} has the placeholder {{{name}}}, not a plain name" for name in names if not name.isidentifier()
    ]


def placeholders(message: Message) -> frozenset[str]:
    """Names that the finding's own params must supply: the common ones are left out."""
    names = (name for key in _TEMPLATES for _, name, _, _ in Formatter().parse(getattr(message, key)))
    return frozenset(name for name in names if name is not None and name not in _COMMON)


def describe(
    finding: Finding,
    messages: Messages,
    column_labels: Mapping[str, str],
    unit_names: Mapping[str, str],
) -> DescribedFinding:
    """The finding in Vietnamese.

    ``column_labels``: "kind.column" or plain column name → label (``build_column_labels``);
    ``unit_names``: unit code → name as printed. A param of the finding goes before the common
    placeholder of the same name. Raises KeyError for a code without a message and for a placeholder that
    nothing fills.
    """
    message = messages[finding.code]
    column = finding.column
    common: dict[str, str] = {
        "file": finding.file,
        "unit": unit_names.get(finding.unit_code, finding.unit_code) or NO_UNIT,
        "count": thousands(finding.count),
        "rows": describe_rows(finding.places),
        "column": column_labels.get(f"{finding.kind}.{column}") or column_labels.get(column, column),
    }
    given = {name: thousands(v) if isinstance(v, int) else v for name, v in finding.params}
    if "period" in given:
        given["period"] = _period_words(given["period"])
    values = {**common, **given}
    try:
        sentence, why, remedy = (getattr(message, key).format_map(values) for key in _TEMPLATES)
    except KeyError as error:
        raise KeyError(f"{finding.code}: nothing fills the placeholder {error}") from error
    return DescribedFinding(
        finding, message.severity, message.audience, sentence, why, remedy, message.regulation
    )


def _period_words(period: str) -> str:
    """The name of the periods whose ids these are; a text that is no id, such as a name, as it is."""
    try:
        return ", ".join(period_name(parse_period(each)) for each in period.split(", "))
    except PeriodError:
        return period


def describe_rows(places: tuple[Place, ...]) -> str:
    """Where the rows are: "dòng 12, 15, 18 và 502 dòng khác"; sheet and file are named when there are several.

    Rows that follow each other in one sheet share its name: "dòng 12, 15 (trang tính Tháng 8), 7 (trang tính Tháng 9)".
    """
    if not places:
        return ""
    has_sheets = len({place.sheet for place in places}) > 1
    has_files = len({place.file for place in places}) > 1
    # A record whose own file never told its row (``transforms.history.retracted``) is only counted.
    numbered = [place for place in places if place.row][:SHOWN_ROWS]
    if not numbered:
        return "không rõ số dòng"
    spots = groupby(numbered, key=lambda place: _spot_words(place, has_sheets, has_files))
    shown = ", ".join(", ".join(str(place.row) for place in rows) + spot for spot, rows in spots)
    rest = len(places) - len(numbered)
    return f"dòng {shown} và {thousands(rest)} dòng khác" if rest > 0 else f"dòng {shown}"


def _spot_words(place: Place, has_sheets: bool, has_files: bool) -> str:
    parts = [f"trang tính {place.sheet}"] if has_sheets and place.sheet else []
    parts += [f"tệp {place.file}"] if has_files and place.file else []
    return f" ({', '.join(parts)})" if parts else ""


def build_column_labels() -> dict[str, str]:
    """Vietnamese labels of the record tables' columns, keyed "kind.column"."""
    return {
        f"{kind}.{column.name}": column.label
        for kind, table in RECORD_TABLES.items()
        for column in table.columns
    }


def finding_id(finding: Finding) -> str:
    """16 hex digits that stay the same when a file is delivered again.

    From code, unit, kind and column, and from the params of ``IDENTITY_PARAMS`` where the finding has
    them: neither file nor rows nor counts, which a mended delivery changes.
    """
    named = dict(finding.params)
    subjects = (f"{name}={named[name]}" for name in IDENTITY_PARAMS if name in named)
    identity = "\x1f".join((finding.code, finding.unit_code, finding.kind, finding.column, *subjects))
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def sort_described(described: Iterable[DescribedFinding]) -> tuple[DescribedFinding, ...]:
    """Critical first, then warnings, then notes; within each by code, unit and file."""
    return tuple(
        sorted(
            described,
            key=lambda item: (
                SEVERITIES.index(item.severity),
                item.finding.code,
                item.finding.unit_code,
                item.finding.file,
            ),
        )
    )
