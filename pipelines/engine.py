"""How the embedded Prefect and Great Expectations are set up. Call before importing either."""

from __future__ import annotations

import logging
import os
from pathlib import Path

SERVER_LOGGING = ("PREFECT_SERVER_LOGGING_LEVEL", "PREFECT_LOGGING_INTERNAL_LEVEL")
"""Levels of what an embedded server says; a server of its own says it into a file of its own."""


def configure_engine(home: Path) -> None:
    """Set the environment of this process for the embedded engine, its database private in ``home``.

    A server address that the administrator set is left alone.
    """
    quiet = {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
        # With the embedded server this service only logs "Error flushing" at exit.
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        # A failure is told once, in Vietnamese, by the command line; the traceback is in the run's log.
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        **dict.fromkeys(SERVER_LOGGING, "CRITICAL"),
        # Log lines of the product stay in the run's own folder.
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_CLI_PROMPT": "false",
    }
    for name, value in quiet.items():
        os.environ.setdefault(name, value)
    # Outside Prefect's own names; where the disk is full it says at the end how much it could not write.
    logging.getLogger("EventsWorker").setLevel(logging.CRITICAL)
    # Great Expectations sets this logger's level when it is imported; a filter outlives that.
    logging.getLogger("great_expectations.data_context.types.base").addFilter(
        lambda record: record.levelno >= logging.WARNING
    )
