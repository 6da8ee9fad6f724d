"""What a contestant takes, part by part."""

import resource
import time

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
        self.peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self._last = time.process_time(), time.perf_counter()
