"""Reference data as values: units, fields, procedures, statuses, document types, channels, profiles.

Loaded and cross-checked by ``transforms.catalogue.load``; nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from transforms.calendar.days_off import DayOff
from transforms.catalogue.form_layout import Form
from transforms.catalogue.programmes import ReformField
from transforms.catalogue.rulebook import Rulebook

UNCLASSIFIED = "chua_phan_loai"
"""Field id of dossiers whose procedure the catalogue does not know."""
UNCLASSIFIED_NAME = "Chưa phân loại"
SUCCESSOR_SEPARATOR = ";"
GROUP_LEVEL = "nhom"
"""Level of a grouping of units, beside xa, huyen and tinh."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit during one span of validity; codes are reused, so (code, valid_from) is the key."""

    code: str
    name: str
    """Name without its type: Bình Lương."""
    type: str
    """xã, phường, thị trấn, huyện, thị xã, thành phố, tỉnh."""
    level: str
    """xa, huyen, tinh."""
    parent_code: str
    valid_from: date
    valid_to: date | None
    agency_code: str
    """Agency identifier that prefixes dossier codes; invented for the sample units."""
    aliases: tuple[str, ...] = ()
    successor_code: str = ""
    """Code of the unit that took its place; several, parted by ";", where it was divided among them."""
    source: str = ""

    @property
    def full_name(self) -> str:
        """Type and name: xã Bình Lương; the name alone of a group."""
        return f"{self.type} {self.name}".lstrip()

    @property
    def successor_codes(self) -> tuple[str, ...]:
        """Codes of the units that took its place, in the order written."""
        return tuple(code for code in self.successor_code.split(SUCCESSOR_SEPARATOR) if code)

    @property
    def is_group(self) -> bool:
        """True for a grouping that a workspace made, which is no administrative unit."""
        return self.level == GROUP_LEVEL

    def is_valid_on(self, day: date) -> bool:
        """True when the unit exists on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Membership:
    """One unit in a group, from one day to another; never longer than the unit exists under that name."""

    unit_code: str
    valid_from: date
    valid_to: date | None

    def is_valid_on(self, day: date) -> bool:
        """True when the unit belongs to the group on that day."""
        return is_within(day, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Group:
    """A grouping of units that a workspace made; a roll-up node like any other (DESIGN.md section 3)."""

    code: str
    name: str
    members: tuple[Membership, ...]
    parent_code: str = ""
    """The unit that stands above every member, and so issues the group's reports; empty where there is none."""
    is_drafted: bool = False
    """True when every night drafts its report."""

    def as_unit(self) -> Unit:
        """The group in the place of a unit."""
        ends = [member.valid_to for member in self.members]
        return Unit(
            code=self.code,
            name=self.name,
            type="",
            level=GROUP_LEVEL,
            parent_code=self.parent_code,
            valid_from=min(member.valid_from for member in self.members),
            valid_to=None if None in ends else max(end for end in ends if end is not None),
            agency_code="",
        )


@dataclass(frozen=True, slots=True)
class Break:
    """A day on which a series changed its meaning, so that figures before and after do not compare."""

    day: date
    """First day under the new meaning."""
    level: str
    """Level of the units whose figures changed: xa, huyen, tinh."""
    subject: str
    """dossier, fee or document: the measures that changed."""
    note: str
    """Why, as it follows "do"."""
    source: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field (lĩnh vực) of procedures."""

    field_id: str
    name: str
    aliases: tuple[str, ...]
    is_listed_when_zero: bool
    """Printed in the narrative even when no dossier arose."""
    is_excluded: bool
    """Not counted as the People's Committee's own (residence registration by the police)."""
    order: int
    source: str = ""
    is_sensitive: bool = False
    """A dossier tells of health, belief, family or a complaint: small counts are left out of a public edition."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure (TTHC) with the core of its national code."""

    code: str
    name: str
    field_id: str
    aliases: tuple[str, ...] = ()
    time_value: int | None = None
    time_unit: str = ""
    """same_day, working_day, calendar_day or empty."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """A dossier status of the National Portal list (DOMAIN.md 3.5)."""

    code: int
    name: str
    group: str
    """not_received, processing, refused, paused, withdrawn, resolved."""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """How a dossier was filed: 1 in person, 2 online, 3 public postal service."""

    code: int
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A document type of NĐ 30/2020/NĐ-CP Art. 7, or a legal document."""

    type_id: str
    name: str
    abbreviation: str
    is_legal: bool
    """True for văn bản quy phạm pháp luật: the year stands in its number."""
    aliases: tuple[str, ...] = ()
    report_order: int | None = None
    """Place among the types that a report's text names; the others are summed as "Văn bản khác"."""


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """How one canonical column is found and read in one export format."""

    name: str
    """Canonical column name, or a reader-only name that canonicalisation knows (``free_text``, ``address``)."""
    aliases: tuple[str, ...]
    """Header texts, compared by ``text_vi.fold``."""
    is_required: bool
    """Part of the fingerprint: the profile fits only where every required column is found."""
    parse: str = "text"
    """text, code, procedure_code, date, money, count, status, channel, direction, symbol."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A header that stands in a list without cells of its own, so that the cells after it lie one column left."""

    extra_header: str
    renames: Mapping[str, str] = field(default_factory=dict)
    """Source columns of the profile → the canonical column that such a list really holds there."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One export format in one version; everything a vendor does differently stands here."""

    profile_id: str
    """For example ``tandan.dossier.v1``."""
    kind: str
    """dossier, fee, document, supplement."""
    software: str
    label: str
    columns: tuple[SourceColumn, ...]
    ignored: tuple[str, ...] = ()
    """Header texts that are known and dropped (personal data, running numbers, free text)."""
    containers: tuple[str, ...] = ()
    """Containers in which the format occurs; empty for any."""
    title_hints: tuple[str, ...] = ()
    """Folded words of which one must stand in the titles, when the columns alone do not decide."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Canonical columns with a fixed value, for example ``direction: outgoing``."""
    date_formats: tuple[str, ...] = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")
    status_map: Mapping[str, int] = field(default_factory=dict)
    """Status labels of this format beyond the catalogue's own aliases."""
    channel_map: Mapping[str, int] = field(default_factory=dict)
    total_words: tuple[str, ...] = ("tong so", "tong cong", "tong hop", "tong", "cong")
    """Folded first words of a total row."""
    shift: Shift | None = None
    """The known variant whose body stands one column beside its header; None where none is known."""
    accepted_on: date | None = None
    """Day a workspace accepted the profile; None for one of the package."""
    accepted_by: str = ""

    @property
    def family(self) -> str:
        """The format without its version: ``tandan.dossier``."""
        return self.profile_id.rpartition(".v")[0]

    @property
    def version(self) -> int:
        """The number after ``.v``; of one family, a higher one goes before where both fit a file."""
        return int(self.profile_id.rpartition(".v")[2])


@dataclass(frozen=True, slots=True)
class SupplementItem:
    """One thing a unit fills in because no export holds it."""

    item_id: str
    section: str
    """Section of the report it serves: I.1 ... V, ky (signature)."""
    label: str
    type: str
    """text, count, money."""
    unit_of_measure: str
    is_list: bool
    """True where the unit may give several lines."""
    is_required: bool
    help: str
    choices: tuple[str, ...] = ()
    report_types: tuple[str, ...] = ()
    """Types of report that alone ask for it; empty where every report does."""

    def is_asked_by(self, report_types: Collection[str]) -> bool:
        """True when one of these types of report asks for it."""
        return not self.report_types or not set(self.report_types).isdisjoint(report_types)


@dataclass(frozen=True, slots=True)
class PeriodWindow:
    """One row of a calendar of windows: offsets in months and fixed days from a period's index."""

    basis: str
    """nd09, lich, or a basis that the workspace defines."""
    kind: str
    """month, quarter, half, nine_months, year."""
    index: int | None
    """Quarter or half number; None where the kind has one rule for every index."""
    start_month_offset: int
    """Months from January of the period's year; for months, from the month itself."""
    start_day: int
    end_month_offset: int
    end_day: int
    """Day of month; 0 means the month's last day."""
    source: str
    is_legal: bool
    """False where practice, not a decree, sets the window (nine months)."""
    valid_from: date | None = None
    """First and last window end for which the row holds; None where it has no such bound."""
    valid_to: date | None = None

    def holds_for(self, window_end: date) -> bool:
        """True when a window that ends on that day goes by this row."""
        return is_within(window_end, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Basis:
    """A way of setting the windows of periods: a decree's, the calendar's or the district's own."""

    basis: str
    name: str
    """As it follows "tính": "theo Nghị định số 09/2019/NĐ-CP"."""
    source: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when the report of a period is to be sent. Exactly one of the last three ways to tell the day is set."""

    basis: str
    source: str
    kind: str = ""
    """Kind of period; empty for every kind, as below."""
    sender_level: str = ""
    """xa, huyen, tinh: the level of the unit that sends."""
    unit_code: str = ""
    period_id: str = ""
    working_days: int | None = None
    """Working days after the window's end."""
    day_of_month: int | None = None
    """Day in the month in which the window ends."""
    day: date | None = None
    """A day set by a document of its own; only together with ``period_id``."""
    valid_from: date | None = None
    """First and last window end for which the row holds; None where it has no such bound."""
    valid_to: date | None = None

    def holds_for(self, window_end: date) -> bool:
        """True when a window that ends on that day goes by this row."""
        return is_within(window_end, self.valid_from, self.valid_to)


SUPPLEMENT_LIST = "supplement"
LIST_KINDS = ("dossier", "fee", "document.outgoing", "document.incoming", SUPPLEMENT_LIST)
"""Lists that a unit may be expected to send: the kinds of record, the two registers told apart."""


@dataclass(frozen=True, slots=True)
class ExpectedDelivery:
    """One list that a unit is to send, how often and by when."""

    unit_code: str
    """A unit, a unit or group above it, or ``*`` for every unit that has none below it."""
    kind: str
    """One of ``LIST_KINDS``."""
    frequency: str
    """daily, weekly, monthly, period (once after its end), none (the unit has no such software)."""
    due_working_days: int
    """Working days after the last day of the day, week, month or period."""
    period_kinds: tuple[str, ...] = ()
    """Kinds of period of a list sent once a period; empty for every kind."""
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""

    def holds_for(self, day: date) -> bool:
        """True when a stretch that ends on that day goes by this row."""
        return is_within(day, self.valid_from, self.valid_to)


def is_within(day: date, first: date | None, last: date | None) -> bool:
    """True when the day lies between the two, both included; None is no bound."""
    return (first is None or first <= day) and (last is None or day <= last)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All reference data of a workspace, cross-checked, with the version of its content."""

    version: str
    """First 12 hex digits of SHA-256 over every loaded file, overlay included."""
    units: tuple[Unit, ...]
    fields: tuple[Field, ...]
    procedures: tuple[Procedure, ...]
    statuses: tuple[Status, ...]
    channels: tuple[Channel, ...]
    document_types: tuple[DocumentType, ...]
    profiles: tuple[Profile, ...]
    windows: tuple[PeriodWindow, ...]
    supplement_items: tuple[SupplementItem, ...]
    rulebooks: Mapping[str, Rulebook]
    """Rulebook id → way of counting (DESIGN.md section 3)."""
    field_aliases: Mapping[str, str] = field(default_factory=dict)
    """Compared procedure name (``procedure_code.procedure_key``) → field id, where a workspace knows the
    field of a procedure but not its national code."""
    bases: tuple[Basis, ...] = ()
    """Every basis that ``windows`` has, with its name."""
    deadlines: tuple[Deadline, ...] = ()
    """The workspace's own before the packaged ones."""
    groups: tuple[Group, ...] = ()
    """The workspace's own groupings of units."""
    breaks: tuple[Break, ...] = ()
    """In order of their day."""
    reform_fields: tuple[ReformField, ...] = ()
    """Names of the six fields of administrative reform under each programme."""
    forms: tuple[Form, ...] = ()
    """Layouts of statistical forms, every version; ``form_layout.pick_form`` tells which one serves."""
    days_off: tuple[DayOff, ...] = ()
    """One row a day, in order; ``transforms.calendar.work_calendar.build_calendar`` takes them."""
    expected: tuple[ExpectedDelivery, ...] = ()
    """Which lists units are to send; the workspace's rows in place of the packaged ones."""

    def unit(self, code: str, day: date | None = None) -> Unit:
        """The unit or group with that code, valid on ``day`` where given, else the latest; KeyError when none."""
        known = (*self.units, *(group.as_unit() for group in self.groups))
        found = [u for u in known if u.code == code and (day is None or u.is_valid_on(day))]
        if not found:
            raise KeyError(code)
        return max(found, key=lambda u: u.valid_from)

    def unit_names(self, day: date) -> dict[str, str]:
        """Code → full name of every unit and group as on that day; what does not exist then under its latest name.

        Codes are used again after mergers, so a name without a day may be another unit's.
        """
        known = (*self.units, *(group.as_unit() for group in self.groups))
        ordered = sorted(known, key=lambda unit: (unit.is_valid_on(day), unit.valid_from))
        return {unit.code: unit.full_name for unit in ordered}

    def children(self, code: str, day: date) -> tuple[Unit, ...]:
        """Units whose parent is ``code`` on that day, or the members of that group, in code order."""
        group = next((group for group in self.groups if group.code == code), None)
        if group is None:
            found = [u for u in self.units if u.parent_code == code and u.is_valid_on(day)]
        else:
            members = {member.unit_code for member in group.members if member.is_valid_on(day)}
            found = [u for u in self.units if u.code in members and u.is_valid_on(day)]
        return tuple(sorted(found, key=lambda u: u.code))

    def basis_name(self, basis: str) -> str:
        """Name of a basis, "theo Nghị định số 09/2019/NĐ-CP"; its id where it has none."""
        return next((known.name for known in self.bases if known.basis == basis), basis)

    def field_name(self, field_id: str) -> str:
        """Official name of a field, or "Chưa phân loại"."""
        if field_id == UNCLASSIFIED:
            return UNCLASSIFIED_NAME
        return next(f.name for f in self.fields if f.field_id == field_id)
