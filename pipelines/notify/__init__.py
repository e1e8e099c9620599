"""Who is told what, once: owners, digest, the outbox of messages, channels, heartbeat (docs/ALERTS.md)."""
