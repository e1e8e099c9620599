"""One task at a time appends to a store, whichever worker runs it: a limit that the server keeps, one a store.

Who may write is decided by the workspace's lock, which the operating system frees when a process dies. The limit
shows the same on the server's page; a slot that a killed night left taken is given back by the next one.
"""

from __future__ import annotations

import hashlib

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound

from pipelines.store import Store

STORE_WRITER = "ghi-kho"
"""What the tags of tasks that append begin with."""
_DIGITS = 8


def writer_tag(store: Store) -> str:
    """The tag of the tasks that append to that store; it names no path."""
    return f"{STORE_WRITER}-{hashlib.sha256(store.root.encode()).hexdigest()[:_DIGITS]}"


async def limit_writers(store: Store) -> None:
    """Let one task at a time write to the store."""
    async with get_client() as client:
        await client.create_concurrency_limit(tag=writer_tag(store), concurrency_limit=1)


def free_writer(store: Store) -> None:
    """Take the slot from whoever is said to write; the caller holds the workspace's lock, so nobody does."""
    with get_client(sync_client=True) as client:
        try:
            client.reset_concurrency_limit_by_tag(writer_tag(store))
        except ObjectNotFound:
            return  # a server that limits nothing
