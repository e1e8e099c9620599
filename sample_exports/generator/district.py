"""The whole inbox: every unit's files, their expected outcome and the units' figures."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sample_exports.generator.calendar import EXPORT_DAY, EXPORTED, WINDOW_START
from sample_exports.generator.containers import as_csv, as_html, as_xlsx
from sample_exports.generator.documents import (
    REGISTER_START,
    Document,
    generate_incoming,
    generate_outgoing,
)
from sample_exports.generator.dossier_files import dossier_files
from sample_exports.generator.dossier_lists import fee_list
from sample_exports.generator.dossiers import Dossier, generate_dossiers
from sample_exports.generator.expected import document_cells, dossier_cells, fee_cells
from sample_exports.generator.fees import Receipt, generate_receipts
from sample_exports.generator.manifest import UnitFigures
from sample_exports.generator.registers import incoming_book, incoming_csv, outgoing_book, outgoing_csv
from sample_exports.generator.special_files import lock_file, refused_summary
from sample_exports.generator.supplements import supplement_file
from sample_exports.generator.units import UNITS, SampleUnit
from sample_exports.generator.written import SampleFile, WrittenTable

SEED = 2021


def build_district() -> tuple[list[SampleFile], list[UnitFigures], list[SampleUnit]]:
    """Files in unit and name order, figures of the units that send, and the silent units."""
    dossiers = {unit.code: _dossiers(unit) for unit in UNITS if unit.dossier_format}
    _borrow_foreign_prefix(dossiers)
    files: list[SampleFile] = []
    figures: list[UnitFigures] = []
    for unit in UNITS:
        if not unit.dossier_format:
            continue
        unit_files, unit_figures = _unit(unit, dossiers[unit.code])
        files += sorted(unit_files, key=lambda file: file.name)
        figures.append(unit_figures)
    return files, figures, [unit for unit in UNITS if not unit.dossier_format]


def unit_random(unit: SampleUnit, purpose: int) -> random.Random:
    """An own stream per unit and purpose, so that a change to one unit leaves the others as they are."""
    return random.Random(SEED * 10_000_000 + int(unit.code) * 10 + purpose)


def _dossiers(unit: SampleUnit) -> list[Dossier]:
    return generate_dossiers(unit, unit_random(unit, 1))


def _borrow_foreign_prefix(dossiers: dict[str, list[Dossier]]) -> None:
    """One dossier of xã Thanh Phong carries the prefix of xã Thanh Lâm, which filed it on its way."""
    here, there = "16216", "16219"
    taken = {dossier.code[:-5] for dossier in dossiers[there]}
    agency = next(unit.agency_code for unit in UNITS if unit.code == there)
    lines = dossiers[here]
    for index, dossier in enumerate(lines):
        _, day, _ = dossier.code.rsplit("-", 2)
        last_of_day = index + 1 == len(lines) or f"-{day}-" not in lines[index + 1].code
        if last_of_day and dossier.received and dossier.ended and f"{agency}-{day}" not in taken:
            lines[index] = replace(dossier, code=f"{agency}-{day}-0001")
            return
    raise ValueError("no day is free for the foreign dossier")


def _unit(unit: SampleUnit, dossiers: list[Dossier]) -> tuple[list[SampleFile], UnitFigures]:
    shown = [dossier.as_of(EXPORTED) for dossier in dossiers]
    files = list(dossier_files(unit, dossiers))
    receipts: list[Receipt] = []
    channels: dict[str, int] = {}
    if unit.dossier_format.startswith("tandan"):
        receipts = generate_receipts(unit, shown, unit_random(unit, 2))
        channels = {receipt.dossier.code: receipt.dossier.channel for receipt in receipts}
        table = fee_list(unit, receipts, WINDOW_START, EXPORT_DAY)
        files.append(_plain_file(unit, "Thu phi le phi", "16-35", "xls", "fee", "tandan.fee.v1", table, as_html(table)))  # fmt: skip
    elif unit.dossier_format == "csv":
        channels = {dossier.code: dossier.channel for dossier in shown}

    outgoing = generate_outgoing(unit, unit_random(unit, 3)) if unit.outgoing else []
    incoming = generate_incoming(unit, unit_random(unit, 4)) if unit.incoming else []
    files += _register_files(unit, outgoing, incoming)
    if unit.has_supplement:
        files.append(supplement_file(unit))
    if unit.case == "refused_file":
        files.append(refused_summary(unit))
    if unit.case == "lock_file":
        files.append(lock_file(unit))

    cells = {**fee_cells(receipts), **document_cells(outgoing, incoming)}
    return files, UnitFigures(unit, dossier_cells(shown, channels), cells)


def _register_files(
    unit: SampleUnit, outgoing: list[Document], incoming: list[Document]
) -> Iterator[SampleFile]:
    first, last = REGISTER_START, EXPORT_DAY
    if unit.outgoing == "csv":
        table = outgoing_csv(outgoing)
        yield _plain_file(unit, "Van ban di", "16-45", "csv", "document", "register.outgoing_csv.v1", table, as_csv(table, ","))  # fmt: skip
    elif unit.outgoing:
        table = outgoing_book(unit, outgoing, first, last, grouped=unit.outgoing == "xlsx_grouped")
        yield _plain_file(unit, "So van ban di", "", "xlsx", "document", "register.outgoing.v1", table, as_xlsx(table))  # fmt: skip
    if unit.incoming == "csv":
        table = incoming_csv(incoming)
        yield _plain_file(unit, "Van ban den", "16-40", "csv", "document", "register.incoming_csv.v1", table, as_csv(table, ","))  # fmt: skip
    elif unit.incoming:
        table = incoming_book(unit, incoming, first, last)
        yield _plain_file(unit, "So van ban den", "", "xlsx", "document", "register.incoming.v1", table, as_xlsx(table))  # fmt: skip


def _plain_file(
    unit: SampleUnit,
    stem: str,
    clock: str,
    extension: str,
    kind: str,
    profile_id: str,
    table: WrittenTable,
    content: bytes,
) -> SampleFile:
    """A file all of whose rows are new; ``clock`` "HH-MM" stands in its name, empty for midnight."""
    name = " ".join(part for part in (stem, f"{EXPORT_DAY:%d-%m-%Y}", clock) if part)
    return SampleFile(
        unit.code,
        f"{name}.{extension}",
        content,
        kind=kind,
        profile_id=profile_id,
        exported_at=exported_text(EXPORT_DAY, clock),
        exported_at_source="file_name",
        structural=table.structural(),
        accepted=table.data_rows(),
    )


def exported_text(day: date, clock: str) -> str:
    """ISO moment of a day and a "HH-MM" clock, midnight when empty."""
    hour, minute = (clock or "00-00").split("-")
    return f"{day.isoformat()}T{hour}:{minute}:00"
