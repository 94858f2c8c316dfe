"""What one hour of scoring says of every song: the parts of the score and every number behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.trends.onset import Moved

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

SURGE_POINTS, GROWTH_POINTS, BREADTH_POINTS, ENGAGEMENT_POINTS = 40.0, 30.0, 15.0, 15.0
PARTS = ("surge", "growth", "breadth", "engagement")
FULL_SURPRISE = 6.0
"""Once in a million: beyond it more surprise is no more news."""
FULL_GROWTH = 4.0
"""Sixteen times the quiet week."""
DOUBT = 4.0
"""Confidence is n / (n + 4): with four weighted people in three days half of the points count."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The numbers behind the parts. One row a song; `heads`, `people`, `expected` and `surprise` are songs x (6, 24,
    72 hours).

    `heads` are people, `people` the same weighted, `expected` weighted people; `per_head` how much a person of the song
    usually weighs, so expected / per_head is the number of people expected. `gain` and `usual` are views, NaN where
    not measured; `faster` 0 to 1; `seen` how well the day's posts were seen on average.
    """

    heads: Array
    people: Array
    expected: Array
    surprise: Array
    per_head: Array
    week: Array
    quiet: Array
    history: Array
    own_week: NDArray[np.bool_]
    platforms: Array
    kinds: Array
    new: Array
    beyond: Array
    gain: Array
    usual: Array
    faster: Array
    seen: Array

    def of_weeks(self, songs: NDArray[np.int64]) -> list[dict[str, object]]:
        """The week beside its quiet level, for each of `songs`.

        `history` only where the song is watched too shortly to compare, `borrowed` where the quiet level is that of a
        busy song, for want of one of its own.
        """
        columns = [self.week[songs].round(1), self.quiet[songs].round(1), self.per_head[songs].round(2)]
        found: list[dict[str, object]] = [
            {"week": week, "quiet": quiet, "per_head": per_head}
            for week, quiet, per_head in zip(*(column.tolist() for column in columns), strict=True)
        ]
        for parts, history, own in zip(found, self.history[songs].tolist(), self.own_week[songs].tolist(), strict=True):
            if history < 1:
                parts["history"] = round(history, 2)
            if not own:
                parts["borrowed"] = True
        return found

    def of_hours(self, songs: NDArray[np.int64]) -> list[dict[str, object]]:
        """Everything `explain` reads, for each of `songs`; numbers that say nothing are left out."""
        found = self.of_weeks(songs)
        counted = [self.people[songs].round(1), self.expected[songs].round(2), self.surprise[songs].round(2)]
        names = ("people", "weighted", "expected", "surprise")
        columns = [column.tolist() for column in (self.heads[songs].astype(np.int64), *counted)]
        spread = np.stack([self.platforms, self.kinds, self.new, self.beyond], axis=1)[songs].round(2).tolist()
        views = np.stack([self.gain, self.usual], axis=1)[songs].round().tolist()
        for place, parts in enumerate(found):
            if columns[0][place][-1] == 0:
                continue
            parts |= {name: column[place] for name, column in zip(names, columns, strict=True)}
            if spread[place][-1] > 0:
                parts["spread"] = spread[place]
            if views[place][0] == views[place][0]:
                parts["views"] = [int(number) for number in views[place]]
        return found


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one hour, day or week: one value a song, `points` songs x PARTS in tenths of a point.

    `start` is the epoch hour it begins at; `stored` says which songs have a row.
    """

    period: str
    start: int
    stored: NDArray[np.bool_]
    points: Whole
    states: Whole
    posts: Whole
    authors: Whole
    coverage: Array
    growth_log2: Array
    confidence: Array
    evidence: Evidence

    @property
    def score(self) -> Whole:
        """Tenths of a point: the sum of the parts."""
        return np.asarray(self.points.sum(axis=1))

    def parts_of(self, songs: NDArray[np.int64]) -> list[dict[str, object]]:
        """The numbers stored with the rows of `songs`."""
        return self.evidence.of_weeks(songs) if self.period == "week" else self.evidence.of_hours(songs)


@dataclass(frozen=True, slots=True)
class HourScores:
    """Everything one step of the engine says: the rows that are due at the end of the hour, and what alerts did."""

    hour: int
    rows: tuple[Rows, ...]
    moved: Moved

    @property
    def now(self) -> Rows:
        """The hour's own row of every song, stored or not."""
        return self.rows[0]


def tenths(points: Array) -> Whole:
    """`points` (songs x parts) in whole tenths that add up to the rounded total: the largest remainders round up."""
    exact = points * 10
    floor = np.floor(exact)
    total = np.floor(exact.sum(axis=1) + 0.5)
    short = total - floor.sum(axis=1)
    order = np.argsort(-(exact - floor), axis=1, kind="stable")
    place = np.argsort(order, axis=1, kind="stable")
    return np.asarray(floor + (place < short[:, None]), np.int64)


def confidence(people: Array) -> Array:
    """n / (n + DOUBT) for n weighted people in 72 hours."""
    return people / (people + DOUBT)


def surge(surprise: Array) -> Array:
    """Points of SURGE_POINTS, before confidence."""
    return SURGE_POINTS * np.minimum(surprise / FULL_SURPRISE, 1.0)


def growth_points(growth_log2: Array) -> Array:
    """Points of GROWTH_POINTS, before confidence."""
    return GROWTH_POINTS * np.minimum(np.maximum(growth_log2 / FULL_GROWTH, 0.0), 1.0)
