"""Level of the body that issued a document: xa, huyen, tinh, trung_uong or khac."""

from __future__ import annotations

import re

from transforms.canonical.document_type import split_symbol
from transforms.text_vi import fold

# Words that contain a level's word but name none: "xã hội", "hợp tác xã", "địa phương".
_MISLEADING = re.compile(r"\b(?:xa hoi|hop tac xa|dia phuong|phuong an|phuong huong|tinh hinh|hanh chinh)\b")
_CENTRAL_CITIES = "ha noi|hai phong|hue|da nang|can tho|ho chi minh"
# The lowest level named wins: "UBND xã Bình Lương, huyện Như Xuân, tỉnh Thanh Hóa" is a commune.
_BY_PLACE = (
    ("huyen", re.compile(r"\b(?:thi xa|tx)\b")),
    ("xa", re.compile(r"\b(?:xa|phuong|thi tran|tt)\b(?! uy ban)")),
    ("tinh", re.compile(rf"\b(?:thanh pho|tp) (?:{_CENTRAL_CITIES})\b")),
    ("huyen", re.compile(r"\b(?:huyen|thanh pho|tp)\b")),
    ("tinh", re.compile(r"\btinh\b")),
)
_BY_BODY = (
    (
        "trung_uong",
        re.compile(r"\b(?:chinh phu|thu tuong|quoc hoi|trung uong|tong cuc|chu tich nuoc|ttg)\b|^bo "),
    ),
    ("tinh", re.compile(r"^(?:van phong )?so |\b(?:cuc thue|cuc thong ke|ban dan toc)\b")),
    ("huyen", re.compile(r"^phong |\bchi cuc\b|\btrung tam y te\b")),
)
_BY_SYMBOL = (
    ("trung_uong", re.compile(r"^(?:TTg|CP|VPCP|QH\d*|UBTVQH\d*|CTN|B(?!C$|B$)[A-ZĐ]{2,}|TW)$")),
    ("tinh", re.compile(r"^(?:S[A-ZĐ]{2,}|TU|CT[A-ZĐ]{2,}TH)$")),
    ("huyen", re.compile(r"^(?:P[A-ZĐ]{2,}|HU)$")),
    ("xa", re.compile(r"^ĐU$")),
)


def issuer_level(author: str | None, symbol: str | None) -> str:
    """Level of the author as written, else of the issuer in the symbol, else "khac".

    "UBND" alone in a symbol says no level; "phòng" and "sở" without a place are of district and province.
    """
    words = _MISLEADING.sub(" ", fold(author or ""))
    for level, pattern in _BY_PLACE:
        if pattern.search(words):
            return level
    for level, pattern in _BY_BODY:
        if pattern.search(words):
            return level
    _, head, issuer = split_symbol(symbol or "")
    for part in (head, *issuer.split("-")):
        for level, pattern in _BY_SYMBOL:
            if pattern.match(part):
                return level
    return "khac"
