"""`score --again`: rows made from a moment on are made once more, on purpose, and the record says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from models.complaint import Complaint
from models.korean_time import hour_of, iso
from tracker.score_input import hour_number
from tracker.scoring import Scored, ScoreSettings, closed_after, current_hour, score, take_back, version_of
from tracker.store import transaction

_COMPARED = "song, period, start, score, rank, state, growth_log2, posts, authors, parts, version"
"""What of a row counts as changed when it differs."""


class NothingToCorrect(Complaint):
    """No row was made after the moment named."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction did: rows that differ from before, appeared or went; versions as 'trend-1, trend-2'."""

    since: datetime
    scored: Scored
    rows_changed: int
    version_before: str
    version_after: str


def score_again(
    db: Database,
    *,
    since: datetime,
    reason: str,
    made_at: datetime,
    settings: ScoreSettings,
    progress: Callable[[int, int], None] | None = None,
) -> Corrected:
    """Replace every row made after `since` by what catalogue, labels, weights and settings of today make of it.

    Goes as far as was scored before and no further, from the last snapshot before `since`, else from the start. A line
    in `corrections` is kept from before the first row changes, so that a run that is killed is on record too; its
    `rows_changed` is then null and the next `score` does the rest. Raises NothingToCorrect.
    """
    start, until = hour_of(since), current_hour(db)
    if until is None or start >= until:
        reached = f"the scores reach {iso(until)}" if until else "nothing was scored yet"
        raise NothingToCorrect(f"--from: nothing was scored after {iso(start)} ({reached})")
    hour, version = hour_number(iso(start)), version_of(settings)
    with transaction(db) as connection:
        before = _set_aside(connection, hour)
        take_back(connection, hour)
        number = connection.execute(
            "insert into corrections (made_at, since, until, reason, version_before, version_after)"
            " values (?, ?, ?, ?, ?, ?)",
            (iso(made_at), iso(start), iso(until), " ".join(reason.split()), before, version),
        ).lastrowid
    scored = score(db, until=until, settings=settings, progress=progress)
    with transaction(db) as connection:
        changed = _changed(connection, hour)
        connection.execute("update corrections set rows_changed = ? where id = ?", (changed, number))
        connection.execute("drop table temp.set_aside")
    return Corrected(start, scored, changed, before, version)


def _set_aside(connection: sqlite3.Connection, hour: int) -> str:
    """Keep what will be replaced beside the database, to be compared with; gives the versions that had made it."""
    connection.execute("drop table if exists temp.set_aside")
    connection.execute(f"create temp table set_aside as select {_COMPARED} from trend_scores where false")  # noqa: S608
    for bounds in closed_after(hour):
        connection.execute(
            f"insert into temp.set_aside select {_COMPARED} from trend_scores where period = ? and start > ?",  # noqa: S608
            bounds,
        )
    versions = connection.execute("select distinct version from temp.set_aside order by version").fetchall()
    return ", ".join(version for (version,) in versions)


def _changed(connection: sqlite3.Connection, hour: int) -> int:
    """How many rows (song, period, start) are not as they were."""
    wheres = " or ".join("(period = ? and start > ?)" for _ in closed_after(hour))
    values = [value for bounds in closed_after(hour) for value in bounds]
    now = f"select {_COMPARED} from trend_scores where {wheres}"  # noqa: S608 - our own columns and bounds
    old = f"select {_COMPARED} from temp.set_aside"  # noqa: S608
    both = f"select * from ({now} except {old}) union all select * from ({old} except {now})"  # noqa: S608
    (count,) = connection.execute(
        f"select count(*) from (select distinct song, period, start from ({both}))",  # noqa: S608
        [*values, *values],
    ).fetchone()
    return int(count)
