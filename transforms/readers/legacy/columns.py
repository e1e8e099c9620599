"""Which old character set a column is in, and which of its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from transforms.readers.legacy.charsets import OLD_CHARSETS, Charset, decode_as, read_as_windows_1252
from transforms.readers.legacy.plausible import Evidence, weigh, weigh_readings
from transforms.text_vi import compose

# A Vietnamese letter that no old set can leave behind when it is read as windows-1252: such a cell is Unicode.
_UNICODE_LETTERS = "[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]"
_SAMPLE = 3000
_NEEDED_LEAD = 3.0
"""By how much a reading must beat the text as it stands: one wrong word made right, or three possible ones."""
_NEEDED_MARGIN, _NEEDED_MARGIN_SHARE = 2.0, 0.1
_BONUS = 1.5
"""What speaks for the set of the column when one of its texts is looked at alone."""
_NEEDED_SHARE = 0.8
_NEEDED_WORDS = 2
_CLEAR_MAJORITY = 4


@dataclass(slots=True)
class ColumnTexts:
    """The distinct texts of one column, sorted by what they can be.

    ``fine`` read well as they stand, ``odd`` do not; both hold only letters that an old set leaves
    behind. ``unicode_count`` texts are Unicode beyond doubt. ``mended`` maps a text to what it says;
    ``charsets`` to the set it was in; ``doubtful`` texts fit several sets equally.
    """

    position: int
    encoded: pa.DictionaryArray
    unicode_count: int = 0
    fine: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    mended: dict[str, str] = field(default_factory=dict)
    charsets: dict[str, Charset] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, position: int, column: pa.ChunkedArray) -> ColumnTexts:
        """Sort the distinct texts of a column; text that was UTF-8 read wrongly is mended at once."""
        encoded = column.combine_chunks().dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        found = cls(position, encoded)
        texts = encoded.dictionary
        texts = texts.filter(pc.invert(pc.string_is_ascii(texts)))
        is_unicode = pc.match_substring_regex(texts, _UNICODE_LETTERS)
        found.unicode_count = pc.sum(is_unicode).as_py() or 0
        for text in texts.filter(pc.invert(is_unicode)).to_pylist():
            found._sort(text)
        for text in texts.filter(pc.match_substring_regex(texts, "[\u0300-\u036f]")).to_pylist():
            if text not in found.mended and (composed := compose(text)) != text:
                found.mended[text] = composed
        return found

    def _sort(self, text: str) -> None:
        if (plain := _unread_utf8(text)) is not None:
            self.mended[text] = plain
            self.charsets[text] = Charset.UTF8
        elif weigh(read_as_windows_1252(text)).is_sound:
            self.fine.append(text)
        else:
            self.odd.append(text)

    def convert(self, text: str, charset: Charset) -> None:
        """Take the text as of that set; a text that says the same in it stays as it is."""
        reading = decode_as(charset, read_as_windows_1252(text))
        if reading is not None and reading != text:
            self.mended[text] = reading
            self.charsets[text] = charset
        self.doubtful.discard(text)


class Readings:
    """One text under the old sets, each worked out when it is asked for."""

    def __init__(self, text: str) -> None:
        self._plain = read_as_windows_1252(text)
        self._found: dict[Charset, tuple[str, Evidence]] = {}

    def reading(self, charset: Charset) -> str:
        """What the text says in the set."""
        return self._read(charset)[0]

    def weight(self, charset: Charset) -> Evidence:
        """How well that reads."""
        return self._read(charset)[1]

    @cached_property
    def as_it_stands(self) -> Evidence:
        """How well the text reads unchanged."""
        return weigh(self._plain)

    def best(self, preferred: Charset | None) -> list[Charset]:
        """The sets under which the text reads best, several when they give different texts; maybe none."""
        scores = {
            charset: self.weight(charset).score + (_BONUS if charset is preferred else 0.0)
            for charset in OLD_CHARSETS
            if self.weight(charset).valid and self.weight(charset).is_sound
        }
        top = max(scores.values(), default=0.0)
        if top < self.as_it_stands.score + _NEEDED_MARGIN:
            return []
        ahead = [charset for charset, score in scores.items() if score > top - 1]
        return list({self.reading(charset): charset for charset in ahead}.values())

    def _read(self, charset: Charset) -> tuple[str, Evidence]:
        if charset not in self._found:
            reading = decode_as(charset, self._plain)
            reading = self._plain if reading is None else reading
            self._found[charset] = reading, weigh(reading)
        return self._found[charset]


def find_charset(texts: Sequence[str]) -> Charset | None:
    """The one set in which texts that do not read well as they stand clearly do; None when unsure.

    Needed: at least two different possible words, four of five words possible, a clear lead over the
    text as it stands and over the second set, unless both say the same.
    """
    sample = _spread(texts)
    weights = weigh_readings(map(read_as_windows_1252, sample), OLD_CHARSETS)
    ordered = sorted(OLD_CHARSETS, key=lambda charset: weights[charset].score, reverse=True)
    first, second = ordered[0], ordered[1]
    best, next_best = weights[first], weights[second]
    if (
        best.valid < _NEEDED_WORDS
        or best.share < _NEEDED_SHARE
        or best.score < weights[None].score + _NEEDED_LEAD
    ):
        return None
    if best.score - next_best.score >= max(_NEEDED_MARGIN, _NEEDED_MARGIN_SHARE * best.score):
        return first
    return first if _say_the_same(sample, first, second) else None


def settle_columns(columns: Mapping[int, ColumnTexts]) -> None:
    """Settle every text of a sheet's columns.

    A column goes by the set that its own odd texts speak for, else by the sheet's; a text that does not
    read well in it is looked at alone. One that fits several sets equally stays, noted as doubtful.
    """
    sheet_charset = find_charset([text for column in columns.values() for text in column.odd])
    own = {place: find_charset(column.odd) for place, column in columns.items()}
    for place, column in columns.items():
        for text in column.odd:
            _settle_odd(column, text, own[place] or sheet_charset)
    found = Counter(charset for column in columns.values() for charset in column.charsets.values())
    del found[Charset.UTF8]
    # Where Unicode prevails, a text that reads well as it stands is most likely Unicode too.
    is_old_sheet = found.total() >= sum(column.unicode_count for column in columns.values())
    inherited = next(iter(found)) if len(found) == 1 and is_old_sheet else None
    for place, column in columns.items():
        if charset := own[place] or inherited:
            _settle_fine(column, charset, own[place] is not None, 1 if is_old_sheet else 2)
        _settle_left(column, found)


def _settle_odd(column: ColumnTexts, text: str, charset: Charset | None) -> None:
    readings = Readings(text)
    if charset is not None and readings.weight(charset).is_sound:
        column.convert(text, charset)
        return
    best = readings.best(charset)
    if len(best) == 1 and (charset is not None or readings.weight(best[0]).valid >= _NEEDED_WORDS):
        column.convert(text, best[0])
    elif charset is not None and readings.weight(charset).valid and readings.weight(charset).share >= 0.5:
        column.convert(text, charset)
    elif best and any(readings.weight(found).score >= _NEEDED_WORDS for found in best):
        column.doubtful.add(text)


def _settle_fine(column: ColumnTexts, charset: Charset, is_own: bool, needed_lead: int) -> None:
    """Texts that read well as they stand but stand in a column or sheet of old text: "Hoà sô"."""
    old_count = sum(1 for found in column.charsets.values() if found is charset)
    if column.unicode_count >= _CLEAR_MAJORITY * max(old_count, 1):
        return
    is_old_column = is_own and old_count >= _CLEAR_MAJORITY * column.unicode_count
    for text in column.fine:
        readings = Readings(text)
        reading, weight = readings.reading(charset), readings.weight(charset)
        if reading == text or not weight.is_sound:
            continue
        lead = weight.score - readings.as_it_stands.score
        if is_old_column or lead >= needed_lead:
            column.convert(text, charset)
        elif lead == needed_lead - 1 and weight.valid:
            column.doubtful.add(text)


def _settle_left(column: ColumnTexts, in_use: Collection[Charset]) -> None:
    """What no column decided, by the sets that the sheet is known to hold.

    Short words that read badly as they stand, and signs without words: "11.250.000 ®" is an amount in TCVN3.
    """
    for text in (*column.odd, *column.fine):
        if not in_use or text in column.mended:
            continue
        readings = Readings(text)
        if not readings.as_it_stands.valid:
            best = readings.best(None)
            if len(best) == 1 and best[0] in in_use:
                column.convert(text, best[0])


def _unread_utf8(text: str) -> str | None:
    """What a text says that was UTF-8 and read wrongly, up to three times over; None when it was not."""
    found = None
    current = text
    for _ in range(3):
        reading = decode_as(Charset.UTF8, current)
        if reading is None or reading == current:
            break
        current = reading
        if weigh(current).share >= 0.5:
            found = current
    return found


def _say_the_same(texts: Iterable[str], first: Charset, second: Charset) -> bool:
    plain = list(map(read_as_windows_1252, texts))
    return all(decode_as(first, text) == decode_as(second, text) for text in plain)


def _spread(texts: Sequence[str]) -> Sequence[str]:
    """At most a few thousand texts, evenly spread over all."""
    return texts if len(texts) <= _SAMPLE else texts[:: -(-len(texts) // _SAMPLE)]
