"""Letters of the Vietnamese character sets from before Unicode.

All of them put Vietnamese letters where windows-1252 has others, so the usual old text is one that was
read as windows-1252: "Hå s¬" is "Hồ sơ" in TCVN3, "Hoà sô" in VNI. Sources: TCVN 5712:1993 (its first
table; the ABC fonts .VnTime use its bytes above 0xA0), RFC 1456 (VISCII), the VNI-Windows fonts,
Microsoft code page 1258.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from transforms.text_vi import compose


class Charset(StrEnum):
    """What a text was written in; the value is how staff know it."""

    TCVN3 = "TCVN3 (phông .VnTime)"
    VNI = "VNI (phông VNI-Times)"
    VISCII = "VISCII"
    WINDOWS_1258 = "windows-1258"
    UTF8 = "UTF-8 bị đọc nhầm bảng mã"


OLD_CHARSETS = (Charset.TCVN3, Charset.VNI, Charset.VISCII, Charset.WINDOWS_1258)
"""Sets that only the meaning of the words tells apart; misread UTF-8 proves itself by its form."""

# Bytes 0xA1-0xFF of TCVN 5712:1993. 0xAD is the letter "ư", which Unicode takes for a soft hyphen.
# 0xB0-0xB4 (here NUL) are tones on their own there; in files they are "°", "²", "³" as elsewhere.
_TCVN_FROM_A1 = (
    "ĂÂÊÔƠƯĐăâêôơưđẰ\0\0\0\0\0àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_VISCII_FROM_80 = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ"
    "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "Õắằặấầẩậẽẹếềểễệố"
    "ồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ"
    "ĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉ"
    "đựòóôõỏọụùúũủýợỮ"
)
_VISCII_BELOW_20 = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
# In VNI a vowel is followed by a second letter that the font shows as its marks.
_VNI_TONES = {"ø": _GRAVE, "ù": _ACUTE, "õ": _TILDE, "û": _HOOK, "ï": _DOT}
_VNI_CIRCUMFLEXES = {"â": "", "à": _GRAVE, "á": _ACUTE, "ã": _TILDE, "å": _HOOK, "ä": _DOT}
_VNI_BREVES = {"ê": "", "è": _GRAVE, "é": _ACUTE, "ü": _TILDE, "ú": _HOOK, "ë": _DOT}
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_UNIT = re.compile("[aeouyôö][àáâãäåèéêëïõøùúûü]|[ôöñíìæóòî]", re.IGNORECASE)

_CONTROL = re.compile("[\x80-\x9f]")
_UTF8_LEAD = re.compile("[Â-ô](?:[\x80-\xbf]|[^\x00-\xff]|$)")
_TRIMMED_BYTE = b"\xa0"


def decode_as(charset: Charset, text: str) -> str | None:
    """What a text that was read as windows-1252 says in the set, in NFC; None where it cannot be of it.

    A character that is no letter of the set keeps its meaning ("–", "°", "²", "≥").
    """
    match charset:
        case Charset.TCVN3 | Charset.VISCII:
            return text.translate(_single_letters(charset))
        case Charset.VNI:
            return _VNI_UNIT.sub(lambda unit: _vni_letters().get(unit[0], unit[0]), text)
        case Charset.WINDOWS_1258:
            return compose(text.translate(_single_letters(charset)))
        case Charset.UTF8:
            return _decode_utf8(text)


def read_as_windows_1252(text: str) -> str:
    """The text with control characters 0x80-0x9F as the signs that windows-1252 has in their place."""
    return text.translate(_control_signs()) if _CONTROL.search(text) else text


def _decode_utf8(text: str) -> str | None:
    if not _UTF8_LEAD.search(text):
        return None
    table = _windows_1252_bytes()
    try:
        content = b"".join(table[character] for character in text)
    except KeyError:
        return None
    try:
        return compose(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        # "à" is C3 A0: its second byte reads as a no-break space and is trimmed at the end of a cell. The
        # letters before must show that it is UTF-8: "UBND XÃ" ends in the same byte.
        if error.reason != "unexpected end of data" or content[: error.start].isascii():
            return None
    try:
        return compose((content + _TRIMMED_BYTE).decode("utf-8"))
    except UnicodeDecodeError:
        return None


@cache
def _single_letters(charset: Charset) -> Mapping[int, str]:
    """Character as windows-1252 or latin-1 shows the byte → letter of the set."""
    letters: dict[int, str] = {}
    if charset is Charset.TCVN3:
        letters = {code: letter for code, letter in enumerate(_TCVN_FROM_A1, 0xA1) if letter != "\0"}
        letters[0x3BC] = letters[0xB5]  # the Greek letter that some software writes for the micro sign
    elif charset is Charset.VISCII:
        letters = {**_VISCII_BELOW_20, **dict(enumerate(_VISCII_FROM_80, 0x80))}
    else:
        for code in range(0x80, 0x100):
            letter = bytes((code,)).decode("cp1258", errors="replace")
            if letter != "\ufffd":
                letters[code] = letter
    shown = {ord(sign): code for code, sign in _control_signs().items()}
    return {**letters, **{sign: letters[code] for sign, code in shown.items() if code in letters}}


@cache
def _control_signs() -> Mapping[int, str]:
    signs = {code: bytes((code,)).decode("cp1252", errors="replace") for code in range(0x80, 0xA0)}
    return {code: sign for code, sign in signs.items() if sign != "\ufffd"}


@cache
def _windows_1252_bytes() -> Mapping[str, bytes]:
    table = {chr(code): bytes((code,)) for code in range(256)}
    table.update({sign: bytes((code,)) for code, sign in _control_signs().items()})
    return table


@cache
def _vni_letters() -> Mapping[str, str]:
    """One or two characters of VNI → the letter they show; a capital by its first character."""
    marks: dict[str, dict[str, str]] = {vowel: dict(_VNI_TONES) for vowel in "aeouy"}
    for vowel in "aeo":
        marks[vowel] |= {key: _CIRCUMFLEX + tone for key, tone in _VNI_CIRCUMFLEXES.items()}
    marks["a"] |= {key: _BREVE + tone for key, tone in _VNI_BREVES.items()}
    marks["ô"] = {key: _HORN + tone for key, tone in _VNI_TONES.items()}
    marks["ö"] = dict(marks["ô"])
    letters: dict[str, str] = {}
    for first, seconds in marks.items():
        plain = {"ô": "o", "ö": "u"}.get(first, first)
        for second, mark in seconds.items():
            letter = unicodedata.normalize("NFC", plain + mark)
            for key in (first + second, first + second.upper()):
                letters[key] = letter
                letters[key[0].upper() + key[1]] = letter.upper()
    letters |= _VNI_ALONE
    return letters | {key.upper(): letter.upper() for key, letter in _VNI_ALONE.items()}
