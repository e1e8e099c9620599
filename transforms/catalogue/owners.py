"""``owners.csv`` of a workspace: who is told which findings about which unit, and over which channel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from transforms.catalogue.labelled import read_labelled
from transforms.catalogue.model import Unit
from transforms.catalogue.problems import Entry, Problems
from transforms.catalogue.rows import Row
from transforms.schema.tables import AUDIENCES
from transforms.text_vi import fold

OWNERS_FILE = "owners.csv"
EVERY = "*"
"""Any unit, any rule."""
AUDIENCE_NAMES = {"unit": "đơn vị", "parent": "cấp trên", "it": "công nghệ thông tin"}
ESCALATE_DAYS = 3
"""Working days before escalation where the row names somebody but no number."""
HEADERS: Mapping[str, tuple[str, ...]] = {
    "unit_code": ("Mã đơn vị", "unit_code"),
    "rule": ("Mã quy tắc", "rule"),
    "audience": ("Cấp nhận", "audience"),
    "recipient": ("Người nhận", "recipient"),
    "channel": ("Kênh", "channel"),
    "day_off": ("Ngày nghỉ", "day_off"),
    "escalate_to": ("Báo tiếp cho", "escalate_to"),
    "escalate_days": ("Sau số ngày làm việc", "escalate_days"),
}
_REQUIRED = ("unit_code", "rule", "audience", "recipient", "channel")
_AT_ONCE, _WAITS = "ngay", "chờ"
_RULE = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")
_CHANNEL = re.compile(r"[A-Z][A-Z0-9_]*|prefect:[a-z0-9]+(?:-[a-z0-9]+)*|file://[a-z0-9_-]*")
"""Name of an environment variable, of a Prefect secret, or the workspace's own folder; none of them is a secret."""
_NOTES = """# Mỗi dòng nói ai nhận tin về phát hiện của đơn vị nào. Dòng chưa ghi "Người nhận" và "Kênh" thì chưa dùng.
# Mã đơn vị: một đơn vị; một đơn vị cấp trên hoặc một nhóm (cho mọi đơn vị trong đó); * là mọi đơn vị. Dòng của chính đơn vị được dùng trước.
# Mã quy tắc: * là mọi quy tắc; dossier hoặc dossier.due_date là mọi quy tắc bắt đầu như vậy. Cấp nhận: đơn vị, cấp trên, công nghệ thông tin.
# Kênh: TÊN biến môi trường chứa địa chỉ (ví dụ MOTCUA_KENH_BINH_LUONG), hoặc prefect:tên-khối-bí-mật, hoặc file:// để ghi vào thư mục alerts. Không ghi địa chỉ hay mật khẩu ở đây.
# Ngày nghỉ: để trống hoặc chờ là tin nghiêm trọng chờ đến ngày làm việc; ngay là gửi cả ngày nghỉ.
# Báo tiếp cho: "Người nhận" của một dòng khác, được báo một lần khi phát hiện nghiêm trọng còn mở và chưa giải trình sau số ngày làm việc đã ghi.
"""


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """One line: this recipient answers for these findings."""

    unit_code: str
    """Unit that the findings are about, or any unit above it; ``*`` for every one."""
    rule: str
    """Beginning of the codes by whole dotted parts; ``*`` for every one."""
    audience: str
    recipient: str
    channels: tuple[str, ...]
    is_urgent: bool = False
    """New critical findings are sent on days off too."""
    escalate_to: str = ""
    escalate_days: int = ESCALATE_DAYS

    def answers_for(self, code: str) -> bool:
        """True when the rule is the code or a beginning of it by whole parts."""
        return self.rule == EVERY or code == self.rule or code.startswith(f"{self.rule}.")


def build_owners_template(units: Iterable[Unit]) -> str:
    """The file to fill in: every unit with its own line, every unit above others with one, and one for IT."""
    listed = sorted({unit.code: unit for unit in units}.values(), key=lambda unit: unit.code)
    parents = {unit.parent_code for unit in listed}
    lines = [",".join(texts[0] for texts in HEADERS.values())]
    empty = "," * (len(HEADERS) - 3)
    lines += [f"{unit.code},{EVERY},{AUDIENCE_NAMES['unit']}{empty}" for unit in listed]
    lines += [
        f"{unit.code},{EVERY},{AUDIENCE_NAMES['parent']}{empty}" for unit in listed if unit.code in parents
    ]
    lines.append(f"{EVERY},{EVERY},{AUDIENCE_NAMES['it']}{empty}")
    head, *rows = lines
    notes = "\n".join(f'"{line.replace(chr(34), chr(34) * 2)}"' for line in _NOTES.splitlines())
    return "\n".join((head, notes, *rows, ""))


def parse_owners(
    content: bytes, file: str, units: Set[str] | None, codes: Iterable[str] | None, problems: Problems
) -> tuple[OwnerRow, ...]:
    """The lines that can be used, in order; lines without recipient and channel are not filled in yet.

    ``units``: known unit codes; ``codes``: every finding code; None where they are not to be checked. Problems, each leaving its line out: an
    unknown unit, level or rule, a channel that is no reference (what stands there is not repeated: it may
    hold a password), a number of days that is none, a recipient to escalate to who is nowhere or not clear.
    """
    known = None if codes is None else tuple(codes)
    found: dict[OwnerRow, Entry[OwnerRow]] = {}
    for row in read_labelled(content, file, HEADERS, _REQUIRED, problems):
        if not row.text("recipient") and not row.text("channel"):
            continue
        before = len(problems)
        parsed = _parse_row(row, units, known)
        if len(problems) == before:
            found.setdefault(parsed, Entry(parsed, row.where))
    for entry in list(found.values()):
        owner = entry.value
        if owner.escalate_to and not find_escalation(owner, found):
            problems.add(
                entry.where,
                f"“{owner.escalate_to}” ở cột “{HEADERS['escalate_to'][0]}” không phải người nhận của dòng nào cho đơn vị này.",
            )
            del found[owner]
    return tuple(found)


def find_escalation(owner: OwnerRow, owners: Iterable[OwnerRow]) -> tuple[OwnerRow, ...]:
    """Lines of the recipient named in "Báo tiếp cho".

    Where several people go by that name, only those with a line for the same unit: nobody is told of
    another unit's findings because of a name.
    """
    named = [row for row in owners if row.recipient == owner.escalate_to]
    if len({row.channels for row in named}) > 1:
        named = [row for row in named if row.unit_code in (owner.unit_code, EVERY)]
    return tuple(named)


def _parse_row(row: Row, units: Set[str] | None, codes: tuple[str, ...] | None) -> OwnerRow:
    add, where = row.problems.add, row.where
    unit, rule = row.required("unit_code"), row.required("rule").removesuffix(".*")
    if unit and unit != EVERY and units is not None and unit not in units:
        add(where, f"không có đơn vị mang mã {unit} trong danh mục.")
    owner = OwnerRow(unit, rule, "", "", ())
    is_known = codes is None or any(map(owner.answers_for, codes))
    if rule and rule != EVERY and not (_RULE.fullmatch(rule) and is_known):
        add(where, f"không có mã quy tắc nào là “{rule}” hoặc bắt đầu bằng “{rule}.”.")
    channels = row.names("channel")
    row.required("channel")
    if not all(map(_CHANNEL.fullmatch, channels)):
        add(
            where,
            f"{row.label('channel')} phải là TÊN biến môi trường viết hoa, prefect:tên-khối hoặc file://; "
            "địa chỉ và mật khẩu phải nằm ngoài tệp này.",
        )
    day_off = fold(row.text("day_off"))
    if day_off not in ("", _AT_ONCE, fold(_WAITS)):
        add(where, f"{row.label('day_off')} chỉ nhận {_AT_ONCE}, {_WAITS} hoặc để trống.")
    escalate_to, days = row.text("escalate_to"), row.whole("escalate_days", ESCALATE_DAYS)
    if days is None or days < 1:
        add(where, f"{row.label('escalate_days')} phải là số nguyên từ 1 trở lên.")
    if row.text("escalate_days") and not escalate_to:
        add(where, f"có số ngày nhưng {row.label('escalate_to')} bị bỏ trống.")
    return OwnerRow(
        unit_code=unit,
        rule=rule,
        audience=_audience(row),
        recipient=row.required("recipient"),
        channels=tuple(dict.fromkeys(channels)),
        is_urgent=day_off == _AT_ONCE,
        escalate_to=escalate_to,
        escalate_days=days or ESCALATE_DAYS,
    )


def _audience(row: Row) -> str:
    given = row.required("audience")
    by_name = {fold(name): audience for audience, name in AUDIENCE_NAMES.items()} | {a: a for a in AUDIENCES}
    if given and fold(given) not in by_name:
        row.problems.add(row.where, f"{row.label('audience')} chỉ nhận {', '.join(AUDIENCE_NAMES.values())}.")
    return by_name.get(fold(given), "")
