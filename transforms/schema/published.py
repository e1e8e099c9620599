"""What a publication keeps beside its printed files: every counted cell and the dossiers behind them."""

from __future__ import annotations

import pyarrow as pa

from transforms.schema.model import Column, Table
from transforms.schema.tables import CODE, DAY, INSTANT, LOCAL_TIME, NUMBER, TEXT

_YES_NO = pa.bool_()
_RATE = pa.float64()
CELL_KINDS = ("count", "note", "printed", "withheld")

PUBLISHED_CELL = Table(
    "cells",
    "Ô số liệu",
    "One figure of a publication. Counted ones are complete, also those that the report does not print.",
    (
        Column("cell_id", TEXT, "Mã ô", "Cell id as in context.json.", required=True),
        Column(
            "kind",
            TEXT,
            "Loại",
            "count: a counted measure; note: a count beside the form; printed: any other figure of the report; "
            "withheld: a count that a public edition leaves out, without its value.",
            required=True,
            codes=CELL_KINDS,
        ),
        Column("measure_id", TEXT, "Chỉ tiêu", "Measure or note id; empty for other figures.", required=True),
        Column("unit_code", TEXT, "Đơn vị", "Unit; the roll-up's own code for its sums.", required=True),
        Column("facet", TEXT, "Lĩnh vực, loại", "Field or document type, * for all.", required=True),
        Column("value", NUMBER, "Giá trị", "Whole number; empty for a share."),
        Column("rate", _RATE, "Tỷ lệ", "Share in 0..1; empty for a whole number."),
        Column("is_printed", _YES_NO, "Có in", "True when the report prints it.", required=True),
    ),
    key=("cell_id",),
)

PUBLISHED_DOSSIER = Table(
    "population",
    "Hồ sơ của lần công bố",
    "One dossier as the publication knew it, with its state and where it counts; also those that do not count.",
    (
        Column("unit_code", TEXT, "Đơn vị giải quyết", "Resolving unit.", required=True),
        Column("dossier_code", TEXT, "Mã hồ sơ", "Code as printed.", required=True),
        Column("procedure_code", TEXT, "Mã thủ tục", "Core of the procedure's code."),
        Column("field_id", TEXT, "Lĩnh vực", "Field under the publication's catalogue.", required=True),
        Column("status_code", CODE, "Trạng thái", "National Portal status 1-10."),
        Column("received_date", DAY, "Ngày tiếp nhận", "Day the dossier was accepted."),
        Column("due_date", DAY, "Ngày hẹn trả", "Promised day."),
        Column("resolved_date", DAY, "Ngày kết thúc xử lý", "Day processing ended."),
        Column("returned_date", DAY, "Ngày trả kết quả", "Day the result was handed over."),
        Column("state", TEXT, "Tình trạng", "State on the closing day.", required=True),
        Column("state_at_opening", TEXT, "Tình trạng đầu kỳ", "State before the window.", required=True),
        Column("is_received_in_window", _YES_NO, "Tiếp nhận trong kỳ", "Counted as received.", required=True),
        Column("is_carried_over", _YES_NO, "Kỳ trước chuyển sang", "Counted as carried over.", required=True),
        Column("is_counted", _YES_NO, "Có tính", "Counted at all.", required=True),
        Column("placed_as", TEXT, "Cột của biểu", "Column 8-10, 12 or 13; empty when not counted."),
        Column("channel_group", TEXT, "Hình thức nộp", "online or direct.", required=True),
        Column("_delivery_id", TEXT, "Mã lần nhận", "Delivery that brought the version.", required=True),
        Column("_sheet", TEXT, "Trang tính", "Sheet; empty where the format has none."),
        Column("_row", NUMBER, "Dòng", "Row in the sheet.", required=True),
        Column("_exported_at", LOCAL_TIME, "Thời điểm kết xuất", "When the export was taken.", required=True),
        Column("_known_from", INSTANT, "Biết từ lúc", "When the version became known.", required=True),
    ),
    key=("unit_code", "dossier_code"),
)
"""No name, address or number of a citizen, and no free text (law 7)."""
