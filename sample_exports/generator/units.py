"""What each of the sixteen units sends."""

from __future__ import annotations

from dataclasses import dataclass

AGENCY_OF_DISTRICT = "42.H56"


@dataclass(frozen=True, slots=True)
class SampleUnit:
    """A unit of huyện Như Xuân in 2021 and the shape of its exports.

    ``dossier_format``: tandan, tandan_content, igate, igate_dates, csv, or empty for a silent unit.
    ``outgoing`` and ``incoming``: xlsx, xlsx_grouped, csv or empty. ``size`` counts dossiers received in
    the window, whatever their status; ``carried`` those still open when it began.
    """

    code: str
    type: str
    name: str
    number: int
    dossier_format: str = ""
    size: int = 0
    carried: int = 0
    settled_before: int = 0
    """Dossiers in the list that were received and settled before the window: they belong to no column."""
    unknown_share: float = 0.0
    online_share: float = 0.08
    outgoing: str = "xlsx"
    incoming: str = "xlsx"
    has_supplement: bool = True
    case: str = ""
    printed_name: str = ""
    """The name as the unit's software prints it, where that differs."""

    @property
    def document_count(self) -> int:
        """About how many documents the unit issues and receives in the nine months."""
        return 70 + self.number * 17 % 60

    @property
    def agency_code(self) -> str:
        """Agency identifier, invented: 000.NN.42.H56."""
        return f"000.{self.number:02d}.{AGENCY_OF_DISTRICT}"

    @property
    def full_name(self) -> str:
        """Type and name: xã Bình Lương."""
        return f"{self.type} {self.name}"

    @property
    def printed_full_name(self) -> str:
        """Type and name in the software's spelling."""
        return f"{self.type} {self.printed_name or self.name}"


BINH_LUONG = "16204"

UNITS: tuple[SampleUnit, ...] = (
    SampleUnit(
        "16174", "thị trấn", "Yên Cát", 1, "tandan", 860, carried=14, settled_before=5, unknown_share=0.03
    ),
    SampleUnit("16177", "xã", "Bãi Trành", 2, "igate", 412, incoming="csv", outgoing="xlsx_grouped"),
    SampleUnit("16180", "xã", "Xuân Hòa", 3, "tandan", 355, case="quarantined_rows"),
    SampleUnit("16183", "xã", "Xuân Bình", 4, "csv", 298, incoming="csv", outgoing="csv"),
    SampleUnit(
        "16186",
        "xã",
        "Hóa Quỳ",
        5,
        "tandan",
        640,
        unknown_share=0.02,
        case="older_export",
        printed_name="Hoá Quỳ",
    ),
    SampleUnit("16195", "xã", "Cát Vân", 6, "tandan", 230, has_supplement=False, case="refused_file"),
    SampleUnit("16198", "xã", "Cát Tân", 7, "tandan", 274, case="same_file_twice"),
    SampleUnit("16201", "xã", "Tân Bình", 8, "tandan", 318, case="corrected_file"),
    SampleUnit(BINH_LUONG, "xã", "Bình Lương", 9, "tandan", 1363, online_share=0.11),
    SampleUnit("16207", "xã", "Thanh Quân", 10, "csv", 187, has_supplement=False, case="lock_file"),
    SampleUnit("16210", "xã", "Thanh Xuân", 11),
    SampleUnit("16213", "xã", "Thanh Hòa", 12, "igate_dates", 240, carried=9, incoming=""),
    SampleUnit("16216", "xã", "Thanh Phong", 13, "tandan", 205, case="foreign_prefix"),
    SampleUnit("16219", "xã", "Thanh Lâm", 14, "tandan", 262, case="duplicate_code", incoming="csv"),
    SampleUnit("16222", "xã", "Thanh Sơn", 15, "tandan_content", 221),
    SampleUnit(
        "16225", "xã", "Thượng Ninh", 16, "tandan", 523, carried=6, unknown_share=0.015, case="dated_by_title"
    ),
)


def unit_of(code: str) -> SampleUnit:
    """The unit with that code; KeyError when none."""
    return {unit.code: unit for unit in UNITS}[code]
