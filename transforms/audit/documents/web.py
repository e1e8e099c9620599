"""A report that was saved or published as a web page, our own pages included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from transforms.audit.documents.blocks import GridCell, goes_on, is_layout, paragraph_kind, row_block
from transforms.audit.documents.model import ReadReport
from transforms.audit.documents.plain import mend_letters
from transforms.audit.model import ReportText, TextBlock
from transforms.audit.page_figures import find_page_figures
from transforms.audit.reading import find_marker
from transforms.readers.encoding import SINGLE_BYTE
from transforms.readers.model import UnreadableFileError
from transforms.text_vi import tidy

_MOST_BYTES = 48 << 20
_LEFT_OUT = frozenset(
    (
        "script",
        "style",
        "head",
        "nav",
        "svg",
        "template",
        "noscript",
        "button",
        "select",
        "textarea",
        "iframe",
        "object",
    )
)
_OWN_LEFT_OUT = frozenset(("chart", "cards", "facts", "stamps", "findings", "skip"))
_OWN_ITEMS = {"dash_item": "- ", "plus_item": "+ "}
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_INLINE = frozenset(
    (
        *(
            "a",
            "abbr",
            "b",
            "bdi",
            "bdo",
            "big",
            "cite",
            "code",
            "data",
            "del",
            "dfn",
            "em",
            "font",
            "i",
            "img",
            "input",
            "ins",
            "kbd",
        ),
        *(
            "label",
            "mark",
            "o:p",
            "q",
            "s",
            "samp",
            "small",
            "span",
            "strike",
            "strong",
            "sub",
            "sup",
            "time",
            "tt",
            "u",
            "var",
            "wbr",
        ),
    )
)
_BULLETS = ("- ", "+ ", "* ")
_MOST_SPAN = 1000
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def read_web(file: BinaryIO, encoding: str) -> ReadReport:
    """The report in a web page: the text a reader sees, without menus, scripts and drawings.

    List items get the marker that a browser prints. Our own pages give the report and its annexes, not
    the cards and charts that say the same again.
    """
    file.seek(0)
    content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise UnreadableFileError("audit.file.too_large")
    text = content.decode(encoding, errors="replace").removeprefix("\ufeff")
    if encoding == SINGLE_BYTE:
        text = "\n".join(mend_letters(text.split("\n")))
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError("audit.file.broken") from error
    if root is None:
        raise UnreadableFileError("audit.file.broken")
    blocks = tuple(_PageReader().read(root))
    figures = tuple(find_page_figures(root, blocks, _PageReader().read))
    return ReadReport("html", ReportText(blocks), figures=figures)


class _PageReader:
    def __init__(self) -> None:
        self._words: list[str] = []
        self._marker = ""
        self._is_heading = False
        self._depth = 0
        self._paragraph_count = self._table_count = 0
        self._is_own = False

    def read(self, root: Any) -> Iterator[TextBlock]:
        self._is_own = root.find(".//*[@data-cell]") is not None and root.find(".//article") is not None
        for part in self._starts(root):
            yield from self._walk(part)
            yield from self._close()

    def _starts(self, root: Any) -> list[Any]:
        if self._is_own:
            return [
                part
                for part in root.iter("header", "article", "section")
                if part.tag == "article" or {"head", "annex"} & set(_classes(part))
            ]
        for tag in ("main", "article"):
            found = root.findall(f".//{tag}")
            if len(found) == 1:
                return list(found)
        body = root.find("body")
        return [root if body is None else body]

    def _walk(self, element: Any) -> Iterator[TextBlock]:
        """The blocks of an element; text that is not closed yet waits in ``_words``."""
        self._words.append(element.text or "")
        listed = 0
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag == "br":
                self._words.append("\n")
            elif tag and not self._is_left_out(child):
                if tag == "table":
                    yield from self._close()
                    yield from self._table(child)
                elif tag in _INLINE:
                    yield from self._walk(child)
                else:
                    yield from self._close()
                    if tag == "li":
                        listed += 1
                        self._marker = self._list_marker(element, child, listed)
                    yield from self._block(child, tag)
            # Line ends of the source are spaces; only <br> breaks a line.
            self._words.append(child.tail or "")

    def _block(self, element: Any, tag: str) -> Iterator[TextBlock]:
        self._is_heading = tag in _HEADINGS
        self._depth += tag in ("ul", "ol")
        if self._is_own and (
            marker := next((_OWN_ITEMS[c] for c in _classes(element) if c in _OWN_ITEMS), "")
        ):
            self._marker = marker
        yield from self._walk(element)
        yield from self._close()
        self._depth -= tag in ("ul", "ol")
        self._is_heading = False
        if tag == "li":
            self._marker = ""

    def _close(self) -> Iterator[TextBlock]:
        lines = _lines(self._words)
        self._words = []
        for line in lines:
            text = line
            if self._marker and not find_marker(line):
                text = self._marker + line
            is_listed, self._marker = bool(self._marker), ""
            self._paragraph_count += 1
            kind = paragraph_kind(text, self._is_heading, is_listed)
            yield TextBlock(kind, text, None, self._paragraph_count, indent=18.0 * self._depth)

    def _table(self, table: Any) -> Iterator[TextBlock]:
        caption = table.find("caption")
        if caption is not None:
            yield from self._block(caption, "caption")
        rows = list(_rows(table))
        placed = [_placed(row) for row in _spread(rows)]
        if is_layout(placed):
            for row in rows:
                for cell in row.iterchildren("td", "th"):
                    yield from self._walk(cell)
                    yield from self._close()
            return
        kept = [row for row in placed if any(cell.text for cell in row)]
        for number, row in enumerate(kept):
            yield row_block(row, self._table_count, number)
        self._table_count += 1

    def _list_marker(self, holder: Any, item: Any, number: int) -> str:
        if holder.tag == "ol":
            try:
                value = int(item.get("value") or int(holder.get("start") or 1) + number - 1)
            except ValueError:
                value = number
            kind = holder.get("type", "1")
            if kind in ("a", "A") and 0 < value <= len(_LETTERS):
                letter = _LETTERS[value - 1]
                return f"{letter.upper() if kind == 'A' else letter}) "
            return f"{value}. "
        return _BULLETS[min(max(self._depth, 1), len(_BULLETS)) - 1]

    def _is_left_out(self, element: Any) -> bool:
        if element.tag in _LEFT_OUT or element.get("hidden") is not None:
            return True
        if "display:none" in (element.get("style") or "").replace(" ", "").casefold():
            return True
        return self._is_own and bool(_OWN_LEFT_OUT & set(_classes(element)))


def _lines(words: list[str]) -> list[str]:
    """The waiting text; a line break that begins an item of a list begins a paragraph."""
    pieces: list[str] = [""]
    for word in words:
        if word == "\n":
            pieces.append("")
        else:
            pieces[-1] += word
    found: list[str] = []
    for line in filter(None, map(tidy, pieces)):
        if not found or find_marker(line):
            found.append(line)
        else:
            found[-1] += (" " if goes_on(found[-1], line) else "\n") + line
    return found


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from child.iterchildren("tr")


def _spread(rows: list[Any]) -> Iterator[list[tuple[Any, int, int]]]:
    """Cells of each row with their first grid column and width, cells that reach down counted in."""
    reaching: dict[int, int] = {}
    for row in rows:
        taken = {column for column, left in reaching.items() if left > 0}
        reaching = {column: left - 1 for column, left in reaching.items() if left > 1}
        found: list[tuple[Any, int, int]] = []
        column = 0
        for cell in row.iterchildren("td", "th"):
            while column in taken:
                column += 1
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            found.append((cell, column, width))
            if height > 1:
                reaching.update(dict.fromkeys(range(column, column + width), height - 1))
            column += width
        yield found


def _placed(row: list[tuple[Any, int, int]]) -> list[GridCell]:
    return [GridCell(_cell_text(cell), column, width) for cell, column, width in row]


def _cell_text(cell: Any) -> str:
    return tidy("".join(_in_order(cell)))


def _in_order(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            is_inline = child.tag in _INLINE
            yield "" if is_inline else " "
            yield from _in_order(child)
            yield "" if is_inline else " "
        yield child.tail or ""


def _span(cell: Any, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return min(max(1, int(text)), _MOST_SPAN) if text.isdigit() else 1


def _classes(element: Any) -> list[str]:
    return (element.get("class") or "").split()
