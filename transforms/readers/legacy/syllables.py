"""Every syllable that Vietnamese spelling allows, made from its rules; the measure of a right decoding.

Onsets and rhymes after the spelling rules taught in schools (decision 240/QĐ-1984, Ministry of
Education): k, gh, ngh before e, ê, i; c, g, ng before the others; q with u; a syllable that ends in
c, ch, p, t carries the acute or the dot. About 18,000 forms, both placements of the tone included.
"""

from __future__ import annotations

from functools import cache

from transforms.text_vi import place_tone


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ONSETS = ("", *_words("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"))
_RHYMES = _words(
    # open, and closed by i, y, o, u
    "a e ê i o ô ơ u ư y ia ua ưa oa oe uê uy uơ uya ai ay ây ao au âu eo êu iu iêu yêu oi ôi ơi ui ưi ưu "
    "uôi ươi ươu oai oay oao oeo uây uyu "
    # closed by m, n, ng, nh
    "am ăm âm em êm im om ôm ơm um iêm yêm uôm ươm oam oăm oem "
    "an ăn ân en ên in on ôn ơn un iên yên uôn ươn oan oăn oen uân uên uyn uyên "
    "ang ăng âng eng êng ong ông ung ưng iêng yêng uông ương oang oăng uâng oong "
    "anh ênh inh oanh uênh uynh "
    # closed by c, ch, p, t
    "ac ăc âc ec oc ôc uc ưc iêc uôc ươc oac oăc ooc ach êch ich oach uêch uych "
    "ap ăp âp ep êp ip op ôp ơp up iêp ươp oap uyp "
    "at ăt ât et êt it ot ôt ơt ut ưt iêt yêt uôt ươt oat oăt oet uât uyt uyêt"
)
_AFTER_QU = _words(
    "a e ê i o ơ y ai ay ây ao au eo êu an ăn ân en ên in yên ang ăng âng anh ênh inh ynh ac ăc âc ec ôc "
    "ach êch ich at ăt ât et êt it yt yêt am ăm ăp ap ep êt yu yn"
)
_IN_NAMES = frozenset(("đắk", "lắk", "krông", "đrông"))
"""Syllables of other languages in names of provinces and districts."""
_Y_ALONE_AFTER = frozenset(("", "h", "k", "l", "m", "s", "t", "v"))
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_TWO_PLACEMENTS = ("oa", "oe", "uy")
_STOP_TONES = ("\u0301", "\u0323")
_STOPS = ("c", "ch", "p", "t")
_BEFORE_FRONT = frozenset(("k", "gh", "ngh"))
_BEFORE_BACK = frozenset(("c", "g", "ng"))
_FRONT = frozenset("eêiy")

# Words of headers, statuses and titles of these exports; they count double, so that one short header
# is enough to tell two sets apart.
_COMMON = frozenset(
    _words(
        "án bản báo bảo bị bộ bổ bưu cá các cải cáo cấp cần cầu chế chỉ chính chủ chú chuyển chứng chức công cơ "
        "cộng của cư dân dịch diện dừng đã đang đất địa điểm điện định đình độ đồ đồng động đơn đường được đúng đủ "
        "gửi giá giải giải giám giấy giao gốc hạn hành hẹn hiện hiệu họ hóa hoá hoàn hồ hộ hội hợp huyện hướng kê "
        "kết khác khẩn khẩu khiếu không khu kiểm kiện ký kỳ kinh kế lại làng lệ lịch lĩnh loại lý luật lượng mã mại "
        "mật môi một mục mức năm nghị nghiệp người ngày nguồn nhà nhân nhận nhập nhiệm nội nộp nông nước phát phẩm "
        "pháp phép phí phòng phó phố phối phường quá quả quản quận quan quy quyền quyết rút sách số sổ sơ sở sử "
        "sửa tác tài tên tế thành thái thẩm thẻ theo thị thôn thông thời thu thuế thủ thụ thuộc thuận thường tiếp "
        "tiến tiền tỉnh tịch tố tổ tổng tờ tới trạng trả trấn trái tranh trích trong trước trực trường trưởng trình "
        "tuyến tục tư tử tự từ ủy uỷ và vào vật về việc viên vị với vụ vực xã xác xây xếp xử yếu yêu"
    )
)


@cache
def syllables() -> frozenset[str]:
    """Every possible syllable in lower case and NFC, tones on either place where two are in use."""
    found: set[str] = set()
    for onset in _ONSETS:
        for rhyme in _AFTER_QU if onset == "qu" else _RHYMES:
            if _fits(onset, rhyme):
                found.update(_with_tones(onset + rhyme, rhyme))
    # "gi" swallows the i of its rhyme.
    for written in ("gi", "gim", "gin", "git", "gip"):
        found.update(_with_tones(written, written[1:]))
    return frozenset(found) | _IN_NAMES


def is_syllable(word: str) -> bool:
    """True for a word of one Vietnamese syllable, whatever its case."""
    return word.lower() in syllables()


def is_common(word: str) -> bool:
    """True for a word that stands in nearly every export."""
    return word.lower() in _COMMON


def _fits(onset: str, rhyme: str) -> bool:
    if onset == "qu":
        return True
    if rhyme[0] == "y":
        return onset in _Y_ALONE_AFTER if rhyme == "y" else onset == ""
    if onset in _BEFORE_FRONT:
        return rhyme[0] in _FRONT
    if onset in _BEFORE_BACK:
        return rhyme[0] not in _FRONT
    if onset == "gi":
        return rhyme[0] != "i"
    return True


def _with_tones(base: str, rhyme: str) -> set[str]:
    tones = _STOP_TONES if rhyme.endswith(_STOPS) else _TONES
    found = {placed for tone in tones if (placed := place_tone(base, tone)) is not None}
    if rhyme in _TWO_PLACEMENTS:
        found.update(placed + base[-1] for tone in tones if (placed := place_tone(base[:-1], tone)))
    return found
