"""The nightly run starts by itself."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

PROGRAM = Path(sys.executable).with_name("motcua")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_served_workspace_has_its_nights_planned_at_half_past_one_in_vietnam(tmp_path: Path) -> None:
    port = free_port()
    serving = subprocess.Popen(
        [PROGRAM, "serve", "--workspace", tmp_path / "w", "--port", str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        planned: list[str] = []
        deadline = time.monotonic() + 150
        while not planned and time.monotonic() < deadline and serving.poll() is None:
            time.sleep(2)
            planned = _planned(port)
    finally:
        serving.send_signal(signal.SIGINT)
        said, _ = serving.communicate(timeout=60)
    assert planned, said
    moments = [datetime.fromisoformat(moment).astimezone(ZoneInfo("Asia/Ho_Chi_Minh")) for moment in planned]
    assert {(moment.hour, moment.minute) for moment in moments} == {(1, 30)}
    assert "01:30 hằng ngày" in said
    assert "Traceback" not in said


def _planned(port: int) -> list[str]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/flow_runs/filter",
        data=json.dumps({"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return [run["expected_start_time"] for run in json.load(answer)]
    except OSError:
        return []
