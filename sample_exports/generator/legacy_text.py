"""Vietnamese text in the character sets of before Unicode, written apart from the product's own tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_LETTERS = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
_TCVN3 = (
    "B5 B6 B7 B8 B9 A8 BB BC BD BE C6 A9 C7 C8 C9 CA CB AE CC CE CF D0 D1 AA D2 D3 D4 D5 D6 D7 D8 DC DD DE "
    "DF E1 E2 E3 E4 AB E5 E6 E7 E8 E9 AC EA EB EC ED EE EF F1 F2 F3 F4 AD F5 F6 F7 F8 F9 FA FB FC FD FE"
)
_TCVN3_CAPITALS = {"Ă": 0xA1, "Â": 0xA2, "Ê": 0xA3, "Ô": 0xA4, "Ơ": 0xA5, "Ư": 0xA6, "Đ": 0xA7}
_VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
"""The letters of the bytes 0x80-0xFF (RFC 1456)."""
_VISCII_LOW = {"Ẳ": 2, "Ẵ": 5, "Ẫ": 6, "Ỷ": 20, "Ỹ": 25, "Ỵ": 30}
"""Six capitals that VISCII puts among the control characters."""
_VNI_MARKS = {
    "\u0300": ("ø", "Ø"),
    "\u0301": ("ù", "Ù"),
    "\u0309": ("û", "Û"),
    "\u0303": ("õ", "Õ"),
    "\u0323": ("ï", "Ï"),
}
_VNI_CIRCUMFLEX = {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
_VNI_BREVE = {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
_VNI_I = {"\u0301": "í", "\u0300": "ì", "\u0309": "æ", "\u0303": "ó", "\u0323": "ò"}


def encode_legacy(text: str, charset: str) -> bytes:
    """The text in ``cp1258``, ``tcvn3``, ``vni`` or ``viscii``; KeyError for another set.

    TCVN3 has no capitals with a tone: the small letter stands for them, as in .VnTimeH fonts.
    """
    composed = unicodedata.normalize("NFC", text)
    encoders = {"cp1258": _cp1258, "tcvn3": _tcvn3, "vni": _vni, "viscii": _viscii}
    return encoders[charset](composed)


def _cp1258(text: str) -> bytes:
    encoded = b""
    for letter in text:
        try:
            encoded += letter.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in marks if mark in _VNI_MARKS)
            encoded += unicodedata.normalize("NFC", marks.replace(tone, "")).encode("cp1258")
            encoded += tone.encode("cp1258")
    return encoded


def _tcvn3(text: str) -> bytes:
    small: Mapping[str, int] = dict(zip(_LETTERS, (int(code, 16) for code in _TCVN3.split()), strict=True))
    codes = {**small, **{letter.upper(): code for letter, code in small.items()}, **_TCVN3_CAPITALS}
    return b"".join(
        bytes([codes[letter]]) if letter in codes else letter.encode("cp1252", "replace") for letter in text
    )


def _viscii(text: str) -> bytes:
    codes = {**{letter: 0x80 + place for place, letter in enumerate(_VISCII_HIGH)}, **_VISCII_LOW}
    return bytes(
        codes[letter] if letter in codes else ord(letter.encode("ascii", "replace")) for letter in text
    )


def _vni(text: str) -> bytes:
    return "".join(map(_vni_letter, text)).encode("cp1252", "replace")


def _vni_letter(letter: str) -> str:
    if letter in "đĐ":
        return {"đ": "ñ", "Đ": "Ñ"}[letter]
    base, *marks = list(unicodedata.normalize("NFD", letter))
    tone = next((mark for mark in marks if mark in _VNI_MARKS), "")
    shape = next((mark for mark in marks if mark not in _VNI_MARKS), "")
    is_capital = base.isupper()
    if shape in ("\u0302", "\u0306"):
        mark = (_VNI_CIRCUMFLEX if shape == "\u0302" else _VNI_BREVE)[tone]
        return base + (mark.upper() if is_capital else mark)
    if shape == "\u031b":
        horned = {"o": "ô", "O": "Ô", "u": "ö", "U": "Ö"}[base]
        return horned + (_VNI_MARKS[tone][is_capital] if tone else "")
    if not tone:
        return letter
    if base in "iI":
        return _VNI_I[tone].upper() if is_capital else _VNI_I[tone]
    if base in "yY" and tone == "\u0323":
        return "Î" if is_capital else "î"
    return base + _VNI_MARKS[tone][is_capital]
