"""One look at the last nine days: people and exposure of every song, hour by hour, and the sums that scores need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.trends.exposure import RING
from models.trends.surprise import WINDOWS
from models.trends.table import Table

Array = NDArray[np.float64]
Hours = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """`people` and `exposed` are songs x RING hours from the edge on, `now` the place of the hour looked from.

    `rows` are the people that count: in the window, counted, tracked, in an hour that was collected at all; their
    `amount` is how much each counts.
    `mix` is songs x platforms; `lively` is platforms x RING, the clock; `logged` the log alone.
    """

    now: int
    people: Array
    exposed: Array
    rows: Table
    mix: Array
    lively: Array
    logged: Array
    tracked: NDArray[np.bool_]

    @property
    def ages(self) -> Hours:
        """Hours before now of each place; negative lies ahead."""
        return self.now - np.arange(RING)

    def last(self, cells: Array, hours: int, before: int = 0) -> Array:
        """Sum of `cells` over `hours` hours that end `before` hours before the end of this one."""
        stop = self.now + 1 - before
        return np.asarray(cells[:, max(stop - hours, 0) : stop].sum(axis=1))

    def sums(self, cells: Array) -> Array:
        """Songs x WINDOWS: sums over the last 6, 24 and 72 hours."""
        return np.stack([self.last(cells, hours) for hours in WINDOWS], axis=1)


def summed(places: Hours, amounts: Array, size: int) -> Array:
    """`size` sums of `amounts`, each added where its place says."""
    return np.bincount(places, amounts, size).astype(np.float64, copy=False)


def tally(rows: Table, column: str, songs: int, width: int, amounts: Array) -> Array:
    """Songs x width: `amounts` summed by song and by the row's `column`."""
    return summed(rows["song"] * width + rows[column], amounts, songs * width).reshape(songs, width)


def per_song(rows: Table, songs: int) -> Array:
    """Rows of each song."""
    return np.bincount(rows["song"], minlength=songs).astype(np.float64)
