"""Status codes for labels that the catalogue came to know after the file was read."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.model import Catalogue
from transforms.schema.tables import CODE
from transforms.text_vi import fold


def fill_status_codes(dossiers: pa.Table, catalogue: Catalogue) -> pa.Table:
    """``dossiers`` with a missing ``status_code`` taken from ``status_label`` where the catalogue knows it.

    A code that was read stays as it is. This is how an accepted label counts for versions that were
    stored before it was accepted, without rewriting them.
    """
    codes = {
        fold(name): status.code for status in catalogue.statuses for name in (status.name, *status.aliases)
    }
    labels = dossiers["status_label"].combine_chunks().dictionary_encode()
    known = pa.array([codes.get(fold(label)) for label in labels.dictionary.to_pylist()], CODE)
    filled = pc.coalesce(dossiers["status_code"], pa.chunked_array([known.take(labels.indices)], CODE))
    return dossiers.set_column(dossiers.schema.get_field_index("status_code"), "status_code", filled)
