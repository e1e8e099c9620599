"""Their own file back: what a clerk sent, marked where it is to be mended, as one workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.returned.body import Body, SentFile, build_body
from transforms.returned.lines import MendLine, number_lines
from transforms.returned.mark import mark_cells
from transforms.returned.model import ReturnedMarker
from transforms.returned.package import pack
from transforms.returned.sheets import FrontPage, write_marker_sheet, write_mend_sheet

FULL_ROWS = 20_000
"""Records up to which a whole file goes back; above it only the failing rows do."""
MOST_LINES = 20_000
"""Lines of one workbook; a file with more of them goes back in several parts."""

_ADVICE = (
    "Hãy sửa ngay tại các ô được tô màu ở những trang sau, hoặc ghi lý do vào cột “Giải trình” và tên người ghi vào cột "
    "bên cạnh; sau đó lưu lại và đặt tệp này vào thư mục của đơn vị như một tệp kết xuất."
)
_ADVICE_REFUSED = (
    "Tệp này chưa được nhận nên chưa có số liệu nào của tệp vào báo cáo. Hãy làm theo cột “Việc cần làm” rồi gửi lại tệp; "
    "nếu không gửi được, hãy ghi lý do vào cột “Giải trình”, lưu lại và đặt bản này vào thư mục của đơn vị."
)
_ADVICE_LIST_ONLY = (
    "Hãy sửa trong phần mềm rồi kết xuất lại, hoặc ghi lý do vào cột “Giải trình” và tên người ghi vào cột bên cạnh, "
    "lưu lại và đặt bản này vào thư mục của đơn vị."
)
_NOTE_GONE = "Tệp gốc không còn được lưu ở đây nên bản này chỉ có danh sách các dòng cần sửa."
_NOTE_DRAWINGS = (
    "Hình ảnh, biểu đồ và hình vẽ của tệp gốc có thể không còn trong bản này; số liệu không thay đổi."
)
_NOTE_PARTIAL = (
    "Bản này chỉ giữ tiêu đề và {rows} dòng cần sửa của tệp; cột “Dòng” là số dòng trong bản này, "
    "số dòng nêu trong cột “Nội dung” là của tệp đã gửi."
)
_NOTE_PART = "Phần {number} trên {count} phần."


def render_returned(
    marker: ReturnedMarker,
    unit_name: str,
    lines: Sequence[MendLine],
    sent: SentFile | None,
    full_rows: int = FULL_ROWS,
    part: tuple[int, int] = (1, 1),
) -> bytes:
    """The workbook that goes back; the same bytes for the same arguments (DESIGN.md law 3).

    ``lines`` in the order in which they are to stand (``sort_lines``). ``marker`` gives what is known of
    the delivery; its lines and rows are filled in here. An xlsx keeps its look, formulas and hidden rows;
    any other container becomes sheets of text under the same row numbers; above ``full_rows`` records, or
    in one of several parts, only the failing rows stand under their titles and header. Without ``sent``
    (a refused file, or an original that is gone) the workbook is the list alone.
    """
    body = build_body(sent, lines, full_rows, part[1] > 1, marker.exported_at)
    places = [body.place(line) for line in lines]
    shown = [replace(line, column_label=body.header_text(line) or line.column_label) for line in lines]
    marks = ((place, line) for place, line in zip(places, shown, strict=True) if place is not None)
    mark_cells(body.book, marks)
    write_mend_sheet(body.book, _front_page(marker, unit_name, sent, body, part), shown, places)
    marked = replace(marker, is_partial=body.is_partial, lines=number_lines(lines), row_map=body.row_map)
    write_marker_sheet(body.book, marked)
    return pack(body.book, body.cached)


def _front_page(
    marker: ReturnedMarker, unit_name: str, sent: SentFile | None, body: Body, part: tuple[int, int]
) -> FrontPage:
    advice = _ADVICE if sent else _ADVICE_LIST_ONLY if marker.kind else _ADVICE_REFUSED
    word = "Kết xuất" if marker.kind else "Nhận"
    notes = []
    if part[1] > 1:
        notes.append(_NOTE_PART.format(number=part[0], count=part[1]))
    if sent is None and marker.kind:
        notes.append(_NOTE_GONE)
    if rows := sum(sheet.failing_count for sheet in body.placed):
        notes.append(_NOTE_PARTIAL.format(rows=f"{rows:,}".replace(",", ".")))
    if body.has_lost_drawings:
        notes.append(_NOTE_DRAWINGS)
    return FrontPage(
        title=f"NỘI DUNG CẦN SỬA – {unit_name}",
        advice=advice,
        about=f"Đơn vị: {unit_name} ({marker.unit_code or 'chưa rõ mã'}) · Tệp: {marker.file} · "
        f"{word}: {marker.exported_at:%d/%m/%Y %H:%M}",
        notes=" ".join(notes),
    )
