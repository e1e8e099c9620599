"""The cases on which every template is tried: what an ordinary period looks like, and what a strange one does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from transforms.catalogue.model import Catalogue, SupplementItem, Unit
from transforms.history.as_known import known_dossiers, latest_versions
from transforms.history.restatement import Counted, LedgerContext, explain
from transforms.history.restating.model import ENTRIES
from transforms.indicators.build import build_indicators
from transforms.indicators.contributions import (
    dossier_contributions,
    ledger_cells,
    ledger_population,
)
from transforms.indicators.earlier import (
    SUBJECTS,
    ComparedLine,
    Earlier,
    Obstacle,
    earlier_periods,
    earlier_reckoning,
)
from transforms.indicators.model import IndicatorTable, Reckoning
from transforms.indicators.period import parse_period, period_name, reckon, window_words
from transforms.report.case_records import Batch, Papers, document_rows, dossier_rows, fee_rows
from transforms.report.inputs import ReportInputs, Restated, SupplementValue
from transforms.report.report_types import DEFAULT_TYPE
from transforms.schema.tables import DOCUMENT, FEE

Supplement = Mapping[str, tuple[SupplementValue, ...]]

_FIRST, _SECOND, _THIRD = "90001", "90002", "90003"
_DISTRICT = "900"
_SINCE = date(2004, 1, 1)
_AS_OF = date(2021, 9, 20)
_NOW, _BEFORE, _YEAR_AGO = date(2021, 8, 16), date(2021, 7, 16), date(2020, 8, 17)
_TYPES = ("quyet_dinh", "quyet_dinh", "to_trinh", "bao_cao", "ke_hoach", "thong_bao")
_NUMBERS = {"trained_count": 2, "trained_professional_count": 1, "staff_total_count": 22}
_NUMBERS |= {"staff_official_count": 19, "staff_part_time_count": 3, "staff_qualified_count": 19}


@dataclass(frozen=True, slots=True)
class TemplateCase:
    """One set of inputs and what it stands for."""

    case_id: str
    name: str
    inputs: ReportInputs


@dataclass(frozen=True, slots=True)
class _World:
    """What the units of a case have."""

    batches: tuple[Batch, ...] = ()
    papers: tuple[Papers, ...] = ()
    senders: tuple[str, ...] = ()
    """Units whose lists arrived, empty ones among them."""


def build_cases(
    catalogue: Catalogue, templates: Mapping[str, str], *report_types: str
) -> tuple[TemplateCase, ...]:
    """Every case for a unit and for a roll-up, of each type of report, under the given catalogue and templates.

    Units, records and words are invented; they are counted by the functions that count real ones.
    """
    found: list[TemplateCase] = []
    counted: dict[tuple[_World, date], IndicatorTable] = {}
    for report_type in report_types or (DEFAULT_TYPE,):
        cases = _Cases(catalogue, templates, report_type, counted)
        found += (*cases.of_a_unit(), *cases.of_a_rollup())
    return tuple(found)


class _Cases:
    """The cases of one catalogue and type of report."""

    def __init__(
        self,
        catalogue: Catalogue,
        templates: Mapping[str, str],
        report_type: str,
        counted: dict[tuple[_World, date], IndicatorTable],
    ) -> None:
        self._catalogue = catalogue
        self._templates = templates
        self._type = report_type
        self._own = reckon(parse_period("2021-09"), "nd09", catalogue.windows, _AS_OF)
        self._counted = counted

    def of_a_unit(self) -> tuple[TemplateCase, ...]:
        full, brief = {_FIRST: self._supplement(is_full=True)}, {_FIRST: self._supplement()}
        month, unit = _World(_ordinary(_FIRST), _papers(_FIRST), (_FIRST,)), (_FIRST,)
        late = _World((Batch(_FIRST, "Hộ tịch", date(2021, 8, 16), 12, "late"),
                       Batch(_FIRST, "Đất đai", date(2021, 8, 16), 3, "open")), senders=unit)  # fmt: skip
        one = _World((Batch(_FIRST, "Hộ tịch", _NOW, 1, "early"),), senders=unit)
        before = replace(month, batches=month.batches[1:])
        restated = self._restated(before, month)
        return (
            self._case("thang-thuong", "tháng bình thường", month, unit, full),
            self._case("ky-dau", "kỳ đầu tiên có số liệu", month, unit, brief, Obstacle.UNCOVERED),
            self._case("chua-gui", "đơn vị chưa gửi số liệu", _World(), unit, {}, Obstacle.UNCOVERED),
            self._case("qua-han", "mọi hồ sơ đều quá hạn", late, unit, brief, Obstacle.UNCOVERED),
            self._case("khong-ho-so", "không phát sinh hồ sơ", _World(senders=unit), unit, brief),
            self._case("mot-ho-so", "chỉ có một hồ sơ", one, unit, brief),
            self._case("chua-bo-sung", "chưa gửi số liệu bổ sung", month, unit, {}, Obstacle.OUTDATED),
            self._case("cong-bo-lai", "công bố lại", month, unit, brief, Obstacle.CHANGED, restated),
        )

    def of_a_rollup(self) -> tuple[TemplateCase, ...]:
        leaves = (_FIRST, _SECOND, _THIRD)
        sending = (_FIRST, _SECOND)
        full = {code: self._supplement(is_full=True) for code in (*sending, _DISTRICT)}
        given = {code: self._supplement() for code in (*sending, _DISTRICT)}
        both = _World(
            (*_ordinary(_FIRST), *_ordinary(_SECOND)), (*_papers(_FIRST), *_papers(_SECOND)), sending
        )
        one = _World((Batch(_FIRST, "Hộ tịch", _NOW, 1, "open"),), senders=sending)
        late = _World(tuple(Batch(code, "Hộ tịch", date(2021, 8, 16), 12, "late") for code in sending),
                      senders=sending)  # fmt: skip
        return (
            self._case("huyen-thieu-don-vi", "tổng hợp, một đơn vị chưa gửi", both, leaves, full),
            self._case("huyen-du", "tổng hợp, đủ đơn vị", both, sending, given),
            self._case("huyen-ky-dau", "tổng hợp, kỳ đầu tiên", both, sending, given, Obstacle.UNCOVERED),
            self._case("huyen-qua-han", "tổng hợp, mọi hồ sơ đều quá hạn", late, sending, given),
            self._case("huyen-khong-ho-so", "tổng hợp, không phát sinh hồ sơ", _World(senders=sending), sending, {}),
            self._case("huyen-mot-ho-so", "tổng hợp, chỉ có một hồ sơ", one, sending, {}),
        )  # fmt: skip

    def _case(
        self,
        case_id: str,
        name: str,
        world: _World,
        leaves: Sequence[str],
        supplement: Mapping[str, Supplement],
        obstacle: Obstacle = Obstacle.NONE,
        restated: Restated | None = None,
    ) -> TemplateCase:
        units = tuple(_unit(code) for code in leaves)
        is_rollup = len(units) > 1
        node = Unit(_DISTRICT, "Mẫu", "huyện", "huyen", "", _SINCE, None, "") if is_rollup else units[0]
        missing = tuple(unit for unit in units if unit.code not in world.senders)
        inputs = ReportInputs(
            table=self._count(world, self._own),
            node=node,
            leaf_units=units,
            catalogue=self._catalogue,
            templates=self._templates,
            supplement=supplement,
            data_date=_AS_OF if world.senders else None,
            period_name=period_name(self._own.period),
            window_words=window_words(self._own),
            place_name=node.name,
            missing_units=missing,
            earlier=self._earlier(world, leaves, obstacle),
            report_type=self._type,
            is_draft=restated is None,
            document_number="46/BC-UBND" if restated else "",
            document_date=date(2021, 9, 21) if restated else None,
            restated=restated,
        )
        return TemplateCase(case_id, name, inputs)

    def _earlier(self, world: _World, leaves: Sequence[str], obstacle: Obstacle) -> tuple[Earlier, ...]:
        """The last unit of a roll-up has no figures of last year, so that a comparison may be a partial one."""
        found: list[Earlier] = []
        for relation, period in earlier_periods(self._own.period):
            other = earlier_reckoning(self._own, relation, period, self._catalogue.windows)
            if other is None:
                continue
            lines = tuple(
                ComparedLine(code, code, self._obstacle(code, leaves, other, obstacle), _NOW)
                for code in leaves
            )
            table = None if obstacle else self._count(world, other)
            found.append(Earlier(relation, period, table, dict.fromkeys(SUBJECTS, lines), tuple(leaves)))
        return tuple(found)

    @staticmethod
    def _obstacle(code: str, leaves: Sequence[str], other: Reckoning, obstacle: Obstacle) -> Obstacle:
        is_last = len(leaves) > 2 and code == leaves[1] and other.start < _YEAR_AGO
        return Obstacle.UNCOVERED if is_last else obstacle

    def _count(self, world: _World, reckoning: Reckoning) -> IndicatorTable:
        key = (world, reckoning.start)
        if key not in self._counted:
            self._counted[key] = build_indicators(
                known_dossiers(dossier_rows(world.batches)),
                latest_versions(fee_rows(world.papers), FEE),
                latest_versions(document_rows(world.papers), DOCUMENT),
                reckoning,
                self._catalogue,
                {"dossier": world.senders, "fee": world.senders},
            )
        return self._counted[key]

    def _supplement(self, is_full: bool = False) -> Supplement:
        """Every item that this type of report asks for, or one line of each required one, in words of its label."""
        return {
            item.item_id: _given(item)[: None if is_full else 1]
            for item in self._catalogue.supplement_items
            if item.is_asked_by((self._type,)) and (is_full or item.is_required)
        }

    def _restated(self, before: _World, after: _World) -> Restated:
        old, new = (self._side(self._count(world, self._own)) for world in (before, after))
        ledger = explain(old, new, LedgerContext(dossier_contributions))
        return Restated(1, "45/BC-UBND", date(2021, 9, 17), ledger)

    @staticmethod
    def _side(table: IndicatorTable) -> Counted:
        return Counted(
            ledger_cells(table),
            ledger_population(table),
            ENTRIES.empty_table(),
            table.reckoning.start,
            table.reckoning.closing_day,
            table.reckoning.rulebook,
            frozenset({_FIRST}),
            frozenset(),
        )


def _ordinary(code: str) -> tuple[Batch, ...]:
    return (
        Batch(code, "Hộ tịch", _NOW, 14, "early"),
        Batch(code, "Hộ tịch", _NOW, 6, "early", is_online=True),
        Batch(code, "Chứng thực", _NOW, 16, "on_time"),
        Batch(code, "Đất đai", _NOW, 2, "late"),
        Batch(code, "Đất đai", date(2021, 9, 8), 3, "open"),
        Batch(code, "Đất đai", date(2021, 8, 10), 1, "open"),
        Batch(code, "Hộ tịch", _BEFORE, 15, "early"),
        Batch(code, "Chứng thực", _BEFORE, 16, "on_time"),
        Batch(code, "Đất đai", _BEFORE, 4, "late"),
        Batch(code, "Hộ tịch", _YEAR_AGO, 12, "on_time"),
        Batch(code, "Chứng thực", _YEAR_AGO, 20, "early"),
        Batch(code, "Đất đai", _YEAR_AGO, 2, "on_time"),
    )


def _papers(code: str) -> tuple[Papers, ...]:
    return (
        Papers(code, _NOW, (*_TYPES, *_TYPES, "nghi_quyet_qppl"), 8, 1_250_000, 100_000),
        Papers(code, _BEFORE, (*_TYPES, *_TYPES), 6, 1_000_000, 100_000),
        Papers(code, _YEAR_AGO, _TYPES, 5, 1_350_000, 0),
    )


def _unit(code: str) -> Unit:
    return Unit(code, f"Mẫu {int(code) - 90000}", "xã", "xa", "", _SINCE, None, "")


def _given(item: SupplementItem) -> tuple[SupplementValue, ...]:
    if item.type != "text":
        number = _NUMBERS.get(item.item_id, 4)
        return (SupplementValue(str(number), number),)
    if item.section == "ky" and not item.is_list:
        return (SupplementValue(item.choices[0] if item.choices else "Người Ký Mẫu"),)
    words = f"{item.label} (lời mẫu)"
    return tuple(
        SupplementValue(f"{words}, ý {order}") for order in ("thứ nhất", "thứ hai")[: 1 + item.is_list]
    )


def with_templates(case: TemplateCase, templates: Mapping[str, str]) -> TemplateCase:
    """The same case worded by other templates."""
    return replace(case, inputs=replace(case.inputs, templates=templates))
