"""For whom a report is: the offices, or anybody."""

from __future__ import annotations

INTERNAL, PUBLIC = "internal", "public"
EDITIONS = (INTERNAL, PUBLIC)
