"""Receipts for the dossiers that cost something (phí and lệ phí)."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime

from sample_exports.generator.calendar import WINDOW_START
from sample_exports.generator.dossiers import REFUSED, REGISTERED, Dossier
from sample_exports.generator.units import BINH_LUONG, SampleUnit

BINH_LUONG_TOTAL = 11_250_000
"""Đồng, the sum of the printed report."""
_PAGE_AFTER_SECOND = 1_000
_MOST_FOR_A_COPY = 200_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """One line of the fee list; amounts in đồng."""

    dossier: Dossier
    number: str
    collected: datetime
    charge: int
    duty: int

    @property
    def total(self) -> int:
        """Charge plus duty."""
        return self.charge + self.duty


def generate_receipts(unit: SampleUnit, dossiers: list[Dossier], rng: random.Random) -> list[Receipt]:
    """Receipts for the paid dossiers received in the window, numbered in order of collection."""
    receipts: list[Receipt] = []
    for dossier in dossiers:
        received = dossier.received
        if received is None or received.date() < WINDOW_START or dossier.status in (REGISTERED, REFUSED):
            continue
        charge, duty = _money(dossier, rng)
        if charge + duty:
            receipts.append(Receipt(dossier, f"{len(receipts) + 1:07d}", received, charge, duty))
    if unit.code == BINH_LUONG:
        receipts = _balanced(receipts, BINH_LUONG_TOTAL)
    return receipts


def _money(dossier: Dossier, rng: random.Random) -> tuple[int, int]:
    """(phí, lệ phí) of one dossier; rates of TT 226/2016/TT-BTC Art. 4 for certification."""
    procedure = dossier.procedure
    match procedure.money:
        case "pages":
            pages = rng.choices((1, 2, 3, 4, 6, 8), weights=(40, 30, 10, 10, 6, 4))[0]
            copies = rng.choices((1, 2, 3, 4, 5), weights=(30, 30, 20, 10, 10))[0]
            first = procedure.amount * min(pages, 2)
            one_copy = min(first + _PAGE_AFTER_SECOND * max(pages - 2, 0), _MOST_FOR_A_COPY)
            return one_copy * copies, 0
        case "copies":
            return procedure.amount * rng.choices((1, 2, 3), weights=(60, 30, 10))[0], 0
        case "charge":
            return procedure.amount, 0
        case "duty":
            return 0, procedure.amount
        case _:
            return 0, 0


def _balanced(receipts: list[Receipt], total: int) -> list[Receipt]:
    """The receipts with further pages of certified copies, 1.000 đ each, until they sum to ``total``."""
    missing = total - sum(receipt.total for receipt in receipts)
    if missing < 0 or missing % _PAGE_AFTER_SECOND:
        raise ValueError(f"fees cannot be brought to {total}: {missing} đồng remain")
    pages = missing // _PAGE_AFTER_SECOND
    # Only copies of at least two pages take a third at 1.000 đ.
    copies = [i for i, r in enumerate(receipts) if r.dossier.procedure.money == "pages" and r.charge >= 4_000]
    balanced = list(receipts)
    for turn in range(pages):
        index = copies[turn % len(copies)]
        balanced[index] = replace(balanced[index], charge=balanced[index].charge + _PAGE_AFTER_SECOND)
    return balanced
