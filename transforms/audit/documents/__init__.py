"""Readers of written reports: Word, PDF, web page and plain text into the blocks that an audit works on."""

from transforms.audit.documents.read import ReadReport, read_report

__all__ = ["ReadReport", "read_report"]
