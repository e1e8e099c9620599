"""The work of a run as plain functions: read, commit, check, draft. No Prefect here."""
