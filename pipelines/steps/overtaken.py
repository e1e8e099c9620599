"""Which exports a later one of the same unit and format has taken the place of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pipelines.store import ACCEPTED

Delivery = Mapping[str, Any]


class SentExports:
    """The lines of deliveries, ready to be asked about many findings."""

    def __init__(self, deliveries: Iterable[Delivery]) -> None:
        self._by_id: dict[str, Delivery] = {}
        self._alike: defaultdict[tuple[str, str], list[Delivery]] = defaultdict(list)
        for delivery in deliveries:
            self._by_id[delivery["delivery_id"]] = delivery
            if delivery["state"] == ACCEPTED:
                self._alike[_kind_of(delivery)].append(delivery)

    def find(self, delivery_id: str) -> Delivery | None:
        """The newest line of that delivery, None where there is none."""
        return self._by_id.get(delivery_id)

    def alike(self, own: Delivery) -> Sequence[Delivery]:
        """Accepted deliveries of the same unit in the same format, itself among them where it is accepted."""
        return self._alike.get(_kind_of(own), ())

    def is_overtaken(self, own: Delivery, told_at: datetime | None = None) -> bool:
        """True when an export of a later time was accepted after this one, or one of the same time after ``told_at``.

        Several of the same time that came together are parts of one list: each stands for its own rows.
        """
        return any(
            other["known_from"] > own["known_from"]
            and (
                other["exported_at"] > own["exported_at"]
                or (
                    other["exported_at"] == own["exported_at"]
                    and told_at is not None
                    and other["known_from"] > told_at
                )
            )
            for other in self.alike(own)
        )


def format_of(profile_id: str) -> str:
    """The profile without its version: a newer version reads the same exports."""
    return profile_id.rpartition(".v")[0] or profile_id


def _kind_of(delivery: Delivery) -> tuple[str, str]:
    return delivery["unit_code"] or "", format_of(delivery["profile_id"] or "")
