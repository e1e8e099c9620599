"""Reference data as values: units, fields, procedures, statuses, document types, channels, profiles.

Loaded and cross-checked by ``transforms.catalogue.load``; nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

UNCLASSIFIED = "chua_phan_loai"
"""Field id of dossiers whose procedure the catalogue does not know."""
UNCLASSIFIED_NAME = "Chưa phân loại"


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
    source: str = ""

    @property
    def full_name(self) -> str:
        """Type and name: xã Bình Lương."""
        return f"{self.type} {self.name}"

    def is_valid_on(self, day: date) -> bool:
        """True when the unit exists on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


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
    total_words: tuple[str, ...] = ("tong so", "tong cong", "cong")
    """Folded first words of a total row."""


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


@dataclass(frozen=True, slots=True)
class PeriodWindow:
    """One row of a calendar of windows: offsets in months and fixed days from a period's index."""

    basis: str
    """nd09 or lich."""
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
    rulebooks: Mapping[str, Mapping[str, str]]
    """Rulebook id → state at B → measure column (DESIGN.md section 3)."""
    field_aliases: Mapping[str, str] = field(default_factory=dict)
    """Compared procedure name (``procedure_code.procedure_key``) → field id, where a workspace knows the
    field of a procedure but not its national code."""

    def unit(self, code: str, day: date | None = None) -> Unit:
        """The unit with that code, valid on ``day`` where given, else the latest; KeyError when none."""
        found = [u for u in self.units if u.code == code and (day is None or u.is_valid_on(day))]
        if not found:
            raise KeyError(code)
        return max(found, key=lambda u: u.valid_from)

    def children(self, code: str, day: date) -> tuple[Unit, ...]:
        """Units whose parent is ``code`` on that day, in code order."""
        found = (u for u in self.units if u.parent_code == code and u.is_valid_on(day))
        return tuple(sorted(found, key=lambda u: u.code))

    def field_name(self, field_id: str) -> str:
        """Official name of a field, or "Chưa phân loại"."""
        if field_id == UNCLASSIFIED:
            return UNCLASSIFIED_NAME
        return next(f.name for f in self.fields if f.field_id == field_id)
