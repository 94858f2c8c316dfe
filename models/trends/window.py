"""One look at the last nine days: people and exposure of every song over the stretches that scores speak of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.trends.exposure import RING
from models.trends.surprise import WINDOWS
from models.trends.table import Table

Array = NDArray[np.float64]
Hours = NDArray[np.int64]

WEEK = 168
CLOSES_AFTER = 33
"""Hours between a week's end and the closing of its row."""
STRETCHES = (
    *((hours, 0) for hours in WINDOWS),
    (WEEK, 0),
    (24, 24),
    (RING, WEEK),
    (WEEK, CLOSES_AFTER),
    (RING, WEEK + CLOSES_AFTER),
)
"""(hours, ended so many hours ago); the last two are looked at only in the hour in which a week closes."""
LAST_DAY, LAST_THREE, LAST_WEEK, DAY_BEFORE, BEFORE_WEEK, CLOSED_WEEK, BEFORE_CLOSED = range(1, len(STRETCHES))


@dataclass(frozen=True, slots=True)
class Window:
    """Sums over STRETCHES (rows of `people` and `exposed`, one column a song), as seen from hour `now` of RING.

    `earlier` and `exposed_earlier` (WINDOWS x songs) lie before each window, faded to its beginning; people there are
    cut. `covered` and `expected` are exposure by the log and by the clock alone. `exposed_on` is the exposure of each
    platform over the longest window, `due` the exposure of this hour if it is covered; `mix` is songs x platforms.
    """

    now: int
    people: Array
    exposed: Array
    earlier: Array
    exposed_earlier: Array
    covered: Array
    expected: Array
    exposed_on: Array
    due: Array
    mix: Array

    def coverage(self, stretch: int) -> Array:
        """The share of each song's expected exposure that the log covered."""
        covered, expected = self.covered[stretch], self.expected[stretch]
        share = np.divide(covered, expected, out=np.zeros(len(covered)), where=expected > 0)
        return np.asarray(np.minimum(np.maximum(share, 0.0), 1.0))


@lru_cache(maxsize=64)
def stretches(now: int, closing: bool) -> Array:
    """STRETCHES x RING: 1 where an hour belongs to a stretch; without the last two unless a week is `closing`."""
    found = np.zeros((len(STRETCHES) if closing else CLOSED_WEEK, RING))
    for row, (hours, before) in zip(found, STRETCHES, strict=False):
        stop = now + 1 - before
        row[max(stop - hours, 0) : max(stop, 0)] = 1.0
    return found


@lru_cache(maxsize=64)
def fading(now: int, keep: float) -> Array:
    """WINDOWS x RING: how much of an hour before each window is left at the window's beginning."""
    ages = np.array(WINDOWS)[:, None]
    ago = now - np.arange(RING) - ages
    faded: Array = keep ** np.maximum(ago, 0).astype(np.float64)
    return np.where(ago >= 0, faded, 0.0)


def summed(places: Hours, amounts: Array, size: int) -> Array:
    """`size` sums of `amounts`, each added where its place says."""
    return np.bincount(places, amounts, size).astype(np.float64, copy=False)


def tally(rows: Table, column: str, songs: int, width: int, amounts: Array) -> Array:
    """Songs x width: `amounts` summed by song and by the row's `column`."""
    return summed(rows["song"] * width + rows[column], amounts, songs * width).reshape(songs, width)


def per_song(rows: Table, songs: int) -> Array:
    """Rows of each song."""
    return np.bincount(rows["song"], minlength=songs).astype(np.float64)
