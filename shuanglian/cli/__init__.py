"""The command line: `shuanglian …`."""

from .main import main

__all__ = ["main"]
