"""What a number counts: the noun after it, as one canonical name, and which nouns may be added up."""

from __future__ import annotations

import re

_NOUNS: dict[str, tuple[str, ...]] = {
    "%": ("%", "phần trăm"),
    "diem_phan_tram": ("điểm phần trăm", "điểm %"),
    "dong": ("đồng", "vnđ", "vnd", "đ", "nghìn đồng", "triệu đồng", "tỷ đồng", "tỉ đồng", "ngàn đồng"),
    "ho_so": ("hồ sơ", "bộ hồ sơ", "hs"),
    "don": ("đơn thư", "lượt đơn", "đơn"),
    "truong_hop": ("trường hợp", "ca", "cặp", "việc hộ tịch"),
    "van_ban": ("văn bản", "vb", "vbqppl", "vb qppl"),
    "loai_van_ban": (
        "quyết định", "báo cáo", "kế hoạch", "tờ trình", "thông báo", "công văn", "giấy mời", "nghị quyết",
        "chỉ thị", "hướng dẫn", "chương trình", "biên bản",
    ),
    "nguoi": (
        "người", "đồng chí", "đ/c", "cán bộ, công chức, viên chức", "cán bộ, công chức", "cán bộ công chức", "cán bộ", "công chức", "viên chức", "cbcc", "cbccvc", "lao động", "học viên",
        "đại biểu", "hội viên", "đảng viên", "thành viên", "biên chế", "nhân viên", "đoàn viên", "công dân", "em",
        "học sinh", "nhân khẩu", "thanh niên", "ông", "bà",
    ),
    "luot": ("lượt người", "lượt công dân", "lượt", "lượt truy cập"),
    "ho": ("hộ gia đình", "hộ dân", "hộ nghèo", "hộ cận nghèo", "hộ kinh doanh", "hộ"),
    "cuoc": ("cuộc", "đợt", "buổi", "hội nghị", "lớp", "lần", "kỳ"),
    "doan": ("đoàn",),
    "vu": ("vụ việc", "vụ án", "vụ"),
    "viec": ("việc", "nhiệm vụ", "công việc", "nội dung", "chỉ tiêu", "tiêu chí", "mục tiêu"),
    "thu_tuc": ("thủ tục hành chính", "thủ tục", "tthc", "dịch vụ công", "dvc", "dvctt", "dịch vụ"),
    "tin_bai": ("tin bài", "tin, bài", "tin", "bài viết", "bài", "chuyên mục", "phóng sự"),
    "don_vi": ("đơn vị", "cơ quan", "tổ chức", "doanh nghiệp", "dn", "cơ sở", "phòng ban", "phòng", "ban", "sở", "bộ", "hợp tác xã"),
    "dia_phuong": ("xã", "huyện", "phường", "thị trấn", "tỉnh", "thôn", "bản", "địa phương", "quận", "thành phố", "tổ"),
    "ban_sao": ("bản sao", "bản", "trang", "tờ"),
    "giay": ("giấy chứng nhận", "giấy phép", "giấy", "thẻ", "gcn"),
    "du_an": ("dự án", "công trình", "đề án", "hạng mục"),
    "y_kien": ("ý kiến, kiến nghị", "phản ánh, kiến nghị", "kiến nghị, phản ánh", "ý kiến", "kiến nghị", "phản ánh", "lượt ý kiến", "pakn", "phiếu"),
    "linh_vuc": ("lĩnh vực",),
    "san_pham": ("sản phẩm", "sáng kiến", "mô hình", "giải pháp"),
    "tai_khoan": ("tài khoản", "chứng thư số", "chứng thư", "chữ ký số"),
    "thoi_gian": ("ngày làm việc", "ngày", "tháng", "năm", "giờ làm việc", "giờ", "phút", "tuần", "quý"),
    "dien_tich": ("ha", "m2", "m²", "hecta", "héc ta"),
    "do_dai": ("km", "mét", "m"),
    "khoi_luong": ("tấn", "kg", "tạ", "m3", "m³", "lít"),
    "truong": ("trường học", "trường"),
    "con": ("con", "gia súc", "gia cầm"),
    "diem": ("điểm",),
}  # fmt: skip
_BY_WORD = {word: unit for unit, words in _NOUNS.items() for word in words}
COUNTED_WORDS = "|".join(
    re.escape(word) for word in sorted(_BY_WORD, key=len, reverse=True) if word[0].isalpha()
)
"""The known nouns as alternatives of a regular expression, longest first."""
_UNIT = re.compile(
    r"[ \u00a0\u202f\u2009]*(?P<word>"
    + "|".join(re.escape(word) for word in sorted(_BY_WORD, key=len, reverse=True))
    + r")(?![^\W_])",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(r"[ \u00a0\u202f\u2009]+(?P<word>[^\W\d_]+)")
_NO_NOUN = frozenset(
    [
        "và",
        "là",
        "trong",
        "gồm",
        "bao",
        "đạt",
        "so",
        "chiếm",
        "tăng",
        "giảm",
        "được",
        "cho",
        "của",
        "tại",
        "ở",
        "với",
        "có",
        "theo",
        "còn",
        "đã",
        "đang",
        "hoặc",
        "đến",
        "từ",
        "trước",
        "sau",
        "đúng",
        "quá",
        "trực",
        "cụ",
        "tương",
        "bằng",
        "thuộc",
        "do",
        "vượt",
        "không",
        "chưa",
        "tỷ",
        "tỉ",
        "như",
        "nam",
        "nữ",
        "về",
        "trên",
        "dưới",
        "tổng",
        "mới",
        "hợp",
        "sớm",
        "trễ",
        "chậm",
        "qua",
        "toàn",
        "một",
    ]
)
"""Words after a number that begin no noun."""
_PERCENT = re.compile(r"[ \u00a0\u202f\u2009]*%")
_FAMILIES = (
    frozenset(("ho_so", "don", "truong_hop")),
    frozenset(("van_ban", "loai_van_ban")),
    frozenset(("don_vi", "dia_phuong")),
    frozenset(("viec", "vu")),
)
"""Nouns that reports use for one another: "05 hồ sơ, trong đó 02 đơn …", "588 văn bản, gồm 362 quyết định …"."""


def unit_at(text: str, position: int) -> tuple[str, int]:
    """(canonical unit, end of its word) of the noun at the position.

    A noun that is not known gives "?" and its first word; no noun at all gives "". Neither has an end of its own.
    """
    if found := _PERCENT.match(text, position):
        return "%", found.end()
    if found := _UNIT.match(text, position):
        word = found["word"].casefold()
        return _BY_WORD[word], found.end()
    if (found := _UNKNOWN.match(text, position)) and found["word"].casefold() not in _NO_NOUN:
        return f"?{found['word'].casefold()}", position
    return "", position


def unit_named_in(text: str) -> frozenset[str]:
    """Every unit whose noun stands in the text: {"van_ban"} for "Văn bản áp dụng pháp luật"."""
    return frozenset(_BY_WORD[found["word"].casefold()] for found in _ANYWHERE.finditer(text))


def is_known(unit: str) -> bool:
    """True for a noun of the list above."""
    return bool(unit) and not unit.startswith("?")


def may_be_added(part: str, total: str) -> bool:
    """True when a number of the first unit can be a part of a number of the second."""
    return part == total or any(part in family and total in family for family in _FAMILIES)


_ANYWHERE = re.compile(
    r"(?<![^\W_])(?P<word>"
    + "|".join(re.escape(word) for word in sorted(_BY_WORD, key=len, reverse=True) if word[0].isalpha())
    + r")(?![^\W_])",
    re.IGNORECASE,
)
