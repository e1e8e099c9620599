"""Issue one report: counted and rendered first, then put down in an order that a crash cannot spoil."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.clock import today
from pipelines.editions import INTERNAL
from pipelines.errors import StoreUnreachableError, UsageProblemError, reason_of
from pipelines.publications.folder import (
    latest_number,
    point_latest,
    publication_folder,
    series_folder,
    tidy,
    write_publication,
)
from pipelines.publications.model import (
    CELLS,
    CONTEXT,
    MANIFEST,
    POPULATION,
    Publication,
    Series,
    append_publication,
    read_publications,
    render_manifest,
)
from pipelines.session import Session
from pipelines.snapshots import record_snapshot, version_of
from pipelines.steps.decisions import masked
from pipelines.steps.on_demand import Answer, Request, answer_request
from pipelines.steps.pack import render_answer
from pipelines.steps.periods import find_unit_period, refuse_closed
from pipelines.steps.public_edition import public_edition
from pipelines.steps.report import ALL_FORMATS, FORMATS, PACK, Issued, report_inputs
from pipelines.steps.restating import Restatement, restate
from transforms.indicators.published import published_cells, published_population
from transforms.render.anchors import context_figures
from transforms.report.letterhead import number_and_symbol
from transforms.report.numbers_vi import date_short

_NUMBER = re.compile(r"\s*\d+\s*(?:/\s*\S+)?\s*")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be issued, under which number and date, and who asked."""

    request: Request
    document_number: str
    document_date: date
    requested_by: str
    note: str = ""
    formats: tuple[str, ...] = tuple(FORMATS)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A publication as it would be written, without anything written yet.

    ``same_as`` is the publication that says exactly this under this number already.
    """

    publication: Publication
    files: Mapping[str, bytes]
    answer: Answer
    previous: Publication | None
    restatement: Restatement | None
    """What reads otherwise than in the version that this one takes the place of; None for the first."""
    same_as: Publication | None
    is_past: bool
    """Counted under a catalogue of the past, because a ``known_at`` was asked for."""
    warnings: tuple[str, ...]


def prepare(session: Session, order: Order) -> Prepared:
    """Everything that publishing would write. Nothing is written.

    Raises UsageProblemError for a number or date that cannot be meant, a number that another publication of
    the unit bears, and whatever ``answer_request`` refuses.
    """
    number = _document_number(order.document_number)
    _check_dates(order, session)
    # A document says nothing about days after its own date.
    request = replace(order.request, as_of=order.request.as_of or order.document_date)
    document = Issued(number, order.document_date)
    answer = answer_request(session, request, document)
    reckoning = answer.data.table.reckoning
    issued = read_publications(session.store)
    kind = answer.context.report_type
    edition = request.edition
    series = Series(answer.node.code, reckoning.period.period_id, reckoning.basis, kind, edition)
    previous = max((p for p in issued if p.series == series), key=lambda p: p.number, default=None)
    # What changed since an earlier version names dossiers, which is no matter of the public's.
    restatement = restate(session, answer, issued, document) if edition == INTERNAL else None
    if restatement is not None:
        answer = answer.issued(replace(document, restated=restatement.told))
    files = {
        **render_answer(session, answer, _kept_formats(order.formats, is_public=answer.public is not None)),
        **_figure_files(answer),
        **(restatement.files if restatement else {}),
    }
    publication = Publication(
        unit_code=series.unit_code,
        period_id=series.period_id,
        basis=series.basis,
        number=previous.number + 1 if previous else 1,
        document_number=number,
        document_date=order.document_date,
        requested_by=masked(order.requested_by.strip()),
        as_of=reckoning.as_of,
        known_at=answer.known_at,
        cutoff=reckoning.cutoff,
        closing_day=reckoning.closing_day,
        rulebook=reckoning.rulebook,
        catalogue_version=_catalogue_version(session, request),
        product_version=version("motcua"),
        inputs=_inputs(answer.data.deliveries),
        files={name: _sha256(content) for name, content in files.items()},
        context_sha256=_sha256(files[CONTEXT]),
        restates=previous.number if previous else None,
        note=masked(order.note.strip()),
        known_from=answer.known_at,
        report_type=kind,
        edition=edition,
    )
    same_as = _same(publication, issued)
    if same_as is None:
        _check_number_is_free(publication, issued)
    is_past = request.known_at is not None and session.snapshot_at(request.known_at) is not None
    return Prepared(
        publication,
        files,
        answer,
        previous,
        restatement,
        same_as,
        is_past,
        tuple(_warnings(publication, answer)),
    )


def require_open(session: Session, prepared: Prepared, day: date) -> None:
    """Raise UsageProblemError for another version of a period that is closed on that working day.

    The first version may come late: a report that is overdue is still owed.
    """
    if prepared.previous is not None:
        series = prepared.publication.series
        refuse_closed(
            session, find_unit_period(session, series.unit_code, series.period_id, series.basis), day
        )


def issue(session: Session, prepared: Prepared) -> tuple[Publication, Path]:
    """The publication and its folder, after it was written, committed and made the latest.

    The caller holds the workspace's lock since before ``prepare``. Raises StoreUnreachableError when disk or
    store refuse; before the commit nothing is published then and ``latest`` stays.
    """
    root, series = session.workspace.publications, prepared.publication.series
    try:
        tidy(root, read_publications(session.store))
        _check_no_line_is_lost(root, prepared.publication)
        publication, files = _finished(session, prepared)
        folder = write_publication(root, series, publication.number, files)
        append_publication(session.store, publication)
    except BaseException as problem:
        # Not a question of truth: what is left lying would be taken away by the next run.
        with contextlib.suppress(Exception):
            tidy(root, read_publications(session.store))
        if isinstance(problem, OSError):
            raise StoreUnreachableError(
                f"Không ghi được lần công bố vào {series_folder(root, series)} ({reason_of(problem)}); "
                "hãy kiểm tra dung lượng đĩa và quyền ghi rồi chạy lại, chưa có gì được công bố."
            ) from problem
        raise
    try:
        point_latest(root, series, publication.number)
    except OSError as problem:
        raise StoreUnreachableError(
            f"Đã công bố lần {publication.number} tại {folder}, nhưng chưa chuyển được “latest” sang lần này "
            f"({reason_of(problem)}); lượt chạy sau sẽ tự chuyển."
        ) from problem
    return publication, folder


def _finished(session: Session, prepared: Prepared) -> tuple[Publication, dict[str, bytes]]:
    """The publication with its instants, and its files with the manifest."""
    now, publication = session.clock.now(), prepared.publication
    if not prepared.is_past:
        # The version becomes known only now. Nobody else writes while the lock is held, so the last commit is
        # the state that was counted and this version.
        record_snapshot(session, now)
        publication = replace(publication, known_at=session.store.last_commit() or publication.known_at)
    publication = replace(publication, known_from=session.store.next_instants(now, 1)[0])
    manifest = render_manifest(publication, {name: len(content) for name, content in prepared.files.items()})
    return (
        replace(publication, files={**publication.files, MANIFEST: _sha256(manifest)}),
        {**prepared.files, MANIFEST: manifest},
    )


def _document_number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise UsageProblemError(
            f"Số văn bản “{text}” không đúng dạng; ghi số rồi ký hiệu, ví dụ 45/BC-UBND, hoặc chỉ ghi số."
        )
    return number_and_symbol(text)


def _check_dates(order: Order, session: Session) -> None:
    if order.document_date > today(session.clock):
        raise UsageProblemError(
            f"Ngày văn bản {date_short(order.document_date)} ở sau ngày hôm nay; hãy ghi ngày ký thật của báo cáo."
        )
    known_at = order.request.known_at
    if known_at is not None and known_at > session.clock.now():
        raise UsageProblemError(
            "Thời điểm --known-at ở sau lúc này; chỉ công bố được số liệu đã biết, hãy bỏ tùy chọn này hoặc chọn thời điểm sớm hơn."
        )


def _check_number_is_free(publication: Publication, issued: Sequence[Publication]) -> None:
    """Numbers of documents start again from 01 every year (NĐ 30/2020/NĐ-CP, Article 15)."""
    for other in issued:
        is_same_number = (other.unit_code, other.document_number, other.document_date.year) == (
            publication.unit_code,
            publication.document_number,
            publication.document_date.year,
        )
        if is_same_number and not _is_other_edition(other, publication):
            raise UsageProblemError(
                f"Số {other.document_number} ngày {date_short(other.document_date)} của đơn vị {other.unit_code} "
                f"đã dùng cho kỳ {other.period_id}, lần công bố {other.number}, với nội dung khác; "
                "báo cáo này phải mang số văn bản khác."
            )


def _is_other_edition(other: Publication, publication: Publication) -> bool:
    """Whether both are the same document, once for the offices and once for everybody."""
    document = (other.document_date, other.period_id, other.basis, other.report_type)
    return other.edition != publication.edition and document == (
        publication.document_date,
        publication.period_id,
        publication.basis,
        publication.report_type,
    )


def _same(publication: Publication, issued: Sequence[Publication]) -> Publication | None:
    """The publication that says this under this number and date already, in the same formats."""
    for other in issued:
        is_same_document = (other.series, other.document_number, other.document_date) == (
            publication.series,
            publication.document_number,
            publication.document_date,
        )
        has_same_content = other.context_sha256 == publication.context_sha256
        # Publications of old have no evidence pack.
        added = {*publication.files, MANIFEST} ^ set(other.files)
        if is_same_document and has_same_content and added <= {ALL_FORMATS[PACK]}:
            return other
    return None


def _check_no_line_is_lost(root: Path, publication: Publication) -> None:
    reached = latest_number(root, publication.series) or 0
    folder = publication_folder(root, publication.series, max(reached, publication.number))
    if folder.exists():
        raise StoreUnreachableError(
            f"Thư mục {folder} là một lần công bố mà kho dữ liệu không còn ghi; hãy khôi phục kho từ bản sao lưu "
            "rồi công bố lại, chạy “motcua verify” để xem chi tiết."
        )


def _warnings(publication: Publication, answer: Answer) -> list[str]:
    found = []
    end = answer.data.table.reckoning.end
    if publication.document_date < end:
        found.append(
            f"Ngày văn bản {date_short(publication.document_date)} ở trước ngày cuối kỳ {date_short(end)}; "
            f"số liệu tính đến {date_short(publication.closing_day)}."
        )
    if publication.closing_day > publication.document_date:
        found.append(
            f"Số liệu tính đến {date_short(publication.closing_day)}, sau ngày văn bản "
            f"{date_short(publication.document_date)}; hãy kiểm tra --as-of."
        )
    if answer.context.stamps:
        found.append(
            f"Báo cáo mang {len(answer.context.stamps)} cảnh báo về số liệu ở đầu văn bản; hãy đọc trước khi ký."
        )
    return found


def _catalogue_version(session: Session, request: Request) -> str:
    snapshot = session.snapshot_at(request.known_at) if request.known_at else None
    return snapshot.version_id if snapshot else version_of(session.files)


def _inputs(deliveries: pa.Table) -> tuple[tuple[str, str], ...]:
    rows = deliveries.select(["delivery_id", "sha256"]).to_pylist()
    return tuple(sorted({(row["delivery_id"], row["sha256"]) for row in rows}))


def _kept_formats(formats: Sequence[str], *, is_public: bool) -> list[str]:
    """The formats asked for; the content itself is always kept, and the evidence where not everybody may read it."""
    always = ("json",) if is_public else ("json", PACK)
    return [name for name in ALL_FORMATS if name in (*formats, *always)]


def _figure_files(answer: Answer) -> dict[str, bytes]:
    """What was counted, and of an internal edition the dossiers behind it."""
    leaves = [leaf.code for leaf in answer.leaves]
    printed = {figure.cell_id: figure.value for figure in context_figures(answer.context)}
    if answer.public is not None:
        # Only what the report itself looked at: nothing was withheld of the rest.
        inputs = report_inputs(answer.data, answer.node, answer.catalogue, answer.templates, ())
        hidden = public_edition(inputs, answer.public).hidden
        return {CELLS: _parquet(published_cells(inputs.table, answer.node.code, leaves, printed, hidden))}
    table = answer.data.table
    return {
        CELLS: _parquet(published_cells(table, answer.node.code, leaves, printed)),
        POPULATION: _parquet(published_population(table, leaves)),
    }


def _parquet(rows: pa.Table) -> bytes:
    target = io.BytesIO()
    pq.write_table(rows, target, compression="zstd")
    return target.getvalue()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
