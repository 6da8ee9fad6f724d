"""What a contestant takes, part by part."""

import time
from pathlib import Path

Sums = dict[str, tuple[int, int, str | None]]  # provision → granted, undecided, yuan


class Laps:
    """Seconds of processor time (of all threads) and of the clock for each part of the work; memory at its highest."""

    def __init__(self) -> None:
        self.processor: dict[str, float] = {}
        self.wall: dict[str, float] = {}
        self.peak_mib = 0
        self._last = time.process_time(), time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.process_time(), time.perf_counter()
        self.processor[name], self.wall[name] = now[0] - self._last[0], now[1] - self._last[1]
        self.peak_mib = peak_mib()
        self._last = time.process_time(), time.perf_counter()


def peak_mib() -> int:
    """Of this program alone; getrusage would count what its parent held when it started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024
