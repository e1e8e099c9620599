"""What the bytes are: delimiters, character sets, wrong extensions, damaged and locked files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from sample_exports.generator.calendar import EXPORTED
from sample_exports.generator.containers import as_csv, as_html, as_xlsx
from sample_exports.generator.defects.reference import (
    EXPORT_NAME,
    RECORDS,
    Defect,
    DefectFile,
    list_table,
)
from sample_exports.generator.legacy_text import encode_legacy
from sample_exports.generator.old_containers import as_locked_workbook, as_spreadsheetml
from sample_exports.generator.written import Row, RowKind, WrittenTable

_ROWS = len(RECORDS)


def wrapper_defects() -> Iterator[Defect]:
    """Defects of the container: same list in another coat, or nothing that can be read."""
    table = list_table()
    yield _file("csv-cham-phay", "CSV with semicolons and BOM", "csv", as_csv(table, ";"))
    yield _file(
        "csv-tab",
        "CSV with tabs, UTF-8 without BOM",
        "csv",
        as_csv(table, "\t").removeprefix(b"\xef\xbb\xbf"),
    )
    yield _file(
        "csv-xuong-dong", "quotes broken by line breaks", "csv", as_csv(_with_line_breaks(table), ",")
    )
    text = as_csv(table, ",").decode("utf-8-sig")
    yield _file("utf-16", "UTF-16", "csv", text.encode("utf-16"))
    for charset, slug in (
        ("cp1258", "windows-1258"),
        ("tcvn3", "tcvn3"),
        ("vni", "vni"),
        ("viscii", "viscii"),
    ):
        yield _file(slug, f"CSV in {slug}", "csv", encode_legacy(text, charset))
    yield _file(
        "tcvn3-trong-xlsx",
        "workbook whose cells hold .VnTime text",
        "xlsx",
        as_xlsx(_in_old_font(table)),
        findings=("file.encoding.legacy",),
    )
    yield _file("html-ten-xls", "HTML named .xls", "xls", as_html(table))
    yield _file("xml-ten-xls", "SpreadsheetML 2003 named .xls", "xls", as_spreadsheetml(table))
    yield _file("csv-ten-xls", "CSV named .xls", "xls", as_csv(table, ","))
    inner = f"{EXPORT_NAME}.xls"
    yield Defect(
        "zip-ten-xls",
        "a zip archive named .xls",
        (
            DefectFile(
                f"{EXPORT_NAME} nen.xls",
                as_zip({inner: as_html(table)}),
                data_rows=_ROWS,
                delivered_as=(f"{EXPORT_NAME} nen.xls › {inner}",),
            ),
        ),
    )
    whole = as_xlsx(table)
    for slug, what, content, code in (
        ("co-mat-khau", "password-protected workbook", as_locked_workbook(), "file.encrypted"),
        ("bi-cat", "truncated workbook", whole[: len(whole) // 2], "file.broken"),
        ("khong-byte", "zero bytes", b"", "file.empty"),
    ):
        yield Defect(
            slug,
            what,
            (DefectFile(f"{EXPORT_NAME}.xlsx", content, state="refused", refusal_code=code),),
            records=(),
            findings=(code,),
        )
    yield Defect(
        "tep-khoa",
        "lock file ~$ beside the list",
        (
            DefectFile(f"{EXPORT_NAME}.xlsx", whole, data_rows=_ROWS),
            DefectFile(f"~${EXPORT_NAME}.xlsx", b"\x0aNguoi Mau".ljust(165, b"\0"), state="unread"),
        ),
        findings=("file.temporary",),
    )


def as_zip(members: dict[str, bytes]) -> bytes:
    """A zip archive with fixed times."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name, EXPORTED.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _file(slug: str, what: str, extension: str, content: bytes, findings: tuple[str, ...] = ()) -> Defect:
    return Defect(
        slug, what, (DefectFile(f"{EXPORT_NAME}.{extension}", content, data_rows=_ROWS),), findings=findings
    )


def _with_line_breaks(table: WrittenTable) -> WrittenTable:
    rows = [
        Row(
            row.kind, tuple(str(cell).replace("Thôn Mẫu", "Thôn\nMẫu “giữa”") for cell in row.cells), row.span
        )
        if row.kind is RowKind.DATA
        else row
        for row in table.rows
    ]
    return WrittenTable(rows, table.width, table.sheet)


def _in_old_font(table: WrittenTable) -> WrittenTable:
    """Every text as the cp1252 letters that a .VnTime font shows as Vietnamese."""
    rows = [
        Row(
            row.kind,
            tuple(encode_legacy(str(cell), "tcvn3").decode("latin-1") for cell in row.cells),
            row.span,
        )
        for row in table.rows
    ]
    return WrittenTable(rows, table.width, table.sheet)
