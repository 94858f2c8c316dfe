"""Years of which nothing is known: whole weeks passed over at once, to the very rows that stepping would give.

Half a year after the last hour that was collected no song has a week to be compared with, no person is left in the
windows and every chance, score and state stands still. What still happens is that sums fade, day by day, that the
noise drifts back to its start, and that rows of days and weeks fall due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from models.trends.evidence import per_head
from models.trends.exposure import RING, WIDTH
from models.trends.level import WEEK
from models.trends.onset import Moved
from models.trends.scores import HourScores, Rows
from models.trends.trend import HEARD_HOURS, Trend, week_ends
from models.trends.window import CLOSES_AFTER

SETTLING = RING
"""Hours to be stepped before anything is heard again, or the engine packed: what the windows keep of each hour."""
LEAST_LEAP = WEEK + SETTLING


def silent(trend: Trend) -> bool:
    """Whether nothing could change as long as nothing is heard. A song below the coverage at which it may be judged
    keeps its state; where no such coverage is asked for (0), none is passed over."""
    memory = trend.memory
    last = np.maximum(memory.posted, memory.touched)
    return (
        trend.suppress_below > 0
        and trend.row is not None
        and week_ends(trend.hour)
        and not len(memory.people.rows)
        and not (last > trend.hour - HEARD_HOURS).any()
        and not trend.last_score.any()
        and not trend.closing_points.any()
        and not trend.onsets.open.any()
        and not trend.onsets.lately.any()
        and not memory.exposure.logged(0, WIDTH).any()
        and not memory.old_hours.any()
        and not memory.past.days.any()
    )


def leap(trend: Trend, stop: int) -> Iterator[HourScores]:
    """Pass over whole weeks of a `silent` engine, up to SETTLING hours before `stop`; yields the hours with rows."""
    row = trend.row
    while row is not None and trend.hour + LEAST_LEAP <= stop:
        yield from _week(trend, row)


def says_the_same(one: Rows, other: Rows) -> bool:
    """Whether two rows of a leap store the same but for their dates: only the weight of a person can differ."""
    before, after = (rows.evidence.per_head.round(2) for rows in (one, other))
    return np.array_equal(one.stored, other.stored) and np.array_equal(before, after)


def _week(trend: Trend, usual: Rows) -> Iterator[HourScores]:
    memory, monday = trend.memory, trend.hour
    for day in range(7):
        memory.past.fade(memory.keep**24)
        if day == (CLOSES_AFTER - 1) // 24:
            yield _due(trend, usual, monday + CLOSES_AFTER - 1, "week")
        yield _due(trend, usual, monday + 24 * day + 23, "day")
    memory.exposure.pass_over(WEEK)
    memory.stale = True
    trend.dispersion.rest(WEEK, memory.keep)
    trend.closing_hours, trend.closing_states = WEEK, usual.states
    memory.hour += WEEK


def _due(trend: Trend, usual: Rows, hour: int, period: str) -> HourScores:
    """What the hour says in which a day or a week falls due: as `usual`, the weight of a person apart."""
    memory = trend.memory
    at = RING - 24 + (hour - trend.hour) % 24
    evidence = replace(usual.evidence, per_head=per_head(memory, at))
    now = replace(usual, start=hour, stored=np.zeros(len(memory.songs), bool), evidence=evidence)
    start = hour - 23 if period == "day" else hour + 1 - CLOSES_AFTER - WEEK
    stored = memory.since <= hour if period == "day" else memory.since < start + WEEK
    return HourScores(hour, (now, replace(now, period=period, start=start, stored=stored)), Moved([], [], []))
