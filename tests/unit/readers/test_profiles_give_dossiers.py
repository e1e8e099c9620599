"""Small exports of the rarer formats, from their header to typed dossiers."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest

import transforms.catalogue
from tests.support.export_files import Rows, csv_file, xlsx_file
from transforms.canonical.build import canonicalise
from transforms.canonical.model import DeliveryContext
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue
from transforms.readers.recognise import recognise
from transforms.readers.workbook import read_workbook

CODES = [f"000.09.42.H56-210802-{number:04d}" for number in range(1, 4)]


@pytest.fixture(scope="module")
def packaged() -> Catalogue:
    folder = Path(next(iter(transforms.catalogue.__path__)))
    paths = [path for path in folder.rglob("*") if path.suffix in (".csv", ".yml")]
    return load_catalogue({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})


def _records(content: bytes, catalogue: Catalogue) -> list[Mapping[str, object]]:
    name = "danh-sach 05-09-2021 16-30.xlsx"
    raw = recognise(read_workbook(io.BytesIO(content), name), catalogue.profiles)
    context = DeliveryContext("lan-nhan-1", "16204", name, datetime(2021, 9, 5, 20, 0))  # noqa: DTZ001
    result = canonicalise(raw, context, catalogue)
    assert result.quarantined.num_rows == 0
    rows: list[Mapping[str, object]] = result.records.to_pylist()
    return rows


def test_tracking_book_gives_days_copies_and_nothing_about_people(packaged: Catalogue) -> None:
    header = ("STT", "MaHoSo", "TrichYeuHoSo", "SoBoHoSo", "ChuHoSo", "DiaChiChuHoSo", "SoDienThoaiChuHoSo",
              "NgayTiepNhan", "NgayHenTra", "NgayTra", "TenNguoiNhanHoSo", "TenDiaBan")  # fmt: skip
    rows: Rows = [
        header,
        (1, CODES[0], "Đăng ký khai sinh", 2, "Người Mẫu 0001", "Thôn Mẫu", "0000000001", "02/08/2021",
         "04/08/2021", "03/08/2021", "Người Mẫu 0001", "xã Mẫu - huyện Mẫu - tỉnh Mẫu"),
        (2, CODES[1], "Đăng ký khai sinh", "1 bộ", "Người Mẫu 0002", "Thôn Mẫu", "0000000002", "02/08/2021",
         "04/08/2021", "", "", ""),
    ]  # fmt: skip
    found = _records(xlsx_file({"Sheet1": rows}), packaged)
    assert [(row["dossier_code"], row["copies_count"], row["returned_date"]) for row in found] == [
        (CODES[0], 2, date(2021, 8, 3)),
        (CODES[1], 1, None),
    ]
    assert {row["field_hint"] for row in found} == {"ho_tich"}
    assert "Mẫu" not in str(found)


def test_instants_of_the_igate_interface_become_vietnam_days(packaged: Catalogue) -> None:
    header = ("code", "procedure.code", "procedure.sector", "agency", "appliedDate", "acceptedDate",
              "appointmentDate", "dueDate", "dossierStatus", "dossierReceivingKind", "undefindedCompleteTime")  # fmt: skip
    evening = "2021-08-01T17:00:00.000+0000"
    rows: Rows = [
        header,
        (CODES[0], "1.001193.000.00.00.H56", "Hộ tịch", "UBND xã Bình Lương", evening, evening,
         "2021-08-03T16:59:59.000+0000", "", "Đang xử lý", "Nhận trực tiếp", 0),
    ]  # fmt: skip
    (row,) = _records(xlsx_file({"Sheet1": rows}), packaged)
    assert (row["received_date"], row["due_date"]) == (date(2021, 8, 2), date(2021, 8, 3))
    assert (row["procedure_code"], row["status_code"], row["channel_code"]) == ("1.001193", 4, 1)


def test_names_of_opencps_statuses_and_its_online_flag_are_known(packaged: Catalogue) -> None:
    header = ("dossierNo", "serviceCode", "dossierName", "govAgencyName", "submitDate", "receiveDate", "dueDate",
              "extendDate", "releaseDate", "finishDate", "dossierStatusText", "online", "originDossierNo")  # fmt: skip
    day = "02/08/2021 08:00:00"
    rows = [header] + [
        (
            code,
            "1.001193",
            "Khai sinh",
            "UBND xã Bình Lương",
            day,
            day,
            day,
            "",
            ended,
            "",
            status,
            online,
            "",
        )
        for code, status, online, ended in zip(
            CODES, ("interoperating", "done", "waiting"), ("true", "false", "1"), ("", day, ""), strict=True
        )
    ]
    found = _records(csv_file(rows), packaged)
    assert [(row["status_code"], row["channel_code"]) for row in found] == [(4, 2), (10, 1), (5, 2)]
