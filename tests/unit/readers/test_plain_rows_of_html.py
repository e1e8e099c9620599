"""Plain rows of a page are cut at their tags; the result is the one that parsing every row gives."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import pytest

from transforms.readers import html
from transforms.readers.html import read_html
from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError
from transforms.readers.plain_rows import PlainRows, split_plain_rows

_Sheets = list[tuple[list[int], dict[str, list[str | None]]]]


def _sheets(page: str, limits: Limits | None = None) -> _Sheets:
    found = read_html(io.BytesIO(page.encode()), "utf-8", limits or Limits())
    return [(sheet.row_numbers.to_pylist(), sheet.cells.to_pydict()) for sheet in found]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], _Sheets]:
    """Reads a page by the parser alone."""

    def read(page: str) -> _Sheets:
        with monkeypatch.context() as patch:
            patch.setattr(html, "split_plain_rows", lambda block: None)
            return _sheets(page)

    return read


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each stretch had that was cut at its tags; stretches are short, so that a short page has many."""
    counts: list[int] = []

    def split(block: bytes) -> PlainRows | None:
        rows = split_plain_rows(block)
        if rows is not None:
            counts.append(rows.count)
        return rows

    monkeypatch.setattr(html, "split_plain_rows", split)
    monkeypatch.setattr(html, "_LEAST_AT_ONCE", 60)
    monkeypatch.setattr(html, "_MOST_AT_ONCE", 400)
    return counts


def _rows(texts: list[list[str]], cell: str = "<td>{}</td>", row: str = "<tr>{}</tr>\n") -> str:
    return "".join(row.format("".join(cell.format(text) for text in line)) for line in texts)


_LINES = [[str(number), f"Người Mẫu {number:04}", "", "05/09/2021"] for number in range(1, 60)]


@pytest.mark.parametrize(
    "rows",
    [
        _rows(_LINES),
        _rows(_LINES, "<td>{}</td>", "<tr>{}</tr>\r\n"),
        _rows(_LINES, "\n  <TD class='x' align=right>{}</TD>", "<TR>{}\n</TR>\n"),
        _rows(_LINES, "<td style=\"mso-number-format:'@'\" nowrap>{}</td>", '<tr class="a">{}</tr>'),
        _rows([line[: 1 + number % 4] for number, line in enumerate(_LINES)]),
        _rows([[line[0], "A &amp; B &lt;c&gt; &quot;", "&nbsp;", "x &amp;lt; y"] for line in _LINES]),
        _rows([[line[0], " hai\n  dòng ", "a\tb", "a  b"] for line in _LINES]),
        _rows([[line[0], "3 > 2", "hồ sơ\u00a0mới", "\u2028"] for line in _LINES]),
    ],
    ids=["bare", "crlf", "upper case", "attributes", "uneven", "entities", "white space", "signs"],
)
def test_plain_rows_are_cut_and_read_as_the_parser_reads_them(
    rows: str, cut: list[int], parsed: Callable[[str], _Sheets]
) -> None:
    page = f"<html><body><table><tr><th colspan=4>DANH SÁCH</th></tr>\n{rows}</table></body></html>"
    assert _sheets(page) == parsed(page)
    assert sum(cut) > 40, "most rows were parsed"


@pytest.mark.parametrize(
    "odd",
    [
        "<tr><td colspan=2>Nhóm</td><td>x</td></tr>",
        "<tr><td rowspan=3>cao</td><td>x</td></tr>",
        "<tr><td>hai<br>dòng</td><td>x</td></tr>",
        "<tr><td>1<td>2",
        "<tr><td>ngoài<table><tr><td>trong</td></tr></table></td></tr>",
        "<tr><td>mở<table>",
        "</table><p>giữa</p><table>",
        "<!-- <tr><td>không</td></tr> -->",
        "<!-- <tr><td>không</td></tr>",
        "<script>'<tr><td>không</td></tr>'</script>",
        "<tr><td title='<tr><td>không</td></tr>'>x</td></tr>",
        '<tr><td title="a>b">x</td></tr>',
        "<tr><td>&#7879; &eacute; &khong;</td></tr>",
        "<tr><td>a\rb</td><td>\x0c</td></tr>",
        "<tr></tr><tr><td/></tr>",
        "chữ rơi<tr><td>x</td></tr>",
        "</tbody><tbody>",
        "<form><tr><td>x</td></tr>",
        "<tr><td>a < b</td></tr>",
    ],
)
def test_what_is_not_plain_is_parsed_and_rows_after_it_keep_their_numbers(
    odd: str, cut: list[int], parsed: Callable[[str], _Sheets]
) -> None:
    page = f"<table><tbody>{_rows(_LINES[:20])}{odd}{_rows(_LINES[20:])}</tbody></table>"
    assert _sheets(page) == parsed(page)
    assert sum(cut) > 8


_PARTS = (
    *("<td>{}</td>",) * 6,
    *("<td>{}", "<th>{}</th>", "<td class=a>{}</td>", "<td colspan=2>{}</td>", "<td rowspan=2>{}</td>"),
    *("<td><b>{}</b></td>", "<td>{}<br></td>", "<!-- {} -->", "<table><tr><td>{}</td></tr></table>", "<p>{}"),
    *("<td x='>'>{}</td>", "</tr><tr>", "</table><table>", "<td>{}</td ></tr >", "<TD\n>{}</TD>", "<td/>{}"),
)


@pytest.mark.parametrize("seed", range(50))
def test_any_mixture_of_rows_is_read_as_the_parser_reads_it(
    seed: int, cut: list[int], parsed: Callable[[str], _Sheets]
) -> None:
    chance = random.Random(seed)
    texts = ("a", "Hộ tịch", "", " ", "&nbsp;", "&amp;", "a\nb", "x  y", "&#65;", "> x")
    few = chance.sample(_PARTS, 3)
    lines = []
    for _ in range(60):
        parts = few if chance.random() < 0.1 else _PARTS[:1]
        cells = (chance.choice(parts).format(chance.choice(texts)) for _ in range(chance.randrange(1, 5)))
        lines.append(f"<tr>{''.join(cells)}</tr>\n")
    page = f"<table>{''.join(lines)}</table>"
    assert _sheets(page) == parsed(page)
    assert cut


def test_area_of_plain_rows_is_limited_too(cut: list[int]) -> None:
    page = f"<table>{_rows(_LINES)}</table>"
    with pytest.raises(UnreadableFileError) as refusal:
        _sheets(page, Limits(cells=100))
    assert refusal.value.code == "file.too_large"
    assert sum(cut) < 40


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"<tr><td>a</td>",
        b"<td>a</td></tr>",
        b"<tr><td>a</td></tr></table>",
        b"<tr><td>a</td><tr><td>b</td></tr>",
        b"<tr><td>a</td>b<td>c</td></tr>",
        b"<tr><td>a\x00</td></tr>",
        b"<tr><td>\xef\xbf\xbf</td></tr>",
        b'<tr><td x="1>a</td></tr>',
    ],
)
def test_block_that_is_not_whole_plain_rows_is_left_to_the_parser(block: bytes) -> None:
    assert split_plain_rows(block) is None
