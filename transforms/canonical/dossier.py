"""Rows of a dossier list as typed records."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.assemble import Assembled, Refusal, assemble_rows, find_repeats
from transforms.canonical.assigned import assign_work
from transforms.canonical.dates import read_dates, refuse_dates
from transforms.canonical.field_hint import hint_fields
from transforms.canonical.identity import TWO_DOSSIERS, is_other_dossier
from transforms.canonical.source import Source, codes_of_labels, showable, tidied, tidied_codes
from transforms.canonical.units import resolve_row_units
from transforms.catalogue.procedure_code import procedure_core, repair_procedure_code, split_glued_code
from transforms.findings import Finding
from transforms.readers.text_bytes import side_by_side
from transforms.readers.values import parse_counts, parse_unique
from transforms.text_vi import tidy

DATE_COLUMNS = ("filed_date", "received_date", "due_date", "resolved_date", "returned_date")
_NOT_RECEIVED = pa.array([1, 3], pa.int8())
"""Registered and refused dossiers were never received (National Portal list, DOMAIN.md 3.5)."""

_AGENCY = r"^(?P<agency>.+)-(?:\d{6}|\d{8})-[A-Z0-9]+$"
_USUAL_END, _USUAL_END_LENGTH = r".-\d{6}-\d{4}$", 12
_USUAL_DASHES = (0, 7)
_CODE_AT_END = re.compile(r"^(.*\S)\s*[-–—(\[]+\s*(\d\.\d{6}(?:\.[0-9A-Z]{2,3})*)\s*[)\]]?$", re.IGNORECASE)


def canonicalise_dossiers(source: Source) -> tuple[Assembled, tuple[Finding, ...]]:
    """Typed dossiers of one export and what is doubtful about them.

    Set apart: rows without a dossier code, with a date that does not exist, or without a day of
    reception although the status says received. Of rows with the same code the later one wins; where
    they are two dossiers (``is_other_dossier``), both stand in ``dossier.code.two_dossiers``.
    """
    codes = tidied_codes(source.text("dossier_code"))
    procedure_code_raw, procedure_name = _procedures(source)
    status_label = tidied(source.text("status_label", "status_code"))
    status_code, unknown_status = codes_of_labels(
        status_label, source.catalogue.statuses, source.profile.status_map
    )
    channel_label = tidied(source.text("channel_code"))
    channel_code, unknown_channel = codes_of_labels(
        channel_label, source.catalogue.channels, source.profile.channel_map
    )
    copies, bad_copies = parse_counts(source.text("copies_count"))
    units, units_findings = resolve_row_units(source, codes)
    dates, impossible = read_dates(source, DATE_COLUMNS)
    core, unreadable_core = _cores(source, procedure_code_raw)
    assigned, officer_findings = assign_work(source, units["unit_code"])
    columns = {
        **units,
        **dates,
        **assigned,
        "dossier_code": codes,
        "procedure_code": core,
        "procedure_code_raw": procedure_code_raw,
        "procedure_name": procedure_name,
        "field_name": tidied(source.text("field_name")),
        "field_hint": hint_fields(source),
        "status_code": status_code,
        "status_label": status_label,
        "channel_code": channel_code,
        "copies_count": copies,
    }
    was_received = pc.fill_null(pc.invert(pc.is_in(status_code, value_set=_NOT_RECEIVED)), True)
    # An impossible day is its own reason; the missing day is said only where none was written.
    no_day = pc.and_(pc.is_null(dates["received_date"]), pc.invert(impossible["received_date"]))
    refusals = (
        Refusal("dossier.code.missing", "dossier_code", pc.is_null(codes)),
        *refuse_dates(source, impossible),
        Refusal("dossier.received_date.missing", "received_date", pc.and_(was_received, no_day)),
    )
    assembled = assemble_rows(source, columns, refusals, codes)
    findings = (
        *source.find("dossier.status.unknown", "status_label", unknown_status, codes, status_label),
        *source.find("dossier.channel.unknown", "channel_code", unknown_channel, codes, channel_label),
        *source.find(
            "dossier.procedure_code.unreadable",
            "procedure_code",
            unreadable_core,
            codes,
            procedure_code_raw,
        ),
        *source.find(
            "dossier.copies_count.unreadable",
            "copies_count",
            bad_copies,
            codes,
            showable(source.text("copies_count"), bad_copies),
        ),
        *units_findings,
        *officer_findings,
        *_repeats(source, assembled),
    )
    return assembled, findings


def agency_prefixes(source_codes: pa.Array) -> dict[str, int]:
    """Agency identifier in front of the dossier codes → rows; codes of another shape are left out."""
    codes = tidied_codes(source_codes)
    if agency := _only_agency(codes):
        return {agency: len(codes)}
    # Nearly all codes end alike and are cut, which is ten times quicker than taking each apart.
    is_usual = pc.fill_null(pc.match_substring_regex(codes, _USUAL_END), False)
    usual = pc.utf8_slice_codeunits(codes, 0, -_USUAL_END_LENGTH).filter(is_usual)
    others = pc.extract_regex(codes.filter(pc.invert(is_usual)), _AGENCY)
    found = pa.concat_arrays([usual, pc.struct_field(others, "agency").drop_null()])
    return {item["values"]: item["counts"] for item in pc.value_counts(found).to_pylist()}


def _only_agency(codes: pa.Array) -> str:
    """The agency in front of every code, where all of them begin with it and end the usual way; else ""."""
    signs = side_by_side(codes)
    if signs is None or codes.null_count or signs.shape[1] <= _USUAL_END_LENGTH:
        return ""
    agency = codes[0].as_py()[:-_USUAL_END_LENGTH]
    start, end = signs[:, :-_USUAL_END_LENGTH], np.ascontiguousarray(signs[:, -_USUAL_END_LENGTH:].T)
    is_digit = (end >= ord("0")) & (end <= ord("9"))
    is_usual = all(
        (end[place] == ord("-")).all() if place in _USUAL_DASHES else is_digit[place].all()
        for place in range(_USUAL_END_LENGTH)
    )
    return agency if is_usual and (start == start[0]).all() else ""


def _procedures(source: Source) -> tuple[pa.Array, pa.Array]:
    """Procedure code as exported and procedure name; a code glued to the name is taken off it."""
    name = source.text("procedure_name").dictionary_encode()
    glued = parse_unique(name, lambda text: _split_name(text)[0], pa.string())[0]
    bare_name = parse_unique(name, lambda text: _split_name(text)[1], pa.string())[0]
    own_code = tidied(source.text("procedure_code", "procedure_code_raw"))
    return pc.coalesce(own_code, glued), bare_name


def _cores(source: Source, codes: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Cores of the printed codes, and a mask of the codes that have none.

    A code that a spreadsheet clipped to a number (2.00089) has no core here; classifying mends it with
    the catalogue of the day, so it is not called unreadable.
    """
    known = {procedure.code for procedure in source.catalogue.procedures}

    def _core(code: str) -> str | None:
        core = procedure_core(code)
        if core is None and repair_procedure_code(code, known) is None and any(map(str.isalnum, code)):
            raise ValueError(code)
        return core

    return parse_unique(codes, _core, pa.string())


def _split_name(text: str) -> tuple[str | None, str | None]:
    """("1.001193.000.00.00.H41", "Thủ tục đăng ký khai sinh") of the two glued together, in either order."""
    text = tidy(text)
    core, rest = split_glued_code(text)
    if core:
        return text.removesuffix(rest).strip(" -–—_:;.,()[]"), rest or None
    if found := _CODE_AT_END.match(text):
        return found[2], found[1]
    return None, text or None


def _repeats(source: Source, assembled: Assembled) -> tuple[Finding, ...]:
    """One code twice is a correction of the same dossier, unless the rows are about two dossiers."""
    return find_repeats(
        source,
        assembled.repeat,
        is_other_dossier(assembled.repeat.earlier, assembled.repeat.later),
        (TWO_DOSSIERS, "dossier.code.repeated"),
        ("dossier_code", "received_date"),
    )
