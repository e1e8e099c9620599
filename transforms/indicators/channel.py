"""How dossiers were filed: a join at read time, not a new version of the dossier."""

from __future__ import annotations

from enum import StrEnum

import pyarrow as pa
import pyarrow.compute as pc

_ONLINE_CODE = 2
_SEPARATOR = "\x1f"
STORED_UNIT = "stored_unit_code"
"""Column with the unit code as stored, beside a ``unit_code`` that names the line of a roll-up."""


class ChannelGroup(StrEnum):
    """Columns 4 and 5 of Biểu II.06a; what is not known to be online counts as direct."""

    ONLINE = "online"
    DIRECT = "direct"


def join_channel(dossiers: pa.Table, fees: pa.Table) -> pa.Array:
    """The channel code of each dossier: its own, else the one on its fee receipt, else null.

    ``fees``: the latest version of each receipt. Where receipts of one dossier disagree, the one that
    was exported last is believed.
    """
    own = dossiers["channel_code"].combine_chunks()
    stated = fees.filter(pc.is_valid(fees["channel_code"]))
    if own.null_count == 0 or stated.num_rows == 0:
        return own
    validity = [(name, "descending") for name in ("_exported_at", "_known_from", "_row", "channel_code")]
    stated = stated.take(pc.sort_indices(stated, sort_keys=validity))
    # index_in finds the first match: the receipt exported last.
    found = pc.index_in(_record_key(dossiers), value_set=_record_key(stated))
    return pc.coalesce(own, stated["channel_code"].combine_chunks().take(found))


def channel_group(channel_codes: pa.Array) -> pa.Array:
    """``ChannelGroup`` per dossier, as text; an unknown channel (null) counts as direct."""
    is_online = pc.fill_null(pc.equal(channel_codes, _ONLINE_CODE), False)
    return pc.if_else(is_online, ChannelGroup.ONLINE.value, ChannelGroup.DIRECT.value)


def _record_key(table: pa.Table) -> pa.Array:
    # A dossier and its receipt may count under different lines: the unit changed hands between them.
    unit = table[STORED_UNIT] if STORED_UNIT in table.column_names else table["unit_code"]
    key = pc.binary_join_element_wise(
        pc.fill_null(unit, ""), pc.fill_null(table["dossier_code"], ""), _SEPARATOR
    )
    return key.combine_chunks()
