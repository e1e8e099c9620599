# ruff: noqa: DTZ001 - exports print local time only
"""A catalogue of two communes and exports written as pipe tables."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa

from tests.support.pipe_table import read_rows
from transforms.canonical.build import canonicalise
from transforms.canonical.model import Canonicalised, DeliveryContext
from transforms.catalogue.model import (
    Catalogue,
    Channel,
    DocumentType,
    Field,
    Procedure,
    Profile,
    Status,
    Unit,
)
from transforms.readers.model import RawExport

LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)
ARRIVED_AT = datetime(2021, 9, 5, 20, 0)
FIRST_ROW = 5


def unit(code: str, kind: str, name: str, level: str, parent: str, agency: str, *aliases: str) -> Unit:
    """A unit as it was until the districts ended."""
    return Unit(code, name, kind, level, parent, date(2019, 12, 1), LAST_DAY_OF_DISTRICTS, agency, aliases)


def status(code: int, name: str, *aliases: str) -> Status:
    return Status(code, name, "", aliases)


def document_type(type_id: str, name: str, abbreviation: str = "", is_legal: bool = False) -> DocumentType:
    return DocumentType(type_id, name, abbreviation, is_legal)


def profile(profile_id: str, kind: str, **settings: object) -> Profile:
    return Profile(profile_id, kind, "", "", (), **settings)


def field(field_id: str, name: str, *aliases: str) -> Field:
    return Field(field_id, name, aliases, is_listed_when_zero=True, is_excluded=False, order=1)


CATALOGUE = Catalogue(
    version="0" * 12,
    units=(
        Unit("38", "Thanh Hóa", "tỉnh", "tinh", "", date(1900, 1, 1), None, "000.00.00.H56"),
        unit("402", "huyện", "Như Xuân", "huyen", "38", "000.00.42.H56"),
        unit("16174", "thị trấn", "Yên Cát", "xa", "402", "000.01.42.H56"),
        unit("16186", "xã", "Hóa Quỳ", "xa", "402", "000.05.42.H56", "Hoá Quỳ"),
        unit("16204", "xã", "Bình Lương", "xa", "402", "000.09.42.H56"),
        unit("16213", "xã", "Thanh Hòa", "xa", "402", "000.12.42.H56"),
        Unit("16174", "Như Xuân", "xã", "xa", "38", date(2025, 7, 1), None, ""),
    ),
    fields=(
        field("ho_tich", "Hộ tịch", "HT"),
        field("chung_thuc", "Chứng thực", "Công chứng, chứng thực"),
        field("dat_dai", "Đất đai"),
    ),
    procedures=(
        Procedure("1.001193", "Thủ tục đăng ký khai sinh", "ho_tich"),
        Procedure("2.000815", "Chứng thực bản sao từ bản chính", "chung_thuc", ("Sao y bản chính",)),
    ),
    statuses=(
        status(1, "Mới đăng ký"),
        status(3, "Không được tiếp nhận", "Từ chối"),
        status(4, "Đang xử lý"),
        status(9, "Đã xử lý xong"),
        status(10, "Đã trả kết quả"),
    ),
    channels=(Channel(1, "Trực tiếp"), Channel(2, "Trực tuyến", ("Qua mạng",))),
    document_types=(
        document_type("nghi_quyet", "Nghị quyết", "NQ"),
        document_type("quyet_dinh", "Quyết định", "QĐ"),
        document_type("bao_cao", "Báo cáo", "BC"),
        document_type("to_trinh", "Tờ trình", "TTr"),
        document_type("huong_dan", "Hướng dẫn", "HD"),
        document_type("hop_dong", "Hợp đồng", "HĐ"),
        document_type("giay_moi", "Giấy mời", "GM"),
        document_type("cong_van", "Công văn"),
        document_type("nghi_quyet_qppl", "Nghị quyết quy phạm pháp luật", "NQ", True),
        document_type("quyet_dinh_qppl", "Quyết định quy phạm pháp luật", "QĐ", True),
        document_type("khac", "Văn bản khác"),
    ),
    profiles=(
        profile("mau.dossier", "dossier", status_map={"Xong rồi": 9}),
        profile("mau.fee", "fee"),
        profile("mau.overdue", "overdue"),
        profile("mau.summary", "summary"),
        profile("mau.document", "document"),
        profile("mau.outgoing", "document", constants={"direction": "outgoing"}),
        profile("mau.incoming", "document", constants={"direction": "incoming"}),
    ),
    windows=(),
    supplement_items=(),
    rulebooks={},
)


def raw_export(text: str, profile_id: str = "mau.dossier", **settings: object) -> RawExport:
    """The pipe table as a reader hands it on; rows are numbered from ``FIRST_ROW``."""
    rows = read_rows(text)
    names = [name.strip() for name in text.strip().splitlines()[0].strip().strip("|").split("|")]
    body = pa.table({name: pa.array([row[name] or None for row in rows], pa.string()) for name in names})
    return RawExport(
        profile_id=profile_id,
        kind=next(p.kind for p in CATALOGUE.profiles if p.profile_id == profile_id),
        body=body,
        row_numbers=pa.array(range(FIRST_ROW, FIRST_ROW + len(rows)), pa.int64()),
        sheets=pa.array(["Sheet1"] * len(rows), pa.string()),
        **settings,
    )


def canonicalise_table(
    text: str,
    profile_id: str = "mau.dossier",
    unit_code: str = "16204",
    file: str = "danh-sach 05-09-2021 16-30.xls",
    **settings: object,
) -> Canonicalised:
    """The pipe table through canonicalisation, as delivered into the folder of xã Bình Lương."""
    context = DeliveryContext("lan-nhan-1", unit_code, file, ARRIVED_AT)
    return canonicalise(raw_export(text, profile_id, **settings), context, CATALOGUE)


def rows_of(result: Canonicalised, code: str) -> list[int]:
    """Row numbers that the finding of that code names; empty where there is no such finding."""
    return [place.row for finding in result.findings if finding.code == code for place in finding.places]


def codes_of(result: Canonicalised) -> set[str]:
    return {finding.code for finding in result.findings}
