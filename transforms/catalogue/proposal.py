"""A proposed export profile: the mapping, the evidence for every column, and its YAML for an analyst to edit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

import yaml

from transforms.catalogue.model import Profile, SourceColumn
from transforms.schema.tables import ASSIGNED_COLUMNS, RECORD_TABLES

GUIDE = "#> "
"""Begins a line that tells the analyst what to do; such lines are dropped when the profile is accepted."""
UNCLEAR = "# chưa rõ"
"""Marks a header that nobody could place."""
SORT_NAMES: Mapping[str, str] = {
    "date": "ngày",
    "dossier_code": "mã hồ sơ",
    "code_like": "mã khác dạng",
    "procedure_code": "mã thủ tục",
    "symbol": "số, ký hiệu văn bản",
    "number": "số",
    "status": "trạng thái đã biết",
    "channel": "hình thức nộp đã biết",
    "phone": "số điện thoại",
    "identity": "số giấy tờ",
    "email": "thư điện tử",
    "person": "tên riêng",
    "address": "địa chỉ",
}
"""What a cell can look like, in words."""
_READER_ONLY_LABELS = {
    "receiving_unit_name": "Đơn vị tiếp nhận",
    "resolving_unit_name": "Đơn vị giải quyết",
    "free_text": "Trích yếu, nội dung",
    "author_name": "Cơ quan ban hành",
    "label": "Nơi nhận",
    "officer_name": "Cán bộ xử lý (chỉ để tra mã, không lưu tên)",
    "department": "Phòng ban, bộ phận xử lý",
}
_READER_ONLY_OF = {
    "dossier": ("receiving_unit_name", "resolving_unit_name", "free_text", "officer_name", "department"),
    "document": ("free_text", "author_name", "label"),
}
_DERIVED = frozenset(
    (
        *("unit_code", "receiving_unit_code", "procedure_code", "field_hint", "status_code"),
        *("document_type_id", "issuer_level", "window_start", "window_end"),
        *ASSIGNED_COLUMNS,
    )
)
"""Columns of the tables that are worked out and not read as they stand."""
_SHOWN_SHARE = 0.05
_WIDE = 1 << 30
_OPTIONS = ("containers", "title_hints", "date_formats", "total_words")
_MAPS = ("constants", "status_map", "channel_map")


class Fate(StrEnum):
    """What becomes of a column of the file."""

    PLACED = "placed"
    PERSONAL = "personal"
    """Names, addresses, phones, identity numbers: never read."""
    NUMBERING = "numbering"
    KNOWN = "known"
    """Ignored by other profiles of the same kind."""
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class ValueShape:
    """What the values of a column look like: counts and shares only, never a value.

    ``shares``: sort of value (a key of ``SORT_NAMES``) → share of the filled cells; one cell may be of
    several sorts.
    """

    sampled_count: int
    filled_count: int
    distinct_count: int
    shares: Mapping[str, float] = field(default_factory=dict)

    def share(self, sort: str) -> float:
        """0-1."""
        return self.shares.get(sort, 0.0)

    @property
    def distinct_share(self) -> float:
        """Distinct values among the filled cells, 0-1; 0 for an empty column."""
        return self.distinct_count / self.filled_count if self.filled_count else 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A canonical column that a header may mean."""

    column: str
    alias: str
    """The known header text that lies nearest."""
    header_score: float
    """Likeness of the two header texts, 0-100."""
    score: float
    """Header and values together, 0-100."""


@dataclass(frozen=True, slots=True)
class ProposedColumn:
    """One column of the file: what it is proposed to be, and why."""

    header: str
    fate: Fate
    shape: ValueShape
    best: Candidate | None = None
    """The column it is placed in; for an unclear one the nearest, which was not near enough."""
    runners_up: tuple[Candidate, ...] = ()
    reason: str = ""
    """Vietnamese words for a fate other than placed."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A complete profile that would read the file, and the evidence."""

    profile: Profile
    columns: tuple[ProposedColumn, ...]
    sheet: str
    header_row: int
    """Row number of the header's first row as the clerk sees it."""
    row_count: int
    reasons: tuple[str, ...] = ()
    """Why this kind of record; Vietnamese sentences."""
    warnings: tuple[str, ...] = ()
    """What would still be missing; Vietnamese sentences."""
    base: Profile | None = None
    """The known format of which this is a new version; None for a new format."""

    @property
    def is_rename(self) -> bool:
        """True when only headers of a known format have other names."""
        return self.base is not None

    @property
    def placed(self) -> tuple[ProposedColumn, ...]:
        """Columns that would be read; for a new version of a known format only those with a new name."""
        return tuple(column for column in self.columns if column.fate is Fate.PLACED)


@dataclass(frozen=True, slots=True)
class NoProposal:
    """Nothing worth proposing, with the reasons as Vietnamese half-sentences."""

    reasons: tuple[str, ...]


def column_label(kind: str, column: str) -> str:
    """The Vietnamese name of a canonical or reader-only column."""
    table = RECORD_TABLES[kind]
    return table.column(column).label if column in table.names else _READER_ONLY_LABELS.get(column, column)


def describe_shape(shape: ValueShape) -> str:
    """For example "ngày 98%; trống 2%; 40 giá trị khác nhau"."""
    if not shape.filled_count:
        return "cột trống"
    sorts = sorted(
        ((share, sort) for sort, share in shape.shares.items() if share >= _SHOWN_SHARE), reverse=True
    )
    parts = [f"{SORT_NAMES[sort]} {share:.0%}" for share, sort in sorts] or ["chữ"]
    empty = 1 - shape.filled_count / shape.sampled_count
    if empty >= 0.005:
        parts.append(f"trống {empty:.0%}")
    return "; ".join([*parts, f"{shape.distinct_count} giá trị khác nhau"])


def describe_candidate(candidate: Candidate) -> str:
    """For example "due_date (gần “Ngày hẹn trả” 75%, chung 83%)"."""
    return (
        f"{candidate.column} (gần “{candidate.alias}” {candidate.header_score:.0f}%, "
        f"chung {candidate.score:.0f}%)"
    )


def write_proposal(proposal: Proposal, file: str, unit_code: str, command: str) -> bytes:
    """The proposal as YAML that ``parse_profile`` reads, with the evidence as Vietnamese comments.

    ``command``: what accepts it. No value of the file stands in it, only its headers, shares and counts.
    """
    lines = [*_heading(proposal, file, unit_code, command), *_profile_lines(proposal)]
    return ("\n".join(lines) + "\n").encode()


def _heading(proposal: Proposal, file: str, unit_code: str, command: str) -> Iterator[str]:
    table = RECORD_TABLES[proposal.profile.kind]
    where = f", trang tính “{_plain(proposal.sheet)}”" if proposal.sheet else ""
    if proposal.base:
        yield f"# Bản mới của mẫu kết xuất {proposal.base.profile_id}: tiêu đề cột đã đổi tên."
    else:
        yield "# Mẫu kết xuất mới, đề xuất từ một tệp chưa có mẫu nào nhận ra."
    yield f"# Tệp: {_plain(file)} (đơn vị {unit_code or 'chưa rõ'}){where}, hàng tiêu đề {proposal.header_row}, {proposal.row_count} dòng bên dưới."
    yield f"# Loại dữ liệu: {proposal.profile.kind} ({table.label})."
    for reason in proposal.reasons:
        yield f"#   {_plain(reason)}"
    for warning in proposal.warnings:
        yield f"# CHÚ Ý: {_plain(warning)}"
    yield f"{GUIDE}Đề xuất này chưa được dùng. Hãy làm ba việc:"
    yield f"{GUIDE}1. Xem từng cột: tiêu đề trong tệp, tên cột được đề xuất, bằng chứng ở dòng ghi chú bên trên nó."
    yield f"{GUIDE}2. Sửa chỗ sai. Cột nhầm: đổi “name”. Cột trong “ignored” ghi “chưa rõ” mà cần dùng: chuyển lên “columns”."
    yield f"{GUIDE}   Tên cột dùng được:"
    for name in _usable_names(proposal):
        yield f"{GUIDE}   - {name}"
    yield f"{GUIDE}3. Chạy: {_plain(command)}"


def _usable_names(proposal: Proposal) -> Iterator[str]:
    kind = proposal.profile.kind
    for name in RECORD_TABLES[kind].content_names:
        if name not in _DERIVED and name not in proposal.profile.constants:
            yield f"{name} ({column_label(kind, name)})"
    for name in _READER_ONLY_OF.get(kind, ()):
        yield f"{name} ({column_label(kind, name)})"


def _profile_lines(proposal: Proposal) -> Iterator[str]:
    profile = proposal.profile
    evidence = {column.header: column for column in proposal.columns}
    yield f"profile_id: {profile.profile_id}"
    yield f"kind: {profile.kind}"
    yield f"software: {_quoted(profile.software)}"
    yield f"label: {_quoted(profile.label)}"
    yield from _option_lines(profile)
    yield "columns:"
    for column in profile.columns:
        for alias in column.aliases:
            if (found := evidence.get(alias)) is not None:
                yield f"  # “{_plain(alias)}” → {column_label(profile.kind, column.name)}: {_why_placed(found)}"
        yield f"  - {_column_line(column)}"
    ignored = [*profile.ignored]
    left_over = [c for c in proposal.columns if c.fate is Fate.UNCLEAR and c.header not in ignored]
    if not ignored and not left_over:
        return
    yield "ignored:" if ignored else "ignored: []"
    for header in ignored:
        yield f"  - {_quoted(header)}{_why_ignored(evidence.get(header))}"
    if left_over:
        yield "  # Các cột sau chưa rõ là gì; bỏ dấu # ở đầu dòng nếu muốn bỏ qua hẳn, khi đó sẽ không còn cảnh báo."
    for found in left_over:
        yield f"  # - {_quoted(found.header)}{_why_ignored(found)}"


def _option_lines(profile: Profile) -> Iterator[str]:
    """Keys that the profile sets apart from their defaults."""
    defaults = {item.name: item for item in fields(Profile)}
    for name in _OPTIONS:
        value = getattr(profile, name)
        if value and value != defaults[name].default:
            yield f"{name}: {_flow(list(value))}"
    for name in _MAPS:
        if value := getattr(profile, name):
            yield f"{name}: {_flow(dict(value))}"
    if profile.shift:
        renames = f", renames: {_flow(dict(profile.shift.renames))}" if profile.shift.renames else ""
        yield f"shift: {{extra_header: {_quoted(profile.shift.extra_header)}{renames}}}"


def _column_line(column: SourceColumn) -> str:
    parts = [f"name: {column.name}", f"aliases: {_flow(list(column.aliases))}"]
    if column.is_required:
        parts.append("required: true")
    if column.parse != "text":
        parts.append(f"parse: {column.parse}")
    return "{" + ", ".join(parts) + "}"


def _why_placed(found: ProposedColumn) -> str:
    assert found.best is not None
    text = (
        f"gần “{_plain(found.best.alias)}” {found.best.header_score:.0f}%; giá trị: {describe_shape(found.shape)}; "
        f"chung {found.best.score:.0f}%."
    )
    if found.runners_up:
        text += " Cũng có thể: " + "; ".join(_plain(describe_candidate(c)) for c in found.runners_up) + "."
    return text


def _why_ignored(found: ProposedColumn | None) -> str:
    if found is None:
        return ""
    if found.fate is not Fate.UNCLEAR:
        return f"  # {_plain(found.reason)}"
    near = [candidate for candidate in (found.best, *found.runners_up) if candidate]
    nearest = "; gần nhất: " + "; ".join(_plain(describe_candidate(c)) for c in near) if near else ""
    return f"  {UNCLEAR}: giá trị {describe_shape(found.shape)}{nearest}"


def _plain(text: str) -> str:
    """One line of printable text for a comment."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _quoted(text: str) -> str:
    return yaml.safe_dump(text, allow_unicode=True, default_style='"', width=_WIDE).strip()


def _flow(value: object) -> str:
    """A list or mapping on one line, texts quoted."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _quoted(value) if isinstance(value, str) else str(value)
