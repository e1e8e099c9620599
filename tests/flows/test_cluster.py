"""A night whose files are read and whose units are drafted by the processes of a real Dask cluster."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cloudpickle
import dask.config
import pytest
from distributed import LocalCluster as LocalDask
from distributed import Security

from pipelines import cluster as clusters
from pipelines.clock import SystemClock
from pipelines.errors import EXIT_STORE, ClusterError
from pipelines.handing import hand_over, taken
from pipelines.session import Session
from pipelines.workspace import Workspace
from tests.support.dask_cluster import LocalCluster, running_cluster
from tests.support.fault_cases import State, state_of
from tests.support.plain_night import AS_OF, SAMPLES, run_plain_night

UNITS = ("16180", "16186")
"""Whose exports all say when they were made: the hour at which a file came is no part of what they leave."""
_MOTCUA = (
    "import pipelines.cluster as c; c._PATIENCE_SECONDS = {patience}; from pipelines.cli import main; main()"
)
_LONG = 400
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cluster") / "inbox"
    for unit in UNITS:
        shutil.copytree(SAMPLES / "inbox" / unit, root / unit)
    return root


@pytest.fixture(scope="module")
def alone(inbox: Path) -> State:
    """What the same night leaves in one undisturbed process of one machine."""
    session = Session(inbox.parent / "alone", SystemClock())
    session.workspace.create()
    run_plain_night(session, inbox)
    return state_of(session)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    with running_cluster(tmp_path_factory.mktemp("two"), 2) as cluster:
        yield cluster


def start_night(inbox: Path, workspace: Path, runner: str, patience: int = 60) -> subprocess.Popen[str]:
    command = ("nightly", "--inbox", str(inbox), "--workspace", str(workspace), "--as-of", AS_OF.isoformat())
    return subprocess.Popen(
        [sys.executable, "-c", _MOTCUA.format(patience=patience), *command, "--runner", f"dask://{runner}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def busy_worker(cluster: LocalCluster, night: subprocess.Popen[str]) -> subprocess.Popen[bytes]:
    """A worker that is at a task."""
    deadline = time.monotonic() + _LONG
    with cluster.client() as client:
        while time.monotonic() < deadline:
            assert night.poll() is None
            executing = client.run(lambda dask_worker: dask_worker.state.executing_count)
            busy = [address for address, count in executing.items() if count]
            if busy:
                identity = client.run(os.getpid, workers=busy[:1])[busy[0]]
                return next(worker for worker in cluster.workers if worker.pid == identity)
            time.sleep(0.05)
    raise AssertionError("no worker was ever at work")


# Two processes of a cluster


def test_night_on_two_processes_leaves_what_a_night_on_one_machine_leaves(
    two: LocalCluster, inbox: Path, alone: State, tmp_path: Path
) -> None:
    night = start_night(inbox, tmp_path / "ws", two.scheduler)
    said, _ = night.communicate(timeout=_LONG)
    assert night.returncode == 0, said
    found = state_of(Session(tmp_path / "ws", SystemClock()))
    assert {name for name in alone if alone[name] != found.get(name)} == set()
    assert set(found) == set(alone)
    drafts = [name for name in alone if name.startswith("draft ")]
    assert {name.split()[1].split("/")[0] for name in drafts} == {*UNITS, "402"}

    with two.client() as client:
        done = client.run(lambda dask_worker: dask_worker.state.executed_count)
        engines = client.run(lambda: "prefect" in __import__("sys").modules)
    files = len([path for path in inbox.glob("*/*") if path.is_file()])
    units = 3
    assert sum(done.values()) == files + units
    assert len(done) == 2
    assert min(done.values()) > 0, "both processes worked"
    assert not any(engines.values()), "the engine stays with the night"
    logs = {int(path.stem.rpartition("-")[2]) for path in (tmp_path / "ws/runs/latest").glob("log.*-*.jsonl")}
    assert logs
    assert logs <= {worker.pid for worker in two.workers}, "a unit's draft was written by one of them"
    assert not list((tmp_path / "ws/engine").glob(".cum-*"))


def test_session_travels_as_a_path(tmp_path: Path) -> None:
    session = Session(tmp_path, SystemClock())
    assert session.catalogue.units
    given = hand_over(session, "session", tmp_path / "spool")
    # The catalogue alone is some hundred kilobytes, and goes with every file and every unit.
    assert len(cloudpickle.dumps(given)) < 1000
    assert taken(given).catalogue.version == session.catalogue.version


# What is told before a night begins


def test_scheduler_that_is_away_is_told_in_one_sentence(inbox: Path, tmp_path: Path) -> None:
    night = start_night(inbox, tmp_path / "ws", "127.0.0.1:9")
    said, _ = night.communicate(timeout=_LONG)
    assert night.returncode == EXIT_STORE
    assert said.count("\n") == 1, said
    assert "Không gặp được cụm Dask ở 127.0.0.1:9" in said
    assert not list((tmp_path / "ws/runs").iterdir())


def test_scheduler_without_a_single_worker_is_told(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws")
    workspace.create()
    with (
        running_cluster(tmp_path, 0) as empty,
        pytest.raises(ClusterError, match="chưa có máy nào"),
        clusters.joined(empty.scheduler, workspace),
    ):
        pass


@pytest.mark.parametrize(
    ("answer", "said"),
    [(("0.0.1", True), "phiên bản 0.0.1"), (("SAME", False), "không thấy hoặc không ghi được")],
    ids=["other version", "other folder"],
)
def test_machine_that_cannot_do_the_work_is_named_before_the_night_begins(
    two: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: tuple[str, bool], said: str
) -> None:
    workspace = Workspace(tmp_path / "ws")
    workspace.create()
    theirs = clusters.version("motcua") if answer[0] == "SAME" else answer[0]
    monkeypatch.setattr(clusters, "_look", lambda _probe: (theirs, answer[1]))
    with pytest.raises(ClusterError, match=said), clusters.joined(two.scheduler, workspace):
        pass


def test_machine_that_sees_the_workspace_is_taken(two: LocalCluster, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws")
    workspace.create()
    with clusters.joined(two.scheduler, workspace) as cluster:
        assert cluster.scheduler == two.scheduler
    assert list(workspace.engine.iterdir()) == []


def test_encrypted_cluster_is_joined_with_the_certificates_of_the_machines_dask_settings(
    tmp_path: Path,
) -> None:
    workspace = Workspace(tmp_path / "ws")
    workspace.create()
    security = Security.temporary()
    settings = {
        "distributed.comm.require-encryption": True,
        "distributed.comm.tls.ca-file": security.tls_ca_file,
        "distributed.comm.tls.client.cert": security.tls_client_cert,
        "distributed.comm.tls.client.key": security.tls_client_key,
    }
    with LocalDask(
        n_workers=1,
        threads_per_worker=1,
        protocol="tls",
        security=security,
        dashboard_address="127.0.0.1:0",
    ) as encrypted:
        scheduler = encrypted.scheduler_address.removeprefix("tls://")
        with pytest.raises(ClusterError, match="Không gặp được"), clusters.joined(scheduler, workspace):
            pass
        with (
            dask.config.set(settings),
            clusters.joined(scheduler, workspace) as cluster,
        ):
            assert cluster.threads() == 1


# Machines that die


def test_night_in_which_one_machine_dies_leaves_what_an_undisturbed_one_leaves(
    inbox: Path, alone: State, tmp_path: Path
) -> None:
    with running_cluster(tmp_path, 2) as cluster:
        night = start_night(inbox, tmp_path / "ws", cluster.scheduler)
        busy_worker(cluster, night).kill()
        said, _ = night.communicate(timeout=_LONG)
        assert night.returncode == 0, said
        with cluster.client() as client:
            assert len(client.ncores()) == 1
    found = state_of(Session(tmp_path / "ws", SystemClock()))
    assert {name for name in alone if alone[name] != found.get(name)} == set()
    assert set(found) == set(alone)


@pytest.mark.parametrize("victim", ["last worker", "scheduler"])
def test_night_that_loses_its_cluster_says_so_and_the_next_one_ends_well(
    inbox: Path, alone: State, tmp_path: Path, victim: str
) -> None:
    with running_cluster(tmp_path, 1) as cluster:
        night = start_night(inbox, tmp_path / "ws", cluster.scheduler, patience=3)
        worker = busy_worker(cluster, night)
        (worker if victim == "last worker" else cluster.process).kill()
        said, _ = night.communicate(timeout=_LONG)
    assert night.returncode == EXIT_STORE, said
    assert said.count("\n") == 1, said
    assert "mất giữa lượt chạy" in said
    session = Session(tmp_path / "ws", SystemClock())
    assert session.store.deliveries().num_rows == 0
    run_plain_night(session, inbox)
    assert state_of(session) == alone
