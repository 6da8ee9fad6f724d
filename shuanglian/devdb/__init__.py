"""The embedded PostgreSQL: binaries from the wheel, started and stopped by us (docs/decisions/0002)."""

from .server import Server, conninfo, ensure

__all__ = ["Server", "conninfo", "ensure"]
