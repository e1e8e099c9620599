"""Issued reports: made once, kept for ever, checked at any time."""
