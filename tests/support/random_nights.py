"""A small district whose offices send, send again, mend, take out and reclassify at random, night after night."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipelines import package_files
from pipelines.clock import FixedClock
from pipelines.session import Session
from tests.support.plain_night import run_plain_night
from tests.support.sent_back import HEADERS, send

DISTRICT = "402"
AGENCIES = {"16207": "000.10.42.H56", "16204": "000.09.42.H56"}
"""xã Thanh Quân and xã Bình Lương, both here with software that writes CSV."""
FIRST_DAY = date(2021, 9, 1)
PERIODS = ("2021-09", "2021-9T")
_SETTINGS = 'period_kinds = ["month", "nine_months"]\nstable_seconds = 0.0\nkeep_inbox_days = 0\n'
_PROCEDURES = (
    ("1.001193", "Thủ tục đăng ký khai sinh", "Hộ tịch"),
    ("2.000815", "Thủ tục chứng thực bản sao từ bản chính", "Chứng thực"),
    ("", "Việc chưa có tên", ""),
)
_CHANNELS = ("Trực tiếp", "Trực tuyến", "")
_ALIAS_HEAD = "kind,text,target,reason,decided_on,decided_by\r\n"

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Night:
    """What one night left: its working day, the ``--known-at`` that its run names, and its drafts by path."""

    as_of: date
    known_at: datetime
    drafts: dict[str, bytes]


class District:
    """The true dossiers of every office, the exports made of them, and what people decide meanwhile."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self._random = random.Random(seed)
        self._dossiers: dict[str, dict[str, Row]] = {unit: {} for unit in AGENCIES}
        self._sent: list[tuple[str, str, bytes]] = []
        self._corrections: list[str] = []
        root.mkdir(parents=True, exist_ok=True)
        (root / "motcua.toml").write_text(_SETTINGS, encoding="utf-8")

    def nights(self, count: int) -> Iterator[Night]:
        """Run so many nights, each in a session of its own."""
        for number in range(count):
            as_of = FIRST_DAY + timedelta(days=number)
            instant = datetime(as_of.year, as_of.month, as_of.day, 18, 30, tzinfo=UTC)
            session = Session(self.root, FixedClock(instant))
            session.workspace.create()
            self._live_one_day(session, as_of, number)
            yield self._run(session, as_of)

    def _run(self, session: Session, as_of: date) -> Night:
        run_plain_night(session, session.workspace.inbox, as_of, {*AGENCIES, DISTRICT})
        return Night(as_of, known_at_of(session), drafts_of(session))

    def _live_one_day(self, session: Session, as_of: date, number: int) -> None:
        for unit in AGENCIES:
            self._work(unit, as_of)
            if number == 0 or self._happens(0.7):
                self._export(session, unit, as_of)
        if self._sent and self._happens(0.4):  # an old list comes again, as it was or with a mistake more
            unit, name, content = self._random.choice(self._sent)
            is_changed = self._happens(0.5)
            send(session, f"lai-{number}-{name}", content + b"\r\n" if is_changed else content, unit)
        if self._happens(0.2):
            send(session, f"hong-{number}.xls", b"PK\x03\x04 cut", self._random.choice(list(AGENCIES)))
        self._decide(session, as_of, number)

    def _work(self, unit: str, as_of: date) -> None:
        """New dossiers, results, changed dates and mistakes of one office."""
        own = self._dossiers[unit]
        for _ in range(self._random.randint(2, 5)):
            received = as_of - timedelta(days=self._random.randint(0, 40))
            code, name, field = self._random.choice(_PROCEDURES)
            number = f"{AGENCIES[unit]}-{received:%y%m%d}-{len(own) + 1:04d}"
            own[number] = {
                **HEADERS, "Mã hồ sơ": number, "Mã thủ tục": code, "Tên thủ tục": name, "Lĩnh vực": field,
                "Hình thức nộp": self._random.choice(_CHANNELS), "Trạng thái": "Đang xử lý",
                "Ngày nộp": _day(received), "Ngày tiếp nhận": _day(received),
                "Ngày hẹn trả": self._random.choice((_day(received + timedelta(days=5)), "31/09/2021", "")),
                "Ngày kết thúc xử lý": "", "Ngày trả kết quả": "",
            }  # fmt: skip
        for number in self._random.sample(sorted(own), min(3, len(own))):
            if self._happens(0.6):
                ended = _day(as_of - timedelta(days=self._random.randint(0, 2)))
                own[number] |= {"Trạng thái": "Đã trả kết quả", "Ngày kết thúc xử lý": ended}
            else:
                own[number] |= {"Trạng thái": "Dừng xử lý", "Ngày kết thúc xử lý": ""}

    def _export(self, session: Session, unit: str, as_of: date) -> None:
        rows = [row for row in self._dossiers[unit].values() if self._happens(0.95)]  # some are left out
        lines = [";".join(HEADERS), *(";".join(row.values()) for row in rows)]
        name, content = f"ds {as_of:%d-%m-%Y}.csv", "\r\n".join([*lines, ""]).encode("utf-8-sig")
        self._sent.append((unit, name, content))
        send(session, name, content, unit)

    def _decide(self, session: Session, as_of: date, number: int) -> None:
        """Entries of corrections.yml, names in the catalogue, a sentence in a template."""
        folder = session.workspace.catalogue
        unit = self._random.choice(list(AGENCIES))
        if self._dossiers[unit] and self._happens(0.7):
            self._corrections.append(self._entry(unit, as_of))
        elif self._corrections and self._happens(0.3):
            self._corrections.pop(0)
        (folder / "corrections.yml").write_text("".join(dict.fromkeys(self._corrections)), encoding="utf-8")
        if self._happens(0.4):
            target = self._random.choice(("ho_tich", "chung_thuc"))
            (folder / "aliases.csv").write_text(
                f"{_ALIAS_HEAD}procedure,Việc chưa có tên,{target},Thống nhất cách gọi,{as_of.isoformat()},Văn phòng\r\n",
                encoding="utf-8-sig",
            )
        if self._happens(0.4):
            (folder / "templates").mkdir(exist_ok=True)
            name = "_data_basis.md.j2"
            own = f"{package_files.narrative_templates()[name]}\nCâu riêng số {number}.\n"
            (folder / "templates" / name).write_text(own, encoding="utf-8")

    def _entry(self, unit: str, as_of: date) -> str:
        number = self._random.choice(sorted(self._dossiers[unit]))
        was = self._dossiers[unit][number]["Ngày hẹn trả"]
        what = (
            "  remove: true\n"
            if self._happens(0.3)
            else f'  column: "Ngày hẹn trả"\n  was: "{was}"\n  set: "{_day(as_of + timedelta(days=3))}"\n'
        )
        return (
            f'- match: {{unit: "{unit}", kind: "Hồ sơ", Mã hồ sơ: "{number}"}}\n{what}'
            f'  reason: "Giấy hẹn ghi khác"\n  owner: "Văn phòng"\n  date: "{_day(as_of)}"\n'
        )

    def _happens(self, share: float) -> bool:
        return self._random.random() < share


def known_at_of(session: Session) -> datetime:
    """The ``known_at`` that the index of the newest run names."""
    index = json.loads((session.workspace.runs / "latest" / "index.json").read_text(encoding="utf-8"))
    return datetime.fromisoformat(index["known_at"])


def drafts_of(session: Session) -> dict[str, bytes]:
    """Every file that a reader of the drafts can reach, as ``unit/period/name``."""
    root = session.workspace.drafts
    links = sorted(path for unit in root.iterdir() for path in unit.iterdir() if path.is_symlink())
    return {
        f"{link.relative_to(root)}/{file.name}": file.read_bytes()
        for link in links
        for file in sorted(link.iterdir())
    }


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
