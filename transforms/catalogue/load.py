"""The reference data of a workspace as one cross-checked value."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from transforms.catalogue.aliases import (
    Alias,
    add_procedure_aliases,
    add_unit_aliases,
    claimed_aliases,
    parse_aliases,
)
from transforms.catalogue.breaks import BREAKS_FILE, parse_breaks
from transforms.catalogue.expected import EXPECTED_FILE, identity, parse_expected
from transforms.catalogue.forms_file import is_form_file, load_forms
from transforms.catalogue.groups import GROUPS_FILE, check_group_codes, parse_groups
from transforms.catalogue.legal_calendar import CALENDAR_FILES, load_calendar
from transforms.catalogue.lists import (
    parse_channels,
    parse_document_types,
    parse_statuses,
    parse_supplement_items,
)
from transforms.catalogue.model import (
    Catalogue,
    ExpectedDelivery,
    Field,
    Group,
    Profile,
    Status,
    Unit,
)
from transforms.catalogue.problems import CatalogueError, Entry, Problems
from transforms.catalogue.profiles import ProfileError, parse_profile
from transforms.catalogue.programmes import PROGRAMMES_FILE, parse_programmes
from transforms.catalogue.rulebook import Rulebook
from transforms.catalogue.rulebook_file import parse_rulebook
from transforms.catalogue.subjects import (
    Claims,
    check_fields,
    check_procedures,
    parse_fields,
    parse_procedures,
)
from transforms.catalogue.units import check_units, parse_units
from transforms.schema.tables import CHANNEL_CODES, STATUS_CODES
from transforms.text_vi import fold

__all__ = ["CatalogueError", "load_catalogue"]

OVERLAY_LABEL = "catalogue/"
"""How sentences name a file of the workspace: its folder beside the inbox."""
_OVERLAY_KEYS = (
    "units.csv",
    "aliases.csv",
    "procedures.csv",
    "fields.csv",
    GROUPS_FILE,
    EXPECTED_FILE,
    *CALENDAR_FILES,
)
_SOURCES, _RULEBOOKS = "sources/", "rulebooks/"
_PACKAGED_KEYS = (
    "units.csv",
    "fields.csv",
    "procedures.csv",
    "statuses.csv",
    "channels.csv",
    "document_types.csv",
    *CALENDAR_FILES,
    BREAKS_FILE,
    EXPECTED_FILE,
    PROGRAMMES_FILE,
    "supplement_items.csv",
)
T = TypeVar("T")


def load_catalogue(
    files: Mapping[str, bytes], overlay: Mapping[str, bytes] = MappingProxyType({})
) -> Catalogue:
    """The catalogue of ``files`` (keys relative to the package, such as ``units.csv``) under ``overlay``.

    In the overlay ``units.csv`` takes the place of the packaged units; ``procedures.csv`` and
    ``fields.csv`` add rows or replace the row of the same key, ``expected_deliveries.csv`` those of the same
    unit and kind of list; ``sources/*.yml`` add profiles or replace the one of the same id; ``aliases.csv`` adds
    names, ``groups.csv`` groupings of units; for ``forms/*.yml`` see ``load_forms``, for ``calendars/*.csv`` ``load_calendar``. Raises CatalogueError with every problem found.
    """
    problems = Problems()
    for key in _PACKAGED_KEYS:
        if key not in files:
            problems.add(key, "thiếu tệp danh mục này trong bản cài đặt.")
    for key in sorted(overlay):
        if key not in _OVERLAY_KEYS and not _is_profile(key) and not is_form_file(key):
            problems.add(OVERLAY_LABEL + key, "tệp này không thuộc phần danh mục mà đơn vị được bổ sung.")

    fields = _layered(parse_fields, "fields.csv", lambda field: field.field_id, files, overlay, problems)
    procedures = _layered(
        parse_procedures, "procedures.csv", lambda procedure: procedure.code, files, overlay, problems
    )
    units = _units(files, overlay, problems)
    statuses = parse_statuses(files.get("statuses.csv", b""), "statuses.csv", problems)
    aliases = _aliases(overlay, problems)

    field_ids = {entry.value.field_id for entry in fields}
    field_claims = check_fields(fields, problems)
    procedure_claims = check_procedures(procedures, field_ids, problems)
    check_units(units, problems)
    known_procedures, field_aliases = add_procedure_aliases(
        [entry.value for entry in procedures], field_ids, aliases, procedure_claims, problems
    )
    calendar = load_calendar(files, overlay, OVERLAY_LABEL, (entry.value for entry in units), problems)
    groups = _groups(overlay, [entry.value for entry in units], problems)
    field_names = claimed_aliases("field", "lĩnh vực", aliases, field_ids, field_claims, problems)
    catalogue = Catalogue(
        version=_version(files, overlay),
        units=add_unit_aliases([entry.value for entry in units], aliases, problems),
        fields=_ordered(fields, field_names),
        procedures=known_procedures,
        statuses=_with_aliases(statuses, aliases, problems),
        channels=parse_channels(files.get("channels.csv", b""), "channels.csv", problems),
        document_types=parse_document_types(
            files.get("document_types.csv", b""), "document_types.csv", problems
        ),
        profiles=_profiles(files, overlay, problems),
        windows=calendar.windows,
        supplement_items=parse_supplement_items(
            files.get("supplement_items.csv", b""), "supplement_items.csv", problems
        ),
        rulebooks=_rulebooks(files, problems),
        forms=load_forms(files, overlay, OVERLAY_LABEL, problems),
        field_aliases=field_aliases,
        bases=calendar.bases,
        deadlines=calendar.deadlines,
        days_off=calendar.days_off,
        groups=groups,
        expected=_expected(files, overlay, units, groups, problems),
        breaks=parse_breaks(files.get(BREAKS_FILE, b""), BREAKS_FILE, problems),
        reform_fields=parse_programmes(files.get(PROGRAMMES_FILE, b""), PROGRAMMES_FILE, problems),
    )
    problems.raise_if_any()
    return catalogue


def _layered(
    parse: Callable[[bytes, str, Problems], list[Entry[T]]],
    key: str,
    identity: Callable[[T], str],
    files: Mapping[str, bytes],
    overlay: Mapping[str, bytes],
    problems: Problems,
) -> list[Entry[T]]:
    """Packaged entries with the overlay's in place of those of the same identity, new ones after them.

    Rows of one file that share an identity all stay, for the cross-check to name them.
    """
    packaged = parse(files.get(key, b""), key, problems)
    if key not in overlay:
        return packaged
    own = parse(overlay[key], OVERLAY_LABEL + key, problems)
    replaced = {identity(entry.value) for entry in own}
    return [*(entry for entry in packaged if identity(entry.value) not in replaced), *own]


def _units(files: Mapping[str, bytes], overlay: Mapping[str, bytes], problems: Problems) -> list[Entry[Unit]]:
    if "units.csv" in overlay:
        return parse_units(overlay["units.csv"], OVERLAY_LABEL + "units.csv", problems)
    return parse_units(files.get("units.csv", b""), "units.csv", problems)


def _groups(overlay: Mapping[str, bytes], units: Sequence[Unit], problems: Problems) -> tuple[Group, ...]:
    if GROUPS_FILE not in overlay:
        return ()
    file = OVERLAY_LABEL + GROUPS_FILE
    groups = parse_groups(overlay[GROUPS_FILE], file, units, problems)
    check_group_codes(groups, units, file, problems)
    return groups


def _expected(
    files: Mapping[str, bytes],
    overlay: Mapping[str, bytes],
    units: Sequence[Entry[Unit]],
    groups: Sequence[Group],
    problems: Problems,
) -> tuple[ExpectedDelivery, ...]:
    codes = {entry.value.code for entry in units} | {group.code for group in groups}

    def parse(content: bytes, file: str, found: Problems) -> list[Entry[ExpectedDelivery]]:
        return parse_expected(content, file, codes, found)

    return tuple(entry.value for entry in _layered(parse, EXPECTED_FILE, identity, files, overlay, problems))


def _aliases(overlay: Mapping[str, bytes], problems: Problems) -> list[Entry[Alias]]:
    if "aliases.csv" not in overlay:
        return []
    return parse_aliases(overlay["aliases.csv"], OVERLAY_LABEL + "aliases.csv", problems)


def _ordered(fields: Sequence[Entry[Field]], names: Mapping[str, tuple[str, ...]]) -> tuple[Field, ...]:
    extended = (
        replace(entry.value, aliases=(*entry.value.aliases, *names.get(entry.value.field_id, ())))
        for entry in fields
    )
    return tuple(sorted(extended, key=lambda field: field.order))


def _with_aliases(
    statuses: tuple[Status, ...], aliases: Sequence[Entry[Alias]], problems: Problems
) -> tuple[Status, ...]:
    codes = {str(status.code) for status in statuses}
    labels = {fold(name): str(status.code) for status in statuses for name in (status.name, *status.aliases)}
    claims = Claims("trạng thái", problems, labels)
    names = claimed_aliases("status", "trạng thái", aliases, codes, claims, problems)
    return tuple(
        replace(status, aliases=(*status.aliases, *names.get(str(status.code), ()))) for status in statuses
    )


def _is_profile(key: str) -> bool:
    return key.startswith(_SOURCES) and key.endswith((".yml", ".yaml"))


def _profiles(
    files: Mapping[str, bytes], overlay: Mapping[str, bytes], problems: Problems
) -> tuple[Profile, ...]:
    """Profiles by id, the overlay's over the packaged ones."""
    merged: dict[str, Profile] = {}
    for layer, label in ((files, ""), (overlay, OVERLAY_LABEL)):
        own: dict[str, str] = {}
        for key in sorted(filter(_is_profile, layer)):
            where = label + key
            try:
                profile = parse_profile(layer[key], where)
            except ProfileError as error:
                problems.add_sentence(str(error))
                continue
            if profile.profile_id in own:
                problems.add(where, f"mẫu kết xuất “{profile.profile_id}” đã có ở {own[profile.profile_id]}.")
            _check_profile(profile, where, problems)
            own[profile.profile_id] = where
            merged[profile.profile_id] = profile
    _check_versions(merged, problems)
    return tuple(merged[profile_id] for profile_id in sorted(merged))


def _check_versions(profiles: Mapping[str, Profile], problems: Problems) -> None:
    """Versions of one format hold the same kind of record, since the later goes before the earlier."""
    first: dict[str, Profile] = {}
    for profile_id in sorted(profiles):
        profile = profiles[profile_id]
        other = first.setdefault(profile.family, profile)
        if other.kind != profile.kind:
            problems.add_sentence(
                f"Mẫu kết xuất {profile_id}: loại {profile.kind} khác với loại {other.kind} của {other.profile_id}."
            )


def _check_profile(profile: Profile, where: str, problems: Problems) -> None:
    for noun, mapped, codes in (
        ("trạng thái", profile.status_map, STATUS_CODES),
        ("hình thức nộp", profile.channel_map, CHANNEL_CODES),
    ):
        for label, code in mapped.items():
            if code not in codes:
                problems.add(where, f"“{label}” xếp vào mã {noun} không có: {code}.")


def _rulebooks(files: Mapping[str, bytes], problems: Problems) -> Mapping[str, Rulebook]:
    rulebooks: dict[str, Rulebook] = {}
    for key in sorted(files):
        if key.startswith(_RULEBOOKS):
            rulebook = parse_rulebook(files[key], key, problems)
            if rulebook.rulebook_id in rulebooks:
                problems.add(key, f"bộ quy tắc “{rulebook.rulebook_id}” bị lặp lại.")
            rulebooks[rulebook.rulebook_id] = rulebook
    if not rulebooks:
        problems.add(_RULEBOOKS, "không có bộ quy tắc nào.")
    return rulebooks


def _version(files: Mapping[str, bytes], overlay: Mapping[str, bytes]) -> str:
    """First 12 hex digits of SHA-256 over every file; lengths keep neighbouring contents apart."""
    digest = hashlib.sha256()
    for label, layer in (("", files), (OVERLAY_LABEL, overlay)):
        for key in sorted(layer):
            digest.update(f"{label}{key}\0{len(layer[key])}\0".encode())
            digest.update(layer[key])
    return digest.hexdigest()[:12]
