"""Channel of a dossier: its own, else the fee list's."""

from __future__ import annotations

from tests.unit.history.version_rows import read_versions
from tests.unit.indicators.small_catalogue import indicators_of
from transforms.indicators.channel import channel_group, join_channel
from transforms.schema.tables import DOSSIER, FEE

DOSSIERS = """
    | dossier_code | unit_code | channel_code | received_date | status_code |
    | HS-1         | 16204     | 1            | 01/03/2021    | 4           |
    | HS-2         | 16204     |              | 01/03/2021    | 4           |
    | HS-3         | 16204     |              | 01/03/2021    | 4           |
    | HS-4         | 16204     |              | 01/03/2021    | 4           |
    | HS-2         | 16174     |              | 01/03/2021    | 4           |
    """
FEES = """
    | dossier_code | unit_code | receipt_number | channel_code | total_amount | exported   |
    | HS-1         | 16204     | 0000001        | 2            | 8000         | 05/09/2021 |
    | HS-2         | 16204     | 0000002        | 2            | 8000         | 05/09/2021 |
    | HS-3         | 16204     | 0000003        | 1            | 8000         | 01/08/2021 |
    | HS-3         | 16204     | 0000004        | 3            | 8000         | 05/09/2021 |
    | HS-4         | 16204     | 0000005        |              | 8000         | 05/09/2021 |
    """


def test_own_channel_goes_before_the_one_on_the_receipt_and_units_are_kept_apart() -> None:
    channels = join_channel(read_versions(DOSSIER, DOSSIERS), read_versions(FEE, FEES))
    assert channels.to_pylist() == [1, 2, 3, None, None]


def test_without_a_fee_list_the_channel_stays_unknown() -> None:
    channels = join_channel(read_versions(DOSSIER, DOSSIERS), FEE.empty())
    assert channels.to_pylist() == [1, None, None, None, None]


def test_all_but_online_counts_as_direct() -> None:
    channels = join_channel(read_versions(DOSSIER, DOSSIERS), read_versions(FEE, FEES))
    assert channel_group(channels).to_pylist() == ["direct", "online", "direct", "direct", "direct"]


def test_channel_of_the_fee_list_reaches_the_form_and_the_unknown_ones_are_noted() -> None:
    table = indicators_of(DOSSIERS, FEES)
    assert table.value("received_online", ("16204",)) == 1
    assert table.value("received_direct", ("16204",)) == 3
    assert table.notes["unknown_channel", "16204"] == 1
    assert table.notes["unknown_channel", "16174"] == 1
