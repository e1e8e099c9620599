"""One task at a time appends to a store, whichever worker runs it: a limit that the server keeps, one a store.

Who may write is decided by the workspace's lock, which the operating system frees when a process dies. The limit
shows the same on the server's page; a slot that a killed night left taken is given back by the next one.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.exceptions import ObjectNotFound

from pipelines.store import Store

STORE_WRITER = "ghi-kho"
"""What the tags of tasks that append begin with."""
_DIGITS = 8


def writer_tag(store: Store) -> str:
    """The tag of the tasks that append to that store; it names no path."""
    where = store.root if "://" in store.root else str(Path(store.root).resolve())
    return f"{STORE_WRITER}-{hashlib.sha256(where.encode()).hexdigest()[:_DIGITS]}"


async def limit_writers(store: Store) -> None:
    """Let one task at a time write to the store."""
    async with get_client() as client:
        await client.create_concurrency_limit(tag=writer_tag(store), concurrency_limit=1)


def free_writer(store: Store) -> None:
    """Take the slot from whoever is said to write; the caller holds the workspace's lock, so nobody does."""
    tag = writer_tag(store)
    with get_client(sync_client=True) as client:
        try:
            # Prefect 3.8 forgets who holds the slot but goes on counting it, hence the second call.
            client.reset_concurrency_limit_by_tag(tag)
            client.update_global_concurrency_limit(f"tag:{tag}", GlobalConcurrencyLimitUpdate(active_slots=0))
        except ObjectNotFound:
            return  # a server that limits nothing
