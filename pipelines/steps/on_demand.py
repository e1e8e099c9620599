"""One report asked for by hand: counted, worded and ready to be rendered, as known at an instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from pipelines.clock import VIETNAM, today
from pipelines.editions import INTERNAL, PUBLIC
from pipelines.errors import UsageProblemError
from pipelines.session import Session, find_unit
from pipelines.steps.earlier import earlier_codes, with_earlier
from pipelines.steps.open_findings import OpenFinding, is_about_report, open_findings
from pipelines.steps.public_edition import PublicTerms, public_terms
from pipelines.steps.report import (
    ALL_FORMATS,
    Issued,
    PeriodData,
    build_unit_report,
    count_period,
    read_known,
    reckoning_of,
)
from pipelines.steps.rollup import report_units, require_on_map, unit_map
from transforms.catalogue.model import Catalogue, Unit
from transforms.indicators.rollup import MapOf
from transforms.report.blocks import ReportContext
from transforms.report.report_types import REPORT_TYPES


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for; None where a default holds.

    ``as_of`` defaults to the day of ``known_at`` in Vietnam, or to today: a report as known then is the
    report that would have been written then.
    """

    unit_code: str
    period_id: str
    basis: str | None = None
    as_of: date | None = None
    cutoff: date | None = None
    known_at: datetime | None = None
    rulebook: str | None = None
    map_of: str = MapOf.THEN
    """Units as they were in the period, or as they are on ``as_of``."""
    report_type: str | None = None
    edition: str = INTERNAL


@dataclass(frozen=True, slots=True)
class Answer:
    """The report that answers a request, and what it was counted from."""

    context: ReportContext
    data: PeriodData
    node: Unit
    leaves: tuple[Unit, ...]
    known_at: datetime
    """The instant that gives the same report again."""
    catalogue: Catalogue
    templates: Mapping[str, str]
    findings: tuple[OpenFinding, ...]
    public: PublicTerms | None = None
    """Set for the edition that anybody may read."""

    def issued(self, issued: Issued) -> Answer:
        """The same figures as that document."""
        context = build_unit_report(
            self.data, self.node, self.catalogue, self.templates, self.findings, issued,
            self.context.report_type, self.public,
        )  # fmt: skip
        return replace(self, context=context)


def answer_request(session: Session, request: Request, issued: Issued | None = None) -> Answer:
    """The report. Raises UsageProblemError for a unit, period or rulebook that is not, and for an empty store."""
    store = session.store
    catalogue = session.catalogue_at(request.known_at)
    find_unit(catalogue, request.unit_code)
    report_type = require_report_type(request.report_type or session.settings.report_types[0])
    if request.as_of is None and request.known_at is not None:
        as_of = request.known_at.astimezone(VIETNAM).date()
    else:
        as_of = request.as_of or today(session.clock)
    reckoning = reckoning_of(
        request.period_id,
        request.basis or session.settings.basis,
        catalogue,
        as_of,
        request.cutoff,
        request.rulebook or session.settings.rulebook,
    )
    # Fixed before anything is read, so that a night that commits meanwhile changes nothing.
    known_at = require_deliveries(session, request.known_at)
    # A code may have been given to another unit since; the period's own unit is meant.
    node = find_unit(catalogue, request.unit_code, reckoning.closing_day)
    lines = unit_map(catalogue, reckoning, request.map_of)
    if lines.map_of is MapOf.NOW:
        node = find_unit(catalogue, request.unit_code, lines.day)
    require_on_map(lines, node)
    # A unit may have been made of others in the periods that it is compared with.
    codes = {*lines.stored_codes(node), *earlier_codes(catalogue, reckoning, node, request.map_of)}
    known = read_known(store, catalogue, sorted(codes), known_at)
    data = count_period(known, catalogue, reckoning, request.map_of)
    data = with_earlier(data, known, catalogue, request.map_of)
    about = report_units(data, node)
    found = open_findings(store, day=as_of, known_at=known_at)
    findings = tuple(finding for finding in found if not is_about_report(finding))
    templates = session.templates_at(request.known_at)
    public = None
    if request.edition == PUBLIC:
        leaf_codes = [leaf.code for leaf in about.leaves]
        public = public_terms(session, about.node.code, leaf_codes, reckoning, report_type)
    context = build_unit_report(data, node, catalogue, templates, findings, issued, report_type, public)
    return Answer(context, data, about.node, about.leaves, known_at, catalogue, templates, findings, public)


def require_report_type(report_type: str) -> str:
    """The type itself; UsageProblemError for one that there is not."""
    if report_type not in REPORT_TYPES:
        known = "; ".join(f"{each.type_id} ({each.name})" for each in REPORT_TYPES.values())
        raise UsageProblemError(f"Không có loại báo cáo “{report_type}”; các loại hiện có: {known}.")
    return report_type


def require_deliveries(session: Session, known_at: datetime | None) -> datetime:
    """``known_at``, or the last commit of the store; UsageProblemError where no delivery is known at it."""
    instant = known_at or session.store.last_commit()
    if instant is None or session.store.deliveries(instant).num_rows == 0:
        raise UsageProblemError(_nothing_known(session, known_at))
    return instant


def parse_instant(text: str | None) -> datetime | None:
    """``--known-at`` as an instant; wall-clock time in Vietnam where no zone is written."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise UsageProblemError(
            f"Thời điểm --known-at “{text}” không đúng dạng; ví dụ đúng: 2021-09-06T08:00."
        ) from problem
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)


def parse_formats(text: str) -> list[str]:
    """``--formats`` as names; UsageProblemError for one that there is not."""
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in wanted if name not in ALL_FORMATS]:
        raise UsageProblemError(
            f"Không có định dạng {', '.join(unknown)}; chọn trong {', '.join(ALL_FORMATS)}."
        )
    if not wanted:
        raise UsageProblemError(f"Chưa chọn định dạng nào; chọn trong {', '.join(ALL_FORMATS)}.")
    return wanted


def past_catalogue_warning(session: Session, known_at: datetime | None) -> str | None:
    """A sentence where the catalogue of that instant was not kept, so that another one serves."""
    if known_at is None:
        return None
    snapshot = session.snapshot_at(known_at)
    if snapshot is None:
        return "Kho chưa lưu phiên bản danh mục nào; báo cáo này dùng danh mục hiện tại."
    if snapshot.is_exact:
        return None
    kept = f"{snapshot.known_from.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
    return (
        f"Kho không lưu danh mục trước {kept}; báo cáo này dùng bản sớm nhất đã lưu ({snapshot.version_id})."
    )


def _nothing_known(session: Session, known_at: datetime | None) -> str:
    root = session.workspace.root
    if known_at is not None and session.store.last_commit() is not None:
        moment = f"{known_at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
        return f"Đến {moment}, kho dữ liệu của thư mục làm việc {root} chưa có tệp nào; hãy chọn thời điểm muộn hơn."
    return (
        f"Kho dữ liệu của thư mục làm việc {root} chưa có tệp nào; "
        "hãy chạy “motcua nightly” hoặc “motcua ingest” trước."
    )
