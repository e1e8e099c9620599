"""What is said of figures that several rulebooks count otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from transforms.catalogue.rulebook import END_DATES, OUTSIDE, Rulebook, RuleSource
from transforms.indicators.measures import MEASURES
from transforms.indicators.reconcile_model import (
    ON_TIME_PARTS,
    ON_TIME_RATE,
    PAUSED,
    UNKNOWN_CHANNEL,
    Standing,
)
from transforms.indicators.scores import Outcome, PartScore
from transforms.indicators.software_summary import Fit
from transforms.report.numbers_vi import date_short, hundredths, percent, thousands

TITLE = "Đối chiếu các cách đếm"
_OWN_LABELS = {
    "received_total": "Tiếp nhận, kể cả kỳ trước chuyển sang",
    ON_TIME_PARTS: "Giải quyết trước hạn và đúng hạn",
    ON_TIME_RATE: "Tỷ lệ trước hạn và đúng hạn",
    PAUSED: "Trong đó đang tạm dừng, chờ bổ sung",
    UNKNOWN_CHANNEL: "Tiếp nhận chưa rõ hình thức nộp",
}
_COLUMN_WORDS = {
    "early": "trước hạn",
    "on_time": "đúng hạn",
    "late": "quá hạn",
    "pending_within": "đang giải quyết trong hạn",
    "pending_overdue": "đang giải quyết quá hạn",
}
_ENTRY_WORDS = {
    "received": "tiếp nhận trong kỳ",
    "carried": "kỳ trước chuyển sang",
    "": "không tính tiếp nhận",
}
_STATE_WORDS = {
    "early": "giải quyết trước hạn",
    "on_time": "giải quyết đúng hạn",
    "late": "giải quyết quá hạn",
    "withdrawn": "do công dân rút",
    "within": "đang giải quyết, còn hạn",
    "paused": "đang tạm dừng, chờ bổ sung",
    "overdue": "đang giải quyết, đã quá hạn",
}
_START_WORDS = {
    "received": "hồ sơ tiếp nhận",
    "resolved": "hồ sơ giải quyết xong",
    "carried_over": "hồ sơ kỳ trước chuyển sang được giải quyết xong",
}
REASON_TITLES: Mapping[str, str] = {
    "procedure_unknown_left_out": "thủ tục không tra được",
    "window_start_excluded": "đúng ngày đầu kỳ",
    "status_of_latest_export": "theo trạng thái mới nhất",
    "no_end_date": "thiếu ngày kết thúc",
    "columns_counted_apart": "mỗi cột đếm riêng",
    "supplement_twice_late": "yêu cầu bổ sung nhiều lần",
    **{f"{state}_elsewhere": f"hồ sơ {words}" for state, words in _STATE_WORDS.items()},
}
"""Reason code → a few words for a cell of a table."""
_HOLDS: Mapping[str, Callable[[Rulebook], bool]] = {
    "procedure_unknown_left_out": lambda book: book.leaves_out_unknown_procedures,
    "window_start_excluded": lambda book: bool(book.after_start),
    "status_of_latest_export": lambda book: book.states.is_by_latest_export,
    "no_end_date": lambda book: book.states.end_dates != END_DATES,
    "columns_counted_apart": lambda book: book.counts_columns_apart,
    "supplement_twice_late": lambda book: book.late_from_requests is not None,
}
"""Reason code → which of two rulebooks has the rule that the code names."""
NO_DATA, NOTHING_AROSE = "không có dữ liệu trong tệp kết xuất", "không phát sinh"
CERTAINTY_WORDS = {
    "S": "[S] có nguồn",
    "M": "[M] theo trí nhớ, chưa kiểm chứng",
    "C": "[C] suy ra hoặc giả định",
}
FIT_WORDS = {
    Fit.EQUAL: "khớp",
    Fit.APART: "khớp khi cộng phần in riêng",
    Fit.DIFFERS: "lệch",
    Fit.UNTOLD: "không nêu",
}


def measure_label(measure_id: str) -> str:
    """ "Giải quyết đúng hạn"."""
    return _OWN_LABELS.get(measure_id) or MEASURES[measure_id].label


def signed(number: int) -> str:
    """ "+12", "−505", and "0" for nothing."""
    return f"{'+' if number > 0 else '−'}{thousands(abs(number))}" if number else "0"


def rate_words(numerator: int, denominator: int) -> str:
    """ "99,85%", or that nothing arose; never 0 % or 100 % for it (DOMAIN.md section 4)."""
    return percent(numerator, denominator) or NOTHING_AROSE


def difference_words(amount: int) -> str:
    """ "ít hơn 505", "nhiều hơn 3" or "bằng nhau nhưng không cùng hồ sơ"."""
    if amount == 0:
        return "bằng nhau nhưng không cùng hồ sơ"
    return f"{'nhiều' if amount > 0 else 'ít'} hơn {thousands(abs(amount))}"


def reason_sentence(code: str, base: Rulebook, other: Rulebook, start: date) -> str:
    """Why dossiers count otherwise under the two rulebooks, in one or two sentences."""
    if code.endswith("_elsewhere"):
        state = code.removesuffix("_elsewhere")
        return (
            f"Hồ sơ {_STATE_WORDS[state]}: {base.label} {_place_words(base, state)}, "
            f"{other.label} {_place_words(other, state)}."
        )
    holder, rest = (other, base) if _HOLDS[code](other) else (base, other)
    has, lacks = holder.label, rest.label
    if code == "procedure_unknown_left_out":
        return f"{has} không đếm hồ sơ có thủ tục không tra được trong danh mục; {lacks} vẫn đếm, ở dòng “Chưa phân loại”."
    if code == "window_start_excluded":
        what = ", ".join(words for name, words in _START_WORDS.items() if name in holder.after_start)
        return (
            f"{has} so với ngày đầu kỳ bằng dấu “>” nên bỏ {what} đúng ngày {date_short(start)}; "
            f"{lacks} tính cả ngày đầu kỳ."
        )
    if code == "status_of_latest_export":
        return (
            f"{has} xếp hồ sơ theo trạng thái trong bản kết xuất mới nhất; {lacks} xếp theo các ngày "
            "và trạng thái đã biết đến ngày chốt số liệu."
        )
    if code == "no_end_date":
        return (
            f"{has} chỉ nhận ngày kết thúc xử lý, hồ sơ đã xong mà thiếu ngày này thì không vào cột nào; "
            f"{lacks} lấy ngày trả kết quả, hoặc ngày kết xuất đầu tiên cho thấy hồ sơ đã xong."
        )
    if code == "columns_counted_apart":
        return (
            f"{has} đếm mỗi cột theo ngày riêng của cột đó; {lacks} chỉ xếp cột cho hồ sơ đã được tính "
            "là tiếp nhận trong kỳ hoặc kỳ trước chuyển sang."
        )
    return (
        f"{has} tính là quá hạn hồ sơ bị yêu cầu bổ sung từ {holder.late_from_requests} lần trở lên "
        f"theo các bản kết xuất; {lacks} không xét số lần yêu cầu bổ sung."
    )


def _place_words(rulebook: Rulebook, state: str) -> str:
    place = rulebook.columns[state]
    return "không xếp vào cột nào" if place == OUTSIDE else f"xếp vào cột {_COLUMN_WORDS[place]}"


def standing_words(standing: Standing) -> str:
    """ "tiếp nhận trong kỳ, đúng hạn", or that it is not counted."""
    if not standing.entry and not standing.column:
        return "không tính"
    return f"{_ENTRY_WORDS[standing.entry]}, {_COLUMN_WORDS.get(standing.column, 'không ở cột nào')}"


def source_words(source: RuleSource) -> str:
    """Document, article and how sure that is."""
    article = f", {source.article}" if source.article else ""
    return f"{source.document}{article} ({CERTAINTY_WORDS[source.certainty]})"


def in_force_words(applies_from: date | None) -> str:
    """ "áp dụng từ 23/6/2022"."""
    return f"áp dụng từ {date_short(applies_from)}" if applies_from else ""


def share_words(score: PartScore) -> str:
    """ "1.361/1.363 (99,9%)"; empty where no export tells it."""
    if score.numerator is None or not score.denominator:
        return ""
    share = percent(score.numerator, score.denominator)
    return f"{thousands(score.numerator)}/{thousands(score.denominator)} ({share})"


def points_words(score: PartScore, applies_from: date | None) -> str:
    """ "19,97", or why there are no points."""
    if score.outcome is Outcome.SCORED and score.numerator is not None and score.denominator:
        return hundredths(score.part.most * score.numerator, score.denominator)
    return {
        Outcome.NO_DATA: NO_DATA,
        Outcome.NOTHING_AROSE: NOTHING_AROSE,
        Outcome.NOT_IN_FORCE: in_force_words(applies_from),
    }[score.outcome]
