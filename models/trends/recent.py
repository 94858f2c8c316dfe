"""The last few hundred values of many streams and their quantiles, in memory that never grows."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from models.trends.table import distinct

SIZE = 256
"""Values kept a stream: the error of a quartile of 256 values is about three percentage points of rank."""
ENOUGH = 20
"""Fewer values than this say nothing about a quantile."""


class Recent:
    """`streams` x SIZE values, the oldest overwritten first."""

    def __init__(self, values: NDArray[np.float64], seen: NDArray[np.int64]) -> None:
        self.values = values
        self.seen = seen
        self._known: dict[int, dict[float, float]] = {}

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
        self._known.pop(stream, None)

    def add_all(self, streams: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """`add` each of `values` to its stream, in their order."""
        for stream in distinct(streams).tolist():
            new = values[streams == stream]
            start = int(self.seen[stream])
            self.seen[stream] = start + len(new)
            new, start = new[-SIZE:], start + max(len(new) - SIZE, 0)
            self.values[stream, (start + np.arange(len(new))) % SIZE] = new
            self._known.pop(stream, None)

    def quantile(self, stream: int, share: float) -> float:
        """The quantile of what is remembered, NaN while fewer than ENOUGH values are."""
        known = self._known.setdefault(stream, {})
        if share not in known:
            many = min(int(self.seen[stream]), SIZE)
            place = int(share * (many - 1))
            known[share] = float(np.partition(self.values[stream, :many], place)[place]) if many >= ENOUGH else math.nan
        return known[share]
