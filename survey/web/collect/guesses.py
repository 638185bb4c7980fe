"""What slows down somebody who guesses codes: one bucket for the process, never an address.

A whole village may be behind one address, so nothing is counted by it; a valid code never draws.
The log tells how many unknown codes were tried, once a minute at most, and never which.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

REPORT_SECONDS = 60


@dataclass
class Bucket:
    """*capacity* unknown codes at once, *per_second* more as time passes."""

    capacity: float = 60
    per_second: float = 1
    clock: Callable[[], float] = time.monotonic
    _level: float = field(init=False)
    _seen: float = field(init=False)
    _tried: int = field(default=0, init=False)
    _reported: float = field(init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def __post_init__(self) -> None:
        self._level, self._seen = self.capacity, self.clock()
        self._reported = self._seen - REPORT_SECONDS

    def draw(self) -> bool:
        """Take one; say whether there was one to take."""
        with self._lock:
            moment = self.clock()
            self._tried += 1
            self._level += (moment - self._seen) * self.per_second
            self._level, self._seen = min(self.capacity, self._level), moment
            if self._level < 1:
                return False
            self._level -= 1
            return True

    def report(self) -> int:
        """Return how many were drawn or wanted since the last report; 0 until a minute is over."""
        with self._lock:
            moment = self.clock()
            if not self._tried or moment - self._reported < REPORT_SECONDS:
                return 0
            tried, self._tried, self._reported = self._tried, 0, moment
            return tried
