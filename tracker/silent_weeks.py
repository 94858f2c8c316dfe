"""Rows of the weeks in which nothing was known: written in bulk, and copied where they only differ by their dates."""

from __future__ import annotations

import sqlite3
from typing import Protocol

from sqlite_utils import Database

from models.korean_time import day_label, iso, week_label
from models.trends.scores import Rows
from models.trends.silence import LEAST_LEAP, leap, says_the_same
from models.trends.trend import Trend
from tracker.score_input import moment_of, text_of
from tracker.store import set_meta, transaction

LEAP_HOURS = 3 * 168
"""Beside the first: four silent weeks are one transaction."""
_COPY = """
insert or replace into trend_scores
select song, period, ?, ?, score, rank, state, surge, growth, breadth, engagement, posts, authors, coverage,
    growth_log2, confidence, parts, version
from trend_scores where period = ? and start = ?
"""


class Writer(Protocol):
    """Stores the rows of one hour, day or week and says how many there were."""

    def __call__(self, connection: sqlite3.Connection, trend: Trend, rows: Rows, version: str, /) -> int: ...


def pass_over(db: Database, trend: Trend, stop: int, write_from: int, *, write: Writer, version: str) -> int:
    """Write the rows of the silent weeks before `stop` from the hour `write_from` on; returns how many.

    No snapshot is taken: what the windows keep of each hour comes back with the hours stepped after these weeks.
    """
    count = 0
    last: dict[str, Rows] = {}
    while trend.hour + LEAST_LEAP <= stop:
        with transaction(db) as connection:
            for scores in leap(trend, min(stop, trend.hour + LEAST_LEAP + LEAP_HOURS)):
                for rows in scores.rows[1:] if scores.hour >= write_from else ():
                    before, last[rows.period] = last.get(rows.period), rows
                    if before is not None and says_the_same(before, rows):
                        count += _copy(connection, before, rows)
                    else:
                        count += write(connection, trend, rows, version)
            if trend.hour > write_from:
                set_meta(connection, "scored_until", text_of(trend.hour))
    return count


def _copy(connection: sqlite3.Connection, before: Rows, rows: Rows) -> int:
    start = moment_of(rows.start)
    label = week_label(start) if rows.period == "week" else day_label(start)
    values = (iso(start), label, rows.period, text_of(before.start))
    return connection.execute(_COPY, values).rowcount
