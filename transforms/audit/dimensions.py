"""Which parts may be added: parts of one breakdown that answer the same question.

"500 hồ sơ, trong đó 300 trực tuyến, 480 đúng hạn" names two breakdowns at once; "22 người, trong đó nữ 10,
đảng viên 18" names qualities that overlap. Only parts of the same dimension are added up.
"""

from __future__ import annotations

from functools import lru_cache

from transforms.text_vi import fold

OVERLAPPING = "overlapping"
"""A quality that any part of the whole may have beside others."""
OTHER = ""

_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("timeliness", ("truoc han", "dung han", "qua han", "tre han", "cham han", "dung thoi han", "truoc thoi han", "som han", "som hon", "qua thoi han", "dung va truoc han", "trong han", "con han", "chua den han")),
    ("state", ("da giai quyet", "da xu ly", "da tra", "dang giai quyet", "dang xu ly", "dang xem xet", "chua giai quyet", "da hoan thanh", "dang thuc hien", "chua thuc hien", "da thuc hien", "chua hoan thanh", "hoan thanh", "tra lai", "rut ho so", "cho bo sung", "yeu cau bo sung", "bo sung ho so", "tam dung", "con lai dang", "dang hoan thien", "giai quyet xong", "da cap", "tu choi")),
    ("channel", ("truc tuyen", "truc tiep", "buu chinh", "qua mang", "dvc truc tuyen", "dich vu cong truc tuyen", "toan trinh", "mot phan", "muc do 3", "muc do 4", "ban giay", "dien tu")),
    ("origin", ("ky truoc", "moi tiep nhan", "tiep nhan moi", "trong ky", "ton ky", "chuyen sang", "nam truoc chuyen", "phat sinh", "tiep nhan trong", "ton dong", "thang truoc", "quy truoc")),
    (OVERLAPPING, ("nu", "dang vien", "dan toc", "dan toc thieu so", "ton giao", "tre em", "dat chuan", "nguoi khuyet tat", "ngheo", "can ngheo", "lien thong", "mien phi", "chuyen trach kiem nhiem", "ky so", "so hoa", "hon nhan", "tham du", "nuoc ngoai", "lan dau", "hai long")),
)  # fmt: skip


@lru_cache(maxsize=16384)
def dimension_of(label: str) -> str:
    """The question that a part answers, by its words; :data:`OTHER` for a plain class such as a field."""
    folded = f" {fold(label)} "
    for name, words in _WORDS:
        if any(f" {word} " in folded for word in words):
            return name
    return OTHER
