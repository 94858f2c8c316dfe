"""The last few hundred values of many streams and their quantiles, in memory that never grows."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

SIZE = 256
"""Values kept a stream: the error of a quartile of 256 values is about three percentage points of rank."""
ENOUGH = 20
"""Fewer values than this say nothing about a quantile."""


class Recent:
    """`streams` x SIZE values, the oldest overwritten first."""

    def __init__(self, values: NDArray[np.float64], seen: NDArray[np.int64]) -> None:
        self.values = values
        self.seen = seen
        self._known: dict[tuple[int, float], float] = {}

    @classmethod
    def empty(cls, streams: int) -> Recent:
        """No values yet in any of `streams` streams."""
        return cls(np.full((streams, SIZE), np.nan), np.zeros(streams, np.int64))

    def grow(self, streams: int) -> None:
        """Make room for `streams` streams in all; those that exist keep their number."""
        more = streams - len(self.seen)
        if more > 0:
            self.values = np.concatenate([self.values, np.full((more, SIZE), np.nan)])
            self.seen = np.concatenate([self.seen, np.zeros(more, np.int64)])

    def add(self, stream: int, value: float) -> None:
        """Remember `value` in place of the stream's oldest."""
        self.values[stream, self.seen[stream] % SIZE] = value
        self.seen[stream] += 1
        for key in [key for key in self._known if key[0] == stream]:
            del self._known[key]

    def quantile(self, stream: int, share: float) -> float:
        """The quantile of what is remembered, NaN while fewer than ENOUGH values are."""
        if self.seen[stream] < ENOUGH:
            return math.nan
        key = (stream, share)
        if key not in self._known:
            held = np.sort(self.values[stream, : min(int(self.seen[stream]), SIZE)])
            self._known[key] = float(held[int(share * (len(held) - 1))])
        return self._known[key]
