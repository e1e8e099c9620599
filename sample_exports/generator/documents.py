"""Lines of the outgoing and incoming registers of one unit."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sample_exports.generator.calendar import LAST_MOMENT, WINDOW_START, add_working_days, working_days
from sample_exports.generator.units import BINH_LUONG, SampleUnit

REGISTER_START = date(2020, 12, 1)
"""Registers are exported from here, so that some lines lie before the window."""


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A type of document: how its symbol ends and what it is about."""

    type_id: str
    name: str
    mark: str
    subjects: tuple[str, ...]


KINDS = {
    kind.type_id: kind
    for kind in (
        DocumentKind(
            "quyet_dinh",
            "Quyết định",
            "QĐ",
            (
                "về việc trợ cấp cho đối tượng bảo trợ xã hội",
                "về việc kiện toàn Ban Chỉ đạo cải cách hành chính",
                "về việc ban hành Quy chế làm việc của Bộ phận Tiếp nhận và Trả kết quả",
                "về việc phê duyệt dự toán sửa chữa công trình",
                "về việc thành lập tổ công tác phòng, chống dịch bệnh",
                "về việc giao chỉ tiêu kế hoạch kinh tế - xã hội",
            ),
        ),
        DocumentKind(
            "to_trinh",
            "Tờ trình",
            "TTr",
            ("về việc xin hỗ trợ kinh phí", "về việc phê duyệt danh sách", "về việc thẩm định dự toán"),
        ),
        DocumentKind(
            "bao_cao",
            "Báo cáo",
            "BC",
            (
                "kết quả công tác tháng",
                "tình hình kinh tế - xã hội",
                "công tác kiểm soát thủ tục hành chính",
                "công tác tiếp dân",
            ),
        ),
        DocumentKind(
            "ke_hoach",
            "Kế hoạch",
            "KH",
            (
                "phòng, chống thiên tai",
                "tuyên truyền cải cách hành chính",
                "tự kiểm tra cải cách hành chính",
                "tiêm phòng gia súc, gia cầm",
            ),
        ),
        DocumentKind(
            "thong_bao",
            "Thông báo",
            "TB",
            ("về lịch tiếp công dân", "kết luận tại hội nghị giao ban", "về thời gian nộp thuế đất"),
        ),
        DocumentKind(
            "cong_van", "Công văn", "", ("về việc báo cáo số liệu", "về việc cử cán bộ dự tập huấn")
        ),
        DocumentKind("giay_moi", "Giấy mời", "GM", ("dự hội nghị sơ kết", "dự họp giao ban")),
        DocumentKind("huong_dan", "Hướng dẫn", "HD", ("thực hiện quy chế dân chủ ở cơ sở",)),
        DocumentKind("chuong_trinh", "Chương trình", "CTr", ("công tác trọng tâm năm 2021",)),
        DocumentKind(
            "nghi_quyet_qppl",
            "Nghị quyết",
            "NQ",
            (
                "về dự toán thu, chi ngân sách xã",
                "về kế hoạch phát triển kinh tế - xã hội",
                "về phân bổ ngân sách xã",
            ),
        ),
    )
}

BINH_LUONG_OUTGOING = (
    ("quyet_dinh", 362),
    ("to_trinh", 61),
    ("bao_cao", 72),
    ("ke_hoach", 52),
    ("thong_bao", 27),
    ("cong_van", 8),
    ("giay_moi", 4),
    ("huong_dan", 1),
    ("chuong_trinh", 1),
    ("nghi_quyet_qppl", 3),
)
BINH_LUONG_INCOMING = (
    ("huyen", "quyet_dinh", 128),
    ("tinh", "quyet_dinh", 46),
    ("huyen", "cong_van", 40),
    ("huyen", "ke_hoach", 18),
    ("huyen", "giay_moi", 15),
    ("tinh", "cong_van", 9),
    ("tinh", "chi_thi", 2),
)
_ANCHORS = {
    ("quyet_dinh", 342): date(2021, 8, 3),
    ("ke_hoach", 1): date(2021, 1, 18),
}
"""Documents of xã Bình Lương that its prose cites: type and number in 2021 → day."""
_LAST_NUMBER_OF_2020 = 140
"""Where every series of 2020 ends."""
_IN_2020 = {"quyet_dinh": 4, "bao_cao": 6, "to_trinh": 3, "ke_hoach": 2, "thong_bao": 1}
"""Of the documents in the window of xã Bình Lương, those still of December 2020."""


@dataclass(frozen=True, slots=True)
class Document:
    """One line of a register."""

    type_id: str
    symbol: str
    issued: date
    summary: str
    author: str = ""
    issuer_level: str = "xa"
    register_number: int = 0
    arrived: date | None = None


def generate_outgoing(unit: SampleUnit, rng: random.Random) -> list[Document]:
    """The outgoing register from 1/12/2020, numbered per type and year, in order of date."""
    if unit.code == BINH_LUONG:
        counts: Iterable[tuple[str, int]] = BINH_LUONG_OUTGOING
    else:
        shares = (("quyet_dinh", 46), ("to_trinh", 10), ("bao_cao", 14), ("ke_hoach", 9), ("thong_bao", 7), ("cong_van", 14))  # fmt: skip
        counts = [(type_id, max(1, unit.document_count * share // 100)) for type_id, share in shares]
        counts.append(("nghi_quyet_qppl", rng.choice((1, 2))))
    documents: list[Document] = []
    for type_id, count in counts:
        in_2020 = _IN_2020.get(type_id, 0) if unit.code == BINH_LUONG else count // 12
        documents += _series(unit, rng, type_id, count - in_2020, in_2020)
    documents.sort(key=lambda document: (document.issued, document.type_id, document.symbol))
    return documents


def _series(unit: SampleUnit, rng: random.Random, type_id: str, in_2021: int, in_2020: int) -> list[Document]:
    """One type: a line before the window, those of the window in December 2020, those of 2021."""
    kind = KINDS[type_id]
    last_year = sorted(rng.choices(working_days(WINDOW_START, date(2020, 12, 31)), k=in_2020))
    if type_id in ("quyet_dinh", "bao_cao"):
        last_year.insert(0, rng.choice(working_days(REGISTER_START, date(2020, 12, 14))))
    first_number = _LAST_NUMBER_OF_2020 - len(last_year) + 1
    lines = [_outgoing(unit, rng, kind, first_number + n, day) for n, day in enumerate(last_year)]
    days = sorted(rng.choices(working_days(date(2021, 1, 4), LAST_MOMENT.date()), k=in_2021))
    for (anchor_type, number), day in _ANCHORS.items():
        if unit.code == BINH_LUONG and anchor_type == type_id:
            days = _days_around(rng, in_2021, number, day)
    return lines + [_outgoing(unit, rng, kind, n, day) for n, day in enumerate(days, start=1)]


def _days_around(rng: random.Random, count: int, number: int, day: date) -> list[date]:
    """``count`` days in order of which the ``number``-th is ``day``."""
    before = rng.choices(working_days(date(2021, 1, 4), day), k=number - 1)
    after = rng.choices(working_days(day, LAST_MOMENT.date()), k=count - number)
    return [*sorted(before), day, *sorted(after)]


def _outgoing(
    unit: SampleUnit, rng: random.Random, kind: DocumentKind, number: int, issued: date
) -> Document:
    subject = rng.choice(kind.subjects)
    if kind.type_id == "nghi_quyet_qppl":
        symbol = f"{number:02d}/{issued.year}/NQ-HĐND"
    elif kind.mark:
        symbol = f"{number:02d}/{kind.mark}-UBND"
    else:
        symbol = f"{number:02d}/UBND-VP"
    return Document(kind.type_id, symbol, issued, f"{kind.name} {subject}")


def generate_incoming(unit: SampleUnit, rng: random.Random) -> list[Document]:
    """The incoming register from 1/12/2020, one running number per year, in order of arrival."""
    if unit.code == BINH_LUONG:
        counts = [*BINH_LUONG_INCOMING]
    else:
        size = unit.document_count
        counts = [("huyen", "quyet_dinh", size // 3), ("tinh", "quyet_dinh", size // 8), ("huyen", "cong_van", size // 3), ("huyen", "ke_hoach", size // 10)]  # fmt: skip
    arrivals: list[tuple[date, str, str]] = []
    for level, type_id, count in counts:
        days = rng.choices(working_days(WINDOW_START, LAST_MOMENT.date()), k=count)
        arrivals += [(day, level, type_id) for day in days]
    before = rng.choices(working_days(date(2020, 12, 4), date(2020, 12, 14)), k=4)
    arrivals += [(day, "huyen", "quyet_dinh") for day in before]
    arrivals.sort()
    first = {2020: 1180, 2021: 0}
    symbols: dict[tuple[str, str], int] = {}
    documents = []
    for day, level, type_id in arrivals:
        first[day.year] += 1
        symbols[level, type_id] = symbols.get((level, type_id), rng.randint(20, 90)) + rng.randint(2, 9)
        documents.append(_incoming(rng, first[day.year], symbols[level, type_id], day, level, type_id))
    return documents


_SUBJECTS = {
    "quyet_dinh": (
        "về việc công bố danh mục thủ tục hành chính",
        "về việc phê duyệt kế hoạch sử dụng đất",
        "về việc phân bổ kinh phí",
    ),
    "cong_van": (
        "về việc tăng cường phòng, chống dịch bệnh",
        "về việc đôn đốc chế độ báo cáo",
        "về việc rà soát số liệu",
    ),
    "ke_hoach": ("kiểm soát thủ tục hành chính năm 2021", "cải cách hành chính năm 2021"),
    "giay_moi": ("dự hội nghị trực tuyến", "dự họp giao ban"),
    "chi_thi": ("về tăng cường kỷ luật, kỷ cương hành chính",),
}
_NAMES = {"quyet_dinh": ("Quyết định", "QĐ"), "ke_hoach": ("Kế hoạch", "KH"), "giay_moi": ("Giấy mời", "GM"), "chi_thi": ("Chỉ thị", "CT")}  # fmt: skip
_AUTHORS = {"huyen": "UBND huyện Như Xuân", "tinh": "UBND tỉnh Thanh Hóa"}


def _incoming(
    rng: random.Random, register_number: int, number: int, day: date, level: str, type_id: str
) -> Document:
    name, mark = _NAMES.get(type_id, ("Công văn", ""))
    symbol = f"{number}/{mark}-UBND" if mark else f"{number}/UBND-NV"
    issued = day
    for _ in range(rng.randint(1, 4)):
        issued -= timedelta(days=1)
    while add_working_days(issued - timedelta(days=1), 1) != issued:
        issued -= timedelta(days=1)
    summary = f"{name} {rng.choice(_SUBJECTS[type_id])}"
    return Document(type_id, symbol, issued, summary, _AUTHORS[level], level, register_number, day)
