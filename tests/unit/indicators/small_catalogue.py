"""A catalogue with a handful of fields and procedures, and the reckoning of the sample night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa

from tests.unit.history.version_rows import read_versions
from tests.unit.indicators.period_windows import WINDOWS
from transforms.catalogue.model import Catalogue, DocumentType, Field, Procedure
from transforms.catalogue.rulebook import Rulebook
from transforms.history.as_known import known_dossiers, latest_versions
from transforms.indicators.build import NO_DELIVERIES, build_indicators
from transforms.indicators.model import IndicatorTable, Reckoning
from transforms.indicators.period import parse_period, reckon
from transforms.schema.tables import DOCUMENT, DOSSIER, FEE

TT01 = {
    "early": "early",
    "on_time": "on_time",
    "late": "late",
    "withdrawn": "on_time",
    "within": "pending_within",
    "paused": "pending_within",
    "overdue": "pending_overdue",
}
CATALOGUE = Catalogue(
    version="000000000000",
    units=(),
    fields=(
        Field("ho_tich", "Hộ tịch", (), True, False, 1),
        Field("chung_thuc", "Chứng thực", ("Công chứng, chứng thực",), True, False, 2),
        Field("pbgdpl", "Phổ biến, giáo dục pháp luật", (), True, False, 3),
        Field("dat_dai", "Đất đai", (), False, False, 4),
        Field("cu_tru", "Đăng ký, quản lý cư trú", (), False, True, 5),
    ),
    procedures=(Procedure("1.001193", "Thủ tục đăng ký khai sinh", "ho_tich"),),
    statuses=(),
    channels=(),
    document_types=(
        DocumentType("quyet_dinh", "Quyết định", "QĐ", False),
        DocumentType("bao_cao", "Báo cáo", "BC", False),
        DocumentType("nghi_quyet_qppl", "Nghị quyết", "NQ", True),
        DocumentType("khac", "Văn bản khác", "", False),
    ),
    profiles=(),
    windows=WINDOWS,
    supplement_items=(),
    rulebooks={"tt01": Rulebook("tt01", TT01)},
)
AS_OF = date(2021, 9, 5)


def reckoning_of(period_id: str = "2021-9T", as_of: date = AS_OF, basis: str = "nd09") -> Reckoning:
    """The sample night's reckoning: 15/12/2020-14/9/2021, B = 05/9/2021."""
    return reckon(parse_period(period_id), basis, WINDOWS, as_of)


def indicators_of(
    dossiers: str | pa.Table = "",
    fees: str = "",
    documents: str = "",
    reckoning: Reckoning | None = None,
    catalogue: Catalogue = CATALOGUE,
    delivered: Mapping[str, Sequence[str]] = NO_DELIVERIES,
) -> IndicatorTable:
    """The cells of pipe tables of versions; an empty text means that nothing was delivered."""
    if isinstance(dossiers, str):
        dossiers = read_versions(DOSSIER, dossiers) if dossiers else DOSSIER.empty()
    return build_indicators(
        known_dossiers(dossiers),
        latest_versions(read_versions(FEE, fees) if fees else FEE.empty(), FEE),
        latest_versions(read_versions(DOCUMENT, documents) if documents else DOCUMENT.empty(), DOCUMENT),
        reckoning or reckoning_of(),
        catalogue,
        delivered,
    )
