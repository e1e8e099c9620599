"""One small table for every rule: the rows marked in ``fails`` break it, the others do not.

Working day of the run: 05/09/2021. Unit 16204 prefixes its codes with 000.09.42.H56 (an invented
identifier); unit 99999 has none.
"""

from __future__ import annotations

from datetime import date

from expectations.params import RuleParams

PARAMS = RuleParams(date(2021, 9, 5), {"16204": "000.09.42.H56", "16174": "000.01.42.H56"})


def _missing(column: str, value: str) -> str:
    return f"| {column} | fails |\n| {value} | |\n| | x |"


def _listed(column: str, good: str, bad: str) -> str:
    return f"| {column} | fails |\n| {good} | |\n| {bad} | x |\n| | |"


def _amount(column: str) -> str:
    return f"| {column} | fails |\n| 11250000 | |\n| 0 | |\n| -1 | x |\n| | |"


def _future(column: str) -> str:
    return (
        f"| {column} | fails |\n| 04/09/2021 | |\n| 05/09/2021 | |\n| 06/09/2021 | x |\n"
        "| 01/08/3021 | x |\n| | |"
    )


CASES: dict[str, str] = {
    "dossier.unit_code.missing": _missing("unit_code", "16204"),
    "dossier.dossier_code.missing": _missing("dossier_code", "000.09.42.H56-210805-0001"),
    "dossier.dossier_code.malformed": """
        | dossier_code               | fails |
        | 000.09.42.H56-210805-0001  |       |
        | H21.65-220914-0011         |       |
        | G09.20-20260609-0092637    |       |
        | H56.42.09-260105-AA0001    |       |
        | HS-DT-2026-003             | x     |
        | 00352112000539             | x     |
        | 000.09.42.H56-210805-1     | x     |
        | 000.09.42.H56-210805-0001A | x     |
        |                            |       |
        """,
    "dossier.procedure_code.malformed": """
        | procedure_code         | fails |
        | 1.001193               |       |
        | 2.000815               |       |
        | 1.001193.000.00.00.H41 | x     |
        | 1001193                | x     |
        |                        |       |
        """,
    "dossier.status_code.not_in_list": _listed("status_code", "10", "11"),
    "dossier.channel_code.not_in_list": _listed("channel_code", "3", "4"),
    "dossier.copies_count.too_small": _listed("copies_count", "1", "0"),
    "dossier.due_date.missing": """
        | status_code | due_date   | fails | why                      |
        | 4           | 05/08/2021 |       |                          |
        | 10          |            | x     |                          |
        |             |            | x     | an unknown status counts |
        | 1           |            |       | newly registered         |
        | 3           |            |       | refused                  |
        """,
    "dossier.resolved_date.missing": """
        | status_code | resolved_date | fails | why           |
        | 9           | 05/08/2021    |       |               |
        | 9           |               | x     |               |
        | 10          |               | x     |               |
        | 7           |               |       | withdrawn     |
        | 4           |               |       | still open    |
        |             |               |       | unknown       |
        """,
    "dossier.status.not_closed": """
        | status_code | resolved_date | fails |
        | 7           | 05/08/2021    |       |
        | 9           | 05/08/2021    |       |
        | 10          | 05/08/2021    |       |
        | 2           | 05/08/2021    | x     |
        | 5           | 05/08/2021    | x     |
        | 2           |               |       |
        |             | 05/08/2021    |       |
        """,
    "dossier.status.not_returned": """
        | status_code | returned_date | fails | why       |
        | 10          | 05/08/2021    |       |           |
        | 7           | 05/08/2021    |       | withdrawn |
        | 9           | 05/08/2021    | x     | finished  |
        | 4           | 05/08/2021    | x     |           |
        | 4           |               |       |           |
        |             | 05/08/2021    |       | unknown   |
        """,
    "dossier.filed_date.after_received": """
        | filed_date | received_date | fails |
        | 04/08/2021 | 05/08/2021    |       |
        | 05/08/2021 | 05/08/2021    |       |
        | 06/08/2021 | 05/08/2021    | x     |
        |            | 05/08/2021    |       |
        | 06/08/2021 |               |       |
        """,
    "dossier.due_date.before_received": """
        | received_date | due_date   | fails |
        | 05/08/2021    | 06/08/2021 |       |
        | 05/08/2021    | 05/08/2021 |       |
        | 05/08/2021    | 04/08/2021 | x     |
        | 05/08/2021    |            |       |
        |               | 04/08/2021 |       |
        """,
    "dossier.resolved_date.before_received": """
        | received_date | resolved_date | fails |
        | 05/08/2021    | 05/08/2021    |       |
        | 05/08/2021    | 04/08/2021    | x     |
        | 05/08/2021    | 05/08/0021    | x     |
        | 05/08/2021    |               |       |
        |               | 04/08/2021    |       |
        """,
    "dossier.returned_date.before_resolved": """
        | resolved_date | returned_date | fails |
        | 05/08/2021    | 05/08/2021    |       |
        | 05/08/2021    | 04/08/2021    | x     |
        | 05/08/2021    |               |       |
        |               | 04/08/2021    |       |
        """,
    "dossier.returned_date.before_received": """
        | received_date | resolved_date | returned_date | fails | why                           |
        | 05/08/2021    |               | 05/08/2021    |       |                               |
        | 05/08/2021    |               | 04/08/2021    | x     |                               |
        | 05/08/2021    | 05/08/2021    | 04/08/2021    |       | judged against the end        |
        | 05/08/2021    |               |               |       |                               |
        |               |               | 04/08/2021    |       |                               |
        """,
    "dossier.filed_date.in_future": _future("filed_date"),
    "dossier.received_date.in_future": _future("received_date"),
    "dossier.resolved_date.in_future": _future("resolved_date"),
    "dossier.returned_date.in_future": _future("returned_date"),
    "dossier.code.foreign_unit": """
        | unit_code | dossier_code              | received_date | fails | why                            |
        | 16204     | 000.09.42.H56-210805-0001 | 05/08/2021    |       |                                |
        | 16204     | 000.01.42.H56-210805-0001 | 05/08/2021    | x     |                                |
        | 16204     | 000.01.42.H56-250630-0001 | 30/06/2025    | x     | the last day of the old rule   |
        | 16204     | 000.01.42.H56-250701-0001 | 01/07/2025    |       | filed anywhere in the province |
        | 16204     | HS-DT-2021-003            | 05/08/2021    |       | malformed is another rule      |
        | 99999     | 000.01.42.H56-210805-0001 | 05/08/2021    |       | the unit's prefix is not known |
        | 16204     | 000.01.42.H56-210805-0002 |               |       | no reception day               |
        |           | 000.01.42.H56-210805-0003 | 05/08/2021    |       | no unit                        |
        | 16174     |                           | 05/08/2021    |       | no code                        |
        """,
    "dossier.code.other_day": """
        | dossier_code                | received_date | fails | why                   |
        | 000.09.42.H56-210805-0001   | 05/08/2021    |       |                       |
        | 000.09.42.H56-210804-0001   | 05/08/2021    | x     |                       |
        | G09.20-20260609-0092637     | 09/06/2026    |       | year in four digits   |
        | G09.20-20260609-0092637     | 10/06/2026    | x     |                       |
        | 000.09.42.H56-211331-0001   | 05/08/2021    | x     | no such day           |
        | HS-DT-2021-003              | 05/08/2021    |       |                       |
        | 000.09.42.H56-210804-0002   |               |       |                       |
        |                             | 05/08/2021    |       |                       |
        """,
    "dossier.dossier_code.duplicate": """
        | _delivery_id | unit_code | dossier_code              | fails | why                 |
        | a            | 16204     | 000.09.42.H56-210805-0001 | x     |                     |
        | a            | 16204     | 000.09.42.H56-210805-0001 | x     |                     |
        | a            | 16204     | 000.09.42.H56-210805-0002 |       |                     |
        | a            | 16174     | 000.09.42.H56-210805-0001 |       | another unit        |
        | b            | 16204     | 000.09.42.H56-210805-0001 |       | another export      |
        | a            | 16204     |                           |       | missing, not double |
        | a            | 16204     |                           |       |                     |
        """,
    "fee.unit_code.missing": _missing("unit_code", "16204"),
    "fee.dossier_code.missing": _missing("dossier_code", "000.09.42.H56-210805-0001"),
    "fee.channel_code.not_in_list": _listed("channel_code", "1", "0"),
    "fee.charge_amount.too_small": _amount("charge_amount"),
    "fee.duty_amount.too_small": _amount("duty_amount"),
    "fee.total_amount.missing": _missing("total_amount", "0"),
    "fee.total_amount.too_small": _amount("total_amount"),
    "fee.received_date.in_future": _future("received_date"),
    "fee.collected_date.in_future": _future("collected_date"),
    "overdue.unit_code.missing": _missing("unit_code", "16204"),
    "overdue.dossier_code.missing": _missing("dossier_code", "000.09.42.H56-210805-0001"),
    "overdue.dossier_code.malformed": """
        | dossier_code              | fails |
        | 000.09.42.H56-210805-0001 |       |
        | 000.09.42.H56-210805-1    | x     |
        |                           |       |
        """,
    "summary.unit_code.missing": _missing("unit_code", "16204"),
    "summary.window_start.missing": _missing("window_start", "15/12/2020"),
    "summary.window_end.missing": _missing("window_end", "05/09/2021"),
    "summary.field_name.missing": _missing("field_name", "Hộ tịch"),
    "summary.received_total.too_small": _amount("received_total"),
    "summary.carried_over.too_small": _amount("carried_over"),
    "summary.received_in_window.too_small": _amount("received_in_window"),
    "summary.received_online.too_small": _amount("received_online"),
    "summary.received_postal.too_small": _amount("received_postal"),
    "summary.early.too_small": _amount("early"),
    "summary.on_time.too_small": _amount("on_time"),
    "summary.late.too_small": _amount("late"),
    "summary.pending_within.too_small": _amount("pending_within"),
    "summary.pending_overdue.too_small": _amount("pending_overdue"),
    "summary.awaiting_supplement.too_small": _amount("awaiting_supplement"),
    "summary.withdrawn.too_small": _amount("withdrawn"),
    "summary.received_total.parts_differ": """
        | received_total | carried_over | received_in_window | fails | why                     |
        | 20             | 4            | 16                 |       |                         |
        | 20             | 4            | 15                 | x     |                         |
        | 20             |              | 16                 |       | a missing part is no 0  |
        |                | 4            | 16                 |       |                         |
        """,
    "summary.received_total.not_accounted": """
        | received_total | early | on_time | late | pending_within | pending_overdue | awaiting_supplement | withdrawn | fails | why                         |
        | 20             | 10    | 4       | 1    | 3              | 2               | 3                   | 1         |       | both counted among the rest |
        | 20             | 10    | 4       | 1    | 3              | 1               | 0                   | 1         |       | withdrawn stand apart       |
        | 20             | 10    | 4       | 1    | 2              | 1               | 1                   | 1         |       | both stand apart            |
        | 20             | 10    | 4       | 1    | 3              | 1               |                     |           | x     |                             |
        | 20             | 10    | 4       | 1    | 3              | 4               | 2                   | 2         | x     |                             |
        | 20             | 10    |         | 1    | 3              | 1               | 0                   | 0         |       | a missing part is no 0      |
        """,
    "summary.received_online.too_many": """
        | received_total | received_online | received_postal | fails |
        | 20             | 15              | 5               |       |
        | 20             | 15              | 6               | x     |
        | 20             | 21              |                 |       |
        """,
    "document.unit_code.missing": _missing("unit_code", "16204"),
    "document.direction.missing": _missing("direction", "incoming"),
    "document.direction.not_in_list": _listed("direction", "outgoing", "internal"),
    "document.symbol.missing": _missing("symbol", "362/QĐ-UBND"),
    "document.issuer_level.not_in_list": _listed("issuer_level", "huyen", "thon"),
    "document.issued_date.missing": """
        | direction | issued_date | fails |
        | outgoing  | 05/08/2021  |       |
        | outgoing  |             | x     |
        | incoming  |             |       |
        |           |             |       |
        """,
    "document.arrived_date.missing": """
        | direction | arrived_date | fails |
        | incoming  | 05/08/2021   |       |
        | incoming  |              | x     |
        | outgoing  |              |       |
        |           |              |       |
        """,
    "document.arrived_date.before_issued": """
        | issued_date | arrived_date | fails |
        | 05/08/2021  | 05/08/2021   |       |
        | 05/08/2021  | 04/08/2021   | x     |
        | 05/08/2021  |              |       |
        |             | 04/08/2021   |       |
        """,
    "document.issued_date.in_future": _future("issued_date"),
    "document.arrived_date.in_future": _future("arrived_date"),
    "supplement.unit_code.missing": _missing("unit_code", "16204"),
    "supplement.period_id.missing": _missing("period_id", "2021-9T"),
    "supplement.item_id.missing": _missing("item_id", "shortcoming"),
    "supplement.ordinal.missing": _missing("ordinal", "1"),
    "supplement.ordinal.too_small": _listed("ordinal", "1", "0"),
}
