"""manifest.toml: what must come out of every file and which figures the units must show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sample_exports.generator.calendar import EXPORT_DAY, WINDOW_END, WINDOW_START
from sample_exports.generator.defects.reference import RECORDS, Defect, Record
from sample_exports.generator.expected import CLOSING_DAY, Cells
from sample_exports.generator.units import BINH_LUONG, SampleUnit
from sample_exports.generator.written import SampleFile

HEADER = """\
# What must come out of the sample inbox. Written by generate.py from what it meant to write, never from
# what a reader found; do not edit by hand.
#
# [[files]]: the delivery of each file when one night reads the whole inbox into an empty store, oldest
# export first; a second copy of the same bytes is "unchanged". sheet_rows = structural + data_rows; data_rows = accepted + unchanged + superseded + quarantined.
# Kinds of structural rows that do not occur are left out. exported_at is Vietnam time.
# [[defects]]: small inboxes below defects/, one for each way in which exports go wrong; all are written around the
# same eight dossiers. records: what must count after a night over that inbox (code, received, due, ended, status; 0 where none is told);
# "the eight" where nothing may differ. findings: codes that must be open. A count of -1 is not held.
# [[passed_over]]: files that are no delivery. [units."code"]: figures of 2021-9T (window of NĐ 09/2019,
# closing day {closing}, rulebook tt01); [units."code".cells]: "measure:facet" -> value, facet * = the sum.
"""


_OTHER_TOTALS = ("fee_total_amount", "documents_issued", "legal_documents_issued", "documents_received")
"""Printed for every unit that sent the lists they come from."""


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """The figures of one unit that sent dossiers."""

    unit: SampleUnit
    dossier_cells: Cells
    other_cells: Cells

    @property
    def received_in_window(self) -> int:
        """Dossiers received in the window, registered and refused ones left out."""
        return self.dossier_cells["received_online:*"] + self.dossier_cells["received_direct:*"]


def manifest_text(
    files: Iterable[SampleFile],
    figures: Iterable[UnitFigures],
    silent: Iterable[SampleUnit],
    defects: Iterable[Defect],
) -> str:
    """The manifest as TOML."""
    lines = [HEADER.format(closing=CLOSING_DAY.isoformat())]
    lines += [
        "[sample]",
        'district = "402"',
        f"as_of = {EXPORT_DAY.isoformat()}",
        'period = "2021-9T"',
        f"window_start = {WINDOW_START.isoformat()}",
        f"window_end = {WINDOW_END.isoformat()}",
        f"closing_day = {CLOSING_DAY.isoformat()}",
        f"silent_units = [{', '.join(_quoted(unit.code) for unit in silent)}]",
        "",
    ]
    for file in files:
        lines += _passed_over(file) if file.is_passed_over else _file(file)
    for figure in figures:
        lines += _unit(figure)
    lines += ["[the_eight]", f"records = {_records(RECORDS)}", ""]
    for defect in defects:
        lines += _defect(defect)
    return "\n".join(lines).rstrip("\n") + "\n"


def _file(file: SampleFile) -> list[str]:
    lines = [
        "[[files]]",
        f"unit = {_quoted(file.unit_code)}",
        f"file = {_quoted(file.name)}",
        f"state = {_quoted(file.state)}",
    ]
    if file.case:
        lines.append(f"case = {_quoted(file.case)}")
    if file.state == "refused":
        return [*lines, f"refusal_code = {_quoted(file.refusal_code)}", ""]
    lines += [
        f"kind = {_quoted(file.kind)}",
        f"profile_id = {_quoted(file.profile_id)}",
        f"exported_at = {file.exported_at}",
        f"exported_at_source = {_quoted(file.exported_at_source)}",
        f"sheet_rows = {file.sheet_rows}",
        f"data_rows = {file.data_rows}",
        f"accepted = {file.accepted}",
        f"unchanged = {file.unchanged}",
        f"superseded = {file.superseded}",
        f"quarantined = {file.quarantined}",
        "structural = { " + ", ".join(f"{kind} = {count}" for kind, count in file.structural.items()) + " }",
        "",
    ]
    return lines


def _passed_over(file: SampleFile) -> list[str]:
    return [
        "[[passed_over]]",
        f"unit = {_quoted(file.unit_code)}",
        f"file = {_quoted(file.name)}",
        f"case = {_quoted(file.case)}",
        "",
    ]


def _unit(figures: UnitFigures) -> list[str]:
    unit = figures.unit
    totals = {
        key.removesuffix(":*"): value for key, value in figures.dossier_cells.items() if key.endswith(":*")
    }
    lines = [
        f"[units.{_quoted(unit.code)}]",
        f"name = {_quoted(unit.full_name)}",
        f"received_in_window = {figures.received_in_window}",
        *(f"{measure} = {value}" for measure, value in totals.items()),
        *(f"{key} = {value}" for key in _OTHER_TOTALS if (value := figures.other_cells.get(f"{key}:*"))),
        "",
    ]
    if unit.code == BINH_LUONG:
        lines.append(f"[units.{_quoted(unit.code)}.cells]")
        lines.append(f'"received_in_window:*" = {figures.received_in_window}')
        lines += _cells({**figures.dossier_cells, **figures.other_cells})
        lines.append("")
    return lines


def _defect(defect: Defect) -> list[str]:
    lines = [
        "[[defects]]",
        f"name = {_quoted(defect.slug)}",
        f"what = {_quoted(defect.what)}",
        f"findings = [{', '.join(map(_quoted, defect.findings))}]",
        "records = " + (_quoted("the eight") if defect.records == RECORDS else _records(defect.records)),
    ]
    for file in defect.files:
        lines += [
            "[[defects.files]]",
            f"unit = {_quoted(file.unit_code)}",
            f"file = {_quoted(file.name)}",
            f"state = {_quoted(file.state)}",
            f"delivered_as = [{', '.join(map(_quoted, file.delivered_as or (file.name,)))}]",
        ]
        if file.refusal_code:
            lines.append(f"refusal_code = {_quoted(file.refusal_code)}")
        if file.data_rows >= 0:
            lines += [f"data_rows = {file.data_rows}", f"quarantined = {file.quarantined}"]
    return [*lines, ""]


def _records(records: Iterable[Record]) -> str:
    rows = (
        f"    [{', '.join((*map(_quoted, record[:4]), str(record[4] or 0)))}],\n"
        for record in sorted(records)
    )
    return "[\n" + "".join(rows) + "]"


def _cells(cells: Mapping[str, int]) -> list[str]:
    return [f"{_quoted(key)} = {value}" for key, value in cells.items()]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
