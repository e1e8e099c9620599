"""How near the header texts of a file lie to the header texts that profiles know."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from transforms.catalogue.model import Profile
from transforms.catalogue.proposal import column_label
from transforms.readers.phrases import PhraseIndex
from transforms.text_vi import fold

NUMBERING = frozenset(("stt", "tt", "so tt", "so thu tu", "thu tu"))
_GLUED_FROM = 90.0
"""Likeness, letter by letter, from which another spelling of the same words is assumed."""
_FIRST_WORD_CODE = 0x10000
"""Words become single characters of the upper planes, where no surrogate lies in the way."""
_LESS_TRUSTED = 0.9
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")

MORE_NAMES: Mapping[str, tuple[str, ...]] = {
    "dossier_code": ("Mã số hồ sơ", "Số biên nhận", "Mã biên nhận", "Mã số biên nhận", "dossierNo"),
    "procedure_code_raw": ("Mã TTHC", "Mã dịch vụ công", "serviceCode"),
    "procedure_name": ("Loại thủ tục", "Tên dịch vụ công", "Thủ tục hành chính"),
    "field_name": ("Nhóm thủ tục", "Lĩnh vực hồ sơ"),
    "status_label": ("Tình trạng", "Tình trạng hồ sơ", "Tình trạng xử lý", "dossierStatusText"),
    "filed_date": ("Ngày gửi hồ sơ", "Thời gian nộp", "submitDate", "appliedDate"),
    "received_date": ("Ngày nhận hồ sơ", "Ngày tiếp nhận hồ sơ", "Thời gian tiếp nhận", "receiveDate", "acceptedDate"),
    "due_date": ("Hạn trả", "Ngày hẹn", "Hạn giải quyết", "Hạn xử lý", "Hạn trả kết quả", "dueDate", "appointmentDate"),
    "resolved_date": ("Ngày hoàn thành", "Ngày có kết quả", "Ngày giải quyết xong", "Ngày xử lý xong", "releaseDate"),
    "returned_date": ("Ngày trả kết quả", "Ngày trả hồ sơ", "finishDate"),
    "channel_code": ("Kênh tiếp nhận", "Phương thức nộp", "Nguồn tiếp nhận"),
    "resolving_unit_name": ("Đơn vị giải quyết", "Cơ quan giải quyết", "Đơn vị xử lý"),
    "receipt_number": ("Số phiếu thu", "Mã biên lai", "Số hóa đơn"),
    "collected_date": ("Ngày nộp tiền", "Ngày thanh toán", "Ngày thu tiền"),
    "charge_amount": ("Số tiền phí", "Thu phí"),
    "duty_amount": ("Số tiền lệ phí", "Thu lệ phí"),
    "total_amount": ("Tổng số tiền", "Thành tiền", "Số tiền"),
    "symbol": ("Số hiệu văn bản", "Ký hiệu văn bản"),
    "issued_date": ("Ngày ký", "Ngày ký ban hành"),
    "free_text": ("Nội dung trích yếu", "Trích yếu văn bản", "Trích yếu hồ sơ"),
}  # fmt: skip
"""Header texts that other software is known to use, beyond those of any profile; only weighed, never trusted."""

_PERSONAL_PHRASES = (
    "ho ten", "ho va ten", "ten nguoi", "nguoi nop", "nguoi yeu cau", "nguoi de nghi", "chu ho so", "chu ho",
    "chu su dung", "chu dau tu", "nguoi su dung", "ca nhan", "cong dan", "khach hang", "to chuc", "nguoi dai dien",
    "nguoi uy quyen", "nguoi duoc uy quyen", "nguoi nhan", "nguoi tiep nhan", "nguoi xu ly", "nguoi thu ly", "nguoi ky",
    "nguoi soan", "nguoi thu", "chuyen vien", "can bo", "cong chuc", "dia chi", "noi o", "thuong tru", "tam tru",
    "dien thoai", "so dt", "sdt", "di dong", "email", "e mail", "thu dien tu", "cmnd", "cccd", "cmt", "can cuoc",
    "chung minh", "ho chieu", "giay to tuy than", "so dinh danh", "ngay sinh", "nam sinh", "gioi tinh", "dan toc",
    "ton giao", "so tai khoan", "ma so thue", "phone", "fullname", "full name", "address", "owner", "applicant",
)  # fmt: skip
_PERSONAL = PhraseIndex({phrase: frozenset((phrase,)) for phrase in _PERSONAL_PHRASES})


def names_person(header: str) -> bool:
    """True where a header's words announce a person, an address, a phone or an identity number."""
    return bool(_PERSONAL.find(fold(_HUMP.sub(" ", header))))


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Header texts with the canonical column each stands for; "" for one that profiles ignore."""

    texts: tuple[str, ...]
    columns: tuple[str, ...]
    trusts: tuple[float, ...]
    """1 for the words of profiles and of our own tables, less for words that only other software is known to use."""

    @classmethod
    def of(cls, kind: str, profiles: Sequence[Profile]) -> KnownNames:
        """Every alias of the profiles, the labels of the columns, other known names, and what is ignored."""
        found: dict[tuple[str, str], tuple[str, float]] = {}
        names = {column.name for profile in profiles for column in profile.columns}
        for profile in profiles:
            for column in profile.columns:
                for text in column.aliases:
                    found.setdefault((fold(text), column.name), (text, 1.0))
        for name in sorted(names):
            label = column_label(kind, name)
            found.setdefault((fold(label), name), (label, 1.0))
            for text in MORE_NAMES.get(name, ()):
                found.setdefault((fold(text), name), (text, _LESS_TRUSTED))
        claimed = {key for key, _ in found}
        for profile in profiles:
            for text in profile.ignored:
                if fold(text) not in claimed:
                    found.setdefault((fold(text), ""), (text, 1.0))
        texts, trusts = zip(*found.values(), strict=True)
        return cls(tuple(texts), tuple(column for _, column in found), tuple(trusts))


def score_headers(
    headers: Sequence[str], known: Sequence[str]
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Likeness 0-100 of every header to every known text.

    Words in their order are compared, not letters: "Ngày sinh" and "Ngày nhận" share one word of two, and
    "Đến ngày" is not "Ngày đến". Letters decide only where nearly all are the same ("MaHoSo", a typing
    slip).
    """
    if not headers or not known:
        return np.zeros((len(headers), len(known)), np.float32)
    left, right = [fold(text) for text in headers], [fold(text) for text in known]
    codes: dict[str, str] = {}
    for text in (*left, *right):
        for word in text.split():
            codes.setdefault(word, chr(_FIRST_WORD_CODE + len(codes)))
    by_word = cdist(
        [_encoded(text, codes) for text in left],
        [_encoded(text, codes) for text in right],
        scorer=fuzz.ratio,
        dtype=np.float32,
    )
    by_letter = cdist(
        [text.replace(" ", "") for text in left],
        [text.replace(" ", "") for text in right],
        scorer=fuzz.ratio,
        dtype=np.float32,
    )
    by_letter = np.where(by_letter >= _GLUED_FROM, by_letter * 0.95, 0).astype(np.float32)
    scores: np.ndarray[tuple[int, int], np.dtype[np.float32]] = np.maximum(by_word, by_letter)
    return scores


def _encoded(text: str, codes: Mapping[str, str]) -> str:
    return "".join(codes[word] for word in text.split())
