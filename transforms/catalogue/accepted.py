"""From a proposal file as an analyst left it to a profile that a workspace may use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import yaml
from rapidfuzz import process

from transforms.catalogue.model import Profile
from transforms.catalogue.profiles import READER_ONLY_NAMES, ProfileError, parse_profile
from transforms.catalogue.proposal import GUIDE, column_label
from transforms.schema.tables import RECORD_TABLES

_MOST_BYTES = 1_000_000
_NO_PROFILES_OF = ("supplement",)
"""Kinds that only the product's own workbook brings."""
_FROM_ELSEWHERE = ("unit_code", "window_start", "window_end")
"""Required columns of a table that the folder or the title gives, not a column of the file."""
_ALSO_NEEDED = {"dossier": ("received_date",)}
"""A received dossier without its day of reception is set apart, so a list without the column counts nothing."""
_QUOTED = re.compile("“([^”]+)”")
_ACCEPTED_LINE = re.compile(r"^accepted_(?:on|by)\s*:")


def needed_columns(kind: str) -> tuple[str, ...]:
    """Columns without which no row of that kind can be counted."""
    columns = RECORD_TABLES[kind].columns
    required = [c.name for c in columns if c.required and not c.is_provenance]
    return tuple(name for name in (*required, *_ALSO_NEEDED.get(kind, ())) if name not in _FROM_ELSEWHERE)


def parse_proposal(content: bytes, file_name: str) -> Profile:
    """The profile of a proposal file, checked as any profile is, whatever the file is called.

    Raises ProfileError with one Vietnamese sentence that names the file, where possible the line, and for
    an unknown column the nearest name.
    """
    if len(content) > _MOST_BYTES or b"\0" in content:
        raise ProfileError(f"Tệp {file_name} không phải tệp đề xuất mẫu kết xuất (YAML).")
    root = _compose(content, file_name)
    profile_id = next((text for key, text, _ in _scalars(root) if key == "profile_id"), "x.v1")
    called = f"{profile_id}.yml"
    try:
        profile = parse_profile(content, called)
    except ProfileError as problem:
        what = str(problem).removeprefix(f"Mẫu kết xuất {called}: ")
        line = _line_of(root, what)
        raise ProfileError(f"Tệp {file_name}{f', dòng {line}' if line else ''}: {_with_hint(what)}") from None
    if profile.kind in _NO_PROFILES_OF:
        raise ProfileError(
            f"Tệp {file_name}: không nhận mẫu cho loại {profile.kind}, loại này chỉ đọc từ biểu mẫu của phần mềm."
        )
    given = {*(column.name for column in profile.columns), *profile.constants}
    missing = [name for name in needed_columns(profile.kind) if name not in given]
    if missing:
        names = ", ".join(f"{name} ({column_label(profile.kind, name)})" for name in missing)
        raise ProfileError(
            f"Tệp {file_name}: thiếu cột bắt buộc {names}; hãy chuyển tiêu đề tương ứng từ “ignored” lên “columns”."
        )
    return profile


def same_profile(one: Profile, other: Profile) -> bool:
    """True when both read files in the same way, whoever accepted them and when."""
    return replace(one, accepted_on=None, accepted_by="") == replace(other, accepted_on=None, accepted_by="")


def build_accepted(content: bytes, accepted_on: date, accepted_by: str) -> bytes:
    """The proposal without its instructions, with day and person; evidence stays as comments."""
    lines = content.decode("utf-8-sig").splitlines()
    kept = [line for line in lines if not line.startswith(GUIDE.rstrip()) and not _ACCEPTED_LINE.match(line)]
    kept.append(f"accepted_on: {accepted_on.isoformat()}")
    if accepted_by:
        kept.append(
            "accepted_by: " + yaml.safe_dump(accepted_by, allow_unicode=True, default_style='"').strip()
        )
    return ("\n".join(kept) + "\n").encode()


def next_version(profiles: tuple[Profile, ...], family: str) -> int:
    """The first version number of a format that is still free."""
    return max((profile.version for profile in profiles if profile.family == family), default=0) + 1


def _compose(content: bytes, file_name: str) -> yaml.Node | None:
    try:
        return yaml.compose(content.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        raise ProfileError(f"Tệp {file_name} không phải tệp đề xuất mẫu kết xuất (YAML, UTF-8).") from None
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = f", dòng {mark.line + 1}" if mark else ""
        raise ProfileError(
            f"Tệp {file_name}{line}: không đọc được YAML; hãy xem lại dấu ngoặc, dấu phẩy, dấu hai chấm và khoảng thụt đầu dòng."
        ) from None
    except yaml.YAMLError:
        raise ProfileError(f"Tệp {file_name}: có ký tự mà YAML không cho phép.") from None


def _scalars(node: yaml.Node | None, key: str = "") -> Iterator[tuple[str, str, int]]:
    """Every scalar: the key it stands under, its text, its line from 1; keys themselves under ""."""
    if isinstance(node, yaml.ScalarNode):
        yield key, node.value, node.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item, key)
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _scalars(name)
            yield from _scalars(value, name.value if isinstance(name, yaml.ScalarNode) else "")


def _line_of(root: yaml.Node | None, what: str) -> int:
    """The last line that holds what a complaint is about, so that of two claims the second is named; 0 for none."""
    scalars = list(_scalars(root))
    subjects = [*_QUOTED.findall(what), *(text.strip(" .") for text in what.rpartition(":")[2].split(","))]
    for subject in subjects:
        if lines := [line for _, text, line in scalars if text == subject]:
            return max(lines)
    return 0


def _with_hint(what: str) -> str:
    """The complaint, with the nearest existing name where it is about a column that does not exist."""
    found = re.match(r"^cột “([^”]+)” không có trong bảng (\w+)\.$", what)
    if not found:
        return what
    names = [*RECORD_TABLES[found[2]].content_names, *READER_ONLY_NAMES]
    near = process.extractOne(found[1], names, score_cutoff=60)
    return what.removesuffix(".") + (f"; có phải “{near[0]}” không?" if near else ".")
