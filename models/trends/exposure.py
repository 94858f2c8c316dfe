"""How much of what was posted could have been seen: platform by platform, hour by hour.

Counts are compared per unit of exposure, so an hour in which a collector was down is an hour less, not a fall. Three
things make it up: what the collectors' log says (coverage lines, see the contract), the rhythm of the week, and what
all songs together say where the log is silent.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from models.trends.heard import Heard

Array = NDArray[np.float64]
Hours = NDArray[np.int64]

DAYS = 182
"""Days of the past that are kept behind the windows: 26 weekly totals."""
BACK = DAYS * 24
RING = 240
"""Hours of the window: nine whole Korean days, which hold a week and the 33 hours in which it may close, and today."""
WIDTH = BACK + RING
CLOCK_PRIOR = 5.0
"""Pseudo-counts that pull each hour of the week towards an even week."""
OPEN_END = 2**40


class Exposure:
    """What is known of each platform's collection around the hour `edge`, where the windows begin.

    `stated` and `guessed` are platforms x WIDTH hours, beginning BACK hours before the edge: the fraction a coverage
    line stated (NaN where none did) and the factor estimated across songs. All hours are epoch hours.
    """

    def __init__(self, edge: int, names: list[str], arrays: dict[str, NDArray[np.generic]]) -> None:
        self.edge = edge
        self.names = names
        self.overturned = OPEN_END
        self.stated: Array = np.asarray(arrays["stated"], np.float64)
        self.guessed: Array = np.asarray(arrays["guessed"], np.float64)
        self.first: Hours = np.asarray(arrays["first"], np.int64)
        self.last: Hours = np.asarray(arrays["last"], np.int64)
        self.clock_people: Array = np.asarray(arrays["clock_people"], np.float64)
        self.clock_hours: Array = np.asarray(arrays["clock_hours"], np.float64)

    @classmethod
    def none(cls, edge: int) -> Exposure:
        """No platform heard of yet."""
        hours = {name: np.zeros((0, WIDTH)) for name in ("stated", "guessed")}
        ends = {name: np.zeros(0, np.int64) for name in ("first", "last")}
        clock = {name: np.zeros((0, 168)) for name in ("clock_people", "clock_hours")}
        return cls(edge, [], {**hours, **ends, **clock})

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything but the names, for a snapshot."""
        names = ("stated", "guessed", "first", "last", "clock_people", "clock_hours")
        return {name: getattr(self, name) for name in names}

    def hear(self, heard: Heard) -> bool:
        """Note lines, runs and posts; returns whether anything before the windows became known by it.

        `overturned` is then the first hour of which a line says otherwise whether anything was collected in it.
        """
        hours = _hours(heard)
        self._meet(platform for platform, _ in hours)
        place = {name: row for row, name in enumerate(self.names)}
        self.overturned, old = OPEN_END, False
        for line in heard.lines:
            row, at = place[line.platform], line.hour - self.edge + BACK
            if 0 <= at < WIDTH:
                if (line.fraction > 0) is bool(self.stated[row, at] <= 0):
                    self.overturned = min(self.overturned, line.hour)
                self.stated[row, at] = line.fraction
        for platform, hour in hours:
            row = place[platform]
            old |= hour < self.edge or bool(self.last[row] < self.edge)
            self.first[row] = min(self.first[row], hour)
            self.last[row] = max(self.last[row], hour)
        return old

    def _meet(self, names: Iterable[str]) -> None:
        new = sorted(set(names) - set(self.names))
        if not new:
            return
        self.names = [*self.names, *new]
        many = len(new)
        self.stated = np.concatenate([self.stated, np.full((many, WIDTH), np.nan)])
        self.guessed = np.concatenate([self.guessed, np.ones((many, WIDTH))])
        self.first = np.concatenate([self.first, np.full(many, OPEN_END)])
        self.last = np.concatenate([self.last, np.full(many, -OPEN_END)])
        self.clock_people = np.concatenate([self.clock_people, np.zeros((many, 168))])
        self.clock_hours = np.concatenate([self.clock_hours, np.zeros((many, 168))])

    def logged(self, start: int, stop: int) -> Array:
        """Platforms x hours from place `start` to `stop` of WIDTH: the fraction of the planned collection."""
        hours = np.arange(start, stop) - BACK + self.edge
        within = (hours >= self.first[:, None]) & (hours <= self.last[:, None])
        stated = self.stated[:, start:stop]
        return np.where(np.isnan(stated), within, stated)

    def collected(self, platform: Hours, hour: Hours) -> NDArray[np.bool_]:
        """Whether anything of each (platform, epoch hour) was collected, the hours from the edge on."""
        at = np.minimum(np.maximum(hour - self.edge, 0), RING - 1) + BACK
        stated = self.stated[platform, at]
        within = (hour >= self.first[platform]) & (hour <= self.last[platform])
        return np.where(np.isnan(stated), within, stated > 0)

    def by_day(self) -> Array:
        """Platforms x DAYS: hours of exposure of each day before the windows, the oldest first."""
        hours = self.logged(0, BACK) * self.guessed[:, :BACK]
        return np.asarray(hours.reshape(-1, DAYS, 24).sum(axis=2))

    def clock(self, hours: Hours) -> Array:
        """Platforms x hours: how lively each hour of the week is, 1 on average.

        Pooled over songs, CLOCK_PRIOR pseudo-counts a cell, smoothed over three neighbouring hours.
        """
        people, exposed = (_three(cells) for cells in (self.clock_people, self.clock_hours))
        total = self.clock_hours.sum(axis=1, keepdims=True)
        rate = np.divide(self.clock_people.sum(axis=1, keepdims=True), total, out=np.zeros_like(total), where=total > 0)
        week = (people + CLOCK_PRIOR) / (exposed * rate + CLOCK_PRIOR)
        week = week / week.mean(axis=1, keepdims=True) if len(week) else week
        return np.asarray(week[:, hours % 168])

    def advance(self, people: Array) -> None:
        """Move the edge on by a day; `people` (platforms x 24) were seen in the day that leaves the windows."""
        hours = np.arange(self.edge, self.edge + 24)
        exposed = self.logged(BACK, BACK + 24) * self.guessed[:, BACK : BACK + 24]
        self.clock_people[:, hours % 168] += people
        self.clock_hours[:, hours % 168] += exposed
        self.pass_over(24)

    def pass_over(self, hours: int) -> None:
        """Move the edge on past `hours` that teach nothing."""
        self.stated = _shift(self.stated, hours, np.nan)
        self.guessed = _shift(self.guessed, hours, 1.0)
        self.edge += hours


def mixture(people: Array, exposed: Array) -> Array:
    """Songs x platforms: the share of a song's people each platform would show at full exposure; rows add up to 1.

    `people` (songs x platforms) and `exposed` (platforms, hours) fade alike. A song with few posts leans on the mix of
    all songs, worth MIX_PRIOR people. A platform nobody was seen on gets nothing, covered or not.
    """
    rate = people.sum(axis=0) / (exposed + MIX_HOURS)
    if not rate.sum() > 0:
        return np.zeros_like(people)
    common = rate / rate.sum()
    relative = exposed / max(float(exposed.max()), 1e-9)
    full = people.sum(axis=1) / max(float(common @ relative), 1e-9)
    prior_exposure = MIX_PRIOR / np.maximum(full, MIX_LEAST)
    estimate = (people + MIX_PRIOR * common) / (relative + prior_exposure[:, None])
    return np.asarray(estimate / estimate.sum(axis=1, keepdims=True))


MIX_PRIOR = 6.0
MIX_HOURS = 24.0
"""A platform that appears is believed after about a day."""
MIX_LEAST = 0.5


def estimated(people: Array, expected: Array) -> Array:
    """The exposure all songs together point to, 1 where they fit the log; platforms x hours of capped counts.

    Three hours at a time: ln((people+4)/(expected+4)) counts only beyond 1.5 standard deviations, so that small
    platforms, of which three silent hours say nothing, are left alone.
    """
    seen, due = (_last_three(cells) + 4 for cells in (people, expected))
    away = np.log(seen / due)
    slack = 1.5 * np.sqrt(1 / due + 0.03)
    beyond = np.sign(away) * np.maximum(np.abs(away) - slack, 0)
    return np.asarray(np.exp(np.minimum(np.maximum(beyond, -4), 1)))


def _hours(heard: Heard) -> list[tuple[str, int]]:
    """Every (platform, hour) of which something was heard."""
    found = {(line.platform, line.hour) for line in heard.lines}
    found.update((mention.platform, mention.at // 3600) for mention in heard.mentions)
    found.update(heard.alive)
    return sorted(found)


def _shift(cells: Array, hours: int, fill: float) -> Array:
    return np.concatenate([cells[:, hours:], np.full((len(cells), hours), fill)], axis=1)


def _three(cells: Array) -> Array:
    return cells + np.roll(cells, 1, axis=1) + np.roll(cells, -1, axis=1)


def _last_three(cells: Array) -> Array:
    total = cells.copy()
    total[:, 1:] += cells[:, :-1]
    total[:, 2:] += cells[:, :-2]
    return total
