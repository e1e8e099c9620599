"""What units and those above them are told of lists that are missing, late or empty."""

from __future__ import annotations

from datetime import date

from expectations.deliveries import (
    DELIVERY_CODES,
    LIST_WORDS,
    EmptyLists,
    OwedSupplements,
    check_deliveries,
)
from expectations.messages import Messages, describe, finding_id, parse_messages
from pipelines import package_files
from transforms.catalogue.model import LIST_KINDS, Unit
from transforms.findings import Finding
from transforms.indicators.delivered import DeliveryCoverage, DeliveryState

SINCE = date(2019, 12, 1)
BINH_LUONG = Unit("16204", "Bình Lương", "xã", "xa", "402", SINCE, None, "")
THANH_XUAN = Unit("16210", "Thanh Xuân", "xã", "xa", "402", SINCE, None, "")
YEN_CAT = Unit("16174", "Yên Cát", "thị trấn", "xa", "402", SINCE, None, "")
UNITS = (YEN_CAT, BINH_LUONG, THANH_XUAN)
NAMES = {unit.code: unit.full_name for unit in UNITS} | {"402": "huyện Như Xuân"}
DUE = date(2021, 8, 31)


def present(**states: DeliveryState) -> tuple[DeliveryCoverage, ...]:
    """Every list of every unit on time, but for the dossier list of those named (``u16204=...``)."""
    return tuple(
        DeliveryCoverage(
            unit.code,
            kind,
            states.get(f"u{unit.code}", DeliveryState.ON_TIME)
            if kind == "dossier"
            else DeliveryState.ON_TIME,
            due=DUE,
        )
        for unit in UNITS
        for kind in LIST_KINDS
        if kind != "supplement"
    )


def check(
    lists: tuple[DeliveryCoverage, ...] = (),
    empty: EmptyLists | None = None,
    owed: dict[str, OwedSupplements] | None = None,
    silent: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    return check_deliveries(UNITS, lists or present(), empty or EmptyLists(), owed or {}, silent)


def messages() -> Messages:
    return parse_messages({"coverage.vi.yml": package_files.message_files()["coverage.vi.yml"]})


def sentences(findings: tuple[Finding, ...]) -> list[str]:
    return [describe(finding, messages(), {}, NAMES).sentence for finding in findings]


def test_messages_and_codes_are_the_same_set() -> None:
    assert set(messages()) == set(DELIVERY_CODES)
    assert set(LIST_WORDS) == set(LIST_KINDS)


def test_nothing_is_said_while_lists_are_on_time_or_not_due() -> None:
    assert check() == ()
    quiet = present(u16204=DeliveryState.NOT_DUE, u16210=DeliveryState.NOT_EXPECTED)
    assert check(quiet) == ()


def test_missing_list_is_told_to_the_unit_and_to_the_one_above() -> None:
    found = check(present(u16204=DeliveryState.MISSING))
    assert [(each.code, each.unit_code, each.kind) for each in found] == [
        ("delivery.missing", "16204", "dossier"),
        ("delivery.units.missing", "402", "dossier"),
    ]
    assert sentences(found) == [
        "Chưa nhận được danh sách hồ sơ của xã Bình Lương (hạn ngày 31/8/2021).",
        "Đã đến hạn, còn 1/3 đơn vị thuộc huyện Như Xuân chưa gửi danh sách hồ sơ: xã Bình Lương.",
    ]
    audiences = [messages()[each.code].audience for each in found]
    assert audiences == ["unit", "parent"]


def test_older_list_is_named_by_its_day() -> None:
    lists = (
        DeliveryCoverage("16204", "document.outgoing", DeliveryState.MISSING, date(2021, 8, 20), DUE, 2),
    )
    assert sentences(check(lists))[0] == (
        "Chưa nhận được sổ văn bản đi của xã Bình Lương "
        "(hạn ngày 31/8/2021; bản gửi gần nhất kết xuất ngày 20/8/2021)."
    )


def test_units_without_the_software_are_not_among_those_counted() -> None:
    found = check(present(u16204=DeliveryState.MISSING, u16210=DeliveryState.NOT_EXPECTED))
    assert dict(found[-1].params)["total"] == 2


def test_unit_that_never_sent_anything_gets_one_finding_and_counts_above() -> None:
    every = {f"u{unit.code}": DeliveryState.MISSING for unit in UNITS[1:]}
    found = check(present(**every), silent=frozenset({"16210"}))
    assert [(each.code, each.unit_code) for each in found] == [
        ("delivery.none", "16210"),
        ("delivery.missing", "16204"),
        ("delivery.units.missing", "402"),
    ]
    assert sentences(found)[0] == "Chưa nhận được tệp số liệu nào của xã Thanh Xuân."
    assert [place.subject for place in found[-1].places] == ["16204", "16210"]
    assert found[-1].count == 2


def test_late_list_tells_the_working_days() -> None:
    lists = (DeliveryCoverage("16204", "fee", DeliveryState.LATE, date(2021, 9, 1), DUE, 3),)
    assert sentences(check(lists)) == [
        "Đã nhận được danh sách thu phí, lệ phí của xã Bình Lương, chậm 3 ngày làm việc so với hạn ngày 31/8/2021."
    ]


def test_empty_list_names_day_and_period() -> None:
    empty = DeliveryCoverage("16204", "document.incoming", DeliveryState.EMPTY, date(2021, 9, 1))
    found = check(empty=EmptyLists((empty,), "tháng 8 năm 2021"))
    assert sentences(found) == [
        "Đã nhận được sổ văn bản đến của xã Bình Lương kết xuất ngày 01/9/2021, "
        "nhưng trong tệp không có dòng nào của tháng 8 năm 2021."
    ]


def test_supplements_of_several_periods_are_one_finding() -> None:
    owed = {
        "16204": OwedSupplements(
            (("tháng 8 năm 2021", date(2021, 8, 18)), ("9 tháng năm 2021", date(2021, 9, 17)))
        )
    }
    found = check(owed=owed)
    assert sentences(found) == [
        "Chưa nhận được số liệu bổ sung của xã Bình Lương cho tháng 8 năm 2021 (hạn ngày 18/8/2021); "
        "9 tháng năm 2021 (hạn ngày 17/9/2021).",
        "Đã đến hạn, còn 1/3 đơn vị thuộc huyện Như Xuân chưa gửi số liệu bổ sung: xã Bình Lương.",
    ]


def test_finding_keeps_its_identity_while_days_go_by_and_tells_the_registers_apart() -> None:
    def of(kind: str, due: date) -> str:
        lists = (DeliveryCoverage("16204", kind, DeliveryState.MISSING, None, due, 1),)
        return finding_id(check(lists)[0])

    assert of("document.outgoing", DUE) == of("document.outgoing", date(2021, 9, 7))
    assert of("document.outgoing", DUE) != of("document.incoming", DUE)
