"""``rulebooks/*.yml``: parsing and completeness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import yaml

from transforms.catalogue.problems import Problems
from transforms.catalogue.rulebook import (
    CERTAINTIES,
    END_DATES,
    OUTSIDE,
    RULEBOOK_COLUMNS,
    RULEBOOK_STATES,
    SCORED_RATES,
    STARTS,
    Rulebook,
    RuleSource,
    ScoreGroup,
    ScorePart,
    StateRules,
)
from transforms.yaml_text import parse_yaml

_KEYS = (
    "rulebook_id",
    "name",
    "short_name",
    "of_software",
    "applies_from",
    "population",
    "window",
    "state",
    "columns_counted",
    "supplement_requests",
    "columns",
    "sources",
    "scores",
    # Names of the first edition, which snapshots may still hold.
    "label",
    "source",
)
_LEFT_OUT, _KEPT = "left_out", "kept"
_AFTER, _FROM = ">", ">="
_LATEST_EXPORT, _DAY = "latest_export", "day"
_APART, _TOGETHER = "apart", "together"


def parse_rulebook(content: bytes, file: str, problems: Problems) -> Rulebook:
    """The rulebook of one file; each of the seven counted states has exactly one column or none by name.

    What a file does not say is as in ``tt01``. Every mistake becomes a problem; what cannot be read counts
    as not said.
    """
    try:
        loaded = parse_yaml(content.decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = file if mark is None else f"{file} dòng {mark.line + 1}"
        problems.add(where, "tệp không phải YAML hợp lệ.")
        return Rulebook("", {})
    columns = loaded.get("columns") if isinstance(loaded, dict) else None
    rulebook_id = str(loaded.get("rulebook_id") or "") if isinstance(loaded, dict) else ""
    if not rulebook_id or not isinstance(columns, dict):
        problems.add(file, "thiếu mục “rulebook_id” hoặc “columns”.")
        return Rulebook(rulebook_id, {})
    if unknown := sorted(set(loaded) - set(_KEYS)):
        problems.add(file, f"có mục không biết: {', '.join(map(str, unknown))}.")
    choose = _Chooser(file, problems)
    population = choose.section(loaded, "population", ("unknown_procedure",))
    window = choose.section(loaded, "window", STARTS)
    state = choose.section(loaded, "state", ("by", "end_dates"))
    requests = choose.section(loaded, "supplement_requests", ("late_from",))
    return Rulebook(
        rulebook_id,
        _columns(columns, file, problems),
        name=str(loaded.get("name") or ""),
        short_name=str(loaded.get("short_name") or ""),
        leaves_out_unknown_procedures=choose.one(population, "unknown_procedure", (_KEPT, _LEFT_OUT))
        == _LEFT_OUT,
        after_start=frozenset(
            start for start in STARTS if choose.one(window, start, (_FROM, _AFTER)) == _AFTER
        ),
        states=StateRules(
            choose.one(state, "by", (_DAY, _LATEST_EXPORT)) == _LATEST_EXPORT,
            choose.several(state, "end_dates", END_DATES),
        ),
        counts_columns_apart=choose.one(loaded, "columns_counted", (_TOGETHER, _APART)) == _APART,
        late_from_requests=choose.number(requests, "late_from"),
        is_of_software=choose.one(loaded, "of_software", ("False", "True")) == "True",
        applies_from=choose.day(loaded, "applies_from"),
        sources=tuple(_sources(choose.entries(loaded, "sources"), choose)),
        scores=tuple(_scores(choose.entries(loaded, "scores"), choose)),
    )


def _columns(columns: Mapping[Any, Any], file: str, problems: Problems) -> dict[str, str]:
    for state in RULEBOOK_STATES:
        if state not in columns:
            problems.add(file, f"trạng thái “{state}” chưa được xếp vào cột nào.")
    for state, column in columns.items():
        if state not in RULEBOOK_STATES:
            problems.add(file, f"trạng thái “{state}” không thuộc các trạng thái được đếm.")
        if column not in (*RULEBOOK_COLUMNS, OUTSIDE):
            problems.add(file, f"trạng thái “{state}” xếp vào cột không có trong biểu: “{column}”.")
    return {str(state): str(column) for state, column in columns.items()}


def _sources(entries: Sequence[Mapping[str, Any]], choose: _Chooser) -> Iterator[RuleSource]:
    for entry in entries:
        yield RuleSource(
            str(entry.get("document") or ""),
            str(entry.get("says") or ""),
            choose.one(entry, "certainty", CERTAINTIES),
            str(entry.get("article") or ""),
        )


def _scores(entries: Sequence[Mapping[str, Any]], choose: _Chooser) -> Iterator[ScoreGroup]:
    for entry in entries:
        parts = tuple(
            ScorePart(
                str(part.get("name") or entry.get("name") or ""),
                choose.number(part, "most") or 0,
                choose.one(part, "rate", ("", *SCORED_RATES)),
                choose.one(part, "certainty", CERTAINTIES),
                str(part.get("remark") or ""),
            )
            for part in choose.entries(entry, "parts")
        )
        group = ScoreGroup(str(entry.get("name") or ""), choose.number(entry, "most") or 0, parts)
        if sum(part.most for part in parts) > group.most:
            choose.complain(
                f"nhóm điểm “{group.name}” có các phần cộng lại quá điểm tối đa của nhóm ({group.most})."
            )
        yield group


class _Chooser:
    """Reads values of a loaded file; what is none of the values allowed is a problem and counts as the first."""

    def __init__(self, file: str, problems: Problems) -> None:
        self._file = file
        self._problems = problems

    def complain(self, sentence: str) -> None:
        """One more problem of the file."""
        self._problems.add(self._file, sentence)

    def section(self, loaded: Mapping[str, Any], key: str, known: Sequence[str]) -> Mapping[str, Any]:
        """A mapping below the key; empty where there is none."""
        found = loaded.get(key) or {}
        if not isinstance(found, dict):
            self.complain(f"mục “{key}” phải gồm các dòng “tên: giá trị”.")
            return {}
        if unknown := sorted(set(found) - set(known)):
            self.complain(f"mục “{key}” có khóa không biết: {', '.join(map(str, unknown))}.")
        return found

    def entries(self, loaded: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        """A list of mappings below the key; empty where there is none."""
        found = loaded.get(key) or []
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            self.complain(f"mục “{key}” phải là danh sách.")
            return []
        return found

    def one(self, loaded: Mapping[str, Any], key: str, known: Sequence[str]) -> str:
        """One of the known values, the first where nothing is said."""
        value = str(loaded.get(key, known[0]))
        if value not in known:
            self.complain(f"khóa “{key}” chỉ nhận {', '.join(filter(None, known))}, đang ghi “{value}”.")
            return known[0]
        return value

    def several(self, loaded: Mapping[str, Any], key: str, known: Sequence[str]) -> tuple[str, ...]:
        """Some of the known values in their order, all where nothing is said."""
        found = loaded.get(key, list(known))
        if not isinstance(found, list) or not found or (set(map(str, found)) - set(known)):
            self.complain(f"khóa “{key}” phải là danh sách gồm {', '.join(known)}.")
            return tuple(known)
        return tuple(name for name in known if name in found)

    def number(self, loaded: Mapping[str, Any], key: str) -> int | None:
        """A positive whole number, None where nothing is said."""
        value = loaded.get(key)
        if value is None or (isinstance(value, int) and value > 0):
            return value
        self.complain(f"khóa “{key}” phải là số nguyên dương, đang ghi “{value}”.")
        return None

    def day(self, loaded: Mapping[str, Any], key: str) -> date | None:
        """A day, None where nothing is said."""
        value = loaded.get(key)
        if value is None or isinstance(value, date):
            return value
        self.complain(f"khóa “{key}” phải là ngày dạng 2022-06-23, đang ghi “{value}”.")
        return None
