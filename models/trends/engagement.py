"""Whether posts gather views faster than posts of their age usually do.

Between two readings of a post the counter is taken to follow a power of its age, ln(1+v) linear in ln(age): the form
in which most of a post's life is a straight line. Nothing is extrapolated: a post read once says nothing here.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.trends.recent import Recent
from models.trends.table import Table

Array = NDArray[np.float64]

DAY = 24 * 3600
HOUR = 3600
STEPS = (6, 24, 72, 168)
"""Bounds, in hours, of the ages for which the usual pace is kept."""
LEAST_STRETCH = math.log(1.05)
"""Two readings closer than this in ln(age) give a pace that is all rounding."""
FULL_MARKS = 3.0
"""Eight times the usual gain (2^3) earns the whole part."""
NEVER = -(2**40)
ROW = ("at", "platform", "from_at", "from_value", "read_at", "read")


class Gains:
    """The usual pace of views by platform and age, the usual gain of a day by platform, and when one was noted last."""

    def __init__(self, pace: Recent, day: Recent) -> None:
        self.pace = pace
        self.day = day
        self.last = NEVER

    @classmethod
    def none(cls) -> Gains:
        """Nothing read yet."""
        return cls(Recent.empty(0), Recent.empty(0))

    def grow(self, platforms: int) -> None:
        """Make room for `platforms` platforms."""
        self.pace.grow(platforms * (len(STEPS) + 1))
        self.day.grow(platforms)

    def floors(self) -> Array:
        """The usual gain of a post in a day on each platform, at least one view."""
        usual = [self.day.quantile(platform, 0.5) for platform in range(len(self.day.seen))]
        return np.maximum(np.nan_to_num(np.array(usual, np.float64)), 1.0)

    def read(self, rows: Table, places: NDArray[np.int64], views: int, at: int) -> None:
        """Note on the rows `places` (one post, read before) what it gained in the 24 hours before `at`, and what was
        usual."""
        row = {name: rows[name][places[0]].item() for name in ROW}
        start_at, start = self._a_day_before(row, at, math.log1p(views))
        age_from, age_to = (max(moment - row["at"], HOUR) for moment in (start_at, at))
        stretch = math.log(age_to / age_from)
        if row["read_at"] <= at - DAY:
            rows["from_at"][places], rows["from_value"][places] = row["read_at"], row["read"]
        if stretch < LEAST_STRETCH:
            return
        self._note(rows, places, math.expm1(math.log1p(views)) - math.expm1(start), start, stretch, age_from, at)
        stream = self._stream(row["platform"], age_from)
        self.pace.add(stream, (math.log1p(views) - start) / stretch)

    def _note(
        self,
        rows: Table,
        places: NDArray[np.int64],
        gain: float,
        start: float,
        stretch: float,
        age_from: float,
        at: int,
    ) -> None:
        platform = int(rows["platform"][places[0]])
        pace = self.pace.quantile(self._stream(platform, age_from), 0.5)
        most = self.day.quantile(platform, 0.99)
        self.day.add(platform, max(gain, 0.0))
        if math.isnan(pace) or math.isnan(most):
            return
        rows["gain"][places] = min(max(gain, 0.0), most)
        rows["usual"][places] = min(math.exp(start) * max(math.expm1(pace * stretch), 0.0), most)
        rows["gain_at"][places] = at
        self.last = max(self.last, at)

    @staticmethod
    def _a_day_before(row: Mapping[str, Any], at: int, now: float) -> tuple[int, float]:
        """When, within the last 24 hours, the stretch begins, and ln(1+views) then, between two readings."""
        points = [(row["from_at"], row["from_value"]), (row["read_at"], row["read"]), (at, now)]
        wanted = at - DAY
        if points[0][0] >= wanted:
            return points[0]
        (low_at, low), (high_at, high) = points[1:] if points[1][0] <= wanted else points[:2]
        ages = [math.log(max(moment - row["at"], HOUR)) for moment in (low_at, wanted, high_at)]
        share = (ages[1] - ages[0]) / (ages[2] - ages[0]) if ages[2] > ages[0] else 1.0
        return wanted, low + share * (high - low)

    @staticmethod
    def _stream(platform: int, age: float) -> int:
        return platform * (len(STEPS) + 1) + bisect_right(STEPS, age / HOUR)


def engagement(gain: Array, usual: Array, floor: Array) -> Array:
    """0 to 1: how far the views gained in a day exceed the usual, `floor` views added to both."""
    return np.clip(np.log2((gain + floor) / (usual + floor)) / FULL_MARKS, 0.0, 1.0)
