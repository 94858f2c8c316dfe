"""What a song is used to: a fast level that alerts are measured against, a quiet level that weeks are ranked by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.trends.exposure import DAYS
from models.trends.table import Table

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

PRIOR_HOURS = 24.0
PRIOR_RATE = 0.4 / 24
"""People an hour of an unknown song: the lower quartile of the simulated catalogue. Worth one day: three, as the guide
has it, keep a busy song 15 % below its level for a month."""
QUIET_SHARE = 0.3
"""The quiet level is the 30 % quantile of past weeks: half a year's festival does not lift it."""
QUIET_PRIOR = 2.8
QUIET_PRIOR_WEEKS = 1.0
"""Seven times PRIOR_RATE a day, worth one week."""
BORROWED_SHARE = 0.75
"""A song without a week of its own borrows the upper quartile of the others: without it every release would show a
growth of fifteen times nothing (weekly NDCG on seed 2: 0.88 with it, 0.84 with QUIET_PRIOR)."""
ONE_A_DAY = 7.0
"""One person a day more on both sides keeps a change from nothing to three from topping the chart."""
WEEK = 168
COMPARABLE_HOURS = 14 * 24.0
"""Two weeks of history before the week compared, 21 days in all, make a song comparable."""


class Past:
    """What lies before the windows, a day at a time: decayed sums and the totals of DAYS days.

    `level` is cut (a burst must not become the norm), `platforms`, `tags` and `heads` (people unweighted) are not.
    """

    NAMES = ("level", "heads", "platforms", "tags", "days")

    def __init__(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        self.level: Array = np.asarray(arrays["level"], np.float64)
        self.heads: Array = np.asarray(arrays["heads"], np.float64)
        self.platforms: Array = np.asarray(arrays["platforms"], np.float64)
        self.tags: Array = np.asarray(arrays["tags"], np.float64)
        self.days: Array = np.asarray(arrays["days"], np.float64)

    @classmethod
    def none(cls, songs: int, tags: int) -> Past:
        """No past for `songs` songs."""
        return cls(
            {
                "level": np.zeros(songs),
                "heads": np.zeros(songs),
                "platforms": np.zeros((songs, 0)),
                "tags": np.zeros((songs, tags)),
                "days": np.zeros((songs, DAYS)),
            }
        )

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything, for a snapshot."""
        return {name: getattr(self, name) for name in self.NAMES}

    def grow(self, platforms: int) -> None:
        """Make room for `platforms` platforms."""
        more = platforms - self.platforms.shape[1]
        if more > 0:
            self.platforms = np.concatenate([self.platforms, np.zeros((len(self.platforms), more))], axis=1)

    def add(self, rows: Table, hours_ago: NDArray[np.int64], keep: float, *, level: bool = True) -> None:
        """Add counted people that lie `hours_ago` before the edge; `level` also to the level and the days."""
        faded = keep ** hours_ago.astype(np.float64)
        amount = rows["weight"] * rows["seen"]
        np.add.at(self.platforms, (rows["song"], rows["platform"]), amount * faded)
        np.add.at(self.tags, (rows["song"], rows["tag"]), amount * faded)
        np.add.at(self.heads, rows["song"], faded)
        if level:
            np.add.at(self.level, rows["song"], amount * faded)
            np.add.at(self.days, (rows["song"], DAYS - 1 - (hours_ago - 1) // 24), amount)

    def advance(self, day: Array, cut: Array, rows: Table, edge: int, keep: float) -> None:
        """Take in the day that leaves the windows: songs x 24 as counted (`day`) and cut; `edge` is the new one."""
        self.fade(keep**24)
        self.level += cut @ keep ** np.arange(24.0, 0.0, -1.0)
        self.days = np.concatenate([self.days[:, 1:], day.sum(axis=1, keepdims=True)], axis=1)
        self.add(rows, edge - rows["hour"], keep, level=False)

    def fade(self, left: float) -> None:
        """Let a day pass of which `left` is left."""
        for sums in (self.level, self.heads, self.platforms, self.tags):
            sums *= left


def quiet_level(days: Array, exposed: Array) -> tuple[Array, Flags]:
    """People in a quiet week of each song, from songs x DAYS people and hours of exposure, and who has one of its own.

    Every seven days in a row of which at least half were covered are a week; see QUIET_SHARE for the quantile. A song
    without a week of its own, just released, is held against a busy song of the catalogue.
    """
    people, hours = (_sevens(cells) for cells in (days, exposed))
    usable = hours >= WEEK / 2
    rate = np.where(usable, people * WEEK / np.maximum(hours, 1.0), np.inf)
    many = usable.sum(axis=1)
    own = many > 0
    place = np.maximum((QUIET_SHARE * (many - 1)).astype(np.int64), 0)
    low = np.where(own, np.take_along_axis(np.sort(rate, axis=1), place[:, None], axis=1)[:, 0], 0.0)
    weeks = (many + 6) / 7
    borrowed = max(float(np.quantile(low[own], BORROWED_SHARE)), QUIET_PRIOR) if own.any() else QUIET_PRIOR
    quiet = (weeks * low + QUIET_PRIOR_WEEKS * QUIET_PRIOR) / (weeks + QUIET_PRIOR_WEEKS)
    return np.where(own, quiet, borrowed), own


def full_week(people: Array, exposed: Array, quiet: Array) -> Array:
    """People the week would have shown at full exposure.

    The gap is filled at the week's own rate as far as the week was covered, and at the usual rate as far as it was
    not: a week of which nothing was seen is a usual week, not a fall.
    """
    unseen = np.maximum(WEEK - exposed, 0.0)
    rate = (people + unseen * quiet / WEEK) / np.maximum(exposed + unseen, 1.0)
    return np.maximum(people + (WEEK - exposed) * rate, 0.0)


def growth(week: Array, quiet: Array, history: Array) -> Array:
    """log2 of this week over the quiet week, `history` (0 to 1) of it: a song without a past has no usual week."""
    return np.asarray(np.log2((week + ONE_A_DAY) / (quiet + ONE_A_DAY)) * history)


def _sevens(days: Array) -> Array:
    total = np.cumsum(days, axis=1)
    total[:, 7:] -= total[:, :-7].copy()
    return total[:, 6:]
