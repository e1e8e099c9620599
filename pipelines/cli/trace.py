"""``motcua trace``."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.table import Table

from pipelines.cli.root import json_option, known_at_option, report_type_option, workspace_option
from pipelines.cli.summary import summary_console
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import VIETNAM, SystemClock
from pipelines.errors import UsageProblemError
from pipelines.session import Session
from pipelines.steps.history import DossierHistory, HistoryEntry, dossier_history
from pipelines.steps.on_demand import parse_instant, past_catalogue_warning
from pipelines.steps.tracing import Traced, TracedRecord, trace_cell_id
from transforms.report.evidence_words import KIND_NAMES
from transforms.report.lateness import LONGEST
from transforms.report.numbers_vi import date_short, thousands
from transforms.report.restated import STATE_NAMES
from transforms.schema.tables import DOSSIER
from transforms.supplement.workbook import HEADERS, VALUE_COLUMN
from transforms.text_cells import shield

_SHOWN_ROWS = 40
_SHA_LENGTH = 12
_HEADERS = {
    "kind": "Loại",
    "code": "Mã",
    "unit_code": "Đơn vị",
    "amount": "Giá trị",
    "state": "Tình trạng",
    "file": "Tệp",
    "sheet": "Trang tính",
    "row": "Dòng",
    "delivery_id": "Mã lần nhận",
    "sha256": "SHA-256",
    "is_above": "Trong tử số",
}
_WHAT = {
    "first": "biết lần đầu",
    "changed": "thay đổi",
    "older": "bản kết xuất cũ hơn",
    "corrected": "được sửa",
    "removed": "bị loại",
    "kept": "tệp khác cũng ghi như vậy",
    "set_apart": "dòng bị cách ly",
    "explained": "giải trình",
    "retracted": "thu hồi tệp",
    "counts_again": "tính lại tệp",
}
_DATES = ("received_date", "due_date", "resolved_date", "returned_date")


@click.command(cls=VietnameseCommand)
@click.argument("cell_id", required=False, metavar="[MÃ_Ô]")
@click.option(
    "--version", type=click.IntRange(min=1), metavar="N", help="Theo lần công bố N của đơn vị và kỳ đó."
)
@report_type_option
@known_at_option
@click.option("--dossier", "dossier_code", metavar="MÃ", help="Lịch sử của một hồ sơ, thay cho mã ô.")
@click.option("--unit", "unit_code", metavar="MÃ", help="Chỉ hồ sơ của đơn vị này (dùng cùng --dossier).")
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="TỆP",
    help="Ghi danh sách ra tệp CSV.",
)
@workspace_option
@json_option
def trace(
    cell_id: str | None,
    version: int | None,
    report_type: str | None,
    known_at: str | None,
    dossier_code: str | None,
    unit_code: str | None,
    csv_file: Path | None,
    workspace: Path,
    as_json: bool,
) -> None:
    """Chỉ ra hồ sơ đứng sau một số liệu: mã, tệp nguồn, trang tính, dòng, SHA-256 của tệp.

    MÃ_Ô chép từ context.json hoặc báo cáo trang web. Với --dossier: mọi điều kho từng biết về một hồ sơ.
    """
    if (cell_id is None) == (dossier_code is None):
        raise UsageProblemError("Hãy ghi hoặc mã ô, hoặc --dossier với một mã hồ sơ.")
    session = Session(workspace, SystemClock())
    if dossier_code is not None:
        if version is not None or report_type or known_at or csv_file:
            raise UsageProblemError(
                "--version, --type, --known-at và --csv chỉ dùng với mã ô, không dùng với --dossier."
            )
        _print_history(dossier_history(session.store, dossier_code, unit_code), as_json)
        return
    if version is not None and known_at:
        raise UsageProblemError("Chỉ ghi một trong hai: --version hoặc --known-at.")
    if report_type and version is None:
        raise UsageProblemError(
            "--type chọn loại báo cáo của lần công bố, nên chỉ dùng cùng --version; số liệu hiện có là chung cho mọi loại."
        )
    instant = parse_instant(known_at)
    if warning := past_catalogue_warning(session, instant):
        click.echo(f"Chú ý: {warning}", err=True)
    assert cell_id is not None  # checked above
    traced = trace_cell_id(session, cell_id, version, instant, report_type)
    if csv_file is not None:
        _write_csv(csv_file, traced)
    if as_json:
        click.echo(json.dumps(_as_json(traced), ensure_ascii=False, indent=1))
    else:
        _print_traced(traced, csv_file)


def _as_json(traced: Traced) -> dict[str, Any]:
    return {
        "cell_id": traced.cell_id,
        "value": traced.value,
        "denominator": traced.denominator,
        "total": traced.total,
        "is_distinct": traced.is_distinct,
        "records": [asdict(record) for record in traced.records],
        **({"sides": [_as_json(side) for side in traced.sides]} if traced.sides else {}),
    }


def _write_csv(path: Path, traced: Traced) -> None:
    # With a mark of the encoding, as Excel wants it.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        names = [field.name for field in fields(TracedRecord)]
        # The records of a difference say which of the two figures they are behind.
        writer.writerow([_HEADERS[name] for name in names] + (["Ô"] if traced.sides else []))
        for side in traced.sides or (traced,):
            cell = [side.cell_id] if traced.sides else []
            writer.writerows([_csv_value(record, name) for name in names] + cell for record in side.records)


def _csv_value(record: TracedRecord, name: str) -> Any:
    """In words where staff read it, and nothing that a spreadsheet would calculate; the evidence pack writes the same."""
    value = getattr(record, name)
    if name == "is_above":
        return "có" if value else "không"
    words = {"kind": KIND_NAMES, "state": STATE_NAMES}.get(name, {})
    return shield(words.get(value, value)) if isinstance(value, str) else value


def _print_traced(traced: Traced, csv_file: Path | None) -> None:
    console = summary_console()
    if traced.sides:
        _print_sides(traced)
        return
    said = "không có số liệu" if traced.value is None else thousands(traced.value)
    if traced.cell_id.startswith(f"{LONGEST}/"):
        said = f"số ngày làm việc của hồ sơ chậm nhất trong {thousands(len(traced.records))} hồ sơ"
    elif traced.is_distinct:
        said = f"đếm khác nhau trong {thousands(len(traced.records))} hồ sơ"
    elif traced.denominator is not None:
        said = f"{said} trên {thousands(traced.denominator)}"
    console.print(
        f"{traced.cell_id}: {said}, {thousands(len(traced.records))} bản ghi.",
        highlight=False,
        soft_wrap=True,
    )
    if not traced.is_distinct and traced.value is not None and traced.total != traced.value:
        console.print(
            f"Chú ý: các bản ghi cộng lại là {thousands(traced.total)}, khác với ô; hãy gửi mã ô này cho bộ phận kỹ thuật.",
            soft_wrap=True,
        )
    if not traced.records:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("Mã", "Đơn vị"):
        table.add_column(name, no_wrap=True)
    table.add_column("Giá trị", justify="right")
    table.add_column("Tệp", overflow="fold")
    table.add_column("Trang tính", overflow="fold")
    table.add_column("Dòng", justify="right")
    table.add_column("SHA-256", no_wrap=True)
    shown = traced.records[:_SHOWN_ROWS]
    for record in shown:
        table.add_row(
            record.code,
            record.unit_code,
            thousands(record.amount) if record.is_above else f"({thousands(record.amount)})",
            record.file,
            record.sheet or "–",
            thousands(record.row) if record.row else "–",
            record.sha256[:_SHA_LENGTH],
        )
    console.print(table)
    if any(record.kind == "supplement" for record in shown):
        console.print(f"Số liệu đơn vị tự điền nằm ở cột “{HEADERS[VALUE_COLUMN]}” của dòng đã nêu.")
    if len(traced.records) > len(shown):
        where = f"đủ trong {csv_file}" if csv_file else "dùng --csv TỆP hoặc --json để lấy đủ"
        console.print(f"Còn {thousands(len(traced.records) - len(shown))} bản ghi; {where}.")


def _print_sides(traced: Traced) -> None:
    """A difference between two periods: what it is made of, then the records of each side."""
    said = "" if traced.value is None else f": {thousands(traced.value)}"
    summary_console().print(
        f"{traced.cell_id}{said}, so sánh hai số liệu dưới đây.", highlight=False, soft_wrap=True
    )
    for side in traced.sides:
        _print_traced(side, None)


def _print_history(history: DossierHistory, as_json: bool) -> None:
    if as_json:
        content = {
            "code": history.code,
            "last_exported": [
                {"kind": kind, "unit_code": unit, "at": at.isoformat()}
                for (kind, unit), at in sorted(history.last_exported.items())
            ],
            "entries": [
                {name: _plain(value) for name, value in asdict(entry).items()} for entry in history.entries
            ],
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=1, default=_plain))
        return
    console = summary_console()
    if not history.entries:
        console.print(f"Kho dữ liệu chưa từng có hồ sơ mang mã {history.code}.", highlight=False)
        return
    console.print(
        f"Hồ sơ {history.code}: {thousands(len(history.entries))} điều đã biết, cũ nhất trước.",
        highlight=False,
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("Biết từ", "Kết xuất", "Đơn vị"):
        table.add_column(name, no_wrap=True)
    table.add_column("Việc", overflow="fold")
    table.add_column("Nội dung", overflow="fold")
    table.add_column("Nguồn", overflow="fold")
    for entry in history.entries:
        table.add_row(
            f"{entry.known_from.astimezone(VIETNAM):%d/%m/%Y %H:%M}",
            f"{entry.exported_at:%d/%m/%Y}" if entry.exported_at else "–",
            entry.unit_code,
            _what(entry),
            entry.note or _values(entry),
            _source(entry),
        )
    console.print(table)
    for (kind, unit), at in sorted(history.last_exported.items()):
        if kind == "dossier":
            console.print(
                f"Tệp kết xuất gần nhất còn ghi hồ sơ như vậy ở đơn vị {unit}: {at:%H:%M ngày %d/%m/%Y}.",
                highlight=False,
            )


def _what(entry: HistoryEntry) -> str:
    mark = " (đang tính)" if entry.is_latest else "" if entry.counts else " (tệp đã thu hồi)"
    return _WHAT[entry.what] + mark


def _values(entry: HistoryEntry) -> str:
    told = [str(entry.values[name]) for name in ("status_label", "total_amount") if entry.values.get(name)]
    told += [
        f"{DOSSIER.column(name).label.lower()} {date_short(entry.values[name])}"
        for name in _DATES
        if isinstance(entry.values.get(name), date)
    ]
    return "; ".join(told)


def _source(entry: HistoryEntry) -> str:
    parts = [entry.file]
    parts += [f"trang tính {entry.sheet}"] if entry.sheet else []
    parts += [f"dòng {thousands(entry.row)}"] if entry.row else []
    return ", ".join(parts)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
