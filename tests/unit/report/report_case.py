"""Hand-made inputs of report tests: the units, the catalogue and a count written as small tables."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa

from transforms.catalogue.form_layout import Form
from transforms.catalogue.forms_file import load_forms
from transforms.catalogue.model import Catalogue, DocumentType, Field, PeriodWindow, SupplementItem, Unit
from transforms.catalogue.problems import Problems
from transforms.catalogue.programmes import PROGRAMMES_FILE, parse_programmes
from transforms.indicators.model import IndicatorTable, Period, Reckoning
from transforms.report.blocks import Block, Chart, Heading, Paragraph, ReportContext, Table
from transforms.report.figures import flatten
from transforms.report.inputs import ReportInputs, SupplementValue

ROOT = Path(__file__).parents[3]
TEMPLATES = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "report_templates" / "narrative").glob("*.j2"))
}
START = date(2004, 1, 1)


def unit(code: str, name: str, kind: str = "xã", level: str = "xa", parent: str = "402") -> Unit:
    """A unit of the sample district."""
    return Unit(code, name, kind, level, parent, START, None, "")


DISTRICT = unit("402", "Như Xuân", "huyện", "huyen", "38")
BINH_LUONG = unit("16204", "Bình Lương")
THANH_XUAN = unit("16210", "Thanh Xuân")
YEN_CAT = unit("16174", "Yên Cát", "thị trấn")

FIELDS = tuple(
    Field(field_id, name, (), listed, False, order)
    for order, (field_id, name, listed) in enumerate(
        (
            ("bao_tro_xa_hoi", "Bảo trợ xã hội", True),
            ("chung_thuc", "Chứng thực", True),
            ("dat_dai", "Đất đai", True),
            ("ho_tich", "Hộ tịch", True),
            ("nguoi_co_cong", "Người có công", True),
            ("pbgdpl", "Phổ biến, giáo dục pháp luật", True),
            ("thi_dua_khen_thuong", "Thi đua, khen thưởng", True),
            ("xu_ly_don", "Xử lý đơn", True),
            ("nuoi_con_nuoi", "Nuôi con nuôi", False),
            ("dan_so", "Dân số", False),
        )
    )
)
DOCUMENT_TYPES = (
    DocumentType("quyet_dinh", "Quyết định (cá biệt)", "QĐ", False),
    DocumentType("to_trinh", "Tờ trình", "TTr", False),
    DocumentType("bao_cao", "Báo cáo", "BC", False),
    DocumentType("khac", "Văn bản khác", "", False),
    DocumentType("ke_hoach", "Kế hoạch", "KH", False),
    DocumentType("thong_bao", "Thông báo", "TB", False),
    DocumentType("nghi_quyet_qppl", "Nghị quyết của Hội đồng nhân dân", "NQ", True),
)


def supplement_items() -> tuple[SupplementItem, ...]:
    """The items as the product's own catalogue lists them."""
    path = ROOT / "transforms" / "catalogue" / "supplement_items.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            SupplementItem(
                row["item_id"],
                row["section"],
                row["label"],
                row["type"],
                row["unit_of_measure"],
                row["is_list"] == "yes",
                row["is_required"] == "yes",
                row["help"],
                report_types=tuple(filter(None, row["report_types"].split(";"))),
            )
            for row in csv.DictReader(lines)
        )


def packaged_forms() -> tuple[Form, ...]:
    """The layouts of forms that the product ships."""
    folder = ROOT / "transforms" / "catalogue" / "forms"
    files = {f"forms/{path.name}": path.read_bytes() for path in folder.glob("*.yml")}
    problems = Problems()
    forms = load_forms(files, {}, "", problems)
    assert problems.sentences == ()
    return forms


CATALOGUE = Catalogue(
    version="000000000000",
    units=(unit("38", "Thanh Hóa", "tỉnh", "tinh", ""), DISTRICT, BINH_LUONG, THANH_XUAN, YEN_CAT),
    fields=FIELDS,
    procedures=(),
    statuses=(),
    channels=(),
    document_types=DOCUMENT_TYPES,
    profiles=(),
    windows=(PeriodWindow("nd09", "nine_months", None, -1, 15, 8, 14, "thông lệ", False),),
    supplement_items=supplement_items(),
    rulebooks={},
    forms=packaged_forms(),
    reform_fields=parse_programmes(
        (ROOT / "transforms" / "catalogue" / PROGRAMMES_FILE).read_bytes(), PROGRAMMES_FILE, Problems()
    ),
)
RECKONING = Reckoning(
    Period("2021-9T", "nine_months", 2021, None),
    "nd09",
    date(2020, 12, 15),
    date(2021, 9, 14),
    date(2021, 9, 5),
    date(2021, 9, 5),
)

FORM_COLUMNS = (
    "received_online",
    "received_direct",
    "carried_over",
    "early",
    "on_time",
    "late",
    "within",
    "overdue",
)


def dossiers(text: str, unit_code: str = "16204") -> dict[tuple[str, str, str], int]:
    """Cells of one unit from a pipe table: field | online | direct | carried | early | on time | late | within | overdue."""
    cells: dict[tuple[str, str, str], int] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        facet, *numbers = (part.strip() for part in line.split("|"))
        row = dict(zip(FORM_COLUMNS, map(int, numbers), strict=True))
        counted = {
            **{key: row[key] for key in FORM_COLUMNS[:6]},
            "pending_within": row["within"],
            "pending_overdue": row["overdue"],
            "received_in_window": row["received_online"] + row["received_direct"],
            "received_total": row["received_online"] + row["received_direct"] + row["carried_over"],
            "resolved_total": row["early"] + row["on_time"] + row["late"],
            "pending_total": row["within"] + row["overdue"],
        }
        for measure, value in counted.items():
            cells[measure, unit_code, facet] = value
            total = (measure, unit_code, "*")
            cells[total] = cells.get(total, 0) + value
    return cells


BINH_LUONG_DOSSIERS = """
    bao_tro_xa_hoi      | 0 |  10 | 0 |  10 |   0 | 0 | 0 | 0
    chung_thuc          | 0 | 545 | 0 | 500 |  45 | 0 | 0 | 0
    dat_dai             | 0 |  17 | 0 |  10 |   5 | 2 | 0 | 0
    ho_tich             | 7 | 270 | 0 | 200 |  77 | 0 | 0 | 0
    nguoi_co_cong       | 0 |   2 | 0 |   0 |   2 | 0 | 0 | 0
    thi_dua_khen_thuong | 0 |   2 | 0 |   2 |   0 | 0 | 0 | 0
    xu_ly_don           | 0 |   5 | 0 |   1 |   2 | 0 | 2 | 0
    chua_phan_loai      | 0 | 505 | 0 | 300 | 205 | 0 | 0 | 0
"""
ISSUED = {"quyet_dinh": 362, "to_trinh": 61, "bao_cao": 72, "ke_hoach": 52, "thong_bao": 27, "khac": 14}


def papers(unit_code: str = "16204") -> dict[tuple[str, str, str], int]:
    """Documents and fees of the sample commune."""
    cells = {("documents_issued", unit_code, type_id): count for type_id, count in ISSUED.items()}
    return cells | {
        ("documents_issued", unit_code, "*"): 588,
        ("legal_documents_issued", unit_code, "nghi_quyet_qppl"): 3,
        ("legal_documents_issued", unit_code, "*"): 3,
        ("documents_received", unit_code, "huyen:quyet_dinh"): 150,
        ("documents_received", unit_code, "tinh:quyet_dinh"): 24,
        ("documents_received", unit_code, "tinh:cong_van"): 26,
        ("documents_received", unit_code, "*"): 200,
        ("fee_charge_amount", unit_code, "*"): 9_250_000,
        ("fee_duty_amount", unit_code, "*"): 2_000_000,
        ("fee_total_amount", unit_code, "*"): 11_250_000,
    }


def lines(*texts: str) -> tuple[SupplementValue, ...]:
    """Lines of a text item."""
    return tuple(SupplementValue(text) for text in texts)


def number(value: int) -> tuple[SupplementValue, ...]:
    """The one line of a counted item."""
    return (SupplementValue(str(value), value),)


SUPPLEMENT: Mapping[str, tuple[SupplementValue, ...]] = {
    "plan_basis": lines("Kế hoạch A của cấp trên;", "- kế hoạch B của cấp trên."),
    "plan_issued": lines("Kế hoạch số 01/KH-UBND"),
    "inspection_count": number(1),
    "publicity_count": number(12),
    "publicity_note": lines("# Phát trên đài truyền thanh **xã**"),
    "procedure_disclosure": lines("Đã niêm yết công khai mức thu"),
    "organisation_note": lines("Đã ban hành quy chế làm việc."),
    "staff_total_count": number(22),
    "staff_official_count": number(19),
    "staff_part_time_count": number(3),
    "staff_qualified_count": number(19),
    "trained_count": number(0),
    "trained_professional_count": number(0),
    "finance_note": lines("Thực hiện chế độ tự chủ"),
    "egovernment_note": lines("Dùng thư điện tử công vụ"),
    "shortcoming": lines("Thiếu trang thiết bị", "Cán bộ còn kiêm nhiệm"),
    "cause_objective": lines("Cơ sở vật chất còn thiếu"),
    "cause_subjective": lines("Chưa thành thạo phần mềm", "Chưa cập nhật thường xuyên"),
    "recipient": lines("UBND huyện (b/c);", "Phòng Nội vụ (b/c)"),
    "signer_authority": lines("TM. ỦY BAN NHÂN DÂN"),
    "signer_role": lines("CHỦ TỊCH"),
    "signer_name": lines("Người Mẫu 0001"),
}


def table(
    cells: Mapping[tuple[str, str, str], int], notes: Mapping[tuple[str, str], int] | None = None
) -> IndicatorTable:
    """An indicator table of the sample reckoning."""
    return IndicatorTable(RECKONING, cells, notes or {}, pa.table({}))


def inputs(
    cells: Mapping[tuple[str, str, str], int] | None = None,
    node: Unit = BINH_LUONG,
    leaf_units: tuple[Unit, ...] = (BINH_LUONG,),
    supplement: Mapping[str, Mapping[str, tuple[SupplementValue, ...]]] | None = None,
    notes: Mapping[tuple[str, str], int] | None = None,
    **others: object,
) -> ReportInputs:
    """Inputs of the sample commune unless told otherwise."""
    default = dossiers(BINH_LUONG_DOSSIERS) | papers()
    arguments: dict[str, object] = {
        "data_date": date(2021, 9, 5),
        "period_name": "9 tháng năm 2021",
        "window_words": "tính từ ngày 15/12/2020 đến ngày 05/9/2021",
        "place_name": node.name,
        **others,
    }
    return ReportInputs(
        table=table(default if cells is None else cells, notes),
        node=node,
        leaf_units=leaf_units,
        catalogue=CATALOGUE,
        templates=TEMPLATES,
        supplement={"16204": SUPPLEMENT} if supplement is None else supplement,
        **arguments,  # type: ignore[arg-type]
    )


def show(context: ReportContext) -> str:
    """The body as a reader sees it, one line per block."""
    return "\n".join(_line(block) for block in context.blocks)


def _line(block: Block) -> str:
    if isinstance(block, Heading):
        separator = ")" if block.level == 3 else "."
        return f"{block.number}{separator} {block.text}"
    if isinstance(block, Paragraph):
        mark = {"dash_item": "- ", "plus_item": "+ ", "note": "> ", "warning": "! "}.get(block.style, "")
        return mark + flatten(block.text)
    if isinstance(block, Table):
        return f"[bảng {block.table_id}]"
    assert isinstance(block, Chart)
    return f"[biểu đồ {block.chart_id}]"


def show_table(found: Table) -> list[str]:
    """Rows of a table as "a | b | c"."""
    return [
        " | ".join(cell if isinstance(cell, str) else cell.text for cell in row.cells) for row in found.rows
    ]
