"""What ``motcua status`` prints for people: one line a unit, fit for 100 columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.clock import VIETNAM
from pipelines.publications.model import Publication
from pipelines.steps.sending_state import SendingState
from pipelines.steps.sent_lists import PeriodCoverage
from transforms.calendar.day_words import official_date
from transforms.catalogue.model import LIST_KINDS, Unit
from transforms.indicators.delivered import CoverageCount, DeliveryCoverage, DeliveryState, count_coverage
from transforms.indicators.period import period_name
from transforms.report.numbers_vi import date_short, thousands

_WIDTH = 100
_NAME_WIDTH = 24
"""So that days of other years in every column break into two lines before names do."""
_HEADERS = {
    "dossier": "Hồ sơ",
    "fee": "Phí, lệ phí",
    "document.outgoing": "Văn bản đi",
    "document.incoming": "Văn bản đến",
    "supplement": "Bổ sung",
}
_LEGEND = {
    DeliveryState.LATE: "“chậm N”: nhận được sau hạn N ngày làm việc",
    DeliveryState.MISSING: "“thiếu”: đã quá hạn, trong ngoặc là ngày kết xuất của bản gửi gần nhất",
    DeliveryState.EMPTY: "“rỗng”: tệp không có dòng nào của kỳ",
    DeliveryState.NOT_DUE: "“chưa”: chưa gửi, chưa đến hạn",
    DeliveryState.NOT_EXPECTED: "“–”: không phải gửi",
}
_STYLES = {
    DeliveryState.LATE: "yellow",
    DeliveryState.MISSING: "bold red",
    DeliveryState.EMPTY: "yellow",
    DeliveryState.NOT_DUE: "dim",
    DeliveryState.NOT_EXPECTED: "dim",
}


def print_status(state: SendingState, issued: Sequence[Publication], told: Sequence[str]) -> None:
    """The first period as a table, the others as one line each, then nights, publications and who was told."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH)

    def say(sentence: str) -> None:
        console.print(sentence, highlight=False, markup=False)

    say(f"Tình hình gửi dữ liệu đến ngày {official_date(state.as_of)}; các ngày trong bảng là ngày kết xuất.")
    for covered in state.periods[:1]:
        console.print(_table(covered, state.units, state.as_of, console.width >= _WIDTH))
        if legend := _legend(covered):
            say(legend)
    for covered in state.periods[1:]:
        say(f"{_title(covered)}: {_totals(count_coverage(covered.lists))}.")
    last = state.last_good_night
    when = (
        f"{last.astimezone(VIETNAM):%H:%M} ngày {official_date(last.astimezone(VIETNAM))}"
        if last
        else "chưa có"
    )
    say(f"Lượt chạy đêm hoàn thành gần nhất: {when}.")
    if issued:
        say(_publications(issued))
    if not state.is_good:
        say(
            "Đã quá 26 giờ chưa có lượt chạy đêm nào hoàn thành; hãy xem thư mục runs/ và chạy lại “motcua nightly”."
        )
    if told:
        say(f"Đã báo cho: {', '.join(told)}.")


def _table(covered: PeriodCoverage, units: Sequence[Unit], as_of: date, is_wide: bool) -> Table:
    """A line a unit; where there is no room for that, lines are broken so that no column is lost."""
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        title=_title(covered),
        title_justify="left",
        title_style="bold",
        show_footer=True,
    )
    counts = count_coverage(covered.lists)
    table.add_column("Đơn vị", footer="Đã gửi", overflow="fold", min_width=_NAME_WIDTH if is_wide else None)
    for kind in LIST_KINDS:
        table.add_column(_HEADERS[kind], footer=_share(counts[kind]))
    lists = {(each.unit_code, each.kind): each for each in covered.lists}
    for unit in units:
        cells = (_cell(lists[unit.code, kind], as_of) for kind in LIST_KINDS)
        table.add_row(f"{unit.code} {unit.full_name}", *cells)
    return table


def _cell(each: DeliveryCoverage, as_of: date) -> Text:
    day = _day(each.exported_on, as_of) if each.exported_on else ""
    words = {
        DeliveryState.ON_TIME: day,
        DeliveryState.LATE: f"{day} chậm {each.late_days}",
        DeliveryState.MISSING: f"thiếu ({day})" if day else "thiếu",
        DeliveryState.EMPTY: f"{day} rỗng",
        DeliveryState.NOT_DUE: "chưa",
        DeliveryState.NOT_EXPECTED: day or "–",
    }
    return Text(words[each.state], style=_STYLES.get(each.state, ""))


def _day(day: date, as_of: date) -> str:
    """ "05/9"; with the year where it is not that of the day asked about."""
    words = official_date(day)
    return words if day.year != as_of.year else words.rpartition("/")[0]


def _title(covered: PeriodCoverage) -> str:
    name = period_name(covered.period)
    return f"{name[:1].upper()}{name[1:]} ({official_date(covered.first)} - {official_date(covered.last)})"


def _legend(covered: PeriodCoverage) -> str:
    # A list that came although none was asked for is shown by its day.
    shown = {
        each.state
        for each in covered.lists
        if each.state is not DeliveryState.NOT_EXPECTED or each.exported_on is None
    }
    words = [words for state, words in _LEGEND.items() if state in shown]
    return f"{'; '.join(words)}." if words else ""


def _share(count: CoverageCount) -> str:
    return f"{thousands(count.sent)}/{thousands(count.expected)}" if count.expected else "–"


def _totals(counts: Mapping[str, CoverageCount]) -> str:
    parts = []
    for kind, count in counts.items():
        if not count.expected:
            continue
        told = [
            f"{words} {thousands(number)}"
            for words, number in (("thiếu", count.missing), ("chậm", count.late), ("rỗng", count.empty))
            if number
        ]
        remark = f" ({', '.join(told)})" if told else ""
        parts.append(f"{_HEADERS[kind].lower()} {_share(count)}{remark}")
    return "; ".join(parts)


def _publications(issued: Sequence[Publication]) -> str:
    newest = max(issued, key=lambda publication: publication.known_from)
    return (
        f"Đã công bố {thousands(len(issued))} lần; gần nhất: số {newest.document_number} ngày "
        f"{date_short(newest.document_date)}, đơn vị {newest.unit_code}, kỳ {newest.period_id}, "
        f"lần {newest.number}. Danh sách đầy đủ: motcua status --json."
    )
